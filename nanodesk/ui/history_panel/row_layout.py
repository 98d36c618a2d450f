"""Where the parts of a layer's row lie: painting, hit-testing and row heights all read it from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontMetrics

from nanodesk.document.layer import Group
from nanodesk.ui import theme
from nanodesk.ui.history_panel.flow import Flow, Look, Piece, flow
from nanodesk.ui.history_panel.rows import LayerRow, RunRow
from nanodesk.ui.history_panel.run_account import account_of, story_account
from nanodesk.ui.history_panel.words import OLDER
from nanodesk.ui.history_panel.zones import Zone, ZoneKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.ui.history_panel.rows import Row

HEIGHT = 52
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 52, 40
MASK_WIDTH = 28
PADDING = 12
INDENT = 16
LINE = 19
CHEVRON_ROOM = 14
MARK_ROOM = 16
"""For the mark before words that want attention."""
NARROW = 316
"""Below this width the opacity moves to the second line, so that a name keeps its room."""


@dataclass(slots=True)
class RowLayout:
    """Rectangles in the row's own coordinates; a null one is a part that the row does not have."""

    height: int = HEIGHT
    tick: QRect = field(default_factory=QRect)
    thumbnail: QRect = field(default_factory=QRect)
    mask: QRect = field(default_factory=QRect)
    name: QRect = field(default_factory=QRect)
    detail: QRect = field(default_factory=QRect)
    older: QRect = field(default_factory=QRect)
    older_words: str = ""
    opacity: QRect = field(default_factory=QRect)
    lock: QRect = field(default_factory=QRect)
    eye: QRect = field(default_factory=QRect)
    cancel: QRect = field(default_factory=QRect)
    flow: Flow | None = None
    flow_at: QPoint = field(default_factory=QPoint)
    zones: list[tuple[QRect, Zone]] = field(default_factory=list)

    def zone_at(self, point: QPoint) -> Zone | None:
        """What lies at a point of the row."""
        return next((zone for rect, zone in self.zones if rect.contains(point)), None)

    def rect_of(self, kind: ZoneKind) -> QRect:
        """Where the first zone of a kind lies; null when the row has none."""
        return next((rect for rect, zone in self.zones if zone.kind is kind), QRect())

    def fragment_rect(self, x: int, line: int, width: int) -> QRect:
        """Where a fragment of the flow lies."""
        return QRect(self.flow_at.x() + x, self.flow_at.y() + line * LINE, width, LINE)


def _measuring() -> Callable[[str, Look], int]:
    """Gives the width of words in a row's flow."""
    metrics = {look: QFontMetrics(font_of(look)) for look in Look}
    return lambda text, look: metrics[look].horizontalAdvance(text)


def font_of(look: Look) -> QFont:
    """The font of a look: sentences a little larger than what is said of them."""
    font = theme.font("strip" if look is Look.TEXT else "secondary")
    font.setWeight(QFont.Weight.Normal)
    return font


def layout_of(row: Row, width: int) -> RowLayout:
    """Lay out a row in the given width."""
    return _layer(row, width) if isinstance(row, LayerRow) else _run(row, width)


