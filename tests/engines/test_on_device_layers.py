"""What a run offers for canvases, layers by name, selections and repairs; and how it tells and stops."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import cv2
import numpy as np
import pytest

from nanodesk.document.blend import BlendMode
from nanodesk.document.candidate import CropDocument, HideBase, ResizeDocument, RotateDocument
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import RunId
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
from nanodesk.engines.on_device.canvas import inner, reshaped
from nanodesk.engines.on_device.engine import OnDeviceEngine
from nanodesk.resources import resource_path
from tests.engines.measures import shown


def loaded(path, width):
    picture = cv2.imread(str(path))
    assert picture is not None
    height = round(picture.shape[0] * width / picture.shape[1])
    picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]))


@pytest.fixture(scope="module")
def photo():
    return loaded(resource_path("samples", "coffee.jpg"), 300)


@pytest.fixture(scope="module")
def rocket():
    return loaded(Path(__file__).parent / "pictures" / "rocket.jpg", 320)


def events_of(block, *edits, references=()):
    told = tuple(edit if isinstance(edit, RequestEdit) else RequestEdit(edit) for edit in edits)
    asked = EditRequest(RunId("run"), told, RequestPicture(block, "base"), tuple(references))

    async def collect():
        async with aclosing(OnDeviceEngine().run(asked)) as events:
            return [event async for event in events]

    return asyncio.run(collect())


def offers(block, *edits, references=()):
    (offered,) = (
        event for event in events_of(block, *edits, references=references) if isinstance(event, CandidateOffered)
    )
    return offered.offers


def selection(block, rect=Rect(100, 60, 80, 70)):  # noqa: B008 - a frozen value
    mask = np.zeros(block.shape[:2], np.uint8)
    mask[rect.y : rect.bottom, rect.x : rect.right] = 255
    return mask


def test_a_border_widens_the_canvas_and_leaves_the_picture(photo):
    crop, rim = offers(photo, "black border, 12 px")
    assert crop == CropDocument(Rect(-12, -12, 324, 224))
    assert isinstance(rim, OfferedPicture)
    picture, document = shown(photo, (crop, rim))
    assert document.size == Size(324, 224)
    assert np.array_equal(picture[12:-12, 12:-12], photo)
    assert (picture[:12, :, :3] == 0).all()


@pytest.mark.parametrize(
    ("edit", "size"),
    [
        ("extend the canvas by 30 px at the top", Size(300, 230)),
        ("extend the canvas to 1:1 with white", Size(300, 300)),
        ("extend the canvas to 400x250 mirrored", Size(400, 250)),
        ("add 10 % padding", Size(340, 240)),
        ("make it square by adding white borders", Size(300, 300)),
    ],
)
def test_canvases_are_extended(photo, edit, size):
    picture, document = shown(photo, offers(photo, edit))
    assert document.size == size
    assert picture.shape[:2] == (size.height, size.width)


def test_an_extension_without_a_colour_is_transparent(photo):
    (crop,) = offers(photo, "extend the canvas by 30 px on the left")
    assert crop == CropDocument(Rect(-30, 0, 330, 200))
    picture, _ = shown(photo, (crop,))
    assert (picture[:, :30, 3] == 0).all()


def test_a_later_edit_sees_what_was_added(photo):
    _, _, blurred = offers(photo, "add a 20 px white border", "blur it a lot")
    assert blurred.picture.shape == (240, 340, 4)
    assert 128 < int(blurred.picture[20, 170, 1]) < 254


def test_canvases_do_not_shrink_or_outgrow_the_computer(photo):
    with pytest.raises(EngineError, match="crop it instead"):
        offers(photo, "extend the canvas to 200x100")
    with pytest.raises(EngineError, match="larger than this computer"):
        offers(photo, "extend the canvas to 30000x30000")
    with pytest.raises(EngineError, match="that way already"):
        offers(photo, "extend the canvas to 3:2")


def test_rounded_corners_replace_the_picture(photo):
    hide, layer = offers(photo, "round the corners by 20 px")
    assert hide == HideBase()
    assert layer.picture[0, 0, 3] == 0
    assert layer.picture[100, 150, 3] == 255


def test_an_opaque_picture_gets_room_for_its_shadow(photo):
    crop, hide, shadow, picture = offers(photo, "drop shadow 10 px")
    assert crop == CropDocument(Rect(-30, -30, 360, 260))
    assert hide == HideBase()
    assert (shadow.name, picture.name) == ("Drop shadow", "Picture")
    assert shadow.picture[..., :3].max() == 0
    flat, _ = shown(photo, (crop, hide, shadow, picture))
    assert np.array_equal(flat[30:-30, 30:-30], photo)
    assert flat[235, 180, 3] > 20


def test_a_cut_out_keeps_its_canvas_under_a_shadow(photo):
    offered = offers(photo, "remove the background", "add a drop shadow")
    assert not any(isinstance(offer, CropDocument) for offer in offered)
    assert [offer.name for offer in offered if isinstance(offer, OfferedPicture)][-2:] == ["Drop shadow", "Picture"]


@pytest.mark.parametrize("degrees", [1.0, -3.0, 12.0, 45.0])
@pytest.mark.parametrize("size", [Size(300, 200), Size(120, 400), Size(250, 250)])
def test_what_is_kept_of_a_straightened_picture_is_full(degrees, size):
    block = np.full((size.height, size.width, 4), 255, np.uint8)
    rect = inner(size, degrees)
    turned = reshaped(reshaped(block, RotateDocument(degrees)), CropDocument(rect))
    assert int(turned[..., 3].min()) == 255
    assert rect.width / rect.height == pytest.approx(size.width / size.height, rel=0.05)


def test_straightening_turns_and_crops(photo):
    turn, crop = offers(photo, "straighten by 3 degrees to the left")
    assert turn == RotateDocument(-3.0)
    assert isinstance(crop, CropDocument)


def test_a_tilted_picture_is_straightened_by_its_lines():
    block = np.full((400, 600, 4), (90, 120, 150, 255), np.uint8)
    for y in range(40, 400, 60):
        cv2.line(block, (-100, y - 20), (700, y + 20), (240.0, 240.0, 240.0, 255.0), 5, cv2.LINE_AA)
    turn, _ = offers(block, "straighten it")
    assert isinstance(turn, RotateDocument)
    assert turn.degrees == pytest.approx(-2.86, abs=0.3)


def test_a_picture_without_lines_asks_for_degrees():
    with pytest.raises(EngineError, match="by how many degrees"):
        offers(np.full((60, 90, 4), 200, np.uint8), "straighten it")


def test_upscaling_resizes_the_document_and_sharpens(photo):
    resize, sharpened = offers(photo, "upscale 2x")
    assert resize == ResizeDocument(Size(600, 400))
    assert isinstance(sharpened, OfferedPicture)
    assert isinstance(sharpened.picture, np.ndarray)
    assert sharpened.picture.shape == (400, 600, 4)


@pytest.mark.parametrize(
    ("edit", "rect"),
    [
        ("crop to 100x100 from the bottom right", Rect(200, 100, 100, 100)),
        ("crop to a square from the left", Rect(0, 0, 200, 200)),
        ("trim 10 % from the top", Rect(0, 20, 300, 180)),
        ("crop 20 px off each side", Rect(20, 20, 260, 160)),
        ("crop to the right half", Rect(150, 0, 150, 200)),
        ("cut off the left third", Rect(100, 0, 200, 200)),
        ("crop it 100 px wide", Rect(100, 0, 100, 200)),
    ],
)
def test_crops(photo, edit, rect):
    assert offers(photo, edit) == (CropDocument(rect),)


def test_plain_margins_are_trimmed(photo):
    framed = np.full((260, 340, 4), 255, np.uint8)
    framed[30:230, 20:320] = photo
    (crop,) = offers(framed, "trim the empty borders")
    assert isinstance(crop, CropDocument)
    assert abs(crop.rect.x - 20) <= 2
    assert abs(crop.rect.height - 200) <= 4


def test_cropping_everything_off_is_an_error(photo):
    with pytest.raises(EngineError, match="leave nothing"):
        offers(photo, "crop 150 px off each side")


def test_cropping_to_the_subject_keeps_all_of_it(rocket):
    (crop,) = offers(rocket, "crop to the subject")
    assert crop.rect.contains(Rect(157, 60, 8, 120))


def test_a_layer_can_be_what_an_edit_acts_on(photo):
    logo = np.zeros((50, 60, 4), np.uint8)
    logo[10:40, 10:50] = (200, 30, 20, 255)
    named = RequestPicture(logo, "logo", offset=Point(40, 70))
    (offer,) = offers(photo, RequestEdit("make @logo brighter", references=(("@logo", 0),)), references=[named])
    assert isinstance(offer, OfferedAdjustment)
    assert offer.mask is not None
    rows, columns = np.nonzero(offer.mask)
    assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (80, 110, 50, 90)


def test_a_reference_that_lies_nowhere_is_no_part_of_the_picture(photo):
    loose = RequestPicture(np.full((9, 9, 4), 255, np.uint8), "logo")
    with pytest.raises(EngineError, match="no layer of this picture"):
        offers(photo, RequestEdit("make @logo brighter", references=(("@logo", 0),)), references=[loose])


def test_a_name_that_nobody_has_is_told_before_any_work(photo):
    with pytest.raises(NotUnderstoodError, match="@beach"):
        offers(photo, "use @beach as the background")


def test_a_colour_of_a_layer_is_taken_from_it(photo):
    logo = RequestPicture(np.full((20, 20, 4), (200, 100, 50, 255), np.uint8), "logo")
    (text,) = offers(photo, RequestEdit('write "A" in the colour of @logo'), references=[logo])
    assert isinstance(text, OfferedText)
    assert dict(text.style)["colour"] == "#3264c8"
    clear = RequestPicture(np.zeros((20, 20, 4), np.uint8), "logo")
    with pytest.raises(EngineError, match="no colour"):
        offers(photo, 'write "A" in the colour of @logo', references=[clear])


def test_a_line_stays_one_line_when_told(photo):
    words = "A line that is a good deal too long for this small picture to hold"
    (wrapped,) = offers(photo, f'write "{words}"')
    (whole,) = offers(photo, f'write "{words}" on one line')
    assert "\n" in dict(wrapped.style)["lines"]
    assert dict(whole.style)["lines"] == words


def test_removal_is_a_suggestion(photo):
    mask = selection(photo, Rect(20, 20, 30, 30))
    events = events_of(photo, RequestEdit("remove the selection", mask))
    (offered,) = (event for event in events if isinstance(event, CandidateOffered))
    assert offered.suggestion
    assert any(isinstance(event, Note) and "look at it" in event.message for event in events)
    (offer,) = offered.offers
    assert isinstance(offer, OfferedPicture)
    assert isinstance(offer.picture, np.ndarray)
    assert np.array_equal(offer.picture[mask == 0], photo[mask == 0])
    assert not offers_suggest(photo, "make it warmer")


def offers_suggest(block, edit):
    return any(event.suggestion for event in events_of(block, edit) if isinstance(event, CandidateOffered))


def test_a_selection_that_is_everything_cannot_be_removed(photo):
    with pytest.raises(EngineError, match="smaller"):
        offers(photo, RequestEdit("remove the selection", np.full(photo.shape[:2], 255, np.uint8)))


def test_a_fill_is_a_layer_of_its_colour(photo):
    mask = selection(photo)
    (offer,) = offers(photo, RequestEdit("fill the selection with #112233", mask))
    assert offer.mask is mask
    assert offer.picture[0, 0].tolist() == [0x33, 0x22, 0x11, 255]


def test_a_selection_says_what_to_cut_out(photo):
    blank = np.full((120, 160, 4), 255, np.uint8)
    mask = selection(blank, Rect(40, 30, 50, 60))
    hide, offer = offers(blank, RequestEdit("remove the background", mask))
    assert hide == HideBase()
    assert np.array_equal(offer.picture[..., 3], mask), "nothing stands out there, so all that is selected is kept"


def test_areas_fade_out_and_leave_the_rest(photo):
    (offer,) = offers(photo, "darken the top half")
    assert (offer.mask[:100] == 255).all()
    assert (offer.mask[112:] == 0).all()
    assert 0 < offer.mask[104, 0] < 255


def test_outside_is_what_is_not_selected(photo):
    mask = selection(photo)
    (offer,) = offers(photo, RequestEdit("make everything outside the selection black and white", mask))
    assert np.array_equal(offer.mask, 255 - mask)


def test_no_sky_is_said(photo):
    with pytest.raises(EngineError, match="No sky"):
        offers(photo, "darken the sky")


def test_everything_but_the_sky(rocket):
    (sky,), (rest,) = offers(rocket, "darken the sky"), offers(rocket, "darken everything except the sky")
    assert np.array_equal(rest.mask, 255 - sky.mask)


@pytest.mark.parametrize(
    ("edit", "mode"),
    [("add grain", BlendMode.OVERLAY), ("add a vignette", BlendMode.NORMAL), ("add a glow", BlendMode.SCREEN)],
)
def test_light_lies_on_layers_of_its_own(photo, edit, mode):
    (offer,) = offers(photo, edit)
    assert isinstance(offer, OfferedPicture)
    assert offer.blend_mode is mode
    assert isinstance(offer.mask, np.ndarray)
    assert int(offer.mask.min()) == 255
    mask = selection(photo)
    (limited,) = offers(photo, RequestEdit(edit, mask))
    assert limited.mask is mask


def test_automatic_edits_are_kept_with_the_numbers_they_found(photo):
    dull = photo.copy()
    dull[..., :3] = photo[..., :3] // 2 + 60
    (offer,) = offers(dull, "auto levels")
    (step,) = offer.adjustment.steps
    assert step.operation == "levels"
    values = dict(step.parameters)
    assert 50 <= values["black"] <= 80
    assert 150 <= values["white"] <= 190


def test_a_picture_that_is_right_already_is_told(photo):
    wide = photo.copy()
    wide[:20, :, :3], wide[20:40, :, :3] = 0, 255
    with pytest.raises(EngineError, match="already"):
        offers(wide, "auto levels")
    grey = np.full((50, 50, 4), (120, 120, 120, 255), np.uint8)
    with pytest.raises(EngineError, match="already"):
        offers(grey, "auto white balance")


def test_a_range_is_kept_as_a_parameter(photo):
    (offer,) = offers(photo, "make the oranges more saturated")
    (step,) = offer.adjustment.steps
    assert dict(step.parameters)["range"] == "oranges"
    assert offer.mask is None
    assert offer.name == "Oranges more saturated"


def test_a_range_within_a_place_has_both(rocket):
    (offer,) = offers(rocket, "make the blues of the sky brighter")
    (step,) = offer.adjustment.steps
    assert dict(step.parameters)["range"] == "blues"
    assert offer.mask is not None


def test_long_work_tells_how_far_it_is(photo):
    large = np.tile(photo, (6, 1, 1))
    told = [event.fraction or 0.0 for event in events_of(large, "motion blur 9 px") if isinstance(event, Progress)]
    assert len([fraction for fraction in told if 0 < fraction < 1]) >= 3
    assert told == sorted(told)


def test_long_work_stops_between_its_parts(photo):
    large = np.tile(photo, (8, 1, 1))

    async def story():
        asked = EditRequest(RunId("r"), (RequestEdit("denoise it"),), RequestPicture(large, "base"))
        async with aclosing(OnDeviceEngine().run(asked)) as events:
            async for event in events:
                if isinstance(event, Progress) and event.fraction and 0 < event.fraction < 1:
                    return event.fraction
        return 1.0

    assert asyncio.run(story()) < 0.5
