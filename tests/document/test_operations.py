"""What single operations give, and what they refuse."""

import pytest

from nanodesk.document.document import Document
from nanodesk.document.edit import Reference, Tray
from nanodesk.document.errors import DocumentError, LockedLayerError, MissingLayerError
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import EditId, LayerId, ReferenceId, RunId
from nanodesk.document.invariants import check, check_state
from nanodesk.document.layer import Group, Layer, Mask, Pixels, Text
from nanodesk.document.operations import canvas, edits, layers, masks, merging, references, selections, tree
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.document.selection import LassoSelection, MaskSelection, RectangleSelection, Selection
from nanodesk.document.state import State
from tests.document.values import grid_named

A, B, C, G = LayerId("a"), LayerId("b"), LayerId("c"), LayerId("g")


def picture(layer_id, **values):
    return Layer(layer_id, layer_id.upper(), Pixels(grid_named(layer_id)), **values)


@pytest.fixture
def document():
    """`a` at the bottom, then a group of `b` and `c`."""
    tree_of = {A: picture(A), B: picture(B), C: picture(C), G: Layer(G, "G", Group((B, C)))}
    return Document(Size(400, 300), layers=tree_of, root=(A, G))


def test_a_layer_is_added_on_top_above_another_or_into_a_group(document):
    new = picture(LayerId("n"))
    assert layers.add_layer(document, new).root == (A, G, "n")
    assert layers.add_layer(document, new, above=A).root == (A, "n", G)
    assert layers.add_layer(document, new, above=B).layer(G).children == (B, "n", C)
    assert layers.add_layer(document, new, into=G).layer(G).children == (B, C, "n")


def test_a_picture_takes_in_no_layer(document):
    with pytest.raises(DocumentError, match="not a group"):
        layers.add_layer(document, picture(LayerId("n")), into=A)
    with pytest.raises(DocumentError, match="not a group"):
        tree.reorder_layer(document, B, A, 0)


def test_what_is_not_there_is_named_as_such(document):
    gone = LayerId("gone")
    with pytest.raises(MissingLayerError):
        layers.add_layer(document, picture(LayerId("n")), above=gone)
    with pytest.raises(MissingLayerError):
        layers.remove_layer(document, gone)
    with pytest.raises(DocumentError, match="only once"):
        layers.add_layer(document, picture(A))


def test_a_group_goes_with_all_that_is_in_it(document):
    assert set(layers.remove_layer(document, G).layers) == {A}
    assert layers.remove_layer(document, B).layer(G).children == (C,)


def test_a_group_is_copied_with_all_that_is_in_it(document):
    copied = layers.duplicate_layer(document, G, {G: LayerId("g2"), B: LayerId("b2"), C: LayerId("c2")})
    check(copied)
    assert copied.root == (A, G, "g2")
    assert copied.layer(LayerId("g2")).name == "G copy"
    assert copied.layer(LayerId("g2")).children == ("b2", "c2")
    check(layers.duplicate_layer(document, G))


@pytest.mark.parametrize("ids", [{G: "x"}, {G: "x", B: "x", C: "y"}, {G: "x", B: "y", C: "a"}])
def test_a_copy_never_takes_the_place_of_a_layer(document, ids):
    with pytest.raises(DocumentError, match="id of its own"):
        layers.duplicate_layer(document, G, ids)


@pytest.mark.parametrize(("asked", "got"), [(0.5, 0.5), (-3, 0.0), (7, 1.0), (float("inf"), 1.0)])
def test_opacity_is_kept_in_range(document, asked, got):
    assert layers.set_opacity(document, A, asked).layer(A).opacity == got


def test_an_opacity_is_a_number(document):
    with pytest.raises(DocumentError, match="from 0 to 1"):
        layers.set_opacity(document, A, float("nan"))


