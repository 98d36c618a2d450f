"""What a Linux desktop reads about the program: one id, one file type, recognised by its bytes."""

import configparser
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from defusedxml import ElementTree

FOLDER = Path(__file__).parent.parent.parent / "packaging" / "linux"
ID = "org.nanodesk.Nanodesk"
MIME_TYPE = "application/x-nanodesk"


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep capitals
    parser.read(FOLDER / f"{ID}.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_entry_starts_the_program_on_the_files_it_is_given(entry):
    assert entry["Exec"] == "nanodesk %F"
    assert MIME_TYPE in entry["MimeType"].split(";")


def test_one_id_joins_entry_window_icon_and_description(entry):
    description = ElementTree.parse(FOLDER / f"{ID}.metainfo.xml").getroot()
    assert entry["StartupWMClass"] == entry["Icon"] == description.findtext("id") == ID
    assert description.findtext("launchable") == f"{ID}.desktop"


def test_a_project_file_is_recognised_by_its_bytes(tmp_path):
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kind = ElementTree.parse(FOLDER / f"{ID}.xml").getroot().find("m:mime-type", space)
    outer = kind.find("m:magic/m:match", space)
    inner = outer.find("m:match", space)
    with sqlite3.connect(tmp_path / "project") as database:
        database.execute("PRAGMA application_id = 0x4E414E4F")
        database.execute("CREATE TABLE something (id)")
    database.close()
    data = (tmp_path / "project").read_bytes()
    assert kind.get("type") == MIME_TYPE
    assert data.startswith(outer.get("value").replace("\\000", "\0").encode())
    assert data[int(inner.get("offset")) :].startswith(int(inner.get("value"), 16).to_bytes(4, "big"))


@pytest.mark.parametrize(
    "command",
    [
        ["desktop-file-validate", f"{ID}.desktop"],
        ["appstreamcli", "validate", "--no-net", f"{ID}.metainfo.xml"],
    ],
)
def test_the_desktops_own_checkers_find_nothing(command):
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed here")
    ran = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
