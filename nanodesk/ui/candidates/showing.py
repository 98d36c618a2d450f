"""A candidate in place on the canvas: the one pointed at, else the one chosen; the latest wish wins.

One that nobody has looked at yet is shown as it came while it is fitted; who goes on to another calls that off.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.document.candidate import CandidateState
from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks
from nanodesk.ui.history_panel.attempt import say

if TYPE_CHECKING:
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
        self._making: tuple[CandidateId, asyncio.Task[None]] | None = None
        self.shown: CandidateId | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._follow)
        self._leaving = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._leaving.timeout.connect(self._let_go)
        canvas.settled.connect(self._settled)
        self._ends = (
            project.editor.changed.connect(self._changed),
            project.runs.candidate_changed.connect(self._candidate_changed),
        )

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
        self._soon.stop()
        self._leaving.stop()
        self._stop_making()

    def _changed(self, change: Change) -> None:
        if change.touches_document:
            self._known.clear()
            if self._wanted is not None:
                self._soon.start(HOVER_MS)

    def _candidate_changed(self, candidate_id: CandidateId) -> None:
        """Another part of it is shown now, or it was fitted anew."""
        self._known.pop(candidate_id, None)
        candidate = self._project.runs.candidates.get(candidate_id)
        waits = candidate is not None and candidate.state is CandidateState.WAITING
        if waits and candidate_id == self.shown and self._wanted is not None and self._wanted[0] == candidate_id:
            self._soon.start(0)

    def _stop_making(self) -> None:
        if self._making is not None:
            self._making[1].cancel()
            self._making = None

    def _follow(self) -> None:
        wanted = None if self._wanted is None else self._wanted[0]
        if self._making is not None and self._making[0] == wanted and not self._making[1].done():
            return  # it looks at the document again before it shows anything
        self._stop_making()
        if self._wanted is None:
            self._let_go()
            return
        candidate_id, label = self._wanted
        known = self._known.get(candidate_id)
        if known is not None:
            self._put(candidate_id, label, known)
        elif tasks.can_spawn():
            self._making = candidate_id, tasks.spawn(self._make(candidate_id), name="show an answer")

    async def _make(self, candidate_id: CandidateId) -> None:
        try:
            await asyncio.gather(self._stand_in(candidate_id), self._project.runs.first_look.ready(candidate_id))
            document = await self._made(candidate_id)
        except (DocumentError, EditorError) as error:
            if self._wanted is not None and self._wanted[0] == candidate_id:
                say(self._project, f"This answer cannot be shown in place. {error}")
            return
        if self._wanted is not None and self._wanted[0] == candidate_id:
            self._known[candidate_id] = document
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
            self._put(candidate_id, self._wanted[1], document)

    async def _made(self, candidate_id: CandidateId) -> Document:
        """The document with a candidate, as both are when it is there."""
        editor, runs = self._project.editor, self._project.runs
        while True:
            base, candidate = editor.document, runs.candidates.get(candidate_id)
            document = await runs.preview(candidate_id)
            if editor.document is base and runs.candidates.get(candidate_id) is candidate:
                return document

    async def _stand_in(self, candidate_id: CandidateId) -> None:
        """Show an unfitted answer as it came, until the document with it is there."""
        runs = self._project.runs
        if not runs.candidates[candidate_id].unfitted or self._project.editor.document.size.empty:
            return
        size = self._project.editor.document.size
        level, block = await runs.as_it_came(candidate_id)
        wanted = self._wanted is not None and self._wanted[0] == candidate_id
        if wanted and self.shown != candidate_id and self._project.editor.document.size == size:
            assert self._wanted is not None
            self._canvas.stand_in(level, block, self._wanted[1])
            self.shown = candidate_id
            self.changed.emit()

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
