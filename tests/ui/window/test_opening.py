import numpy as np

from tests.ui.window.seen import photo
from tests.waiting import until


async def test_an_opened_project_shows_at_once_what_was_saved(window, tmp_path):
    project = window.page.project
    await project.place([photo()])
    await project.save_as(tmp_path / "work.nanodesk")
    await window.workspace.close(project)
    seen = []
    again = await window.workspace.open(tmp_path / "work.nanodesk")
    window.page.canvas.begin_with = lambda level, block: seen.append((level, block))
    await until(lambda: seen)
    ((level, block),) = seen
    assert level == 0
    assert block.shape == (270, 300, 4)
    assert (
        np.abs(
            block.astype(int) - again.pixels.block(again.editor.document.layer(again.editor.document.root[0]).grid)
        ).mean()
        < 3
    )
    assert await again.first_sight() is None  # given once


async def test_a_project_without_a_picture_that_can_be_read_opens_all_the_same(window, tmp_path):
    import sqlite3

    project = window.page.project
    await project.place([photo()])
    await project.save_as(tmp_path / "work.nanodesk")
    await window.workspace.close(project)
    connection = sqlite3.connect(tmp_path / "work.nanodesk")
    connection.execute("UPDATE preview SET data = x'00ff', hash = x'00' WHERE kind = 'merged'")
    connection.commit()
    connection.close()
    again = await window.workspace.open(tmp_path / "work.nanodesk")
    assert await again.first_sight() is None
    assert again.editor.document.size.width == 300
