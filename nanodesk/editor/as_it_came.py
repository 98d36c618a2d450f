"""What an answer looks like before it is fitted: lying on the document as it came, small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.candidate import HideLayers
from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.run_base import without

if TYPE_CHECKING:
    from nanodesk.document.candidate import Candidate
    from nanodesk.editor.pixel_store import Block


SCREEN = 2048
"""The longest edge of what stands in for an answer until it is fitted, in pixels."""


def on_screen(size: Size) -> tuple[int, Size]:
    """The finest level of the painter's tiles at which a document of that size is no larger than `SCREEN`."""
    level, small = 0, size
    while max(small.width, small.height) > SCREEN:
        level += 1
        small = Size(-(-size.width // (1 << level)), -(-size.height // (1 << level)))
    return level, small


def seen_in(document: Document, candidate: Candidate) -> Size:
    """The document that an answer is shown in; its own size before the first picture."""
    assert candidate.fit is not None
    return candidate.fit.answer.size if document.size.empty else document.size


def as_it_came(document: Document, candidate: Candidate, pixels: PixelStore, size: Size) -> Block:
    """A document with an unfitted answer on it, as straight BGRA of a smaller size; slow, for a thread.

    Nothing is made as large as the document is.
    """
    from nanodesk.imaging.frame import into_clip

    answer = candidate.fit
    assert answer is not None
    whole = seen_in(document, candidate)
    everything = Rect(0, 0, whole.width, whole.height)
    clip = _smaller(answer.clip or everything, whole, size)
    frame = _smaller(answer.frame or everything, whole, size)
    shown = into_clip(pixels.block(answer.answer), frame, clip)
    layers = [(shown, clip.offset)]
    if clip != Rect(0, 0, size.width, size.height) or not bool((shown[:, :, 3] == 255).all()):
        hidden = [layer for one in candidate.operations if isinstance(one, HideLayers) for layer in one.layers]
        layers.insert(0, (_small(without(document, tuple(hidden)), pixels, size), Point()))
    return _flattened(layers, size)


def _small(document: Document, pixels: PixelStore, size: Size) -> Block:
    from nanodesk.imaging.resample import resize
    from nanodesk.imaging.thumbnail import document_thumbnail

    small = document_thumbnail(document, pixels.tile, size)
    return small if small.shape[:2] == (size.height, size.width) else resize(small, size)


def _flattened(pictures: list[tuple[Block, Point]], size: Size) -> Block:
    """Pictures over each other, the first one lowest, each at its place."""
    from nanodesk.imaging.painter import flatten

    store = PixelStore()
    layers = {
        LayerId(str(number)): Layer(LayerId(str(number)), "", Pixels(store.add(picture)), offset)
        for number, (picture, offset) in enumerate(pictures)
    }
    return flatten(Document(size, layers=layers, root=tuple(layers)), store.tile)


def _smaller(rect: Rect, of: Size, to: Size) -> Rect:
    """A rectangle of a picture of one size, in the same picture at another; a pixel at least."""
    across, down = to.width / of.width, to.height / of.height
    left, top = round(rect.x * across), round(rect.y * down)
    return Rect(left, top, max(1, round(rect.right * across) - left), max(1, round(rect.bottom * down) - top))
