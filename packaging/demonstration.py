"""The main job without a window, on a shipped picture: two sentences in, a project and a picture out."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "resources" / "samples" / "astronaut.jpg"
EDITS = ("make it warmer", "blur the background")


def run(python: Path) -> int:
    """Edit the sample, export the result, say what was done and where it lies; return the exit status."""
    folder = _folder()
    project, picture = folder / "astronaut.nanodesk", folder / "astronaut.png"
    for earlier in (project, picture):
        earlier.unlink(missing_ok=True)
    edits = [word for edit in EDITS for word in ("-e", edit)]
    print(f"The main job without a window, on {SAMPLE.relative_to(ROOT)}:", flush=True)
    for edit in EDITS:
        print(f"  - {edit}", flush=True)
    steps = [
        ["edit", str(SAMPLE), *edits, "--engine", "on-device", "-o", str(project)],
        ["export", str(project), "-o", str(picture)],
        ["show", str(project)],
    ]
    for step in steps:
        status = subprocess.run([str(python), "-P", "-m", "nanodesk", *step], check=False).returncode
        if status != 0:
            print(f"'nanodesk {step[0]}' ended with exit status {status}.")
            return status
    print(f"Done on this computer, without a key and without the network.\n  project  {project}\n  picture  {picture}")
    print("The project keeps the original and each result as a layer; where there is a display, open it with:")
    print(f"  python3 packaging/dev.py run {project}")
    return 0


def _folder() -> Path:
    """Return a folder for the results: in the project, or a new one where the project cannot be written to."""
    folder = ROOT / "headless-result"  # not a name that an import could have: the linter would take it for a package
    try:
        folder.mkdir(exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="nanodesk-"))
    return folder
