"""What the sheets that are filled in have in common: rows of a form, a field, and a sentence on what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout

from nanodesk.ui import theme
from nanodesk.ui.references.wrapped_label import WrappedLabel

TITLE_WIDTH, GAP, FIELD_WIDTH = 128, 16, 320
WIDTH = TITLE_WIDTH + GAP + FIELD_WIDTH
"""Of all that a sheet holds, device-independent pixels."""


def form_in(box: QVBoxLayout) -> QFormLayout:
    """An empty form at the end of a column."""
    form = QFormLayout()
    form.setHorizontalSpacing(GAP)
    form.setVerticalSpacing(8)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    box.addLayout(form)
    return form


def text_field(text: str, hint: str, name: str) -> QLineEdit:
    """A line to type into; `hint` stands there while it is empty."""
    field = QLineEdit(text)
    field.setPlaceholderText(hint)
    field.setAccessibleName(name)
    field.setMinimumWidth(FIELD_WIDTH)
    return field


def row_title(text: str) -> QLabel:
    """What stands before a field; all rows of a sheet begin their fields at the same place."""
    label = QLabel(text)
    label.setMinimumWidth(TITLE_WIDTH)
    return label


def fact(text: str = "", *, dim: bool = False, wraps: bool = True) -> QLabel:
    """Plain words; those that wrap have the width of a field, and the height that this needs."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    if wraps:
        label.setFixedSize(FIELD_WIDTH, label.heightForWidth(FIELD_WIDTH))
    if dim:
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def section(title: str) -> QLabel:
    """The title of a part of a sheet."""
    label = QLabel(title)
    label.setFont(theme.font("section"))
    return label


class Verdict(WrappedLabel):
    """One sentence in place: what is being done, or what is wrong; takes no room while there is none."""

    def __init__(self) -> None:
        super().__init__("", role="body", ink="dim")
        self.hide()

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Show a sentence, and have its sheet as large as it needs; an empty one hides it."""
        self.write(sentence, "attention" if wrong else "dim")
        self.setFixedSize(WIDTH, self.heightForWidth(WIDTH))
        self.setVisible(bool(sentence))
        sheet = self.window()
        if sheet is not self and sheet.isVisible():
            sheet.adjustSize()
