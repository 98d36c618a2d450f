"""What is remembered between sessions: a small JSON file in the user's configuration folder."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from nanodesk.storage.errors import CannotWriteError

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_RECENT = 15
"""Files kept in the list of recent ones."""

_MOST_BYTES = 1_000_000
_THEMES = ("system", "light", "dark")


def settings_path() -> Path:
    """Where this user's settings lie."""
    import platformdirs

    return Path(platformdirs.user_config_dir("nanodesk", appauthor=False)) / "settings.json"


class Settings:
    """The settings, read once and written whole; damaged ones fall back to what a new user has.

    Values that this version does not know are kept. Safe to call from any thread.

    Attributes:
        broken: where a damaged file was put aside; none when it could be read.
    """

    def __init__(self, path: Path | None = None, values: dict[str, object] | None = None) -> None:
        """Settings kept at `path`; none keeps them for this session only."""
        self._path = path
        self._values: dict[str, object] = dict(values or {})
        self._lock = threading.Lock()
        self._saved = json.dumps(self._values, sort_keys=True)
        self.broken: Path | None = None

    @staticmethod
    def load(path: Path | None = None) -> Settings:
        """The settings at `path`, or of this user; never fails."""
        path = path or settings_path()
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except OSError:
            return Settings(path)
        try:
            values = json.loads(data) if len(data) <= _MOST_BYTES else None
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            return Settings(path, values)
        settings = Settings(path)
        settings.broken = _put_aside(path)
        return settings

    def save(self) -> None:
        """Write the file whole, when something is otherwise than it was read.

        Raises:
            CannotWriteError: when that is not possible; what was there stays.
        """
        with self._lock:
            text = json.dumps(self._values, sort_keys=True)
            if self._path is None or text == self._saved:
                return
            try:
                _replace(self._path, json.dumps(self._values, sort_keys=True, indent=1).encode())
            except OSError as error:
                raise CannotWriteError(
                    f"The settings could not be written: {error.strerror or 'no reason'}."
                ) from error
            self._saved = text

    def _get(self, name: str) -> object:
        with self._lock:
            return self._values.get(name)

    def _set(self, name: str, value: object) -> None:
        with self._lock:
            if value is None:
                self._values.pop(name, None)
            else:
                self._values[name] = value

    def _change(self, name: str, change: Callable[[list[str]], list[str]]) -> None:
        with self._lock:
            self._values[name] = change(_texts(self._values.get(name)))

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved lately, newest first; they may be gone by now."""
        return tuple(Path(one) for one in _texts(self._get("recent"))[:MOST_RECENT])

    def remember(self, path: Path) -> None:
        """Put a file first in the list of recent ones."""
        newest = str(path)
        self._change("recent", lambda known: [newest, *(one for one in known if one != newest)][:MOST_RECENT])

    def forget(self, path: Path | None = None) -> None:
        """Take a file, or every file, off the list of recent ones."""
        self._change("recent", lambda known: [one for one in known if path is not None and one != str(path)])

    @property
    def theme(self) -> str:
        """`system`, `light` or `dark`."""
        value = self._get("theme")
        return value if isinstance(value, str) and value in _THEMES else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        if value not in _THEMES:
            raise ValueError("A theme is system, light or dark.")
        self._set("theme", value)

    @property
    def engine(self) -> str:
        """The engine chosen last; `auto` before the first choice."""
        value = self._get("engine")
        return value if isinstance(value, str) and value else "auto"

    @engine.setter
    def engine(self, value: str) -> None:
        self._set("engine", value)

    def consented(self, engine: str) -> bool:
        """Whether the user agreed that pictures and sentences are sent to that engine."""
        return engine in _texts(self._get("consent"))

    def consent(self, engine: str, agreed: bool = True) -> None:
        """Record that the user agreed to that, or no longer does."""
        self._change("consent", lambda known: [*(one for one in known if one != engine), *([engine] if agreed else [])])

    def window(self, name: str) -> bytes | None:
        """Geometry or layout of a window, as its toolkit wrote it; none before it was kept."""
        known = self._get("windows")
        value = known.get(name) if isinstance(known, dict) else None
        if not isinstance(value, str):
            return None
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None

    def keep_window(self, name: str, data: bytes) -> None:
        """Keep the geometry or layout of a window."""
        with self._lock:
            known = self._values.get("windows")
            kept = dict(known) if isinstance(known, dict) else {}
            kept[name] = base64.b64encode(data).decode("ascii")
            self._values["windows"] = kept

    def flag(self, name: str, default: bool = False) -> bool:
        """Whether an option of that name is switched on."""
        known = self._get("options")
        value = known.get(name) if isinstance(known, dict) else None
        return value if isinstance(value, bool) else default

    def set_flag(self, name: str, on: bool) -> None:
        """Switch an option of that name on or off."""
        with self._lock:
            known = self._values.get("options")
            self._values["options"] = {**(known if isinstance(known, dict) else {}), name: on}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _put_aside(path: Path) -> Path | None:
    aside = path.with_name(f"{path.stem}.broken{path.suffix}")
    try:
        path.replace(aside)
    except OSError:
        return None
    return aside


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
