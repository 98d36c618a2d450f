"""The card on a fitted answer: what was found, its parts with Keep and Drop, and what can be done with it for free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from nanodesk.document.candidate import CandidateState
from nanodesk.document.errors import DocumentError
from nanodesk.document.geometry import Point
from nanodesk.editor.errors import EditorError
from nanodesk.editor.foreign_answers import OTHER_TOOL
from nanodesk.ui import tasks
from nanodesk.ui.cards.floating_card import FloatingCard
from nanodesk.ui.fit.blend_line import BlendLine
from nanodesk.ui.fit.fit_words import found, moved, parts_of
from nanodesk.ui.fit.part_outlines import PartOutlines
from nanodesk.ui.fit.parts_list import STEPS, PartsList
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

SEVERAL = 3
"""From so many parts on all of them can be kept or dropped at once."""
_STALE = "Made on an older base: what lies below looks otherwise now."
_UNKNOWN = "This is what an earlier fit made. Refit, to see its parts again."
_OWN = "All that the model sent is shown now. Keeping or dropping a part goes back to only what changed."


class LeakCard(FloatingCard):
    """Follows one layer or one waiting answer.

    Signals:
        edit_wanted: a drafted sentence shall go into the stack.
    """

    edit_wanted = Signal(str)
    overhang = 6

    def __init__(self, project: Project, canvas: CanvasWidget) -> None:
        self.parts = PartsList()
        super().__init__(canvas, "What the answer changed", ("What changed",), self.parts)
        self._project = project
        self._canvas = canvas
        self._layer: LayerId | None = None
        self._candidate: CandidateId | None = None
        self._asking: tuple[CandidateId, asyncio.Task[None]] | None = None
        self._outlines = PartOutlines(project, canvas, self)
        self.overlay = self._outlines.overlay
        self.sentence = WrappedLabel()
        self.detail = WrappedLabel(role="secondary", ink="dim")
        self.note = WrappedLabel(role="secondary", ink="attention")
        self.blend = BlendLine(project)
        self.keep_all = FlatButton("Keep all", flush=True).look("secondary", ink="dim")
        self.drop_all = FlatButton("Drop all", flush=True).look("secondary", ink="dim")
        self.own = FlatButton("Model’s own picture", framed=True)
        self.refit = FlatButton("Refit", framed=True)
        self.apart = FlatButton("Take apart", framed=True)
        tidy(self.keep_all, "Keep all parts")
        tidy(self.drop_all, "Drop all parts")
        tidy(self.own, "Show the model’s own picture", "Show all that the model sent, or only what changed")
        tidy(self.refit, "Refit to what lies below now", "Fit the kept answer again: free, nothing is sent")
        tidy(self.apart, "Take apart", "A layer for each edit or part, to be hidden or faded by itself")
        self._lay_out_parts()
        self._connect()

    def _lay_out_parts(self) -> None:
        for label in (self.sentence, self.detail, self.note):
            self.under_head.addWidget(label)
        several = QHBoxLayout()
        several.setContentsMargins(0, 2, 0, 0)
        several.setSpacing(14)
        for button in (self.keep_all, self.drop_all):
            several.addWidget(button)
        several.addStretch(1)
        self.under_head.addLayout(several)
        self.over_foot.addWidget(self.blend)
        for button in (self.refit, self.own, self.apart):
            self.foot.addWidget(button)
        self.foot.addStretch(1)

    def _connect(self) -> None:
        self.parts.chosen.connect(self._chosen)
        self.parts.marked.connect(self.overlay.mark)
        self.parts.reached.connect(lambda row: self.area.ensureWidgetVisible(row, 0, 8))
        self.blend.edit_wanted.connect(self.edit_wanted)
        self.blend.changed.connect(lambda: self.place(scrolls=bool(self.parts.rows)))
        self.keep_all.clicked.connect(lambda: self.parts.choose(kept=True))
        self.drop_all.clicked.connect(lambda: self.parts.choose(kept=False))
        self.own.clicked.connect(self._turn_own)
        self.refit.clicked.connect(self._refit)
        self.apart.clicked.connect(self._take_apart)
        self._canvas.active_layer_changed.connect(self._active_changed)
        self._ends = [
            self._project.editor.changed.connect(self._document_changed),
            self._project.runs.candidate_changed.connect(self._candidate_changed),
        ]

    def open_for_layer(self, layer_id: LayerId) -> None:
        """Show the parts of a layer's answer.

        Raises:
            EditorError: when the layer was not made by fitting an answer.
        """
        if self._project.refitting.answer_of(layer_id) is None:
            name = self._project.editor.document.layer(layer_id).name
            raise EditorError(
                f"“{name}” was not fitted, so nothing is known of its parts. If another tool made it from this"
                " picture, choose Layer ▸ Fit another tool’s answer."
            )
        self._layer, self._candidate = layer_id, None
        self._show_at_once()

    def open_for_candidate(self, candidate_id: CandidateId) -> None:
        """Show the parts of a waiting answer.

        Raises:
            EditorError: when the answer was taken as it is.
        """
        if self._project.runs.candidates[candidate_id].fit is None:
            raise EditorError("This answer was taken as it is; it has no parts.")
        self._layer, self._candidate = None, candidate_id
        self._show_at_once()

    def _show_at_once(self) -> None:
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

    # What it follows

    def _answer(self) -> Candidate | None:
        if self._layer is not None:
            return self._project.refitting.answer_of(self._layer)
        return None if self._candidate is None else self._project.runs.candidates.get(self._candidate)

    def _fit(self) -> FittedAnswer | None:
        """What is known of its parts as things are now; none where nothing is."""
        if self._layer is not None:
            return self._project.refitting.fit_of(self._layer)
        candidate = self._answer()
        return None if candidate is None else candidate.fit

    def _candidate_changed(self, candidate_id: CandidateId) -> None:
        candidate = self._answer()
        if self.isHidden() or candidate is None or candidate.id != candidate_id:
            return
        if self._layer is None and candidate.state is not CandidateState.WAITING:
            self.dismiss()
        else:
            self.follow()

    def _active_changed(self, layer_id: LayerId | None) -> None:
        """While it tells of a layer it tells of the active one; of one that was not fitted there is nothing to tell."""
        if self.isHidden() or self._layer is None or layer_id == self._layer:
            return
        if layer_id is None or self._project.refitting.answer_of(layer_id) is None:
            self.dismiss()
            return
        self._layer = layer_id
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
        fit, stale = self._fit(), self._stale()
        own = self._layer is not None and self._project.refitting.shows_own_picture(self._layer)
        self.sentence.write(f"{found(fit or candidate.fit)}.")
        told = moved(fit or candidate.fit)
        self.detail.write(f"It {told}." if told else "")
        self.detail.setVisible(bool(told))
        self._warn(_UNKNOWN if fit is None else _STALE if stale else "")
        if own and not stale:
            self._warn(_OWN, "dim")
        self._show_parts(candidate, fit)
        self.blend.follow(self._layer)
        self.own.setVisible(self._layer is not None and fit is not None)
        whose = "The tool’s" if self._project.runs.runs[candidate.run].engine == OTHER_TOOL else "Model’s"
        self.own.write("Only what changed" if own else f"{whose} own picture")
        self.apart.setVisible(self._layer is not None and fit is not None and not own and len(fit.kept) > 1)
        self.refit.setVisible(stale)
        self.place(scrolls=bool(self.parts.rows))
        in_parts = fit is not None and bool(parts_of(fit)) and not own  # its own picture lies otherwise
        self._outlines.follow(fit if in_parts else None, Point() if fit is None else self._away(fit))

    def _warn(self, words: str, ink: str = "attention") -> None:
        self.note.write(words, ink)
        self.note.setVisible(bool(words))

    def _await_fit(self, candidate_id: CandidateId) -> None:
        """Nobody has looked at this answer before: what changed is told when it is known."""
        if self._asking is not None and self._asking[0] == candidate_id:
            return
        self._ask_no_more()
        self.parts.show_parts((), (), ())
        self._outlines.clear()
        self.blend.follow(None)
        for part in (self.detail, self.note, self.keep_all, self.drop_all, self.own, self.apart, self.refit):
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

    def _show_parts(self, candidate: Candidate, fit: FittedAnswer | None) -> None:
        islands = () if fit is None else parts_of(fit)
        edits = self._project.runs.runs[candidate.run].edits
        known = [one.edit if one.edit is not None and one.edit < len(edits) else -1 for one in islands]
        sentences = [edits[place].instruction if place >= 0 else "" for place in known]
        self.parts.show_parts(islands, sentences, () if fit is None else fit.kept)
        for button in (self.keep_all, self.drop_all):
            button.setVisible(len(islands) >= SEVERAL)

    def _away(self, fit: FittedAnswer) -> Point:
        """How far the layer was moved since it was fitted."""
        layer = None if self._layer is None else self._project.editor.document.layers.get(self._layer)
        return Point() if layer is None else layer.offset - fit.rect.offset

    # What is done

    def _start(self, work: Callable[[], Awaitable[object]]) -> None:
        async def guarded() -> None:
            try:
                await work()
            except (EditorError, DocumentError) as error:
                self.follow()  # what was shown at once has not come true
                if not self.isHidden():
                    self._warn(str(error))
                    self.place(scrolls=bool(self.parts.rows))

        tasks.spawn(guarded(), name="fit")

    def _chosen(self, wanted: set[int]) -> None:
        refitting, layer, candidate = self._project.refitting, self._layer, self._candidate
        if layer is not None:
            self._start(lambda: refitting.keep_in_layer(layer, wanted))
        elif candidate is not None:
            self._start(lambda: refitting.keep_in_candidate(candidate, wanted))

    def _turn_own(self) -> None:
        layer = self._layer
        if layer is not None:
            on = not self._project.refitting.shows_own_picture(layer)
            self._start(lambda: self._alone(self._project.refitting.own_picture(layer, on=on)))

    def _refit(self) -> None:
        layer, candidate = self._layer, self._candidate
        if layer is not None:
            self._start(lambda: self._alone(self._project.refitting.refit(layer)))
        elif candidate is not None:
            self._start(lambda: self._alone(self._project.refitting.refit_candidate(candidate)))

    def _take_apart(self) -> None:
        layer = self._layer
        if layer is not None:
            self._start(lambda: self._alone(self._project.refitting.unbake(layer)))

    async def _alone(self, work: Awaitable[object]) -> None:
        """One of these at a time: a second press while the first is at work is no second wish."""
        buttons = (self.own, self.refit, self.apart)
        for button in buttons:
            button.setEnabled(False)
        self.refit.write("Refitting …" if self.refit.isVisible() else "Refit")
        try:
            await work
        finally:
            self.refit.write("Refit")
            for button in buttons:
                button.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = STEPS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.parts.step(by)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.KeyPress and self.isVisible() and not self._canvas.busy:
            self.dismiss()
            return True
        return super().eventFilter(watched, event)

    def dismiss(self) -> None:
        self._ask_no_more()
        self.blend.stop()
        super().dismiss()
        self._outlines.clear()

    def close_down(self) -> None:
        """Follow the project no more."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._ask_no_more()
        self.blend.stop()
        self._outlines.stop()