def test_a_locked_layer_keeps_pixels_place_and_mask(document):
    mask = Mask(grid_named("mask", channels=1))
    locked = layers.set_locked(layers.add_layer(document, picture(LayerId("t"))), B, True)
    for refused in (
        lambda: layers.move_layer(locked, B, Point(1, 1)),
        lambda: layers.move_layer(locked, G, Point(1, 1)),
        lambda: layers.set_content(locked, B, Pixels(grid_named("other"))),
        lambda: masks.set_mask(locked, B, mask),
        lambda: masks.remove_mask(locked, B),
        lambda: merging.merge_down(locked, C, grid_named("merged"), Point()),
    ):
        with pytest.raises(LockedLayerError, match="“B” is locked"):
            refused()
    assert layers.set_opacity(locked, B, 0.5).layer(B).opacity == 0.5
    assert not layers.set_visible(locked, B, False).layer(B).visible
    assert layers.set_locked(locked, B, False) == layers.add_layer(document, picture(LayerId("t")))


def test_content_stays_of_its_kind(document):
    with pytest.raises(DocumentError, match="another kind"):
        layers.set_content(document, A, Text("words", (), grid_named("words")))
    with pytest.raises(DocumentError, match="another kind"):
        layers.set_content(document, G, Group())
    with pytest.raises(DocumentError, match="not a mask"):
        layers.set_content(document, A, Pixels(grid_named("grey", channels=1)))
    with pytest.raises(DocumentError, match="grey"):
        masks.set_mask(document, A, Mask(grid_named("coloured")))


def test_a_mask_moves_with_its_layer(document):
    masked = masks.set_mask(document, A, Mask(grid_named("mask", channels=1), Point(5, 5)))
    moved = layers.place_layer(masked, A, Point(10, 20)).layer(A)
    assert moved.mask
    assert (moved.offset, moved.mask.offset) == (Point(10, 20), Point(15, 25))


def test_a_group_cannot_be_put_into_itself(document):
    nested = tree.group_layers(document, [B], LayerId("inner"))
    for parent in (G, LayerId("inner")):
        with pytest.raises(DocumentError, match="into itself"):
            tree.reorder_layer(nested, G, parent, 0)


def test_layers_go_from_group_to_group(document):
    moved = tree.reorder_layer(document, B, None, 0)
    assert moved.root == (B, A, G)
    assert moved.layer(G).children == (C,)
    assert tree.reorder_layer(document, A, G, 1).layer(G).children == (B, A, C)


def test_grouping_keeps_the_order_and_ungrouping_gives_it_back(document):
    grouped = tree.group_layers(document, [G, A, B], LayerId("all"), "All")
    check(grouped)
    assert grouped.root == ("all",)
    assert grouped.layer(LayerId("all")).children == (A, G)
    assert tree.ungroup(grouped, LayerId("all")) == document
    with pytest.raises(DocumentError, match="only once"):
        tree.group_layers(document, [A], B)
    with pytest.raises(DocumentError, match="first"):
        tree.group_layers(document, [])
    with pytest.raises(DocumentError, match="not a group"):
        tree.ungroup(document, A)


def test_a_crop_moves_the_layers_and_keeps_their_pixels(document):
    cropped = canvas.crop_document(document, Rect(10, 20, 100, 80))
    assert cropped.size == Size(100, 80)
    assert cropped.layer(A).offset == Point(-10, -20)
    assert cropped.layer(A).grid == document.layer(A).grid
    back = canvas.crop_document(cropped, Rect(-10, -20, 400, 300))
    assert back == document


@pytest.mark.parametrize("rect", [Rect(0, 0, 0, 5), Rect(400, 0, 5, 5), Rect(0, 0, 400_000, 5)])
def test_a_crop_to_nothing_is_refused(document, rect):
    with pytest.raises(DocumentError):
        canvas.crop_document(document, rect)


def test_a_resolution_is_a_positive_number(document):
    for dpi in (0, -1, float("nan"), float("inf")):
        with pytest.raises(DocumentError, match="resolution"):
            canvas.set_document_frame(document, Size(1, 1), dpi, None)


