"""Runs things in turn and prints their medians side by side; nothing is asserted."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def process(*words: str) -> Callable[[], object]:
    """A whole process as something to time; its output is thrown away, its failure is not."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling everything anew each time is nobody's start

    def run() -> object:
        done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)[:80]}: {done.stderr[-400:]}")
        return done

    return run


def interleaved(calls: dict[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Seconds of each call, run in turn (A B C A B C …) after one round that does not count."""
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            taken[name].append(seconds(call))
    return taken


def table(taken: dict[str, list[float]], against: str, rate: float | None = None, unit: str = "") -> None:
    """Print median (min to max), the ratio to one of the rows, and a rate where one is given."""
    base = statistics.median(taken[against])
    for name, values in taken.items():
        middle = statistics.median(values)
        spread = f"[{min(values) * 1e3:.1f}-{max(values) * 1e3:.1f}]"
        row = f"{name:52s} {middle * 1e3:9.1f} ms  {spread:18s} x{middle / base:6.2f}"
        print(row + (f"  {rate / middle:9.0f} {unit}" if rate else ""), flush=True)
