"""A file dragged from the window of another program onto the canvas."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.journeys.desk import ROOT, Desk, until, x

CANVAS = (560, 450)


def other_program(desk: Desk, photo: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, str(Path(__file__).with_name("drag_source.py")), str(photo), "1500", "300"]
    return subprocess.Popen(words, env=desk.environment, cwd=ROOT)


async def drop(desk: Desk, photo: Path, arrived: Callable[[], bool]) -> None:
    """Drop it on the middle of the canvas, and see it arrive."""
    source = other_program(desk, photo)
    try:
        await until(lambda: x("search", "--onlyvisible", "--name", "Other program"), "the other program's window")
        await desk.drag((1540, 330), CANVAS)
        await until(arrived, "the picture to arrive")
    finally:
        source.kill()
        source.wait()
    desk.front()
