"""Which places may go away, or be written by somebody else."""

import sys
from pathlib import Path

import pytest

from nanodesk.storage import places

MOUNTS = """22 1 0:20 / / rw - ext4 /dev/sda1 rw
30 22 0:40 / /home/me/share rw,relatime shared:1 - nfs4 server:/share rw
31 22 0:41 / /media/me/STICK rw shared:2 - vfat /dev/sdb1 rw
32 22 0:42 / /run/media/me/disk\\040two rw - ext4 /dev/sdc1 rw
33 22 0:43 / /boot/efi rw - vfat /dev/sda2 rw
34 22 0:44 / /home/me/remote rw - fuse.sshfs me@host: rw
35 22 0:45 / /home/me/remote/inner rw - ext4 /dev/sdd1 rw
36 22 0:46 / /data rw - xfs /dev/sde1 rw
37 broken
"""


@pytest.fixture
def mounts(tmp_path, monkeypatch):
    file = tmp_path / "mountinfo"
    file.write_text(MOUNTS.replace("\\\\", "\\"))
    monkeypatch.setattr(places, "_MOUNTS", str(file))
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/work.nanodesk", ""),
        ("/data/work.nanodesk", ""),
        ("/boot/efi/work.nanodesk", ""),
        ("/home/me/share/a/work.nanodesk", "a network drive"),
        ("/home/me/remote/work.nanodesk", "a network drive"),
        ("/home/me/remote/inner/work.nanodesk", ""),
        ("/media/me/STICK/work.nanodesk", "a drive that may be removed"),
        ("/run/media/me/disk two/work.nanodesk", "a drive that may be removed"),
        ("/home/me/Dropbox/work.nanodesk", "a synced folder"),
        ("/home/me/Dropbox (Studio)/a/work.nanodesk", "a synced folder"),
        ("/home/me/OneDrive - Studio/work.nanodesk", "a synced folder"),
        ("/home/me/Nextcloud/x/work.nanodesk", "a synced folder"),
        ("/home/me/toolbox/work.nanodesk", ""),
    ],
)
def test_a_place_is_known_by_its_mount_or_its_name(mounts, path, kind):
    assert places.fragile(Path(path)) == kind


def test_a_folder_is_known_by_what_a_sync_program_leaves_in_it(mounts, tmp_path):
    deep = tmp_path / "one" / "two"
    deep.mkdir(parents=True)
    assert places.fragile(deep / "work.nanodesk") == ""
    (tmp_path / "one" / ".stfolder").mkdir()
    assert places.fragile(deep / "work.nanodesk") == "a synced folder"


def test_what_cannot_be_told_is_an_ordinary_place(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(places, "_MOUNTS", str(tmp_path / "no such file"))
    assert places.fragile(Path("/anywhere/work.nanodesk")) == ""


def test_on_a_mac_volumes_are_drives_that_may_be_removed(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert places.fragile(Path("/Volumes/STICK/work.nanodesk")) == "a drive that may be removed"
    assert places.fragile(Path("/Users/me/work.nanodesk")) == ""
