"""The question how a picture is to be written: format, quality, size, and what goes along with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy, QWidget

from nanodesk.document.geometry import Size
from nanodesk.editor.export_outline import carried, outline
from nanodesk.editor.exporting import FORMATS, ExportFormat, ExportOptions
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.check_box import CheckBox
from nanodesk.ui.dialogs.fields import Choice
from nanodesk.ui.dialogs.sheet import Sheet
from nanodesk.ui.dialogs.sizes import OTHER, Proportions, form_of, number_field, shape_field, size_choice

if TYPE_CHECKING:
    from nanodesk.document.document import Document

_WIDTH = 440
_LINES = 5
"""Room for so many lines of the outline, so that the sheet does not jump while one chooses."""


class ExportSheet(Sheet):
    """The fields, and below them what the file will be."""

    def __init__(self, parent: QWidget, document: Document) -> None:
        super().__init__(parent, "Export", "", (("ok", "Choose a name…"), ("cancel", "Cancel")))
        self._document = document
        self._form = form_of(self)
        self._form.setFieldGrowthPolicy(self._form.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.format = Choice()
        for kind in FORMATS:
            self.format.addItem(kind.title, kind.name)
        shape_field(self.format, "Format")
        self.quality = number_field(92, 1, 100, " %", "Quality")
        self.lossless = CheckBox("Keep every pixel exact")
        self.sizes = size_choice(document.size)
        self._form.addRow("Format", self.format)
        self._form.addRow("", self.lossless)
        self._form.addRow("Quality", self.quality)
        self._form.addRow("Size", self.sizes)
        self.other = Proportions(self._form, document.size)
        self._add_metadata()
        self.outline = self._outline_label()
        self.body.addSpacing(4)
        self.body.addWidget(self.outline)
        self.box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # as many rows as there are now
        self._room = _LINES * self.outline.fontMetrics().lineSpacing()
        self._follow()

    def _add_metadata(self) -> None:
        """What photos said of themselves goes along only where it is asked for."""
        there = carried(self._document)
        self.camera = CheckBox("Camera, date and author of the photo")
        self.place = CheckBox("Where it was taken")
        self._there = {self.camera: there.camera, self.place: there.place}
        self._form.addRow("Carry along", self.camera)
        self._form.addRow("", self.place)

    def _outline_label(self) -> QLabel:
        label = self._words("", "secondary", dim=True)
        label.setAccessibleName("What the file will be")
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.setFixedWidth(_WIDTH)
        label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        return label

    def _follow(self) -> None:
        self.format.currentIndexChanged.connect(self._show)
        self.sizes.currentIndexChanged.connect(self._show)
        self.lossless.toggled.connect(self._show)
        self.other.width.valueChanged.connect(self._show)
        self.other.height.valueChanged.connect(self._show)
        self._show()

    @property
    def kind(self) -> ExportFormat:
        """The format chosen."""
        return FORMATS[self.format.currentIndex()]

    def options(self) -> ExportOptions:
        """What was chosen."""
        kind = self.kind
        return ExportOptions(
            quality=self.quality.value(),
            lossless=kind.lossless and self.lossless.isChecked(),
            size=self._size(),
            keep_camera=self.camera.isEnabled() and self.camera.isChecked(),
            keep_place=self.place.isEnabled() and self.place.isChecked(),
        )

    def _size(self) -> Size | None:
        wanted = self.sizes.currentData()
        chosen = self.other.size if wanted == OTHER else None if wanted is None else Size(*wanted)
        return None if chosen == self._document.size else chosen

    def _show(self, _: object = None) -> None:
        kind = self.kind
        self._form.setRowVisible(self.lossless, kind.lossless)
        self._form.setRowVisible(self.quality, kind.quality and not (kind.lossless and self.lossless.isChecked()))
        self.other.show(self.sizes.currentData() == OTHER)
        for box, there in self._there.items():
            box.setEnabled(there and kind.camera)
            box.setToolTip(self._why_not(there))
        self.outline.setText("\n".join(outline(self._document, kind, self.options())))
        self.outline.setMinimumHeight(max(self._room, self.outline.heightForWidth(_WIDTH)))

    def _why_not(self, there: bool) -> str:
        if not there:
            return "No visible photo of this document says that."
        return "" if self.kind.camera else "This format has no place for it."


async def ask_export(parent: QWidget, document: Document, usual: str = "") -> tuple[ExportFormat, ExportOptions] | None:
    """A format and how to write it; none when it was called off.

    Args:
        usual: the name of the format chosen last.
    """
    sheet = ExportSheet(parent, document)
    sheet.format.setCurrentIndex(max(0, sheet.format.findData(usual)))
    sheet.format.setFocus()
    if not await answered(sheet):
        return None
    return sheet.kind, sheet.options()
