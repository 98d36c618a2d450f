"""Each import contract is seen to fail: a violation is planted in a copy of the package, and the check finds it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

# contract, file to plant, what stands in it
VIOLATIONS = [
    ("rooms", "nanodesk/imaging/planted.py", "import nanodesk.editor\n"),
    ("rooms", "nanodesk/cli/planted.py", "import nanodesk.ui\n"),
    ("rooms", "nanodesk/storage/planted.py", "import nanodesk.formats\n"),
    ("rooms", "nanodesk/document/planted.py", "import nanodesk.resources\n"),
    ("rooms", "nanodesk/imaging/planted.py", "def late():\n    import nanodesk.editor\n"),
    (
        "rooms",
        "nanodesk/imaging/planted.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nanodesk.editor\n",
    ),
    ("rooms", "nanodesk/utils/__init__.py", ""),
    ("qt", "nanodesk/editor/planted.py", "from PySide6.QtCore import QObject\n"),
    ("qt", "nanodesk/cli/planted.py", "def late():\n    import qasync\n"),
    ("entry", "nanodesk/__main__.py", "import PySide6.QtWidgets\n"),
    ("document", "nanodesk/document/planted.py", "import numpy\n"),
    ("document", "nanodesk/document/planted.py", "import asyncio\n"),
    ("document", "nanodesk/document/planted.py", "from google import genai\n"),
    ("engines", "nanodesk/engines/gemini/__init__.py", "import nanodesk.engines.on_device\n"),
    ("widgets", "nanodesk/ui/planted.py", "import nanodesk.engines\n"),
    ("widgets", "nanodesk/ui/planted.py", "import sqlite3\n"),
    ("widgets", "nanodesk/ui/planted.py", "from google import genai\n"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the package's sources; no cache comes along, so nothing of the original is seen."""
    shutil.copytree(ROOT / "nanodesk", tmp_path / "nanodesk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def check(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *chosen]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_package_keeps_every_contract(copy):
    ran = check(copy)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(("contract", "file", "code"), VIOLATIONS)
def test_a_planted_violation_is_found(copy, contract, file, code):
    target = copy / file
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a", encoding="utf-8") as stream:
        stream.write(code)
    ran = check(copy, contract)
    assert ran.returncode == 1, ran.stdout
    assert "BROKEN" in ran.stdout, ran.stdout
