"""Whether a window can be shown here: a display that is named but does not answer is none."""

from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path

_PATIENCE_S = 1.0


def reachable() -> bool:
    """Tell whether a window can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return _wayland(os.environ.get("WAYLAND_DISPLAY", "")) or _x11(os.environ.get("DISPLAY", ""))


def _wayland(name: str) -> bool:
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(name) and _answers(socket.AF_UNIX, str(Path(folder, name)))


def _x11(name: str) -> bool:
    parts = re.fullmatch(r"(?:unix)?(?P<host>[^:/]*):(?P<number>\d+)(?:\.\d+)?", name)
    if parts is None:
        # An unusual name, such as macOS's path of a socket: Qt is the one to judge.
        return bool(name)
    if parts["host"]:
        return _answers(socket.AF_INET, (parts["host"], 6000 + int(parts["number"])))
    path = f"/tmp/.X11-unix/X{parts['number']}"
    return _answers(socket.AF_UNIX, path) or _answers(socket.AF_UNIX, f"\0{path}")


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family) as connection:
            connection.settimeout(_PATIENCE_S)
            connection.connect(address)
    except OSError:
        return False
    return True
