"""Whether a window can be shown here. Qt itself would end the process without a word to the designer."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PLUGINS = {"wayland": "libqwayland.so", "xcb": "libqxcb.so"}


def fault(plugins: Path) -> str:
    """One plain sentence on why there can be no window; empty when there can be one.

    Args:
        plugins: the folder of Qt's platform plugins.
    """
    kinds = _kinds()
    if not kinds:
        return ""
    missing = ""
    for kind in kinds:
        library = _missing(plugins / _PLUGINS[kind])
        if not library and _answers(kind):
            return ""
        missing = missing or library
    if missing:
        return missing_library(missing)
    name = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or ""
    return f"The display {name} does not answer, so there is no window; use a verb such as edit, or nanodesk --help."


def missing_library(name: str) -> str:
    """The sentence for a system library that is not there."""
    return (
        f"The window needs a system library that is not there ({name}); run python3 packaging/dev.py run, which"
        " installs it or names what to install."
    )


def _kinds() -> list[str]:
    """Window systems to be asked, of those this module knows; none where Qt knows best."""
    if not sys.platform.startswith("linux"):
        return []
    chosen = [one.partition(":")[0] for one in os.environ.get("QT_QPA_PLATFORM", "").split(";") if one]
    if chosen:
        return chosen if all(one in _PLUGINS for one in chosen) else []
    named = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    return [kind for kind, variable in named.items() if os.environ.get(variable)]


def _missing(plugin: Path) -> str:
    """The name of a library that the plugin needs and does not find; empty when it can be loaded."""
    if not plugin.exists():
        return ""
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error).partition(":")[0]
    return ""


def _answers(kind: str) -> bool:
    """Whether the window system takes a connection; true where that cannot be asked."""
    try:
        return _x_answers() if kind == "xcb" else _wayland_answers()
    except (OSError, AttributeError):
        return True


def _x_answers() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(None, None)
    wrong = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not wrong


def _wayland_answers() -> bool:
    if not os.environ.get("XDG_RUNTIME_DIR"):
        return False
    client = ctypes.CDLL("libwayland-client.so.0")
    client.wl_display_connect.restype = ctypes.c_void_p
    client.wl_display_connect.argtypes = (ctypes.c_char_p,)
    client.wl_display_disconnect.argtypes = (ctypes.c_void_p,)
    connection = client.wl_display_connect(None)
    if connection is None:
        return False
    client.wl_display_disconnect(connection)
    return True
