"""What is remembered between sessions: a small JSON file in the user's configuration folder."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING

from nanodesk.storage.service_settings import ServiceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_RECENT = 12
THEMES = ("system", "dark", "light")


class Settings(ServiceSettings):
    """Typed ways to the values that the program knows."""

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved lately, newest first; they may be gone by now."""
        return tuple(Path(one) for one in self._texts("recent")[:MAX_RECENT])

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        others = [str(one) for one in self.recent if one != path]
        self.set("recent", [str(path), *others][:MAX_RECENT])

    def forget_recent(self, path: Path | None = None) -> None:
        """Take a file, or every file, off the recent ones."""
        self.set("recent", [str(one) for one in self.recent if path is not None and one != path])

    @property
    def theme(self) -> str:
        """`system`, `dark` or `light`."""
        known = self._values.get("theme")
        return known if isinstance(known, str) and known in THEMES else "system"

    @theme.setter
    def theme(self, theme: str) -> None:
        self.set("theme", theme)

    @property
    def engine(self) -> str:
        """The engine chosen last; `auto` before the first choice."""
        known = self._values.get("engine")
        return known if isinstance(known, str) and known else "auto"

    @engine.setter
    def engine(self, engine: str) -> None:
        self.set("engine", engine)

    def window(self, name: str) -> bytes | None:
        """Geometry or layout of a window, as its toolkit wrote it; none before it was kept."""
        value = self._table("windows").get(name)
        if not isinstance(value, str):
            return None
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None

    def keep_window(self, name: str, data: bytes) -> None:
        """Keep the geometry or layout of a window."""
        self._put("windows", name, base64.b64encode(data).decode("ascii"))

    def run_options(self, engine: str) -> dict[str, object]:
        """What was chosen last with Run for an engine, by name; empty before the first choice."""
        known = self._table("run_options").get(engine)
        return dict(known) if isinstance(known, dict) else {}

    def keep_run_options(self, engine: str, options: Mapping[str, object]) -> None:
        """Remember what was chosen for an engine."""
        self._put("run_options", engine, dict(options))
