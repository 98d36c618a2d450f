"""The program in a window of its own, driven by mouse and keyboard as X sees them."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import ImageGrab

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


def x(*words: object) -> str:
    """Do what xdotool is told."""
    done = subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True, timeout=20, check=False)
    return done.stdout.strip()


async def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.1)
    return found


class Desk:
    """One running program with folders of its own; `module` is another that shows the same window.

    Attributes:
        more: what else stands in its environment.
    """

    def __init__(self, home: Path, module: str = "nanodesk", **more: str) -> None:
        self.home = home
        self.module = module
        self.more = more
        self.process: subprocess.Popen[bytes] | None = None
        self.window = ""

    @property
    def environment(self) -> dict[str, str]:
        folders = {
            "HOME": self.home,
            "XDG_CONFIG_HOME": self.home / "config",
            "XDG_STATE_HOME": self.home / "state",
            "XDG_CACHE_HOME": self.home / "cache",
            "XDG_DATA_HOME": self.home / "data",
        }
        named = {name: str(path) for name, path in folders.items()}
        return {**os.environ, **named, "QT_QPA_PLATFORM": "xcb", **self.more}

    def launch(self, *files: Path) -> None:
        words = [sys.executable, "-m", self.module, *map(str, files)]
        with (self.home / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(words, env=self.environment, cwd=ROOT, stdout=log, stderr=log)

    async def start(self, *files: Path) -> None:
        self.launch(*files)
        self.window = await until(
            lambda: x("search", "--onlyvisible", "--name", "Nanodesk$").split("\n")[0], "a window"
        )
        x("windowmove", self.window, 0, 0)
        self.front()

    @property
    def title(self) -> str:
        return x("getwindowname", self.window)

    async def ends(self) -> int:
        process = self.process
        assert process is not None
        await until(lambda: process.poll() is not None, "the program's end")
        return int(process.returncode)

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log(self) -> str:
        return (self.home / "log.txt").read_text(errors="replace")

    def front(self) -> None:
        """Give the window the keyboard: there is no window manager here that would."""
        x("windowfocus", "--sync", self.window)

    def key(self, *keys: str) -> None:
        for one in keys:
            x("key", "--clearmodifiers", one)

    def type(self, text: str) -> None:
        x("type", "--delay", 15, text)

    def click(self, where: tuple[int, int]) -> None:
        x("mousemove", *where)
        x("click", 1)

    async def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Small steps first, as a hand would, so that a drag begins."""
        x("mousemove", *start, "mousedown", 1)
        for _ in range(8):
            x("mousemove_relative", "--", 4, 3)
            await asyncio.sleep(0.03)
        for part in range(1, 11):
            place = [round(a + (b - a) * part / 10) for a, b in zip(start, end, strict=True)]
            x("mousemove", *place)
            await asyncio.sleep(0.03)
        await asyncio.sleep(0.3)
        x("mouseup", 1)

    def kept(self) -> dict[str, Any]:
        """What lies in the recovery file: labels of the steps, the runs and their candidates."""
        for path in (self.home / "state").rglob("*.recovery"):
            try:
                connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
                try:
                    steps = [label for (label,) in connection.execute("SELECT label FROM steps ORDER BY seq")]
                    runs = [json.loads(value) for (value,) in connection.execute("SELECT value FROM runs")]
                    found = [json.loads(value) for (value,) in connection.execute("SELECT value FROM candidates")]
                finally:
                    connection.close()
            except sqlite3.Error:
                continue
            return {"steps": steps, "runs": runs, "candidates": found}
        return {"steps": [], "runs": [], "candidates": []}

    def show(self, project: Path) -> dict[str, Any]:
        """The project as the command line sees it."""
        words = [sys.executable, "-m", "nanodesk", "show", str(project), "--json"]
        done = subprocess.run(
            words, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
        )
        shown: dict[str, Any] = json.loads(done.stdout)
        return shown


def picture_of(screen: Path | str) -> None:
    """Keep what the screen shows, where somebody wants to look at it."""
    folder = os.environ.get("NANODESK_JOURNEY_PICTURES")
    if folder:
        ImageGrab.grab(xdisplay=os.environ["DISPLAY"]).save(Path(folder) / screen)
