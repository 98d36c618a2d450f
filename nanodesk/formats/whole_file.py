"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from typing import TYPE_CHECKING

from nanodesk.formats.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_REASONS = {
    errno.ENOENT: "the folder is not there; choose another one",
    errno.ENOTDIR: "what should be its folder is a file; choose another folder",
    errno.EISDIR: "a folder has that name; choose another name",
    errno.EACCES: "the folder or file may not be written to; choose another place",
    errno.EPERM: "the folder or file may not be written to; choose another place",
    errno.EROFS: "the disk may only be read; choose another place",
    errno.ENOSPC: "the disk is full; make room or choose another place",
    errno.EDQUOT: "your share of the disk is used up; make room or choose another place",
    errno.EFBIG: "it would be larger than the disk allows; choose another place",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EINVAL: "the name cannot be used there; choose another one",
}


def write_whole(path: Path, *parts: bytes | memoryview) -> None:
    """Write a file so that at every moment either the old one or the whole new one is there, power cuts included.

    The parts follow each other in the file. A link is followed; the permissions of a file that is replaced are kept.

    Raises:
        WriteError: when it could not be written; the old file, where there was one, is untouched.
    """
    try:
        _replace(path.resolve() if path.is_symlink() else path, parts)
    except (OSError, ValueError) as error:
        code = error.errno if isinstance(error, OSError) else errno.EINVAL
        reason = _REASONS.get(code or 0, "the disk reported an error; try again or choose another place")
        raise WriteError(f"“{path.name}” could not be written: {reason}.") from error


def _replace(path: Path, parts: Sequence[bytes | memoryview]) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "")
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(draft, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):
            draft.chmod(stat.S_IMODE(path.stat().st_mode))
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the new name reach the disk too, where folders can be synchronised."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
