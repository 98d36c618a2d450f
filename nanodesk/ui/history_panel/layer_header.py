"""The strip above the list: blend mode, opacity and lock of the active layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nanodesk.ui.history_panel.layer_menu import blend_menu
from nanodesk.ui.history_panel.words import blend_mode_name, percent
from nanodesk.ui.references.flat_button import FlatButton, tidy

if TYPE_CHECKING:
    from nanodesk.document.layer import Layer
    from nanodesk.ui.history_panel.layer_actions import LayerActions


class LayerHeader(QWidget):
    """Shows the active layer's three values.

    Signals:
        opacity_wanted: the opacity's slider is wanted, with its right end at this global position.
    """

    opacity_wanted = Signal(QPoint)

    def __init__(self, actions: LayerActions) -> None:
        super().__init__()
        self._actions = actions
        self._layer: Layer | None = None
        self.blend_mode = FlatButton("Normal", chevron=True, flush=True)
        self.opacity = FlatButton("100 %", chevron=True)
        self.lock = FlatButton(icon="lock-open").look("strip", ink="dim")
        tidy(self.blend_mode, "Blend mode", "How the layer meets what lies below it")
        tidy(self.opacity, "Opacity", "Opacity of the layer")
        tidy(self.lock, "Lock", "Lock pixels, place and mask")
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 2, 8, 2)
        box.setSpacing(4)
        box.addWidget(self.blend_mode)
        box.addStretch(1)
        box.addWidget(self.opacity)
        box.addWidget(self.lock)
        self.blend_mode.clicked.connect(self._open_menu)
        self.opacity.clicked.connect(self._open_opacity)
        self.lock.clicked.connect(actions.toggle_lock)
        self.show_layer(None)

    def show_layer(self, layer: Layer | None) -> None:
        """Show another layer's values; nothing to change when there is none."""
        self._layer = layer
        for button in (self.blend_mode, self.opacity, self.lock):
            button.setEnabled(layer is not None)
        self.blend_mode.write(blend_mode_name(layer.blend_mode) if layer else "Normal")
        self.opacity.write(percent(layer.opacity) if layer else "100 %")
        locked = layer is not None and layer.locked
        self.lock.draw("lock" if locked else "lock-open", "text" if locked else "dim")
        self.lock.setAccessibleDescription("locked" if locked else "not locked")

    def _open_menu(self) -> None:
        if self._layer is not None:
            menu = blend_menu(self, self._layer.blend_mode, self._actions.set_blend_mode)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.blend_mode.mapToGlobal(self.blend_mode.rect().bottomLeft()))

    def _open_opacity(self) -> None:
        self.opacity_wanted.emit(self.opacity.mapToGlobal(QPoint(self.opacity.width(), self.opacity.height() + 4)))
