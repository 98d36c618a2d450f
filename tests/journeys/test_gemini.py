"""The program as a process of its own, with the service on loopback: key, consent, answers, crash, refusal."""

import asyncio
from functools import partial

import pytest

from nanodesk.resources import resource_path
from tests.journeys.desk import Desk, picture_of, until, x
from tests.journeys.redrawing import redraws
from tests.wire.asked import KEY
from tests.wire.replies import listed
from tests.wire.scenarios import quota, says_nothing
from tests.wire.server import serving

pytestmark = pytest.mark.xvfb
ADD_A_KEY = (582, 662)
SAMPLE_CUP = (570, 545)
ENGINE = (1180, 833)
SECOND_THUMB = (186, 820)
WHAT_CHANGED = (1014, 820)
FIRST_PART = (739, 158)
CANVAS = (560, 110)
GREEN, BLUE = (60, 160, 80), (50, 90, 200)


@pytest.fixture
def service():
    with serving() as server:
        yield server


@pytest.fixture
def desk(tmp_path, service):
    made = Desk(tmp_path, GOOGLE_GEMINI_BASE_URL=service.url)
    yield made
    made.kill()


@pytest.fixture
def with_key(desk):
    desk.more["GEMINI_API_KEY"] = KEY


def sheet(title="^Nanodesk$"):
    return x("search", "--onlyvisible", "--name", title)


def states(desk):
    return sorted(one["state"] for one in desk.kept()["candidates"])


def outcomes(desk):
    """What became of each answer; one that nobody has looked at is waiting to be fitted."""
    return sorted(one["fit"]["outcome"] for one in desk.kept()["candidates"])


def run_states(desk):
    return [run["state"] for run in desk.kept()["runs"]]


async def choose_gemini(desk, *, candidates):
    """By the menu at the panel's foot."""
    desk.click(ENGINE)
    await asyncio.sleep(0.5)
    desk.key("Down", "Down", "Down", "Return")
    await asyncio.sleep(0.8)
    if candidates > 1:
        desk.click(ENGINE)
        await asyncio.sleep(0.5)
        desk.key("Up", "Up", "Right", *["Down"] * (candidates - 1), "Return")
        await asyncio.sleep(0.3)


async def agree(desk, service):
    """Run, and agree to send; asked before anything went."""
    desk.key("ctrl+l", "ctrl+Return")
    await until(sheet, "the question whether pictures may go")
    assert not service.generated
    picture_of("g-consent.png")
    await asyncio.sleep(0.5)
    desk.key("Return")


async def open_cup(desk, tmp_path, sentence, *, candidates):
    photo = tmp_path / "cup.jpg"
    photo.write_bytes(resource_path("samples", "coffee.jpg").read_bytes())
    await desk.start(photo)
    await until(lambda: desk.title.startswith("cup •"), "the picture")
    desk.front()
    await choose_gemini(desk, candidates=candidates)
    desk.key("ctrl+l")
    desk.type(sentence)
    desk.key("Return")
    await until(lambda: "Add edit" in desk.kept()["steps"], "the edit on disk")


async def save_as(desk, project):
    desk.key("ctrl+s")
    await until(partial(sheet, "Nanodesk project"), "the question for a name")
    desk.key("ctrl+a")
    desk.type(str(project))
    desk.key("Return")
    await until(lambda: desk.title.startswith(f"{project.stem} – "), "the new title")
    desk.front()


