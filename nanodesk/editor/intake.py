"""Pictures from outside: from bytes or a file to tiles in the document's colour profile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nanodesk.editor.errors import IntakeError

if TYPE_CHECKING:
    from pathlib import Path

    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.layer_intake import TakenLayers
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.work import Work
    from nanodesk.formats.decode_client import DecodeWorker
    from nanodesk.formats.errors import FormatError
    from nanodesk.formats.limits import DecodeLimits
    from nanodesk.formats.picture import DecodedPicture

MAX_FILE_BYTES = 1 << 30
"""A picture file larger than this is not read: 1 GiB."""

BYTES_A_SECOND = 4_000_000
"""What a file with layers may take longer to open than one picture: a tenth of the speed measured, at least."""


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture that was dropped, pasted, placed or opened: a file, or bytes with a name.

    Attributes:
        anyway: open it although it is larger than what is opened without asking.
        cut_off: open what there is of it although its end is missing.
        frames: take in each frame of an animation, or page of a document, as a layer.
    """

    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    anyway: bool = False
    cut_off: bool = False
    frames: bool = False

    def limits(self) -> DecodeLimits:
        """What decoding it may take."""
        from nanodesk.formats.limits import DecodeLimits

        limits = DecodeLimits().anyway() if self.anyway else DecodeLimits()
        return limits.cut_off() if self.cut_off else limits


@dataclass(frozen=True, slots=True)
class TakenPicture:
    """A decoded picture whose tiles are in the store.

    Attributes:
        profile: of the pixels: the document's, or the picture's own where there was no document yet.
        notes: what was converted on purpose, as plain sentences.
        exif: what its camera said, without thumbnail and private notes.
        generative: whether the file says that a generative model had a hand in it.
        layers: what it is made of, where its format has layers.
    """

    grid: TileGrid
    name: str
    profile: bytes | None
    dpi: float | None
    notes: tuple[str, ...] = ()
    exif: bytes | None = field(default=None, repr=False)
    generative: bool = False
    layers: TakenLayers | None = None


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
        self._work = work
        self._made: DecodeWorker | None = None
        self._closed = False

    @property
    def _worker(self) -> DecodeWorker:
        """Made with the first picture."""
        from nanodesk.formats.decode_client import DecodeWorker

        if self._made is None:
            self._made = DecodeWorker()
            if self._closed:
                self._made.end()
        return self._made

    def warm(self) -> None:
        """Start the worker process ahead of the first picture; returns at once."""
        self._worker.start()

    async def picture(self, data: bytes, name: str) -> DecodedPicture:
        """The picture as it is, in its own RGB profile.

        Raises:
            IntakeError: naming the picture and what is wrong with it.
        """
        return await self._decoded(PictureSource(name, data=data), data)

    async def _decoded(self, source: PictureSource, data: bytes, *, layers: bool = False) -> DecodedPicture:
        from nanodesk.formats.errors import FormatError
        from nanodesk.formats.picture import Wanted

        wanted = Wanted.FRAMES if source.frames else Wanted.LAYERS if layers else Wanted.MERGED
        limits = source.limits()
        if wanted is not Wanted.MERGED:  # the limit is for one picture, and there may be fifty
            limits = replace(limits, seconds=limits.seconds + len(data) / BYTES_A_SECOND)
        try:
            return await self._worker.decode(data, limits, source.name, wanted)
        except FormatError as error:
            raise IntakeError(str(error), _again(source, error)) from None

    async def block(self, data: bytes, name: str, profile: bytes | None) -> Block:
        """The pixels in the given profile."""
        from nanodesk.imaging.colour import convert

        picture = await self.picture(data, name)
        return await self._work.pixels(convert, picture.pixels, picture.profile, profile)

    async def taken(
        self,
        source: PictureSource,
        pixels: PixelStore,
        profile: bytes | None,
        *,
        keep_profile: bool,
        layers: bool = False,
    ) -> TakenPicture:
        """A source decoded and stored; with `keep_profile` in its own profile, else converted to `profile`.

        Args:
            layers: with the layers of a format that has any, not as one picture.

        Raises:
            IntakeError: naming the picture and what is wrong with it; `again` where there is a choice.
        """
        data = await self._work.pixels(read_source, source)
        picture = await self._decoded(source, data, layers=layers)
        return await self._work.pixels(
            _stored, picture, pixels, picture.profile if keep_profile else profile, source.name
        )

    async def close(self) -> None:
        """End the worker process."""
        self._closed = True
        if self._made is not None:
            await self._made.close()


def _again(source: PictureSource, error: FormatError) -> tuple[PictureSource, ...]:
    """The same source with the choice made that would have opened it, where there is one that was not made yet."""
    from nanodesk.formats.errors import CutOffError, TooLargeError
    from nanodesk.formats.limits import MOST_PIXELS

    if isinstance(error, CutOffError) and not source.cut_off:
        return (replace(source, cut_off=True),)
    if isinstance(error, TooLargeError) and not source.anyway:
        hopeless = error.size is not None and error.size[0] * error.size[1] > MOST_PIXELS
        return () if hopeless else (replace(source, anyway=True),)
    return ()


def _stored(picture: DecodedPicture, pixels: PixelStore, profile: bytes | None, name: str) -> TakenPicture:
    from nanodesk.editor.layer_intake import store_layers
    from nanodesk.imaging.colour import convert

    grid = pixels.add(convert(picture.pixels, picture.profile, profile))
    layers = store_layers(picture, pixels, profile, name) if picture.layers else None
    return TakenPicture(
        grid,
        name,
        profile,
        picture.dpi,
        tuple(picture.notes),
        picture.exif,
        generative=picture.source_type is not None,
        layers=layers,
    )
