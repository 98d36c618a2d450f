"""The card on a fitted answer: what was found, its parts with Keep and Drop, and what can be done with it for free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks
from nanodesk.ui.cards.floating_card import FloatingCard
from nanodesk.ui.fit.blend_line import BlendLine
from nanodesk.ui.fit.island_row import IslandRow
from nanodesk.ui.fit.leak_overlay import LeakOverlay
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.change import Change
    from nanodesk.document.fit import FittedAnswer
    from nanodesk.document.identity import CandidateId, LayerId
    from nanodesk.editor.project import Project
    from nanodesk.ui.canvas.canvas import CanvasWidget


class _Rows(QWidget):
    """The parts, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 10, 0)
        self.box.setSpacing(2)

    def clear(self) -> None:
        while (item := self.box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class LeakCard(FloatingCard):
    """Follows one layer or one waiting answer.

    Signals:
        edit_wanted: a drafted sentence shall go into the stack.
    """

    edit_wanted = Signal(str)

    def __init__(self, project: Project, canvas: CanvasWidget) -> None:
        self.rows = _Rows()
        super().__init__(canvas, "What the answer changed", ("What changed",), self.rows)
        self._project = project
        self._layer: LayerId | None = None
        self._candidate: CandidateId | None = None
        self._tinting: asyncio.Task[None] | None = None
        self._asking: tuple[CandidateId, asyncio.Task[None]] | None = None
        self.overlay = LeakOverlay(canvas)
        self.sentence = WrappedLabel()
        self.blend = BlendLine(project)
        self.older = WrappedLabel(role="secondary", ink="attention")
        self.own = FlatButton("Model’s own picture", framed=True)
        self.refit = FlatButton("Refit", framed=True)
        self.apart = FlatButton("Take apart", framed=True)
        tidy(self.own, "Show the model’s own picture", "Show all that the model sent, or only what changed")
        tidy(self.refit, "Refit to what lies below now", "Fit the kept answer again: free, nothing is sent")
        tidy(self.apart, "Take apart by edit", "A layer for each edit, to be hidden or faded by itself")
        self.under_head.addWidget(self.sentence)
        self.under_head.addWidget(self.older)
        self.under_head.addWidget(self.blend)
        self.blend.edit_wanted.connect(self.edit_wanted)
        self.blend.changed.connect(lambda: self.place(scrolls=True))
        for button in (self.own, self.refit, self.apart):
            self.foot.addWidget(button)
        self.foot.addStretch(1)
        self.own.clicked.connect(self._turn_own)
        self.refit.clicked.connect(self._refit)
        self.apart.clicked.connect(self._take_apart)
        self._ends = [
            project.editor.changed.connect(self._document_changed),
            project.runs.candidate_changed.connect(self._candidate_changed),
        ]

    def open_for_layer(self, layer_id: LayerId) -> None:
        """Show the parts of a layer's answer.

        Raises:
            EditorError: when the layer was not made by fitting an answer.
        """
        if self._project.refitting.answer_of(layer_id) is None:
            raise EditorError("This layer was not made by fitting an answer, so nothing of it can leak.")
        self._layer, self._candidate = layer_id, None
        self.open()
        self.follow()

    def open_for_candidate(self, candidate_id: CandidateId) -> None:
        """Show the parts of a waiting answer.

        Raises:
            EditorError: when the answer was taken as it is.
        """
        if self._project.runs.candidates[candidate_id].fit is None:
            raise EditorError("This answer was taken as it is; it has no parts.")
        self._layer, self._candidate = None, candidate_id
        self.open()
        self.setFocus()  # so that Escape puts this away first, and the answer stays
        self.follow()

    def look_at(self, candidate_id: CandidateId | None) -> None:
        """While it tells of a waiting answer, tell of the one that is looked at now; of none it goes away."""
        if self.isHidden() or self._candidate is None or candidate_id == self._candidate:
            return
        known = None if candidate_id is None else self._project.runs.candidates.get(candidate_id)
        if known is None or known.fit is None:
            self.dismiss()
            return
        self._candidate = known.id
        self.follow()

    def _answer(self) -> Candidate | None:
        if self._layer is not None:
            return self._project.refitting.answer_of(self._layer)
        return None if self._candidate is None else self._project.runs.candidates.get(self._candidate)

    def _candidate_changed(self, candidate_id: CandidateId) -> None:
        if candidate_id == self._candidate and self._project.runs.candidates[candidate_id].state.value != "waiting":
            self.dismiss()
        else:
            self.follow()

    def _document_changed(self, change: Change) -> None:
        if change.touches_document:
            self.follow()

    def follow(self) -> None:
        """Show how things are now; go away when what it followed is gone."""
        if self.isHidden():
            return
        candidate = self._answer()
        if candidate is None or candidate.fit is None:
            self.dismiss()
            return
        if candidate.unfitted:
            self._await_fit(candidate.id)
            return
        self._ask_no_more()
        fit = candidate.fit
        self.sentence.write(plain(fit.sentence))
        stale = self._stale()
        self.older.write("Made on an older base: what lies below looks otherwise now." if stale else "")
        self.older.setVisible(stale)
        self._show_rows(candidate, fit)
        self.blend.follow(self._layer)
        layer = self._layer
        self.own.setVisible(layer is not None)
        self.apart.setVisible(layer is not None and len(_owners(fit)) > 1)
        self.refit.setVisible(stale)
        if layer is not None:
            own = self._project.refitting.shows_own_picture(layer)
            self.own.write("Only what changed" if own else "Model’s own picture")
        self.place(scrolls=bool(fit.islands))
        self._tint(0)

    def _await_fit(self, candidate_id: CandidateId) -> None:
        """Nobody has looked at this answer before: what changed is told when it is known."""
        if self._asking is not None and self._asking[0] == candidate_id:
            return
        self._ask_no_more()
        self.rows.clear()
        self.overlay.clear()
        self.blend.follow(None)
        for part in (self.older, self.own, self.apart, self.refit):
            part.hide()
        self.sentence.write("Finding what changed…")
        self.place(scrolls=False)
        self._asking = candidate_id, tasks.spawn(self._fitted(candidate_id), name="fit for the card")

    async def _fitted(self, candidate_id: CandidateId) -> None:
        try:
            await self._project.runs.first_look.ready(candidate_id)
        except EditorError as error:
            self.sentence.write(str(error))
            self.place(scrolls=False)

    def _ask_no_more(self) -> None:
        if self._asking is not None:
            self._asking[1].cancel()
            self._asking = None

    def _stale(self) -> bool:
        if self._layer is not None:
            return self._project.refitting.stale(self._layer)
        return self._candidate is not None and self._project.refitting.candidate_stale(self._candidate)

    def _show_rows(self, candidate: Candidate, fit: FittedAnswer) -> None:
        edits = self._project.runs.runs[candidate.run].edits
        focused = next((row.number for row in self.findChildren(IslandRow) if row.hasFocus()), 0)
        self.rows.clear()
        for island in fit.islands:
            asked = island.edit is not None and island.edit < len(edits)
            sentence = edits[island.edit].instruction if asked and island.edit is not None else ""
            row = IslandRow(island, sentence, kept=island.number in fit.kept)
            row.toggled.connect(self._toggled)
            row.marked.connect(self._tint)
            self.rows.box.addWidget(row)
            row.show()  # Qt would only do so later, and the card would be placed as if it were not there
            if island.number == focused:
                row.setFocus(Qt.FocusReason.OtherFocusReason)
        self.rows.box.addStretch(1)

    # The tint

    def _tint(self, marked: int) -> None:
        candidate = self._answer()
        if candidate is None or candidate.fit is None or self.isHidden():
            return
        if self._tinting is not None:
            self._tinting.cancel()
        self._tinting = tasks.spawn(self._tinted(candidate.fit, marked), name="leak tint")

    async def _tinted(self, fit: FittedAnswer, marked: int) -> None:
        tint = await self._project.refitting.tint(fit, marked)
        if tint is None:
            self.overlay.clear()
        elif not self.isHidden():
            self.overlay.show_tint(tint, fit.rect)
            self.overlay.stackUnder(self)

    # What is done

    def _start(self, work: Callable[[], Awaitable[object]]) -> None:
        async def guarded() -> None:
            try:
                await work()
            except (EditorError, DocumentError) as error:
                self.older.write(str(error))
                self.older.show()
                self.place(scrolls=True)

        tasks.spawn(guarded(), name="fit")

    def _toggled(self, number: int, kept: bool) -> None:
        candidate = self._answer()
        if candidate is None or candidate.fit is None:
            return
        wanted = set(candidate.fit.kept) | {number} if kept else set(candidate.fit.kept) - {number}
        refitting, layer = self._project.refitting, self._layer
        if layer is not None:
            self._start(lambda: refitting.keep_in_layer(layer, wanted))
        else:
            self._start(lambda: refitting.keep_in_candidate(candidate.id, wanted))

    def _turn_own(self) -> None:
        layer = self._layer
        if layer is not None:
            on = not self._project.refitting.shows_own_picture(layer)
            self._start(lambda: self._project.refitting.own_picture(layer, on=on))

    def _refit(self) -> None:
        layer, candidate = self._layer, self._candidate
        self.refit.setEnabled(False)

        async def again() -> None:
            try:
                if layer is not None:
                    await self._project.refitting.refit(layer)
                elif candidate is not None:
                    await self._project.refitting.refit_candidate(candidate)
            finally:
                self.refit.setEnabled(True)

        self._start(again)

    def _take_apart(self) -> None:
        layer = self._layer
        if layer is not None:
            self._start(lambda: self._project.refitting.unbake(layer))

    def dismiss(self) -> None:
        self._ask_no_more()
        self.blend.stop()
        if self._tinting is not None:
            self._tinting.cancel()
        self.overlay.clear()
        super().dismiss()

    def close_down(self) -> None:
        """Follow the project no more."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._ask_no_more()
        self.blend.stop()
        if self._tinting is not None:
            self._tinting.cancel()


def _owners(fit: FittedAnswer) -> set[int]:
    """Who the shown parts belong to, for telling whether they can be taken apart."""
    kept = [island for island in fit.islands if island.number in fit.kept]
    return {island.edit if island.edit is not None else -island.number for island in kept}
