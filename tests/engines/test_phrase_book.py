"""The phrase book on real photos: every sentence is done, shown as the editor shows it, and measured."""

import asyncio
import hashlib
import json
import sys
from contextlib import aclosing
from pathlib import Path

import cv2
import numpy as np
import pytest

from nanodesk.document.identity import RunId
from nanodesk.engines.base import CandidateOffered, EditRequest, RequestEdit, RequestPicture
from nanodesk.engines.errors import EngineError
from nanodesk.engines.on_device.engine import OnDeviceEngine
from nanodesk.engines.on_device.planning import planned
from nanodesk.imaging import subject as subjects
from nanodesk.resources import resource_path
from tests.engines.measures import Result, holds, regions, shown
from tests.engines.phrases.colour import COLOUR
from tests.engines.phrases.effects import EFFECTS
from tests.engines.phrases.german import GERMAN
from tests.engines.phrases.light import LIGHT
from tests.engines.phrases.refused import ALSO, EXTRAS, GENERATIVE, SENSELESS
from tests.engines.phrases.several import SEVERAL
from tests.engines.phrases.shape import SHAPE

BOOK = {**LIGHT, **COLOUR, **EFFECTS, **SHAPE, **SEVERAL, **GERMAN}
MEASURED = {sentence: claims for sentence, claims in BOOK.items() if claims is not None}
SELECTING = ("select", "marked", "auswahl", "ausgewählt", "markiert")

UNDERSTOOD_FLOOR = 0.99
RIGHT_FLOOR = 0.99
"""Shares of the measured sentences; neither may fall."""


def loaded(path, width):
    picture = cv2.imread(str(path))
    assert picture is not None
    height = round(picture.shape[0] * width / picture.shape[1])
    picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    block = np.ascontiguousarray(np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]))
    block.flags.writeable = False
    return block


@pytest.fixture(scope="module")
def once():
    """The net looks at each picture once: what it says is the same every time, and it is not what is tested here."""
    known: dict[bytes, np.ndarray | None] = {}
    find = subjects.subject_mask

    def remembered(block, model_path):
        key = hashlib.blake2b(block.tobytes()).digest()
        if key not in known:
            try:
                known[key] = find(block, model_path)
            except subjects.NoSubjectError:
                known[key] = None
        mask = known[key]
        if mask is None:
            raise subjects.NoSubjectError
        return mask.copy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "subject_mask", remembered)
        yield remembered


class Photo:
    def __init__(self, block, find):
        self.block = block
        self.selection = np.zeros(block.shape[:2], np.uint8)
        self.selection[50:150, 75:175] = 255
        try:
            subject = find(block, resource_path("models", "u2netp.onnx"))
        except subjects.NoSubjectError:
            subject = np.zeros(block.shape[:2], np.uint8)
        self.regions = regions(block, subject, self.selection)


@pytest.fixture(scope="module")
def photos(once, request):
    here = request.path.parent
    return {
        "portrait": Photo(loaded(resource_path("samples", "astronaut.jpg"), 256), once),
        "rocket": Photo(loaded(here / "pictures" / "rocket.jpg", 320), once),
    }


def logo():
    block = np.zeros((40, 60, 4), np.uint8)
    block[4:36, 4:56] = (0xC0, 0x40, 0x20, 255)
    return RequestPicture(block, "logo")


def offers(photo, sentence):
    tied = any(word in sentence.lower() for word in SELECTING)
    edit = RequestEdit(sentence, photo.selection if tied else None, (("@logo", 0),) if "@logo" in sentence else ())
    asked = EditRequest(RunId("r"), (edit,), RequestPicture(photo.block, "base"), (logo(),))

    async def collect():
        async with aclosing(OnDeviceEngine().run(asked)) as events:
            return [event async for event in events]

    (offered,) = (event for event in asyncio.run(collect()) if isinstance(event, CandidateOffered))
    return offered.offers


def fault(photos, sentence):
    """Nothing where a sentence does what the book says."""
    name, _, said = sentence.rpartition("| ")
    photo = photos[name or "portrait"]
    claims = MEASURED[sentence]
    try:
        offered = offers(photo, said)
    except EngineError as error:
        # Where nothing may change, to say so is right: the picture is that way already.
        return "" if claims in ALREADY and "already" in str(error) else f"refused: {error}"
    after, document = shown(photo.block, offered)
    return holds(claims, Result(photo.block, after, document, photo.regions))


ALREADY = {"spread>1.0", "size=256x256"}


def test_the_book_is_large_enough():
    assert len(MEASURED) >= 300
    assert len(GENERATIVE) + len(SENSELESS) + len(EXTRAS) >= 60


def test_the_shares_understood_and_right_do_not_fall(photos, capsys):
    understood = {sentence: planned(sentence.rpartition("| ")[2]).understood for sentence in MEASURED}
    faults = {sentence: fault(photos, sentence) for sentence, good in understood.items() if good}
    wrong = {sentence: said for sentence, said in faults.items() if said}
    share, right = sum(understood.values()) / len(MEASURED), (len(faults) - len(wrong)) / len(MEASURED)
    with capsys.disabled():
        sys.stdout.write(f"\nphrase book: {len(MEASURED)} sentences, {share:.1%} understood, {right:.1%} right\n")
    missed = [sentence for sentence, good in understood.items() if not good]
    assert share >= UNDERSTOOD_FLOOR, missed
    assert right >= RIGHT_FLOOR, wrong


@pytest.mark.parametrize("sentence", [*GENERATIVE, *SENSELESS, *EXTRAS, *ALSO])
def test_what_cannot_be_done_is_refused(sentence):
    plan = planned(sentence)
    assert not plan.understood, plan.summary
    assert plan.confidence == 0
    assert plan.reason.endswith(".")
    assert plan.reason != sentence
    assert plan.nearest
    assert all(planned(near).understood for near in plan.nearest)


@pytest.mark.parametrize("sentence", GENERATIVE)
def test_the_engine_that_could_do_it_is_named(sentence):
    assert planned(sentence).suggested_engine == "gemini"


@pytest.mark.parametrize(("sentence", "extra"), EXTRAS.items())
def test_a_missing_extra_is_named(sentence, extra):
    assert extra in planned(sentence).reason.lower()


@pytest.mark.parametrize("sentence", [sentence for sentence, claims in BOOK.items() if claims is None])
def test_what_may_be_understood_either_way_is_no_nonsense(sentence):
    plan = planned(sentence)
    assert plan.understood == bool(plan.operations)


HEARD_SENTENCES = json.loads((Path(__file__).parent / "phrases" / "heard.json").read_text(encoding="utf-8"))
"""Sentences that were tried on the finished grammar, and the words of their plan; none for what is not done yet."""


@pytest.mark.parametrize("sentence", [sentence for sentence, summary in HEARD_SENTENCES.items() if summary])
def test_what_was_heard_later_stays_understood(sentence):
    assert planned(sentence).summary == HEARD_SENTENCES[sentence]


def test_the_share_of_what_was_heard_later_does_not_fall(capsys):
    share = sum(planned(sentence).understood for sentence in HEARD_SENTENCES) / len(HEARD_SENTENCES)
    with capsys.disabled():
        sys.stdout.write(f"\nheard later: {len(HEARD_SENTENCES)} sentences, {share:.1%} understood\n")
    assert share >= 0.92
