"""Earlier turns as the model is to see them again: whole, with what it signed, as long as that is good."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from google.genai import types

from nanodesk.engines.google.parcels import NotBase64Error, decoded, encoded

if TYPE_CHECKING:
    from nanodesk.engines.base import Turn
    from nanodesk.engines.gemini.exchange import Exchange


async def contents_of(turn: Turn, model: str, account: str, exchange: Exchange) -> list[types.Content]:
    """What was said and what was answered; nothing for a turn whose reply cannot be read.

    What the model signed is left out when another model or another key goes on with it.
    """
    signed = turn.model == model and turn.account == account
    parts = await asyncio.to_thread(_parts, turn.reply, exchange, signed)
    if not parts:
        return []
    return [
        types.Content(role="user", parts=[types.Part(text=turn.words)]),
        types.Content(role="model", parts=parts),
    ]


def _parts(reply: bytes, exchange: Exchange, signed: bool) -> list[types.Part]:
    try:
        whole = json.loads(exchange.parcels.slim(reply))  # a picture in a JSON text would hold the interpreter
        found = [one for candidate in whole["candidates"][:1] for one in candidate["content"]["parts"]]
        made = [_part(one, exchange, signed) for one in found]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NotBase64Error):
        return []
    return [one for one in made if one is not None]


def _part(found: dict[str, Any], exchange: Exchange, signed: bool) -> types.Part | None:
    signature = (found.get("thoughtSignature") or found.get("thought_signature")) if signed else None
    values: dict[str, Any] = {
        "thought": True if found.get("thought") else None,
        "thought_signature": decoded(signature.encode()) if isinstance(signature, str) else None,
    }
    blob = found.get("inlineData") or found.get("inline_data")
    if isinstance(blob, dict):
        mime = blob.get("mimeType") or blob.get("mime_type")
        data = decoded(str(blob["data"]).encode())
        kept = exchange.parcels.take(data)
        values["inline_data"] = types.Blob(
            data=exchange.parcels.put(encoded(data if kept is None else decoded(kept))), mime_type=str(mime)
        )
    elif isinstance(found.get("text"), str):
        values["text"] = found["text"]
    else:
        return None
    return types.Part(**values)
