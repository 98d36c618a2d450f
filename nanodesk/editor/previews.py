"""The small pictures that lie in a project file, to be shown before anything else is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.change import diff
from nanodesk.document.damage import damage
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.state import State
from nanodesk.storage.batch import Preview

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.editor.pixel_store import Block, PixelStore

MERGED = Size(2048, 2048)
THUMBNAIL = Size(256, 256)

SCREEN = 1024
"""The longest edge of what is shown while a project is being opened, in pixels."""

SCREEN_MIME = "application/x-nanodesk-screen"

_EDGE = 512
"""Rows and columns of a piece that is made anew when something in it has changed, in pixels of the document."""


class Previews:
    """The merged preview of one project, made anew only where the document has changed since. For a worker thread."""

    def __init__(self, pixels: PixelStore) -> None:
        self._pixels = pixels
        self._document: Document | None = None
        self._merged: Block | None = None

    def of(self, document: Document) -> tuple[Preview, ...]:
        """The merged preview, the thumbnail and what goes on the screen; none of an empty document."""
        if document.size.empty:
            return ()
        self._merged = self._up_to_date(document)
        self._document = document
        return encoded(self._merged, document)

    def _up_to_date(self, document: Document) -> Block:
        known, merged = self._document, self._merged
        part = None if known is None else damage(diff(State(known), State(document)), document)
        if merged is None or part is None or part == document.rect:
            return _made(document, self._pixels, document.rect)
        if part.empty:
            return merged
        return self._patched(merged, document, part)

    def _patched(self, merged: Block, document: Document, part: Rect) -> Block:
        """The preview with the pieces under `part` made anew; they begin and end at whole pixels of it."""
        factor = factor_of(document.size)
        step = _EDGE * factor
        left, top = part.x // step * step, part.y // step * step
        right = min(document.size.width, -(-part.right // step) * step)
        bottom = min(document.size.height, -(-part.bottom // step) * step)
        small = _made(document, self._pixels, Rect(left, top, right - left, bottom - top))
        merged = merged.copy()
        y, x = top // factor, left // factor
        merged[y : y + small.shape[0], x : x + small.shape[1]] = small
        return merged


def factor_of(size: Size) -> int:
    """By which whole factor a document is made smaller for its merged preview; a power of two."""
    factor = 1
    while -(-size.width // factor) > MERGED.width or -(-size.height // factor) > MERGED.height:
        factor *= 2
    return factor


def _made(document: Document, pixels: PixelStore, part: Rect) -> Block:
    """A part of the document, made smaller by the factor, strip by strip: straight BGRA."""
    import numpy as np

    from nanodesk.imaging.painter import paint_rect
    from nanodesk.imaging.resample import resize

    factor = factor_of(document.size)
    rows = max(factor, _EDGE // factor * factor)
    strips = []
    for top in range(part.y, part.bottom, rows):
        strip = Rect(part.x, top, part.width, min(rows, part.bottom - top))
        block = paint_rect(document, pixels.tile, strip)
        small = Size(-(-strip.width // factor), -(-strip.height // factor))
        strips.append(block if factor == 1 else resize(block, small))
    return np.ascontiguousarray(np.concatenate(strips))


def encoded(merged: Block, document: Document) -> tuple[Preview, ...]:
    """The rows of the file.

    For other programs the merged preview in sRGB, as JPEG or, where it is transparent, PNG, and a thumbnail as PNG; for
    this one the picture as it goes on the screen, in a packing of our own, which needs no decoder of somebody else's.
    """
    from nanodesk.imaging.codec import encode_jpeg, encode_png, is_opaque
    from nanodesk.imaging.codec_errors import ColourProfileError
    from nanodesk.imaging.colour import to_srgb
    from nanodesk.imaging.resample import resize
    from nanodesk.imaging.thumbnail import fitted

    try:
        shown = to_srgb(merged, document.profile)
    except ColourProfileError:
        shown = merged  # a profile that is damaged must not keep the project from being saved
    small = resize(shown, fitted(Size(shown.shape[1], shown.shape[0]), THUMBNAIL))
    mime = "image/jpeg" if is_opaque(shown) else "image/png"
    data = encode_jpeg(shown, 85) if mime == "image/jpeg" else encode_png(shown)
    return (
        Preview("merged", mime, shown.shape[1], shown.shape[0], data),
        Preview("thumbnail", "image/png", small.shape[1], small.shape[0], encode_png(small)),
        _for_the_screen(merged, document.size),
    )


def _for_the_screen(merged: Block, size: Size) -> Preview:
    from nanodesk.imaging.resample import resize
    from nanodesk.imaging.screen_codec import pack

    wanted = _at(size, _screen_level(size))
    small = merged if merged.shape[:2] == (wanted.height, wanted.width) else resize(merged, wanted)
    return Preview("screen", SCREEN_MIME, wanted.width, wanted.height, pack(small))


def first_sight(preview: Preview | None, size: Size) -> tuple[int, Block] | None:
    """What a document of that size looked like when it was saved: a level of its tiles, and the picture at that level.

    A tile of level n stands for 256 * 2**n pixels of the document each way. None where there is no such preview, or it
    is not of this document, or damaged.
    """
    from nanodesk.imaging.codec_errors import DamagedTileError
    from nanodesk.imaging.screen_codec import unpack

    if preview is None or preview.mime != SCREEN_MIME or size.empty:
        return None
    level = _screen_level(size)
    wanted = _at(size, level)
    if (preview.width, preview.height) != (wanted.width, wanted.height):
        return None
    try:
        return level, unpack(preview.data, wanted.height, wanted.width)
    except DamagedTileError:
        return None


def _screen_level(size: Size) -> int:
    level = 0
    while max(_at(size, level).width, _at(size, level).height) > SCREEN:
        level += 1
    return level


def _at(size: Size, level: int) -> Size:
    return Size(-(-size.width // (1 << level)), -(-size.height // (1 << level)))


def previews(document: Document, pixels: PixelStore) -> tuple[Preview, ...]:
    """All three of a document by itself; slow, for a worker thread."""
    return Previews(pixels).of(document)
