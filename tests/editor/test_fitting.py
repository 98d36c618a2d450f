"""From a redrawn answer to a layer of only what changed, and what can be done with that layer afterwards."""

import hashlib
from functools import partial

import cv2
import numpy as np
import pytest

from nanodesk.document.candidate import AddLayer, CandidateState, HideLayers
from nanodesk.document.fit import FitOutcome
from nanodesk.document.geometry import Point, Rect
from nanodesk.document.layer import Group
from nanodesk.document.operations.edits import remove_edit, tie_edit
from nanodesk.document.operations.layers import move_layer, set_locked, set_visible
from nanodesk.document.run import RunOptions, RunState
from nanodesk.document.selection import RectangleSelection, Selection
from nanodesk.editor.blending import Blending
from nanodesk.editor.editor import Editor
from nanodesk.editor.engine_list import EngineList
from nanodesk.editor.errors import EditorError
from nanodesk.editor.foreign_answers import OTHER_TOOL, ForeignAnswers
from nanodesk.editor.intake import Decoder
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.refitting import Refitting
from nanodesk.editor.run_queue import RunQueue
from nanodesk.editor.running import Runner
from nanodesk.editor.wearing import Wearing
from nanodesk.editor.work import Work
from nanodesk.engines.base import CandidateOffered, EncodedPicture, OfferedPicture
from nanodesk.imaging.fit import fitting
from nanodesk.imaging.fit.result import Fit
from nanodesk.imaging.painter import flatten
from nanodesk.resources import resource_path
from tests.editor.scripted import ScriptedEngine, picture, with_edits, with_picture

_FITS: dict[bytes, Fit] = {}


@pytest.fixture(autouse=True)
def equal_fits_are_made_once(monkeypatch):
    """A fit is the same each time; these tests are about what is done with it."""
    real = fitting.fit

    def remembered(base, answer, *, hints):
        digest = hashlib.sha256(base.tobytes() + answer.tobytes())
        digest.update(repr((hints.frame, hints.clip)).encode())
        for selection in hints.selections:
            digest.update(b"-" if selection is None else selection.tobytes())
        key = digest.digest()
        if key not in _FITS:
            _FITS[key] = real(base, answer, hints=hints)
        return _FITS[key]

    monkeypatch.setattr(fitting, "fit", remembered)


GREEN = Rect(60, 250, 90, 90)
BLUE = Rect(420, 60, 100, 80)


def coffee():
    return opaque(resource_path("samples", "coffee.jpg").read_bytes())


def opaque(data):
    """Encoded bytes as BGRA."""
    block = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert block is not None
    return np.dstack([block, np.full(block.shape[:2], 255, np.uint8)])