async def test_from_a_key_to_a_reopened_project(desk, service, tmp_path):
    service.will(lambda handler, asked: handler.reply(listed()))
    await desk.start()
    desk.click(ADD_A_KEY)
    await until(sheet, "the sheet for a key")
    await asyncio.sleep(0.5)
    desk.type(KEY)
    desk.key("Return")
    await until(lambda: not sheet(), "the key to be taken")
    assert [one.method for one in service.asked] == ["GET"]
    desk.front()
    desk.click(SAMPLE_CUP)
    await until(lambda: "Add edit" in desk.kept()["steps"], "the sample and its sentence")
    await choose_gemini(desk, candidates=2)
    picture_of("g1-chosen.png")

    service.will(redraws(GREEN), redraws(BLUE))
    desk.key("ctrl+shift+l")
    await until(partial(sheet, "What leaves"), "the tray")
    picture_of("g2-tray.png")
    desk.key("Escape")
    await until(lambda: not sheet("What leaves"), "the tray to close")
    desk.front()
    await agree(desk, service)
    await until(lambda: states(desk) == ["waiting", "waiting"], "both answers")
    assert outcomes(desk) == ["edit", "waiting"]
    picture_of("g3-strip.png")
    desk.front()
    desk.click(SECOND_THUMB)
    await until(lambda: outcomes(desk) == ["edit", "edit"], "the second to be fitted when it is looked at")
    before = desk.kept()["candidates"]
    desk.click(WHAT_CHANGED)
    await asyncio.sleep(0.8)
    picture_of("g4-what-changed.png")
    desk.click(FIRST_PART)
    await until(lambda: desk.kept()["candidates"] != before, "a part to be dropped")
    desk.click(FIRST_PART)
    desk.key("Escape")
    x("mousemove", *CANVAS)
    desk.click(SECOND_THUMB)
    desk.key("Return")
    await until(lambda: states(desk) == ["accepted", "waiting"], "one to be accepted")
    desk.key("ctrl+z")
    await until(lambda: states(desk) == ["waiting", "waiting"], "undo")
    desk.key("ctrl+shift+z")
    await until(lambda: states(desk) == ["accepted", "waiting"], "redo")
    picture_of("g5-accepted.png")

    project = tmp_path / "cup.nanodesk"
    await save_as(desk, project)
    desk.key("ctrl+q")
    assert await desk.ends() == 0, desk.log()

    shown = desk.show(project)
    top, original = shown["layers"]
    assert (top["engine"], top["mask"]) == ("gemini", True)
    assert original["name"] == "coffee.jpg"
    assert [(run["state"], run["candidates"]) for run in shown["runs"]] == [("done", 2)]
    assert len(shown["sent"]) == len(service.generated) == 2
    assert shown["cost"] > 0
    await desk.start(project)
    await until(lambda: desk.title.startswith("cup – "), "the project to open")
    picture_of("g6-reopened.png")
    desk.kill()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert "Traceback" not in desk.log()


@pytest.mark.usefixtures("with_key")
async def test_an_answer_survives_being_killed_and_nothing_is_sent_again(desk, service, tmp_path):
    await open_cup(desk, tmp_path, "Turn the cup green", candidates=3)
    service.will(redraws(GREEN), redraws(BLUE), says_nothing)
    await agree(desk, service)
    await until(lambda: states(desk) == ["waiting"] * 2 and len(service.generated) == 3, "two answers, one under way")
    assert outcomes(desk) == ["edit", "waiting"]
    picture_of("k1-half.png")
    desk.kill()

    await desk.start()
    await until(lambda: desk.title.startswith("cup •"), "the work to come back")
    assert states(desk) == ["waiting"] * 2
    assert outcomes(desk) == ["edit", "waiting"]
    desk.front()
    x("mousemove", *CANVAS)
    await asyncio.sleep(1.0)
    picture_of("k2-inbox.png")
    desk.key("2", "Return")
    await until(lambda: states(desk) == ["accepted", "waiting"], "the answer to be fitted and accepted")
    assert outcomes(desk) == ["edit", "edit"]
    project = tmp_path / "cup.nanodesk"
    await save_as(desk, project)
    picture_of("k3-saved.png")
    desk.key("ctrl+q")
    assert await desk.ends() == 0, desk.log()
    (run,) = desk.show(project)["runs"]
    assert (run["state"], run["candidates"], run["charged"]) == ("failed", 2, "maybe")
    assert "may have been charged" in run["message"]
    assert len(service.generated) == 3
    assert "Traceback" not in desk.log()


@pytest.mark.usefixtures("with_key")
async def test_refused_waited_for_and_cancelled(desk, service, tmp_path):
    await open_cup(desk, tmp_path, "Turn the cup green", candidates=1)
    service.will(quota(delay="3s"), says_nothing)
    await agree(desk, service)
    await until(lambda: len(service.generated) == 1, "the request")
    await asyncio.sleep(1.0)
    picture_of("q1-counting.png")
    await until(lambda: len(service.generated) == 2, "the second try, after the wait")
    desk.front()
    desk.key("ctrl+period")
    await until(lambda: run_states(desk) == ["cancelled"], "the run to be cancelled")
    assert await asyncio.to_thread(service.hung_up.acquire, timeout=20)

    service.will(quota(delay="50s"))
    desk.key("ctrl+Return")
    await until(lambda: len(service.generated) == 3, "the next request")
    await asyncio.sleep(0.5)
    desk.key("ctrl+period")
    await until(lambda: run_states(desk) == ["cancelled", "cancelled"], "the waiting run to be cancelled")
    picture_of("q2-cancelled.png")
    desk.key("ctrl+q")
    await until(sheet, "the question whether to save")
    picture_of("q3-leaving.png")
    assert len(service.generated) == 3
    assert desk.kept()["steps"][-1] == "Add edit"
    assert states(desk) == []
    assert "Traceback" not in desk.log()
