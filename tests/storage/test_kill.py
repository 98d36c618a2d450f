"""Killed at any moment while it edits and saves: what was acknowledged is there, and the file opens.

200 kills here; `python -m tests.storage.killing --kills 1000` does more.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EACH = 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a writer is forked for each kill")
@pytest.mark.parametrize("seed", range(0, 4 * EACH, EACH))
def test_nothing_acknowledged_is_lost_and_every_file_opens(seed):
    command = [sys.executable, "-m", "tests.storage.killing", "--kills", str(EACH), "--seed", str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stderr[-4000:]
    assert f"{EACH} kills" in done.stdout
    assert " 0 wrong" in done.stdout
