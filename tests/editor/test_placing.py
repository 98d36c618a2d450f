"""Pictures and layered files of other programs, taken into a project."""

import asyncio
import io

import numpy as np
import pytest
from PIL import Image

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point, Size
from nanodesk.document.layer import Group
from nanodesk.editor.errors import IntakeError
from nanodesk.editor.exporting import camera_data, source_type
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.workspace import Workspace
from nanodesk.formats.export import PictureOptions, encode
from nanodesk.formats.merging import merged
from nanodesk.imaging.codec import encode_png
from nanodesk.imaging.painter import flatten
from nanodesk.storage.settings import Settings
from tests.editor.scripted import picture
from tests.formats import samples
from tests.formats.layer_files import SIZE, stack, written

PSD = written("psd", stack(), profile=samples.rgb_profile())


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr("nanodesk.editor.workspace.state_folder", lambda: tmp_path / "state")
    workspace = Workspace([], Settings(tmp_path / "settings.json"), None)
    yield workspace.new()
    asyncio.run(workspace.shut_down())


def shown(project):
    return flatten(project.editor.document, project.pixels.tile)


def layers_of(project):
    return [layer for layer, _ in project.editor.document.walk()]


def gif(count=3):
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "lime", "blue")[:count]]
    return samples.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


async def test_a_layered_file_becomes_the_document_with_its_layers(project):
    said = []
    project.notices.connect(lambda notice: said.append(notice.message))
    placed = await project.place([PictureSource("poster.psd", data=PSD)])
    document = project.editor.document
    assert placed == document.root
    assert (document.size, document.dpi, document.profile) == (Size(*SIZE), 300.0, samples.rgb_profile())
    given = stack()
    names = [layer.name for layer in layers_of(project)]
    assert names == [given[place].name for place in (5, 1, 3, 4, 2, 0)]
    group = next(layer for layer in layers_of(project) if layer.name == "Gruppe 猫")
    assert isinstance(group.content, Group)
    assert (group.blend_mode, round(group.opacity * 255)) == (BlendMode.MULTIPLY, 204)
    assert group.mask is not None
    assert np.abs(shown(project).astype(int) - merged(given, SIZE)).max() <= 1
    assert project.editor.undo_label == "Add poster.psd"
    assert all(layer.provenance.source == "poster.psd" for layer in layers_of(project))
    assert not any("merged picture" in sentence for sentence in said)
    project.editor.undo()
    assert project.editor.document.root == ()


