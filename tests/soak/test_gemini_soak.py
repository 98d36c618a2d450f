"""Run after run with every kind of ending: nothing piles up.

The suite does 36 runs; with `NANODESK_SOAK_RUNS=200` in the environment it is as many as that.
"""

import asyncio
import os
import random
from collections import Counter
from itertools import cycle, islice

import numpy as np
from PIL import Image

from nanodesk.engines.errors import EngineError
from nanodesk.engines.google.connection import Connection
from tests.engines.gemini.ending_table import ENDINGS
from tests.engines.gemini.made import Rig, asking, block, reference
from tests.soak.remains import Remains, remains
from tests.waiting import until
from tests.wire import scenarios as wire
from tests.wire.replies import picture_part, png
from tests.wire.server import Scenario, serving

RUNS = int(os.environ.get("NANODESK_SOAK_RUNS", "36"))
MOST_GROWTH_MB = 20.0
LARGE = png(Image.fromarray(np.random.default_rng(0).integers(0, 255, (640, 640, 3)).astype(np.uint8)))


def endings() -> list[tuple[str, Scenario]]:
    """Every ending, in an order that is the same each time; between them good answers of more than a megabyte."""
    bad = [(name, ending.scenario) for name, ending in ENDINGS.items() if name not in {"gone"}]
    bad += [
        ("stall", wire.stalls),
        ("trickle", wire.trickles),
        ("silence", wire.says_nothing),
        ("bomb", wire.gzip_bomb),
    ]
    bad += [("busy", wire.fails(503, "UNAVAILABLE")), ("minute", wire.quota(delay="2s"))]
    random.Random(7).shuffle(bad)
    good = ("good", wire.answers({"text": "Here."}, picture_part(LARGE)))
    return [one for ending in bad for one in (ending, good, ("left", wire.says_nothing))]


async def one(rig: Rig, name: str, scenario: Scenario) -> str:
    """One run; how it ended."""
    rig.server.will(scenario)
    asked = len(rig.server.asked)
    request = asking(base=block(900, 600), references=(reference("Cat", pixels=block(400, 400)),))
    running = asyncio.create_task(rig.run(request))
    if name == "left":
        await until(lambda: len(rig.server.asked) > asked)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return "left"
    outcome = await running
    assert outcome.candidates or isinstance(outcome.error, EngineError)
    return "done" if outcome.error is None else "failed"


async def test_many_runs_of_every_ending_leave_nothing_behind():
    ended: Counter[str] = Counter()
    held: list[Remains] = []
    with serving() as server:
        rig = Rig(server, Connection(server.url, total_s=1.0, stall_s=0.3, most_bytes=8 << 20))
        await one(rig, "good", endings()[1][1])
        for number, (name, scenario) in enumerate(islice(cycle(endings()), RUNS)):
            ended[await one(rig, name, scenario)] += 1
            server.asked.clear()
            if number % max(1, RUNS // 6) == 0:
                await until(lambda: not server.open)
                held.append(remains())
        most = held[1].files  # a socket that is just being closed counts for a moment
        await until(lambda: remains().files <= most)
    assert sum(ended.values()) == RUNS
    assert min(ended.values()) > RUNS // 5
    assert all(one.tasks == 0 for one in held), held
    assert held[-1].memory_mb - held[1].memory_mb < MOST_GROWTH_MB, held
