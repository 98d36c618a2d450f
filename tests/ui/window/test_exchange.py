"""Files of other programs in the window: what is asked before they are opened, and how they are written."""

import io

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox

from nanodesk.document.geometry import Size
from nanodesk.editor.intake import PictureSource
from nanodesk.formats.layered import decode_layers
from nanodesk.imaging.codec import encode_png
from nanodesk.ui import tasks
from nanodesk.ui.dialogs.check_box import CheckBox
from nanodesk.ui.dialogs.export import ExportSheet
from nanodesk.ui.drop import intake
from tests.editor.scripted import picture
from tests.formats import samples
from tests.formats.layer_files import SIZE, stack, written
from tests.ui.window.seen import answer, asked, click, photo, said, sheet
from tests.waiting import until


@pytest.fixture
def choosing(monkeypatch, tmp_path):
    """Names that the file dialogs of the system give."""
    names = {}

    async def where(_parent, _title, suggested, suffixes):
        names["suggested"] = suggested.name
        return tmp_path / names.get("write", f"out{suffixes[0]}")

    async def files(_parent, title, suffixes, _folder):
        names["title"], names["suffixes"] = title, suffixes
        return names["read"]

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_for_files", files)
    return names


def box(dialog, words):
    return next(one for one in dialog.findChildren(CheckBox) if words in one.text())


def choose(dialog, kind):
    dialog.format.setCurrentIndex(dialog.format.findData(kind))


