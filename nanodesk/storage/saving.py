"""Writing a whole project: a new file beside, looked over, then put in place; the old one survives every failure."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from nanodesk.storage.connection import told
from nanodesk.storage.errors import DamagedProjectError, StorageError, called
from nanodesk.storage.integrity import look_over
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.tidying import beside, ignored, remove, sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nanodesk.storage.batch import Batch


def save_new(path: Path, batch: Batch, *, still: Callable[[], None] | None = None) -> None:
    """Write a whole project, read it again, and only then put it in place.

    Args:
        still: called last, before the old file is replaced; what it raises calls the save off.

    Raises:
        StorageError: when it cannot be written; what was there before is untouched.
    """
    path = path.resolve()  # a link stays, what it leads to is replaced
    sweep(path)
    new = beside(path)
    try:
        file = ProjectFile.create(new)
        try:
            file.write(batch)
        finally:
            file.close()
        found = look_over(new)
        if not found.whole:
            raise DamagedProjectError(f"{called(path)} could not be written: the disk gave back other bytes.")
        if still is not None:
            still()
        with told(path, writing=True):
            _put_in_place(new, path)
    except StorageError as error:
        raise type(error)(str(error).replace(called(new), called(path))) from None
    finally:
        remove((new, new.with_name(new.name + "-journal")))


def _put_in_place(new: Path, path: Path) -> None:
    with ignored():
        new.chmod(stat.S_IMODE(path.stat().st_mode))
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    new.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
