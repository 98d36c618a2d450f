"""What is remembered between sessions: a small JSON file in the user's configuration folder."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import tempfile
from pathlib import Path

MAX_RECENT = 12
THEMES = ("system", "dark", "light")

_MAX_BYTES = 1_000_000


class Settings:
    """Values by name, with typed ways to those that the program knows. Nothing here is a secret.

    Values that this version does not know are kept.
    """

    def __init__(self, path: Path | None = None, values: dict[str, object] | None = None) -> None:
        """Settings that are written to `path`; none keeps them in memory."""
        self._path = path
        self._values: dict[str, object] = values or {}

    @staticmethod
    def load(folder: Path | None = None) -> Settings:
        """The user's settings; a damaged file is kept aside and the defaults hold."""
        if folder is None:
            import platformdirs

            folder = Path(platformdirs.user_config_dir("nanodesk", appauthor=False))
        path = folder / "settings.json"
        try:
            with path.open("rb") as file:
                values = json.loads(file.read(_MAX_BYTES))
        except FileNotFoundError:
            return Settings(path)
        except (OSError, ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            return Settings(path, values)
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".damaged.json"))
        return Settings(path)

    def save(self) -> bool:
        """Write them whole; false when that is not possible, which is no reason to stop anything."""
        if self._path is None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self._path, json.dumps(self._values, indent=1).encode("ascii"))
        except OSError:
            return False
        return True

    def get(self, name: str) -> object:
        """Any value by its name; none when it was never set."""
        return self._values.get(name)

    def set(self, name: str, value: object) -> None:
        """Remember a value that JSON knows."""
        self._values[name] = value

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved lately, newest first; they may be gone by now."""
        return tuple(Path(one) for one in self._texts("recent")[:MAX_RECENT])

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        others = [str(one) for one in self.recent if one != path]
        self._values["recent"] = [str(path), *others][:MAX_RECENT]

    def forget_recent(self, path: Path | None = None) -> None:
        """Take a file, or every file, off the recent ones."""
        self._values["recent"] = [str(one) for one in self.recent if path is not None and one != path]

    @property
    def theme(self) -> str:
        """`system`, `dark` or `light`."""
        known = self._values.get("theme")
        return known if isinstance(known, str) and known in THEMES else "system"

    @theme.setter
    def theme(self, theme: str) -> None:
        self._values["theme"] = theme

    @property
    def engine(self) -> str:
        """The engine chosen last; `auto` before the first choice."""
        known = self._values.get("engine")
        return known if isinstance(known, str) and known else "auto"

    @engine.setter
    def engine(self, engine: str) -> None:
        self._values["engine"] = engine

    def consented(self, engine: str) -> bool:
        """Whether the user has agreed that pictures go to that engine."""
        return engine in self._texts("consent")

    def consent(self, engine: str, agreed: bool = True) -> None:
        """Record that agreement, or that it no longer holds."""
        others = [one for one in self._texts("consent") if one != engine]
        self._values["consent"] = [*others, engine] if agreed else others

    def window(self, name: str) -> bytes | None:
        """Geometry or layout of a window, as its toolkit wrote it; none before it was kept."""
        known = self._values.get("windows")
        value = known.get(name) if isinstance(known, dict) else None
        if not isinstance(value, str):
            return None
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None

    def keep_window(self, name: str, data: bytes) -> None:
        """Keep the geometry or layout of a window."""
        known = self._values.get("windows")
        kept = known if isinstance(known, dict) else {}
        self._values["windows"] = {**kept, name: base64.b64encode(data).decode("ascii")}

    def _texts(self, name: str) -> list[str]:
        known = self._values.get(name)
        return [one for one in known if isinstance(one, str)] if isinstance(known, list) else []


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
