"""Opacity by slider and by number: one drag is one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QSpinBox, QWidget

from nanodesk.document.operations.layers import set_opacity
from nanodesk.ui.history_panel.attempt import change_document
from nanodesk.ui.history_panel.layer_actions import OPACITY_LABEL

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from nanodesk.document.identity import LayerId
    from nanodesk.editor.project import Project


class OpacityDrag(QObject):
    """Turns the ticks of a drag into one step.

    Signals:
        dragging: layer and value of each tick, before the exact picture is there.
        ended: the layer that is let go.
    """

    dragging = Signal(str, float)
    ended = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._layer: LayerId | None = None

    def to(self, layer_id: LayerId, opacity: float) -> None:
        """One tick; the first after `end` begins a step."""
        layer = self._project.editor.document.layers.get(layer_id)
        if layer is None or layer.opacity == opacity:
            return
        amend = self._layer == layer_id
        self._layer = layer_id
        self.dragging.emit(layer_id, opacity)
        change_document(
            self._project, OPACITY_LABEL, lambda document: set_opacity(document, layer_id, opacity), amend=amend
        )

    def end(self) -> None:
        """The drag is over."""
        layer, self._layer = self._layer, None
        if layer is not None:
            self.ended.emit(layer)


class OpacityPopup(QFrame):
    """A slider with its number, beside the value that was clicked; closes by itself."""

    def __init__(self, project: Project, layer_id: LayerId, drag: OpacityDrag, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._layer = layer_id
        self._drag = drag
        percent = round(project.editor.document.layer(layer_id).opacity * 100)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.number = QSpinBox()
        self.slider.setAccessibleName("Opacity")
        self.number.setAccessibleName("Opacity in percent")
        self.slider.setRange(0, 100)
        self.slider.setFixedWidth(140)
        self.slider.setMinimumHeight(24)
        self.number.setRange(0, 100)
        self.number.setSuffix(" %")
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setFixedWidth(64)
        self.slider.setValue(percent)
        self.number.setValue(percent)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 8)
        box.setSpacing(8)
        box.addWidget(self.slider)
        box.addWidget(self.number)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(drag.end)
        self.number.valueChanged.connect(self._typed)

    def show_at(self, right: QPoint) -> None:
        """Open with the right end of the upper edge at a global position."""
        self.adjustSize()
        self.move(right - QPoint(self.width(), 0))
        self.show()
        self.number.setFocus()
        self.number.selectAll()

    def _slid(self, percent: int) -> None:
        self.number.blockSignals(True)
        self.number.setValue(percent)
        self.number.blockSignals(False)
        self._drag.to(self._layer, percent / 100)
        if not self.slider.isSliderDown():
            self._drag.end()

    def _typed(self, percent: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(percent)
        self.slider.blockSignals(False)
        self._drag.to(self._layer, percent / 100)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._drag.end()
        super().closeEvent(event)
