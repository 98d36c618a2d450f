"""The task engine against a platform of our own on loopback, through the real SDK, down to layers."""

import numpy as np
import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from google.oauth2.credentials import Credentials

from nanodesk.document.candidate import AddLayer, ResizeDocument
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.layer import Pixels
from nanodesk.document.run import RunState
from nanodesk.editor.editor import Editor
from nanodesk.editor.engine_list import EngineList
from nanodesk.editor.errors import EditNotUnderstoodError, KeyMissingError, RunError, RunRefusedError, RunServiceError
from nanodesk.editor.intake import Decoder
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.run_queue import RunQueue
from nanodesk.editor.running import Runner
from nanodesk.editor.work import Work
from nanodesk.engines.base import CandidateOffered, KeptReply, OfferedPicture, Outline
from nanodesk.engines.errors import EngineError, ServiceError
from nanodesk.engines.google.connection import Connection
from nanodesk.engines.imagen.engine import ImagenEngine
from nanodesk.engines.imagen.platform import Platform
from nanodesk.engines.imagen.tasks import Segment, Upscale, route, task_of
from tests.editor.scripted import picture, with_edits, with_picture
from tests.wire.platform import TOKEN, platform_serving


@pytest.fixture
def server():
    with platform_serving() as server:
        yield server


def platform_at(url, project="proj", credentials=lambda: Credentials(TOKEN)):
    return Platform(project, connection=Connection(base_url=url), credentials=credentials)


class Bench:
    """A queue whose only engine is the one under test."""

    def __init__(self, platform):
        self.work = Work()
        self.editor, self.pixels = Editor(), PixelStore()
        self.engine = ImagenEngine(lambda: platform)
        engines = EngineList([self.engine], lambda _: True)
        self.decoder = Decoder(self.work)
        runner = Runner(engines, self.pixels, self.decoder, self.work)
        self.queue = RunQueue(self.editor, self.pixels, engines, runner, self.work)
        with_picture(self.editor, self.pixels, picture(120, 90))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.queue.stop()
        await self.decoder.close()
        self.work.close()

    async def run(self, sentence):
        with_edits(self.editor, sentence)
        return await self.queue.finished(self.queue.submit("imagen"))


@pytest.mark.parametrize(
    ("sentence", "task"),
    [
        ("upscale 2x", Upscale(2)),
        ("Upscale it", Upscale(2)),
        ("please enlarge the picture x4", Upscale(4)),
        ("upscale to 400 %", Upscale(4)),
        ("vergrößere das Bild vierfach", Upscale(4)),
        ("upscale 3x", None),
        ("segment the sky", Segment("PROMPT", "sky")),
        ("Select the red cup.", Segment("PROMPT", "red cup")),
        ("segment the foreground", Segment("FOREGROUND")),
        ("mask the background", Segment("BACKGROUND")),
        ("wähle das Motiv aus", Segment("FOREGROUND")),
        ("make it dusk", None),
        ("remove the cyclist", None),
    ],
)
def test_a_sentence_asks_for_a_task_or_for_nothing_here(sentence, task):
    assert task_of(sentence) == task


async def test_upscaling_makes_the_document_larger_with_the_answer_on_top(server):
    async with Bench(platform_at(server.url)) as bench:
        run = await bench.run("upscale 2x")
        assert run.state is RunState.DONE, run.message
        (candidate,) = bench.queue.waiting()
        resize, layer = candidate.operations
        assert isinstance(resize, ResizeDocument)
        assert resize.size == Size(240, 180)
        assert isinstance(layer, AddLayer)
        assert isinstance(layer.content, Pixels)
        assert layer.content.grid.size == Size(240, 180)
        await bench.queue.accept_when_ready(candidate.id)
        assert bench.editor.document.size == Size(240, 180)
        top = bench.editor.document.layers[bench.editor.document.root[-1]]
        assert top.name == "Upscale × 2"
        assert top.provenance.generative
        (path, body) = server.asked[0]
        assert path.startswith("/v1beta1/projects/proj/locations/us-central1/")
        assert body["parameters"]["upscaleConfig"]["upscaleFactor"] == "x2"
        assert server.pictures[0].size == (120, 90)
        assert server.pictures[0].mode == "RGB"


async def test_segmenting_offers_the_picture_cut_out_by_the_mask(server):
    async with Bench(platform_at(server.url)) as bench:
        run = await bench.run("segment the sky")
        assert run.state is RunState.DONE, run.message
        (layer,) = bench.queue.waiting()[0].operations
        assert isinstance(layer, AddLayer)
        assert isinstance(layer.content, Pixels)
        assert layer.mask is not None
        assert layer.name == "Sky"
        mask = bench.pixels.block(layer.mask.grid)
        assert mask.shape == (90, 120)
        assert mask[:, :55].min() > 200
        assert mask[:, 65:].max() < 50
        assert np.array_equal(bench.pixels.block(layer.content.grid), picture(120, 90))
        assert server.asked[0][1]["instances"][0]["prompt"] == "sky"


