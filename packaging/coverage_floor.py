"""Holds the test coverage of each room at or above its floor. A floor is only ever raised.

python packaging/coverage_floor.py            fails when a room is below its floor
python packaging/coverage_floor.py --raise    also lifts the floors to what was just measured
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOOR = ROOT / "tests" / "coverage_floor.json"


def measured() -> dict[str, float]:
    """Return the covered part of lines and branches for each room, in per cent, from the last coverage run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report)], cwd=ROOT, check=True)
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    covered: defaultdict[str, int] = defaultdict(int)
    there: defaultdict[str, int] = defaultdict(int)
    for name, entry in files.items():
        parts = Path(name).parts
        room = parts[1] if len(parts) > 2 else "entry"
        summary = entry["summary"]
        covered[room] += summary["covered_lines"] + summary["covered_branches"]
        there[room] += summary["num_statements"] + summary["num_branches"]
    return {room: 100 * covered[room] / there[room] for room in sorted(there) if there[room]}


def judge(now: dict[str, float], floor: dict[str, int]) -> list[str]:
    """Return one sentence for each room that is below its floor or has none."""
    problems = [f"{room} has no floor in {FLOOR.name}." for room in now if room not in floor]
    for room, least in floor.items():
        if now.get(room, 0.0) < least:
            problems.append(f"{room} is covered to {now.get(room, 0.0):.1f} %, its floor is {least} %.")
    return problems


def lifted(now: dict[str, float], floor: dict[str, int]) -> dict[str, int]:
    """Return the floors raised to half a per cent or more below what was measured; none gets lower.

    The half is for lines that only run when a thread or a process is late.
    """
    return {room: max(floor.get(room, 0), math.floor(now.get(room, 0.0) - 0.5)) for room in sorted({*now, *floor})}


def main(arguments: list[str]) -> int:
    """Print what each room has and needs; return 1 when one is below its floor."""
    floor: dict[str, int] = json.loads(FLOOR.read_text(encoding="utf-8")) if FLOOR.is_file() else {}
    now = measured()
    if "--raise" in arguments:
        floor = lifted(now, floor)
        FLOOR.write_text(json.dumps(floor, indent=2) + "\n", encoding="utf-8")
    for room, part in now.items():
        print(f"{room:<10} {part:5.1f} %   floor {floor.get(room, 0)} %")
    problems = judge(now, floor)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
