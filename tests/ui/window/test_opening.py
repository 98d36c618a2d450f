import numpy as np

from nanodesk.imaging.painter import flatten
from nanodesk.ui.canvas.canvas import CanvasWidget
from tests.ui.window.seen import photo


async def test_an_opened_project_shows_at_once_what_was_saved(window, tmp_path, monkeypatch):
    project = window.page.project
    await project.place([photo()])
    await project.save_as(tmp_path / "work.nanodesk")
    await window.workspace.close(project)
    seen = []
    monkeypatch.setattr(CanvasWidget, "begin_with", lambda _, level, block: seen.append((level, block)))
    again = await window.workspace.open(tmp_path / "work.nanodesk")
    ((level, block),) = seen
    assert level == 0
    exact = flatten(again.editor.document, again.pixels.tile)
    assert np.abs(block.astype(int) - exact).max() <= 3
    assert again.first_sight() is None  # given once


async def test_a_project_without_a_picture_that_can_be_read_opens_all_the_same(window, tmp_path):
    import sqlite3

    project = window.page.project
    await project.place([photo()])
    await project.save_as(tmp_path / "work.nanodesk")
    await window.workspace.close(project)
    connection = sqlite3.connect(tmp_path / "work.nanodesk")
    connection.execute("UPDATE preview SET data = x'00ff'")
    connection.commit()
    connection.close()
    again = await window.workspace.open(tmp_path / "work.nanodesk")
    assert again.first_sight() is None
    assert again.editor.document.size.width == 300