def _layer(row: LayerRow, width: int) -> RowLayout:
    layout = RowLayout()
    left = PADDING + min(row.depth, 6) * INDENT
    layout.tick = QRect(left, (HEIGHT - 16) // 2, 16, 16)
    layout.thumbnail = QRect(left + 26, 6, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT)
    x = layout.thumbnail.right() + 1
    if row.layer.mask is not None:
        layout.mask = QRect(x + 8, 6, MASK_WIDTH, THUMBNAIL_HEIGHT)
        x = layout.mask.right() + 1
    x += 10
    layout.eye = QRect(width - PADDING - 20, (HEIGHT - 18) // 2, 18, 18)
    _right_side(layout, row, x, width)
    if row.unfolded and row.from_run and not isinstance(row.layer.content, Group):
        _unfold(layout, account_of(row), width, left)
    _zones(layout, row)
    return layout


def _right_side(layout: RowLayout, row: LayerRow, x: int, width: int) -> None:
    secondary = QFontMetrics(theme.font("secondary"))
    end = layout.eye.left() - 6
    full = row.layer.opacity >= 0.9995
    wide = secondary.horizontalAdvance("100 %") + 4
    narrow = width < NARROW
    first, second = end, end
    if row.layer.locked:
        layout.lock = QRect(end - 18, (HEIGHT - 16) // 2, 16, 16)
        first = second = layout.lock.left() - 4
    if not (row.layer.locked and full):
        if narrow:
            layout.opacity = QRect(second - wide, 27, wide, 18)
            second -= wide + 6
        else:
            layout.opacity = QRect(first - wide, (HEIGHT - 20) // 2, wide, 20)
            first = second = first - wide - 6
    layout.name = QRect(x, 8, max(24, first - x), 18)
    layout.detail = QRect(x, 27, max(24, second - x), 16)
    if row.older and not row.damaged:
        room = layout.detail.width() - MARK_ROOM - CHEVRON_ROOM
        fitting = [one for one in OLDER if secondary.horizontalAdvance(one) <= room]
        layout.older_words = fitting[0] if fitting else OLDER[-1]
        wide = MARK_ROOM + min(room, secondary.horizontalAdvance(layout.older_words))
        layout.older = QRect(x, 27, wide, 16)


def _zones(layout: RowLayout, row: LayerRow) -> None:
    zones = layout.zones
    tick = layout.tick
    zones.append((QRect(0, 0, tick.right() + 6, HEIGHT), Zone(ZoneKind.TICK)))
    zones.append((QRect(layout.eye.left() - 5, 8, 32, 36), Zone(ZoneKind.EYE)))
    if not layout.lock.isNull():
        zones.append((layout.lock.adjusted(-4, -6, 2, 6), Zone(ZoneKind.LOCK)))
    if not layout.opacity.isNull():
        zones.append((layout.opacity.adjusted(-2, -4, 2, 4), Zone(ZoneKind.OPACITY)))
    if not layout.mask.isNull():
        zones.append((layout.mask, Zone(ZoneKind.MASK)))
    if isinstance(row.layer.content, Group):
        zones.append((layout.thumbnail, Zone(ZoneKind.DISCLOSURE)))
    if not layout.older.isNull():
        zones.append((layout.older.adjusted(0, -1, 0, 7), Zone(ZoneKind.REFIT)))
    if row.from_run or isinstance(row.layer.content, Group):
        zones.append((layout.detail.adjusted(0, -1, 0, 7), Zone(ZoneKind.DISCLOSURE)))
    zones.append((layout.thumbnail, Zone(ZoneKind.THUMBNAIL)))
    zones.append((layout.name, Zone(ZoneKind.NAME)))


def _unfold(layout: RowLayout, paragraphs: list[list[Piece]], width: int, left: int) -> None:
    x = left + 26
    layout.flow_at = QPoint(x, HEIGHT + 2)
    layout.flow = flow(paragraphs, width - x - PADDING, _measuring())
    layout.height = HEIGHT + 2 + layout.flow.lines * LINE + 10
    for fragment in layout.flow.fragments:
        if fragment.piece.zone is not None:
            rect = layout.fragment_rect(fragment.x, fragment.line, fragment.width).adjusted(-3, -2, 3, 3)
            layout.zones.append((rect, fragment.piece.zone))


def _run(row: RunRow, width: int) -> RowLayout:
    layout = RowLayout()
    layout.thumbnail = QRect(PADDING + 26, 6, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT)
    x = layout.thumbnail.right() + 11
    end = width - PADDING
    if row.run.state.active:
        wide = QFontMetrics(theme.font("strip")).horizontalAdvance("Cancel") + 16
        layout.cancel = QRect(end - wide, (HEIGHT - 26) // 2, wide, 26)
        layout.zones.append((layout.cancel.adjusted(0, -2, 4, 2), Zone(ZoneKind.CANCEL)))
        end = layout.cancel.left() - 8
    layout.name = QRect(x, 8, end - x, 18)
    layout.detail = QRect(x, 27, end - x, 16)
    layout.zones.append(
        (QRect(layout.thumbnail.left(), 4, end - layout.thumbnail.left(), 44), Zone(ZoneKind.DISCLOSURE))
    )
    paragraphs = story_account(row)
    if paragraphs:
        _unfold(layout, paragraphs, width, PADDING)
    return layout
