"""Writes the two hash-pinned requirement files again, after a range in pyproject.toml has changed.

    python3 packaging/lock.py             keeps what still fits
    python3 packaging/lock.py --upgrade   takes the newest that the ranges allow

One set serves Python 3.11 to 3.13 on Linux, macOS and Windows, by markers. No index and no host is written. Needs
`uv` on the path.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_SET = ROOT / "packaging" / "requirements.txt"
TEST_SET = ROOT / "packaging" / "requirements-test.txt"

_OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-strip-extras",  # pip asks for a package with an extra by itself, and wants that pinned too
    "--group=build",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
]


def lock(uv: str, output: Path, *options: str) -> None:
    """Write one requirement file."""
    command = [uv, "pip", "compile", "pyproject.toml", f"--output-file={output.relative_to(ROOT)}"]
    subprocess.run([*command, *_OPTIONS, *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    if "://" in output.read_text(encoding="utf-8"):
        raise SystemExit(f"{output.name} names a host; look at the settings of uv on this computer.")


def main() -> int:
    """Write both files; the test set holds the same versions as the set to run with."""
    uv = shutil.which("uv")
    if uv is None:
        print("lock.py needs uv: install it, for example with 'pipx install uv'.", file=sys.stderr)
        return 2
    lock(uv, RUN_SET, *sys.argv[1:])
    lock(uv, TEST_SET, "--extra=test", f"--constraint={RUN_SET.relative_to(ROOT)}", *sys.argv[1:])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
