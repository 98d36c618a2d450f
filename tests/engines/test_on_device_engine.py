import asyncio
from contextlib import aclosing

import cv2
import numpy as np
import pytest

from nanodesk.document.candidate import CropDocument, HideBase, ResizeDocument, RotateDocument, Turn, TurnDocument
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.identity import RunId
from nanodesk.document.run import RunOptions
from nanodesk.engines.base import (
    CandidateOffered,
    EditRequest,
    Note,
    OfferedAdjustment,
    OfferedPicture,
    OfferedText,
    Progress,
    RequestEdit,
    RequestPicture,
)
from nanodesk.engines.errors import EngineError, NotUnderstoodError
from nanodesk.engines.on_device.engine import OnDeviceEngine
from nanodesk.imaging.adjust import apply
from nanodesk.resources import resource_path
from tests.engines.measures import shown


@pytest.fixture(scope="module")
def photo():
    picture = cv2.imread(str(resource_path("samples", "astronaut.jpg")))
    assert picture is not None
    block = np.ascontiguousarray(np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]))
    block.flags.writeable = False
    return block


def request(block, *edits, **values):
    base = None if block is None else RequestPicture(block, "base")
    told = tuple(edit if isinstance(edit, RequestEdit) else RequestEdit(edit) for edit in edits)
    return EditRequest(RunId("run"), told, base, **values)


def run(asked):
    async def collect():
        async with aclosing(OnDeviceEngine().run(asked)) as events:
            return [event async for event in events]

    return asyncio.run(collect())


def offers(block, *edits):
    (offered,) = (event for event in run(request(block, *edits)) if isinstance(event, CandidateOffered))
    return offered.offers


def selection(block):
    mask = np.zeros(block.shape[:2], np.uint8)
    mask[100:300, 150:350] = 255
    return mask


def test_it_says_who_it_is():
    info = OnDeviceEngine().info
    assert (info.id, info.name) == ("on-device", "On-device engine")
    assert info.ready
    assert not info.sends
    assert not info.generative


def test_pointwise_edits_become_a_live_adjustment_each(photo):
    first, second = offers(photo, "make it warmer", "more contrast and slightly brighter")
    assert isinstance(first, OfferedAdjustment)
    assert isinstance(second, OfferedAdjustment)
    assert (first.name, second.name) == ("Warmer", "More contrast, brighter")
    assert [step.operation for step in second.adjustment.steps] == ["contrast", "brightness"]
    assert first.mask is second.mask is None


def test_a_selection_limits_its_own_adjustment(photo):
    mask = selection(photo)
    first, second = offers(photo, "make it warmer", RequestEdit("darker", mask))
    assert first.mask is None
    assert second.mask is mask


def test_a_spatial_edit_becomes_a_picture_below_what_is_live(photo):
    blurred, warmer = offers(photo, "make it warmer", "blur it")
    assert isinstance(blurred, OfferedPicture)
    assert isinstance(warmer, OfferedAdjustment)
    assert isinstance(blurred.picture, np.ndarray)
    assert blurred.picture.shape == photo.shape
    assert abs(blurred.picture[..., 2].mean() - photo[..., 2].mean()) < 1, "it holds nothing of the other edit"


@pytest.mark.parametrize("off", range(4))
def test_each_edit_of_a_stack_can_be_switched_off_afterwards(photo, off):
    stack = ["make it warmer", "blur the background", "add a vignette", "lift the shadows a lot"]
    names = ["Warmer", "Background blurred", "Vignette", "Lifted shadows"]
    offered = offers(photo, *stack)
    assert {offer.name for offer in offered} == set(names)
    without, _ = shown(photo, tuple(offer for offer in offered if offer.name != names[off]))
    alone, _ = shown(photo, offers(photo, *(edit for edit in stack if edit != stack[off])))
    assert np.abs(without.astype(int) - alone).max() <= 1


def test_what_comes_to_something_else_before_a_blur_stays_below_it(photo):
    posterised, blurred = offers(photo, "posterise to 3 levels", "blur it")
    assert isinstance(posterised, OfferedAdjustment)
    assert isinstance(blurred, OfferedPicture)
    assert isinstance(blurred.picture, np.ndarray)
    assert len(np.unique(blurred.picture[..., 1])) > 3


