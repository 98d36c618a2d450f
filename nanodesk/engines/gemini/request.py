"""From an edit request to exactly what is sent; slow, for a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size
from nanodesk.engines.gemini import prompt
from nanodesk.engines.gemini.framing import Framing, framing
from nanodesk.engines.gemini.pictures import base_as_sent, box_of, reference_as_sent
from nanodesk.engines.gemini.pricing import expected, wanted_candidates
from nanodesk.engines.outgoing import Outgoing, OutgoingPicture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.engines.base import EditRequest
    from nanodesk.engines.gemini.models import Catalogue, Model

    Block = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One request ready to leave.

    Attributes:
        framing: where the answer belongs; none where there is no base plane.
        mask: (h, w) of the clip, 255 where any edit may act; none for everywhere.
        several: whether more than one picture is asked for in one answer.
    """

    outgoing: Outgoing
    model: Model
    framing: Framing | None
    mask: Block | None
    several: bool

    def without_history(self) -> Prepared:
        """The same without the words that go on from an earlier answer."""
        parts = self.outgoing.parts
        first = str(parts[0]).removeprefix(f"{prompt.CONTINUED}\n")
        return replace(self, outgoing=replace(self.outgoing, parts=(first, *parts[1:])))

    @property
    def frame(self) -> Rect | None:
        """Where a whole picture of the answer lies on the base; none where it belongs nowhere in particular."""
        return None if self.framing is None or self.several else self.framing.frame

    @property
    def clip(self) -> Rect | None:
        """What of the frame is wanted."""
        return None if self.framing is None or self.several else self.framing.clip


def prepared(request: EditRequest, model: Model, table: Catalogue, host: str) -> Prepared:
    """Everything that one request sends, encoded."""
    several = prompt.wants_several([edit.instruction for edit in request.edits])
    boxes = [None if edit.mask is None else box_of(edit.mask) for edit in request.edits]
    parts: list[str | OutgoingPicture] = []
    framed = None if request.base is None else _framed(request, boxes, model, table)
    base = None if request.base is None or _blank(request.base.pixels) else request.base
    rules = prompt.RULES_ALONE if base is None else prompt.RULES
    parts.append(f"{prompt.CONTINUED}\n{rules}" if request.turns else rules)
    for place, reference in enumerate(request.references):
        sent = reference_as_sent(reference.pixels, request.profile)
        label = prompt.reference_label(place + 1, reference)
        parts += [label, OutgoingPicture(label, reference.name, reference.role, place, sent.size, sent.mime, sent.data)]
    if base is not None and framed is not None:
        sent = base_as_sent(base.pixels, request.profile, framed)
        label = prompt.base_label(len(request.references) + 1)
        parts += [label, OutgoingPicture(label, base.name, None, None, sent.size, sent.mime, sent.data)]
    frame = framed.frame if framed is not None else Rect(0, 0, 1, 1)
    parts.append(prompt.instructions(request.edits, boxes, frame, base=base is not None))
    everywhere = any(box is None for box in boxes)
    part = framed is not None and not framed.whole
    parts.append(prompt.closing(base=base is not None, everywhere=everywhere, part=part, several=several))
    ratio, size = _shape(framed, request, model)
    pictures = sum(isinstance(one, OutgoingPicture) for one in parts)
    words = sum(len(one) for one in parts if isinstance(one, str))
    estimate = expected(model, size or model.sizes[0], pictures, words)
    outgoing = Outgoing(
        tuple(parts),
        model.id,
        model.name,
        host,
        estimate.input_tokens,
        estimate.output_tokens,
        None if estimate.cost is None else estimate.cost * wanted_candidates(request.options),
        wanted_candidates(request.options),
        ratio,
        size,
    )
    return Prepared(outgoing, model, framed, None if framed is None else _mask(request, framed), several)


def _blank(pixels: Block) -> bool:
    """Whether there is nothing to be seen on a base (h, w, 4): it is then asked for a picture out of nothing."""
    return not pixels[:, :, 3].any()


def _framed(request: EditRequest, boxes: list[Rect | None], model: Model, table: Catalogue) -> Framing:
    assert request.base is not None
    height, width = request.base.pixels.shape[:2]
    selected: Rect | None = Rect(0, 0, 0, 0)
    for box in boxes:
        selected = None if box is None or selected is None else selected.united(box)
    return framing(Size(width, height), selected, request.options, model, table)


def _shape(framed: Framing | None, request: EditRequest, model: Model) -> tuple[str, str]:
    if framed is not None:
        return framed.ratio, framed.image_size
    wanted = request.options.size if request.options.size in model.sizes else model.sizes[0]
    return "1:1", wanted if model.sends_size else ""


def _mask(request: EditRequest, framed: Framing) -> Block | None:
    """Where the answer may show: the selections together, within the part that is sent."""
    import cv2
    import numpy as np

    masks = [edit.mask for edit in request.edits]
    together: Block | None = None
    for mask in masks:
        if mask is None:
            return None
        together = mask if together is None else np.asarray(cv2.max(together, mask), np.uint8)
    if together is None:
        return None
    clip = framed.clip
    return np.ascontiguousarray(together[clip.y : clip.bottom, clip.x : clip.right])
