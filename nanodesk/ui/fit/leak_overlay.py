"""The tint over what an answer changed, while its parts are looked at; lets the pointer through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nanodesk.ui.qt_images import image_of

if TYPE_CHECKING:
    from nanodesk.document.geometry import Rect
    from nanodesk.editor.pixel_store import Block
    from nanodesk.ui.canvas.canvas import CanvasWidget


class LeakOverlay(QWidget):
    """Lies over the canvas and follows its zoom."""

    def __init__(self, canvas: CanvasWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._image: QImage | None = None
        self._rect: Rect | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        canvas.installEventFilter(self)
        canvas.viewport_changed.connect(lambda _: self.update())
        self.hide()

    @property
    def shown(self) -> bool:
        """Whether there is a tint."""
        return self._image is not None and not self.isHidden()

    def show_tint(self, tint: Block, rect: Rect) -> None:
        """Lay a tint (h, w, 4) over a rectangle of the document."""
        self._image, self._rect = image_of(tint), rect
        self.setGeometry(self._canvas.rect())
        self.show()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._image = self._rect = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None or self._rect is None:
            return
        viewport = self._canvas.viewport
        device, ratio = viewport.device_rect(self._rect), viewport.ratio
        place = QRectF(device.x / ratio, device.y / ratio, device.width / ratio, device.height / ratio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.end()
