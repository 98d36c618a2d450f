"""What can go wrong with files of ours; every message is one plain sentence that names the file.

StorageError
├── NotAProjectError       it is another kind of file
├── NewerVersionError      a newer version wrote it
├── DamagedProjectError    it cannot be read as a whole
├── DamagedTileError       a part of a picture in it is damaged
├── LockedProjectError     it is open somewhere else
├── ChangedOutsideError    another program changed it since it was opened
├── CannotReadError
├── CannotWriteError
└── KeyFormError, KeyStoreError     a key, in key_store.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def readable(text: str) -> str:
    """A text as far as it is Unicode: a file's name need not be."""
    return text.encode("utf-8", "replace").decode()


def called(path: Path) -> str:
    """A file's name in quotation marks, for a sentence."""
    return f"“{readable(path.name)}”"


class StorageError(Exception):
    """A file of ours could not be read or written; what was there before is untouched."""


class NotAProjectError(StorageError):
    """It is another kind of file."""


class NewerVersionError(StorageError):
    """A newer version wrote it."""


class DamagedProjectError(StorageError):
    """It cannot be read as a whole."""


class DamagedTileError(StorageError):
    """A part of a picture in it is damaged."""


class LockedProjectError(StorageError):
    """It is open somewhere else."""


class ChangedOutsideError(StorageError):
    """Another program changed it since it was opened."""


class CannotReadError(StorageError):
    """It cannot be read."""


class CannotWriteError(StorageError):
    """It cannot be written."""
