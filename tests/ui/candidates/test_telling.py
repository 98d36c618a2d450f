"""The sentences of the strip, and which places there are, from values alone."""

from dataclasses import replace

import pytest

from nanodesk.document.candidate import Candidate, CandidateState, HideBase
from nanodesk.document.edit import Edit
from nanodesk.document.identity import CandidateId, EditId, RunId
from nanodesk.document.run import Run, RunOptions, RunState, Usage
from nanodesk.document.tiles import PixelsId
from nanodesk.ui.candidates.slots import Runs, SlotKind, settling, slots_of
from nanodesk.ui.candidates.telling import coming_mark, name_of, said, told_of, told_of_all
from nanodesk.ui.candidates.verdict import NothingKnown

BASE = PixelsId("base")
EDITS = (Edit(EditId("1"), "Turn the cup\ngreen"),)


def candidate(name, reply=None, state=CandidateState.WAITING, **more):
    return Candidate(CandidateId(name), RunId("run"), (HideBase(),), BASE, reply=reply, state=state, **more)


def run(*candidates, state=RunState.RUNNING, wanted=1, **more):
    ids = tuple(one.id for one in candidates)
    return Run(
        RunId("run"), 1, EDITS, "gemini", state=state, candidates=ids, options=RunOptions(candidates=wanted), **more
    )


def slots(one, *candidates, generative=True, settled=frozenset()):
    known = {candidate.id: candidate for candidate in candidates}
    return slots_of(Runs({one.id: one}, known, lambda _: generative, settled))


def kinds(*args, **more):
    return [slot.kind.name for slot in slots(*args, **more)]


def test_several_pictures_of_one_reply_take_one_place_of_those_to_come():
    two = candidate("a", 1), candidate("b", 1)
    assert kinds(run(*two, wanted=3), *two) == ["WAITING", "WAITING", "COMING", "COMING"]


def test_what_is_decided_has_no_place_and_counts_as_come():
    two = candidate("a", 1, CandidateState.KEPT), candidate("b", 2)
    assert kinds(run(*two, wanted=3), *two) == ["WAITING", "COMING"]
    assert kinds(run(*two, wanted=3, state=RunState.DONE), *two) == ["WAITING"]


def test_what_did_not_come_goes_with_the_last_answer_that_waits():
    one = candidate("a", 1)
    missing = ("Candidate 2 of 2 did not come: refused.",)
    assert kinds(run(one, wanted=2, state=RunState.DONE, missing=missing), one) == ["WAITING", "MISSING"]
    gone = replace(one, state=CandidateState.DISCARDED)
    assert kinds(run(gone, wanted=2, state=RunState.DONE, missing=missing), gone) == []


def test_one_answer_of_this_computer_waits_only_when_it_is_brought_back():
    one = candidate("a")
    done = run(one, state=RunState.DONE)
    assert kinds(run(), generative=False) == []
    assert kinds(done, one, generative=False, settled=frozenset({done.id})) == []
    assert kinds(done, one, generative=False) == ["WAITING"]


def test_a_run_settles_until_its_answer_is_applied_or_it_turns_out_otherwise():
    one, two = candidate("a"), candidate("b")
    known = {one.id: one, two.id: two}
    assert settling(run(one), known, lambda _: False)
    assert not settling(run(one), known, lambda _: True)
    assert settling(run(one, state=RunState.DONE), known, lambda _: False)
    assert not settling(run(one, two, state=RunState.DONE), known, lambda _: False)
    assert not settling(run(one, state=RunState.CANCELLED), known, lambda _: False)


def told(one, *candidates, place=0, older=False, now=112.0, usual=None):
    return told_of(slots(one, *candidates)[place], NothingKnown(), older, now, usual)


@pytest.mark.parametrize(
    ("more", "usual", "words", "mark"),
    [
        ({"started": 100.0}, None, "12 s", "12 s"),
        ({"started": 100.0}, 25.0, "12 s of about 25 s", "12 s"),
        ({"started": 100.0, "message": "Waiting for the model."}, None, "12 s · waiting for the model", "12 s"),
        ({"state": RunState.QUEUED}, None, "Waiting for its turn", "waits"),
        (
            {"state": RunState.QUEUED, "held": "The ceiling of $5 is reached."},
            None,
            "The ceiling of $5 is reached.",
            "waits",
        ),
    ],
)
def test_one_that_is_to_come_says_where_it_stands(more, usual, words, mark):
    one = run(**more)
    assert told(one, usual=usual).detail == words
    assert told(one).title == "Turn the cup green"
    assert coming_mark(slots(one)[0], 112.0) == mark


def test_an_answer_says_what_is_known_of_it():
    one = candidate("a", 1)
    done = run(one, state=RunState.DONE, answered_by="version-7", started=1.0, finished=25.0, usage=Usage(0.034))
    assert told(done, one).detail == "version-7 · 24 s · $0.034"
    assert told(done, one, older=True).detail == "made on an older base · version-7 · 24 s · $0.034"
    assert name_of(slots(done, one)[0]) == "Turn the cup green"


def test_together_they_say_how_many_wait_and_how_many_come():
    one = candidate("a", 1)
    assert told_of_all(slots(run(one, wanted=3), one)).title == "1 answer waits"
    assert told_of_all(slots(run(one, wanted=3), one)).detail.endswith("2 more to come.")
    assert told_of_all(slots(run(wanted=2))).title == "2 answers on the way"
    missing = slots(run(missing=("Candidate 1 of 1 did not come.",)))
    assert [slot.kind for slot in missing] == [SlotKind.MISSING]
    assert told_of_all(missing).title == "No answer came"


def test_the_models_words_keep_their_lines_and_nothing_that_moves_them_about():
    one = candidate("a", words="Done.\u202e\r\n\r\nMore?\x07", thoughts=" The light. ")
    assert said(one) == "Done.\n\nMore?\n\nWhile thinking: The light."
    assert said(candidate("b")) == ""
