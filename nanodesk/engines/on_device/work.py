"""A run under way: the picture as the edits so far have left it, and what they will offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.candidate import HideBase
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.engines.base import OfferedAdjustment, OfferedPicture, OfferedText
from nanodesk.engines.on_device.canvas import reshaped, reshapings
from nanodesk.engines.on_device.naming import layer_name
from nanodesk.engines.on_device.picture import adjustment_of, done, find_subject
from nanodesk.engines.on_device.row import Kind
from nanodesk.engines.on_device.table import TABLE

if TYPE_CHECKING:
    from nanodesk.engines.base import Block, Offer
    from nanodesk.engines.on_device.canvas import Reshaping
    from nanodesk.engines.on_device.frames import Step


@dataclass(frozen=True, slots=True)
class Task:
    """A step of the edit at a place in the request."""

    edit: int
    step: Step


def message(step: Step) -> str:
    """What is being done, for the progress line."""
    where = f"the {step.target}"
    match step.operation:
        case "blur":
            return f"Blurring {where}"
        case "sharpen":
            return f"Sharpening {where}"
        case "remove-background":
            return "Removing the background"
        case "replace-background":
            return "Replacing the background"
        case "text":
            return "Drawing the text"
        case "rotate" | "flip":
            return "Turning the picture"
        case "crop":
            return "Cropping the picture"
        case "resize":
            return "Resizing the picture"
    return f"Adjusting {where}"


class Work:
    """One run's pictures; each method is slow and belongs in a thread, one after the other.

    Steps are gathered into segments: what lies between two changes of the canvas or two texts becomes one layer.
    """

    def __init__(self, base: Block, masks: list[Block | None]) -> None:
        """Start from the base (h, w, 4), with the mask (h, w) of each edit."""
        self._base = base
        self._picture = base
        self._start = base
        self._changes: list[Reshaping] = []
        self._masks = masks
        self._subject: Block | None = None
        self._segment: list[Task] = []
        self._offers: list[Offer] = []

    def lacks_subject(self, task: Task) -> bool:
        """Whether the subject must be found before a task."""
        return self._subject is None and task.step.target in {"subject", "background"}

    def find_subject(self) -> None:
        """Find the subject in the base, as the canvas has become since.

        The base shows more of it than a cropped or adjusted picture.

        Raises:
            EngineError: when there is none.
        """
        mask = find_subject(self._base)
        for change in self._changes:
            mask = reshaped(mask, change)
        self._subject = mask if mask.any() else find_subject(self._picture)

    def do(self, task: Task) -> str:
        """Do a task; what the designer should know of it, or nothing.

        Raises:
            EngineError: when the picture does not allow it.
        """
        match TABLE[task.step.operation].kind:
            case Kind.GEOMETRY:
                return self._reshape(task)
            case Kind.TEXT:
                return self._write(task)
        self._picture = done(self._picture, task.step, self._subject, self._masks[task.edit])
        self._segment.append(task)
        return ""

    def finish(self) -> tuple[Offer, ...]:
        """Everything that the run offers, in order; nothing where nothing changed."""
        self._flush()
        return tuple(self._offers)

    def _reshape(self, task: Task) -> str:
        self._flush()
        mask = self._masks[task.edit]
        changes = reshapings(task.step, self._size, None if mask is None else _bounds(mask))
        for change in changes:
            self._offers.append(change)
            self._changes.append(change)
            self._picture = reshaped(self._picture, change)
            self._masks = [None if mask is None else reshaped(mask, change) for mask in self._masks]
            self._subject = None if self._subject is None else reshaped(self._subject, change)
        self._start = self._picture
        if not changes:
            return "The picture has that shape already."
        if mask is not None and dict(task.step.values).get("to") != "selection":
            return "The selection does not limit this edit: it changes the whole canvas."
        return ""

    def _write(self, task: Task) -> str:
        from nanodesk.imaging.text import TextStyle, render_text
        from nanodesk.resources import resource_path

        self._flush()
        values = dict(task.step.values)
        mask = self._masks[task.edit]
        area = Rect.of(Point(), self._size) if mask is None else _bounds(mask)
        style = TextStyle(
            str(values["colour"]),
            str(values["place"]),
            int(values["weight"]),
            float(values["size_px"]) if "size_px" in values else None,
            float(values.get("size", 1.0)),
        )
        words = str(values["text"])
        rendering, offset, named = render_text(words, style, area, resource_path("fonts"))
        self._offers.append(OfferedText(layer_name([task.step]), words, named, rendering, offset))
        self._picture = _laid_over(self._picture, rendering, offset.x, offset.y)
        self._start = self._picture
        return ""

    @property
    def _size(self) -> Size:
        return Size(self._picture.shape[1], self._picture.shape[0])

    def _flush(self) -> None:
        """Turn the steps since the last change of the canvas into layers."""
        tasks, start, result = self._segment, self._start, self._picture
        self._segment, self._start = [], self._picture
        if not tasks:
            return
        if all(_lives(task.step) for task in tasks):
            self._offer_adjustments(tasks)
        else:
            self._offer_picture(tasks, start, result)

    def _offer_adjustments(self, tasks: list[Task]) -> None:
        runs: list[list[Task]] = []
        for task in tasks:
            if runs and self._masks[runs[-1][-1].edit] is self._masks[task.edit]:
                runs[-1].append(task)
            else:
                runs.append([task])
        for run in runs:
            steps = [task.step for task in run]
            mask = self._masks[run[0].edit]
            self._offers.append(OfferedAdjustment(layer_name(steps), adjustment_of(steps), mask))

    def _offer_picture(self, tasks: list[Task], start: Block, result: Block) -> None:
        from nanodesk.imaging.difference import difference

        name = layer_name([task.step for task in tasks])
        changed = difference(start, result)
        if not changed.any():
            return
        if bool(((changed > 0) & (start[:, :, 3] < 255)).any()) or bool((result[:, :, 3] < start[:, :, 3]).any()):
            # A layer can only add to what lies below it: what becomes more transparent takes its place.
            self._offers += [HideBase(), OfferedPicture(name, result)]
            return
        first = not self._offers
        self._offers.append(OfferedPicture(name, result, None if first or bool(changed.all()) else changed))


def _lives(step: Step) -> bool:
    """Whether a step can be a live adjustment."""
    return TABLE[step.operation].kind is Kind.POINTWISE and step.target in {"picture", "selection"}


def _bounds(mask: Block) -> Rect:
    """The rectangle round everything that a mask shows; all of it where it shows nothing."""
    import cv2

    x, y, width, height = cv2.boundingRect(mask)
    return Rect(x, y, width, height) if width and height else Rect(0, 0, mask.shape[1], mask.shape[0])


def _laid_over(picture: Block, layer: Block, x: int, y: int) -> Block:
    """A picture with a small one laid over it at a place; fresh."""
    import numpy as np

    from nanodesk.document.blend import BlendMode
    from nanodesk.imaging.alpha import alpha_of, from_floats, to_floats
    from nanodesk.imaging.composite import over, weight_of

    result = picture.copy()
    seen = Rect(0, 0, picture.shape[1], picture.shape[0]).intersected(Rect(x, y, layer.shape[1], layer.shape[0]))
    if seen.empty:
        return result
    part = result[seen.y : seen.bottom, seen.x : seen.right]
    source = np.ascontiguousarray(layer[seen.y - y : seen.bottom - y, seen.x - x : seen.right - x])
    floats = over(
        to_floats(np.ascontiguousarray(part)), source, weight_of(alpha_of(source), 1.0, None), BlendMode.NORMAL
    )
    part[:] = from_floats(floats)
    return result
