"""Painting of the document: surround, edge, checkerboard, tiles. All coordinates are device pixels."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap

from nanodesk.document.geometry import Rect

if TYPE_CHECKING:
    from nanodesk.ui.canvas.dragging import DrawnPart, Parts
    from nanodesk.ui.canvas.picture import Picture
    from nanodesk.ui.canvas.tile_cache import Cut
    from nanodesk.ui.canvas.viewport import Viewport

SHADOW = 34
SHADOW_DROP = 7
SHADOW_INSET = 9
SHADOW_DARKNESS = 0.5
SQUARE = 8


def qrect(rect: Rect) -> QRect:
    """The same rectangle as Qt has it."""
    return QRect(rect.x, rect.y, rect.width, rect.height)


def in_device_pixels(painter: QPainter, ratio: float) -> None:
    """From here on, one unit is one device pixel."""
    painter.scale(1.0 / ratio, 1.0 / ratio)


def paint_surround(painter: QPainter, viewport: Viewport, canvas: QColor) -> None:
    """The neutral grey around a document of the viewport's size, and the soft shadow that lifts it."""
    width, height = round(viewport.width * viewport.ratio) + 1, round(viewport.height * viewport.ratio) + 1
    whole = QRect(0, 0, width, height)
    painter.fillRect(whole, canvas)
    if viewport.document.empty:
        return
    edge = qrect(viewport.device_rect(Rect(0, 0, viewport.document.width, viewport.document.height)))
    if not edge.contains(whole):
        _paint_shadow(painter, edge, viewport.ratio, dark=canvas.lightnessF() < 0.5)


def _paint_shadow(painter: QPainter, edge: QRect, ratio: float, *, dark: bool) -> None:
    reach, drop, inset = round(SHADOW * ratio), round(SHADOW_DROP * ratio), round(SHADOW_INSET * ratio)
    strength = SHADOW_DARKNESS if dark else SHADOW_DARKNESS * 0.6
    patch = _shadow(reach, strength)
    # It begins beneath the document, so that no step shows where it comes out.
    box = edge.adjusted(inset, inset, -inset, -inset).translated(0, drop)
    if box.isEmpty():
        return
    left, top, right, bottom = box.left() - reach, box.top() - reach, box.right() + 1, box.bottom() + 1
    across = ((left, reach, 0, reach), (box.left(), box.width(), reach, 1), (right, reach, reach + 1, reach))
    down = ((top, reach, 0, reach), (box.top(), box.height(), reach, 1), (bottom, reach, reach + 1, reach))
    for x, width, from_x, of_width in across:
        for y, height, from_y, of_height in down:
            if (of_width, of_height) != (1, 1):
                painter.drawPixmap(x, y, width, height, patch, from_x, from_y, of_width, of_height)


@lru_cache(maxsize=8)
def _shadow(reach: int, strength: float) -> QPixmap:
    """The shadow of a single pixel in the middle; its corners and edges are laid around any rectangle."""
    image = QImage(2 * reach + 1, 2 * reach + 1, QImage.Format.Format_ARGB32)
    for y in range(image.height()):
        for x in range(image.width()):
            away = math.hypot(x - reach, y - reach) / reach
            image.setPixelColor(x, y, QColor(0, 0, 0, round(255 * strength * max(0.0, 1.0 - away) ** 2.2)))
    return QPixmap.fromImage(image)


def checkerboard(canvas: QColor, ratio: float) -> QBrush:
    """What shows through transparent pixels: two quiet greys, light on a light window and dark on a dark one."""
    return QBrush(_squares(canvas.lightnessF() < 0.5, round(SQUARE * ratio)))


@lru_cache(maxsize=8)
def _squares(dark: bool, square: int) -> QPixmap:
    light, shade = (QColor("#6E6F73"), QColor("#5C5D61")) if dark else (QColor("#FFFFFF"), QColor("#E2E2E4"))
    pixmap = QPixmap(2 * square, 2 * square)
    pixmap.fill(light)
    painter = QPainter(pixmap)
    painter.fillRect(0, 0, square, square, shade)
    painter.fillRect(square, square, square, square, shade)
    painter.end()
    return pixmap


def paint_picture(painter: QPainter, viewport: Viewport, picture: Picture, part: Rect, board: QBrush) -> None:
    """The tiles of a picture within a part of its document, over the checkerboard where they let it through."""
    painter.save()
    painter.setClipRect(_cut_to(viewport, picture), Qt.ClipOperation.IntersectClip)
    painter.setBrushOrigin(QPoint(*viewport.origin))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.smooth)
    for cut in picture.cuts(part, viewport.level):
        _paint_cut(painter, viewport, cut, board)
    painter.restore()


def _cut_to(viewport: Viewport, picture: Picture) -> QRect:
    size = picture.document_size
    return qrect(viewport.device_rect(Rect(0, 0, size.width, size.height)))


def _paint_cut(painter: QPainter, viewport: Viewport, cut: Cut, board: QBrush) -> None:
    target = qrect(viewport.device_rect(cut.part))
    if not cut.tile.opaque:
        painter.fillRect(target, board)
    left, top, width, height = cut.source
    if (width, height) == (target.width(), target.height()) and (left, top) == (0, 0):
        painter.drawImage(target.topLeft(), cut.tile.image)
        return
    painter.drawImage(QRectF(target), cut.tile.image, QRectF(left, top, width, height))


def paint_parts(
    painter: QPainter, viewport: Viewport, parts: Parts, place: tuple[int, int, float], board: QBrush
) -> None:
    """What is dragged, blended by Qt; `place` is how far the layer was moved, right and down, and its opacity."""
    right, down, opacity = place
    document = Rect(0, 0, viewport.document.width, viewport.document.height)
    painter.save()
    painter.setClipRect(qrect(viewport.device_rect(document)), Qt.ClipOperation.IntersectClip)
    painter.setBrushOrigin(QPoint(*viewport.origin))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.smooth)
    painter.save()
    # The layer is known beyond what is in sight, but what lies below it is not.
    painter.setClipRect(qrect(viewport.device_rect(parts.visible)), Qt.ClipOperation.IntersectClip)
    painter.fillRect(qrect(viewport.device_rect(parts.visible)), board)
    _paint_drawn(painter, viewport, parts.below, (0, 0))
    painter.setOpacity(opacity)
    _paint_drawn(painter, viewport, parts.layer, (right, down))
    painter.setOpacity(1.0)
    if parts.above is not None:
        _paint_drawn(painter, viewport, parts.above, (0, 0))
    painter.restore()
    painter.restore()


def _paint_drawn(painter: QPainter, viewport: Viewport, drawn: DrawnPart, by: tuple[int, int]) -> None:
    if drawn.image.isNull():
        return
    part = Rect(drawn.part.x + by[0], drawn.part.y + by[1], drawn.part.width, drawn.part.height)
    painter.drawImage(QRectF(qrect(viewport.device_rect(part))), drawn.image, QRectF(drawn.image.rect()))