def test_merging_keeps_the_name_and_the_origin_of_the_lower(document):
    made = Provenance(Origin.RUN, 5.0, run=RunId("r"), generative=True)
    lower = layers.put_layer(document, picture(A, opacity=0.5, provenance=made))
    merged = merging.merge_down(lower, G, grid_named("merged"), Point(1, 2))
    check(merged)
    assert merged.layers == {A: Layer(A, "A", Pixels(grid_named("merged")), Point(1, 2), provenance=made)}
    with pytest.raises(DocumentError, match="no layer below"):
        merging.merge_down(document, A, grid_named("merged"), Point())


def test_a_layer_merges_into_the_whole_group_below(document):
    top = layers.add_layer(document, picture(LayerId("top")))
    merged = merging.merge_down(tree.group_layers(top, [B], LayerId("inner")), LayerId("top"), grid_named("m"), Point())
    check(merged)
    assert merged.root == (A, G)
    assert set(merged.layers) == {A, G}


def test_sentences_are_added_once_and_never_blank():
    state = edits.add_edit(State(), EditId("1"), "  make it warmer ")
    assert state.edit_stack.edits[0].instruction == "make it warmer"
    for refused in (
        lambda: edits.add_edit(state, EditId("1"), "again"),
        lambda: edits.duplicate_edit(state, EditId("1"), EditId("1")),
        lambda: edits.set_instruction(state, EditId("1"), " \n"),
        lambda: edits.set_instruction(state, EditId("1"), "x" * 4001),
        lambda: edits.remove_edit(state, EditId("2")),
    ):
        with pytest.raises(DocumentError):
            refused()


def test_sentences_change_places():
    state = State()
    for name in "123":
        state = edits.add_edit(state, EditId(name), name)
    state = edits.reorder_edit(state, EditId("3"), 0)
    state = edits.duplicate_edit(state, EditId("1"), EditId("4"))
    assert [edit.id for edit in state.edit_stack] == ["3", "1", "4", "2"]
    state = edits.enable_edit(state, EditId("1"), False)
    assert [edit.instruction for edit in state.edit_stack.enabled] == ["3", "1", "2"]


def test_a_reference_goes_with_its_layer(document):
    state = references.tick_layer(State(document), A, reference_id=ReferenceId("r"))
    assert references.tick_layer(state, A) is state
    gone = references.consistent(State(layers.remove_layer(document, A), tray=state.tray))
    assert gone.tray == Tray()
    with pytest.raises(DocumentError, match="only once"):
        references.add_reference(state, Reference(ReferenceId("r"), layer=B))
    with pytest.raises(DocumentError, match="or a picture"):
        references.add_reference(state, Reference(ReferenceId("s")))


@pytest.mark.parametrize(
    "shape",
    [
        RectangleSelection(Rect(1, 2, 3, 4)),
        LassoSelection(((0.0, 0.0), (9.0, 0.0), (0.0, 9.0))),
        MaskSelection(grid_named("mask", channels=1)),
    ],
)
def test_selections_follow_the_canvas(document, shape):
    selection = Selection(shape)
    state = edits.add_edit(State(document, selection=selection), EditId("1"), "here", selection=selection)
    moved = selections.move_selections(state, Point(5, 7))
    assert moved.selection
    assert moved.selection == moved.edit_stack.edits[0].selection
    assert moved.selection.bounds == selection.bounds.translated(Point(5, 7))


@pytest.mark.parametrize(
    "wrong",
    [
        Document(root=(A,)),
        Document(layers={A: picture(A)}),
        Document(layers={A: picture(A)}, root=(A, A)),
        Document(layers={A: picture(B)}, root=(A,)),
        Document(layers={A: picture(A, opacity=1.5)}, root=(A,)),
        Document(layers={A: picture(A, opacity=float("nan"))}, root=(A,)),
        Document(layers={G: Layer(G, "G", Group((G,)))}, root=(G,)),
        Document(layers={G: Layer(G, "G", Group((G,)))}),
        Document(dpi=float("nan")),
    ],
)
def test_a_broken_document_is_noticed(wrong):
    with pytest.raises(DocumentError):
        check(wrong)
    with pytest.raises(DocumentError):
        check_state(State(wrong))
