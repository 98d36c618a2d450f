"""What is drawn over the document: the selection's outline, badges, the dividing line, the drop overlay.

All coordinates are logical pixels of the widget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from nanodesk.document.selection import LassoSelection, RectangleSelection
from nanodesk.ui import theme

if TYPE_CHECKING:
    from nanodesk.document.geometry import Rect
    from nanodesk.document.selection import Selection
    from nanodesk.ui.canvas.viewport import Viewport

BADGE_INSET = 10.0
_BADGE = QColor(12, 12, 13, 168)
_ON_BADGE = QColor(255, 255, 255)


def rectangle_path(viewport: Viewport, rect: Rect) -> QPainterPath:
    """The outline of a rectangle of document pixels."""
    device = viewport.device_rect(rect)
    ratio = viewport.ratio
    path = QPainterPath()
    path.addRect(QRectF(device.x / ratio, device.y / ratio, device.width / ratio, device.height / ratio))
    return path


def polygon_path(viewport: Viewport, points: tuple[tuple[float, float], ...], *, closed: bool = True) -> QPainterPath:
    """The outline through places of the document."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    path.addPolygon(QPolygonF([QPointF(*viewport.to_widget(x, y)) for x, y in points]))
    if closed:
        path.closeSubpath()
    return path


def selection_path(viewport: Viewport, selection: Selection, mask_outline: QPainterPath | None) -> QPainterPath:
    """The outline of a selection; `mask_outline` is that of a selection by mask, in document pixels."""
    match selection.shape:
        case RectangleSelection(rect=rect):
            path = rectangle_path(viewport, rect)
        case LassoSelection(points=points):
            path = polygon_path(viewport, points)
        case _:
            path = QPainterPath()
            if mask_outline is not None:
                left, top = viewport.to_widget(0.0, 0.0)
                scale = viewport.zoom / viewport.ratio
                placed = QTransform(scale, 0.0, 0.0, scale, left, top)
                for polygon in mask_outline.toSubpathPolygons():
                    path.addPolygon(placed.map(polygon))
    if selection.inverted:
        left, top = viewport.to_widget(0.0, 0.0)
        right, bottom = viewport.to_widget(viewport.document.width, viewport.document.height)
        path.addRect(QRectF(QPointF(left, top), QPointF(right, bottom)))
    return path


def paint_outline(painter: QPainter, path: QPainterPath) -> None:
    """A line that shows on any picture: white, with dark dashes on it; it does not move."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(0.5, 0.5)
    pen = QPen(QColor(255, 255, 255, 240), 1.0)
    painter.setPen(pen)
    painter.drawPath(path)
    pen = QPen(QColor(20, 20, 22, 255), 1.0)
    pen.setDashPattern([4.0, 4.0])
    painter.setPen(pen)
    painter.drawPath(path)
    painter.restore()


def paint_badge(painter: QPainter, words: str, at: QPointF, *, right: bool = False) -> QRectF:
    """Words on a dark chip whose top left (or, with `right`, top right) corner is given; the chip's rectangle."""
    painter.save()
    font = QFont(theme.font("secondary"))
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(words) + 16.0, 20.0
    chip = QRectF(at.x() - width if right else at.x(), at.y(), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BADGE)
    painter.drawRoundedRect(chip, 5.0, 5.0)
    painter.setPen(_ON_BADGE)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
    return chip


def paint_divider(painter: QPainter, x: float, shown: QRectF) -> None:
    """The line between before and after, with the knob it is taken by."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 60))
    painter.drawRect(QRectF(x - 2.0, shown.top(), 4.0, shown.height()))
    painter.setBrush(_ON_BADGE)
    painter.drawRect(QRectF(x - 1.0, shown.top(), 2.0, shown.height()))
    middle = QPointF(x, shown.center().y())
    painter.setBrush(QColor(0, 0, 0, 60))
    painter.drawEllipse(middle + QPointF(0.0, 1.0), 15.0, 15.0)
    painter.setBrush(_ON_BADGE)
    painter.drawEllipse(middle, 14.0, 14.0)
    painter.setPen(
        QPen(QColor("#1B1C1E"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for side in (-1.0, 1.0):
        points = [middle + QPointF(side * across, down) for across, down in ((4.0, -3.5), (7.5, 0.0), (4.0, 3.5))]
        painter.drawPolyline(QPolygonF(points))
    painter.restore()


def paint_drop(painter: QPainter, zone: QRectF, words: str, *, refused: bool = False) -> None:
    """The canvas as a place to drop on, with what will happen in words."""
    colours = theme.colours()
    line = QColor(colours.dim if refused else colours.accent)
    veil = QColor(colours.canvas)
    veil.setAlphaF(0.55)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.fillRect(zone, veil)
    painter.setPen(QPen(line, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(zone.adjusted(9.0, 9.0, -9.0, -9.0), 12.0, 12.0)
    font = QFont(theme.font("body"))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    room = max(80.0, zone.width() - 96.0)
    text = metrics.boundingRect(QRectF(0, 0, room, 400), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter, words)
    chip = QRectF(0.0, 0.0, text.width() + 36.0, text.height() + 22.0)
    chip.moveCenter(zone.center())
    painter.setPen(QPen(line, 1.0) if refused else Qt.PenStyle.NoPen)
    painter.setBrush(colours.raised if refused else colours.accent)
    painter.drawRoundedRect(chip, 8.0, 8.0)
    painter.setPen(colours.text if refused else colours.ink)
    painter.drawText(chip, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


def paint_sample(painter: QPainter, at: QPointF, colour: tuple[int, int, int, int]) -> None:
    """The colour under the pipette, as a swatch with its value."""
    words = hexadecimal(colour)
    chip = paint_badge(painter, f"      {words}", at + QPointF(18.0, 18.0))
    painter.save()
    painter.setPen(QPen(QColor(255, 255, 255, 200), 1.0))
    painter.setBrush(QColor(*colour[:3]))
    painter.drawRect(QRectF(chip.left() + 7.0, chip.top() + 4.5, 11.0, 11.0))
    painter.restore()


def hexadecimal(colour: tuple[int, int, int, int]) -> str:
    """A colour as designers write it, `#RRGGBB`, or the word for no colour at all."""
    red, green, blue, alpha = colour
    return f"#{red:02X}{green:02X}{blue:02X}" if alpha else "Transparent"


def paint_focus(painter: QPainter, zone: QRectF) -> None:
    """The ring that shows that the keyboard acts here."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colours().accent, 2.0))
    painter.drawRect(zone.adjusted(1.0, 1.0, -1.0, -1.0))
    painter.restore()
