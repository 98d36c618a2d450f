"""Files that hold more than one picture, in parts: the merged picture first, then one layer after another.

So a worker process never holds more than one of them at a time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.formats import refusals
from nanodesk.formats.decode import decode, opened, pillow_within
from nanodesk.formats.errors import DamagedPictureError, DecodeError, NotAPictureError, TooLargeError
from nanodesk.formats.frames import frame_count, frames
from nanodesk.formats.limits import DEFAULT_LIMITS, DecodeLimits
from nanodesk.formats.merging import merged
from nanodesk.formats.modes import rgb_profile
from nanodesk.formats.openraster import MERGED, Archive, Entry, Stack
from nanodesk.formats.picture import DecodedPicture, PictureLayer, Wanted
from nanodesk.formats.psd_layers import PsdLayers
from nanodesk.formats.sniff import sniff
from nanodesk.formats.structure import cut_off, psd_has_layers, psd_size
from nanodesk.imaging.codec_errors import ColourProfileError
from nanodesk.imaging.colour import convert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Block = NDArray[np.uint8]

Part = DecodedPicture | PictureLayer | str
"""The merged picture, a layer of it, or one more sentence for its notes."""

_FRAMED = ("GIF", "PNG", "WEBP", "TIFF", "AVIF", "HEIC")


def decode_layers(
    data: bytes, limits: DecodeLimits = DEFAULT_LIMITS, name: str = "", wanted: Wanted = Wanted.LAYERS
) -> DecodedPicture:
    """The picture with its layers, all at once; see `parts`."""
    stream = parts(data, limits, name, wanted)
    picture = next(stream)
    assert isinstance(picture, DecodedPicture)
    layers: list[PictureLayer] = []
    notes = list(picture.notes)
    for part in stream:
        if isinstance(part, PictureLayer):
            layers.append(part)
        elif isinstance(part, str) and part not in notes:
            notes.append(part)
    return replace(picture, layers=tuple(layers), notes=tuple(notes))


def parts(data: bytes, limits: DecodeLimits, name: str, wanted: Wanted) -> Iterator[Part]:
    """A picture from outside: a `DecodedPicture` first, then its layers where they are wanted, and notes.

    Raises:
        DecodeError: one of its kinds, with a plain sentence.
    """
    subject = refusals.subject_of(name)
    refusals.check_file(data, limits, subject)
    kind = sniff(data, subject)
    try:
        if kind == "ORA":
            yield from _openraster(data, limits, name, wanted)
        elif kind == "PSD" and psd_has_layers(data):
            yield from _photoshop(data, limits, name, wanted)
        elif kind in _FRAMED and wanted is Wanted.FRAMES:
            yield from _framed(data, limits, name, kind)
        else:
            yield decode(data, limits, name)
    except DecodeError:
        raise
    except Exception as error:  # the readers raise a dozen kinds on broken files, as decoders do
        raise refusals.explained(error, subject, limits) from error


def _without(picture: DecodedPicture, note: str) -> DecodedPicture:
    return replace(picture, notes=tuple(one for one in picture.notes if not one.startswith(note)))


# ------------------------------------------------------------------------------------------------------- OpenRaster


def _openraster(data: bytes, limits: DecodeLimits, name: str, wanted: Wanted) -> Iterator[Part]:
    subject = refusals.subject_of(name)
    archive = Archive(data, limits, subject)
    if wanted is Wanted.MERGED and archive.has(MERGED):
        yield decode(data, limits, name)
        return
    stack = archive.stack()
    refusals.check_size(stack.size, limits, subject)
    picture = _openraster_merged(archive, stack, data, limits, name)
    if picture is None:
        found = list(_openraster_layers(archive, stack.rows, limits, subject))
        layers = [one for one in found if isinstance(one, PictureLayer)]
        picture = DecodedPicture(merged(layers, stack.size), format="ORA")
    yield replace(picture, dpi=stack.dpi or picture.dpi)
    yield from stack.notes
    if wanted is not Wanted.MERGED:
        yield from _openraster_layers(Archive(data, limits, subject), stack.rows, limits, subject, picture.profile)


def _openraster_merged(
    archive: Archive, stack: Stack, data: bytes, limits: DecodeLimits, name: str
) -> DecodedPicture | None:
    """The merged picture in the file; none where layers must do: it is missing, damaged, or of another size."""
    if not archive.has(MERGED):
        return None
    try:
        picture = decode(data, limits, name)
    except (DamagedPictureError, NotAPictureError):
        if not stack.rows:
            raise
        return None
    fits = (picture.width, picture.height) == stack.size or not stack.rows
    return replace(picture, notes=()) if fits else None


def _openraster_layers(
    archive: Archive, rows: list[Entry], limits: DecodeLimits, subject: str, profile: bytes | None = None
) -> Iterator[PictureLayer | str]:
    left = limits.max_layer_pixels
    for row in rows:
        if row.group:
            yield row.layer
            continue
        try:
            picture = decode(archive.member(row.source), replace(limits, max_pixels=min(left, limits.max_pixels)))
            pixels = convert(picture.pixels, picture.profile, profile)
        except TooLargeError as error:
            raise TooLargeError(f"The layers of {subject} have more pixels than Nanodesk opens.") from error
        except (DamagedPictureError, NotAPictureError, ColourProfileError):
            yield f"The layer “{row.layer.name}” is damaged; it is empty now."
            yield replace(row.layer, pixels=_nothing())
            continue
        left -= picture.width * picture.height
        yield replace(row.layer, pixels=pixels)


def _nothing() -> Block:
    return np.zeros((1, 1, 4), np.uint8)


# -------------------------------------------------------------------------------------------------------- Photoshop


def _photoshop(data: bytes, limits: DecodeLimits, name: str, wanted: Wanted) -> Iterator[Part]:
    subject = refusals.subject_of(name)
    refusals.check_size(psd_size(data) or (0, 0), limits, subject)
    if cut_off("PSD", data):
        if not limits.accept_cut_off:
            raise refusals.cut_off(subject, limits)
        yield from _cut_photoshop(data, limits, subject)
        return
    picture = decode(data, limits, name)
    file = PsdLayers(data, limits, subject)
    if not file.rows:
        yield _without(picture, "Only the merged")
        return
    if not file.has_merged:
        pixels = merged(list(file.layers()), file.size)
        picture = replace(picture, pixels=pixels, profile=rgb_profile(file.profile, []))
    if wanted is Wanted.MERGED:
        yield picture
        return
    yield _without(picture, "Only the merged")
    yield from file.layers()
    yield from file.notes


def _cut_photoshop(data: bytes, limits: DecodeLimits, subject: str) -> Iterator[Part]:
    """The merged picture stands last and is what is missing: made of the layers, where these are all there."""
    file = PsdLayers(data, limits, subject)
    layers = list(file.layers())
    told = ("The file is cut off; what there is of it was opened.",)
    yield DecodedPicture(merged(layers, file.size), rgb_profile(file.profile, []), notes=told, format="PSD")
    yield from layers
    yield from file.notes


# ----------------------------------------------------------------------------------------------------------- frames


def _framed(data: bytes, limits: DecodeLimits, name: str, kind: str) -> Iterator[Part]:
    picture = decode(data, limits, name)
    subject = refusals.subject_of(name)
    with pillow_within(limits):
        image = opened(kind, data, subject)
        if frame_count(image) < 2:
            yield picture
            return
        yield _without(picture, "Only the first")
        yield from frames(image, limits, subject, "Page" if kind == "TIFF" else "Frame")
        yield "Only the first one is visible."