async def test_what_leaves_is_in_the_journal_and_in_the_tray_alike(server):
    async with Bench(platform_at(server.url)) as bench:
        with_edits(bench.editor, "segment the foreground")
        tray = await bench.queue.outgoing("imagen")
        run = await bench.queue.finished(bench.queue.submit("imagen"))
        (entry,) = bench.queue.journal.of_run(run.id)
        assert [one.hash for one in entry.pictures] == [one.hash for one in tray.pictures]
        assert entry.model == "image-segmentation-001"
        assert entry.answered is not None
        assert "prompt" not in server.asked[0][1]["instances"][0]


async def test_without_a_project_it_says_what_stands_in_for_it():
    async with Bench(Platform()) as bench:
        assert not bench.engine.info.ready
        assert "2K or 4K" in bench.engine.info.reason
        with pytest.raises(RunError, match="Agent Platform"):
            await bench.run("upscale 2x")
    assert "size 2K or 4K" in route(Upscale(2))
    assert "selection" in route(Segment("PROMPT", "sky"))


async def test_an_edit_that_is_no_task_is_refused_by_name(server):
    async with Bench(platform_at(server.url)) as bench:
        with pytest.raises(EditNotUnderstoodError, match="only upscales"):
            await bench.run("make it dusk")
        plan = bench.engine.plan(("upscale 2x", "segment the sky"), Outline(Size(10, 10)))
        assert "one task" in plan.refusal
        assert not server.asked


async def test_a_picture_too_large_for_the_service_is_refused_before_sending(server):
    engine = ImagenEngine(lambda: platform_at(server.url))
    plan = engine.plan(("upscale 4x",), Outline(Size(4000, 3000)))
    assert "16000 × 12000" in plan.refusal
    assert engine.plan(("upscale 2x",), Outline(Size(1000, 800))).refusal == ""


async def test_credentials_that_cannot_be_renewed_are_named(server, monkeypatch):
    def stale():
        return Credentials(None, refresh_token="r", token_uri="http://127.0.0.1:9/", client_id="c", client_secret="s")

    def failing(*_):
        raise RefreshError("expired")

    monkeypatch.setattr(Credentials, "refresh", failing)

    async with Bench(platform_at(server.url, credentials=stale)) as bench:
        run = await bench.run("upscale 2x")
        assert "sign in" in run.message
        assert not server.asked


async def test_missing_credentials_are_named_and_nothing_is_sent(server):
    def none():
        raise DefaultCredentialsError("nothing here")

    async with Bench(platform_at(server.url, credentials=none)) as bench:
        run = await bench.run("upscale 2x")
        assert run.state is RunState.FAILED
        assert isinstance(bench.queue.fault_of(run.id), KeyMissingError)
        assert "Nothing was sent" in run.message
        assert not server.asked


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ((200, {"predictions": [{"raiFilteredReason": "x"}]}), RunRefusedError, "held the picture back"),
        ((200, {"predictions": []}), RunRefusedError, "no picture"),
        ((200, {}), RunRefusedError, "no picture"),
        ((403, {"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}}), KeyMissingError, "not let"),
        ((429, {"error": {"code": 429, "message": "no", "status": "RESOURCE_EXHAUSTED"}}), RunServiceError, "minute"),
        ((500, {"error": {"code": 500, "message": "no", "status": "INTERNAL"}}), RunServiceError, "500"),
    ],
)
async def test_every_other_ending_has_its_sentence(server, answer, kind, words):
    server.answer = answer
    async with Bench(platform_at(server.url)) as bench:
        run = await bench.run("upscale 2x")
        assert run.state is RunState.FAILED
        assert words in run.message
        assert isinstance(bench.queue.fault_of(run.id), kind)
        assert len(server.asked) == 1


async def test_a_kept_answer_becomes_a_candidate_without_asking_anybody(server):
    async with Bench(platform_at(server.url)) as bench:
        run = await bench.run("upscale 2x")
        body = bench.queue.journal.body(run.id, 0)
        (entry,) = bench.queue.journal.of_run(run.id)
        kept = KeptReply(0, body, entry.model, entry.frame, entry.clip)
        (offered,) = await bench.engine.recover(kept)
        assert isinstance(offered, CandidateOffered)
        assert offered.offers[0] == ResizeDocument(Size(240, 180))
        assert isinstance(offered.offers[1], OfferedPicture)
        assert offered.offers[1].frame == Rect(0, 0, 240, 180)
        assert len(server.asked) == 1
        loose = await bench.engine.recover(KeptReply(0, body, entry.model))
        assert loose[0].offers[0].frame is None
        with pytest.raises(ServiceError, match="run it again"):
            await bench.engine.recover(KeptReply(0, body, "image-segmentation-001"))
        with pytest.raises(EngineError):
            await bench.engine.recover(KeptReply(0, b'{"predictions": []}', entry.model))
