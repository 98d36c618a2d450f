"""What is remembered between sessions: a small JSON file in the user's configuration folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

MAX_RECENT = 12
THEMES = ("system", "dark", "light")


class Settings:
    """Values by name, with typed ways to those that the program knows. Nothing here is a secret."""

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
            values = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return Settings(path)
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".damaged.json"))
            return Settings(path)
        return Settings(path, values if isinstance(values, dict) else {})

    def save(self) -> bool:
        """Write them whole; false when that is not possible, which is no reason to stop anything."""
        if self._path is None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".settings-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(self._values, file, ensure_ascii=False, indent=1)
            Path(name).replace(self._path)
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
        """Files opened or saved lately, newest first."""
        known = self._values.get("recent")
        return tuple(Path(one) for one in known if isinstance(one, str)) if isinstance(known, list) else ()

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        others = [str(one) for one in self.recent if one != path]
        self._values["recent"] = [str(path), *others][:MAX_RECENT]

    @property
    def theme(self) -> str:
        """`system`, `dark` or `light`."""
        known = self._values.get("theme")
        return known if isinstance(known, str) and known in THEMES else "system"

    @theme.setter
    def theme(self, theme: str) -> None:
        self._values["theme"] = theme

    def consented(self, engine: str) -> bool:
        """Whether the user has agreed that pictures go to that engine."""
        known = self._values.get("consent")
        return isinstance(known, list) and engine in known

    def consent(self, engine: str) -> None:
        """Record that agreement."""
        known = self._values.get("consent")
        others = [one for one in known if one != engine] if isinstance(known, list) else []
        self._values["consent"] = [*others, engine]