async def test_a_layered_file_on_a_document_becomes_a_group_in_one_step(project):
    await project.place([PictureSource("photo.png", data=encode_png(picture()))])
    base = project.editor.document.root[0]
    steps = len(project.editor.history.steps)
    (group,) = await project.place([PictureSource("poster.psd", data=PSD)], at=Point(100, 50), above=base)
    document = project.editor.document
    assert document.root == (base, group)
    assert document.layer(group).name == "poster.psd"
    assert len(document.layer(group).children) == 3
    assert len(project.editor.history.steps) == steps + 1
    bottom = document.layer(document.layer(group).children[0])
    assert bottom.offset == Point(100 - SIZE[0] // 2, 50 - SIZE[1] // 2)
    masked = next(layer for layer in layers_of(project) if layer.name == "Édit")
    assert masked.mask.offset == masked.offset
    assert document.profile is None  # its colours were brought to the document's
    project.editor.undo()
    assert project.editor.document.root == (base,)
    assert set(project.editor.document.layers) == {base}


async def test_a_layered_file_larger_than_the_canvas_keeps_its_size_and_says_so(project):
    said = []
    project.notices.connect(lambda notice: said.append(notice.message))
    await project.place([PictureSource("small.png", data=encode_png(picture(20, 20)))])
    (group,) = await project.place([PictureSource("poster.psd", data=PSD)])
    bottom = project.editor.document.layer(project.editor.document.layer(group).children[0])
    assert bottom.size == Size(*SIZE)
    assert any("larger than the canvas" in sentence for sentence in said)


async def test_a_layered_file_as_a_reference_is_one_picture(project):
    await project.place([PictureSource("photo.png", data=encode_png(picture()))])
    await project.add_references([PictureSource("poster.psd", data=PSD)])
    (reference,) = project.editor.state.tray.references
    assert reference.picture.size == Size(*SIZE)


async def test_frames_become_layers_on_request(project):
    await project.place([PictureSource("dance.gif", data=gif())])
    assert len(layers_of(project)) == 1
    await project.place([PictureSource("dance.gif", data=gif(), frames=True)])
    group = layers_of(project)[0]
    assert [layer.name for layer in layers_of(project)[1:4]] == ["Frame 3", "Frame 2", "Frame 1"]
    assert [layer.visible for layer in layers_of(project)[1:4]] == [False, False, True]
    assert group.name == "dance.gif"


async def test_openraster_opens_as_a_project_of_its_own(tmp_path, project):
    path = tmp_path / "art.ora"
    plain = [one for one in stack() if one.mask is None and one.group is None]
    path.write_bytes(written("ora", plain))
    workspace = Workspace([], Settings(tmp_path / "other.json"), None)
    opened = await workspace.open(path)
    assert [layer.name for layer in layers_of(opened)] == [plain[1].name, plain[0].name]
    assert ".ora" in workspace.open_suffixes
    assert ".svg" not in workspace.open_suffixes
    await workspace.shut_down()


async def test_what_is_cut_off_is_a_choice(project):
    whole = encode_png(picture())
    source = PictureSource("cat.png", data=whole[: len(whole) // 2])
    with pytest.raises(IntakeError, match=r"“cat\.png” is cut off") as caught:
        await project.place([source])
    assert project.editor.document.empty
    (again,) = caught.value.again
    assert again.cut_off
    await project.place([again])
    assert project.editor.document.size == Size(300, 270)


async def test_what_is_too_large_is_a_choice_up_to_where_it_is_none(project, monkeypatch):
    from nanodesk.formats import limits

    monkeypatch.setattr(limits, "DecodeLimits", lambda: limits.DEFAULT_LIMITS.__class__(max_pixels=1000))
    data = encode_png(picture(100, 50))
    with pytest.raises(IntakeError, match="100 × 50 pixels") as caught:
        await project.place([PictureSource("wall.png", data=data)])
    (again,) = caught.value.again
    assert again.anyway
    await project.place(caught.value.again)
    assert project.editor.document.size == Size(100, 50)
    huge = samples.png((60_000, 60_000, 8, 2), b"")
    with pytest.raises(IntakeError) as caught:
        await project.place([PictureSource("bomb.png", data=huge)])
    assert caught.value.again == ()


async def test_one_faulty_picture_stops_no_other_and_changes_nothing(project):
    whole = encode_png(picture())
    good = PictureSource("good.png", data=whole)
    bad = [
        PictureSource("logo.svg", data=b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        PictureSource("broken.psd", data=PSD[:600]),
        PictureSource("bomb.png", data=samples.png((60_000, 60_000, 8, 2), b"")),
        PictureSource("half.png", data=whole[:2000]),
    ]
    with pytest.raises(IntakeError) as caught:
        await project.place([bad[0], good, *bad[1:]])
    message = str(caught.value)
    for source in bad:
        assert source.name in message
    assert "“logo.svg” is an SVG drawing" in message
    assert [one.name for one in caught.value.again] == ["broken.psd", "half.png"]
    before = project.editor.state
    with pytest.raises(IntakeError):
        await project.place(bad)
    assert project.editor.state is before


async def test_a_pictures_own_word_on_its_origin_stays_with_it(project):
    made = encode(picture(), PictureOptions("jpeg", source_type="trainedAlgorithmicMedia"))
    await project.place([PictureSource("photo.png", data=encode_png(picture()))])
    assert source_type(project.editor.document) is None
    await project.place([PictureSource("made.jpg", data=made)])
    assert source_type(project.editor.document) == "compositeWithTrainedAlgorithmicMedia"
    await project.flatten()
    assert source_type(project.editor.document) == "compositeWithTrainedAlgorithmicMedia"


async def test_camera_data_is_kept_lean_through_save_and_open(project, tmp_path):
    block = Image.Exif()
    block[0x010F] = "Maker"
    block.get_ifd(0x8769)[0x927C] = b"private" * 100
    photo = samples.saved(samples.picture(), "JPEG", exif=block.tobytes())
    await project.place([PictureSource("photo.jpg", data=photo)])
    kept = camera_data(project.editor.document)
    assert kept is not None
    assert b"Maker" in kept
    assert b"private" not in kept
    await project.save_as(tmp_path / "work.nanodesk")
    workspace = Workspace([], Settings(tmp_path / "other.json"), None)
    opened = await workspace.open(tmp_path / "work.nanodesk", read_only=True)
    assert camera_data(opened.editor.document) == kept
    await workspace.shut_down()


def test_a_picture_of_other_bytes_is_not_shown_in_logs():
    assert "secret" not in repr(PictureSource("a", data=b"secret"))
    assert io.BytesIO(gif(1)).read(3) == b"GIF"
