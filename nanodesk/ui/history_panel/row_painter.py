"""Paints the rows of the layer list."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from nanodesk.document.layer import Group, Layer, Text
from nanodesk.document.run import RunState
from nanodesk.ui import icons, theme
from nanodesk.ui.history_panel.flow import ICON_WIDTH, Look
from nanodesk.ui.history_panel.row_layout import CHEVRON_ROOM, HEIGHT, LINE, MARK_ROOM, RowLayout, font_of
from nanodesk.ui.history_panel.rows import LayerRow, RunRow
from nanodesk.ui.history_panel.run_story import summary_of
from nanodesk.ui.history_panel.words import damage_mark, percent, plain, standing, title_of, what_made
from nanodesk.ui.history_panel.zones import ZoneKind
from nanodesk.ui.references.marks import draw_check, draw_picture, faded, icon_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.ui.history_panel.zones import Zone

HIDDEN = 0.45
_WORTH = 48
"""With less room than this left on its line a detail would say nothing."""


@dataclass(frozen=True, slots=True)
class RowState:
    """How a row stands in the list just now."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where the small pictures come from; none while one is being made."""

    of_layer: Callable[[Layer], QPixmap | None]
    of_mask: Callable[[Layer], QPixmap | None]
    usual_s: Callable[[str], float | None]


