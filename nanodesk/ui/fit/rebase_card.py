"""The card before a rebase: which edits would be done anew, on what, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.ui.cards.floating_card import FloatingCard
from nanodesk.ui.history_panel.words import money, plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.document.change import Change
    from nanodesk.document.run import RunOptions
    from nanodesk.editor.project import Project
    from nanodesk.editor.wearing import RebasePlan
    from nanodesk.ui.canvas.canvas import CanvasWidget

_WHY = (
    "Each model pass softens a picture a little. A rebase sends all accepted edits in one pass on the original."
    " The answer waits beside what there is now, until you decide."
)


class _Sentences(QWidget):
    """The edits, numbered."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 8, 0)
        self._box.setSpacing(4)
        self.labels: list[WrappedLabel] = []

    def write(self, sentences: tuple[str, ...]) -> None:
        for label in self.labels:
            label.hide()
            label.setParent(None)
            label.deleteLater()
        self.labels = [WrappedLabel(f"{place}. {plain(one)}") for place, one in enumerate(sentences, start=1)]
        for label in self.labels:
            self._box.addWidget(label)
            label.show()  # Qt would only do so later, and the card would be placed as if it were not there


class RebaseCard(FloatingCard):
    """Opened by the Run menu; nothing is sent before its button is pressed.

    Signals:
        wanted: with engine and options, it shall be done.
    """

    wanted = Signal(str, object)

    def __init__(self, project: Project, canvas: CanvasWidget) -> None:
        self.sentences = _Sentences()
        super().__init__(canvas, "Rebase", ("Rebase",), self.sentences)
        self._project = project
        self._asked: tuple[str, RunOptions] | None = None
        self.summary = WrappedLabel()
        self.why = WrappedLabel(_WHY, role="secondary", ink="dim")
        self.price = WrappedLabel(role="secondary", ink="dim")
        self.go = FlatButton("Rebase", framed=True)
        self.leave = FlatButton("Cancel", framed=True)
        tidy(self.go, "Rebase", "Send these edits on the original, in one pass")
        tidy(self.leave, "Cancel", "Send nothing")
        self.under_head.addWidget(self.summary)
        self.under_head.addWidget(self.why)
        self.over_foot.addWidget(self.price)
        self.foot.addWidget(self.go)
        self.foot.addWidget(self.leave)
        self.foot.addStretch(1)
        self.go.clicked.connect(self._go)
        self.leave.clicked.connect(self.dismiss)
        self._ends = [project.editor.changed.connect(self._changed)]

    def ask(self, engine: str, options: RunOptions) -> None:
        """Show what would be sent.

        Raises:
            EditorError: when there is nothing to do anew.
        """
        self._project.wearing.rebased()
        self._asked = (engine, options)
        self.open()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow()

    def _changed(self, change: Change) -> None:
        if change.touches_document and not self.isHidden():
            self._follow()

    def _follow(self) -> None:
        if self._asked is None:
            return
        try:
            plan = self._project.wearing.plan(*self._asked)
        except (EditorError, DocumentError):
            self.dismiss()  # what it was about has gone
            return
        edits = "One accepted edit" if len(plan.sentences) == 1 else f"{len(plan.sentences)} accepted edits"
        self.summary.write(f"{edits} anew on the original, in place of {_layers(len(plan.layers))}.")
        self.sentences.write(plan.sentences)
        self.price.write(plain(plan.refusal) or self._cost(plan), "attention" if plan.refusal else "dim")
        self.go.setEnabled(not plan.refusal)
        self.place()

    def _cost(self, plan: RebasePlan) -> str:
        info = next((one for one in self._project.runs.engines() if one.id == plan.engine), None)
        if info is None or not info.sends:
            return "Nothing leaves this computer."
        model = next((one.name for one in info.models if one.id == plan.model), plan.model or info.name)
        price = "price not known" if plan.cost is None else f"about {money(plan.cost)}"
        return f"The original goes to {plain(model)}: {price}."

    def _go(self) -> None:
        asked = self._asked
        self.dismiss()
        if asked is not None:
            self.wanted.emit(*asked)

    def close_down(self) -> None:
        """Follow the project no more."""
        for end in self._ends:
            end()
        self._ends.clear()


def _layers(count: int) -> str:
    return "one layer" if count == 1 else f"{count} layers"
