"""The answer goes back exactly where what was sent came from."""

import cv2
import numpy as np
import pytest

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.run import RunOptions, SentPart
from nanodesk.engines.base import OfferedPicture, RequestEdit
from nanodesk.engines.gemini import prompt
from nanodesk.engines.gemini.framing import LONGEST_BASE, framing, nearest_ratio, sides
from nanodesk.engines.gemini.models import catalogue
from nanodesk.imaging.frame import into_clip, onto_frame
from tests.engines.gemini.made import Block, asking, decoded, mask
from tests.wire import scenarios as wire

TEN = catalogue().get("gemini-3-pro-image").ratios


def photo(width: int, height: int) -> Block:
    """Soft blobs of every colour, so that a shift of a fraction of a pixel can be seen."""
    small = np.random.default_rng(1).integers(0, 255, (height // 8 + 2, width // 8 + 2, 3)).astype(np.uint8)
    grown = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    soft = np.asarray(cv2.GaussianBlur(grown, (0, 0), 3), np.uint8)
    return np.dstack([soft, np.full((height, width), 255, np.uint8)])


def shift(one: Block, other: Block) -> float:
    """By how many pixels two pictures are apart."""
    side = next(side for side in (512, 256, 128, 64) if side <= min(one.shape[:2]))
    first, second = (
        np.asarray(cv2.cvtColor(np.ascontiguousarray(each[:side, :side]), cv2.COLOR_BGRA2GRAY), np.float32)
        for each in (one, other)
    )
    (x, y), _ = cv2.phaseCorrelate(first, second, cv2.createHanningWindow((side, side), cv2.CV_32F))
    return max(abs(x), abs(y))


def put_back(offer: OfferedPicture) -> tuple[Block, Rect]:
    assert offer.frame is not None
    assert offer.clip is not None
    return into_clip(decoded(offer), offer.frame, offer.clip), offer.clip


@pytest.mark.parametrize(
    ("width", "height"), [(60, 40), (61, 40), (700, 500), (1000, 613), (1301, 744), (40, 900), (5001, 2401), (1, 1)]
)
async def test_a_model_that_changes_nothing_changes_nothing(rig, width, height):
    base = photo(width, height)
    rig.server.will(wire.returns_the_base)
    outcome = (await rig.run(asking(base=base))).well()
    back, clip = put_back(outcome.offers[0])
    assert clip == Rect(0, 0, width, height)
    assert back.shape == base.shape
    if min(width, height) > 100:
        assert shift(back, base) < 0.05
    lossless = rig.server.asked[0].blobs[-1][0] == "image/png"
    if lossless:  # and at its own size
        assert (back == base).all()
    assert lossless or width * height > 900_000


@pytest.mark.parametrize("part", [SentPart.AUTO, SentPart.SURROUNDINGS])
@pytest.mark.parametrize(
    "selected",
    [Rect(900, 700, 60, 50), Rect(0, 0, 30, 30), Rect(1560, 1170, 40, 30), Rect(500, 0, 40, 300), Rect(3, 500, 900, 9)],
)
async def test_a_part_around_a_selection_goes_back_to_its_place(rig, selected, part):
    base = photo(1600, 1200)
    edit = RequestEdit("Red", mask(1600, 1200, selected))
    rig.server.will(wire.returns_the_base)
    outcome = (await rig.run(asking(edit, base=base, part=part))).well()
    offer = outcome.offers[0]
    back, clip = put_back(offer)
    assert clip.contains(selected)
    assert clip != Rect(0, 0, 1600, 1200)
    before = base[clip.y : clip.bottom, clip.x : clip.right]
    assert shift(back, before) < 0.05
    if rig.server.asked[0].blobs[-1][0] == "image/png":  # at native resolution
        assert (back == before).all()
    assert offer.offset == clip.offset
    assert offer.mask is not None
    assert (offer.mask == mask(1600, 1200, selected)[clip.y : clip.bottom, clip.x : clip.right]).all()
    assert prompt.place_of(selected, offer.frame) in rig.server.asked[0].text
    assert prompt.PART in rig.server.asked[0].text
    across, down = sides(rig.server.asked[0].config["imageConfig"]["aspectRatio"])
    assert rig.server.asked[0].pictures[-1].size[0] * down == pytest.approx(clip.height * across, abs=max(across, down))


async def test_the_whole_is_sent_where_that_is_chosen_and_the_mask_comes_along(rig):
    edit = RequestEdit("Red", mask(1600, 1200, Rect(900, 700, 60, 50)))
    outcome = (await rig.run(asking(edit, base=photo(1600, 1200), part=SentPart.WHOLE))).well()
    assert outcome.offers[0].clip == Rect(0, 0, 1600, 1200)
    assert int((outcome.offers[0].mask > 0).sum()) == 60 * 50


async def test_a_large_selection_and_an_edit_of_everything_send_the_whole(rig):
    large = RequestEdit("Red", mask(1600, 1200, Rect(0, 0, 1200, 900)))
    small = RequestEdit("Red", mask(1600, 1200, Rect(0, 0, 100, 100)))
    for edits in ((large,), (small, RequestEdit("Night"))):
        outcome = (await rig.run(asking(*edits, base=photo(1600, 1200)))).well()
        assert outcome.offers[0].clip == Rect(0, 0, 1600, 1200)
    assert outcome.offers[0].mask is None


async def test_selections_are_taken_together(rig):
    edits = [RequestEdit("x", mask(1600, 1200, Rect(x, 500, 40, 40))) for x in (700, 800)]
    offer = (await rig.run(asking(*edits, base=photo(1600, 1200)))).well().offers[0]
    assert offer.clip is not None
    assert offer.clip.contains(Rect(700, 500, 140, 40))
    assert int((offer.mask > 0).sum()) == 2 * 40 * 40


@pytest.mark.parametrize("answer", [(256, 171), (300, 200), (1264, 848), (1272, 848)])
def test_an_answer_of_any_size_covers_its_frame(answer):
    base = photo(600, 300)
    frame, clip = Rect(0, -50, 600, 400), Rect(0, 0, 600, 300)
    whole = onto_frame(base, clip, frame, Size(*answer))
    assert whole.shape == (answer[1], answer[0], 4)
    back = into_clip(whole, frame, clip)
    assert back.shape == base.shape
    assert shift(back, base) < 0.3


def test_an_answer_in_the_shape_of_the_clip_is_taken_as_that():
    base = photo(600, 300)
    assert (into_clip(base, Rect(0, -50, 600, 400), Rect(0, 0, 600, 300)) == base).all()
    half = np.asarray(cv2.resize(base, (300, 150), interpolation=cv2.INTER_AREA), np.uint8)
    assert shift(into_clip(half, Rect(0, -50, 600, 400), Rect(0, 0, 600, 300)), base) < 0.3


@pytest.mark.parametrize(
    ("size", "ratio"),
    [
        ((1000, 1000), "1:1"),
        ((3000, 2000), "3:2"),
        ((1080, 1920), "9:16"),
        ((2560, 1080), "21:9"),
        ((50, 4000), "9:16"),
    ],
)
def test_the_ratio_nearest_the_document_is_asked_for(size, ratio):
    assert nearest_ratio(Size(*size), TEN) == ratio
    assert nearest_ratio(Size(50, 4000), catalogue().default.ratios) == "1:8"


@pytest.mark.parametrize("width", [*range(1, 40, 7), 511, 1024, 4000])
@pytest.mark.parametrize("height", [1, 17, 300, 3000])
def test_a_frame_has_the_ratio_and_holds_the_clip(width, height):
    table = catalogue()
    for model in table.models():
        made = framing(Size(width, height), None, RunOptions(), model, table)
        across, down = sides(made.ratio)
        assert made.frame.width * down == pytest.approx(made.frame.height * across, abs=max(across, down))
        assert made.clip == Rect(0, 0, width, height)
        assert made.frame.contains(made.clip)
        assert made.whole
        assert max(made.sent.width, made.sent.height) <= LONGEST_BASE


@pytest.mark.parametrize(
    ("size", "chosen", "model", "asked"),
    [
        ((1264, 848), "auto", "gemini-nano-banana-2.1", "1K"),
        ((1300, 848), "auto", "gemini-nano-banana-2.1", "2K"),
        ((4000, 3000), "auto", "gemini-nano-banana-2.1", "4K"),
        ((9000, 6000), "auto", "gemini-nano-banana-2.1", "4K"),
        ((4000, 3000), "1K", "gemini-nano-banana-2.1", "1K"),
        ((100, 100), "4K", "gemini-3-pro-image", "4K"),
        ((100, 100), "512", "gemini-nano-banana-2.1", "1K"),
        ((100, 100), "512", "gemini-3.1-flash-image", "512"),
        ((100, 100), "auto", "gemini-3.1-flash-image", "512"),
        ((4000, 3000), "4K", "gemini-2.5-flash-image", ""),
        ((4000, 3000), "auto", "gemini-3.1-flash-lite-image", ""),
        ((4000, 3000), "2K", "nano-next-picture", ""),
    ],
)
async def test_the_size_class_is_the_smallest_that_is_enough_or_the_one_chosen(rig, size, chosen, model, asked):
    base = np.full((size[1], size[0], 4), 255, np.uint8)
    shown = rig.engine.outgoing(asking(base=base, size=chosen, model=model))
    assert shown.image_size == asked


async def test_the_answer_of_a_draft_model_is_asked_for_in_its_only_class(rig):
    (await rig.run(asking(model="gemini-3.1-flash-lite-image", size="4K"))).well()
    assert "imageSize" not in rig.server.asked[0].config["imageConfig"]


@pytest.mark.parametrize("selected", [Rect(2000, 1200, 300, 900), Rect(1500, 1400, 1000, 40), Rect(1990, 1490, 9, 9)])
def test_a_part_lies_evenly_around_its_selection(selected):
    table = catalogue()
    made = framing(Size(4000, 3000), selected, RunOptions(part=SentPart.SURROUNDINGS), table.default, table)
    left, right = selected.x - made.clip.x, made.clip.right - selected.right
    above, below = selected.y - made.clip.y, made.clip.bottom - selected.bottom
    assert abs(left - right) <= 2
    assert abs(above - below) <= 2
    assert min(left, right, above, below) >= max(selected.width, selected.height) // 2
    assert made.frame == made.clip
    assert not made.whole
