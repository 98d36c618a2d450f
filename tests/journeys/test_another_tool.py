"""Another tool's answer is dropped on the picture, fitted by the offer, looked at part by part, and a part dropped."""

import asyncio

import cv2
import numpy as np
import pytest

from nanodesk.resources import resource_path
from tests.journeys.desk import Desk, picture_of, until
from tests.journeys.dropping import drop

pytestmark = pytest.mark.xvfb
FIT_IT = (821, 838)
FIRST_PART = (830, 163)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.kill()


def made_elsewhere(photo):
    """The photo smaller, a little moved and warmer, with a disc in it that was not there."""
    picture = cv2.imread(str(photo))
    assert picture is not None
    height, width = picture.shape[:2]
    cv2.circle(picture, (width // 3, height // 2), height // 8, (60, 200, 60), -1, cv2.LINE_AA)
    moved = np.array([[0.99, 0.0, 0.01 * width], [0.0, 0.99, 0.004 * height]])
    picture = cv2.warpAffine(picture, moved, (width, height), borderMode=cv2.BORDER_REFLECT)
    small = cv2.resize(picture, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA) * [0.97, 1.0, 1.03]
    _, data = cv2.imencode(".jpg", np.clip(small, 0, 255), [cv2.IMWRITE_JPEG_QUALITY, 85])
    return data.tobytes()


def done(desk, label):
    return any(step == label for step in desk.kept()["steps"])


async def test_another_tools_answer_is_fitted_and_a_part_of_it_dropped(desk, tmp_path):
    photo, answer = tmp_path / "cup.jpg", tmp_path / "elsewhere.jpg"
    photo.write_bytes(resource_path("samples", "coffee.jpg").read_bytes())
    answer.write_bytes(made_elsewhere(photo))
    await desk.start(photo)
    await until(lambda: desk.title.startswith("cup •"), "the picture")
    await drop(desk, answer, lambda: done(desk, "Add elsewhere.jpg"))
    await asyncio.sleep(0.6)
    picture_of("t1-dropped.png")
    desk.click(FIT_IT)
    await until(lambda: done(desk, "Fit to what lies below"), "the fit")
    await asyncio.sleep(0.8)
    picture_of("t2-fitted.png")
    desk.click(FIRST_PART)
    await until(lambda: done(desk, "Drop a part"), "a part to be dropped")
    desk.key("space")
    await asyncio.sleep(0.5)
    picture_of("t3-part-dropped.png")
    desk.key("Escape")
    desk.key("ctrl+z")
    await asyncio.sleep(0.5)
    picture_of("t4-card-away.png")
    assert "Traceback" not in desk.log()
    assert " at nanodesk" not in desk.log()
