"""The tree of steps: where undo and redo lead, and what is refused."""

import pytest

from nanodesk.document.change import Change
from nanodesk.document.document import Document
from nanodesk.document.edit import EditStack
from nanodesk.document.errors import MissingStepError
from nanodesk.document.geometry import Size
from nanodesk.document.history import History, Step, reverted, walk
from nanodesk.document.identity import EditId, StepId
from nanodesk.document.operations.edits import add_edit
from nanodesk.document.state import State

CHANGES: dict[StepId, Change] = {}


def step(name, parent):
    return Step(StepId(name), None if parent is None else StepId(parent), name, 0.0)


@pytest.fixture
def history():
    """Two branches below `a`; standing at the end of the newer one."""
    tree = History.starting(step("root", None)).recorded(step("a", "root")).recorded(step("b", "a"))
    return tree.at(StepId("a")).recorded(step("c", "a")).recorded(step("d", "c"))


def test_undo_walks_up_and_redo_goes_down_the_branch_last_visited(history):
    assert history.line(history.current) == ("root", "a", "c", "d")
    assert history.at(StepId("a")).redo_target == "c"
    assert history.at(StepId("b")).at(StepId("a")).redo_target == "b"
    assert history.at(StepId("root")).undo_target is None
    assert history.redo_target is None
    assert history.children(StepId("a")) == ("b", "c")


def test_without_a_visit_redo_goes_to_the_newest_branch(history):
    fresh = History(history.steps, StepId("a"), history.root)
    assert fresh.redo_target == "c"


def test_a_step_that_is_not_there_is_told(history):
    for missing in (lambda: history.step(StepId("x")), lambda: history.at(StepId("x"))):
        with pytest.raises(MissingStepError, match="not in the history"):
            missing()


def test_a_new_step_follows_the_current_one(history):
    with pytest.raises(MissingStepError, match="follow the current"):
        history.recorded(step("e", "b"))
    with pytest.raises(MissingStepError, match="Only the current"):
        history.amended(step("c", "a"))
    amended = history.amended(Step(StepId("d"), StepId("c"), "again", 1.0))
    assert amended.step(StepId("d")).label == "again"
    assert list(amended.steps) == list(history.steps)


def test_going_nowhere_changes_nothing(history):
    state = State(Document(Size(3, 4)))
    assert walk(history, state, history.current, CHANGES.__getitem__) is state


def test_reverting_keeps_the_sentences_being_written():
    past = State(Document(Size(3, 4)))
    present = add_edit(State(Document(Size(9, 9))), EditId("e"), "make it warmer")
    back = reverted(present, past)
    assert back.document == past.document
    assert back.edit_stack == present.edit_stack != EditStack()


def test_nothing_is_a_change_that_is_empty():
    assert Change().empty
    assert not Change().touches_document
