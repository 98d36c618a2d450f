"""A 24 megapixel document with four 2K answers in hand, without a window: memory and seconds as they come.

Then each is looked at, one after the other, as a pointer on the strip would. The answers are redrawn pictures of which
a part was asked for; they come from a script, so that nothing but the editor takes memory.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import numpy as np

from nanodesk.document.geometry import Rect
from nanodesk.document.run import RunOptions
from nanodesk.editor.workspace import Workspace
from nanodesk.engines.base import CandidateOffered, EditRequest, EncodedPicture, Event, OfferedPicture
from nanodesk.storage.settings import Settings
from tests.benchmarks.measuring import ROOT
from tests.editor.scripted import ScriptedEngine, with_edits
from tests.fit_cases.photos import photo

WIDTH, HEIGHT, EDGE, ANSWERS = 6000, 4000, 2048, 4


def pictures(folder: Path) -> None:
    """The photo, and what a model makes of it: moved, softened, with a disc of another colour in each."""
    small = np.clip(photo("market", 1600)[:, :, :3] * 255, 0, 255).astype(np.uint8)
    base = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    base += np.random.default_rng(1).normal(0, 2, (HEIGHT, WIDTH, 1)).astype(np.int16)
    cv2.imwrite(str(folder / "photo.jpg"), np.clip(base, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 95])
    size = (EDGE, round(EDGE * HEIGHT / WIDTH))
    for number in range(ANSWERS):
        answer = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
        colour = [40, 40, 40]
        colour[number % 3] = 230
        cv2.circle(answer, (size[0] // 2 + 60 * number, size[1] // 2), size[1] // 6, colour, -1, cv2.LINE_AA)
        matrix = np.array([[1.008, 0, 6.0 + number], [0, 1.008, -4.0]])
        answer = cv2.warpAffine(np.asarray(answer), matrix, size, borderMode=cv2.BORDER_REFLECT_101)
        cv2.imwrite(str(folder / f"answer-{number}.png"), answer)


def takes_mb(field: str) -> float:
    """`VmRSS`, what the process takes now, or `VmHWM`, the most it took; Linux only."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) * 1024 / 1e6


def say(what: str, started: float) -> None:
    taken = time.perf_counter() - started
    now, most = takes_mb("VmRSS"), takes_mb("VmHWM")
    sys.stdout.write(f"{what:48s} {taken:6.2f} s   now {now:5.0f} MB   most {most:5.0f} MB\n")
    sys.stdout.flush()


async def measured(folder: Path) -> None:
    async def answering(request: EditRequest) -> AsyncIterator[Event]:
        del request
        frame = Rect(0, 0, WIDTH, HEIGHT)
        for number in range(ANSWERS):
            sent = EncodedPicture((folder / f"answer-{number}.png").read_bytes(), "image/png")
            yield CandidateOffered((OfferedPicture("", sent, frame=frame, clip=frame),))

    engine = ScriptedEngine(answering, engine_id="gemini", generative=True)
    settings = Settings(folder / "settings.json")
    settings.consent("gemini")
    space = Workspace([engine], settings, folder / "recovery")
    started = time.perf_counter()
    project = await space.open(folder / "photo.jpg")
    await project.keeping.flushed()
    say("the photo is open", started)
    with_edits(project.editor, "put a disc in the middle")
    started = time.perf_counter()
    run = await project.runs.finished(project.runs.submit("gemini", RunOptions(candidates=ANSWERS)))
    engine.requests.clear()  # a real one does not hold on to what it sent
    await project.keeping.flushed()
    say(f"{len(run.candidates)} answers of {EDGE} px are in hand, and on disk", started)
    for number, candidate in enumerate(run.candidates, 1):
        started = time.perf_counter()
        await project.runs.preview(candidate)
        say(f"answer {number} is looked at", started)
        await project.keeping.flushed()
    started = time.perf_counter()
    await project.runs.accept_when_ready(run.candidates[-1])
    await project.keeping.flushed()
    say("the last is accepted, and on disk", started)
    await space.shut_down()


def main() -> None:
    if len(sys.argv) > 1:
        asyncio.run(measured(Path(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        pictures(Path(folder))
        # A process of its own: what made the pictures is not counted.
        subprocess.run([sys.executable, __file__, folder], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
