"""A candidate in place on the canvas: the one pointed at, else the one chosen; the latest wish wins."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks
from nanodesk.ui.history_panel.attempt import say

if TYPE_CHECKING:
    import asyncio

    from nanodesk.document.change import Change
    from nanodesk.document.document import Document
    from nanodesk.document.identity import CandidateId
    from nanodesk.editor.project import Project
    from nanodesk.ui.canvas.canvas import CanvasWidget

HOVER_MS = 70
"""A pointer that passes over the strip asks for nothing."""
SETTLE_MS = 600
"""How long the accepted picture may stand in for the document that is still being painted."""
KEPT = 8


class Showing(QObject):
    """Wishes and what came of them.

    Attributes:
        changed: another candidate, or none, is on the canvas.
        shown: the candidate that is on the canvas now.
    """

    changed = Signal()

    def __init__(self, project: Project, canvas: CanvasWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._canvas = canvas
        self._wanted: tuple[CandidateId, str] | None = None
        self._known: OrderedDict[CandidateId, Document] = OrderedDict()
        self._making: asyncio.Task[None] | None = None
        self.shown: CandidateId | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._follow)
        self._leaving = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._leaving.timeout.connect(self._let_go)
        canvas.settled.connect(self._settled)
        self._ends = [
            project.editor.changed.connect(self._changed),
            project.runs.candidate_changed.connect(self._amended),
        ]

    def want(self, candidate_id: CandidateId | None, label: str = "", *, after_ms: int = 0) -> None:
        """Show a candidate, or the document again; only the last wish counts."""
        self._leaving.stop()
        wanted = None if candidate_id is None else (candidate_id, label)
        if wanted == self._wanted and (self._soon.isActive() or self.shown == candidate_id):
            return
        self._wanted = wanted
        self._soon.start(after_ms)

    def accepted(self) -> None:
        """What is shown is the document now: let go of it when the document has been painted."""
        self._wanted = None
        self._soon.stop()
        self._known.clear()
        if self.shown is not None:
            self._leaving.start()

    def close_down(self) -> None:
        """Follow the project no more."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._soon.stop()
        self._leaving.stop()
        self._stop_making()

    def _changed(self, change: Change) -> None:
        if change.touches_document:
            self._known.clear()
            if self._wanted is not None:
                self._soon.start(HOVER_MS)

    def _amended(self, candidate_id: CandidateId) -> None:
        """Other parts of an answer are kept, or it was fitted anew: what was made of it before is not what it is."""
        known = self._known.pop(candidate_id, None)
        if known is not None and self._wanted is not None and self._wanted[0] == candidate_id:
            self._soon.start(0)

    def _stop_making(self) -> None:
        if self._making is not None:
            self._making.cancel()
            self._making = None

    def _follow(self) -> None:
        self._stop_making()
        if self._wanted is None:
            self._let_go()
            return
        candidate_id, label = self._wanted
        known = self._known.get(candidate_id)
        if known is not None:
            self._put(candidate_id, label, known)
        elif tasks.can_spawn():
            self._making = tasks.spawn(self._make(candidate_id, label))

    async def _make(self, candidate_id: CandidateId, label: str) -> None:
        base = self._project.editor.document
        try:
            document = await self._project.runs.preview(candidate_id)
        except (DocumentError, EditorError) as error:
            say(self._project, f"This answer cannot be shown in place. {error}")
            return
        if self._project.editor.document is base and self._wanted == (candidate_id, label):
            self._known[candidate_id] = document
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
            self._put(candidate_id, label, document)

    def _put(self, candidate_id: CandidateId, label: str, document: Document) -> None:
        self.shown = candidate_id
        self._canvas.set_preview_document(document, label)
        self.changed.emit()

    def _settled(self) -> None:
        if self._leaving.isActive():
            self._let_go()

    def _let_go(self) -> None:
        self._leaving.stop()
        if self.shown is not None:
            self.shown = None
            self._canvas.set_preview_document(None)
            self.changed.emit()
