"""The command line as a user types it; in this process, but for what only a process of its own can show."""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from nanodesk.cli.main import main
from nanodesk.resources import resource_path

COFFEE = resource_path("samples", "coffee.jpg")


def run(*words):
    return main([str(word) for word in words])


def answer(capsys, *words):
    status = run(*words, "--json")
    return status, json.loads(capsys.readouterr().out)


def read(path):
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def test_two_edits_on_a_photo_make_a_picture_beside_it(photo, capsys):
    assert run("edit", photo, "-e", "make it warmer", "-e", "a bit more contrast") == 0
    written = photo.with_name("photo-edited.jpg")
    assert str(written) in capsys.readouterr().out
    before, after = read(photo).astype(int), read(written).astype(int)
    assert after.shape == before.shape
    assert (after[..., 2] - after[..., 0]).mean() > (before[..., 2] - before[..., 0]).mean()


def test_a_second_result_never_goes_over_the_first(photo):
    assert run("edit", photo, "-e", "make it warmer") == 0
    assert run("edit", photo, "-e", "make it cooler") == 0
    assert photo.with_name("photo-edited-2.jpg").exists()


def test_a_project_keeps_layers_history_and_runs(photo, tmp_path, capsys):
    project = tmp_path / "work.nanodesk"
    status, told = answer(capsys, "edit", photo, "-e", "make it warmer", "-o", project)
    assert status == 0
    assert told["engine"] == "on-device"
    assert len(told["layers"]) == 2
    status, shown = answer(capsys, "show", project)
    assert status == 0
    assert shown["size"] == [600, 400]
    assert shown["runs"][0]["state"] == "done"
    assert shown["runs"][0]["instructions"] == ["make it warmer"]
    assert shown["current_step"] == shown["steps"][-1]["id"]
    assert [one["instruction"] for one in shown["edits"]] == ["make it warmer"]


def test_editing_a_project_saves_it_in_place(photo, tmp_path, capsys):
    project = tmp_path / "work.nanodesk"
    assert run("edit", photo, "-e", "make it warmer", "-o", project) == 0
    capsys.readouterr()
    status, told = answer(capsys, "edit", project, "-e", "make it brighter")
    assert status == 0
    assert told["output"] == str(project)
    assert len(told["layers"]) == 3


def test_revert_goes_to_a_step_and_loses_nothing(photo, tmp_path, capsys):
    project = tmp_path / "work.nanodesk"
    assert run("edit", photo, "-e", "make it warmer", "-o", project) == 0
    capsys.readouterr()
    _, before = answer(capsys, "show", project)
    step = next(one for one in before["steps"] if one["label"].startswith("Add photo"))
    assert run("revert", project, step["id"][:10]) == 0
    capsys.readouterr()
    _, after = answer(capsys, "show", project)
    assert after["current_step"] == step["id"]
    assert len(after["layers"]) == 1
    assert len(after["steps"]) == len(before["steps"])
    assert run("revert", project, str(len(before["steps"]))) == 0
    capsys.readouterr()
    _, again = answer(capsys, "show", project)
    assert len(again["layers"]) == 2


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif", "avif"])
def test_export_writes_what_is_visible(photo, tmp_path, suffix):
    project = tmp_path / "work.nanodesk"
    assert run("edit", photo, "-e", "make it warmer", "-o", project) == 0
    out = tmp_path / f"out.{suffix}"
    assert run("export", project, "-o", out) == 0
    assert read(out).shape[:2] == (400, 600)


def test_a_cut_off_picture_is_edited_only_when_that_is_wanted(photo, tmp_path, capsys):
    half = tmp_path / "half.jpg"
    half.write_bytes(photo.read_bytes()[:20_000])
    out = tmp_path / "out.png"
    assert run("edit", half, "-e", "make it warmer", "-o", out) == 6
    assert "“half.jpg” is cut off" in capsys.readouterr().err
    assert not out.exists()
    assert run("edit", half, "-e", "make it warmer", "-o", out, "--anyway") == 0
    assert read(out).shape[:2] == (400, 600)


def test_a_layered_file_is_edited_as_a_whole_and_keeps_its_layers(photo, tmp_path, capsys):
    project, layered = tmp_path / "work.nanodesk", tmp_path / "layered.psd"
    assert run("edit", photo, "-e", "crop to a square", "-o", project) == 0
    assert run("export", project, "-o", layered) == 0
    capsys.readouterr()
    status, told = answer(capsys, "edit", layered, "-e", "make it warmer")
    assert status == 0
    assert told["output"].endswith("layered-edited.psd")
    assert "photo.jpg" in told["layers"]


