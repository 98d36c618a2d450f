"""The bar over the canvas while the mask brush is in hand: what it does, how large, how hard, and the mask's edge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QWidget

from nanodesk.editor.errors import EditorError
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.ui import tasks, theme
from nanodesk.ui.canvas.number_field import NumberField
from nanodesk.ui.references.flat_button import FlatButton, tidy

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from nanodesk.document.identity import LayerId
    from nanodesk.editor.project import Project
    from nanodesk.ui.canvas.canvas import CanvasWidget
    from nanodesk.ui.canvas.tools.mask_brush import MaskBrushTool

TOP = 12


class BrushBar(QWidget):
    """Shows and sets the brush of one canvas."""

    def __init__(self, project: Project, canvas: CanvasWidget, tool: MaskBrushTool) -> None:
        super().__init__(canvas)
        self._project = project
        self._canvas = canvas
        self._tool = tool
        self.show_button = FlatButton("Show", framed=True)
        self.hide_button = FlatButton("Hide", framed=True)
        self.diameter = NumberField("Brush size", 1, 4000, " px")
        self.hardness = NumberField("Brush hardness", 0, 100, " %")
        self.opacity = NumberField("Brush opacity", 1, 100, " %")
        self.tint = FlatButton(icon="eye")
        self.edge = FlatButton("Edge", chevron=True)
        self.by = NumberField("Pixels to move the edge by", 1, 999, " px")
        self.by.setValue(4)
        self._labels: list[QLabel] = []
        self._lay_out()
        self._connect()
        self.show_brush()
        canvas.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        self.setAccessibleName("Mask brush")
        tidy(self.show_button, "Show what is painted over", "Show what is painted over (X)")
        tidy(self.hide_button, "Hide what is painted over", "Hide what is painted over (X)")
        tidy(self.tint, "Tint what is hidden", "Tint what is hidden (O)")
        tidy(self.edge, "Change the mask's edge")
        self.edge.setMinimumWidth(self.edge.sizeHint().width())
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(6)
        row.addWidget(self.show_button)
        row.addWidget(self.hide_button)
        for title, field in (("Size", self.diameter), ("Hard", self.hardness), ("Opacity", self.opacity)):
            label = _label(title)
            self._labels.append(label)
            row.addWidget(label)
            row.addWidget(field)
        row.addWidget(self.tint)
        row.addWidget(self.edge)
        row.addWidget(self.by)

    def _connect(self) -> None:
        self.show_button.clicked.connect(lambda: self._turn(erase=False))
        self.hide_button.clicked.connect(lambda: self._turn(erase=True))
        self.diameter.valueChanged.connect(self._set)
        self.hardness.valueChanged.connect(self._set)
        self.opacity.valueChanged.connect(self._set)
        self.tint.clicked.connect(lambda: self._tool.show_overlay(not self._tool.overlay))
        self.edge.clicked.connect(self._open_edge)
        self._tool.changed = self.show_brush
        self._canvas.tool_changed.connect(self._tool_changed)

    def _tool_changed(self, name: str) -> None:
        self.setVisible(name == self._tool.name)
        self._place()

    def _turn(self, *, erase: bool) -> None:
        self._tool.set_brush(replace(self._tool.brush, erase=erase))

    def _set(self) -> None:
        brush = replace(
            self._tool.brush,
            size=float(self.diameter.value()),
            hardness=self.hardness.value() / 100,
            opacity=self.opacity.value() / 100,
        )
        self._tool.set_brush(brush)

    def show_brush(self) -> None:
        """Have the fields say how the brush is now."""
        brush = self._tool.brush
        for field, value in (
            (self.diameter, brush.size),
            (self.hardness, brush.hardness * 100),
            (self.opacity, brush.opacity * 100),
        ):
            field.blockSignals(True)
            field.setValue(round(value))
            field.blockSignals(False)
        self.show_button.look("strip", bold=not brush.erase, ink="dim" if brush.erase else "accent_text")
        self.hide_button.look("strip", bold=brush.erase, ink="accent_text" if brush.erase else "dim")
        self.tint.draw("eye" if self._tool.overlay else "eye-off")
        self._place()

    # The mask's edge

    def edge_menu(self) -> QMenu:
        """What can be done to the edge of the active layer's mask."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        masking, by = self._project.masking, self.by.value()
        layer = self._masked()
        if layer is None:
            menu.addAction("The active layer has no mask").setEnabled(False)
            return menu
        for title, work in (
            (f"Grow by {by} px", lambda: masking.edge(layer, grow=by)),
            (f"Shrink by {by} px", lambda: masking.edge(layer, grow=-by)),
            (f"Feather by {by} px", lambda: masking.edge(layer, feather=float(by))),
            (f"Refine to what is seen, within {3 * by} px", lambda: masking.refine(layer, 3 * by)),
            ("Invert", lambda: masking.invert(layer)),
        ):
            action = menu.addAction(title)
            action.triggered.connect(lambda _=False, work=work: self._start(work()))
        return menu

    def _masked(self) -> LayerId | None:
        """The active layer, where it has a mask."""
        layer, layers = self._canvas.active_layer, self._project.editor.document.layers
        return layer if layer is not None and layer in layers and layers[layer].mask is not None else None

    def _open_edge(self) -> None:
        self.edge_menu().popup(self.edge.mapToGlobal(QPoint(0, self.edge.height() + 4)))

    def _start(self, work: Awaitable[object]) -> None:
        async def guarded() -> None:
            try:
                await work
            except EditorError as error:
                self._project.notices.emit(Notice(str(error), NoticeKind.ATTENTION))

        tasks.spawn(guarded(), name="mask edge")

    # Place and look

    def _place(self) -> None:
        """At the top of the canvas; where there is little room only what is needed most."""
        self._stand_close(False)
        if self.sizeHint().width() > self._canvas.width() - 16:
            self._stand_close(True)
        wanted = self.sizeHint()
        width = min(wanted.width(), self._canvas.width() - 16)
        self.setGeometry((self._canvas.width() - width) // 2, TOP, width, wanted.height())
        self.raise_()

    def _stand_close(self, on: bool) -> None:
        for label in self._labels:
            label.setVisible(not on)
        for field in (self.diameter, self.hardness, self.opacity):
            field.narrow(on)
        self.by.setVisible(not on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colours().line)
        painter.setBrush(theme.colours().panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.end()


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font("secondary"))
    return label
