"""Run the cases and tell what the fit is worth beside three yardsticks.

    PYTHONPATH=. python -m tests.fit_cases.report [--all] [--only KIND] [--save FOLDER]

Without `--all` the pairwise covering set, with it 600 cases. `--save` writes the pictures of the ten worst.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from nanodesk.imaging.fit.fitting import fit
from nanodesk.imaging.fit.insert import enlarged
from tests.fit_cases.cases import Case, Recipe, covering, made
from tests.fit_cases.editing import KINDS
from tests.fit_cases.scoring import Score, score
from tests.fit_cases.yardsticks import YARDSTICKS

if TYPE_CHECKING:
    from nanodesk.imaging.fit.result import Fit

ALL = 600


@dataclass(frozen=True, eq=False)
class Row:
    recipe: Recipe
    ours: Score
    others: dict[str, Score]
    taken_s: float


def judged(case: Case) -> tuple[Fit, Score]:
    fitted = fit(case.base, case.answer)
    return fitted, score(case, fitted.kind, fitted.full_mask(), fitted.composite(case.base), maps_of(fitted))


def maps_of(fitted: Fit) -> tuple[np.ndarray, np.ndarray]:
    """Where in the answer (edge points) the fit looks for each pixel of the base."""
    size = fitted.size
    y, x = np.mgrid[0 : size.height, 0 : size.width].astype(np.float64) + 0.5
    rows = np.array(fitted.geometry.matrix)
    bent = enlarged(fitted.geometry.bend, size, (0, 0, size.width, size.height), smooth=True)
    return tuple(rows[row, 0] * x + rows[row, 1] * y + rows[row, 2] + bent[..., row] for row in (0, 1))


def run(recipe: Recipe, *, beside: bool = True) -> Row:
    case = made(recipe)
    started = time.perf_counter()
    _, ours = judged(case)
    taken = time.perf_counter() - started
    others = {name: score(case, "", *way(case), None) for name, way in YARDSTICKS.items()} if beside else {}
    return Row(recipe, ours, others, taken)


def line(row: Row) -> str:
    r, s = row.recipe, row.ours
    told = f"{r.name:9s} {r.kind:10s} x{r.scale:.2f} {r.shift:.2f} {r.turn_deg:4.1f}° tint {r.tint:.2f}"
    told += f" bend {r.bend_px:.0f}"
    told += f" res {r.resolution:.1f} blur {r.blur:.1f} noise {r.noise:.3f} q{r.quality}"
    figures = f"{s.kind:9s} err {s.error_px:6.3f} rec {s.recall:.4f} iou {s.iou:.3f} spill {s.spill * 100:.3f}%"
    figures += f" out {s.outside:.2f} seam {s.seam:.2f} same {s.identical:.4f} {row.taken_s:.1f}s"
    return f"{r.seed:3d} {told} | {figures}"


def summary(name: str, scores: list[Score]) -> str:
    def mean(values: list[float]) -> float:
        known = [value for value in values if value == value]
        return statistics.fmean(known) if known else float("nan")

    outside, seam = mean([s.outside for s in scores]), mean([s.seam for s in scores])
    least, most = min(score.recall for score in scores), max(score.spill for score in scores) * 100
    return (
        f"{name:22s} err {mean([s.error_px for s in scores]):6.3f}  recall {mean([s.recall for s in scores]):.4f} "
        f"(least {least:.3f})  IoU {mean([s.iou for s in scores]):.3f}  "
        f"spill {mean([s.spill for s in scores]) * 100:.3f}% (most {most:.2f}%)  outside {outside:.2f}  "
        f"seam {seam:.2f}  identical {min(s.identical for s in scores):.4f}"
    )


def save(recipe: Recipe, folder: Path) -> None:
    case = made(recipe)
    fitted, _ = judged(case)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{recipe.seed:03d}-{recipe.kind.replace(' ', '-')}"
    mask = fitted.full_mask()
    seen = case.base[:, :, :3].copy()
    seen[case.truth & (mask < 128)] = (0, 0, 255)
    seen[~case.truth & (mask >= 128)] = (255, 0, 0)
    seen[case.truth & (mask >= 128)] = seen[case.truth & (mask >= 128)] // 2 + np.array([0, 100, 0], np.uint8)
    pictures = {"base": case.base, "answer": case.answer, "mask": seen, "result": fitted.composite(case.base)}
    for name, picture in pictures.items():
        cv2.imwrite(str(folder / f"{stem}-{name}.png"), picture[:, :, :3])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--seed", type=int, nargs="*")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    recipes = [r for r in covering(ALL if asked.all else None) if asked.only in (None, r.kind)]
    recipes = [r for r in recipes if not asked.seed or r.seed in asked.seed]
    rows = []
    for recipe in recipes:
        rows.append(run(recipe, beside=not asked.alone))
        sys.stdout.write(line(rows[-1]) + "\n")
        sys.stdout.flush()
    tell(rows)
    if asked.save:
        for row in sorted(rows, key=lambda row: min(row.ours.recall, row.ours.iou))[:10]:
            save(row.recipe, asked.save)


def tell(rows: list[Row]) -> None:
    say = sys.stdout.write
    say("\n" + summary("fit", [row.ours for row in rows]) + "\n")
    for name in YARDSTICKS if rows[0].others else ():
        say(summary(name, [row.others[name] for row in rows]) + "\n")
    say("\nby kind of edit\n")
    for kind in KINDS:
        scores = [row.ours for row in rows if row.recipe.kind == kind]
        if scores:
            say(summary(kind, scores) + "  kinds " + " ".join(sorted({score.kind for score in scores})) + "\n")
    missed = [row for row in rows if row.ours.recall < 0.99 and row.recipe.kind not in ("none", "restyle")]
    each = statistics.fmean(row.taken_s for row in rows)
    say(f"\n{len(rows)} cases, {len(missed)} below a recall of 0.99; {each:.2f} s each\n")


if __name__ == "__main__":
    main()
