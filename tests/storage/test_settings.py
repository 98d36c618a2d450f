"""Settings survive a restart, and damage to their file."""

import json
from pathlib import Path

import pytest

from nanodesk.storage.settings import MAX_RECENT, Settings


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "config"


def test_a_new_user_has_plain_settings(folder):
    settings = Settings.load(folder)
    assert (settings.recent, settings.theme, settings.engine) == ((), "system", "auto")
    assert settings.window("main") is None
    assert not settings.consented("gemini")
    assert not folder.exists()


def test_everything_comes_back(folder):
    settings = Settings.load(folder)
    settings.theme = "dark"
    settings.engine = "on-device"
    settings.consent("gemini")
    settings.remember(Path("one.png"))
    settings.keep_window("main", b"\x00geometry")
    settings.set("other", [1, "two"])
    assert settings.save()
    again = Settings.load(folder)
    assert (again.theme, again.engine, again.recent) == ("dark", "on-device", (Path("one.png"),))
    assert again.consented("gemini")
    assert again.window("main") == b"\x00geometry"
    assert again.get("other") == [1, "two"]
    again.withdraw("gemini")
    assert not again.consented("gemini")
    assert again.consented_at("gemini") is None
    assert [one.name for one in folder.iterdir()] == ["settings.json"]


def test_recent_files_are_few_newest_first_and_each_once():
    settings = Settings()
    for number in [*range(20), 12]:
        settings.remember(Path(f"{number}.png"))
    assert len(settings.recent) == MAX_RECENT
    assert settings.recent[:2] == (Path("12.png"), Path("19.png"))
    settings.forget_recent(Path("12.png"))
    assert settings.recent[0] == Path("19.png")
    settings.forget_recent()
    assert settings.recent == ()


def test_a_file_whose_name_is_no_unicode_is_remembered(folder):
    settings = Settings.load(folder)
    settings.remember(Path("caf\udce9.png"))
    assert settings.save()
    assert Settings.load(folder).recent == (Path("caf\udce9.png"),)


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 200_000, b'"' + b"x" * 1_000_001 + b'"'])
def test_a_damaged_file_is_kept_aside(folder, data):
    folder.mkdir()
    (folder / "settings.json").write_bytes(data)
    settings = Settings.load(folder)
    assert settings.theme == "system"
    assert (folder / "settings.damaged.json").read_bytes() == data
    settings.theme = "light"
    assert settings.save()
    assert Settings.load(folder).theme == "light"


def test_odd_values_count_as_none_and_unknown_ones_are_kept(folder):
    folder.mkdir()
    odd = {"theme": 5, "recent": [1, "a.png"], "windows": {"main": "*"}, "consent": "gemini", "later": [1]}
    (folder / "settings.json").write_text(json.dumps(odd))
    settings = Settings.load(folder)
    assert (settings.theme, settings.recent, settings.window("main")) == ("system", (Path("a.png"),), None)
    assert not settings.consented("gemini")
    settings.theme = "dark"
    settings.save()
    assert json.loads((folder / "settings.json").read_text())["later"] == [1]


def test_a_folder_that_cannot_be_written_stops_nothing(folder):
    folder.write_text("a file")
    settings = Settings.load(folder)
    settings.theme = "dark"
    assert not settings.save()
    assert folder.read_text() == "a file"
