"""One request and its reply, through the SDK; loads the SDK."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from google import genai
from google.genai import types

from nanodesk.engines.google.parcels import Parcels, encoded
from nanodesk.engines.google.quiet import Wires, quiet
from nanodesk.engines.google.transport import TeeTransport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from nanodesk.engines.gemini.models import Listed
    from nanodesk.engines.google.connection import Connection, SecretText
    from nanodesk.engines.outgoing import OutgoingPicture


async def _nothing(_: bytes) -> None:
    """For replies that are not kept."""


class Exchange:
    """A client of its own for one request, closed with it.

    Attributes:
        parcels: the pictures of both ways.
    """

    def __init__(
        self,
        connection: Connection,
        key: SecretText,
        version: str,
        received: Callable[[bytes], Awaitable[None]] | None = None,
        kept: bytes | None = None,
    ) -> None:
        """An exchange that hands the reply to `received` first; with a reply that was kept, nothing is sent.

        Raises:
            ValueError: when the proxy's address is none.
            ImportError: when it is of a kind that is not supported.
        """
        self._connection = connection
        self.parcels = Parcels()
        self._transport = TeeTransport(connection, self.parcels, received or _nothing, kept)
        self._wires = Wires(self._transport)
        self._client = genai.Client(
            enterprise=False,  # neither this nor the next is left to what the environment says
            debug_config=quiet(),
            api_key=key.reveal(),
            http_options=self._wires.options(connection.url, version),
        )

    @property
    def not_taken(self) -> bool:
        """Whether the request did not leave whole, or was answered with an error: nothing is charged for it."""
        return not self._transport.sent or self._transport.refused

    @property
    def sent(self) -> bool:
        """Whether the whole request has left this computer."""
        return self._transport.sent

    async def picture_part(self, picture: OutgoingPicture) -> types.Part:
        """A picture as a part of a request; its bytes stay out of the SDK."""
        text = await asyncio.to_thread(encoded, picture.data)
        return types.Part(inline_data=types.Blob(data=self.parcels.put(text), mime_type=picture.mime))

    async def parts(self, outgoing: Sequence[str | OutgoingPicture]) -> list[types.Part]:
        """Texts and pictures in order, as parts of a request."""
        return [types.Part(text=part) if isinstance(part, str) else await self.picture_part(part) for part in outgoing]

    async def ask(
        self, model: str, contents: Sequence[types.Content], config: types.GenerateContentConfig
    ) -> types.GenerateContentResponse:
        """Send one request and wait for the whole answer.

        Raises:
            TimeoutError: when the time limit of the connection is over before the whole answer is here.
            Exception: whatever the SDK, its HTTP library or our transport raise; see `faults`.
        """
        told: list[Any] = list(contents)
        return await self._client.aio.models.generate_content(model=model, contents=told, config=config)

    async def listed(self) -> list[Listed]:
        """Every model that the key may use: id, name, what it supports."""
        found: list[Listed] = []
        async with asyncio.timeout(min(30.0, self._connection.total_s)):
            async for model in await self._client.aio.models.list(config={"page_size": 200}):
                name = model.name or ""
                found.append((name, model.display_name or name, tuple(model.supported_actions or ())))
                if len(found) >= 2000:
                    break
        return found

    async def aclose(self) -> None:
        """Close every socket."""
        await self._client.aio.aclose()
        self._client.close()
        await self._wires.aclose()