def test_outside_its_selection_a_blur_changes_no_byte(photo):
    mask = selection(photo)
    mask[200:, :] = mask[200:, :] // 2
    (offer,) = offers(photo, RequestEdit("blur it a lot", mask))
    assert np.array_equal(offer.picture[mask == 0], photo[mask == 0])
    assert not np.array_equal(offer.picture[mask > 0], photo[mask > 0])


def test_blurring_the_background_leaves_the_face_alone(photo):
    (offer,) = offers(photo, "blur the background a lot")
    face = slice(90, 170), slice(190, 250)
    assert np.array_equal(offer.picture[face], photo[face])
    rocket = slice(60, 200), slice(370, 460)
    before, after = (cv2.Laplacian(np.ascontiguousarray(b[rocket]), cv2.CV_64F).var() for b in (photo, offer.picture))
    assert after < before / 10
    assert offer.name == "Background blurred"


def test_a_tone_for_the_subject_is_live_and_leaves_the_background_alone(photo):
    (offer,) = offers(photo, "make the subject black and white")
    assert isinstance(offer, OfferedAdjustment)
    picture, _ = shown(photo, (offer,))
    assert np.array_equal(picture[:40, 300:400], photo[:40, 300:400])
    suit = picture[350:400, 150:180, :3].astype(int)
    assert np.ptp(suit, axis=2).max() <= 1


def test_removing_the_background_hides_what_is_below(photo):
    hide, offer = offers(photo, "remove the background")
    assert hide == HideBase()
    assert offer.picture[60, 300, 3] == 0
    assert offer.picture[110, 220, 3] == 255
    assert np.array_equal(offer.picture[110, 220], photo[110, 220])


def test_a_background_of_a_colour_is_opaque(photo):
    (offer,) = offers(photo, "make the background #336699")
    assert (offer.picture[..., 3] == 255).all()
    assert offer.picture[60, 300].tolist() == [0x99, 0x66, 0x33, 255]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("crop to a square", None),
        ("crop to 16:9", CropDocument(Rect(0, 112, 512, 288))),
        ("crop to 100x200", CropDocument(Rect(206, 156, 100, 200))),
        ("resize to 256 px wide", ResizeDocument(Size(256, 256))),
        ("scale to 150 %", ResizeDocument(Size(768, 768))),
        ("rotate 90 degrees", TurnDocument(Turn.ROTATE_90)),
        ("rotate left", TurnDocument(Turn.ROTATE_270)),
        ("rotate 180", TurnDocument(Turn.ROTATE_180)),
        ("rotate -3 degrees", RotateDocument(-3.0)),
        ("flip vertically", TurnDocument(Turn.FLIP_VERTICAL)),
    ],
)
def test_the_canvas_is_changed_by_operations_on_the_document(photo, edit, expected):
    if expected is None:
        with pytest.raises(EngineError, match="that way already"):
            offers(photo, edit)
    else:
        assert offers(photo, edit) == (expected,)


def test_a_size_of_another_shape_is_cropped_before(photo):
    assert offers(photo, "resize to 320x180") == (
        CropDocument(Rect(0, 112, 512, 288)),
        ResizeDocument(Size(320, 180)),
    )


def test_later_edits_see_the_changed_canvas(photo):
    crop, turn, offer = offers(photo, "crop to 2:1", "rotate left and sharpen it")
    assert isinstance(crop, CropDocument)
    assert isinstance(turn, TurnDocument)
    assert offer.picture.shape == (512, 256, 4)
    assert offer.mask is not None, "it stands on the operation before it, not on the base"
    assert offer.mask.shape == (512, 256)


def test_a_selection_goes_with_the_canvas(photo):
    crop, offer = offers(photo, "crop to 2:1", RequestEdit("brighter", selection(photo)))
    assert np.array_equal(offer.mask, selection(photo)[128:384])
    assert crop == CropDocument(Rect(0, 128, 512, 256))


def test_cropping_to_the_selection(photo):
    assert offers(photo, RequestEdit("crop to the selection", selection(photo))) == (
        CropDocument(Rect(150, 100, 200, 200)),
    )


def test_text_is_live(photo):
    (offer,) = offers(photo, "add the text “HELLO” at the top left in red")
    assert isinstance(offer, OfferedText)
    assert (offer.text, offer.name) == ("HELLO", "“HELLO”")
    assert dict(offer.style)["colour"] == "#e02020"
    assert offer.rendering.ndim == 3
    assert offer.offset.x < 60
    assert offer.offset.y < 60


