"""A window that cannot be shown ends in a sentence and status 2, never in Qt's abort."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nanodesk.ui.window import display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks X and Wayland")
PLUGINS = Path("plugins-that-are-not-there")


@pytest.fixture
def names(monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch.setenv


def test_a_display_that_does_not_answer_is_named(names, monkeypatch):
    names("DISPLAY", ":4711")
    monkeypatch.setattr(display, "_x_answers", lambda: False)
    assert ":4711 does not answer" in display.fault(PLUGINS)


def test_one_of_two_window_systems_is_enough(names, monkeypatch):
    names("DISPLAY", ":4711")
    names("WAYLAND_DISPLAY", "wayland-4711")
    monkeypatch.setattr(display, "_x_answers", lambda: True)
    assert display.fault(PLUGINS) == ""


def test_a_wayland_without_its_folder_does_not_answer(names, monkeypatch):
    names("WAYLAND_DISPLAY", "wayland-4711")
    assert "wayland-4711" in display.fault(PLUGINS)


def test_platforms_without_a_window_system_are_not_asked(names):
    names("QT_QPA_PLATFORM", "offscreen")
    names("DISPLAY", ":4711")
    assert display.fault(PLUGINS) == ""


def test_a_missing_library_is_named_with_the_way_out(names, tmp_path):
    names("DISPLAY", ":4711")
    (tmp_path / "libqxcb.so").write_bytes(b"no library")
    sentence = display.fault(tmp_path)
    assert "libqxcb.so" in sentence
    assert "packaging/dev.py run" in sentence


@pytest.mark.parametrize("name", [":4711", "nowhere.invalid:0"])
def test_the_program_says_so_and_ends_with_two(name):
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": name}
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, "-m", "nanodesk"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
