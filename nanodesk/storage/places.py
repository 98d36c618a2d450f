"""Places that may go away, or be written by somebody else, while a file lies open there."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NETWORK = re.compile(r"nfs|cifs|smb|9p|afs|ceph|ncp|davfs|glusterfs|fuse\.(?!portal|gvfsd-fuse-local)")
_REMOVABLE = re.compile(r"vfat|exfat|msdos|ntfs|fuseblk|hfs|udf|iso9660")
_SYNCED = re.compile(
    r"dropbox( \(.*\))?|onedrive( - .*)?|google ?drive|my drive|nextcloud|owncloud|icloud ?drive|mobile documents"
    r"|pcloud ?drive|megasync|mega|seafile|proton ?drive|box( sync)?|syncthing|yandex\.?disk|creative cloud files.*"
)
_MARKS = (".dropbox", ".dropbox.cache", ".stfolder", ".owncloudsync.log", ".seafile-data")
"""What sync programs leave in the folders they keep."""

_SYSTEM = ("/", "/boot", "/boot/efi", "/efi")
_MOUNTS = "/proc/self/mountinfo"
_REMOVABLE_DRIVE, _REMOTE_DRIVE = 2, 4


def fragile(path: Path) -> str:
    """What kind of place a file lies in, in words, where its disk may go away or another program may write it.

    Empty for an ordinary place, and where that cannot be told.
    """
    path = path.absolute()
    if _synced(path):
        return "a synced folder"
    if sys.platform == "win32":
        return _on_windows(path)
    if sys.platform == "darwin":
        return "a drive that may be removed" if path.parts[1:2] == ("Volumes",) else ""
    return _on_linux(path)


def _synced(path: Path) -> bool:
    for folder in path.parents:
        if _SYNCED.fullmatch(folder.name.lower()):
            return True
        try:
            if any((folder / mark).exists() for mark in _MARKS):
                return True
        except OSError:
            return False
    return False


def _on_linux(path: Path) -> str:
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - a file of the kernel's
            rows = file.read().splitlines()
    except OSError:
        return ""
    kind, point = _mount_of(path.resolve(), rows)
    if _NETWORK.match(kind):
        return "a network drive"
    outside = point not in _SYSTEM and (_REMOVABLE.match(kind) or point.startswith(("/media/", "/run/media/")))
    return "a drive that may be removed" if outside else ""


def _mount_of(path: Path, rows: list[str]) -> tuple[str, str]:
    """The kind of file system that a path lies on, and where that is mounted."""
    best, kind = "", ""
    for row in rows:
        before, _, after = row.partition(" - ")
        columns, kinds = before.split(" "), after.split(" ")
        if len(columns) < 5:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), columns[4])
        if len(point) >= len(best) and path.is_relative_to(point):
            best, kind = point, kinds[0]
    return kind, best


def _on_windows(path: Path) -> str:
    import ctypes

    if str(path).startswith("\\\\"):
        return "a network drive"
    kind = ctypes.windll.kernel32.GetDriveTypeW(path.anchor)  # type: ignore[attr-defined,unused-ignore]  # only there on Windows
    return {_REMOVABLE_DRIVE: "a drive that may be removed", _REMOTE_DRIVE: "a network drive"}.get(kind, "")
