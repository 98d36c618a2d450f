"""What an answer changed, drawn over the canvas while its parts are looked at; lets the pointer through.

Each part has a line in two tones, so that it shows on any picture: what is kept a whole line and a light tint, what was
dropped a broken line and a hatch. Everything is drawn once and then only copied, until it or the view is another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from nanodesk.document.geometry import Point
from nanodesk.ui.canvas.overlays import paint_badge

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from nanodesk.editor.leaking import PartOutline
    from nanodesk.ui.canvas.canvas import CanvasWidget
    from nanodesk.ui.canvas.viewport import Viewport

DARK = QColor(12, 12, 13, 190)
LIGHT = QColor(255, 255, 255)
KEPT = QColor(111, 207, 143)
DROPPED = QColor(240, 163, 94)
MARKED = QColor(242, 194, 48)
"""The same in both looks of the window: they lie on the picture, not on the panels."""

_TINT, _FAINT = 0.20, 0.4
_DASHES = [3.0, 2.6]
_HATCH = 12
_MANY = 24
"""With more parts than these lines are thin, and only the larger ones carry their number."""
_ROOM = 48.0


class LeakOverlay(QWidget):
    """Lies over the canvas and follows its view."""

    def __init__(self, canvas: CanvasWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._paths: dict[int, QPainterPath] = {}
        self._kept: frozenset[int] = frozenset()
        self._away = Point()
        self._marked = 0
        self._drawn: QPixmap | None = None
        self._drawn_for: tuple[Viewport, QSize] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        canvas.installEventFilter(self)
        self.hide()

    @property
    def shown(self) -> bool:
        """Whether there is anything to be seen."""
        return bool(self._paths) and not self.isHidden()

    @property
    def marked(self) -> int:
        """The part that stands out; 0 for none."""
        return self._marked

    def show_parts(self, parts: Sequence[PartOutline], kept: Collection[int], away: Point) -> None:
        """Draw these parts.

        Args:
            kept: the numbers of those that are shown.
            away: how far they lie now from where they were found, document pixels.
        """
        self._paths = {part.number: _path_of(part) for part in parts}
        self._kept, self._away = frozenset(kept), away
        self._anew()
        self.setGeometry(self._canvas.rect())
        self.show()

    def mark(self, number: int) -> None:
        """Let one part stand out; 0 for none."""
        if number != self._marked:
            self._marked = number
            self._anew()

    def clear(self) -> None:
        """Show nothing."""
        self._paths = {}
        self._marked = 0
        self._drawn = None
        self.hide()

    def _anew(self) -> None:
        self._drawn = None
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._paths:
            return
        wanted = (self._canvas.viewport, self.size())
        if self._drawn is None or self._drawn_for != wanted:
            self._drawn, self._drawn_for = self._draw(), wanted
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        painter.end()

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self._placing()
        placed = {number: place.map(path) for number, path in self._paths.items()}
        for number, path in placed.items():
            if number != self._marked:
                painter.setOpacity(_FAINT if self._marked else 1.0)
                self._draw_part(painter, number, path)
        painter.setOpacity(1.0)
        if self._marked in placed:
            self._draw_part(painter, self._marked, placed[self._marked])
        self._draw_numbers(painter, placed)
        painter.end()
        return drawn

    def _placing(self) -> QTransform:
        viewport = self._canvas.viewport
        left, top = viewport.to_widget(float(self._away.x), float(self._away.y))
        scale = viewport.zoom / viewport.ratio
        return QTransform(scale, 0.0, 0.0, scale, left, top)

    def _draw_part(self, painter: QPainter, number: int, path: QPainterPath) -> None:
        kept, marked = number in self._kept, number == self._marked
        if kept:
            tint = QColor(KEPT)
            tint.setAlphaF(_TINT)
            painter.fillPath(path, tint)
        else:
            painter.fillPath(path, _hatched(DROPPED, self.devicePixelRatioF()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(self._paths) > _MANY and not marked:
            self._draw_thin(painter, path, kept)
            return
        width = 2.4 if marked else 1.5
        line = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.BevelJoin)  # joins cost most of it
        painter.setPen(QPen(DARK, width + 2.0, *line))
        painter.drawPath(path)
        pen = QPen(MARKED if marked else LIGHT, width, *line)
        if not kept:
            pen.setDashPattern([one * 1.5 / width for one in _DASHES])
        painter.setPen(pen)
        painter.drawPath(path)

    @staticmethod
    def _draw_thin(painter: QPainter, path: QPainterPath, kept: bool) -> None:
        """The same of hairlines, a tenth of the time: for so many parts that drawing them would be felt."""
        painter.setPen(QPen(DARK, 0))
        for aside in (-1.0, 1.0):
            painter.drawPath(path.translated(aside, aside))
        pen = QPen(LIGHT, 0)
        if not kept:
            pen.setDashPattern([4.0, 4.0])
        painter.setPen(pen)
        painter.drawPath(path)

    def _draw_numbers(self, painter: QPainter, placed: dict[int, QPainterPath]) -> None:
        """Each number at the upper left of its part, within sight."""
        sight = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        for number, path in placed.items():
            box = path.boundingRect()
            seen = box.intersected(sight)
            large = len(placed) <= _MANY or min(box.width(), box.height()) >= _ROOM
            if seen.isEmpty() or not (number == self._marked or large):
                continue
            corner = seen.topLeft() + QPointF(0.0, -24.0)
            painter.setOpacity(_FAINT if self._marked and number != self._marked else 1.0)
            paint_badge(painter, str(number), QPointF(max(sight.left(), corner.x()), max(sight.top(), corner.y())))
        painter.setOpacity(1.0)


def _path_of(part: PartOutline) -> QPainterPath:
    """The lines of a part in document pixels; what lies within an odd number of them belongs to it."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in part.rings:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring.tolist()]))
        path.closeSubpath()
    return path


def _hatched(colour: QColor, ratio: float) -> QBrush:
    """Slanted lines, light beside dark, that show on any picture and hide little of it."""
    tile = QPixmap(QSize(_HATCH, _HATCH) * ratio)
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for ink, aside in ((DARK, 1.2), (colour, 0.0)):
        painter.setPen(QPen(ink, 1.2))
        painter.setOpacity(0.6)
        for start in (-_HATCH, 0, _HATCH):
            left = start + aside
            painter.drawLine(QPointF(left - 1, _HATCH + 1), QPointF(left + _HATCH + 1, -1))
    painter.end()
    return QBrush(tile)
