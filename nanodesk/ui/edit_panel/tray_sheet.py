"""The tray: exactly what leaves this computer with the next run, in sending order; it follows every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.dialogs.sheet import Sheet
from nanodesk.ui.edit_panel.picture_list import PictureList
from nanodesk.ui.edit_panel.sent_pictures import SentPictures
from nanodesk.ui.edit_panel.tray_rows import rows_of
from nanodesk.ui.edit_panel.tray_words import again_of, price_of, where_to
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.section_title import SectionTitle
from nanodesk.ui.references.slim_bar import SlimBar
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from nanodesk.editor.planning import Outgoing
    from nanodesk.editor.project import Project
    from nanodesk.ui.edit_panel.outgoing_watch import OutgoingWatch
    from nanodesk.ui.edit_panel.picture_row import PictureRow
    from nanodesk.ui.edit_panel.plan_watch import PlanWatch
    from nanodesk.ui.references.thumbnails import Thumbnails

TITLE = "What leaves this computer"
NOTHING = "Nothing leaves this computer with the next run."
_BUTTONS = (("run", "Run"), ("close", "Close"))


class _Ground(QWidget):
    """A raised ground under what can be read and copied."""

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.addWidget(field)
        SlimBar(field, outside=8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colours().raised)
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.end()


class TraySheet(Sheet):
    """Open beside the window, which goes on; signal `run_wanted` when Run was pressed on it."""

    run_wanted = Signal()

    def __init__(
        self, parent: QWidget, project: Project, watch: PlanWatch, outgoing: OutgoingWatch, thumbnails: Thumbnails
    ) -> None:
        super().__init__(parent, TITLE, "", _BUTTONS)
        self.setModal(False)
        self.setWindowTitle(TITLE)
        self._project = project
        self._watch = watch
        self._outgoing = outgoing
        self._thumbnails = thumbnails
        self._shown: Outgoing | None = None
        self.sent = SentPictures(project, self)
        self.where = WrappedLabel(role="body", ink="dim")
        self.standing = WrappedLabel(role="body", ink="dim")
        self.earlier = WrappedLabel(role="body")
        self.pictures = PictureList(project)
        self.words_title = SectionTitle("Words")
        self.words = self._words_field()
        self.price = WrappedLabel(role="body")
        run = self.findChild(QPushButton, "run")
        assert isinstance(run, QPushButton)
        self.run = run
        run.setDefault(False)  # who only looks must not send with Enter
        run.setAutoDefault(False)
        for widget, stretch in (
            (self.where, 0),
            (self.standing, 0),
            (self.earlier, 0),
            (self.pictures, 2),
            (self.words_title, 0),
            (_Ground(self.words), 1),
            (self.price, 0),
        ):
            self.body.addWidget(widget, stretch)
        self.box.setStretchFactor(self.body, 1)
        self.resize(520, max(420, min(720, parent.height() - 60)))
        outgoing.changed.connect(self._show)
        watch.planned.connect(self._show)
        self.sent.arrived.connect(self._show_pictures)
        thumbnails.arrived.connect(self._show_pictures)
        self.finished.connect(self._closed)
        outgoing.want(True)
        self._show()

    @staticmethod
    def _words_field() -> QPlainTextEdit:
        field = QPlainTextEdit()
        field.setReadOnly(True)
        field.setFont(theme.font("body"))
        field.setAccessibleName("Every word that is sent")
        field.setTabChangesFocus(True)
        field.setFrameShape(QFrame.Shape.NoFrame)
        field.setBackgroundVisible(False)
        field.viewport().setAutoFillBackground(False)
        field.document().setDocumentMargin(0)
        field.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        field.setMinimumHeight(72)
        return field

    def _closed(self) -> None:
        if self.chosen == "run":
            self.run_wanted.emit()

    def close_down(self) -> None:
        """Prepare nothing more for its sake."""
        self._outgoing.want(False)
        self.sent.close_down()

    def _show(self) -> None:
        """Show what is known; while something new is being prepared, the old is still there."""
        outgoing, plan = self._outgoing.outgoing, self._watch.plan
        sends = plan is not None and plan.sends and bool(plan.edits)
        if outgoing is not None:
            self._fill(outgoing)
        elif not sends:
            self._empty()
        fault = plain(self._watch.fault or self._outgoing.fault)
        waits = sends and outgoing is None and not fault
        self.standing.write(
            fault or ("Preparing what would be sent…" if waits else "" if sends else NOTHING),
            "attention" if fault else "dim",
        )
        self.standing.setVisible(bool(self.standing.text))
        self.pictures.stale = outgoing is None
        for widget in (self.words, self.price, self.where):
            widget.setEnabled(outgoing is not None)
        self.run.setEnabled(outgoing is not None and not (plan is not None and plan.refusal))

    def _empty(self) -> None:
        self._shown = None
        self.pictures.show_rows(())
        self.words.setPlainText("")
        for label in (self.where, self.earlier, self.price):
            label.write("")
        self.earlier.setVisible(False)

    def _fill(self, outgoing: Outgoing) -> None:
        if outgoing is self._shown:
            return
        self._shown = outgoing
        self.where.write(where_to(outgoing))
        runs = self._project.runs
        earlier = runs.continued(self._watch.options)
        self.earlier.write(again_of(earlier, runs.runs))
        self.earlier.setVisible(bool(earlier))
        self.price.write(price_of(outgoing))
        self.pictures.show_rows(rows_of(outgoing, self._project.editor.state))
        if outgoing.text != self.words.toPlainText():
            self.words.setPlainText(outgoing.text)
        self._show_pictures()

    def _show_pictures(self) -> None:
        for row in self.pictures.rows:
            picture = row.row.picture
            if picture is None:
                row.show_picture(self._unsent(row))
            else:
                row.show_picture(self.sent.of(picture), self.sent.fault_of(picture))

    def _unsent(self, row: PictureRow) -> QPixmap | None:
        reference = row.row.reference
        if reference is None:
            return None
        if reference.picture is not None:
            return self._thumbnails.of_grid(reference.picture)
        layer = self._project.editor.document.layers.get(reference.layer) if reference.layer is not None else None
        return None if layer is None else self._thumbnails.of_layer(layer)
