"""Drop a photo, stack two edits, run, go on panning, change the layer, revert, save, close, reopen."""

from pathlib import Path

import pytest

from nanodesk.resources import resource_path
from tests.journeys.desk import Desk, picture_of, until, x
from tests.journeys.dropping import CANVAS, drop

TOP_ROW_EYE = (1417, 132)
TOP_ROW_NAME = (1250, 124)
pytestmark = pytest.mark.xvfb


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.kill()


async def test_from_a_dropped_photo_to_a_reopened_project(desk, tmp_path):
    photo = tmp_path / "portrait.jpg"
    photo.write_bytes(resource_path("samples", "astronaut.jpg").read_bytes())
    await desk.start()
    await drop(desk, photo, lambda: "•" in desk.title)
    picture_of(Path("1-dropped.png"))

    desk.key("ctrl+l")
    desk.type("make it warmer")
    desk.key("Return")
    desk.type("blur the background")
    desk.key("ctrl+Return")
    x("mousemove", *CANVAS)
    x("mousedown", 2)
    x("mousemove_relative", "--", 60, 30)
    picture_of(Path("2-running.png"))
    x("mouseup", 2)
    await until(lambda: any(run["state"] == "done" for run in desk.kept()["runs"]), "the run's end")
    await until(lambda: any("warmer, blur" in step for step in desk.kept()["steps"]), "the new layer")
    picture_of(Path("3-done.png"))

    desk.click(TOP_ROW_EYE)
    await until(lambda: any(step.startswith("Hide") for step in desk.kept()["steps"]), "hiding")
    desk.click(TOP_ROW_EYE)
    await until(lambda: any(step.startswith("Show") for step in desk.kept()["steps"]), "showing")
    desk.click(TOP_ROW_NAME)
    desk.key("5")
    await until(lambda: any("pacity" in step for step in desk.kept()["steps"]), "fading")
    desk.key("F2")
    desk.key("ctrl+a")
    desk.type("Evening")
    desk.key("Return")
    await until(lambda: any("ename" in step for step in desk.kept()["steps"]), "renaming")
    picture_of(Path("4-renamed.png"))

    desk.key("ctrl+z", "ctrl+z")
    project = tmp_path / "story.nanodesk"
    desk.key("ctrl+s")
    await until(lambda: x("search", "--onlyvisible", "--name", "Nanodesk project"), "the question for a name")
    picture_of(Path("5-save.png"))
    desk.key("ctrl+a")
    desk.type(str(project))
    desk.key("Return")
    await until(project.exists, "the project file")
    await until(lambda: desk.title.startswith("story – "), "the new title")
    desk.front()
    desk.key("ctrl+q")
    assert await desk.ends() == 0, desk.log()

    shown = desk.show(project)
    assert [edit["instruction"] for edit in shown["edits"]] == ["make it warmer", "blur the background"]
    assert [run["state"] for run in shown["runs"]] == ["done"]
    top = shown["layers"][0]
    assert (top["visible"], top["opacity"], top["engine"]) == (True, 1.0, "on-device")
    assert top["name"] != "Evening"
    labels = [step["label"] for step in shown["steps"]]
    assert any("ename" in label for label in labels)  # undone, and still there
    assert not list(tmp_path.glob("story.nanodesk?*"))

    await desk.start(project)
    await until(lambda: desk.title.startswith("story – "), "the project to open")
    desk.front()
    picture_of(Path("6-reopened.png"))
    desk.key("ctrl+shift+z", "ctrl+shift+z")
    await until(lambda: "•" in desk.title, "redo")
    desk.key("ctrl+s")
    await until(lambda: desk.title.startswith("story – "), "saving again")
    desk.key("ctrl+q")
    assert await desk.ends() == 0, desk.log()
    assert desk.show(project)["layers"][0]["name"] == "Evening"
    assert "Traceback" not in desk.log()


async def test_work_survives_being_killed(desk, tmp_path):
    photo = tmp_path / "cup.jpg"
    photo.write_bytes(resource_path("samples", "coffee.jpg").read_bytes())
    await desk.start(photo)
    await until(lambda: desk.title.startswith("cup •"), "the picture")
    desk.front()
    desk.key("ctrl+l")
    desk.type("make it cooler")
    desk.key("Return")
    await until(lambda: "Add edit" in desk.kept()["steps"], "the edit on disk")
    desk.kill()
    await desk.start()
    await until(lambda: desk.title.startswith("cup •"), "the work to come back")
    picture_of(Path("7-restored.png"))
    desk.kill()
