"""Any operation on a state, drawn at random; the state stays as it is where the operation refuses."""

from dataclasses import replace

from hypothesis import strategies as st

from nanodesk.document.blend import BlendMode
from nanodesk.document.edit import Role
from nanodesk.document.errors import DocumentError
from nanodesk.document.geometry import Point
from nanodesk.document.identity import EditId, LayerId, ReferenceId, new_id
from nanodesk.document.layer import Mask, Pixels
from nanodesk.document.operations import canvas, edits, layers, masks, merging, references, selections, tree
from tests.document.values import MASKS, POINTS, RECTS, SELECTIONS, SIZES, TEXTS, grid_named, grids
from tests.document.values import layers as any_layer


def _on_document(function):
    return lambda state: replace(state, document=function(state.document))


class Chooser:
    """What is chosen at random for one operation."""

    def __init__(self, draw, state):
        self.draw = draw
        self.state = state

    def layer(self):
        return self.draw(st.sampled_from([LayerId("gone"), *self.state.document.layers]))

    def parent(self):
        return self.draw(st.sampled_from([None, *self.state.document.layers]))

    def edit(self):
        return self.draw(st.sampled_from([EditId("gone"), *(edit.id for edit in self.state.edit_stack)]))

    def reference(self):
        return self.draw(st.sampled_from([ReferenceId("gone"), *(one.id for one in self.state.tray)]))

    def index(self):
        return self.draw(st.integers(-1, 4))

    def yes(self):
        return self.draw(st.booleans())


def _add(chooser):
    layer = chooser.draw(any_layer())
    above, into = chooser.parent(), chooser.parent()
    return _on_document(lambda document: layers.add_layer(document, layer, above=above, into=into))


def _remove(chooser):
    layer = chooser.layer()
    return _on_document(lambda document: layers.remove_layer(document, layer))


def _duplicate(chooser):
    layer = chooser.layer()
    return _on_document(lambda document: layers.duplicate_layer(document, layer))


def _property(chooser):
    layer = chooser.layer()
    function, value = chooser.draw(
        st.sampled_from(
            [
                (layers.rename, "Another  name"),
                (layers.rename, " "),
                (layers.set_opacity, 7.0),
                (layers.set_opacity, 0.25),
                (layers.set_opacity, float("nan")),
                (layers.set_blend_mode, BlendMode.SCREEN),
                (layers.set_visible, chooser.yes()),
                (layers.set_locked, chooser.yes()),
                (layers.set_content, Pixels(grid_named("painted"))),
                (masks.enable_mask, chooser.yes()),
            ]
        )
    )
    return _on_document(lambda document: function(document, layer, value))


def _move(chooser):
    layer, by = chooser.layer(), chooser.draw(POINTS)
    function = layers.move_layer if chooser.yes() else layers.place_layer
    return _on_document(lambda document: function(document, layer, by))


def _reorder(chooser):
    layer, parent, index = chooser.layer(), chooser.parent(), chooser.index()
    return _on_document(lambda document: tree.reorder_layer(document, layer, parent, index))


def _group(chooser):
    chosen = chooser.draw(st.lists(st.sampled_from([*chooser.state.document.layers, LayerId("gone")]), max_size=4))
    return _on_document(lambda document: tree.group_layers(document, chosen, LayerId(new_id())))


def _ungroup(chooser):
    layer = chooser.layer()
    return _on_document(lambda document: tree.ungroup(document, layer))


def _mask(chooser):
    layer, mask = chooser.layer(), chooser.draw(MASKS)
    if chooser.yes():
        return _on_document(lambda document: masks.remove_mask(document, layer))
    return _on_document(lambda document: masks.set_mask(document, layer, mask))


def _canvas(chooser):
    if chooser.yes():
        rect = chooser.draw(RECTS)
        return _on_document(lambda document: canvas.crop_document(document, rect))
    size, offset = chooser.draw(SIZES), chooser.draw(POINTS)
    return _on_document(lambda document: canvas.resize_canvas(document, size, offset))


def _turned(chooser):
    size, mask = chooser.draw(SIZES), Mask(grid_named("turned", channels=1))
    contents = {
        layer.id: (layer.content, Point(1, 2), mask)
        for layer in chooser.state.document.layers.values()
        if layer.grid is not None
    }
    return _on_document(lambda document: canvas.with_contents(document, size, contents))


def _merge(chooser):
    layer, merged = chooser.layer(), chooser.draw(grids())
    if chooser.draw(st.integers(0, 4)) == 0:
        return _on_document(lambda document: merging.flatten_document(document, merged, LayerId(new_id())))
    return _on_document(lambda document: merging.merge_down(document, layer, merged, Point(3, 4)))


def _edit(chooser):
    edit, sentence, index = chooser.edit(), chooser.draw(TEXTS), chooser.index()
    selection, enabled = chooser.draw(st.none() | SELECTIONS), chooser.yes()
    return chooser.draw(
        st.sampled_from(
            [
                lambda state: edits.add_edit(state, EditId(new_id()), sentence, selection=selection, index=index),
                lambda state: edits.add_edit(state, EditId(new_id()), "make it warmer"),
                lambda state: edits.set_instruction(state, edit, sentence),
                lambda state: edits.enable_edit(state, edit, enabled),
                lambda state: edits.tie_edit(state, edit, selection),
                lambda state: edits.remove_edit(state, edit),
                lambda state: edits.reorder_edit(state, edit, index),
                lambda state: edits.duplicate_edit(state, edit, EditId(new_id())),
                edits.clear_edits,
            ]
        )
    )


def _reference(chooser):
    layer, reference, index, enabled = chooser.layer(), chooser.reference(), chooser.index(), chooser.yes()
    return chooser.draw(
        st.sampled_from(
            [
                lambda state: references.tick_layer(state, layer),
                lambda state: references.untick_layer(state, layer),
                lambda state: references.set_role(state, reference, Role.STYLE),
                lambda state: references.enable_reference(state, reference, enabled),
                lambda state: references.remove_reference(state, reference),
                lambda state: references.reorder_reference(state, reference, index),
            ]
        )
    )


def _selection(chooser):
    selection, by = chooser.draw(st.none() | SELECTIONS), chooser.draw(POINTS)
    return chooser.draw(
        st.sampled_from(
            [
                lambda state: selections.set_selection(state, selection),
                selections.select_all,
                selections.invert_selection,
                lambda state: selections.move_selections(state, by),
            ]
        )
    )


KINDS = [
    *(_add, _add, _remove, _duplicate, _property, _move, _reorder, _group, _ungroup, _mask, _canvas, _turned, _merge),
    *(_edit, _edit, _reference, _selection),
]


def after_any_operation(draw, state):
    """The state after one operation drawn at random, as `Editor.apply` would have it."""
    operation = draw(st.sampled_from(KINDS))(Chooser(draw, state))
    try:
        return references.consistent(operation(state))
    except DocumentError:
        return state
