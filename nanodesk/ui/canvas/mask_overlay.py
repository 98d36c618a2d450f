"""The tint over what a layer's mask hides, while its mask is worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from nanodesk.document.geometry import Rect, Size
from nanodesk.ui import tasks
from nanodesk.ui.qt_images import image_of

if TYPE_CHECKING:
    import asyncio

    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Mask
    from nanodesk.ui.canvas.stage import CanvasStage

FINEST = Size(2048, 2048)
"""The tint is drawn from a copy of the mask of at most this size."""

TINT = QColor(214, 48, 60, 120)
OTHER_TINT = QColor(32, 96, 230, 130)
"""For pictures that are red themselves."""

_LOOKS = 9
"""So many places across and down are looked at."""
_RED = 0.3
"""From this share of them on the usual tint would hardly be seen."""


class MaskOverlay:
    """Follows the mask of the active layer, as far as it is asked to paint."""

    def __init__(self, stage: CanvasStage) -> None:
        self._stage = stage
        self._mask: Mask | None = None
        self._image: QImage | None = None
        self._task: asyncio.Task[None] | None = None
        self._tint = TINT
        self._tinted_for: LayerId | None = None

    def paint(self, painter: QPainter) -> None:
        """Tint what is hidden; in logical pixels of the widget."""
        mask = self._present()
        if mask is None:
            return
        if mask is not self._mask:
            self._choose_tint()
            self._follow(mask)
        held = Rect(mask.offset.x, mask.offset.y, mask.grid.size.width, mask.grid.size.height)
        place, whole = self._placed(held), self._placed(self._whole())
        painter.save()
        painter.setClipRect(whole)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if mask.outside == 0:
            self._around(painter, whole, place)
        if self._image is not None:
            painter.setOpacity(self._tint.alphaF())
            painter.drawImage(place, self._image)
        painter.restore()

    def _around(self, painter: QPainter, whole: QRectF, place: QRectF) -> None:
        for part in (
            QRectF(whole.left(), whole.top(), whole.width(), place.top() - whole.top()),
            QRectF(whole.left(), place.bottom(), whole.width(), whole.bottom() - place.bottom()),
            QRectF(whole.left(), place.top(), place.left() - whole.left(), place.height()),
            QRectF(place.right(), place.top(), whole.right() - place.right(), place.height()),
        ):
            if part.width() > 0 and part.height() > 0:
                painter.fillRect(part, self._tint)

    def _placed(self, rect: Rect) -> QRectF:
        device, ratio = self._stage.viewport.device_rect(rect), self._stage.viewport.ratio
        return QRectF(device.x / ratio, device.y / ratio, device.width / ratio, device.height / ratio)

    def _present(self) -> Mask | None:
        document, active = self._stage.editor.document, self._stage.active_layer
        if active is None or active not in document.layers:
            return None
        mask = document.layer(active).mask
        return mask if mask is not None and mask.enabled else None

    def _follow(self, mask: Mask) -> None:
        self._mask = mask
        if self._task is not None:
            self._task.cancel()
        self._task = tasks.spawn(self._tint_of(mask), name="mask overlay")

    def _choose_tint(self) -> None:
        """Red is what everybody expects; on a red picture it would not be seen. It stays while a layer is worked on."""
        layer = self._stage.active_layer
        if layer == self._tinted_for:
            return
        self._tinted_for = layer
        device, ratio = self._stage.viewport.device_rect(self._whole()), self._stage.viewport.ratio
        steps = [(one + 0.5) / _LOOKS for one in range(_LOOKS)]
        places = [
            (device.x + across * device.width, device.y + down * device.height) for across in steps for down in steps
        ]
        seen = [self._stage.colour_under(x / ratio, y / ratio) for x, y in places]
        red = sum(one is not None and one[0] > max(one[1], one[2]) + 40 for one in seen)
        self._tint = OTHER_TINT if red >= _RED * len(seen) else TINT

    def _whole(self) -> Rect:
        document = self._stage.viewport.document
        return Rect(0, 0, document.width, document.height)

    async def _tint_of(self, mask: Mask) -> None:
        small = await self._stage.small_mask(mask, FINEST)
        hidden = image_of(small).convertToFormat(QImage.Format.Format_Grayscale8)
        hidden.invertPixels()
        tinted = QImage(hidden.size(), QImage.Format.Format_ARGB32_Premultiplied)
        tinted.fill(QColor(self._tint.red(), self._tint.green(), self._tint.blue()))
        tinted.setAlphaChannel(hidden)
        if self._mask is mask:
            self._image = tinted
            self._stage.refresh()

    def close(self) -> None:
        """Make nothing more."""
        if self._task is not None:
            self._task.cancel()
