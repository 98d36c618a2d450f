"""Kills writers at random moments and looks whether anything acknowledged is lost.

    python -m tests.storage.killing --kills 1000

Every kill has a seed of its own, which is printed when something is wrong: `--seed N --kills 1` does it again, as far
as the moment can be met.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.storage.killed_writers import WRITERS

LONGEST_S = {"steps": 0.08, "whole": 0.12, "recovery": 0.08, "untitled": 0.15, "saved": 0.25}


def killed(folder, way, seed):
    """Fork a writer, kill it at some moment, and say how many steps it had acknowledged; -1 before it was ready."""
    listen, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _write(folder, way, seed, tell)
    os.close(tell)
    with os.fdopen(listen, encoding="ascii") as told:
        ready = told.readline()
        if ready == "ready\n":
            time.sleep(random.Random(f"{way} {seed}").uniform(0.0, LONGEST_S[way]))
        os.kill(child, signal.SIGKILL)
        said = told.read().split()
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) or ready != "ready\n":
        raise SystemExit(f"the writer {way} {seed} ended by itself")
    return int(said[-1]) if said else 0


def _write(folder, way, seed, tell):
    try:
        WRITERS[way][0](folder, way, seed, lambda words: os.write(tell, f"{words}\n".encode("ascii")))
    except BaseException:  # noqa: BLE001 - the child must end here, whatever it was
        traceback.print_exc()
    os._exit(1)


def run(kills, seed):
    """How many kills went wrong; each is named on standard error."""
    wrong, acknowledged, began = 0, 0, time.monotonic()
    ways = list(WRITERS)
    for number in range(seed, seed + kills):
        way = ways[number % len(ways)]
        folder = Path(tempfile.mkdtemp(prefix="nanodesk-killed-"))
        try:
            steps = killed(folder, way, number)
            acknowledged += steps
            WRITERS[way][1](folder, way, number, steps)
        except Exception as fault:  # noqa: BLE001 - one that goes wrong is counted, and the rest go on
            wrong += 1
            sys.stderr.write(f"seed {number}, {way}: {type(fault).__name__}: {fault}\n{traceback.format_exc()}\n")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    seconds = time.monotonic() - began
    sys.stdout.write(f"{kills} kills, {acknowledged} steps acknowledged, {wrong} wrong, {seconds:.0f} s\n")
    return wrong


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=0)
    chosen = asked.parse_args()
    sys.exit(1 if run(chosen.kills, chosen.seed) else 0)
