"""Hypothesis strategies for every value that a project holds."""

import hashlib
import json

from hypothesis import strategies as st

from nanodesk.document.blend import BlendMode
from nanodesk.document.candidate import (
    AddLayer,
    Candidate,
    CandidateState,
    CropDocument,
    HideBase,
    ResizeDocument,
    RotateDocument,
    Turn,
    TurnDocument,
)
from nanodesk.document.document import Document
from nanodesk.document.edit import Edit, EditStack, Reference, Role, Tray
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.history import Step
from nanodesk.document.identity import CandidateId, EditId, LayerId, ReferenceId, RunId, StepId
from nanodesk.document.layer import Adjustment, AdjustmentStep, Group, Layer, Mask, Pixels, Text, Unknown
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.document.run import Run, RunState, Usage
from nanodesk.document.selection import LassoSelection, MaskSelection, RectangleSelection, Selection
from nanodesk.document.state import State
from nanodesk.document.tiles import PixelsId, Tile, TileGrid, TileId, TileKind


def tile_named(name: str, kind: TileKind = TileKind.MIXED) -> Tile:
    return Tile(TileId(hashlib.sha256(name.encode()).hexdigest()), kind)


def grid_named(name: str, size: Size = Size(300, 200), channels: int = 4) -> TileGrid:
    blank = TileGrid.blank(size, channels)
    tiles = tuple(tile_named(f"{name} {place}") for place in range(len(blank.tiles)))
    return TileGrid(size, channels, tiles)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
IDS = st.uuids().map(lambda value: value.hex)
SMALL = st.integers(-5000, 5000)
TIMES = st.floats(0, 4e9)
FRACTIONS = st.floats(0, 1)
POINTS = st.builds(Point, SMALL, SMALL)
SIZES = st.builds(Size, st.sampled_from([1, 64, 256, 257, 400]), st.sampled_from([1, 100, 256, 300]))
RECTS = st.builds(Rect, SMALL, SMALL, st.integers(1, 600), st.integers(1, 600))
TILES = st.sampled_from([tile_named("a"), tile_named("b"), tile_named("c", TileKind.OPAQUE)])
NAMED = st.dictionaries(
    TEXTS, st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-99, 99), st.booleans(), TEXTS)
)
PARAMETERS = NAMED.map(lambda values: tuple(values.items()))


@st.composite
def grids(draw, channels=4):
    size = draw(SIZES)
    count = len(TileGrid.blank(size, channels).tiles)
    return TileGrid(size, channels, tuple(draw(st.lists(st.none() | TILES, min_size=count, max_size=count))))


MASKS = st.builds(Mask, grids(1), POINTS, st.sampled_from([0, 255]), st.booleans())
ADJUSTMENTS = st.builds(Adjustment, st.lists(st.builds(AdjustmentStep, TEXTS, PARAMETERS), max_size=2).map(tuple))
LEAVES = st.one_of(
    st.builds(Pixels, grids()),
    ADJUSTMENTS,
    st.builds(Text, TEXTS, PARAMETERS, grids()),
    TEXTS.map(lambda text: Unknown("hologram", json.dumps({"kind": "hologram", "words": text}))),
)
PROVENANCES = st.builds(
    Provenance,
    st.sampled_from(Origin),
    TIMES,
    TEXTS,
    st.none() | IDS.map(RunId),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    TEXTS,
    TEXTS,
    st.none() | TIMES,
    st.none() | FRACTIONS,
    st.booleans(),
)


def layers(contents=LEAVES):
    return st.builds(
        Layer,
        IDS.map(LayerId),
        TEXTS,
        contents,
        POINTS,
        FRACTIONS,
        st.sampled_from(BlendMode),
        st.booleans(),
        st.booleans(),
        st.none() | MASKS,
        st.none() | PROVENANCES,
    )


@st.composite
def documents(draw):
    found = {}

    def level(depth):
        ids = []
        for _ in range(draw(st.integers(0, 3 if depth == 0 else 2))):
            if depth < 2 and draw(st.integers(0, 3)) == 0:
                layer = draw(layers(st.just(Group())))
                inner = level(depth + 1)
                layer = Layer(layer.id, layer.name, Group(inner), opacity=layer.opacity, mask=layer.mask)
            else:
                layer = draw(layers())
            found[layer.id] = layer
            ids.append(layer.id)
        return tuple(ids)

    root = level(0)
    return Document(draw(SIZES), draw(st.floats(1, 1200)), draw(st.none() | st.binary(max_size=40)), found, root)


SHAPES = st.one_of(
    st.builds(RectangleSelection, RECTS),
    st.builds(LassoSelection, st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), max_size=5).map(tuple)),
    st.builds(MaskSelection, grids(1), POINTS),
)
SELECTIONS = st.builds(Selection, SHAPES, st.floats(0, 50), st.booleans())
EDITS = st.builds(Edit, IDS.map(EditId), TEXTS, st.booleans(), st.none() | SELECTIONS)
STACKS = st.builds(EditStack, st.lists(EDITS, max_size=3).map(tuple))


@st.composite
def states(draw):
    document = draw(documents())
    references = []
    for layer in draw(st.lists(st.none() | st.sampled_from([None, *document.layers]), max_size=2)):
        picture = draw(grids()) if layer is None else None
        of = ReferenceId(draw(IDS))
        references.append(Reference(of, layer, picture, draw(TEXTS), draw(st.sampled_from(Role)), draw(st.booleans())))
    return State(document, draw(STACKS), Tray(tuple(references)), draw(st.none() | SELECTIONS))


STEPS = st.builds(
    Step, IDS.map(StepId), st.none() | IDS.map(StepId), TEXTS, TIMES, st.none() | PROVENANCES, st.booleans()
)
RUNS = st.builds(
    Run,
    IDS.map(RunId),
    st.integers(1, 999),
    st.lists(EDITS, max_size=2).map(tuple),
    TEXTS,
    TEXTS,
    st.sampled_from(RunState),
    st.none() | IDS.map(LayerId),
    st.none() | grids().map(lambda grid: PixelsId(grid.id)),
    st.lists(TEXTS, max_size=2).map(tuple),
    TIMES,
    st.none() | TIMES,
    st.none() | TIMES,
    st.none() | FRACTIONS,
    TEXTS,
    st.lists(st.tuples(st.integers(0, 9), TEXTS), max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.builds(Usage, st.none() | FRACTIONS, st.integers(0, 9999), st.integers(0, 9999)),
    st.lists(IDS.map(CandidateId), max_size=2).map(tuple),
)
OPERATIONS = st.one_of(
    st.builds(AddLayer, TEXTS, LEAVES, POINTS, st.none() | MASKS, st.sampled_from(BlendMode)),
    st.builds(CropDocument, RECTS),
    st.builds(ResizeDocument, SIZES),
    st.builds(TurnDocument, st.sampled_from(Turn)),
    st.builds(RotateDocument, st.floats(-360, 360)),
    st.just(HideBase()),
)
CANDIDATES = st.builds(
    Candidate,
    IDS.map(CandidateId),
    IDS.map(RunId),
    st.lists(OPERATIONS, max_size=3).map(tuple),
    st.none() | grids().map(lambda grid: PixelsId(grid.id)),
    st.none() | grids(),
    TEXTS,
    st.sampled_from(CandidateState),
)
