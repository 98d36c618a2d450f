"""Questions about sizes: resizing the document, exporting it."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QSpinBox, QWidget

from nanodesk.document.geometry import Size
from nanodesk.editor.exporting import ExportOptions, presets
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.sheet import Sheet

_FORMATS = (("png", "PNG, lossless"), ("jpg", "JPEG"), ("webp", "WebP"), ("tif", "TIFF, lossless"))


def _spin(value: int, low: int, high: int, suffix: str, name: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(low, high)
    spin.setValue(value)
    spin.setSuffix(suffix)
    spin.setAccessibleName(name)
    spin.setMinimumWidth(140)
    return spin


async def ask_size(parent: QWidget, size: Size) -> Size | None:
    """Another size for the document, in proportion where wanted; none when it was cancelled."""
    sheet = Sheet(parent, "Resize", "Every layer is scaled with the canvas.", (("ok", "Resize"), ("cancel", "Cancel")))
    width = _spin(size.width, 1, 30_000, " px", "Width")
    height = _spin(size.height, 1, 30_000, " px", "Height")
    keep = QCheckBox("Keep proportions")
    keep.setChecked(True)

    def follow(own: QSpinBox, other: QSpinBox, factor: float) -> None:
        if keep.isChecked() and own.hasFocus():
            other.setValue(max(1, round(own.value() * factor)))

    width.valueChanged.connect(lambda _: follow(width, height, size.height / size.width))
    height.valueChanged.connect(lambda _: follow(height, width, size.width / size.height))
    form = QFormLayout()
    form.setSpacing(8)
    form.addRow("Width", width)
    form.addRow("Height", height)
    form.addRow("", keep)
    sheet.body.addLayout(form)
    chosen = await answered(sheet)
    return Size(width.value(), height.value()) if chosen else None


async def ask_export(parent: QWidget, size: Size) -> tuple[str, ExportOptions] | None:
    """A format (as a file's ending) and how to write it; none when it was cancelled."""
    sheet = Sheet(
        parent,
        "Export",
        f"All that is visible, {size.width} × {size.height} pixels, with its colour profile.",
        (("ok", "Choose a name…"), ("cancel", "Cancel")),
    )
    kind = QComboBox()
    for suffix, title in _FORMATS:
        kind.addItem(title, suffix)
    kind.setAccessibleName("Format")
    quality = _spin(92, 1, 100, " %", "Quality")
    sizes = QComboBox()
    sizes.setAccessibleName("Size")
    sizes.addItem(f"As it is: {size.width} × {size.height}", None)
    for name, one in presets().items():
        sizes.addItem(f"{name.replace('-', ' ').capitalize()}: {one.width} × {one.height}", (one.width, one.height))
    form = QFormLayout()
    form.setSpacing(8)
    form.addRow("Format", kind)
    form.addRow("Quality", quality)
    form.addRow("Size", sizes)
    sheet.body.addLayout(form)

    def show_quality() -> None:
        form.setRowVisible(quality, kind.currentData() in ("jpg", "webp"))

    kind.currentIndexChanged.connect(lambda _: show_quality())
    show_quality()
    if not await answered(sheet):
        return None
    wanted = sizes.currentData()
    options = ExportOptions(quality=quality.value(), size=None if wanted is None else Size(*wanted))
    return f".{kind.currentData()}", options
