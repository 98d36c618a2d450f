"""Keeps the drawn parts in step with a fit: found off the window's thread, once for each fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.geometry import Point
from nanodesk.ui import tasks
from nanodesk.ui.fit.leak_overlay import LeakOverlay

if TYPE_CHECKING:
    import asyncio

    from PySide6.QtWidgets import QWidget

    from nanodesk.document.fit import FittedAnswer
    from nanodesk.document.tiles import PixelsId
    from nanodesk.editor.leaking import PartOutline
    from nanodesk.editor.project import Project
    from nanodesk.ui.canvas.canvas import CanvasWidget


class PartOutlines:
    """What is drawn for one card.

    Attributes:
        overlay: where it is drawn.
    """

    def __init__(self, project: Project, canvas: CanvasWidget, card: QWidget) -> None:
        self._project = project
        self._canvas = canvas
        self._card = card
        self._fit: FittedAnswer | None = None
        self._away = Point()
        self._known: tuple[PixelsId | None, tuple[PartOutline, ...]] = (None, ())
        self._task: asyncio.Task[None] | None = None
        self.overlay = LeakOverlay(canvas)
        canvas.tool_changed.connect(lambda _: self._show())

    def follow(self, fit: FittedAnswer | None, away: Point) -> None:
        """Draw the parts of a fit as they are kept now; of none, nothing.

        Args:
            away: how far they lie from where they were found, document pixels.
        """
        self.stop()
        self._fit, self._away = fit, away
        if fit is not None and fit.numbers is not None and fit.numbers.id != self._known[0]:
            self._task = tasks.spawn(self._find(fit), name="outlines")
        else:
            self._show()

    async def _find(self, fit: FittedAnswer) -> None:
        assert fit.numbers is not None
        self._known = (fit.numbers.id, await self._project.refitting.outlines(fit))
        self._show()

    def _show(self) -> None:
        """With the mask brush in hand its own tint tells what is shown, and two would be too many."""
        fit, (known, parts) = self._fit, self._known
        if fit is None or fit.numbers is None or fit.numbers.id != known or not parts:
            self.overlay.clear()
        elif self._canvas.tool == "mask-brush":
            self.overlay.hide()
        else:
            self.overlay.show_parts(parts, fit.kept, self._away)
            self.overlay.stackUnder(self._card)

    def stop(self) -> None:
        """Find nothing more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def clear(self) -> None:
        """Draw nothing."""
        self.stop()
        self._fit = None
        self.overlay.clear()
