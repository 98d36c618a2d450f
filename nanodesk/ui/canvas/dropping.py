"""Drags from outside over the canvas: what would happen, in words, and the drop."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QRectF, Qt

from nanodesk.document.geometry import Point
from nanodesk.ui.canvas.overlays import paint_drop
from nanodesk.ui.drop import Glimpse, Intake, Kind, glimpse, intake

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter

    from nanodesk.ui.canvas.stage import CanvasStage


class Dropping:
    """Answers drag events; only copies are offered, so that nothing is taken from where it came."""

    def __init__(self, stage: CanvasStage, dropped: Callable[[Intake, Point], None]) -> None:
        self._stage = stage
        self._dropped = dropped
        self.over: Glimpse | None = None

    def handle(self, event: QEvent) -> bool:
        """Act on an event; whether it was a drag's."""
        match event.type():
            case QEvent.Type.DragEnter:
                self._entered(cast("QDragEnterEvent", event))
            case QEvent.Type.DragMove:
                self._answer(cast("QDragMoveEvent", event))
            case QEvent.Type.DragLeave:
                self._over(None)
            case QEvent.Type.Drop:
                self._drop(cast("QDropEvent", event))
            case _:
                return False
        return True

    def _entered(self, event: QDragEnterEvent) -> None:
        seen = glimpse(event.mimeData())
        self._over(None if seen.kind is Kind.NOTHING else seen)
        self._answer(event)

    def _answer(self, event: QDropEvent) -> None:
        if self.over is None:
            event.ignore()
            return
        # What is refused is accepted too: the drop then says why, which a forbidding cursor would not.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _drop(self, event: QDropEvent) -> None:
        if self.over is None:
            event.ignore()
            return
        self._over(None)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        at = event.position()
        x, y = self._stage.viewport.to_document(at.x(), at.y())
        self._dropped(intake(event.mimeData()), Point(round(x), round(y)))

    def _over(self, seen: Glimpse | None) -> None:
        self.over = seen
        self._stage.refresh()

    def words(self) -> str:
        """What dropping now would do."""
        if self.over is None:
            return ""
        match self.over.kind:
            case Kind.REFUSED:
                return self.over.message
            case Kind.PROJECT:
                return "Open project" if self.over.count == 1 else f"Open {self.over.count} projects"
            case _:
                many = self.over.count > 1
                if self._stage.viewport.document.empty:
                    return "Open as a new document with layers" if many else "Open as a new document"
                return f"Add as {self.over.count} layers" if many else "Add as layer"

    def paint(self, painter: QPainter, zone: QRectF) -> None:
        """The overlay, while something is over the canvas."""
        if self.over is not None:
            paint_drop(painter, zone, self.words(), refused=self.over.kind is Kind.REFUSED)
