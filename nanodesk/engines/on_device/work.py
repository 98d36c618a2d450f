"""A run under way: the picture as the edits so far have left it, and what they will offer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import HideBase
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.layer import Adjustment
from nanodesk.engines.base import EncodedPicture, OfferedAdjustment, OfferedPicture
from nanodesk.engines.on_device import picture as pictures
from nanodesk.engines.on_device import rims
from nanodesk.engines.on_device.adjusting import HARD, adjustment_of
from nanodesk.engines.on_device.canvas import reshaped, reshapings, resized
from nanodesk.engines.on_device.naming import layer_name
from nanodesk.engines.on_device.row import Kind
from nanodesk.engines.on_device.sight import Sight
from nanodesk.engines.on_device.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from nanodesk.engines.base import Block, Offer
    from nanodesk.engines.on_device.canvas import Reshaping
    from nanodesk.engines.on_device.frames import Step
    from nanodesk.engines.on_device.references import Named


@dataclass(frozen=True, slots=True)
class Task:
    """A step of the edit at a place in the request."""

    edit: int
    step: Step


Working = "Generator[float, None, str]"


class Work:
    """One run's pictures; each method is slow and belongs in a thread, one after the other.

    Every edit becomes layers of its own. Pixel layers show the picture without the live layers of their segment and lie
    below these, so that each can be switched off alone; a change of the canvas, a text, and whatever must see what is
    live begins a new segment. The picture itself is only made when a step asks for it.
    """

    def __init__(self, base: Block, masks: list[Block | None], named: Named) -> None:
        """Start from the base (h, w, 4), with the mask (h, w) of each edit and the layers they name."""
        self._plain = base
        self._size = Size(base.shape[1], base.shape[0])
        self._todo: list[Callable[[Block], Block]] = []
        self._masks = masks
        self._named = named
        self._sight = Sight(base)
        self._offers: list[Offer] = []
        self._live: list[OfferedAdjustment | OfferedPicture] = []
        self._last: tuple[int, list[Step], object] | None = None
        self.suggests = False

    def lacks_subject(self, task: Task) -> bool:
        """Whether the subject must be found before a task."""
        values = dict(task.step.values)
        target = "subject" if values.get("to") == "subject" else task.step.target
        return self._masks[task.edit] is None and self._sight.lacks_subject(target)

    def do(self, task: Task) -> Generator[float, None, str]:
        """Do a task; the share done is told where it takes a while, and what the designer should know at the end.

        Raises:
            EngineError: when the picture does not allow it.
        """
        way = {
            Kind.POINTWISE: self._adjust,
            Kind.SPATIAL: self._filter,
            Kind.OVERLAY: self._overlay,
            Kind.GEOMETRY: self._reshape,
            Kind.CANVAS: self._rim,
            Kind.TEXT: self._write,
            Kind.BACKGROUND: self._background,
            Kind.REPAIR: self._mend,
        }[TABLE[task.step.operation].kind]
        return way(replace(task, step=self._named.resolved(task.step)))

    def finish(self) -> tuple[Offer, ...]:
        """Everything that the run offers, in order; nothing where nothing changed."""
        return (*self._offers, *self._live)

    def _picture(self) -> Block:
        """What lies below the live layers of this segment."""
        for change in self._todo:
            self._plain = change(self._plain)
        self._todo.clear()
        return self._plain

    def _shown(self) -> Block:
        """What the canvas shows now."""
        shown = self._picture()
        for offer in self._live:
            shown = _with(offer, shown)
        return shown

    def _begin_segment(self) -> None:
        for offer in self._live:
            self._todo.append(lambda block, offer=offer: _with(offer, block))  # type: ignore[misc]  # bound now
        self._offers += self._live
        self._live, self._last = [], None

    def _mask(self, task: Task) -> Block | None:
        """What a task may change: its target within what its edit is tied to; none for everything."""
        import numpy as np

        own, target = self._masks[task.edit], task.step.target
        if target == "selection":
            return own
        if target == "outside":
            return None if own is None else 255 - own
        seen = self._named.mask(target, self._size)
        if seen is None:
            seen = self._sight.mask(target, self._size, self._shown)
        if seen is None or own is None:
            return own if seen is None else seen
        return np.minimum(own, seen)

    def _adjust(self, task: Task) -> Generator[float, None, str]:
        yield 0.0
        mask = self._mask(task)
        step = adjustment_of(task.step, self._shown)
        if step is None:
            return "The picture is that way already."
        last = self._last
        if last is not None and last[0] == task.edit and _same(last[2], mask):
            offer = self._live[-1]
            assert isinstance(offer, OfferedAdjustment)
            last[1].append(task.step)
            adjustment = Adjustment((*offer.adjustment.steps, step))
            self._live[-1] = replace(offer, name=layer_name(last[1]), adjustment=adjustment)
        else:
            self._live.append(OfferedAdjustment(layer_name([task.step]), Adjustment((step,)), mask))
            self._last = (task.edit, [task.step], mask)
        return ""

    def _filter(self, task: Task) -> Generator[float, None, str]:
        if any(_must_be_seen(offer) for offer in self._live):
            self._begin_segment()
        before, mask = self._picture(), self._mask(task)
        result = yield from pictures.filtered(before, task.step, mask)
        self._offer_picture(task, before, result)
        return ""

    def _offer_picture(self, task: Task, before: Block, result: Block) -> None:
        """A layer of what changed; what becomes more transparent takes the place of what is below."""
        from nanodesk.imaging.difference import difference

        name, changed = layer_name([task.step]), difference(before, result)
        if not changed.any():
            return
        self._plain = result
        if bool(((changed > 0) & (before[:, :, 3] < 255)).any()) or bool((result[:, :, 3] < before[:, :, 3]).any()):
            self._offers += [HideBase(), OfferedPicture(name, result)]
            return
        self._offers.append(OfferedPicture(name, result, None if bool(changed.all()) else changed))

    def _overlay(self, task: Task) -> Generator[float, None, str]:
        import numpy as np

        yield 0.0
        mask = self._mask(task)
        block, mode = pictures.light_layer(self._size, task.step, self._shown)
        whole = np.full(block.shape[:2], 255, np.uint8) if mask is None else mask
        self._live.append(OfferedPicture(layer_name([task.step]), block, whole, blend_mode=mode))
        self._last = None
        return ""

    def _reshape(self, task: Task) -> Generator[float, None, str]:
        yield 0.0
        self._begin_segment()
        step, selection = self._measured(task)
        changes = () if step is None else reshapings(step, self._size, selection)
        for change in changes:
            self._change(change)
            self._offers.append(change)
        if not changes:
            return "The picture has that shape already."
        if step is not None and step.operation == "upscale":
            yield from self._filter(Task(task.edit, replace(step, operation="sharpen", values=(("amount", 20),))))
        if self._masks[task.edit] is not None and dict(task.step.values).get("to") != "selection":
            return "The selection does not limit this edit: it changes the whole canvas."
        return ""

    def _measured(self, task: Task) -> tuple[Step | None, Rect | None]:
        """The step with what must be read from the picture first, and the rectangle that it speaks of."""
        from nanodesk.engines.on_device.reading_pictures import content_of, straightened, subject_rect

        mask = self._masks[task.edit]
        match task.step.operation, dict(task.step.values).get("to"):
            case "straighten", _:
                return straightened(task.step, self._picture), None
            case "crop", "content":
                return task.step, content_of(self._picture())
            case "crop", "subject":
                seen = self._sight.mask("subject", self._size, self._picture) if mask is None else mask
                assert seen is not None
                return task.step, subject_rect(seen)
        return task.step, None if mask is None else bounds(mask)

    def _change(self, change: Reshaping) -> None:
        self._todo.append(lambda block: reshaped(block, change))
        self._size = resized(self._size, change)
        self._masks = [None if mask is None else reshaped(mask, change) for mask in self._masks]
        self._sight.reshape(change)

    def _rim(self, task: Task) -> Generator[float, None, str]:
        yield 0.0
        self._begin_segment()
        name, values, before = layer_name([task.step]), dict(task.step.values), self._picture()
        if task.step.operation == "corners":
            offers, self._plain = rims.rounded(name, values, before)
            self._offers += offers
            return ""
        if task.step.operation == "drop-shadow":
            offers, wide = rims.shadowed(name, values, before)
            self._offers += offers
            if wide is not None:
                self._change(wide)
            self._lay([offer for offer in offers if isinstance(offer, OfferedPicture)][:1], below=True)
            return ""
        edges = rims.wider(values, self._size)
        if not edges.widens:
            return "The canvas has that size already."
        layer = rims.rim(name, values, edges, before)
        wide = rims.around(edges, self._size)
        self._offers.append(wide)
        self._change(wide)
        if layer is not None:
            self._offers.append(layer)
            self._lay([layer])
        return ""

    def _lay(self, layers: list[OfferedPicture], *, below: bool = False) -> None:
        from nanodesk.imaging.overlay import laid_over

        for layer in layers:
            block = layer.picture
            assert not isinstance(block, EncodedPicture)
            shown = self._picture()
            self._plain = laid_over(block, shown, Point()) if below else laid_over(shown, block, layer.offset)

    def _write(self, task: Task) -> Generator[float, None, str]:
        from nanodesk.engines.on_device.lettering import lettered
        from nanodesk.imaging.overlay import laid_over

        yield 0.0
        self._begin_segment()
        mask = self._masks[task.edit]
        offer = lettered(task.step, Rect.of(Point(), self._size) if mask is None else bounds(mask))
        self._offers.append(offer)
        self._todo.append(lambda block: laid_over(block, offer.rendering, offer.offset))
        return ""

    def _background(self, task: Task) -> Generator[float, None, str]:
        yield 0.0
        before, mask = self._picture(), self._masks[task.edit]
        subject = self._sight.mask("subject", self._size, self._picture) if mask is None else self._within(mask)
        assert subject is not None
        result = pictures.cut(before, subject)
        yield 0.5
        if task.step.operation == "replace-background":
            values = dict(task.step.values)
            result = pictures.grounded(result, values, self._named.picture(str(values.get("picture", ""))))
        self._offer_picture(task, before, result)
        return ""

    def _within(self, mask: Block) -> Block:
        """The subject in what is selected; what is selected where none stands out there."""
        import numpy as np

        from nanodesk.engines.on_device.reading_pictures import subject_near

        found = subject_near(self._picture(), mask, bounds(mask))
        return mask if found is None else np.minimum(found, mask)

    def _mend(self, task: Task) -> Generator[float, None, str]:
        yield 0.0
        mask = self._masks[task.edit]
        assert mask is not None
        before = self._picture()
        if task.step.operation == "fill":
            from nanodesk.imaging.filters import mix, over_colour

            plain = over_colour(before * 0, pictures.bgr(dict(task.step.values)["colour"]))
            self._plain = mix(before, plain, mask)
            self._offers.append(OfferedPicture(layer_name([task.step]), plain, mask))
            return ""
        self.suggests = True
        self._offer_picture(task, before, pictures.mended(before, mask))
        return "It was filled from its surroundings: look at it before you keep it."


def _same(one: object, other: object) -> bool:
    """Whether two masks are one: no masks, the same, or alike in every pixel."""
    import numpy as np

    if one is None or other is None:
        return one is other
    return one is other or bool(np.array_equal(np.asarray(one), np.asarray(other)))


def _must_be_seen(offer: OfferedAdjustment | OfferedPicture) -> bool:
    """Whether a pixel layer must lie above a live one, because it comes to something else below it."""
    if isinstance(offer, OfferedPicture):
        return True
    return any(step.operation in HARD for step in offer.adjustment.steps)


def _with(offer: OfferedAdjustment | OfferedPicture, block: Block) -> Block:
    """A picture with a live layer over it."""
    from nanodesk.imaging.adjust import apply
    from nanodesk.imaging.filters import mix
    from nanodesk.imaging.overlay import laid_over

    if isinstance(offer, OfferedPicture):
        assert not isinstance(offer.picture, EncodedPicture)
        assert not isinstance(offer.mask, EncodedPicture)
        return laid_over(block, offer.picture, offer.offset, offer.blend_mode, offer.mask)
    adjusted = apply(offer.adjustment, block)
    return adjusted if offer.mask is None else mix(block, adjusted, offer.mask)


def bounds(mask: Block) -> Rect:
    """The rectangle round everything that a mask shows; all of it where it shows nothing."""
    import cv2

    x, y, width, height = cv2.boundingRect(mask)
    return Rect(x, y, width, height) if width and height else Rect(0, 0, mask.shape[1], mask.shape[0])
