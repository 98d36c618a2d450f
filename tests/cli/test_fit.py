"""`nanodesk fit`: of another tool's answer only what it changed."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from nanodesk.cli.main import main
from tests.editor.test_fitting import GREEN, coffee, equal_fits_are_made_once, redrawn

__all__ = ["equal_fits_are_made_once"]


@pytest.fixture
def files(tmp_path):
    original, result = tmp_path / "original.png", tmp_path / "result.jpg"
    cv2.imwrite(str(original), coffee()[:, :, :3])
    result.write_bytes(redrawn(coffee(), (GREEN, (60, 200, 60))))
    return original, result


def test_only_what_changed_is_inserted_and_the_mask_says_where(files, tmp_path, capsys):
    original, result = files
    out, mask_out = tmp_path / "out.png", tmp_path / "mask.png"
    words = ["fit", str(original), str(result), "-o", str(out), "--mask-out", str(mask_out), "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "edit"
    assert told["sentence"].startswith("Only")
    assert told["islands"]
    assert 0.97 < told["scale"] < 1.0
    before, after = np.asarray(Image.open(original).convert("RGB")), np.asarray(Image.open(out).convert("RGB"))
    mask = np.asarray(Image.open(mask_out).convert("L"))
    assert mask.shape == before.shape[:2]
    assert np.array_equal(before[mask == 0], after[mask == 0])
    assert 0.01 < (mask > 0).mean() < 0.1
    assert not np.array_equal(before, after)


def test_a_project_keeps_the_layer_with_its_mask(files, tmp_path, capsys):
    original, result = files
    out = tmp_path / "work.nanodesk"
    assert main(["fit", str(original), str(result), "-o", str(out)]) == 0
    assert "Only" in capsys.readouterr().out
    assert main(["show", str(out), "--json"]) == 0
    layers = json.loads(capsys.readouterr().out)["layers"]
    assert [layer["name"] for layer in layers].count("result.jpg") == 1


def test_wrong_endings_and_unreadable_pictures_are_said(files, tmp_path, capsys):
    original, result = files
    assert main(["fit", str(original), str(result), "-o", str(tmp_path / "out.xyz")]) != 0
    assert "ending" in capsys.readouterr().err
    mask = ["--mask-out", str(tmp_path / "mask.jpg")]
    assert main(["fit", str(original), str(result), "-o", str(tmp_path / "out.png"), *mask]) == 2
    assert "PNG" in capsys.readouterr().err
    result.write_bytes(b"not a picture")
    assert main(["fit", str(original), str(result), "-o", str(tmp_path / "out.png")]) == 6
    assert "result.jpg" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
