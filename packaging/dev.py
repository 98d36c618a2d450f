"""The two set-up commands. Standard library only; each does all that is missing first, and nothing twice.

python3 packaging/dev.py run                 the window; without a display, the same job without one
python3 packaging/dev.py run --headless      the same job without a window
python3 packaging/dev.py run edit PICTURE -e "make it warmer"        any command of nanodesk
python3 packaging/dev.py test                every check and every test
python3 packaging/dev.py test tests/cli -k plan      only these tests: what follows goes to pytest
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian
import demonstration
import display
import environment
import suite

_NEWEST, _OLDEST = 13, 11
# Commands of nanodesk that open no window; they need no library of the system.
WINDOWLESS = ("edit", "plan", "show", "revert", "export", "fit", "models", "doctor")


def main(arguments: list[str]) -> int:
    """Do one of the two verbs and return the exit status."""
    if not arguments or arguments[0] not in ("run", "test"):
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    verb, rest = arguments[0], arguments[1:]
    try:
        return run(rest) if verb == "run" else test(rest)
    except environment.SetUpError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Start nanodesk with these arguments, or do the main job without a window where there is no display."""
    headless = arguments == ["--headless"] or (not arguments and not display.reachable())
    provide_system(window=not headless and opens_window(arguments), test=False)
    environment.prepare(test=False)
    if headless:
        return demonstration.run(environment.python_in())
    # -P: a folder named nanodesk where the person stands is not ours.
    command = [str(environment.python_in()), "-P", "-m", "nanodesk", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def test(arguments: list[str]) -> int:
    """Run every check and every test, or only the tests that the arguments name."""
    provide_system(window=True, test=True)
    environment.prepare(test=True)
    return suite.run(environment.python_in(), arguments)


def opens_window(arguments: list[str]) -> bool:
    """Tell whether nanodesk opens a window with these arguments: it does with none, and with pictures or projects."""
    return not arguments or not (arguments[0] in WINDOWLESS or arguments[0].startswith("-"))


def provide_system(window: bool, test: bool) -> None:
    """Install the system packages that are missing for this purpose, or say what to type.

    Raises:
        SetUpError: something is missing that cannot be installed from here.
    """
    if not sys.platform.startswith("linux"):
        return
    ready = environment.ready(test)
    if ready and _seen(window, test):
        return
    missing = [] if ready else debian.missing_for_environment()
    missing += debian.missing_for_window() if window else []
    missing += debian.missing_for_tests() if test else []
    if missing and not debian.install(missing):
        raise environment.SetUpError(
            f"This computer lacks something that the project needs. Type this once, then the same command again:\n"
            f"    {debian.command_to_type(missing)}"
        )
    _remember(window, test)


def _mark(window: bool, test: bool) -> tuple[Path, str]:
    name = "system-for-tests" if test else "system-for-window" if window else "system"
    status = Path("/var/lib/dpkg/status")
    return environment.VENV / name, str(status.stat().st_mtime_ns if status.exists() else 0)


def _seen(window: bool, test: bool) -> bool:
    """Tell whether the libraries were all there and no system package has come or gone since."""
    path, state = _mark(window, test)
    return path.is_file() and path.read_text(encoding="utf-8") == state


def _remember(window: bool, test: bool) -> None:
    path, state = _mark(window, test)
    if path.parent.is_dir():
        path.write_text(state, encoding="utf-8")


def _fit_python() -> str | None:
    """Find an interpreter that the project supports, when this one is not."""
    for minor in range(_NEWEST, _OLDEST - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0:
            return found
    return None


if __name__ == "__main__":
    if (3, _OLDEST) <= sys.version_info[:2] <= (3, _NEWEST):
        raise SystemExit(main(sys.argv[1:]))
    other = _fit_python()
    if other is None:
        this = ".".join(str(part) for part in sys.version_info[:2])
        print(
            f"Nanodesk needs Python 3.{_OLDEST} to 3.{_NEWEST}; this is {this}, and no other was found.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    raise SystemExit(subprocess.run([other, *sys.argv], check=False).returncode)