def redrawn(base, *boxes, shift=(3.4, -2.2), scale=0.99, tint=1.03):
    """What a model hands back: moved, smaller, tinted, softened, with coloured discs where it was asked for them."""
    height, width = base.shape[:2]
    answer = base[:, :, :3].copy()
    for rect, colour in boxes:
        middle = (rect.x + rect.width // 2, rect.y + rect.height // 2)
        cv2.circle(answer, middle, min(rect.width, rect.height) // 2 - 4, colour, -1, cv2.LINE_AA)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    answer = cv2.warpAffine(answer, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    answer = cv2.GaussianBlur(answer, (0, 0), 0.6).astype(np.float32) * tint
    _, data = cv2.imencode(".jpg", np.clip(answer, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 92])
    return data.tobytes()


def answering(*boxes, **how):
    async def script(request):
        base = request.base.pixels
        frame = Rect(0, 0, base.shape[1], base.shape[0])
        data = redrawn(base, *boxes, **how)
        yield CandidateOffered((OfferedPicture("", EncodedPicture(data, "image/jpeg"), frame=frame, clip=frame),))

    return script


class Bench:
    def __init__(self, script, block=None):
        self.work = Work()
        self.editor, self.pixels = Editor(), PixelStore()
        self.engine = ScriptedEngine(script, engine_id="gemini", generative=True)
        engines = EngineList([self.engine], lambda _: True)
        self.decoder = Decoder(self.work)
        self.queue = RunQueue(
            self.editor, self.pixels, engines, Runner(engines, self.pixels, self.decoder, self.work), self.work
        )
        self.refitting = Refitting(self.editor, self.pixels, self.queue, self.work)
        self.foreign = ForeignAnswers(self.editor, self.pixels, self.queue, self.work, self.decoder, self.refitting)
        self.blending = Blending(self.editor, self.pixels, self.work, self.refitting)
        self.wearing = Wearing(self.editor, self.pixels, self.queue, self.work)
        self.base = coffee() if block is None else block
        self.photo = with_picture(self.editor, self.pixels, self.base)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.queue.stop()
        await self.decoder.close()
        self.work.close()

    async def candidate(self, *sentences, options=RunOptions()):
        with_edits(self.editor, *sentences)
        run = await self.queue.finished(self.queue.submit("gemini", options))
        assert run.state is RunState.DONE, run.message
        return self.queue.candidates[run.candidates[0]]

    async def layer(self, *sentences):
        candidate = await self.candidate(*sentences)
        await self.queue.accept_when_ready(candidate.id)
        return self.editor.document.root[-1]

    def seen(self):
        return flatten(self.editor.document, self.pixels.tile)

    def same(self, rect=None):
        """Whether the picture is the base, byte for byte, in a rectangle."""
        part = rect or Rect(0, 0, self.base.shape[1], self.base.shape[0])
        rows, columns = slice(part.y, part.bottom), slice(part.x, part.right)
        return np.array_equal(self.seen()[rows, columns], self.base[rows, columns])


FAR = Rect(200, 350, 300, 50)


async def test_only_what_changed_is_inserted_and_the_rest_is_byte_identical():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        candidate = await bench.candidate("add a green ball")
        fit = candidate.fit
        assert fit.outcome is FitOutcome.EDIT
        assert fit.sentence.startswith("Only")
        assert abs(fit.shift_px - np.hypot(3.4 - 3.0, -2.2 - 2.0)) < 2
        await bench.queue.accept_when_ready(candidate.id)
        layer = bench.editor.document.layers[bench.editor.document.root[-1]]
        assert layer.mask is not None
        assert layer.provenance.candidate == candidate.id
        assert bench.same(FAR)
        assert bench.same(Rect(0, 0, 600, 40))
        middle = bench.seen()[GREEN.y + 45, GREEN.x + 45]
        assert abs(int(middle[1]) - 200) < 25
        changed = (bench.seen() != bench.base).any(axis=2)
        assert changed.mean() < 0.05


async def test_without_fitting_the_answer_is_taken_whole():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        candidate = await bench.candidate("add a green ball", options=RunOptions(fit=False))
        assert candidate.fit is None
        assert candidate.operations[0].mask is None


async def test_a_redrawn_picture_without_a_change_gives_a_layer_that_shows_nothing():
    async with Bench(answering()) as bench:
        layer = await bench.layer("do nothing")
        assert bench.refitting.answer_of(layer).fit.outcome is FitOutcome.NONE
        assert bench.same()
        await bench.refitting.own_picture(layer, on=True)
        assert not bench.same()


async def test_an_answer_of_another_picture_is_shown_whole_and_says_so():
    async def script(request):
        frame = Rect(0, 0, 600, 400)
        noise = np.random.default_rng(3).integers(0, 255, (400, 600, 3), np.uint8)
        _, data = cv2.imencode(".png", noise)
        picture = EncodedPicture(data.tobytes(), "image/png")
        yield CandidateOffered((OfferedPicture("", picture, frame=frame, clip=frame),))

    async with Bench(script) as bench:
        candidate = await bench.candidate("something else")
        assert candidate.fit.outcome in (FitOutcome.UNALIGNED, FitOutcome.RESTYLE)
        assert candidate.operations[0].mask is None


async def test_parts_are_dropped_and_kept_while_waiting_and_after():
    async with Bench(answering((GREEN, (60, 200, 60)), (BLUE, (220, 40, 40)))) as bench:
        candidate = await bench.candidate("two balls")
        fit = candidate.fit
        assert len(fit.islands) >= 2
        blue = next(one for one in fit.islands if BLUE.contains(Rect(one.box.x + 20, one.box.y + 20, 2, 2)))
        others = {one.number for one in fit.islands} - {blue.number}
        await bench.refitting.keep_in_candidate(candidate.id, others)
        await bench.queue.accept_when_ready(candidate.id)
        layer = bench.editor.document.root[-1]
        assert bench.same(Rect(BLUE.x - 20, BLUE.y - 20, 140, 120))
        assert not bench.same(GREEN)
        await bench.refitting.keep_in_layer(layer, others | {blue.number})
        assert bench.editor.undo_label == "Keep a part"
        assert not bench.same(BLUE)
        await bench.refitting.keep_in_layer(layer, {blue.number})
        assert bench.editor.undo_label == "Drop a part"
        assert bench.same(GREEN)
        bench.editor.undo()
        assert not bench.same(GREEN)
        assert await bench.refitting.keep_in_layer(layer, bench.refitting.kept(layer)) is None


async def test_the_models_own_picture_is_a_toggle_and_two_steps():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        layer = await bench.layer("add a green ball")
        before = bench.seen()
        assert not bench.refitting.shows_own_picture(layer)
        await bench.refitting.own_picture(layer, on=True)
        assert bench.refitting.shows_own_picture(layer)
        assert not bench.same(FAR)
        await bench.refitting.own_picture(layer, on=False)
        assert np.array_equal(bench.seen(), before)


async def test_an_answer_is_taken_apart_by_edit():
    async with Bench(answering((GREEN, (60, 200, 60)), (BLUE, (220, 40, 40)))) as bench:
        with_edits(bench.editor, "a green ball", "a blue ball")
        wide = [Rect(rect.x - 15, rect.y - 15, rect.width + 30, rect.height + 30) for rect in (GREEN, BLUE)]
        for edit, rect in zip(bench.editor.state.edit_stack, wide, strict=True):
            where = Selection(RectangleSelection(rect))
            bench.editor.apply("Tie", partial(tie_edit, edit_id=edit.id, selection=where))
        run = await bench.queue.finished(bench.queue.submit("gemini"))
        await bench.queue.accept_when_ready(run.candidates[0])
        whole = bench.seen()
        layer = bench.editor.document.root[-1]
        await bench.refitting.unbake(layer)
        group = bench.editor.document.layers[layer]
        assert isinstance(group.content, Group)
        names = [bench.editor.document.layers[one].name for one in group.children]
        assert sorted(names) == ["a blue ball", "a green ball"]
        assert np.abs(bench.seen().astype(int) - whole.astype(int)).max() <= 1
        green = group.children[names.index("a green ball")]
        bench.editor.apply_document("Hide", lambda document: set_visible(document, green, False))
        assert bench.same(GREEN)
        assert not bench.same(BLUE)
        with pytest.raises(EditorError, match="not made by fitting"):
            await bench.refitting.unbake(green)


async def test_one_part_cannot_be_taken_apart_and_a_locked_layer_not_be_changed():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        layer = await bench.layer("add a green ball")
        with pytest.raises(EditorError, match="only one part"):
            await bench.refitting.unbake(layer)
        with pytest.raises(EditorError, match="not made by fitting"):
            await bench.refitting.refit(bench.photo)
        bench.editor.apply_document("Lock", lambda document: set_locked(document, layer, True))
        with pytest.raises(Exception, match="locked"):
            await bench.refitting.own_picture(layer, on=True)


async def test_a_changed_base_makes_a_layer_stale_and_refit_is_free():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        layer = await bench.layer("add a green ball")
        assert not bench.refitting.stale(layer)
        asked = len(bench.engine.requests)
        bench.editor.apply_document("Move", lambda document: move_layer(document, bench.photo, Point(6, 4)))
        assert bench.refitting.stale(layer)
        await bench.refitting.refit(layer)
        assert not bench.refitting.stale(layer)
        assert len(bench.engine.requests) == asked
        moved = bench.seen()[GREEN.y + 45 + 4, GREEN.x + 45 + 6]
        assert abs(int(moved[1]) - 200) < 25
        bench.editor.undo()
        assert bench.refitting.stale(layer)


async def test_a_waiting_answer_on_an_older_base_says_so_and_is_fitted_again():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        candidate = await bench.candidate("add a green ball")
        assert not bench.refitting.candidate_stale(candidate.id)
        bench.editor.apply_document("Move", lambda document: move_layer(document, bench.photo, Point(6, 4)))
        assert bench.refitting.candidate_stale(candidate.id)
        await bench.refitting.refit_candidate(candidate.id)
        assert not bench.refitting.candidate_stale(candidate.id)
        await bench.queue.accept_when_ready(candidate.id)
        assert not bench.refitting.stale(bench.editor.document.root[-1])


async def test_a_layer_from_another_tool_is_fitted_to_what_lies_below():
    async with Bench(answering()) as bench:
        block = opaque(redrawn(bench.base, (GREEN, (60, 200, 60))))
        layer = with_picture(bench.editor, bench.pixels, block, "from-elsewhere.jpg")
        assert not bench.same(FAR)
        await bench.foreign.fit_layer(layer)
        assert bench.same(FAR)
        assert not bench.same(GREEN)
        candidate = bench.refitting.answer_of(layer)
        assert candidate.state is CandidateState.ACCEPTED
        assert bench.queue.runs[candidate.run].engine == OTHER_TOOL
        provenance = bench.editor.document.layers[layer].provenance
        assert provenance.generative
        with pytest.raises(EditorError, match="nothing under"):
            await bench.foreign.fit_layer(bench.photo)


async def test_wear_counts_model_passes_where_they_are():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        layer = await bench.layer("add a green ball")
        wear = await bench.wearing.of_layer(layer)
        assert wear.most == 1
        assert await bench.wearing.at(GREEN.x + 45, GREEN.y + 45) == 1
        assert await bench.wearing.at(300, 380) == 0
        assert await bench.wearing.at(-5, 9999) == 0
        bench.engine._script = answering((GREEN, (40, 40, 220)))
        second = await bench.layer("make the ball red")
        assert (await bench.wearing.of_layer(second)).most == 2
        cover = with_picture(bench.editor, bench.pixels, picture(600, 400), "cover.png")
        assert (await bench.wearing.of_layer(cover)).most == 0
        assert await bench.wearing.at(GREEN.x + 45, GREEN.y + 45) == 0


async def test_rebase_sends_the_accepted_edits_once_on_the_original():
    async with Bench(answering((GREEN, (60, 200, 60)))) as bench:
        first = await bench.layer("add a green ball")
        bench.engine._script = answering((BLUE, (220, 40, 40)))
        for edit in bench.editor.state.edit_stack.edits:
            bench.editor.apply("Remove", partial(remove_edit, edit_id=edit.id))
        second = await bench.layer("add a blue ball")
        worn = await bench.wearing.of_layer(second)
        bench.engine._script = answering((GREEN, (60, 200, 60)), (BLUE, (220, 40, 40)))
        run = await bench.queue.finished(bench.wearing.rebase("gemini", RunOptions()))
        request = bench.engine.requests[-1]
        assert [edit.instruction for edit in request.edits] == ["add a green ball", "add a blue ball"]
        assert np.array_equal(request.base.pixels, bench.base)
        candidate = bench.queue.candidates[run.candidates[0]]
        assert candidate.operations[0] == HideLayers((first, second))
        assert not bench.refitting.candidate_stale(candidate.id)
        await bench.queue.accept_when_ready(candidate.id)
        document = bench.editor.document
        assert not document.layers[first].visible
        assert not document.layers[second].visible
        assert isinstance(candidate.operations[1], AddLayer)
        assert not bench.same(GREEN)
        assert not bench.same(BLUE)
        assert (await bench.wearing.of_layer(document.root[-1])).most == 1 <= worn.most


async def test_there_is_nothing_to_rebase_without_generative_layers():
    async with Bench(answering()) as bench:
        with pytest.raises(EditorError, match="nothing to rebase"):
            bench.wearing.rebase("gemini", RunOptions())


async def test_a_tone_that_was_asked_for_is_not_taken_back():
    async def script(request):
        warm = request.base.pixels[:, :, :3] * np.array([0.86, 1.0, 1.12])
        _, data = cv2.imencode(".jpg", np.clip(warm, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 93])
        frame = Rect(0, 0, 600, 400)
        picture = EncodedPicture(data.tobytes(), "image/jpeg")
        yield CandidateOffered((OfferedPicture("", picture, frame=frame, clip=frame),))

    async with Bench(script) as bench:
        fit = (await bench.candidate("as warm as a golden evening")).fit
        assert fit.outcome is FitOutcome.RESTYLE
        assert fit.toned