def dropped(*paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return intake(mime)


def half(tmp_path):
    path = tmp_path / "half.png"
    data = encode_png(picture())
    path.write_bytes(data[: len(data) // 2])
    return path


async def test_a_cut_off_picture_is_asked_about_and_opened(window, tmp_path):
    window.page.canvas.dropped.emit(dropped(half(tmp_path)), None)
    question = await asked(window)
    words = " ".join(label.text() for label in question.findChildren(QLabel))
    assert "“half.png” is cut off" in words
    await answer(window, "open")
    await until(lambda: window.page.project.editor.document.size == Size(300, 270))


async def test_a_cut_off_picture_can_be_left_out(window, tmp_path):
    before = window.page.project.editor.state
    window.page.canvas.dropped.emit(dropped(half(tmp_path)), None)
    await asked(window)
    await answer(window, "cancel")
    await tasks.settled()
    assert window.page.project.editor.state is before
    assert said(window) == []


async def test_a_picture_that_is_opened_is_asked_about_too(window, tmp_path, choosing):
    choosing["read"] = (half(tmp_path),)
    window.do("open_file")
    await asked(window)
    await answer(window, "cancel")
    await tasks.settled()
    assert len(window.workspace.projects) == 1
    window.do("open_file")
    await asked(window)
    await answer(window, "open")
    await until(lambda: window.page.project.name == "half")
    assert ".psd" in choosing["suffixes"]


async def test_what_cannot_be_opened_at_all_is_said_and_not_asked(window, tmp_path):
    path = tmp_path / "logo.png"
    path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    window.page.canvas.dropped.emit(dropped(path), None)
    await until(lambda: said(window))
    assert "“logo.png” is an SVG drawing" in said(window)[0]
    assert sheet(window) is None


async def test_a_dropped_photoshop_file_shows_its_layers(window, tmp_path):
    path = tmp_path / "poster.psd"
    path.write_bytes(written("psd", stack()))
    window.page.canvas.dropped.emit(dropped(path), None)
    await until(lambda: window.page.project.editor.document.size == Size(*SIZE))
    names = [layer.name for layer, _ in window.page.project.editor.document.walk()]
    assert "Gruppe 猫" in names
    assert window.page.project.editor.undo_label == "Add poster.psd"


async def test_frames_are_placed_as_layers(window, tmp_path, choosing):
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "lime")]
    path = tmp_path / "dance.gif"
    path.write_bytes(samples.saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    choosing["read"] = (path,)
    window.do("place_frames")
    await until(lambda: len(window.page.project.editor.document.layers) == 2)
    assert choosing["title"] == "Place frames"


async def test_a_layered_export_is_written_and_its_losses_are_said(window, tmp_path, choosing):
    project = window.page.project
    await project.place([PictureSource("poster.psd", data=written("psd", stack()))])
    window.do("export")
    dialog = await asked(window, ExportSheet)
    choose(dialog, "ora")
    assert not dialog.quality.isVisible()
    assert "2 masks become part of" in dialog.outline.text()
    await answer(window, "ok")
    await until(lambda: len(said(window)) == 2)
    assert "out.ora" in said(window)[0]
    assert "mask" in said(window)[1]
    assert decode_layers((tmp_path / "out.ora").read_bytes()).layers


async def test_camera_and_place_are_off_until_they_are_ticked(window, tmp_path, choosing):
    block = samples.exif(1, gps=True)
    data = samples.saved(samples.picture(), "JPEG", exif=block)
    await window.page.project.place([PictureSource("photo.jpg", data=data)])
    for ticked in (False, True):
        window.do("export")
        dialog = await asked(window, ExportSheet)
        choose(dialog, "jpeg")
        for one in (box(dialog, "Camera"), box(dialog, "taken")):
            assert one.isEnabled()
            assert not one.isChecked()
            if ticked:
                click(one, 10, one.height() // 2)
        await answer(window, "ok")
        await until(lambda: sheet(window) is None and (tmp_path / "out.jpg").exists())
        await tasks.settled()
        with Image.open(io.BytesIO((tmp_path / "out.jpg").read_bytes())) as image:
            assert bool(image.getexif()) is ticked
        (tmp_path / "out.jpg").unlink()


async def test_what_cannot_be_carried_along_cannot_be_ticked(window):
    await window.page.project.place([photo()])
    window.do("export")
    dialog = await asked(window, ExportSheet)
    camera = box(dialog, "Camera")
    assert not camera.isEnabled()
    assert "No visible photo" in camera.toolTip()
    assert not dialog.options().keep_camera
    await answer(window, "cancel")


async def test_the_sheet_shows_the_rows_of_the_format_and_fits_them(window):
    await window.page.project.place([photo()])
    window.do("export")
    dialog = await asked(window, ExportSheet)
    quality = next(one for one in dialog.findChildren(QSpinBox) if one.accessibleName() == "Quality")
    exact = box(dialog, "every pixel")
    choose(dialog, "webp")
    assert quality.isVisible()
    click(exact, 10, exact.height() // 2)
    assert not quality.isVisible()
    assert dialog.options().lossless
    assert "every pixel exact" in dialog.outline.text()
    choose(dialog, "jpeg")
    assert not dialog.options().lossless
    assert quality.isVisible()
    sizes = next(one for one in dialog.findChildren(QComboBox) if one.accessibleName() == "Size")
    sizes.setCurrentIndex(next(row for row in range(sizes.count()) if "Story" in sizes.itemText(row)))
    assert dialog.options().size == Size(1080, 1920)
    assert "1080 × 1920 pixels" in dialog.outline.text()
    for row in range(dialog.format.count()):
        dialog.format.setCurrentIndex(row)
        assert dialog.outline.height() >= dialog.outline.heightForWidth(dialog.outline.width())
    await answer(window, "cancel")


async def test_the_format_chosen_last_is_offered_first(window, tmp_path, choosing):
    await window.page.project.place([photo()])
    for expected in ("png", "avif"):
        choosing["write"] = f"after-{expected}.avif"
        window.do("export")
        dialog = await asked(window, ExportSheet)
        assert dialog.kind.name == expected
        choose(dialog, "avif")
        await answer(window, "ok")
        await until((tmp_path / choosing["write"]).exists)
        await tasks.settled()
        assert choosing["suggested"].endswith(".avif")


async def test_a_name_with_another_ending_gets_the_right_one(window, tmp_path, choosing):
    await window.page.project.place([photo()])
    choosing["write"] = "poster.v2"
    window.do("export")
    await asked(window, ExportSheet)
    await answer(window, "ok")
    await until(lambda: said(window))
    assert (tmp_path / "poster.v2.png").exists()
