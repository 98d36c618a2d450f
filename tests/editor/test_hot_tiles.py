"""What was touched last stays raw; the rest only as far as memory is to be spent on it."""

import numpy as np

from nanodesk.document.geometry import Rect
from nanodesk.document.layer import Pixels
from nanodesk.document.operations.layers import set_content
from nanodesk.editor.editor import Editor
from nanodesk.editor.hot_tiles import HOT_STEPS, hot_tiles
from nanodesk.editor.pixel_store import PixelStore
from tests.editor.scripted import with_picture

TILE = 256 * 256 * 4


def painted(editor, store, layer, place):
    grid = editor.document.layer(layer).grid
    patch = np.full((10, 10, 4), len(editor.history.steps), np.uint8)
    new = store.paint(grid, Rect(place * 256, 0, 10, 10), patch)
    before, after = grid.at(place, 0).id, new.at(place, 0).id
    editor.apply_document(f"Stroke {place}", lambda d: set_content(d, layer, Pixels(new)))
    return before, after


def begun(width=8):
    editor, store = Editor(), PixelStore()
    block = np.random.default_rng(1).integers(0, 256, (256, width * 256, 4), np.uint8)
    return editor, store, with_picture(editor, store, block)


def test_the_picture_and_the_newest_steps_stay_raw():
    editor, store, layer = begun()
    touched = [painted(editor, store, layer, number % 8) for number in range(HOT_STEPS + 4)]
    hot = hot_tiles(editor, store.shapes)
    assert hot >= editor.document.layer(layer).grid.ids()
    assert hot >= {tile for pair in touched[-HOT_STEPS:] for tile in pair}
    assert touched[0][0] not in hot  # before the oldest step: packed


def test_beyond_the_budget_what_was_touched_last_stays():
    editor, store, layer = begun()
    touched = [painted(editor, store, layer, number) for number in range(3)]
    hot = hot_tiles(editor, store.shapes, most=9 * TILE)
    assert len(hot) == 9
    assert touched[-1][1] in hot
    assert hot_tiles(editor, store.shapes, most=0) == set()
    store.cool(hot)
    assert store.raw_bytes == 9 * TILE
    assert np.array_equal(store.tile(touched[0][0])[20:], store.tile(touched[0][1])[20:])
