"""Questions to a text model through the real SDK over loopback: what is sent, what is believed, what is only shown."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanodesk.document.advice import AdviceKind, EditVerdict, Suggestion
from nanodesk.document.run import Remedy
from nanodesk.editor.advising import Advising
from nanodesk.editor.editor import Editor
from nanodesk.editor.engine_list import EngineList
from nanodesk.editor.errors import ConsentMissingError, KeyMissingError, RunError, RunRefusedError, RunServiceError
from nanodesk.editor.intake import Decoder
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.run_queue import RunQueue
from nanodesk.editor.running import Runner
from nanodesk.editor.work import Work
from nanodesk.engines.errors import ServiceError
from nanodesk.engines.gemini.engine import GeminiEngine
from nanodesk.engines.gemini.questions import advice_of
from nanodesk.engines.google.connection import Connection
from tests.editor.scripted import picture, with_edits, with_picture
from tests.wire.acceptance import MODELS
from tests.wire.asked import KEY
from tests.wire.scenarios import answers, blocked, fails, says, sends
from tests.wire.server import serving


class Key:
    def reveal(self):
        return KEY


@pytest.fixture
def server():
    with serving() as server:
        yield server


async def at_once(_):
    """Waits are seen, and not waited for."""


class Bench:
    """A project's questions, on a server of our own."""

    def __init__(self, server, *, key=True, consent=True):
        self.work = Work()
        self.editor, self.pixels = Editor(), PixelStore()
        self.decoder = Decoder(self.work)
        engine = GeminiEngine(lambda: Key() if key else None, lambda: Connection(base_url=server.url), at_once)
        engines = EngineList([engine], lambda _: consent)
        runner = Runner(engines, self.pixels, self.decoder, self.work)
        self.queue = RunQueue(self.editor, self.pixels, engines, runner, self.work)
        self.advising = Advising(self.editor, self.pixels, engines, self.queue, self.work)
        with_picture(self.editor, self.pixels, picture(96, 64))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.queue.stop()
        await self.decoder.close()
        self.work.close()

    async def candidate(self, *sentences):
        with_edits(self.editor, *sentences)
        run = await self.queue.finished(self.queue.submit("gemini"))
        return run.candidates[0]


def told(value, **more):
    return answers({"text": "hm", "thought": True}, {"text": json.dumps(value)}, **more)


async def test_a_description_is_words_and_one_picture_leaves(server):
    server.will(told({"words": "A red cup."}))
    async with Bench(server) as bench:
        advice = await bench.advising.ask(AdviceKind.DESCRIBE)
        assert advice.words == "A red cup."
        assert advice.suggestions == advice.verdicts == ()
        (asked,) = server.generated
        assert "gemini-3.8-flash:generateContent" in asked.path
        assert len(asked.pictures) == 1
        config = asked.body["generationConfig"]
        assert config["responseMimeType"] == "application/json"
        assert config["responseJsonSchema"]["required"] == ["words"]
        assert "no instruction" in asked.text


async def test_suggestions_are_sentences_and_change_nothing_by_themselves(server):
    server.will(
        told({"suggestions": [{"edit": "Warm the\nlight", "why": "cold"}, {"edit": " "}, "x", {"edit": "Crop"}]})
    )
    async with Bench(server) as bench:
        before = bench.editor.state
        advice = await bench.advising.ask(AdviceKind.SUGGEST)
        assert advice.suggestions == (Suggestion("Warm the light", "cold"), Suggestion("Crop", ""))
        assert bench.editor.state == before


async def test_a_check_names_every_edit_and_keeps_the_verdicts_with_the_run(server):
    async with Bench(server) as bench:
        candidate = await bench.candidate("turn the cup green", "remove the crumbs")
        server.will(
            told(
                {
                    "edits": [
                        {"id": "2", "applied": False, "confidence": 0.7, "note": "still there", "box_2d": [0, 0, 9, 9]},
                        {"id": "1", "applied": True, "confidence": 3, "box_2d": [9, 9, 0, 0]},
                        {"id": "7", "applied": True, "confidence": 1},
                        {"id": "1", "applied": False, "confidence": 1},
                        {"id": "2", "applied": "no", "confidence": 1},
                    ],
                    "words": "The spoon moved.",
                }
            )
        )
        advice = await bench.advising.ask(AdviceKind.CHECK, candidate)
        assert advice.words == "The spoon moved."
        assert advice.verdicts == (
            EditVerdict(0, True, 1.0),
            EditVerdict(1, False, 0.7, "still there", (0, 0, 9, 9)),
        )
        run = bench.queue.runs[bench.queue.candidates[candidate].run]
        assert run.verdicts == advice.verdicts
        asked = server.generated[-1]
        assert len(asked.pictures) == 2
        before, after = (np.asarray(one.convert("RGB"), int) for one in asked.pictures)
        assert np.abs(before - after).mean() > 5
        assert "1. turn the cup green\n2. remove the crumbs" in asked.text
        enum = asked.body["generationConfig"]["responseJsonSchema"]["properties"]["edits"]["items"]["properties"]["id"]
        assert enum["enum"] == ["1", "2"]


