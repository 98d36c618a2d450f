"""What the panel remembers and asks for in the background, and how that ends when a project closes."""

import asyncio
from dataclasses import replace

import pytest

from nanodesk.document.identity import CandidateId
from nanodesk.document.run import RunOptions, SentPart
from nanodesk.editor.work import Work
from nanodesk.storage.settings import Settings
from nanodesk.ui.edit_panel.edit_panel import EditPanel
from nanodesk.ui.edit_panel.run_options import kept_of, options_of
from tests.editor.scripted import with_edits
from tests.waiting import until

CHOSEN = RunOptions("far-2-large", 3, size="4K", part=SentPart.WHOLE, thinking="high")


class Remembering(Settings):
    """Settings that keep what was chosen for each engine."""

    def run_options(self, engine):
        kept = self.get(f"run {engine}")
        return kept if isinstance(kept, dict) else {}

    def keep_run_options(self, engine, options):
        self.set(f"run {engine}", dict(options))


async def test_what_was_chosen_for_an_engine_is_remembered_and_a_conversation_is_not(
    project, photo, shown, workspace, tmp_path
):
    settings = Remembering(tmp_path / "others.json")
    settings.engine = "gemini"
    workspace.settings = settings
    panel = shown(EditPanel(project, workspace))
    panel.watch.choose_options(replace(CHOSEN, continues=CandidateId("an answer")))
    again = shown(EditPanel(project, workspace))
    assert again.watch.options == CHOSEN
    again.choose_engine("on-device")
    assert again.watch.options == RunOptions()


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"model": 7, "candidates": "many", "size": None, "part": ["whole"], "thinking": "x" * 500},
        {"candidates": 0, "part": "a half"},
        {"candidates": True, "model": ["far"]},
    ],
)
def test_remembered_nonsense_is_as_if_it_had_never_been_chosen(kept):
    assert options_of(kept) == RunOptions()


def test_options_come_back_as_they_were_kept():
    assert options_of(kept_of(CHOSEN)) == CHOSEN
    assert options_of({"candidates": 99}).candidates == 4


async def test_an_engine_that_is_gone_is_said(project, photo, panel):
    panel.watch.choose("elsewhere")
    assert panel.run_box.leaving.text.startswith("There is no engine called “elsewhere”")
    assert panel.run_box.engine.text() == "No engine"
    panel.run_all()
    assert "elsewhere" in panel.run_box.message.text or not project.runs.runs


async def test_nothing_is_asked_of_threads_that_have_ended(qloop):
    work = Work()
    work.close()
    with pytest.raises(asyncio.CancelledError):
        await work.canvas(lambda: 1)
    with pytest.raises(asyncio.CancelledError):
        await work.pixels(lambda: 1)


def test_nothing_is_asked_of_a_loop_that_has_ended():
    work = Work()
    with pytest.raises(asyncio.CancelledError):
        work.canvas(lambda: 1).send(None)
    work.close()


async def test_small_pictures_asked_for_while_the_program_ends_end_with_it(project, photo, panel, workspace):
    with_edits(project.editor, "make it warmer")
    panel.outgoing.ask()
    panel.references._document_settled()
    await workspace.shut_down()
    panel.references._document_settled()
    panel.outgoing.ask()
    await until(lambda: len(asyncio.all_tasks()) == 1)


async def test_a_panel_that_closes_takes_its_tray_along(project, photo, shown, workspace):
    panel = shown(EditPanel(project, workspace))
    with_edits(project.editor, "make it warmer")
    await until(panel.run_box.line.isVisible)
    panel.open_tray()
    tray = panel.tray
    panel.close_down()
    assert tray.isHidden()
    assert panel.tray is None
    panel.close_down()
    await until(lambda: len(asyncio.all_tasks()) == 1)


async def test_a_small_picture_under_way_is_dropped_with_the_panel(project, photo, shown, workspace, monkeypatch):
    panel = shown(EditPanel(project, workspace))
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(size):
        started.set()
        await go_on.wait()

    monkeypatch.setattr(project.painter, "document_thumbnail", slowly)
    panel.references._document_settled()
    await started.wait()
    panel.close_down()
    await until(lambda: len(asyncio.all_tasks()) == 1)