def test_export_says_what_a_format_cannot_carry_and_keeps_what_is_asked(photo, tmp_path, capsys):
    project = tmp_path / "work.nanodesk"
    assert run("edit", photo, "-e", "make it warmer", "-o", project) == 0
    capsys.readouterr()
    status, told = answer(capsys, "export", project, "-o", tmp_path / "a.psd", "--preset", "story")
    assert status == 0
    assert told["size"] == [1080, 1920]
    assert isinstance(told["notes"], list)
    assert (tmp_path / "a.psd").read_bytes().startswith(b"8BPS")
    small, fine = tmp_path / "small.jpg", tmp_path / "fine.jpg"
    assert run("export", project, "-o", small, "--quality", "20") == 0
    assert run("export", project, "-o", fine, "--keep", "camera", "--keep", "place") == 0
    assert small.stat().st_size < fine.stat().st_size
    assert run("export", project, "-o", fine, "--quality", "0") == 2
    assert run("export", project, "-o", fine, "--keep", "secrets") == 2


def test_export_of_a_layer_a_step_and_a_preset(photo, tmp_path, capsys):
    project = tmp_path / "work.nanodesk"
    assert run("edit", photo, "-e", "make it warmer", "-o", project) == 0
    capsys.readouterr()
    _, shown = answer(capsys, "show", project)
    assert run("export", project, "-o", tmp_path / "layer.png", "--layer", "photo.jpg") == 0
    original = read(tmp_path / "layer.png")
    assert np.array_equal(original[..., :3], read(photo))
    step = next(one for one in shown["steps"] if one["label"].startswith("Add photo"))
    assert run("export", project, "-o", tmp_path / "step.png", "--step", step["number"]) == 0
    assert np.array_equal(read(tmp_path / "step.png")[..., :3], original[..., :3])
    assert run("export", project, "-o", tmp_path / "square.png", "--preset", "instagram-square") == 0
    assert read(tmp_path / "square.png").shape[:2] == (1080, 1080)


def test_plan_says_how_each_edit_is_understood_and_runs_nothing(photo, capsys):
    status, told = answer(capsys, "plan", photo, "-e", "make it warmer", "-e", "crop to a square")
    assert status == 0
    assert told["understood"] is True
    assert told["sends"] is False
    assert told["base"] == [600, 400]
    assert all(edit["summary"] for edit in told["edits"])
    assert [one.name for one in photo.parent.iterdir()] == ["photo.jpg"]


def test_an_edit_that_nobody_can_understand_writes_nothing(photo, capsys):
    for verb in ("edit", "plan"):
        assert run(verb, photo, "-e", "add a dragon to the left") == 3
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert [one.name for one in photo.parent.iterdir()] == ["photo.jpg"]
    status, told = answer(capsys, "edit", photo, "-e", "make it warmer", "-e", "add a dragon")
    assert status == 3
    assert told["edit"] == 1


def test_an_empty_stack_is_wrong_usage(photo, capsys):
    assert run("edit", photo) == 2
    assert "no edit to run" in capsys.readouterr().err
    assert run("edit", photo, "-e", "  ") == 2


def test_unknown_engines_and_endings_are_wrong_usage_or_a_file_error(photo, capsys):
    assert run("edit", photo, "-e", "make it warmer", "--engine", "abacus") == 2
    assert "abacus" in capsys.readouterr().err
    assert run("edit", photo, "-e", "make it warmer", "-o", "out.xyz") == 6


