"""Documents to files of other programs: whole pictures, layers, sizes, and what is said with them."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from nanodesk.document.blend import BlendMode
from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Adjustment, AdjustmentStep, Group, Layer, Mask, Pixels, Text, Unknown
from nanodesk.document.operations.merging import flatten_document, merge_down
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.editor.carrying import OPENRASTER, PHOTOSHOP, carried_layers
from nanodesk.editor.errors import ExportError
from nanodesk.editor.export_outline import carried, outline
from nanodesk.editor.exporting import (
    FORMATS,
    SUFFIXES,
    ExportOptions,
    check_suffix,
    export,
    format_of,
    preset_size,
    preset_titles,
    presets,
    source_type,
    with_ending,
)
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.formats.layered import decode_layers
from nanodesk.formats.merging import merged
from nanodesk.imaging.painter import flatten
from tests.formats import samples

SIZE = Size(300, 280)
EXIF = samples.exif(1, gps=True).removeprefix(b"Exif\0\0")
MADE = Provenance(Origin.RUN, 0.0, generative=True)
PHOTO = Provenance(Origin.IMPORTED, 0.0, source="photo.jpg", exif=EXIF)


def block(width=SIZE.width, height=SIZE.height, seed=1, mode="RGB"):
    return samples.bgra(samples.picture(width, height, mode, seed))


class Desk:
    """A document that is put together layer by layer."""

    def __init__(self, size=SIZE):
        self.pixels = PixelStore()
        self.layers: dict[LayerId, Layer] = {}
        self.size = size

    def picture(self, name, offset=Point(), picture=None, **other):
        content = Pixels(self.pixels.add(block() if picture is None else picture))
        return self.put(name, content, offset=offset, **other)

    def put(self, name, content, **other):
        self.layers[LayerId(name)] = Layer(LayerId(name), name, content, **other)
        return LayerId(name)

    def mask(self, width, height, x, y, outside=0):
        values = np.ascontiguousarray(block(width, height, 7)[..., 2])
        return Mask(self.pixels.add(values), Point(x, y), outside)

    def document(self, *root, **other):
        return Document(self.size, 300.0, layers=self.layers, root=root, **other)

    def shown(self, document):
        return flatten(document, self.pixels.tile)


def curves(name="warm"):
    return Adjustment((AdjustmentStep("brightness", (("amount", 40),)),))


@pytest.fixture
def desk():
    return Desk()


def rich(desk, soft=False):
    """A bit of everything that formats differ in."""
    base = desk.picture("base", picture=block(mode="RGBA" if soft else "RGB"), provenance=PHOTO)
    inner = desk.picture(
        "inner", Point(20, 30), block(90, 80, 3, "RGBA"), opacity=0.7, mask=desk.mask(60, 70, 30, 40, outside=255)
    )
    group = desk.put("group", Group((inner,)), opacity=0.8, blend_mode=BlendMode.SCREEN, mask=desk.mask(200, 200, 5, 5))
    adjusted = desk.put("warm", curves(), opacity=0.6, mask=desk.mask(150, 280, 0, 0))
    excluded = desk.picture("excluded", Point(100, 100), block(50, 60, 4, "RGBA"), blend_mode=BlendMode.EXCLUSION)
    text = desk.put("words", Text("Hi", (), desk.pixels.add(block(40, 20, 5, "RGBA"))), offset=Point(9, 9))
    return desk.document(base, group, adjusted, excluded, text)


# ----------------------------------------------------------------------------------------------------------- layers


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("carries", [PHOTOSHOP, OPENRASTER])
def test_what_is_carried_looks_like_the_document(desk, carries, soft):
    document = rich(desk, soft)
    layers, notes = carried_layers(document, desk.pixels, carries)
    assert np.abs(merged(layers, (300, 280)).astype(int) - desk.shown(document)).max() <= 1
    assert all(note.endswith(".") for note in notes)
    assert any("adjustment “warm”" in note for note in notes)
    assert any("text “words”" in note for note in notes)
    masked = any(layer.mask is not None for layer in layers)
    assert masked is carries.masks
    assert any("“excluded”" in note for note in notes) is not carries.masks
    assert any("“What lies" in note or "What lies below “warm” is hidden" in note for note in notes) is soft


def test_masks_are_baked_exactly_where_there_are_none(desk):
    base = desk.picture("base")
    top = desk.picture("top", Point(-10, 20), block(100, 90, 3, "RGBA"), mask=desk.mask(50, 200, 0, 0, outside=255))
    off = desk.picture("off", Point(5, 5), block(9, 9), mask=replace(desk.mask(3, 3, 0, 0), enabled=False))
    document = desk.document(base, top, off)
    layers, notes = carried_layers(document, desk.pixels, OPENRASTER)
    assert all(layer.mask is None for layer in layers)
    assert np.abs(merged(layers, (300, 280)).astype(int) - desk.shown(document)).max() <= 1
    assert len(notes) == 1


def test_a_group_keeps_its_layers_where_it_can(desk):
    inner = desk.picture("inner", Point(20, 30), block(90, 80, 3, "RGBA"))
    plain = desk.put("plain", Group((inner,)))
    masked = desk.put(
        "masked", Group((desk.picture("other", Point(9, 9), block(40, 40, 3)),)), mask=desk.mask(30, 30, 9, 9)
    )
    document = desk.document(plain, masked)
    layers, _ = carried_layers(document, desk.pixels, PHOTOSHOP)
    assert [(layer.name, layer.group) for layer in layers] == [
        ("plain", None),
        ("inner", 0),
        ("masked", None),
        ("other", 2),
    ]
    layers, notes = carried_layers(document, desk.pixels, OPENRASTER)
    assert [(layer.name, layer.group, layer.pixels is None) for layer in layers] == [
        ("plain", None, True),
        ("inner", 0, False),
        ("masked", None, False),
    ]
    assert "group “masked”" in notes[0]


def test_hidden_adjustments_and_unknown_kinds_are_left_out_and_said(desk):
    base = desk.picture("base")
    hidden = desk.put("hidden", curves(), visible=False)
    unknown = desk.put("newer", Unknown("vector", "{}"))
    layers, notes = carried_layers(desk.document(base, hidden, unknown), desk.pixels, PHOTOSHOP)
    assert [layer.name for layer in layers] == ["base"]
    assert "hidden adjustment “hidden”" in notes[0]
    assert "“newer” is of a kind" in notes[1]


def test_a_mode_that_is_nearly_the_same_is_said(desk):
    glow = desk.picture("glow", blend_mode=BlendMode.PLUS_LIGHTER)
    layers, notes = carried_layers(desk.document(glow), desk.pixels, PHOTOSHOP)
    assert layers[0].blend_mode is BlendMode.PLUS_LIGHTER
    assert notes == ["“glow” is linear dodge in a Photoshop file: not quite the same where translucent."]
    assert carried_layers(desk.document(glow), desk.pixels, OPENRASTER)[1] == []


def test_transparent_edges_are_cut_away(desk):
    large = np.zeros((280, 300, 4), np.uint8)
    large[50:60, 100:130] = 200
    layers, _ = carried_layers(desk.document(desk.picture("dot", picture=large)), desk.pixels, PHOTOSHOP)
    assert (layers[0].x, layers[0].y) == (100, 50)
    assert layers[0].pixels is not None
    assert layers[0].pixels.shape == (10, 30, 4)
    empty = desk.picture("empty", Point(4, 5), np.zeros((280, 300, 4), np.uint8))
    layers, _ = carried_layers(desk.document(empty), desk.pixels, PHOTOSHOP)
    assert layers[0].pixels is not None
    assert layers[0].pixels.shape == (1, 1, 4)


@pytest.mark.parametrize("suffix", [".psd", ".ora"])
def test_a_layered_file_is_written_and_read_back(desk, tmp_path, suffix):
    document = rich(desk)
    path = tmp_path / f"poster{suffix}"
    written = export(document, desk.pixels, path, ExportOptions())
    assert written.size == SIZE
    assert written.notes
    back = decode_layers(path.read_bytes())
    assert np.abs(back.pixels.astype(int) - desk.shown(document)).max() <= 1
    assert np.abs(merged(back.layers, (300, 280)).astype(int) - desk.shown(document)).max() <= 2
    assert "base" in [layer.name for layer in back.layers]
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_a_layered_file_is_scaled_layer_by_layer(desk, tmp_path):
    base = desk.picture("base")
    dot = desk.picture("dot", Point(150, 140), block(30, 28, 3))
    export(desk.document(base, dot), desk.pixels, tmp_path / "a.psd", ExportOptions(size=Size(150, 100)))
    file = PSDImage.open(tmp_path / "a.psd")
    assert file.size == (150, 100)
    assert file[1].bbox == (75, 50, 90, 64)  # 140 high before 40 were cut, half of it above


# ------------------------------------------------------------------------------------------------------------- flat


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_ending_writes_a_picture(desk, tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    written = export(desk.document(desk.picture("base")), desk.pixels, path, ExportOptions())
    assert written.size == SIZE
    if suffix == ".pdf":
        assert path.read_bytes().startswith(b"%PDF-1.7")
    else:
        assert decode_layers(path.read_bytes()).pixels.shape == (280, 300, 4)


def test_a_picture_covers_the_size_that_was_asked_for(desk, tmp_path):
    document = desk.document(desk.picture("base"))
    assert export(document, desk.pixels, tmp_path / "a.png", ExportOptions(size=Size(100, 30))).size == Size(100, 30)
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (100, 30)


def test_an_unknown_ending_an_empty_document_and_a_folder_are_said(desk, tmp_path):
    with pytest.raises(ExportError, match=r"“a\.xcf” has no known ending; use \.png, .*\.psd.* or \.pdf"):
        check_suffix(tmp_path / "a.xcf")
    with pytest.raises(ExportError, match="no picture"):
        export(Document(), desk.pixels, tmp_path / "a.png", ExportOptions())
    with pytest.raises(ExportError, match=r"“a\.png” could not be written"):
        export(desk.document(desk.picture("base")), desk.pixels, tmp_path / "no" / "a.png", ExportOptions())
    assert not list(tmp_path.iterdir())
    with pytest.raises(ExportError, match="no preset “x”"):
        preset_size("x")
    assert preset_size("story") == presets()["story"]
    assert preset_titles()["story"] == "Story, Reel, Short"
    assert format_of(tmp_path / "A.JPEG").name == "jpeg"


def test_the_format_that_was_chosen_decides_the_ending(tmp_path):
    assert with_ending(tmp_path / "a.JPEG", ".jpg") == tmp_path / "a.JPEG"
    assert with_ending(tmp_path / "a.png", ".jpg") == tmp_path / "a.jpg"
    assert with_ending(tmp_path / "poster.v2", ".png") == tmp_path / "poster.v2.png"
    (tmp_path / "a.jpg").touch()
    with pytest.raises(ExportError, match=r"“a\.jpg” is there already"):
        with_ending(tmp_path / "a.png", ".jpg")


# --------------------------------------------------------------------------------------------------- what it says


def test_camera_and_place_go_along_only_when_asked_for(desk, tmp_path):
    document = desk.document(desk.picture("base", provenance=PHOTO))

    def tags(**options):
        export(document, desk.pixels, tmp_path / "a.jpg", ExportOptions(**options))
        with Image.open(tmp_path / "a.jpg") as image:
            exif = image.getexif()
        return exif.get(0x010F), bool(exif.get_ifd(0x8825))

    assert tags() == (None, False)
    assert tags(keep_camera=True) == ("Maker", False)
    assert tags(keep_place=True) == (None, True)
    assert tags(keep_camera=True, keep_place=True) == ("Maker", True)
    assert (carried(document).camera, carried(document).place) == (True, True)
    hidden = desk.document(desk.picture("base", provenance=PHOTO, visible=False))
    assert (carried(hidden).camera, carried(hidden).place) == (False, False)


def test_the_source_type_follows_what_is_visible(desk):
    photo = desk.picture("photo", provenance=PHOTO)
    made = desk.picture("made", provenance=MADE)
    warm = desk.put("warm", curves(), provenance=Provenance(Origin.RUN, 0.0, engine="on-device"))
    assert source_type(desk.document(photo, warm)) is None
    assert source_type(desk.document(photo, made)) == "compositeWithTrainedAlgorithmicMedia"
    assert source_type(desk.document(made, warm)) == "trainedAlgorithmicMedia"
    hidden = desk.picture("hidden", provenance=MADE, visible=False)
    assert source_type(desk.document(photo, hidden)) is None
    faint = desk.picture("faint", provenance=MADE, opacity=0.0)
    assert source_type(desk.document(photo, faint)) is None
    inside = desk.put("group", Group((made,)), visible=False)
    assert source_type(desk.document(photo, inside)) is None


def test_merging_does_not_make_a_generated_part_forgotten(desk):
    photo = desk.picture("photo", provenance=PHOTO)
    made = desk.picture("made", provenance=MADE)
    document = desk.document(photo, made)
    grid = desk.pixels.add(block())
    for one in (merge_down(document, made, grid, Point()), flatten_document(document, grid, LayerId("flat"))):
        assert source_type(one) == "compositeWithTrainedAlgorithmicMedia"
        assert [layer.provenance and layer.provenance.exif for layer in one.layers.values()] == [EXIF]
    plain = desk.document(photo, desk.picture("other"))
    assert source_type(flatten_document(plain, grid, LayerId("flat"))) is None


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_every_format_that_can_says_what_made_it(desk, tmp_path, kind):
    document = desk.document(desk.picture("photo", provenance=PHOTO), desk.picture("made", provenance=MADE))
    path = tmp_path / f"a{kind.suffixes[0]}"
    export(document, desk.pixels, path, ExportOptions())
    data = path.read_bytes()
    if kind.name == "pdf":
        assert b"digitalsourcetype/compositeWithTrainedAlgorithmicMedia" in data
    else:
        assert decode_layers(data).source_type == "compositeWithTrainedAlgorithmicMedia"
    hidden = replace(
        document, layers={**document.layers, "made": replace(document.layers[LayerId("made")], visible=False)}
    )
    export(hidden, desk.pixels, path, ExportOptions())
    assert b"digitalsourcetype" not in path.read_bytes()
    if kind.name not in ("pdf",):
        assert decode_layers(path.read_bytes()).source_type is None


def test_the_outline_tells_what_the_file_will_be(desk):
    document = rich(desk)

    def told(name, **options):
        return " ".join(outline(document, next(one for one in FORMATS if one.name == name), ExportOptions(**options)))

    assert told("png").startswith("One picture, 300 × 280 pixels, every pixel exact.")
    assert "with some loss of detail. What is transparent becomes white." in told("jpeg")
    assert "every pixel exact" in told("webp", lossless=True)
    assert "100 × 50 pixels" in told("png", size=Size(100, 50))
    psd = told("psd")
    assert psd.startswith("5 layers in 1 group, 300 × 280 pixels. 1 adjustment becomes a picture")
    assert "1 text becomes pixels." in psd
    assert "mask" not in psd
    ora = told("ora")
    assert "2 masks become part of" in ora
    assert "a blend mode that the format lacks" in ora
    assert "sRGB. 300 dpi." in psd
    assert "dpi" not in told("avif")
    assert "none made a visible layer" in psd


def test_pdf_pages_have_the_size_that_the_resolution_asks_for(desk, tmp_path):
    from PIL import PdfParser

    soft = desk.document(desk.picture("soft", picture=block(mode="RGBA")))
    export(soft, desk.pixels, tmp_path / "a.pdf", ExportOptions(quality=80))
    export(soft, desk.pixels, tmp_path / "b.pdf", ExportOptions(lossless=True))
    for name in ("a.pdf", "b.pdf"):
        with PdfParser.PdfParser(tmp_path / name) as file:
            page = file.read_indirect(file.pages[0])
            assert [float(side) for side in page[b"MediaBox"]] == [0, 0, 72, 67.2]
            image = file.read_indirect(page[b"Resources"][b"XObject"][b"Picture"])
            header = image.dictionary
            assert (header[b"Width"], header[b"Height"]) == (300, 280)
            assert header[b"ColorSpace"][0] == b"ICCBased"
            mask = file.read_indirect(header[b"SMask"])
            assert mask.decode() == desk.shown(soft)[..., 3].tobytes()
            if name == "b.pdf":
                assert image.decode() == desk.shown(soft)[..., [2, 1, 0]].tobytes()
            else:
                assert Image.open(io.BytesIO(image.buf)).size == (300, 280)
