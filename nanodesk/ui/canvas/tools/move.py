"""The move tool: drags the active layer; arrow keys nudge it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QPainterPath

from nanodesk.document.errors import DocumentError
from nanodesk.document.geometry import Point
from nanodesk.document.layer import Adjustment
from nanodesk.document.operations.layers import move_layer
from nanodesk.editor.notice import NoticeKind
from nanodesk.ui.canvas.dragging import extent
from nanodesk.ui.canvas.hit_testing import pixel_at
from nanodesk.ui.canvas.overlays import paint_badge, paint_outline, rectangle_path
from nanodesk.ui.canvas.tools.selecting import CLICK_REACH
from nanodesk.ui.canvas.tools.tool import Pointer, Stage, Tool

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from nanodesk.document.identity import LayerId, StepId
    from nanodesk.ui.canvas.dragging import Dragging

BURST_S = 1.0
"""Nudges that follow each other this quickly are one step."""

LABEL = "Move layer"


class MoveTool(Tool):
    """Moves by whole document pixels, one step a drag; Shift keeps to one axis, Ctrl picks the layer instead."""

    name = "move"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._start: Pointer | None = None
        self._dragging: Dragging | None = None
        self._nudged: tuple[float, StepId | None, LayerId] | None = None

    @property
    def busy(self) -> bool:
        return self._start is not None

    def cursor(self) -> QCursor:
        return QCursor(Qt.CursorShape.SizeAllCursor)

    def press(self, pointer: Pointer) -> None:
        pixel = pixel_at(self.stage.viewport, pointer.x, pointer.y)
        if pointer.control or self._active() is None:
            if pixel is not None:
                self.stage.pick_layer(pixel)
            return
        self._start = pointer

    def _active(self) -> LayerId | None:
        active = self.stage.active_layer
        return active if active in self.stage.editor.document.layers else None

    def drag(self, pointer: Pointer) -> None:
        if self._start is None:
            return
        if self._dragging is None:
            far = max(abs(pointer.x - self._start.x), abs(pointer.y - self._start.y))
            if far < CLICK_REACH or not self._begin():
                return
        if self._dragging is not None:
            self._dragging.change(self.stage.viewport, by=self._way(pointer))

    def _begin(self) -> bool:
        active = self._active()
        reason = None if active is None else self._why_not(active)
        if active is None or reason is not None:
            self._start = None
            if reason:
                self.stage.tell(reason, NoticeKind.ATTENTION)
            return False
        self._dragging = self.stage.start_dragging(active)
        return True

    def _why_not(self, layer_id: LayerId) -> str | None:
        document = self.stage.editor.document
        layer = document.layer(layer_id)
        try:
            move_layer(document, layer_id, Point(0, 0))
        except DocumentError as error:
            return str(error)
        if not document.shown(layer_id):
            return f"“{layer.name}” is hidden: show it to move it."
        if isinstance(layer.content, Adjustment) and layer.mask is None:
            return f"“{layer.name}” acts on the whole picture; there is nothing to move."
        return None

    def _way(self, pointer: Pointer) -> Point:
        if self._start is None:
            return Point()
        here = self.stage.viewport.to_document(pointer.x, pointer.y)
        there = self.stage.viewport.to_document(self._start.x, self._start.y)
        x, y = round(here[0] - there[0]), round(here[1] - there[1])
        if pointer.shift:
            x, y = (x, 0) if abs(x) >= abs(y) else (0, y)
        return Point(x, y)

    def release(self, pointer: Pointer) -> None:
        self.drag(pointer)
        dragging, self._dragging, self._start = self._dragging, None, None
        if dragging is None:
            return
        by = dragging.by
        if by == Point() or dragging.layer_id not in self.stage.editor.document.layers:
            self.stage.stop_dragging(kept=False)
            return
        self._move(dragging.layer_id, by, amend=False)
        self.stage.stop_dragging(kept=True)

    def _move(self, layer_id: LayerId, by: Point, *, amend: bool) -> None:
        try:
            self.stage.editor.apply_document(LABEL, lambda document: move_layer(document, layer_id, by), amend=amend)
        except DocumentError as error:
            self.stage.tell(str(error), NoticeKind.ATTENTION)

    def nudge(self, x: int, y: int) -> bool:
        active = self._active()
        if active is None or self.busy:
            return self.busy
        reason = self._why_not(active)
        if reason is not None:
            self.stage.tell(reason, NoticeKind.ATTENTION)
            return True
        now, editor = time.monotonic(), self.stage.editor
        last = self._nudged
        amend = last is not None and last[1:] == (editor.history.current, active) and now - last[0] < BURST_S
        self._move(active, Point(x, y), amend=amend)
        self._nudged = (now, editor.history.current, active)
        return True

    def cancel(self) -> None:
        self._start = None
        if self._dragging is not None:
            self._dragging = None
            self.stage.stop_dragging(kept=False)

    def paint(self, painter: QPainter) -> None:
        dragging = self._dragging
        if dragging is None or dragging.layer_id not in self.stage.editor.document.layers:
            return
        rect = extent(self.stage.editor.document, dragging.layer_id).translated(dragging.by)
        path: QPainterPath = rectangle_path(self.stage.viewport, rect)
        paint_outline(painter, path)
        at = self.stage.viewport.to_widget(max(0, rect.x), max(0, rect.y))
        paint_badge(painter, f"{dragging.by.x:+d}, {dragging.by.y:+d} px", QPointF(at[0] + 8.0, at[1] + 8.0))
