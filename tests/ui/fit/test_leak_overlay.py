"""What is drawn over the picture while the parts of an answer are looked at."""

import asyncio

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from nanodesk.document.geometry import Point
from nanodesk.document.operations.layers import move_layer
from nanodesk.editor.leaking import PartOutline
from tests.ui.fit.fitted import fitted_layer, labelled, rows
from tests.waiting import until

LEFT = Qt.MouseButton.LeftButton


def drawn(overlay):
    """What lies over the picture now."""
    image = QImage(overlay.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    overlay.render(image, QPoint(), QRegion(), QWidget.RenderFlag.IgnoreMask)
    return image


def at_edge(window, island):
    """A place of the canvas near the upper edge of a part."""
    x, y = window.page.canvas.viewport.to_widget(island.box.x + island.box.width / 2, island.box.y)
    return round(x), round(y)


def seen_near(image, place, reach=6):
    """The colours round a place that can be seen, as (red, green, blue)."""
    colours = [image.pixelColor(place[0] + x, place[1] + y) for x in range(-reach, reach) for y in range(-reach, reach)]
    return [(one.red(), one.green(), one.blue()) for one in colours if one.alpha() > 120]


async def test_each_part_has_a_line_of_two_tones_and_the_one_pointed_at_stands_out(window):
    await fitted_layer(window)
    card = window.page.leak
    window.do("show_leak")
    await until(lambda: card.overlay.shown)
    row = rows(card)[0]
    near = seen_near(drawn(card.overlay), at_edge(window, row.island))
    assert any(min(one) > 200 for one in near), "nothing light that would show on a dark picture"
    assert any(max(one) < 90 for one in near), "nothing dark that would show on a light one"
    at = QPointF(row.rect().center())
    QApplication.sendEvent(row, QEnterEvent(at, at, QPointF(row.mapToGlobal(at.toPoint()))))
    assert card.overlay.marked == row.number
    near = seen_near(drawn(card.overlay), at_edge(window, row.island))
    assert any(one[0] > 200 and one[2] < 110 for one in near), "it does not stand out"
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
    assert card.overlay.marked == 0
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert not card.overlay.shown


async def test_what_was_dropped_is_told_apart_by_more_than_colour(window):
    await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    await until(lambda: card.overlay.shown)
    row = next(one for one in rows(card) if one.kept)
    x, y = window.page.canvas.viewport.to_widget(
        row.island.box.x + row.island.box.width / 2, row.island.box.y + row.island.box.height / 2
    )

    def tones():
        image = drawn(card.overlay)
        return {image.pixel(round(x) + across, round(y) + down) for across in range(14) for down in range(14)}

    assert len(tones()) == 1, "a kept part is tinted evenly, so that it can be judged"
    QTest.mouseClick(row, LEFT, pos=row.rect().center())
    await labelled(project, "Drop a part")
    assert len(tones()) > 5, "a dropped one is hatched"


async def test_the_lines_follow_the_view_and_the_layer(window):
    _, layer = await fitted_layer(window)
    project, card, canvas = window.page.project, window.page.leak, window.page.canvas
    window.do("show_leak")
    await until(lambda: card.overlay.shown)
    island = rows(card)[0].island
    canvas.zoom_to(2.0)
    assert seen_near(drawn(card.overlay), at_edge(window, island))
    canvas.fit()
    x, y = at_edge(window, island)
    project.editor.apply_document("Move", lambda document: move_layer(document, layer, Point(0, 40)))
    away = round(40 * canvas.viewport.zoom / canvas.viewport.ratio)
    image = drawn(card.overlay)
    assert seen_near(image, (x, y + away), 3)
    assert not seen_near(image, (x, y), 3)


async def test_with_the_brush_in_hand_the_lines_make_way_for_its_own_tint(window):
    await fitted_layer(window)
    card, canvas = window.page.leak, window.page.canvas
    window.do("show_leak")
    await until(lambda: card.overlay.shown)
    canvas.set_tool("mask-brush")
    assert not card.overlay.shown
    canvas.set_tool("move")
    assert card.overlay.shown


class _Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


async def test_lines_that_lie_still_paint_nothing(window):
    await fitted_layer(window)
    window.do("show_leak")
    await until(lambda: window.page.leak.overlay.shown)
    for _ in range(40):
        await asyncio.sleep(0.005)
    paints = _Paints(window.page.canvas)
    for _ in range(40):
        await asyncio.sleep(0.005)
    assert paints.count <= 4


async def test_a_great_many_parts_are_still_told_apart(window):
    await fitted_layer(window)
    overlay = window.page.leak.overlay
    square = np.array([[0, 0], [20, 0], [20, 20], [0, 20]], np.float32)
    places = [(40 * across + 10, 40 * down + 10) for down in range(8) for across in range(12)]
    parts = [PartOutline(number, (square + place,)) for number, place in enumerate(places, start=1)]
    overlay.show_parts(parts, {2}, Point())
    image = drawn(overlay)

    def along(number):
        """The tones on the upper edge of a part, from left to right."""
        x, y = places[number - 1]
        left, top = window.page.canvas.viewport.to_widget(x + 4, y)
        return [image.pixelColor(round(left) + step, round(top)) for step in range(14)]

    whole, broken = [[one.lightness() for one in along(number)] for number in (2, 3)]
    assert max(broken) - min(broken) > max(whole) - min(whole)
    dark = [seen_near(image, (round(x), round(y)), 4) for x, y in [window.page.canvas.viewport.to_widget(*places[1])]]
    assert any(max(one) < 110 for one in dark[0])
    overlay.mark(3)
    assert seen_near(drawn(overlay), tuple(map(round, window.page.canvas.viewport.to_widget(*places[2]))), 4)
