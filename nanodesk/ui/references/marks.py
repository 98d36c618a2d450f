"""Small marks that several panels paint alike: the check, and a picture in its rounded well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from nanodesk.document.layer import Adjustment, Group
from nanodesk.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from nanodesk.document.layer import Layer


def faded(colour: QColor, strength: float) -> QColor:
    """The colour with that part of its own strength, 0 to 1."""
    result = QColor(colour)
    result.setAlphaF(colour.alphaF() * strength)
    return result


def draw_check(painter: QPainter, rect: QRect, *, checked: bool, hovered: bool = False, focused: bool = False) -> None:
    """A check of 16 px: filled with the accent when it is on."""
    colours = theme.colours()
    box = QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if checked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.accent)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(
            QPen(colours.ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        x, y = box.left(), box.top()
        side = box.width()
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(x + 0.25 * side, y + 0.53 * side),
                    QPointF(x + 0.44 * side, y + 0.71 * side),
                    QPointF(x + 0.76 * side, y + 0.32 * side),
                ]
            )
        )
    else:
        painter.setPen(QPen(colours.text if hovered else colours.dim, 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
    if focused:
        painter.setPen(QPen(colours.accent, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)


def draw_picture(painter: QPainter, rect: QRect, pixmap: QPixmap | None, *, whole: bool = False) -> None:
    """A picture in a rounded well, filling it, or whole within it; the empty well while there is none."""
    colours = theme.colours()
    path = QPainterPath()
    path.addRoundedRect(QRectF(rect), 6, 6)
    if pixmap is None or pixmap.isNull():
        painter.fillPath(path, colours.line)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(path)
    painter.fillRect(rect, colours.canvas)
    mode = Qt.AspectRatioMode.KeepAspectRatio if whole else Qt.AspectRatioMode.KeepAspectRatioByExpanding
    size = QSize(pixmap.width(), pixmap.height()).scaled(rect.size(), mode)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(QRectF(rect).center())
    painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
    painter.restore()


def icon_of(layer: Layer) -> str:
    """The icon that stands for a layer that has no picture of its own; none for one that has."""
    match layer.content:
        case Group():
            return "folder"
        case Adjustment():
            return "blend"
    return "" if layer.grid is not None else "file"
