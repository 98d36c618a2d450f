"""From what an engine offers to operations on the document, and from operations to one step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import (
    AddLayer,
    Candidate,
    CandidateOperation,
    CropDocument,
    HideBase,
    HideLayers,
    ResizeDocument,
    RotateDocument,
    TurnDocument,
)
from nanodesk.document.geometry import Point, Size
from nanodesk.document.identity import LayerId, new_id
from nanodesk.document.layer import Layer, Mask, Pixels, Text
from nanodesk.document.operations.canvas import crop_document
from nanodesk.document.operations.layers import add_layer, set_visible
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.editor.transforming import resized, rotated, turned

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.run import Run
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.engines.base import EncodedPicture, Offer, OfferedPicture

Decode = Callable[["EncodedPicture"], Awaitable["Block"]]


def taken_in(offer: Offer, base: Block | None, pixels: PixelStore) -> CandidateOperation:
    """An offer with its payload in the pixel store; slow, for a thread. Encoded pictures must be decoded before.

    A picture of the base's size that says nothing of a mask gets one: what it does not change shows the base.
    """
    from nanodesk.engines.base import OfferedAdjustment, OfferedPicture, OfferedText

    match offer:
        case OfferedPicture():
            return _picture(offer, base, pixels)
        case OfferedAdjustment():
            return AddLayer(offer.name, offer.adjustment, mask=_mask(offer.mask, Point(), pixels))
        case OfferedText():
            text = Text(offer.text, offer.style, pixels.add(offer.rendering))
            return AddLayer(offer.name, text, offer.offset)
        case _:
            return offer


def placed(offer: OfferedPicture, canvas: Size) -> OfferedPicture:
    """A decoded picture where it belongs: in its clip, or in the middle of the canvas, no larger than that; slow."""
    from nanodesk.engines.base import EncodedPicture
    from nanodesk.imaging.frame import into_clip
    from nanodesk.imaging.resample import resize
    from nanodesk.imaging.thumbnail import fitted

    picture = offer.picture
    assert not isinstance(picture, EncodedPicture)
    if offer.frame is not None and offer.clip is not None:
        return replace(offer, picture=into_clip(picture, offer.frame, offer.clip), frame=None, clip=None)
    if canvas.empty:
        return offer
    size = fitted(Size(picture.shape[1], picture.shape[0]), canvas)
    if (size.width, size.height) != (picture.shape[1], picture.shape[0]):
        picture = resize(picture, size)
    return replace(
        offer, picture=picture, offset=Point((canvas.width - size.width) // 2, (canvas.height - size.height) // 2)
    )


def _picture(offer: OfferedPicture, base: Block | None, pixels: PixelStore) -> AddLayer:
    from nanodesk.engines.base import EncodedPicture

    picture = offer.picture
    mask = offer.mask
    if isinstance(picture, EncodedPicture) or isinstance(mask, EncodedPicture):
        raise TypeError("A picture must be decoded first.")
    if mask is None and base is not None and base.shape == picture.shape and offer.offset == Point():
        mask = _difference(base, picture)
    grid = pixels.add(picture)
    return AddLayer(offer.name, Pixels(grid), offer.offset, _mask(mask, offer.offset, pixels), offer.blend_mode)


def as_mask(picture: Block, size: Size) -> Block:
    """A grey picture (h, w, 4) as a mask (h, w) of another size: white shows; slow, for a thread."""
    import cv2
    import numpy as np

    from nanodesk.imaging.resample import resize

    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY), np.uint8)
    return grey if grey.shape == (size.height, size.width) else resize(grey, size)


def _difference(base: Block, picture: Block) -> Block | None:
    from nanodesk.imaging.difference import difference

    mask = difference(base, picture)
    return None if bool(mask.all()) else mask


def _mask(mask: Block | None, offset: Point, pixels: PixelStore) -> Mask | None:
    return None if mask is None else Mask(pixels.add(mask), offset)


def provenance_of(run: Run, *, generative: bool) -> Provenance:
    """What a layer keeps of the run that made it."""
    return Provenance(
        Origin.RUN,
        run.finished or run.started or run.created,
        run=run.id,
        instructions=tuple(edit.instruction for edit in run.edits),
        references=run.references,
        engine=run.engine,
        model=run.model,
        duration_s=run.duration_s,
        cost=run.usage.cost,
        generative=generative,
    )


def applied(
    document: Document, candidate: Candidate, above: LayerId | None, provenance: Provenance, pixels: PixelStore
) -> Document:
    """The document with a candidate's operations done in order; slow where pixels must be turned or scaled.

    The layers come right above `above`, or on top when that layer is gone or lies in a group.
    """
    if candidate.unfitted:
        raise ValueError("An answer is fitted before it is put on a document.")
    if document.size.empty:
        document = replace(document, size=_first_size(candidate))
    base = candidate.base if candidate.fit is not None else None
    provenance = replace(provenance, candidate=candidate.id, base=base)
    for operation in candidate.operations:
        if isinstance(operation, AddLayer):
            layer = _layer(operation, provenance)
            document = add_layer(document, layer, above=above if above in document.root else None)
            above = layer.id
        else:
            document = _reshaped(document, operation, pixels)
    return document


def _reshaped(document: Document, operation: CandidateOperation, pixels: PixelStore) -> Document:
    match operation:
        case HideBase():
            for layer_id in document.root:
                document = set_visible(document, layer_id, False)
            return document
        case HideLayers(layers=layers):
            for layer_id in layers:
                document = set_visible(document, layer_id, False) if layer_id in document.layers else document
            return document
        case CropDocument(rect=rect):
            return crop_document(document, rect)
        case ResizeDocument(size=size):
            return resized(document, size, pixels)
        case TurnDocument(turn=turn):
            return turned(document, turn, pixels)
        case RotateDocument(degrees=degrees):
            return rotated(document, degrees, pixels)
        case AddLayer():
            raise TypeError("A layer is added, not reshaped.")


def _layer(operation: AddLayer, provenance: Provenance) -> Layer:
    return Layer(
        LayerId(new_id()),
        operation.name,
        operation.content,
        operation.offset,
        blend_mode=operation.blend_mode,
        mask=operation.mask,
        provenance=provenance,
    )


def _first_size(candidate: Candidate) -> Size:
    for operation in candidate.operations:
        if isinstance(operation, AddLayer) and isinstance(operation.content, Pixels):
            return operation.content.grid.size
    return Size(0, 0)
