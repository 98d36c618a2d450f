"""Worker processes that do what a test tells them."""

import sys
from pathlib import Path

from nanodesk.formats.decode_client import DecodeWorker


def fake_worker(tmp_path: Path, body: str) -> list[str]:
    """A worker that reads a request and then does `body`."""
    script = tmp_path / "fake_worker.py"
    script.write_text(
        "import os, sys, time, json\n"
        "from nanodesk.formats.decode_worker import send, receive, write_all\n"
        "pixels, out = int(sys.argv[-1]), sys.stdout.buffer\n"
        "while True:\n"
        "    header, parts = receive(sys.stdin.buffer, 1 << 30)\n"
        "    good = dict(width=2, height=1, dpi=None, notes=[], format='PNG', mode='RGB', bits=8, orientation=1)\n"
        + "".join(f"    {line}\n" for line in body.splitlines())
    )
    return [sys.executable, "-P", str(script)]


def pid_of(worker: DecodeWorker) -> int:
    running = worker._child
    assert running is not None
    return running.pid
