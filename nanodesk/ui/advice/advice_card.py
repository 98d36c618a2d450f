"""The card over the canvas: what to ask, what leaves for it, the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from nanodesk.document.advice import AdviceKind
from nanodesk.document.run import Remedy
from nanodesk.editor.errors import ConsentMissingError, EditorError, RunError
from nanodesk.ui import tasks
from nanodesk.ui.advice.answer_list import AnswerList
from nanodesk.ui.cards.floating_card import FloatingCard
from nanodesk.ui.history_panel.words import money, plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    import asyncio

    from PySide6.QtWidgets import QWidget

    from nanodesk.document.advice import Advice
    from nanodesk.document.identity import CandidateId
    from nanodesk.editor.planning import Outgoing
    from nanodesk.editor.project import Project

KINDS = (AdviceKind.SUGGEST, AdviceKind.DESCRIBE, AdviceKind.CHECK, AdviceKind.WENT_WRONG)
_TITLES = {
    AdviceKind.SUGGEST: "Suggest",
    AdviceKind.DESCRIBE: "Describe",
    AdviceKind.CHECK: "Check edits",
    AdviceKind.WENT_WRONG: "What went wrong",
}


class AdviceCard(FloatingCard):
    """Over one project's canvas; nothing is sent before Ask is pressed.

    Signals:
        edit_wanted: a suggested sentence shall go into the stack.
        key_wanted, consent_wanted: the engine, which cannot be asked before.
    """

    edit_wanted = Signal(str)
    key_wanted = Signal(str)
    consent_wanted = Signal(str)

    def __init__(self, project: Project, over: QWidget) -> None:
        self.answer = AnswerList()
        super().__init__(over, "Ask the model about the picture", tuple(_TITLES[kind] for kind in KINDS), self.answer)
        self._project = project
        self._candidate: CandidateId | None = None
        self._task: asyncio.Task[None] | None = None
        self._remedy = Remedy.NONE
        self.leaving = WrappedLabel(role="secondary", ink="dim")
        self.said = WrappedLabel(role="secondary", ink="dim")
        self.ask_button = FlatButton("Ask", framed=True)
        tidy(self.ask_button, "Ask the model")
        self.under_head.addWidget(self.leaving)
        self.foot.addWidget(self.said, 1, Qt.AlignmentFlag.AlignVCenter)
        self.foot.addWidget(self.ask_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.tabs.chosen.connect(lambda _: self._prepare())
        self.ask_button.clicked.connect(self._pressed)
        self.answer.edit_wanted.connect(self.edit_wanted)

    @property
    def kind(self) -> AdviceKind:
        """What is asked."""
        return KINDS[self.tabs.place]

    def open_for(self, kind: AdviceKind, candidate: CandidateId | None = None) -> None:
        """Show the card with a question chosen.

        Args:
            candidate: the answer that comparisons are about; none for the newest.
        """
        self._candidate = candidate if candidate is not None else self._newest()
        self.open()
        if self.kind is kind:
            self._prepare()
        else:
            self.tabs.choose(KINDS.index(kind))
        self.ask_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _newest(self) -> CandidateId | None:
        """The newest answer of a run that asked for something."""
        return next(reversed(list(self._project.runs.candidates)), None)

    def again(self) -> None:
        """What stood in the way is there now: show what would be sent, to be asked."""
        if self.isVisible():
            self._prepare()

    def dismiss(self) -> None:
        """Stop asking and go away."""
        self._stop()
        super().dismiss()

    def close_down(self) -> None:
        """Ask no more."""
        self._stop()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _start(self, asking: bool) -> None:
        self._stop()
        self._task = tasks.spawn(self._asked() if asking else self._told_what_leaves(), name="advice")

    # What leaves

    def _prepare(self) -> None:
        self.answer.clear()
        self._say("Nothing is sent before you ask.")
        self._button("Ask")
        self.ask_button.setEnabled(False)
        self.leaving.write("Preparing what would be sent…")
        self._place()
        self._start(asking=False)

    async def _told_what_leaves(self) -> None:
        kind = self.kind
        candidate = self._candidate if kind.compares else None
        try:
            outgoing = await self._project.advising.outgoing(kind, candidate)
        except EditorError as error:
            self.leaving.write("")
            self._fail(error)
            return
        self.leaving.write(_leaving(outgoing))
        self.ask_button.setEnabled(True)
        self._place()

    # Asking

    def _pressed(self) -> None:
        engine = self._project.advising.engine()
        if self._remedy is Remedy.KEY:
            self.key_wanted.emit(engine)
        elif self._remedy is Remedy.CONSENT:
            self.consent_wanted.emit(engine)
        elif self.ask_button.text() == "Cancel":
            self._stop()
            self._prepare()
        else:
            self.answer.clear()
            self._say("Asking. The answer is advice; nothing follows from it by itself.")
            self._button("Cancel")
            self._start(asking=True)

    async def _asked(self) -> None:
        kind = self.kind
        candidate = self._candidate if kind.compares else None
        try:
            advice = await self._project.advising.ask(kind, candidate)
        except EditorError as error:
            self._fail(error)
            return
        self._show(advice, candidate)

    def _show(self, advice: Advice, candidate: CandidateId | None) -> None:
        runs = self._project.runs
        edits = runs.runs[runs.candidates[candidate].run].edits if candidate is not None else ()
        self.answer.show_advice(advice, [edit.instruction for edit in edits])
        cost = f" · {money(advice.cost)}" if advice.cost is not None else ""
        self._say(f"The words of {plain(advice.model)}{cost}")
        self._button("Ask again")
        self._place()

    def _fail(self, error: EditorError) -> None:
        self._say(str(error), "attention")
        if isinstance(error, ConsentMissingError):
            self._button("Allow…", Remedy.CONSENT)
        elif isinstance(error, RunError) and error.remedy is Remedy.KEY:
            self._button("Enter a key…", Remedy.KEY)
        else:
            self._button("Ask again")
            self.ask_button.setEnabled(bool(self.leaving.text))
        self._place()

    def _say(self, words: str, ink: str = "dim") -> None:
        self.said.write(words, ink)

    def _button(self, title: str, remedy: Remedy = Remedy.NONE) -> None:
        self._remedy = remedy
        self.ask_button.write(title)
        self.ask_button.setEnabled(True)

    def resized(self) -> None:
        self._place()

    def _place(self) -> None:
        self.leaving.setVisible(bool(self.leaving.text))
        self.place(scrolls=not self.answer.empty)


def _leaving(outgoing: Outgoing) -> str:
    pictures = outgoing.pictures
    sizes = ", ".join(f"{one.size.width} × {one.size.height}" for one in pictures)
    count = f"{len(pictures)} picture{'' if len(pictures) == 1 else 's'} leave{'s' if len(pictures) == 1 else ''}"
    return f"{count}: {sizes} px, {outgoing.size_bytes / 1_000_000:.1f} MB, to {plain(outgoing.host)}"