async def test_an_accepted_answer_is_compared_where_it_was_accepted(server):
    async with Bench(server) as bench:
        candidate = await bench.candidate("turn the cup green")
        await bench.queue.accept_when_ready(candidate)
        with_picture(bench.editor, bench.pixels, picture(96, 64, value=250), "later.png")
        server.will(told({"words": "It is too green.", "suggestions": [{"edit": "Turn the cup sage green"}]}))
        advice = await bench.advising.ask(AdviceKind.WENT_WRONG, candidate)
        assert advice.suggestions[0].sentence == "Turn the cup sage green"
        before = np.asarray(server.generated[-1].pictures[0].convert("RGB"))
        assert before[0, 0, 2] == 90  # not the layer that came later


async def test_what_leaves_is_told_before_and_written_down(server):
    server.will(told({"words": "A cup."}))
    async with Bench(server) as bench:
        tray = await bench.advising.outgoing(AdviceKind.DESCRIBE)
        await bench.advising.ask(AdviceKind.DESCRIBE)
        (entry,) = bench.queue.journal.entries.values()
        assert [one.hash for one in entry.pictures] == [one.hash for one in tray.pictures]
        assert entry.words == tray.text
        assert entry.answered
        assert entry.taken
        await bench.queue.claim_replies()
        assert not bench.queue.candidates


async def test_nothing_is_asked_without_consent_key_or_picture(server):
    async with Bench(server, consent=False) as bench:
        with pytest.raises(ConsentMissingError):
            await bench.advising.ask(AdviceKind.DESCRIBE)
    async with Bench(server, key=False) as bench:
        assert "key" in bench.advising.why_not()
        with pytest.raises(RunError) as caught:
            await bench.advising.ask(AdviceKind.DESCRIBE)
        assert caught.value.remedy is Remedy.KEY
    async with Bench(server) as bench:
        bench.editor.undo()
        bench.editor.undo()
        with pytest.raises(RunError, match="no picture to look at"):
            await bench.advising.ask(AdviceKind.SUGGEST)
        with pytest.raises(RunError, match="no answer to compare"):
            await bench.advising.ask(AdviceKind.CHECK)
    assert not server.generated


async def test_a_retired_text_model_gives_way_to_the_next(server, monkeypatch):
    monkeypatch.setitem(MODELS, "gemini-3.6-flash", {"text": True})
    gone = fails(404, "NOT_FOUND", "models/x is not found")
    server.will(gone, gone, told({"words": "A cup."}))
    async with Bench(server) as bench:
        assert (await bench.advising.ask(AdviceKind.DESCRIBE)).words == "A cup."
    paths = [one.path for one in server.generated]
    assert "gemini-3.8-flash" in paths[0]
    assert "v1beta" in paths[1]
    assert "gemini-3.6-flash" in paths[2]


async def test_a_busy_service_is_asked_again(server):
    server.will(fails(503, "UNAVAILABLE"), told({"words": "A cup."}))
    async with Bench(server) as bench:
        assert (await bench.advising.ask(AdviceKind.DESCRIBE)).words == "A cup."
    assert len(server.generated) == 2


@pytest.mark.parametrize(
    ("scenario", "kind", "words"),
    [
        (answers({"text": "not json"}), RunServiceError, "not in the form"),
        (told([1]), RunServiceError, "not in the form"),
        (told({"words": ""}), RunServiceError, "not in the form"),
        (told({"words": 5}), RunServiceError, "not in the form"),
        (answers(finish="SAFETY"), RunRefusedError, "SAFETY"),
        (says({}), RunRefusedError, "said nothing"),
        (blocked("SAFETY"), RunRefusedError, "blocked for safety"),
        (sends(b"<html>", 200, "text/html"), RunServiceError, "proxy"),
        (fails(400, "INVALID_ARGUMENT", "API key not valid."), KeyMissingError, "not valid"),
    ],
)
async def test_every_other_ending_is_a_sentence(server, scenario, kind, words):
    server.will(scenario)
    async with Bench(server) as bench:
        with pytest.raises(kind, match=words):
            await bench.advising.ask(AdviceKind.DESCRIBE)
    assert len(server.generated) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["words", "suggestions", "edits", "edit", "why", "id", "applied", "confidence", "box_2d"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(AdviceKind), st.integers(0, 3))
def test_whatever_a_model_answers_is_advice_or_a_sentence(value, kind, edits):
    try:
        advice = advice_of(kind, json.dumps(value), edits, "m", None)
    except ServiceError:
        return
    assert all(0 <= one.edit < edits and 0 <= one.confidence <= 1 for one in advice.verdicts)
    assert all("\n" not in one.sentence for one in advice.suggestions)
