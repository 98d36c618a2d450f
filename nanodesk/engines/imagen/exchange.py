"""One task and its reply, through the SDK; loads the SDK."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from google import genai
from google.genai import types

from nanodesk.engines.google.parcels import Parcels, encoded
from nanodesk.engines.google.quiet import Wires, quiet
from nanodesk.engines.google.transport import TeeTransport
from nanodesk.engines.imagen.tasks import Task, Upscale

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nanodesk.engines.imagen.platform import Credentials, Platform


class Exchange:
    """A client of its own for one request, closed with it.

    Attributes:
        parcels: the pictures of both ways.
    """

    def __init__(
        self,
        platform: Platform,
        credentials: Credentials,
        received: Callable[[bytes], Awaitable[None]],
        kept: bytes | None = None,
    ) -> None:
        """An exchange that hands the reply to `received` first; with a reply that was kept, nothing is sent."""
        route = platform.route
        self._limit_s = route.total_s
        self.parcels = Parcels()
        self._transport = TeeTransport(route, self.parcels, received, kept)
        self._wires = Wires(self._transport)
        self._client = genai.Client(
            enterprise=True,
            debug_config=quiet(),
            project=platform.project,
            location=platform.location,
            credentials=credentials,
            http_options=self._wires.options(route.url, "v1beta1"),
        )

    @property
    def not_taken(self) -> bool:
        """Whether the request did not leave whole, or was answered with an error: nothing is charged for it."""
        return not self._transport.sent or self._transport.refused

    @property
    def sent(self) -> bool:
        """Whether the whole request has left this computer."""
        return self._transport.sent

    async def ask(self, task: Task, data: bytes, mime: str) -> list[tuple[bytes, str, str]]:
        """Send a picture with its task; what came back: bytes, mime, and why one was held back.

        Raises:
            TimeoutError: when the time limit of the connection is over.
            Exception: whatever the SDK, its HTTP library or our transport raise; see `faults`.
        """
        mark = self.parcels.put(await asyncio.to_thread(encoded, data))
        picture = types.Image(image_bytes=mark, mime_type=mime)
        async with asyncio.timeout(self._limit_s):
            if isinstance(task, Upscale):
                return await self._upscaled(task, picture)
            config = types.SegmentImageConfig(mode=types.SegmentMode(task.mode), max_predictions=1)
            source = types.SegmentImageSource(prompt=task.what or None, image=picture)
            found = await self._client.aio.models.segment_image(model=task.model, source=source, config=config)
            return [self._picture(one.mask, "") for one in found.generated_masks or ()]

    async def _upscaled(self, task: Upscale, picture: types.Image) -> list[tuple[bytes, str, str]]:
        config = types.UpscaleImageConfig(output_mime_type="image/png", include_rai_reason=True)
        answer = await self._client.aio.models.upscale_image(
            model=task.model, image=picture, upscale_factor=f"x{task.factor}", config=config
        )
        return [self._picture(one.image, one.rai_filtered_reason or "") for one in answer.generated_images or ()]

    def _picture(self, found: types.Image | None, held_back: str) -> tuple[bytes, str, str]:
        if found is None or not found.image_bytes:
            return b"", "", held_back
        return found.image_bytes, found.mime_type or "", held_back

    async def aclose(self) -> None:
        """Close every socket."""
        await self._client.aio.aclose()
        self._client.close()
        await self._wires.aclose()
