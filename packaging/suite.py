"""Every check of the project, one after the other, each with a closing line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Ratios of times are worth nothing beside other work: tests/benchmarks runs when it is asked for by name, and alone.
_FAST = ["-n", "2", "--dist", "loadfile", "-m", "not xvfb"]
_NO_TESTS = 5
_SCREEN = "-screen 0 1800x1000x24"


def run(python: Path, arguments: list[str]) -> int:
    """Run every check, or only the tests that the arguments name; return the first failure's exit status."""
    steps = _named_tests(python, arguments) if arguments else _everything(python)
    # A journey that is asked for by name is not among the fast tests, and the other way round.
    none_is_fine = bool(arguments)
    results = [(name, _step(name, command)) for name, command in steps]
    if none_is_fine and all(status == _NO_TESTS for _, status in results):
        return _NO_TESTS
    failures = [(name, status) for name, status in results if status and not (none_is_fine and status == _NO_TESTS)]
    if not sys.platform.startswith("linux"):
        print("NOT RUN: the journeys in a real window, which need Xvfb on Linux.")
    if failures:
        print(f"Failed: {', '.join(name for name, _ in failures)}.")
        return failures[0][1]
    print(f"All {len(results)} steps passed.")
    return 0


def _everything(python: Path) -> list[tuple[str, list[str]]]:
    def module(name: str, *arguments: str) -> list[str]:
        return [str(python), "-m", name, *arguments]

    return [
        ("lint", module("ruff", "check", ".")),
        ("format", module("ruff", "format", "--check", ".")),
        ("types", module("mypy")),
        ("import contracts", [str(python.with_name("lint-imports")), "--no-logo"]),
        ("tests", module("pytest", *_FAST, "--ignore=tests/benchmarks", "--cov", "--cov-report=")),
        ("coverage floor", [str(python), str(ROOT / "packaging" / "coverage_floor.py")]),
        *_journeys(python, []),
    ]


def _named_tests(python: Path, arguments: list[str]) -> list[tuple[str, list[str]]]:
    if any("benchmarks" in word for word in arguments):
        return [("benchmarks", [str(python), "-m", "pytest", *arguments])]
    return [("tests", [str(python), "-m", "pytest", *_FAST, *arguments]), *_journeys(python, arguments)]


def _journeys(python: Path, arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Give the tests in a real window: one after the other, on a display of their own."""
    if not sys.platform.startswith("linux"):
        return []
    display = ["xvfb-run", "--auto-servernum", f"--server-args={_SCREEN}"]
    environment = ["env", "-u", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM=xcb"]
    pytest = [str(python), "-m", "pytest", "-m", "xvfb", *arguments]
    return [("journeys in a real window", [*display, *environment, *pytest])]


def _step(name: str, command: list[str]) -> int:
    print(f"--- {name}", flush=True)
    started = time.monotonic()
    # Colours of a terminal are no use in a log, and a person's own settings of the tools are not the project's.
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, "NO_COLOR": "1"}, check=False).returncode
    word = "passed" if status == 0 else "no tests" if status == _NO_TESTS else f"FAILED (exit status {status})"
    print(f"--- {name}: {word} ({time.monotonic() - started:.1f} s)", flush=True)
    return status
