"""Fitting a 1K and a 2K answer to a 12 megapixel base: seconds, each stage's share, and the most memory it took.

Beside it a plain enlargement of the answer, which is what a program does that does not fit.
"""

import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest import mock

import cv2
import numpy as np

from nanodesk.imaging.fit import cutting, fitting
from nanodesk.imaging.fit.fitting import fit
from tests.benchmarks.measuring import interleaved, table
from tests.fit_cases.editing import edited
from tests.fit_cases.photos import photo

WIDTH, HEIGHT = 4000, 3000
STAGES = {
    "make the plane": (fitting, "plane_of"),
    "register": (fitting, "registered"),
    "bend": (fitting, "bend"),
    "match tone, find the change": (fitting, "match"),
    "cut: outline": (cutting, "_outline"),
    "cut: pixels": (cutting, "layer_of"),
}


def pair(edge: int) -> tuple[np.ndarray, np.ndarray]:
    """A base, and an answer of that edge: an object put in, zoomed by 1 %, shifted by 0.5 %, JPEG 90."""
    small = photo("market", 1600)[:, :, :3]
    changed = edited(small, "object in", 4)
    size = (WIDTH, HEIGHT)
    grain = np.random.default_rng(1).normal(0, 2, (HEIGHT, WIDTH, 1)).astype(np.float32)
    base = np.clip(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC) * 255 + grain, 0, 255).astype(np.uint8)
    answer = cv2.resize(changed, (edge, round(edge * HEIGHT / WIDTH)), interpolation=cv2.INTER_AREA) * 255
    matrix = np.array([[1.01, 0, 0.005 * edge], [0, 1.01, -0.003 * edge]])
    moved = cv2.warpAffine(answer, matrix, answer.shape[1::-1], borderMode=cv2.BORDER_REFLECT_101)
    written = cv2.imencode(".jpg", np.clip(moved, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    read = np.asarray(cv2.imdecode(written, cv2.IMREAD_COLOR))
    return opaque(base), opaque(read)


def opaque(picture: np.ndarray) -> np.ndarray:
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


@contextmanager
def timed(taken: dict[str, float]) -> Iterator[None]:
    """While it lasts, what each stage takes is added up."""

    def timing(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def run(*given: object, **named: object) -> object:
            started = time.perf_counter()
            result = call(*given, **named)
            taken[name] = taken.get(name, 0.0) + time.perf_counter() - started
            return result

        return run

    with ExitStack() as stack:
        for name, (room, function) in STAGES.items():
            stack.enter_context(mock.patch.object(room, function, timing(name, getattr(room, function))))
        yield


def main() -> None:
    for edge in (1024, 2048):
        base, answer = pair(edge)
        plain = f"enlarging a {edge} px answer"
        enlarge = partial(cv2.resize, answer, (WIDTH, HEIGHT), interpolation=cv2.INTER_LANCZOS4)
        calls: dict[str, Callable[[], object]]
        calls = {plain: enlarge, f"fitting a {edge} px answer to {WIDTH}x{HEIGHT}": partial(fit, base, answer)}
        table(interleaved(calls, runs=3), plain)
        taken: dict[str, float] = {}
        started, worked = time.perf_counter(), time.process_time()
        with timed(taken):
            fitted = fit(base, answer)
        total = time.perf_counter() - started
        sys.stdout.write(f"  {time.process_time() - worked:.2f} s of processor time\n")
        for name, seconds in taken.items():
            sys.stdout.write(f"  {name:34s} {seconds * 1e3:8.0f} ms {seconds / total * 100:5.1f} %\n")
        tracemalloc.start()
        fit(base, answer)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        sys.stdout.write(f"  {fitted.sentence}\n")
        sys.stdout.write(f"  NumPy's peak beyond the two pictures: {peak / base.nbytes:.2f} x the base's raw size\n")
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"most resident memory of the whole process: {rss:.0f} MB (two bases of 48 MB among it)\n")


if __name__ == "__main__":
    main()
