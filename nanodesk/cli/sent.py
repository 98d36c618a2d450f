"""What leaves this computer, or has left it, as the command line tells it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.run import Usage
    from nanodesk.editor.planning import Outgoing


def of_outgoing(outgoing: Outgoing) -> dict[str, object]:
    """What one request would send, in sending order."""
    return {
        "host": outgoing.host,
        "model": outgoing.model,
        "model_name": outgoing.model_name,
        "ratio": outgoing.ratio,
        "image_size": outgoing.image_size,
        "candidates": outgoing.candidates,
        "pictures": [
            {
                "label": picture.label,
                "name": picture.name,
                "role": "base" if picture.role is None else picture.role,
                "size": [picture.size.width, picture.size.height],
                "mime": picture.mime,
                "bytes": len(picture.data),
                "sha256": picture.hash,
            }
            for picture in outgoing.pictures
        ],
        "text": outgoing.text,
        "bytes": outgoing.size_bytes,
        "tokens": {"input": outgoing.input_tokens, "output": outgoing.output_tokens},
        "cost": outgoing.cost,
    }


def outgoing_lines(outgoing: Outgoing) -> list[str]:
    """The same for people."""
    many = "" if outgoing.candidates == 1 else f", {outgoing.candidates} times"
    lines = [f"Leaves this computer for {outgoing.host}{many}:"]
    for number, picture in enumerate(outgoing.pictures, 1):
        what = "base" if picture.role is None else picture.role
        lines.append(
            f"  {number}. {picture.name} ({what}), {picture.size.width} × {picture.size.height} pixels,"
            f" {len(picture.data):,} bytes, {picture.mime}, SHA-256 {picture.hash[:16]}…"
        )
    return [*lines, *(f"  | {line}" for line in outgoing.text.splitlines())]


def of_entry(entry: JournalEntry) -> dict[str, object]:
    """A request that has left."""
    return {
        "run": entry.run,
        "reply": entry.reply,
        "engine": entry.engine,
        "model": entry.model,
        "host": entry.host,
        "sent": when(entry.sent),
        "answered": None if entry.answered is None else when(entry.answered),
        "pictures": [
            {
                "name": picture.name,
                "role": "base" if picture.role is None else picture.role,
                "size": [picture.size.width, picture.size.height],
                "mime": picture.mime,
                "bytes": picture.bytes_sent,
                "sha256": picture.hash,
            }
            for picture in entry.pictures
        ],
        "text": entry.words,
        "bytes": entry.size_bytes,
        "reply_bytes": entry.reply_bytes,
    }


def entry_lines(entry: JournalEntry) -> list[str]:
    """The same for people."""
    count = len(entry.pictures)
    pictures = f"{count} picture{'' if count == 1 else 's'}"
    answer = "no answer came" if entry.answered is None else f"{entry.reply_bytes:,} bytes came back"
    lines = [f"  {when(entry.sent)}  {entry.host}  {pictures}, {entry.size_bytes:,} bytes; {answer}"]
    return lines + [
        f"      {one.name}  {one.size.width} × {one.size.height}  {one.bytes_sent:,} bytes  SHA-256 {one.hash}"
        for one in entry.pictures
    ]


def of_usage(usage: Usage) -> dict[str, object]:
    """What the service counted."""
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "thought_tokens": usage.thought_tokens,
    }


def when(seconds: float) -> str:
    """A moment in ISO 8601, UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")
