"""Fields for sizes, and the question for another size of the document."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFormLayout, QSpinBox, QWidget

from nanodesk.document.geometry import Size
from nanodesk.editor.exporting import preset_titles, presets
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.check_box import CheckBox
from nanodesk.ui.dialogs.fields import Amount, Choice, WholeNumber
from nanodesk.ui.dialogs.sheet import Sheet

MAX_EDGE = 30_000
OTHER = "other"
"""What the choice of sizes holds for one of one's own."""


def number_field(value: int, low: int, high: int, suffix: str, name: str) -> QSpinBox:
    """A box for a whole number with its unit."""
    spin = WholeNumber()
    spin.setRange(low, high)
    spin.setValue(value)
    spin.setSuffix(suffix)
    shape_field(spin, name)
    return spin


def shape_field(field: QAbstractSpinBox | QComboBox, name: str) -> None:
    """The measures of every field of a form, and its name for those who cannot see it."""
    field.setAccessibleName(name)
    field.setMinimumSize(150, 28)


class Proportions:
    """Width, height, and whether one follows the other; three rows of a form."""

    def __init__(self, form: QFormLayout, size: Size) -> None:
        self.width = number_field(size.width, 1, MAX_EDGE, " px", "Width")
        self.height = number_field(size.height, 1, MAX_EDGE, " px", "Height")
        self.keep = CheckBox("Keep proportions")
        self.keep.setChecked(True)
        self._form = form
        self._size = size
        self._following = False
        self.width.valueChanged.connect(lambda value: self._follow(self.height, value * size.height / size.width))
        self.height.valueChanged.connect(lambda value: self._follow(self.width, value * size.width / size.height))
        self.keep.toggled.connect(lambda on: self._follow(self.height, self._ratio()) if on else None)
        form.addRow("Width", self.width)
        form.addRow("Height", self.height)
        form.addRow("", self.keep)

    def _ratio(self) -> float:
        return self.width.value() * self._size.height / self._size.width

    def _follow(self, other: QSpinBox, value: float) -> None:
        if self.keep.isChecked() and not self._following:
            self._following = True
            other.setValue(max(1, round(value)))
            self._following = False

    @property
    def size(self) -> Size:
        """What was asked for."""
        return Size(self.width.value(), self.height.value())

    def show(self, on: bool) -> None:
        """Show the rows, or not."""
        for row in (self.width, self.height, self.keep):
            self._form.setRowVisible(row, on)


def form_of(sheet: Sheet) -> QFormLayout:
    """A form in the body of a sheet."""
    form = QFormLayout()
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(8)
    sheet.body.addLayout(form)
    return form


async def ask_size(parent: QWidget, size: Size, dpi: float) -> tuple[Size, float] | None:
    """Another size and resolution for the document; none when it was called off."""
    sheet = Sheet(parent, "Resize", "Every layer is scaled with the canvas.", (("ok", "Resize"), ("cancel", "Cancel")))
    form = form_of(sheet)
    wanted = Proportions(form, size)
    resolution = Amount()
    resolution.setRange(1, 4800)
    resolution.setDecimals(1)
    resolution.setValue(dpi)
    resolution.setSuffix(" dpi")
    shape_field(resolution, "Resolution in pixels an inch, for printing")
    form.addRow("For printing", resolution)
    before = resolution.value()
    if not await answered(sheet):
        return None
    # The box rounds what a file says; only a value that was really changed counts.
    return wanted.size, dpi if resolution.value() == before else resolution.value()


def size_choice(size: Size) -> QComboBox:
    """As it is, the shipped presets, and a size of one's own."""
    sizes = Choice()
    shape_field(sizes, "Size")
    sizes.addItem(f"As it is: {size.width} × {size.height}", None)
    sizes.addItem("Other…", OTHER)
    sizes.insertSeparator(2)
    titles = preset_titles()
    for name, one in presets().items():
        sizes.addItem(f"{titles[name]}: {one.width} × {one.height}", (one.width, one.height))
    sizes.setMaxVisibleItems(16)
    return sizes
