"""What was spent, a line for each sum, in the user's state folder: days are added up across projects and programs."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 4_000_000


class SpendingLog:
    """Appends sums and adds up days; several programs may write to it at once.

    What cannot be written is still counted while this program runs.
    """

    def __init__(self, path: Path | None) -> None:
        """A log in a file; none keeps it in memory."""
        self._path = path
        self._day = ""
        self._read_to = 0
        self._sum = 0.0

    def add(self, cost: float, engine: str, run: str, now: float) -> None:
        """Put down what a run cost, US dollars; `now` is in seconds since 1970."""
        day = _day_of(now)
        line = json.dumps({"day": day, "cost": round(cost, 6), "engine": engine, "run": run}) + "\n"
        before = self.on(now)
        if self._path is not None and self._appended(line):
            return
        self._sum = before + cost

    def _appended(self, line: str) -> bool:
        assert self._path is not None
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                return os.write(handle, line.encode("ascii")) == len(line)
            finally:
                os.close(handle)
        except OSError:
            return False

    def on(self, now: float) -> float:
        """What was spent on the day of that moment, by the user's clock; US dollars."""
        day = _day_of(now)
        if day != self._day:
            self._day, self._read_to, self._sum = day, 0, 0.0
        for line in self._new_lines():
            self._sum += _cost_in(line, day)
        return round(self._sum, 6)

    def _new_lines(self) -> list[bytes]:
        if self._path is None:
            return []
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(self._read_to, size - _MOST_BYTES))
                data = file.read()
        except OSError:
            return []
        whole, line_end, _ = data.rpartition(b"\n")
        self._read_to = size - len(data) + len(whole) + len(line_end)
        return whole.splitlines()


def _day_of(now: float) -> str:
    return datetime.fromtimestamp(now).astimezone().date().isoformat()


def _cost_in(line: bytes, day: str) -> float:
    try:
        row = json.loads(line)
        cost = row["cost"] if row["day"] == day else 0.0
    except (ValueError, KeyError, TypeError):
        return 0.0
    return float(cost) if isinstance(cost, int | float) and 0 <= cost < 1e6 else 0.0
