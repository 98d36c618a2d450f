"""Pictures from outside: from bytes or a file to tiles in the document's colour profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nanodesk.editor.errors import IntakeError

if TYPE_CHECKING:
    from pathlib import Path

    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.work import Work
    from nanodesk.formats.picture import DecodedPicture

MAX_FILE_BYTES = 1 << 30
"""A picture file larger than this is not read: 1 GiB."""


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture that was dropped, pasted, placed or opened: a file, or bytes with a name."""

    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TakenPicture:
    """A decoded picture whose tiles are in the store.

    Attributes:
        profile: of the pixels: the document's, or the picture's own where there was no document yet.
        notes: what was converted on purpose, as plain sentences.
    """

    grid: TileGrid
    name: str
    profile: bytes | None
    dpi: float | None
    notes: tuple[str, ...] = ()


def read_source(source: PictureSource) -> bytes:
    """The bytes of a source.

    Raises:
        IntakeError: when the file cannot be read or is absurdly large.
    """
    if source.data is not None:
        return source.data
    if source.path is None:
        raise IntakeError(f"“{source.name}” holds no picture.")
    try:
        if source.path.is_dir():
            raise IntakeError(f"“{source.name}” is a folder; drop the pictures in it instead.")
        size = source.path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise IntakeError(f"“{source.name}” is larger than 1 GB and was not read.")
        return source.path.read_bytes()
    except FileNotFoundError:
        raise IntakeError(f"“{source.name}” is not there any more.") from None
    except OSError as error:
        raise IntakeError(f"“{source.name}” could not be read ({error.strerror or 'input error'}).") from None


class Decoder:
    """Decodes pictures in the worker process and brings them into a document's profile."""

    def __init__(self, work: Work) -> None:
        from nanodesk.formats.decode_client import DecodeWorker

        self._work = work
        self._worker = DecodeWorker()

    def warm(self) -> None:
        """Start the worker process ahead of the first picture; returns at once."""
        self._worker.start()

    async def picture(self, data: bytes, name: str) -> DecodedPicture:
        """The picture as it is, in its own RGB profile.

        Raises:
            IntakeError: naming the picture and what is wrong with it.
        """
        from nanodesk.formats.errors import FormatError
        from nanodesk.formats.limits import DecodeLimits

        try:
            return await self._worker.decode(data, DecodeLimits())
        except FormatError as error:
            raise IntakeError(f"“{name}”: {error}") from None

    async def block(self, data: bytes, name: str, profile: bytes | None) -> Block:
        """The pixels in the given profile."""
        from nanodesk.imaging.colour import convert

        picture = await self.picture(data, name)
        return await self._work.pixels(convert, picture.pixels, picture.profile, profile)

    async def taken(
        self, source: PictureSource, pixels: PixelStore, profile: bytes | None, *, keep_profile: bool
    ) -> TakenPicture:
        """A source decoded and stored; with `keep_profile` in its own profile, else converted to `profile`.

        Raises:
            IntakeError: naming the picture and what is wrong with it.
        """
        from nanodesk.imaging.colour import convert

        data = await self._work.pixels(read_source, source)
        picture = await self.picture(data, source.name)
        target = picture.profile if keep_profile else profile
        block = await self._work.pixels(convert, picture.pixels, picture.profile, target)
        grid = await self._work.pixels(pixels.add, block)
        return TakenPicture(grid, source.name, target, picture.dpi, tuple(picture.notes))

    async def close(self) -> None:
        """End the worker process."""
        await self._worker.close()
