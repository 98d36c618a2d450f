"""A process that writes step after step and says so, until it is killed: `python -m … FOLDER WAY`."""

import sys
from pathlib import Path

from nanodesk.document.identity import StepId
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.recovery import RecoveryFile
from nanodesk.storage.saving import save_new
from tests.storage.made import Made


def made_after(steps):
    made = Made()
    made.add_picture()
    for step in range(steps):
        _next(made, step)
    return made


def _next(made, step):
    if step % 9 == 8:
        made.go(StepId("s1"))
    made.stroke(f"stroke {step}", [((step + x) % 12, y) for x in range(4) for y in range(8)])


def main(folder, way):
    path = folder / "work.nanodesk"
    made = made_after(0)
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    if way == "recovery":
        file.close()
        file = RecoveryFile.create(folder / "recovery", path, "work", file.change_id).file
    print("ready", flush=True)  # noqa: T201 - its parent listens
    for step in range(10_000):
        _next(made, step)
        if way == "whole":
            save_new(path, made.whole())
        else:
            file.write(made.fresh())
        print(step + 1, flush=True)  # noqa: T201 - its parent listens


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
