"""Whether an inserted part looks pasted on: the worst in words, how often models have drawn it, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks
from nanodesk.ui.fit.wear_meter import WearMeter
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    import asyncio

    from nanodesk.document.identity import LayerId
    from nanodesk.editor.blending import BlendReport
    from nanodesk.editor.project import Project


class BlendLine(QWidget):
    """Checks when asked to; what it says belongs to the layer as it was then.

    Signals:
        edit_wanted: a drafted sentence shall go into the stack.
        changed: it needs another height.
    """

    edit_wanted = Signal(str)
    changed = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._layer: LayerId | None = None
        self._report: BlendReport | None = None
        self._task: asyncio.Task[None] | None = None
        self.wear = WearMeter()
        self.words = WrappedLabel(role="secondary", ink="dim")
        self.blind = WrappedLabel(role="secondary", ink="dim")
        self.check = FlatButton("Check the blend", framed=True)
        self.mend = FlatButton("Mend it here", framed=True)
        self.ask = FlatButton("Add as edit", framed=True)
        tidy(
            self.check, "Check whether the new part looks pasted on", "Compare it with its surroundings; nothing leaves"
        )
        tidy(self.mend, "Mend it here", "Bring it nearer to its surroundings; nothing is sent")
        tidy(self.ask, "Add an edit that asks for it", "Put a drafted sentence into the stack")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.check, self.mend, self.ask):
            row.addWidget(button)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 2)
        box.setSpacing(4)
        box.addWidget(self.wear)
        box.addWidget(self.words)
        box.addWidget(self.blind)
        box.addLayout(row)
        self.check.clicked.connect(self._check)
        self.mend.clicked.connect(self._mend)
        self.ask.clicked.connect(self._ask)
        self._show()

    def follow(self, layer: LayerId | None) -> None:
        """Speak of another layer, or of the same one in another state; nothing is known of it then."""
        self.stop()
        if layer != self._layer:
            self.wear.show_wear(None)
        self._layer, self._report = layer, None
        self.words.write("")
        self.setVisible(layer is not None)
        self.check.setEnabled(True)
        self.mend.setEnabled(True)
        self._show()
        if layer is not None:
            self._task = tasks.spawn(self._told_wear(layer), name="wear")

    async def _told_wear(self, layer: LayerId) -> None:
        try:
            wear = await self._project.wearing.of_layer(layer)
        except DocumentError:
            return  # it was removed meanwhile
        if layer == self._layer:
            self.wear.show_wear(wear)
            self.changed.emit()

    def stop(self) -> None:
        """Check no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _check(self) -> None:
        layer = self._layer
        if layer is not None:
            self.stop()
            self.check.setEnabled(False)
            self._task = tasks.spawn(self._checked(layer), name="blend check")

    async def _checked(self, layer: LayerId) -> None:
        try:
            report = await self._project.blending.check(layer)
        except (EditorError, DocumentError) as error:
            self._say(str(error))
            return
        finally:
            self.check.setEnabled(True)
        if layer == self._layer:
            self._report = report
            self.ask.setEnabled(True)
            self._say(report.sentence, "attention" if report.trait else "good")

    def _mend(self) -> None:
        layer, report = self._layer, self._report
        if layer is None or report is None:
            return
        self.mend.setEnabled(False)

        async def mend() -> None:
            try:
                await self._project.blending.mend(layer, report)
            except (EditorError, DocumentError) as error:
                self._say(str(error))
            finally:
                self.mend.setEnabled(True)

        tasks.spawn(mend(), name="mend")

    def _ask(self) -> None:
        if self._report is not None and self._report.request:
            self.ask.setEnabled(False)  # once is enough
            self.edit_wanted.emit(self._report.request)

    def _say(self, words: str, ink: str = "dim") -> None:
        self.words.write(words, ink)
        self._show()

    def _show(self) -> None:
        report = self._report
        wrong = report is not None and bool(report.trait)
        self.words.setVisible(bool(self.words.text))
        self.blind.write("" if report is None else " ".join(report.blind))
        self.blind.setVisible(report is not None)
        self.check.setVisible(not wrong)
        self.mend.setVisible(wrong)
        self.ask.setVisible(wrong)
        for widget in (self.words, self.blind):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.changed.emit()
