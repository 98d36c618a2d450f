"""The project's own Python environment in `.venv`: made when missing, brought up to date when the locks change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUN_SET = ROOT / "packaging" / "requirements.txt"
TEST_SET = ROOT / "packaging" / "requirements-test.txt"


class SetUpError(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def python_in(venv: Path = VENV) -> Path:
    """Return the environment's interpreter, whether it is there or not."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ready(test: bool) -> bool:
    """Tell whether the environment holds what this version of the project is locked to."""
    stamp = _stamp(test)
    return stamp.is_file() and python_in().is_file() and stamp.read_text(encoding="utf-8") == fingerprint(test)


def prepare(test: bool) -> None:
    """Make the environment hold the locked packages and this checkout; cheap when it does already.

    Raises:
        SetUpError: a step failed; what it printed has been passed on.
    """
    if ready(test):
        return
    for stamp in (_stamp(test=False), _stamp(test=True)):
        stamp.unlink(missing_ok=True)
    if not _usable():
        _make()
    print("Installing the locked packages. This is done once.", file=sys.stderr, flush=True)
    chosen = TEST_SET if test else RUN_SET
    _pip("--require-hashes", "--only-binary=:all:", "-r", str(chosen))
    _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    # The set for tests holds the set to run with.
    for stamp, mark in ((_stamp(test=False), fingerprint(test=False)), (_stamp(test), fingerprint(test))):
        stamp.write_text(mark, encoding="utf-8")


def fingerprint(test: bool) -> str:
    """Return a word that changes when anything changes that the installed packages depend on."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version_info[:2]}\n".encode())
    for path in (ROOT / "pyproject.toml", RUN_SET, *([TEST_SET] if test else [])):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp(test: bool) -> Path:
    return VENV / ("ready-to-test" if test else "ready-to-run")


def _usable() -> bool:
    """Tell whether what lies in `.venv` is a whole environment of this Python version."""
    probe = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python_in(), "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == "{}.{}".format(*sys.version_info[:2])


def _make() -> None:
    if VENV.exists():
        print("The environment in .venv is not whole, or of another Python: making it anew.", file=sys.stderr)
        shutil.rmtree(VENV)
    # Inside another environment the base interpreter is the one that stays.
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run([base, "-m", "venv", str(VENV)], check=False)
    if made.returncode != 0:
        raise SetUpError(f"Python could not make an environment in {VENV}. See the lines above for the reason.")


def _pip(*arguments: str) -> None:
    command = [str(python_in()), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    if subprocess.run([*command, *arguments], check=False).returncode != 0:
        raise SetUpError(
            "The packages could not be installed. See the lines above; without a network connection to a Python "
            "package index the first set-up cannot be done. Run the same command again when it is there."
        )
