from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nanodesk.document.errors import MissingLayerError
from nanodesk.document.identity import LayerId
from nanodesk.document.operations.layers import remove_layer, rename, set_opacity
from nanodesk.editor.editor import Editor
from nanodesk.editor.errors import EditorError
from nanodesk.editor.pixel_store import PixelStore
from tests.editor.scripted import picture, with_edits, with_picture

if TYPE_CHECKING:
    from nanodesk.document.change import Change


@pytest.fixture
def editor():
    return Editor()


@pytest.fixture
def layer(editor):
    return with_picture(editor, PixelStore(), picture())


def test_undo_takes_back_sentences_too_and_redo_brings_them_again(editor, layer):
    with_edits(editor, "make it warmer")
    editor.undo()
    assert len(editor.state.edit_stack) == 0
    editor.redo()
    assert [edit.instruction for edit in editor.state.edit_stack] == ["make it warmer"]


def test_a_slider_drag_is_one_step(editor, layer):
    steps = len(editor.history.steps)
    for tick, opacity in enumerate((0.9, 0.6, 0.3)):
        editor.apply_document("Opacity", lambda d, o=opacity: set_opacity(d, layer, o), amend=tick > 0)
    assert len(editor.history.steps) == steps + 1
    assert editor.document.layer(layer).opacity == 0.3
    editor.undo()
    assert editor.document.layer(layer).opacity == 1.0


def test_amending_never_reaches_into_a_step_of_another_kind(editor, layer):
    steps = len(editor.history.steps)
    editor.apply_document("Rename", lambda d: rename(d, layer, "cup"))
    editor.apply_document("Opacity", lambda d: set_opacity(d, layer, 0.5), amend=True)
    assert len(editor.history.steps) == steps + 2


def test_nothing_changed_is_no_step(editor, layer):
    assert editor.apply_document("Opacity", lambda d: set_opacity(d, layer, 1.0)) is None


def test_a_step_after_undo_starts_a_branch_and_loses_nothing(editor, layer):
    editor.apply_document("Rename", lambda d: rename(d, layer, "one"))
    first = editor.history.current
    editor.undo()
    editor.apply_document("Rename", lambda d: rename(d, layer, "two"))
    editor.go_to(first)
    assert editor.document.layer(layer).name == "one"
    assert len(editor.history.children(editor.history.step(first).parent)) == 2


def test_revert_keeps_the_sentences_being_written_and_can_be_undone(editor, layer):
    past = editor.history.current
    editor.apply_document("Remove", lambda d: remove_layer(d, layer))
    with_edits(editor, "blur the background")
    editor.revert_to(past)
    assert layer in editor.document.layers
    assert [edit.instruction for edit in editor.state.edit_stack] == ["blur the background"]
    editor.undo()
    assert layer not in editor.document.layers


def test_joined_changes_are_one_step_and_all_or_none(editor, layer):
    steps = len(editor.history.steps)
    with editor.joined("Both"):
        editor.apply_document("Rename", lambda d: rename(d, layer, "cup"))
        editor.apply_document("Opacity", lambda d: set_opacity(d, layer, 0.5))
    assert len(editor.history.steps) == steps + 1

    def broken():
        with editor.joined("Broken"):
            editor.apply_document("Opacity", lambda d: set_opacity(d, layer, 0.1))
            editor.apply_document("Remove", lambda d: remove_layer(d, LayerId("gone")))

    with pytest.raises(MissingLayerError):
        broken()
    assert editor.document.layer(layer).opacity == 0.5
    assert len(editor.history.steps) == steps + 1


def test_changes_name_only_what_differs(editor, layer):
    heard: list[Change] = []
    editor.changed.connect(heard.append)
    editor.apply_document("Rename", lambda d: rename(d, layer, "cup"))
    assert set(heard[0].layers) == {layer}
    assert heard[0].edit_stack is None


def test_a_listener_cannot_change_the_document_while_it_is_told(editor, layer):
    faults = []

    def meddle(_):
        try:
            editor.apply("Meddle", lambda state: replace(state, selection=None))
        except EditorError as fault:
            faults.append(str(fault))

    editor.changed.connect(meddle)
    editor.apply_document("Rename", lambda d: rename(d, layer, "cup"))
    assert len(faults) == 1
