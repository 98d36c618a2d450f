"""Spoils copies of a project and opens each: whole, with named damage, or refused in a sentence; never a wrong picture.

    python -m tests.editor.rotting --copies 400

Bits are flipped, pages zeroed, pages swapped, the end cut off, pieces overwritten with rubbish; each from a seed.
"""

import argparse
import asyncio
import logging
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

import nanodesk.editor.workspace
from nanodesk.document.layer import Pixels
from nanodesk.editor.errors import OpenError
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.settings import Settings

PAGE = 16384


def spoiled(data, seed):
    """The bytes of a project with some of them changed."""
    chance, data = random.Random(seed), bytearray(data)
    pages = len(data) // PAGE
    match seed % 6:
        case 0 | 1:
            for _ in range(chance.randint(1, 19)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case 2:
            page = chance.randrange(len(data) // 4096) * 4096
            data[page : page + 4096] = bytes(4096)
        case 3:
            page = chance.randrange(pages) * PAGE
            data[page : page + PAGE] = bytes(PAGE)
        case 4:
            one, two = (chance.randrange(pages) * PAGE for _ in range(2))
            data[one : one + PAGE], data[two : two + PAGE] = data[two : two + PAGE], data[one : one + PAGE]
        case 5:
            if chance.random() < 0.5:
                del data[chance.randrange(len(data)) :]
            else:
                at = chance.randrange(len(data))
                data[at : at + chance.randrange(1, 3000)] = chance.randbytes(chance.randrange(1, 3000))
    return bytes(data)


def pictures(project):
    """Every picture of the layers by the identity of its grid."""
    document = project.editor.document
    found = {}
    for layer in document.layers.values():
        if isinstance(layer.content, Pixels):
            grid = layer.content.grid
            found[grid.id] = (grid, project.pixels.block(grid))
    return found


async def opened(folder, path, look):
    """What `look` says of a project, or the words it was refused with."""
    nanodesk.editor.workspace.state_folder = lambda: folder / "state"
    space = Workspace([], Settings(folder / "settings.json"), folder / "state" / "recovery")
    try:
        project = await space.open(path)
        await project.keeping.condition.inspection.finished()
        await asyncio.sleep(0)
        return look(project)
    except OpenError as told:
        return str(told)
    finally:
        for project in space.projects:
            await space.close(project, discard=True)
        await space.shut_down()


def judged(project, true):
    """What became of a project; every pixel that is shown is right, or is told to be lost."""
    for name, (grid, block) in pictures(project).items():
        if name not in true:
            tiles = set(grid.ids())
            assert tiles <= project.pixels.damaged, "a picture that was never made"
            continue
        lost = project.pixels.damaged & grid.ids()
        for column, row in grid.under(grid.rect(0, 0).united(grid.rect(grid.columns - 1, grid.rows - 1))):
            tile, rect = grid.at(column, row), grid.rect(column, row)
            if tile is None or tile.id not in lost:
                part = (slice(rect.y, rect.bottom), slice(rect.x, rect.right))
                assert np.array_equal(block[part], true[name][part]), "a wrong picture"
    if project.path is None:
        return "salvaged"
    return "damage named" if project.pixels.damaged or project.read_note else "whole"


def run(source, copies, seed):
    """What became of each copy, counted; each that went wrong is named on standard error."""
    data = source.read_bytes()
    became: Counter[str] = Counter()
    folder = Path(tempfile.mkdtemp(prefix="nanodesk-rotting-"))
    try:
        shutil.copyfile(source, folder / "true.nanodesk")
        true = asyncio.run(opened(folder, folder / "true.nanodesk", every_picture))
        for number in range(seed, seed + copies):
            path = folder / "work.nanodesk"
            path.write_bytes(spoiled(data, number))
            try:
                told = asyncio.run(opened(folder, path, lambda project: judged(project, true)))
                became[told if told in ("whole", "damage named", "salvaged") else "refused"] += 1
                assert told in ("whole", "damage named", "salvaged") or told.endswith("."), told
            except Exception as fault:  # noqa: BLE001 - one that goes wrong is counted, and the rest go on
                became["WRONG"] += 1
                sys.stderr.write(f"seed {number}: {type(fault).__name__}: {fault}\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return became


def every_picture(project):
    """All the pictures that the whole file holds, by the identity of their grids."""
    return {grid.id: project.pixels.block(grid) for grid in project.keeping.files.grids()}


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--copies", type=int, default=400)
    asked.add_argument("--seed", type=int, default=0)
    chosen = asked.parse_args()
    result = run(Path(__file__).parents[1] / "projects" / "version-2.nanodesk", chosen.copies, chosen.seed)
    sys.stdout.write(", ".join(f"{count} {words}" for words, count in sorted(result.items())) + "\n")
    sys.exit(1 if result["WRONG"] else 0)
