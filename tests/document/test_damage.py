from dataclasses import replace

from nanodesk.document.change import diff
from nanodesk.document.damage import damage
from nanodesk.document.document import Document
from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Adjustment, AdjustmentStep, Layer, Mask, Pixels
from nanodesk.document.state import State
from nanodesk.document.tiles import Tile, TileGrid, TileId, TileKind


def grid(width, height, mark="a"):
    blank = TileGrid.blank(Size(width, height))
    tiles = tuple(Tile(TileId(f"{mark}{n}"), TileKind.OPAQUE) for n in range(len(blank.tiles)))
    return replace(blank, tiles=tiles)


BASE = Layer(LayerId("base"), "base", Pixels(grid(1000, 800)))
TOP = Layer(LayerId("top"), "top", Pixels(grid(300, 200, "b")), offset=Point(100, 50))
DOCUMENT = Document(Size(1000, 800), layers={BASE.id: BASE, TOP.id: TOP}, root=(BASE.id, TOP.id))
EVERYTHING = Rect(0, 0, 1000, 800)


def damaged(after, before=DOCUMENT):
    return damage(diff(State(before), State(after)), after)


def with_layer(layer):
    return replace(DOCUMENT, layers={**DOCUMENT.layers, layer.id: layer})


def test_a_name_or_a_lock_alters_nothing():
    assert damaged(with_layer(replace(TOP, name="other", locked=True))).empty


def test_opacity_alters_where_the_layer_is():
    assert damaged(with_layer(replace(TOP, opacity=0.5))) == Rect(100, 50, 300, 200)


def test_a_move_alters_both_places():
    assert damaged(with_layer(TOP.moved(Point(200, 0)))) == Rect(100, 50, 500, 200)


def test_a_stroke_alters_its_tiles_only():
    painted = BASE.grid.replaced({(1, 1): Tile(TileId("new"), TileKind.OPAQUE)})
    assert damaged(with_layer(replace(BASE, content=Pixels(painted)))) == Rect(256, 256, 256, 256)


def test_a_hidden_layer_alters_nothing_however_it_changes():
    hidden = with_layer(replace(TOP, visible=False))
    changed = replace(hidden, layers={**hidden.layers, TOP.id: replace(TOP, visible=False, opacity=0.1)})
    assert damaged(changed, hidden).empty


def test_an_adjustment_reaches_as_far_as_its_mask():
    everywhere = Layer(LayerId("warm"), "warm", Adjustment((AdjustmentStep("warmth"),)))
    masked = replace(everywhere, mask=Mask(TileGrid.blank(Size(50, 60), 1), Point(10, 20)))
    for layer, reach in ((everywhere, EVERYTHING), (masked, Rect(10, 20, 50, 60))):
        after = replace(
            DOCUMENT, layers={**DOCUMENT.layers, layer.id: layer}, root=(*DOCUMENT.root, layer.id)
        )
        assert damaged(after) == reach


def test_another_order_alters_everything_and_another_size_too():
    assert damaged(replace(DOCUMENT, root=(TOP.id, BASE.id))) == EVERYTHING
    assert damaged(replace(DOCUMENT, size=Size(900, 800))) is None


def test_fingerprints_tell_pictures_apart_and_nothing_else():
    assert fingerprint(DOCUMENT) == fingerprint(with_layer(replace(TOP, name="other")))
    assert fingerprint(DOCUMENT) != fingerprint(with_layer(replace(TOP, opacity=0.5)))
    assert fingerprint(DOCUMENT) != fingerprint(replace(DOCUMENT, root=(TOP.id, BASE.id)))
