from PySide6.QtWidgets import QLabel

from nanodesk.document.identity import EditId, new_id
from nanodesk.document.operations.edits import add_edit
from nanodesk.storage.settings import Settings
from nanodesk.ui import tasks
from nanodesk.ui.dialogs.consent_sheet import ask_for_consent, size_words, what_is_kept, what_leaves
from tests.ui.window.seen import answer, asked, photo, sheet


def words_of(dialog):
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


async def outgoing_of(window):
    project = window.page.project
    await project.place([photo("<b>cat</b>.png")])
    project.editor.apply("Add edit", lambda state: add_edit(state, EditId(new_id()), "add steam"))
    return await project.runs.outgoing("gemini")


async def test_what_leaves_where_to_and_what_is_kept_is_said_and_the_answer_recorded(window, workspace, tmp_path):
    outgoing = await outgoing_of(window)
    asking = tasks.spawn(ask_for_consent(window, workspace, "gemini", outgoing))
    said = words_of(await asked(window))
    (base,) = outgoing.pictures
    assert f"base, {base.size.width} × {base.size.height} px" in said
    assert "words" in said
    assert "127.0.0.1" in said
    assert "about $0.0" in said
    assert "decides what is kept" in said
    await answer(window, "ok")
    assert await asking is True
    assert workspace.accounts.consented("gemini")
    assert Settings.load(tmp_path).consented("gemini", "127.0.0.1")
    assert await ask_for_consent(window, workspace, "gemini", outgoing) is True
    assert sheet(window) is None  # it is asked once


async def test_saying_no_records_nothing(window, workspace, service):
    asking = tasks.spawn(ask_for_consent(window, workspace, "gemini", None))
    await asked(window)
    await answer(window, "cancel")
    assert await asking is False
    assert not workspace.accounts.consented("gemini")
    assert service.asked == []


async def test_another_address_is_asked_for_anew(window, workspace, service):
    workspace.accounts.consent("gemini")
    workspace.accounts.reach(base_url="https://gate.example", proxy="", api_version="")
    asking = tasks.spawn(ask_for_consent(window, workspace, "gemini", None))
    assert "gate.example" in words_of(await asked(window))
    await answer(window, "cancel")
    await asking


async def test_many_pictures_are_listed_in_short(window):
    outgoing = await outgoing_of(window)
    many = type(outgoing)(outgoing.parts + outgoing.pictures * 8)
    lines = what_leaves(many).splitlines()
    assert lines[-2] == "3 more"
    assert len(lines) == 8


def test_sizes_and_terms_in_words():
    assert [size_words(size) for size in (10, 431_561, 2_345_678)] == ["1 kB", "432 kB", "2.3 MB"]
    assert "Google keeps" in what_is_kept("gemini", "generativelanguage.googleapis.com")
    assert "your project" in what_is_kept("imagen", "us-central1-aiplatform.googleapis.com")
    assert "gate.example" in what_is_kept("gemini", "gate.example")
