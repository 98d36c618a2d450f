"""The card over the canvas: what to ask, what leaves for it, the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from nanodesk.document.advice import AdviceKind
from nanodesk.document.run import Remedy
from nanodesk.editor.errors import ConsentMissingError, EditorError, RunError
from nanodesk.ui import tasks, theme
from nanodesk.ui.advice.answer_list import AnswerList
from nanodesk.ui.history_panel.words import money, plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.section_title import SectionTitle
from nanodesk.ui.references.slim_bar import SlimBar
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    import asyncio

    from nanodesk.document.advice import Advice
    from nanodesk.document.identity import CandidateId
    from nanodesk.editor.planning import Outgoing
    from nanodesk.editor.project import Project

WIDTH = 360
MARGIN = 16
HIGHEST = 460
KINDS = (AdviceKind.SUGGEST, AdviceKind.DESCRIBE, AdviceKind.CHECK, AdviceKind.WENT_WRONG)
_TITLES = {
    AdviceKind.SUGGEST: "Suggest",
    AdviceKind.DESCRIBE: "Describe",
    AdviceKind.CHECK: "Check edits",
    AdviceKind.WENT_WRONG: "What went wrong",
}


class AdviceCard(QWidget):
    """Over one project's canvas; nothing is sent before Ask is pressed.

    Signals:
        edit_wanted: a suggested sentence shall go into the stack.
        key_wanted, consent_wanted: the engine, which cannot be asked before.
    """

    edit_wanted = Signal(str)
    key_wanted = Signal(str)
    consent_wanted = Signal(str)

    def __init__(self, project: Project, over: QWidget) -> None:
        super().__init__(over)
        self._project = project
        self._over = over
        self._candidate: CandidateId | None = None
        self._task: asyncio.Task[None] | None = None
        self._remedy = Remedy.NONE
        self.tabs = SectionTitle(*(_TITLES[kind] for kind in KINDS))
        self.close_button = FlatButton(icon="x").look("secondary", ink="dim")
        tidy(self.close_button, "Close", "Close")
        self.leaving = WrappedLabel(role="secondary", ink="dim")
        self.answer = AnswerList()
        self.area = QScrollArea()
        self.foot = WrappedLabel(role="secondary", ink="dim")
        self.ask_button = FlatButton("Ask", framed=True)
        tidy(self.ask_button, "Ask the model")
        self._lay_out()
        self.tabs.chosen.connect(lambda _: self._prepare())
        self.close_button.clicked.connect(self.dismiss)
        self.ask_button.clicked.connect(self._pressed)
        self.answer.edit_wanted.connect(self.edit_wanted)
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        self.setAccessibleName("Ask the model about the picture")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.close_button)
        self.area.setWidget(self.answer)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        self.answer.setAutoFillBackground(False)
        SlimBar(self.area)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.foot, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.ask_button, 0, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 8, 10, 12)
        box.setSpacing(8)
        box.addLayout(head)
        box.addWidget(self.leaving)
        box.addWidget(self.area, 1)
        box.addLayout(foot)

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
        self.show()
        self.raise_()
        if self.kind is kind:
            self._prepare()
        else:
            self.tabs.choose(KINDS.index(kind))
        self.ask_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _newest(self) -> CandidateId | None:
        """The newest answer of a run that asked for something."""
        return next(reversed(list(self._project.runs.candidates)), None)

    def dismiss(self) -> None:
        """Stop asking and go away."""
        self._stop()
        self.hide()
        self._over.setFocus()

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
        self.foot.write(words, ink)

    def _button(self, title: str, remedy: Remedy = Remedy.NONE) -> None:
        self._remedy = remedy
        self.ask_button.write(title)
        self.ask_button.setEnabled(True)

    # Place and look

    def _place(self) -> None:
        width = min(WIDTH, self._over.width() - 2 * MARGIN)
        room = min(HIGHEST, self._over.height() - 2 * MARGIN)
        self.area.setVisible(not self.answer.empty)
        inner = width - 24
        wanted = self.answer.heightForWidth(inner) if self.area.isVisibleTo(self) else 0
        foot = max(28, self.foot.heightForWidth(inner - self.ask_button.sizeHint().width() - 10))
        height = 8 + 28 + 8 + max(0, self.leaving.heightForWidth(inner)) + 8 + wanted + 8 + foot + 14
        self.setGeometry(self._over.width() - width - MARGIN, MARGIN, width, min(room, height))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colours().line)
        painter.setBrush(theme.colours().panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.end()


def _leaving(outgoing: Outgoing) -> str:
    pictures = outgoing.pictures
    sizes = ", ".join(f"{one.size.width} × {one.size.height}" for one in pictures)
    count = f"{len(pictures)} picture{'' if len(pictures) == 1 else 's'} leave{'s' if len(pictures) == 1 else ''}"
    return f"{count}: {sizes} px, {outgoing.size_bytes / 1_000_000:.1f} MB, to {plain(outgoing.host)}"
