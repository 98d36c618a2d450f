"""Whether all work is on disk."""

from __future__ import annotations

from enum import StrEnum


class DiskStatus(StrEnum):
    """What the status bar says of the disk."""

    ON_DISK = "on disk"
    WRITING = "writing"
    FAILED = "failed"
