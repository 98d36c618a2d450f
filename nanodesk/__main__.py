"""`python -m nanodesk`: a verb goes to the command line, anything else opens the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nanodesk.cli.verbs import VERBS


def main() -> int:
    """Do what the words ask for; the exit status."""
    words = sys.argv[1:]
    if words[:1] == ["--decode-worker"]:
        from nanodesk.formats.decode_worker import main as decode

        return decode(words[1:])
    if words and (words[0] in VERBS or words[0].startswith("-")):
        from nanodesk.cli.main import main as command_line

        return command_line(words)
    if not _display():
        sys.stderr.write("There is no display for the window; use a verb such as edit, or see nanodesk --help.\n")
        return 2
    from nanodesk.app import main as window

    return window([Path(word) for word in words])


def _display() -> bool:
    """Whether a window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    return bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or platform.startswith(("offscreen", "minimal"))
    )


if __name__ == "__main__":
    sys.exit(main())