def test_what_comes_after_a_text_sees_it(photo):
    text, offer = offers(photo, "write “HELLO” in the middle", "blur it")
    height, width = text.rendering.shape[:2]
    place = (
        slice(text.offset.y, text.offset.y + height),
        slice(text.offset.x, text.offset.x + width),
    )
    assert offer.picture[place].mean() > photo[place].mean()


def test_edits_without_a_common_layer_come_in_order(photo):
    kinds = [type(offer) for offer in offers(photo, "warmer", "crop to 4:5", "sharpen", "write “A”")]
    assert kinds == [OfferedAdjustment, CropDocument, OfferedPicture, OfferedText]


def test_a_transparent_picture_is_replaced_not_painted_over(photo):
    block = photo.copy()
    block[:, :200, 3] = 120
    hide, offer = offers(block, "blur it")
    assert hide == HideBase()
    assert abs(int(offer.picture[300, 50, 3]) - 120) <= 1


@pytest.mark.parametrize("edit", ["make it warmer", "sharpen", "blur the background"])
def test_the_request_is_not_written_to(photo, edit):
    before = photo.copy()
    offers(photo, edit)
    assert np.array_equal(photo, before)


def test_an_adjustment_shows_what_it_says(photo):
    (offer,) = offers(photo, "desaturate")
    shown = apply(offer.adjustment, photo)
    assert np.ptp(shown[..., :3], axis=2).mean() < np.ptp(photo[..., :3], axis=2).mean()


def test_an_edit_that_is_not_understood_stops_all_before_any_work(photo):
    with pytest.raises(NotUnderstoodError, match="dragon") as caught:
        run(request(photo, "make it warmer", "add a dragon"))
    assert caught.value.edit == 1
    assert 0 < len(caught.value.nearest) <= 3


def test_a_selection_that_is_not_there_is_asked_for(photo):
    with pytest.raises(NotUnderstoodError, match="not tied") as caught:
        run(request(photo, "blur the selection"))
    assert caught.value.edit == 0


@pytest.mark.parametrize(
    ("block", "edits", "sentence"),
    [
        (None, ("make it warmer",), "no picture"),
        (np.zeros((0, 0, 4), np.uint8), ("make it warmer",), "no picture"),
        (np.full((50, 60, 4), 255, np.uint8), ("remove the background",), "draw a selection"),
        (np.full((50, 60, 4), 255, np.uint8), (), "no edit"),
        (np.full((50, 60, 4), 255, np.uint8), ("crop to 800x600",), "too small"),
        (np.full((50, 60, 4), 255, np.uint8), ("resize to 30000 px wide",), "more than this computer"),
    ],
)
def test_what_cannot_be_done_is_one_plain_sentence(block, edits, sentence):
    with pytest.raises(EngineError, match=sentence):
        run(request(block, *edits))


def test_progress_rises_and_says_what_is_done(photo):
    events = run(request(photo, "blur the background", "make it warmer"))
    told = [event for event in events if isinstance(event, Progress)]
    fractions = [event.fraction or 0.0 for event in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    messages = [event.message for event in told]
    assert messages[:2] == ["Finding the subject", "Blurring the background"]


def test_references_and_a_selection_that_limits_nothing_are_told(photo):
    asked = request(
        photo,
        RequestEdit("flip horizontally", selection(photo)),
        references=(RequestPicture(photo, "cat"),),
        options=RunOptions(candidates=3),
    )
    notes = [event for event in run(asked) if isinstance(event, Note)]
    assert [note.edit for note in notes] == [-1, -1, 0]


def test_it_stops_between_operations(photo):
    async def story():
        events = OnDeviceEngine().run(request(photo, "sharpen", "blur", "brighter"))
        seen = [await anext(events), await anext(events)]
        await events.aclose()
        return seen

    assert len(asyncio.run(story())) == 2


def test_a_cancelled_run_ends_at_once(photo):
    async def story():
        async def consume():
            async with aclosing(OnDeviceEngine().run(request(photo, "blur the background", "sharpen"))) as events:
                async for _ in events:
                    pass

        task = asyncio.create_task(consume())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


def test_layer_names_are_short(photo):
    for offer in offers(
        photo,
        "brighter, more contrast, warmer, more saturated, sepia",
        "write “A rather long text that would not fit a row of the panel at all”",
    ):
        assert len(offer.name) <= 40
