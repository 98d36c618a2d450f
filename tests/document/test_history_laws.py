"""Laws of operations, changes and history, on any sequence of operations."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nanodesk.document.change import Change, apply, diff, squash
from nanodesk.document.history import History, Step, amended_change, walk
from nanodesk.document.identity import StepId
from nanodesk.document.invariants import check_state
from nanodesk.document.state import State
from tests.document.any_operation import after_any_operation
from tests.document.values import states

SLOW = settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole story takes minutes
    suppress_health_check=list(HealthCheck),
)


class Story:
    """A history with the state that each step was recorded at."""

    def __init__(self, start: State) -> None:
        self.history = History.starting(Step(StepId("0"), None, "start", 0.0))
        self.state = start
        self.states = {StepId("0"): start}
        self.changes: dict[StepId, Change] = {}

    def record(self, after: State) -> None:
        change = diff(self.state, after)
        if change.empty:
            return
        step = Step(StepId(str(len(self.states))), self.history.current, "step", 0.0)
        self.history = self.history.recorded(step)
        self.changes[step.id] = change
        self.states[step.id] = self.state = after

    def go(self, target: StepId) -> None:
        self.state = walk(self.history, self.state, target, self.changes.__getitem__)
        self.history = self.history.at(target)


@st.composite
def stories(draw):
    story = Story(draw(states()))
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.integers(0, 3)) == 0:
            story.go(draw(st.sampled_from(sorted(story.states))))
        story.record(after_any_operation(draw, story.state))
    return story


@SLOW
@given(stories())
def test_every_state_keeps_the_invariants(story):
    for state in story.states.values():
        check_state(state)


@SLOW
@given(stories())
def test_undo_to_the_root_gives_the_start_and_redo_gives_the_end(story):
    end, there = story.state, story.history.current
    while (target := story.history.undo_target) is not None:
        story.go(target)
        assert story.state == story.states[target]
    assert story.state == story.states[StepId("0")]
    while story.history.current != there:
        story.go(story.history.redo_target)
    assert story.state == end


@SLOW
@given(stories(), st.data())
def test_any_walk_gives_the_state_that_was_recorded_and_branches_survive(story, data):
    known = dict(story.states)
    for _ in range(5):
        target = data.draw(st.sampled_from(sorted(known)))
        story.go(target)
        assert story.state == known[target]
    assert set(story.history.steps) == set(known)


@SLOW
@given(states(), st.data())
def test_a_change_leads_there_and_back(before, data):
    after = after_any_operation(data.draw, before)
    change = diff(before, after)
    assert change.empty == (before == after)
    assert apply(before, change) == after
    assert apply(after, change.reversed()) == before
    assert change.reversed().reversed() == change


@SLOW
@given(states(), st.data())
def test_changes_that_follow_each_other_are_one(first, data):
    second = after_any_operation(data.draw, first)
    third = after_any_operation(data.draw, second)
    whole = squash(diff(first, second), diff(second, third), first)
    assert whole == diff(first, third)
    assert amended_change(diff(first, second), second, third) == whole


@SLOW
@given(states(), states())
def test_any_two_states_differ_by_a_change(before, after):
    assert apply(before, diff(before, after)) == after
    assert diff(before, before).empty
