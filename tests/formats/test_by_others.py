"""Files that Krita 5.1.5 and GIMP 2.10.34 wrote, of one stack: they opened our OpenRaster and our Photoshop file of it.

Their names say who. GIMP kept the mask, Krita was given the layer with its mask applied.
"""

from pathlib import Path

import numpy as np
import pytest

from nanodesk.document.blend import BlendMode
from nanodesk.formats.layered import decode_layers
from nanodesk.formats.merging import merged

FOLDER = Path(__file__).parent / "by_others"
ROWS = [
    ("Hintergrund", None, 0, 0, 1.0, BlendMode.NORMAL, True),
    ("Gruppe 猫", None, 0, 0, 0.8, BlendMode.NORMAL, True),
    ("Édit", 1, 5, 10, 0.5, BlendMode.SCREEN, True),
    ("inner", 1, 0, 0, 1.0, BlendMode.NORMAL, True),
    ("deep", 3, 90, 50, 1.0, BlendMode.MULTIPLY, True),
    ("masked", None, 10, 30, 0.9, BlendMode.NORMAL, True),
    ("hidden", None, 50, 20, 1.0, BlendMode.NORMAL, False),
]


@pytest.mark.parametrize("name", ["krita.ora", "krita.psd", "gimp.psd"])
def test_their_files_open_with_every_layer_and_look_as_they_show_them(name):
    picture = decode_layers((FOLDER / name).read_bytes(), name=name)
    assert (picture.width, picture.height, picture.dpi, picture.notes) == (120, 80, 300.0, ())
    for layer, row in zip(picture.layers, ROWS, strict=True):
        label, group, x, y, opacity, mode, visible = row
        assert (layer.name, layer.group, layer.x, layer.y) == (label, group, x, y)
        assert (layer.blend_mode, layer.visible) == (mode, visible)
        assert layer.opacity == pytest.approx(opacity, abs=0.003)
    assert (picture.layers[5].mask is not None) is (name == "gimp.psd")
    ours = merged(picture.layers, (120, 80)).astype(int)
    assert np.abs(ours - picture.pixels).max() <= 1


def test_they_agree_with_each_other():
    pictures = [decode_layers((FOLDER / name).read_bytes()).pixels.astype(int) for name in ("krita.ora", "gimp.psd")]
    assert np.abs(pictures[0] - pictures[1]).max() <= 1
