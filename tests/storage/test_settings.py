"""Settings survive a restart, and damage to their file."""

import json
import time
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


def test_consent_holds_for_its_host_and_has_a_time(folder):
    settings = Settings.load(folder)
    settings.consent("gemini", "one.example")
    settings.save()
    again = Settings.load(folder)
    assert again.consented("gemini", "one.example")
    assert again.consented("gemini")
    assert not again.consented("gemini", "other.example")
    assert not again.consented("other", "one.example")
    at = again.consented_at("gemini")
    assert at is not None
    assert abs(at - time.time()) < 60
    again.consent("gemini")
    assert again.consented("gemini", "other.example")


def test_what_is_chosen_for_services_comes_back(folder):
    settings = Settings.load(folder)
    settings.base_url, settings.proxy, settings.api_version = (
        "https://gate.example/gw",
        "http://10.0.0.1:3128",
        "v1beta",
    )
    settings.day_ceiling, settings.document_ceiling = 5.0, 0.5
    settings.keep_run_options("gemini", {"model": "m", "candidates": 3})
    settings.keep_key("gemini", True)
    salt = settings.salt
    settings.save()
    again = Settings.load(folder)
    assert (again.base_url, again.proxy, again.api_version) == (
        "https://gate.example/gw",
        "http://10.0.0.1:3128",
        "v1beta",
    )
    assert (again.day_ceiling, again.document_ceiling, again.salt) == (5.0, 0.5, salt)
    assert again.run_options("gemini") == {"model": "m", "candidates": 3}
    assert again.run_options("other") == {}
    assert again.key_kept("gemini")
    again.keep_key("gemini", False)
    again.day_ceiling = None
    assert not again.key_kept("gemini")
    assert again.day_ceiling is None


def test_salts_differ_and_are_kept_at_once(folder, tmp_path):
    salt = Settings.load(folder).salt
    assert Settings.load(folder).salt == salt
    assert Settings.load(tmp_path / "other").salt != salt
    assert len(salt) >= 32


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("gate.example", "https://"),
        ("ftp://gate.example", "https://"),
        ("https://", "host"),
        ("https://[", "host"),
        ("https://gate.example:99999", "host"),
        ("https://gäte.example", "host"),
        ("http://gate.example", "nobody on the way"),
        ("https://me:secret@gate.example", "secrets"),
        ("https://gate.example/?key=1", "leave out"),
    ],
)
def test_addresses_that_cannot_be_or_are_not_safe_are_refused(url, words):
    settings = Settings()
    with pytest.raises(ValueError, match=words) as raised:
        settings.base_url = url
    assert "secret@" not in str(raised.value)
    assert settings.base_url == ""
    assert Settings(None, {"base_url": url}).base_url == ""


def test_addresses_on_this_computer_need_no_lock():
    settings = Settings()
    for url in ("http://127.0.0.1:8080", "http://localhost/gw", "http://[::1]:80", "https://gate.example", ""):
        settings.base_url = url
        assert settings.base_url == url


@pytest.mark.parametrize(("url", "words"), [("proxy:3128", "host"), ("http://me:secret@proxy:3128", "HTTPS_PROXY")])
def test_proxies_that_cannot_be_or_hold_a_password_are_refused(url, words):
    with pytest.raises(ValueError, match=words):
        Settings().proxy = url


def test_odd_values_for_services_count_as_none(folder):
    folder.mkdir()
    odd = {
        "base_url": 5,
        "api_version": "v9",
        "day_ceiling": "5",
        "document_ceiling": -1,
        "consent": {"gemini": True},
        "run_options": {"gemini": 3},
        "keys_kept": "gemini",
        "salt": "short",
    }
    (folder / "settings.json").write_text(json.dumps(odd))
    settings = Settings.load(folder)
    assert (settings.base_url, settings.api_version) == ("", "")
    assert (settings.day_ceiling, settings.document_ceiling) == (None, None)
    assert not settings.consented("gemini")
    assert settings.run_options("gemini") == {}
    assert not settings.key_kept("gemini")
    assert len(settings.salt) >= 32
    for value in (10**400, float("inf"), True):
        assert Settings(None, {"day_ceiling": value}).day_ceiling is None


def test_what_another_program_wrote_meanwhile_is_kept(folder):
    mine, other = Settings.load(folder), Settings.load(folder)
    other.consent("gemini")
    other.theme = "light"
    assert other.save()
    mine.day_ceiling = 2.0
    assert mine.save()
    assert mine.theme == "light"
    again = Settings.load(folder)
    assert again.consented("gemini")
    assert again.day_ceiling == 2.0


def test_nothing_changed_writes_nothing(folder):
    settings = Settings.load(folder)
    assert settings.save()
    assert not folder.exists()