def _bomb():
    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = (60000).to_bytes(4, "big") * 2 + bytes([8, 6, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.png", b"<html>this is a letter</html>"),
        ("empty.jpg", b""),
        ("cut.jpg", COFFEE.read_bytes()[:9000]),
        ("bomb.png", _bomb()),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
    ],
)
def test_what_is_no_picture_is_named_in_one_sentence(tmp_path, capsys, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    assert run("edit", path, "-e", "make it warmer") == 6
    said = capsys.readouterr()
    assert name in said.err
    assert "Traceback" not in said.err
    assert path.read_bytes() == data
    assert len(list(tmp_path.iterdir())) == 1


def test_missing_and_unwritable_files(photo, tmp_path, capsys):
    assert run("edit", tmp_path / "gone.jpg", "-e", "make it warmer") == 6
    assert "gone.jpg" in capsys.readouterr().err
    (tmp_path / "plain").write_bytes(b"")
    assert run("edit", photo, "-e", "make it warmer", "-o", tmp_path / "plain" / "out.png") == 6
    assert "out.png" in capsys.readouterr().err


def test_a_project_of_a_newer_version_is_left_alone(photo, tmp_path, capsys):
    import sqlite3

    project = tmp_path / "work.nanodesk"
    assert run("edit", photo, "-e", "make it warmer", "-o", project) == 0
    connection = sqlite3.connect(project)
    connection.execute("PRAGMA user_version = 77")
    connection.close()
    before = project.read_bytes()
    for words in (("show", project), ("edit", project, "-e", "brighter"), ("revert", project, "1")):
        assert run(*words) == 6
    assert "newer version" in capsys.readouterr().err
    assert project.read_bytes() == before


def test_the_input_is_never_written_over(photo):
    before = photo.read_bytes()
    assert run("edit", photo, "-e", "make it warmer", "-o", photo) == 2
    assert photo.read_bytes() == before


def test_a_mask_limits_the_edits(photo, tmp_path, capsys):
    mask = np.zeros((400, 600), np.uint8)
    mask[:, :300] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    out = tmp_path / "out.png"
    assert run("edit", photo, "-e", "black and white", "--mask", tmp_path / "mask.png", "-o", out) == 0
    after, before = read(out)[..., :3], read(photo)
    assert np.array_equal(after[:, 300:], before[:, 300:])
    left = after[:, :300].astype(int)
    assert np.abs(left[..., 0] - left[..., 2]).max() <= 2
    cv2.imwrite(str(tmp_path / "small.png"), mask[:10, :10])
    assert run("edit", photo, "-e", "black and white", "--mask", tmp_path / "small.png", "-o", out) == 6


def test_a_time_limit_ends_the_run(photo, capsys):
    assert run("edit", photo, "-e", "blur the background", "--time-limit", "0.000001") == 5
    assert "time limit" in capsys.readouterr().err
    assert len(list(photo.parent.iterdir())) == 1


def test_doctor_looks_at_the_machine(capsys):
    status, told = answer(capsys, "doctor")
    assert status == 0
    assert {"Python", "engine on-device", "reader of HEIC photos"} <= {one["name"] for one in told["findings"]}


def test_doctor_misses_no_reader_that_is_optional(monkeypatch, capsys):
    monkeypatch.setattr("nanodesk.cli.doctor._READERS", (("no-such-package", "HEIC photos"),))
    _, told = answer(capsys, "doctor")
    finding = next(one for one in told["findings"] if one["name"] == "reader of HEIC photos")
    assert finding["good"]
    assert "not installed" in finding["detail"]


def test_wrong_words_end_with_status_2(capsys):
    assert run("edit") == 2
    assert run("paint", "x.png") == 2
    assert run("edit", "x.png", "-e", "a", "--candidates", "99") == 2
    assert run("--version") == 0


def test_no_qt_is_imported(photo, tmp_path):
    """The verbs work where importing PySide6 fails."""
    code = (
        "import sys\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('PySide6', 'shiboken6', 'qasync'):\n"
        "            raise ImportError('no Qt here')\n"
        "sys.meta_path.insert(0, NoQt())\n"
        "sys.argv = ['nanodesk', *sys.argv[1:]]\n"
        "from nanodesk.__main__ import main\n"
        "sys.exit(main())\n"
    )
    out = tmp_path / "out.nanodesk"
    words = [sys.executable, "-c", code, "edit", str(photo), "-e", "make it warmer", "-o", str(out), "--json"]
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=100, check=False, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["output"] == str(out)
    for words_of in (["plan", "-e", "brighter"], ["show", str(out)], ["doctor"]):
        again = subprocess.run(
            [sys.executable, "-c", code, *words_of],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        assert again.returncode == 0, again.stderr


def test_what_is_converted_on_purpose_is_said(tmp_path, capsys):
    deep = np.full((60, 80, 3), 40000, np.uint16)
    cv2.imwrite(str(tmp_path / "deep.png"), deep)
    status = run("edit", tmp_path / "deep.png", "-e", "make it warmer", "--json")
    said = capsys.readouterr()
    assert status == 0
    assert "16" in said.err
    json.loads(said.out)
