"""What must be drawn anew after a change: all that differs, and little else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanodesk.document.blend import BlendMode
from nanodesk.document.change import diff
from nanodesk.document.damage import changed_part, damage
from nanodesk.document.document import Document
from nanodesk.document.errors import DocumentError
from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Adjustment, AdjustmentStep, Group, Layer, Mask, Pixels
from nanodesk.document.operations import canvas, layers, masks, tree
from nanodesk.document.state import State
from nanodesk.document.tiles import TileId
from nanodesk.imaging.painter import flatten
from nanodesk.imaging.tiling import Block, paint, split

LOOKUP: dict[TileId, Block] = {}


def grid(width, height, seed, channels=4):
    shape = (height, width, 4) if channels == 4 else (height, width)
    block = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    found, tiles = split(block)
    LOOKUP.update(tiles)
    return found


BASE, TOP, INNER, GROUP, TONE = (LayerId(name) for name in ("base", "top", "inner", "group", "tone"))
MASK = Mask(grid(90, 80, 5, 1), Point(30, 20))
OTHER_MASK = Mask(grid(200, 150, 6, 1), Point(300, 200), outside=255)
START = Document(
    Size(600, 400),
    layers={
        BASE: Layer(BASE, "Base", Pixels(grid(600, 400, 1))),
        TOP: Layer(TOP, "Top", Pixels(grid(100, 80, 2)), Point(50, 60), opacity=0.7),
        INNER: Layer(INNER, "Inner", Pixels(grid(60, 60, 3)), Point(400, 250), mask=MASK),
        TONE: Layer(TONE, "Tone", Adjustment((AdjustmentStep("invert"),))),
        GROUP: Layer(GROUP, "Group", Group((INNER, TONE)), blend_mode=BlendMode.MULTIPLY),
    },
    root=(BASE, GROUP, TOP),
)
ALL = [BASE, TOP, INNER, GROUP, TONE]


def stroke(document, layer_id, seed):
    picture = document.layer(layer_id).grid
    if picture is None:
        return document
    part = Rect(seed % 40, seed % 30, 20, 20).intersected(Rect.of(Point(), picture.size))
    patch = np.full((part.height, part.width, 4), seed % 256, np.uint8)
    painted, tiles = paint(picture, LOOKUP.__getitem__, part, patch)
    LOOKUP.update(tiles)
    return layers.set_content(document, layer_id, Pixels(painted))


def seen(document):
    """The picture without the colour that lies under no alpha: nobody sees it, and painting may lose it."""
    picture = flatten(document, LOOKUP.__getitem__)
    return np.where(picture[:, :, 3:] > 0, picture, 0)


OPERATIONS = [
    lambda document, one, two, n: stroke(document, one, n),
    lambda document, one, two, n: stroke(document, one, n),
    lambda document, one, two, n: layers.set_opacity(document, one, n / 100),
    lambda document, one, two, n: layers.set_visible(document, one, n > 50),
    lambda document, one, two, n: layers.set_blend_mode(document, one, list(BlendMode)[n % len(BlendMode)]),
    lambda document, one, two, n: layers.move_layer(document, one, Point(n - 50, 3 * n - 150)),
    lambda document, one, two, n: layers.remove_layer(document, one),
    lambda document, one, two, n: layers.duplicate_layer(document, one),
    lambda document, one, two, n: layers.rename(document, one, f"{n}"),
    lambda document, one, two, n: masks.set_mask(document, one, MASK if n > 50 else OTHER_MASK),
    lambda document, one, two, n: masks.enable_mask(document, one, n > 50),
    lambda document, one, two, n: masks.remove_mask(document, one),
    lambda document, one, two, n: tree.reorder_layer(document, one, two if n > 50 else None, n % 4),
    lambda document, one, two, n: tree.group_layers(document, [one, two]),
    lambda document, one, two, n: tree.ungroup(document, one),
    lambda document, one, two, n: canvas.resize_canvas(document, document.size, Point(n, -n)),
]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 9), st.integers(0, 9), st.integers(0, 100))))
def test_nothing_differs_outside_of_the_damage(chosen):
    document = START
    for operation, one, two, number in chosen[:8]:
        ids = list(document.layers) or ALL
        try:
            after = operation(document, ids[one % len(ids)], ids[two % len(ids)], number)
        except DocumentError:
            continue
        part = damage(diff(State(document), State(after)), after)
        if part is not None:
            was, now = seen(document), seen(after)
            outside = np.ones(now.shape[:2], bool)
            outside[part.y : part.bottom, part.x : part.right] = False
            assert np.array_equal(was[outside], now[outside])
            if fingerprint(document) == fingerprint(after):
                assert np.array_equal(was, now)
        document = after


def damaged(after):
    return damage(diff(State(START), State(after)), after)


@pytest.mark.parametrize(
    ("after", "part"),
    [
        (stroke(START, BASE, 10), Rect(0, 0, 256, 256)),
        (stroke(START, TOP, 10), Rect(50, 60, 100, 80)),
        (layers.set_opacity(START, TOP, 0.1), Rect(50, 60, 100, 80)),
        (layers.set_visible(START, TOP, False), Rect(50, 60, 100, 80)),
        (layers.remove_layer(START, TOP), Rect(50, 60, 100, 80)),
        (layers.move_layer(START, TOP, Point(10, 0)), Rect(50, 60, 110, 80)),
        (layers.set_opacity(START, GROUP, 0.5), START.rect),
        (layers.set_opacity(START, TONE, 0.5), START.rect),
        (tree.reorder_layer(START, TOP, None, 0), START.rect),
    ],
)
def test_a_change_damages_what_it_can_reach(after, part):
    assert damaged(after) == part


@pytest.mark.parametrize(
    "after",
    [
        layers.rename(START, TOP, "Another name"),
        layers.set_locked(START, TOP, True),
        replace(START, dpi=300.0),
    ],
)
def test_what_is_not_painted_damages_nothing(after):
    part = damaged(after)
    assert part is not None
    assert part.empty
    assert fingerprint(after) == fingerprint(START)


def test_what_is_hidden_damages_nothing():
    hidden = layers.set_visible(START, TOP, False)
    faded = layers.set_opacity(hidden, TOP, 0.1)
    part = damage(diff(State(hidden), State(faded)), faded)
    assert part is not None
    assert part.empty
    assert fingerprint(hidden) == fingerprint(faded)


@pytest.mark.parametrize("after", [replace(START, size=Size(500, 400)), replace(START, profile=b"another")])
def test_another_size_or_profile_damages_everything(after):
    assert damaged(after) is None
    assert fingerprint(after) != fingerprint(START)


def test_the_part_that_changed_goes_by_tile():
    before = START.layer(BASE).grid
    assert before
    blank = replace(before)
    assert changed_part(before, blank).empty
    assert changed_part(before, before.replaced({(1, 1): None})) == Rect(256, 256, 256, 144)
    corners = before.replaced({(0, 0): None, (2, 1): None})
    assert changed_part(before, corners) == Rect(0, 0, 600, 400)
