"""A small JSON file of values by name in the user's configuration folder; it survives damage and other programs."""

from __future__ import annotations

import contextlib
import json
import math
import os
from pathlib import Path
from typing import Self

_MAX_BYTES = 1_000_000


class SettingsFile:
    """Values by name. Nothing here is a secret.

    Values that this version does not know are kept. Of what other programs wrote meanwhile, only that is replaced which
    was changed here.
    """

    def __init__(self, path: Path | None = None, values: dict[str, object] | None = None) -> None:
        """Settings that are written to `path`; none keeps them in memory."""
        self._path = path
        self._values: dict[str, object] = values or {}
        self._changed: set[str] = set()

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """The user's settings; a damaged file is kept aside and the defaults hold."""
        if folder is None:
            import platformdirs

            folder = Path(platformdirs.user_config_dir("nanodesk", appauthor=False))
        path = folder / "settings.json"
        values = _read(path)
        if values is None:
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".damaged.json"))
        return cls(path, values)

    def save(self) -> bool:
        """Write them whole; false when that is not possible, which is no reason to stop anything."""
        if self._path is None or not self._changed:
            return True
        mine = {name: self._values[name] for name in self._changed}
        values = {**(_read(self._path) or self._values), **mine}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self._path, json.dumps(values, indent=1).encode("ascii"))
        except OSError:
            return False
        self._values = values
        self._changed.clear()
        return True

    def get(self, name: str) -> object:
        """Any value by its name; none when it was never set."""
        return self._values.get(name)

    def set(self, name: str, value: object) -> None:
        """Remember a value that JSON knows."""
        self._values[name] = value
        self._changed.add(name)

    def _texts(self, name: str) -> list[str]:
        known = self._values.get(name)
        return [one for one in known if isinstance(one, str)] if isinstance(known, list) else []

    def _table(self, name: str) -> dict[str, object]:
        known = self._values.get(name)
        return known if isinstance(known, dict) else {}

    def _put(self, name: str, key: str, value: object) -> None:
        others = {one: what for one, what in self._table(name).items() if one != key}
        self.set(name, others if value is None else {**others, key: value})


def number_in(value: object) -> float | None:
    """A value as a finite number; none when it is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _read(path: Path) -> dict[str, object] | None:
    """What a file holds, nothing where there is none; none when it is damaged."""
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(_MAX_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _replace(path: Path, data: bytes) -> None:
    import tempfile

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
