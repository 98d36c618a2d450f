"""Three answers on the strip: look at them with mouse and keys, accept one, undo, keep one, close, open again."""

import pytest

from nanodesk.resources import resource_path
from tests.journeys.desk import Desk, picture_of, until, x

pytestmark = pytest.mark.xvfb
CANVAS = (560, 300)
SECOND_THUMB = (186, 820)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path, "tests.journeys.offering_program")
    yield made
    made.kill()


def states(desk):
    return sorted(one["state"] for one in desk.kept()["candidates"])


async def test_answers_are_looked_at_decided_on_and_found_again(desk, tmp_path):
    photo = tmp_path / "cup.jpg"
    photo.write_bytes(resource_path("samples", "coffee.jpg").read_bytes())
    await desk.start(photo)
    await until(lambda: desk.title.startswith("cup •"), "the picture")
    desk.front()
    desk.key("ctrl+l")
    desk.type("a set of three")
    desk.key("ctrl+Return")
    await until(lambda: states(desk) == ["waiting"] * 3, "the answers")
    desk.type("12 more")  # the field still has the keyboard, and keeps it
    picture_of("c1-came.png")
    assert states(desk) == ["waiting"] * 3

    x("mousemove", *SECOND_THUMB)
    picture_of("c2-pointed.png")
    desk.click(SECOND_THUMB)
    picture_of("c3-chosen.png")
    x("keydown", "space")
    picture_of("c4-before.png")
    x("keyup", "space")
    desk.key("Right", "Left", "Return")
    await until(lambda: states(desk) == ["accepted", "waiting", "waiting"], "the second to be accepted")
    desk.key("ctrl+z")
    await until(lambda: states(desk) == ["waiting"] * 3, "the second to wait again")
    desk.click(SECOND_THUMB)
    desk.key("Delete")
    await until(lambda: states(desk) == ["discarded", "waiting", "waiting"], "the second to be discarded")

    desk.kill()
    await desk.start()
    await until(lambda: desk.title.startswith("cup •"), "the work to come back")
    picture_of("c5-restored.png")
    x("mousemove", *CANVAS)
    desk.front()
    desk.key("1", "Return")
    await until(lambda: states(desk) == ["accepted", "discarded", "waiting"], "the first to be accepted")
    assert "Traceback" not in desk.log()
