"""Questions about sizes: resizing the document, exporting it."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox, QFormLayout, QSpinBox, QWidget

from nanodesk.document.geometry import Size
from nanodesk.editor.exporting import ExportOptions, presets
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.check_box import CheckBox
from nanodesk.ui.dialogs.sheet import Sheet

MAX_EDGE = 30_000
_FORMATS = (("png", "PNG, lossless"), ("jpg", "JPEG"), ("webp", "WebP"), ("tif", "TIFF, lossless"))
_LOSSY = ("jpg", "webp")
_OTHER = "other"


def _spin(value: int, low: int, high: int, suffix: str, name: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(low, high)
    spin.setValue(value)
    spin.setSuffix(suffix)
    _shape(spin, name)
    return spin


def _shape(field: QAbstractSpinBox | QComboBox, name: str) -> None:
    field.setAccessibleName(name)
    field.setMinimumSize(150, 28)


class Proportions:
    """Width, height, and whether one follows the other; three rows of a form."""

    def __init__(self, form: QFormLayout, size: Size) -> None:
        self.width = _spin(size.width, 1, MAX_EDGE, " px", "Width")
        self.height = _spin(size.height, 1, MAX_EDGE, " px", "Height")
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


def _form(sheet: Sheet) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(8)
    sheet.body.addLayout(form)
    return form


async def ask_size(parent: QWidget, size: Size, dpi: float) -> tuple[Size, float] | None:
    """Another size and resolution for the document; none when it was called off."""
    sheet = Sheet(parent, "Resize", "Every layer is scaled with the canvas.", (("ok", "Resize"), ("cancel", "Cancel")))
    form = _form(sheet)
    wanted = Proportions(form, size)
    resolution = QDoubleSpinBox()
    resolution.setRange(1, 4800)
    resolution.setDecimals(1)
    resolution.setValue(dpi)
    resolution.setSuffix(" dpi")
    _shape(resolution, "Resolution in pixels an inch, for printing")
    form.addRow("For printing", resolution)
    before = resolution.value()
    if not await answered(sheet):
        return None
    # The box rounds what a file says; only a value that was really changed counts.
    return wanted.size, dpi if resolution.value() == before else resolution.value()


async def ask_export(parent: QWidget, size: Size, dpi: float) -> tuple[str, ExportOptions] | None:
    """A format (as a file's ending) and how to write it; none when it was called off."""
    sheet = Sheet(
        parent,
        "Export",
        f"All that is visible, with its colour profile, at {dpi:g} dpi.",
        (("ok", "Choose a name…"), ("cancel", "Cancel")),
    )
    form = _form(sheet)
    kind = QComboBox()
    for suffix, title in _FORMATS:
        kind.addItem(title, suffix)
    _shape(kind, "Format")
    quality = _spin(92, 1, 100, " %", "Quality")
    sizes = _sizes(size)
    form.addRow("Format", kind)
    form.addRow("Quality", quality)
    form.addRow("Size", sizes)
    other = Proportions(form, size)

    def fit_rows() -> None:
        form.setRowVisible(quality, kind.currentData() in _LOSSY)
        other.show(sizes.currentData() == _OTHER)
        sheet.adjustSize()

    kind.currentIndexChanged.connect(lambda _: fit_rows())
    sizes.currentIndexChanged.connect(lambda _: fit_rows())
    fit_rows()
    if not await answered(sheet):
        return None
    wanted = sizes.currentData()
    chosen = other.size if wanted == _OTHER else None if wanted is None else Size(*wanted)
    options = ExportOptions(quality=quality.value(), size=None if chosen == size else chosen)
    return f".{kind.currentData()}", options


def _sizes(size: Size) -> QComboBox:
    """As it is, the shipped presets, and a size of one's own."""
    sizes = QComboBox()
    _shape(sizes, "Size")
    sizes.addItem(f"As it is: {size.width} × {size.height}", None)
    sizes.addItem("Other…", _OTHER)
    sizes.insertSeparator(2)
    for name, one in presets().items():
        sizes.addItem(f"{name.replace('-', ' ').capitalize()}: {one.width} × {one.height}", (one.width, one.height))
    sizes.setMaxVisibleItems(16)
    return sizes
