"""Killed at any moment while it writes: what was acknowledged is there, and the file opens."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nanodesk.storage.integrity import look_over
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.recovery import RecoveryFile, orphans
from tests.storage.made import assert_holds, count
from tests.storage.writing_until_killed import made_after

ROOT = Path(__file__).parents[2]


def killed(folder, way, seed):
    """Let a writer work in a folder and kill it; how many steps it had acknowledged."""
    command = [sys.executable, "-m", "tests.storage.writing_until_killed", str(folder), way]
    writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    assert writer.stdout.readline() == "ready\n"
    time.sleep(random.Random(f"{way} {seed}").uniform(0.01, 0.3))
    writer.kill()
    told = writer.stdout.read().split()
    writer.stdout.close()
    writer.wait()
    return int(told[-1]) if told else 0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("way", ["steps", "whole"])
def test_a_killed_save_leaves_the_old_file_or_the_new_one(tmp_path, way, seed):
    acknowledged = killed(tmp_path, way, seed)
    file = ProjectFile.open(tmp_path / "work.nanodesk")
    try:
        there = count(file, "steps") - 2
        assert there in (acknowledged, acknowledged + 1)
        assert_holds([file], made_after(there))
        assert look_over(file.path).whole
    finally:
        file.close()


@pytest.mark.parametrize("seed", range(4))
def test_killed_work_is_in_the_recovery_file(tmp_path, seed):
    acknowledged = killed(tmp_path, "recovery", seed)
    found = orphans(tmp_path / "recovery")
    if not found:
        assert acknowledged == 0
        return
    (orphan,) = found
    assert orphan.project_path == tmp_path / "work.nanodesk"
    claimed = RecoveryFile.claim(orphan)
    assert claimed
    project = ProjectFile.open(tmp_path / "work.nanodesk")
    try:
        there = count(claimed.file, "steps")
        assert there in (acknowledged, acknowledged + 1)
        assert_holds([claimed.file, project], made_after(there))
        assert count(claimed.file, "tiles") <= 32 * there
    finally:
        project.close()
        claimed.discard()
    assert list((tmp_path / "recovery").iterdir()) == []
