"""Settings survive a restart, and damage to their file."""

import json
import threading
from pathlib import Path

import pytest

from nanodesk.storage.errors import CannotWriteError
from nanodesk.storage.settings import MOST_RECENT, Settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "settings.json"


def test_a_new_user_has_plain_settings_and_no_file(path):
    settings = Settings.load(path)
    settings.save()
    assert (settings.recent, settings.theme, settings.engine, settings.broken) == ((), "system", "auto", None)
    assert settings.window("main") is None
    assert not settings.consented("gemini")
    assert not path.exists()


def test_everything_comes_back(path):
    settings = Settings.load(path)
    settings.theme = "dark"
    settings.engine = "on-device"
    settings.consent("gemini")
    settings.remember(Path("one.png"))
    settings.keep_window("main", b"\x00geometry")
    settings.set_flag("ask", True)
    settings.save()
    again = Settings.load(path)
    assert (again.theme, again.engine, again.recent) == ("dark", "on-device", (Path("one.png"),))
    assert again.consented("gemini")
    assert again.window("main") == b"\x00geometry"
    assert again.flag("ask")
    again.consent("gemini", False)
    assert not again.consented("gemini")
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


def test_recent_files_are_few_newest_first_and_each_once():
    settings = Settings()
    for number in [*range(20), 5]:
        settings.remember(Path(f"{number}.png"))
    assert len(settings.recent) == MOST_RECENT
    assert settings.recent[:2] == (Path("5.png"), Path("19.png"))
    settings.forget(Path("5.png"))
    assert settings.recent[0] == Path("19.png")
    settings.forget()
    assert settings.recent == ()


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 200_000, b'"' + b"x" * 1_000_001 + b'"'])
def test_a_damaged_file_is_put_aside(path, data):
    path.parent.mkdir()
    path.write_bytes(data)
    settings = Settings.load(path)
    assert settings.theme == "system"
    assert settings.broken is not None
    assert settings.broken.read_bytes() == data
    settings.theme = "light"
    settings.save()
    assert Settings.load(path).theme == "light"


def test_odd_values_count_as_none_and_unknown_ones_are_kept(path):
    path.parent.mkdir()
    odd = {"theme": 5, "recent": [1, "a.png"], "windows": {"main": "*"}, "consent": "x", "options": 3, "later": [1]}
    path.write_text(json.dumps(odd))
    settings = Settings.load(path)
    assert (settings.theme, settings.recent, settings.window("main")) == ("system", (Path("a.png"),), None)
    assert not settings.consented("x")
    assert settings.flag("ask", True)
    settings.theme = "dark"
    settings.save()
    assert json.loads(path.read_text())["later"] == [1]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "config").write_text("a file")
    settings = Settings.load(tmp_path / "config" / "settings.json")
    settings.theme = "dark"
    with pytest.raises(CannotWriteError, match="settings could not be written"):
        settings.save()


def test_a_theme_is_one_of_three():
    with pytest.raises(ValueError, match="system"):
        Settings().theme = "pink"


def test_threads_do_not_lose_each_others_changes():
    settings = Settings()

    def agree(name):
        for number in range(50):
            settings.consent(f"{name}{number}")

    threads = [threading.Thread(target=agree, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(settings.consented(f"{name}{number}") for name in "abc" for number in range(50))
