"""One edit as a card: grip, check, the sentence, and whether it is tied to a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.card_parts import Check, Grip, TieMark
from nanodesk.ui.edit_panel.instruction_field import InstructionField
from nanodesk.ui.edit_panel.nameable import Nameable
from nanodesk.ui.edit_panel.verdict import Verdict
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.marks import faded
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.document.edit import Edit
    from nanodesk.editor.planning import PlannedEdit
    from nanodesk.ui.edit_panel.edit_actions import EditActions


class EditCard(QWidget):
    """Shows an edit and sends every gesture to `EditActions`.

    Signals:
        pulled, dropped: the card is being dragged to a global position; it was let go.
        stepped: the focus wants to go to the card before (-1) or after (1).
        run_wanted: Ctrl+Enter.
    """

    pulled = Signal(QPoint)
    dropped = Signal()
    stepped = Signal(int)
    run_wanted = Signal()

    def __init__(self, edit: Edit, actions: EditActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._actions = actions
        self._field: InstructionField | None = None
        self._over = False
        self.grip = Grip()
        self.check = Check("Switch edit on or off")
        self.sentence = WrappedLabel()
        self.verdict = Verdict()
        self.sent_along = WrappedLabel(role="secondary", ink="dim")
        self._nameable = Nameable()
        self._sends = False
        self.tie = TieMark()
        self.remove = FlatButton(icon="x").look("strip", ink="dim").solid()
        tidy(self.remove, "Remove edit", "Remove (Del)")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._lay_out()
        self._connect()
        self.show_edit(edit)

    def _lay_out(self) -> None:
        self._words = QVBoxLayout()
        self._words.setContentsMargins(0, 3, 0, 3)
        self._words.setSpacing(1)
        self._words.addWidget(self.sentence)
        self._words.addWidget(self.verdict)
        self._words.addWidget(self.sent_along)
        box = QHBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.setSpacing(0)
        top = Qt.AlignmentFlag.AlignTop
        box.addWidget(self.grip, 0, top)
        box.addWidget(self.check, 0, top)
        box.addSpacing(6)
        box.addLayout(self._words, 1)
        box.addSpacing(4)
        box.addWidget(self.tie, 0, top)
        self.remove.setParent(self)
        self.remove.setFixedSize(24, 24)
        self.remove.setVisible(False)
        self.sentence.setCursor(Qt.CursorShape.IBeamCursor)

    def _connect(self) -> None:
        self.grip.pulled.connect(self.pulled)
        self.grip.released.connect(self.dropped)
        self.check.clicked.connect(lambda on: self._actions.enable(self._edit.id, on))
        self.tie.clicked.connect(lambda: self._actions.toggle_tie(self._edit.id))
        self.remove.clicked.connect(lambda: self._actions.remove(self._edit.id))
        self.verdict.chosen.connect(lambda sentence: self._actions.write(self._edit.id, sentence))

    @property
    def edit(self) -> Edit:
        """The edit it shows."""
        return self._edit

    @property
    def editing(self) -> bool:
        """Whether its sentence is being written."""
        return self._field is not None

    @property
    def field(self) -> InstructionField | None:
        """The open field, while the sentence is being written."""
        return self._field

    def show_edit(self, edit: Edit) -> None:
        """Show another value of the same edit; what is being written stays."""
        self._edit = edit
        sentence = plain(edit.instruction)
        marks = self._nameable.marks(sentence) if edit.enabled else ()
        self.sentence.write(sentence, "text" if edit.enabled else "dim", marks)
        along = self._nameable.sent_along(sentence) if edit.enabled and self._sends else ""
        self.sent_along.write(along)
        self.sent_along.setVisible(bool(along))
        self.check.setChecked(edit.enabled)
        self.tie.setChecked(edit.selection is not None)
        tied = "Tied to a selection: click to untie" if edit.selection else "Tie to the selection"
        self.tie.setToolTip(tied)
        state = "on" if edit.enabled else "off"
        self.setAccessibleName(f"Edit, {state}: {plain(edit.instruction)}")
        self.grip.setEnabled(True)
        self.update()

    def show_names(self, nameable: Nameable, *, sends: bool) -> None:
        """Mark what the sentence names, and say what it sends along where anything leaves this computer."""
        if (nameable, sends) != (self._nameable, self._sends):
            self._nameable, self._sends = nameable, sends
            self.show_edit(self._edit)
            if self._field is not None:
                self._field.naming.show_names(nameable)

    def show_plan(self, planned: PlannedEdit | None, fault: str = "") -> None:
        """Show how the sentence is understood, or why a run of it failed."""
        self.verdict.show_plan(planned, fault)

    def begin_editing(self) -> None:
        """Open the field in place of the sentence."""
        if self._field is not None:
            return
        field = InstructionField(12, self)
        field.setAccessibleName("Edit the instruction")
        field.naming.show_names(self._nameable)
        field.write(self._edit.instruction)
        field.submitted.connect(self._submitted)
        field.cancelled.connect(self._cancelled)
        field.left.connect(self.commit)
        self._field = field
        self._words.insertWidget(0, field)
        self.sentence.setVisible(False)
        field.setFocus()

    def _submitted(self, run: bool) -> None:
        self.commit()
        self.setFocus()
        if run:
            self.run_wanted.emit()

    def _cancelled(self) -> None:
        self._close_field()
        self.setFocus()

    def commit(self) -> None:
        """Take over what was written, if anything is being written."""
        field = self._field
        if field is not None:
            sentence = field.sentence
            self._close_field()
            self._actions.write(self._edit.id, sentence)

    def _close_field(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            self.sentence.setVisible(True)
            field.hide()
            self._words.removeWidget(field)
            field.deleteLater()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self.sentence.geometry().adjusted(0, -8, 0, 8).contains(
            point
        ):
            self.begin_editing()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if step is not None:
            self._actions.move(self._edit.id, step) if alt else self.stepped.emit(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.run_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.begin_editing()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.stepped.emit(1)
            self._actions.remove(self._edit.id)
        elif key == Qt.Key.Key_Space:
            self._actions.enable(self._edit.id, not self._edit.enabled)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(False)
        super().leaveEvent(event)

    def _hover(self, over: bool) -> None:
        self._over = over
        self.remove.setVisible(over and self._field is None)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.remove.move(self.width() - 54, 6)
        self.remove.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.raised if self._edit.enabled else faded(colours.raised, 0.5))
        rect = QRectF(self.rect())
        painter.drawRoundedRect(rect, 8, 8)
        if self.hasFocus() or self._field is not None:
            painter.setPen(QPen(colours.accent, 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.6, 0.6, -0.6, -0.6), 8, 8)
        painter.end()