class RowPainter:
    """Paints one row after the other; holds nothing but where pictures come from."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    def paint(self, painter: QPainter, rect: QRect, row: LayerRow | RunRow, layout: RowLayout, state: RowState) -> None:
        """Paint a row at its place."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._background(painter, rect, state)
        painter.translate(rect.topLeft())
        if isinstance(row, LayerRow):
            self._layer(painter, row, layout, state)
        else:
            self._run(painter, row, layout, state)
        if layout.flow is not None:
            self._flow(painter, layout, state)
        painter.restore()

    def _background(self, painter: QPainter, rect: QRect, state: RowState) -> None:
        colours = theme.colours()
        head = QRect(rect.left(), rect.top(), rect.width(), HEIGHT)
        if state.selected:
            painter.fillRect(head, colours.raised)
        elif state.hovered:
            painter.fillRect(head, faded(colours.raised, 0.5))
        if state.focused:
            painter.setPen(QPen(colours.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(head).adjusted(2.5, 1.5, -2.5, -1.5), 6, 6)

    def _layer(self, painter: QPainter, row: LayerRow, layout: RowLayout, state: RowState) -> None:
        strength = 1.0 if row.shown else HIDDEN
        draw_check(painter, layout.tick, checked=row.ticked, hovered=_over(state, ZoneKind.TICK))
        self._thumbnail(painter, row, layout, strength)
        opens = row.from_run or isinstance(row.layer.content, Group)
        room = layout.detail.width() - (CHEVRON_ROOM if opens else 0)
        mark = damage_mark(row) or layout.older_words
        taken = self._titles(painter, layout, (plain(row.layer.name), mark, what_made(row)), strength, room)
        if opens:
            place = QRect(layout.detail.left() + taken + 2, layout.detail.top() + 2, 12, 12)
            self._disclosure(painter, row, place, state, strength)
        self._right_side(painter, row, layout, state)

    def _thumbnail(self, painter: QPainter, row: LayerRow, layout: RowLayout, strength: float) -> None:
        layer = row.layer
        painter.setOpacity(strength)
        icon = icon_of(layer)
        words = isinstance(layer.content, Text)  # cut to a well they could not be read
        draw_picture(painter, layout.thumbnail, None if icon else self._pictures.of_layer(layer), whole=words)
        if icon:
            _icon(painter, icon, "dim", layout.thumbnail, 18)
        if not layout.mask.isNull():
            colours = theme.colours()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("black"))
            painter.drawRoundedRect(layout.mask, 6, 6)
            mask = self._pictures.of_mask(layer)
            if mask is not None:
                draw_picture(painter, layout.mask, mask, whole=True)
            if layer.mask is not None and not layer.mask.enabled:
                painter.setPen(QPen(colours.attention, 2))
                painter.drawLine(
                    layout.mask.topLeft() + QPointF(5, 5).toPoint(), layout.mask.bottomRight() - QPointF(5, 5).toPoint()
                )
        painter.setOpacity(1.0)

    def _titles(
        self, painter: QPainter, layout: RowLayout, words: tuple[str, str, str], strength: float, room: int
    ) -> int:
        """The name, and what wants attention and the dim words in a line that gets `room`; the width it takes."""
        name, mark, detail = words
        colours = theme.colours()
        painter.setOpacity(strength)
        painter.setFont(theme.font("body"))
        painter.setPen(colours.text)
        metrics = QFontMetrics(painter.font())
        elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, layout.name.width())
        painter.drawText(layout.name, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, elided)
        painter.setFont(theme.font("secondary"))
        taken = 0
        if mark:
            painter.setOpacity(1.0)  # also in a hidden layer's row
            place = QRect(layout.detail.left(), layout.detail.top() + 2, 12, 12)
            _icon(painter, "triangle-alert", "attention", place, 12)
            painter.setPen(colours.attention)
            font = painter.font()
            font.setUnderline(not layout.older.isNull())  # it is a link
            painter.setFont(font)
            taken = MARK_ROOM + _line(painter, layout.detail.adjusted(MARK_ROOM, 0, 0, 0), mark, room - MARK_ROOM)
            detail = f" · {detail}" if room - taken > _WORTH else ""
            painter.setFont(theme.font("secondary"))
            painter.setOpacity(strength)
        painter.setPen(colours.dim)
        taken += _line(painter, layout.detail.adjusted(taken, 0, 0, 0), detail, room - taken)
        painter.setOpacity(1.0)
        return taken

    def _disclosure(self, painter: QPainter, row: LayerRow, rect: QRect, state: RowState, strength: float) -> None:
        painter.setOpacity(strength)
        role = "text" if _over(state, ZoneKind.DISCLOSURE) else "dim"
        _icon(painter, "chevron-up" if row.unfolded else "chevron-down", role, rect, 12)
        painter.setOpacity(1.0)

    def _right_side(self, painter: QPainter, row: LayerRow, layout: RowLayout, state: RowState) -> None:
        colours = theme.colours()
        if not layout.opacity.isNull():
            over = _over(state, ZoneKind.OPACITY)
            if over:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours.line)
                painter.drawRoundedRect(layout.opacity.adjusted(-3, 0, 3, 0), 4, 4)
            painter.setFont(theme.font("secondary"))
            painter.setPen(colours.text if over else colours.dim)
            painter.setOpacity(1.0 if row.shown or over else HIDDEN)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(layout.opacity, right, percent(row.layer.opacity))
            painter.setOpacity(1.0)
        if not layout.lock.isNull():
            _icon(painter, "lock", "text" if _over(state, ZoneKind.LOCK) else "dim", layout.lock, 16)
        role = "text" if _over(state, ZoneKind.EYE) else "dim"
        painter.setOpacity(1.0 if row.shown or _over(state, ZoneKind.EYE) else 0.6)
        _icon(painter, "eye" if row.layer.visible else "eye-off", role, layout.eye, 18)
        painter.setOpacity(1.0)

    def _run(self, painter: QPainter, row: RunRow, layout: RowLayout, state: RowState) -> None:
        run = row.run
        draw_picture(painter, layout.thumbnail, None)
        icon, ink = _mark_of(row)
        _icon(painter, icon, ink, layout.thumbnail, 18)
        words = (title_of(run), "", self._standing(row))
        taken = self._titles(painter, layout, words, 1.0, layout.detail.width() - CHEVRON_ROOM)
        mark = QRect(layout.detail.left() + taken + 2, layout.detail.top() + 2, 12, 12)
        over = "text" if _over(state, ZoneKind.DISCLOSURE) else "dim"
        _icon(painter, "chevron-up" if row.unfolded else "chevron-down", over, mark, 12)
        if run.state.active:
            self._cancel(painter, layout, hovered=_over(state, ZoneKind.CANCEL))
            _progress(painter, layout.thumbnail, run.progress)

    def _standing(self, row: RunRow) -> str:
        run = row.run
        if not run.state.active:
            outcome = "failed" if run.state is RunState.FAILED else summary_of(row.story)
            return f"Run {run.number} · {outcome}"
        return standing(run, time.time(), self._pictures.usual_s(run.engine))

    def _cancel(self, painter: QPainter, layout: RowLayout, *, hovered: bool) -> None:
        colours = theme.colours()
        painter.setPen(QPen(colours.dim if hovered else colours.line, 1))
        painter.setBrush(colours.raised)
        painter.drawRoundedRect(QRectF(layout.cancel).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(theme.font("strip"))
        painter.setPen(colours.text)
        painter.drawText(layout.cancel, Qt.AlignmentFlag.AlignCenter, "Cancel")

    def _flow(self, painter: QPainter, layout: RowLayout, state: RowState) -> None:
        assert layout.flow is not None
        colours = theme.colours()
        height = layout.flow.lines * LINE + 2
        painter.fillRect(QRectF(layout.flow_at.x() - 13, layout.flow_at.y(), 2, height), colours.line)
        inks = {
            Look.TEXT: colours.text,
            Look.DIM: colours.dim,
            Look.LINK: colours.dim,
            Look.GOOD: colours.good,
            Look.ATTENTION: colours.attention,
        }
        for fragment in layout.flow.fragments:
            look = fragment.piece.look
            rect = layout.fragment_rect(fragment.x, fragment.line, fragment.width)
            if fragment.piece.icon:
                role = {Look.GOOD: "good", Look.ATTENTION: "attention"}.get(look, "dim")
                mark = QRect(rect.left(), rect.top() + 3, ICON_WIDTH - 5, ICON_WIDTH - 5)
                _icon(painter, fragment.piece.icon, role, mark, ICON_WIDTH - 5)
                continue
            font = font_of(look)
            over = fragment.piece.zone is not None and state.zone == fragment.piece.zone
            font.setUnderline(look is Look.LINK)
            painter.setFont(font)
            painter.setPen(colours.text if over else inks[look])
            painter.drawText(QPointF(rect.left(), rect.top() + 14), fragment.text)


def _mark_of(row: RunRow) -> tuple[str, str]:
    """The icon that stands for a run, and its colour."""
    if row.run.state.active:
        return "loader-circle", "dim"
    if row.run.state is RunState.FAILED:
        return "triangle-alert", "attention"
    return ("images", "dim") if row.story.candidates else ("x", "dim")


def _line(painter: QPainter, place: QRect, words: str, room: int) -> int:
    """Words on one line, cut to their room; the width that they take."""
    metrics = QFontMetrics(painter.font())
    elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, elided)
    return metrics.horizontalAdvance(elided)


def _over(state: RowState, kind: ZoneKind) -> bool:
    return state.zone is not None and state.zone.kind is kind


def _icon(painter: QPainter, name: str, role: str, rect: QRect, size: int) -> None:
    pixmap = icons.pixmap(name, role, size, painter.device().devicePixelRatioF())
    place = QRect(0, 0, size, size)
    place.moveCenter(rect.center())
    painter.drawPixmap(place, pixmap)


def _progress(painter: QPainter, well: QRect, fraction: float | None) -> None:
    """A thin bar at the foot of the well; nothing where it is not known."""
    if fraction is None:
        return
    colours = theme.colours()
    bar = QRectF(well.left() + 6, well.bottom() - 6, well.width() - 12, 3)
    path = QPainterPath()
    path.addRoundedRect(bar, 1.5, 1.5)
    painter.fillPath(path, colours.line)
    bar.setWidth(max(3.0, bar.width() * min(1.0, max(0.0, fraction))))
    path.clear()
    path.addRoundedRect(bar, 1.5, 1.5)
    painter.fillPath(path, colours.accent)
