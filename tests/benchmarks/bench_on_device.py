"""The on-device engine on 12 megapixels against the bare library calls it stands on; and what memory it takes.

Each row of the engine is a whole run: understanding, work, offers, and for live layers also the painting of the result.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageFilter

from nanodesk.document.identity import RunId
from nanodesk.engines.base import (
    CandidateOffered,
    EditRequest,
    Offer,
    OfferedAdjustment,
    RequestEdit,
    RequestPicture,
)
from nanodesk.engines.on_device.canvas import reshaped
from nanodesk.engines.on_device.engine import OnDeviceEngine
from nanodesk.imaging import look, subject
from nanodesk.imaging.adjust import apply
from nanodesk.imaging.subject import guided_coefficients
from nanodesk.resources import resource_path
from tests.benchmarks.measuring import ROOT, interleaved, table

WIDTH, HEIGHT = 4000, 3000
Block = np.ndarray


def photo() -> Block:
    """A shipped sample at 12 megapixels, with grain."""
    sample = np.asarray(cv2.imread(str(resource_path("samples", "astronaut.jpg"))))
    large = np.asarray(cv2.resize(sample, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.int16)
    large = large + np.random.default_rng(0).normal(0, 4, large.shape).astype(np.int16)
    block = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    block[..., :3] = np.clip(large, 0, 255)
    return block


def offers(block: Block, *edits: str) -> tuple[Offer, ...]:
    """What a run on a picture offers."""
    asked = EditRequest(RunId("r"), tuple(RequestEdit(edit) for edit in edits), RequestPicture(block, "base"))

    async def collect() -> tuple[Offer, ...]:
        async with aclosing(OnDeviceEngine().run(asked)) as events:
            async for event in events:
                if isinstance(event, CandidateOffered):
                    return event.offers
        return ()

    return asyncio.run(collect())


def done(block: Block, *edits: str) -> Block:
    """The edits with what their live and geometric offers make of the picture, as the document does it."""
    for offer in offers(block, *edits):
        if isinstance(offer, OfferedAdjustment):
            block = apply(offer.adjustment, block)
        elif hasattr(offer, "picture"):
            block = np.asarray(offer.picture)
        else:
            block = reshaped(block, offer)  # type: ignore[arg-type]  # an offer of a picture by then
    return block


def pairs(block: Block) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """By sentence: the bare call, and the engine's run."""
    table_ = np.repeat((np.arange(256) ** 0.9).astype(np.uint8)[None, :, None], 4, axis=2)
    matrix = np.eye(4, dtype=np.float32) * 0.9
    image = Image.frombuffer("RGBA", (WIDTH, HEIGHT), block, "raw", "RGBA", 0, 1)
    lut = look.filter_of("faded", 1.0)
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 2, 1)
    return {
        "make it brighter": (lambda: cv2.LUT(block, table_), lambda: done(block, "make it brighter")),
        "less saturated": (lambda: cv2.transform(block, matrix), lambda: done(block, "less saturated")),
        "faded look": (lambda: np.array(image.filter(lut)), lambda: done(block, "faded look")),
        "blur by 3 px": (lambda: cv2.GaussianBlur(block, (0, 0), 3), lambda: offers(block, "blur by 3 px")),
        "sharpen it": (lambda: _unsharp(image), lambda: offers(block, "sharpen it")),
        "flip horizontally": (lambda: cv2.flip(block, 1), lambda: done(block, "flip horizontally")),
        "rotate left": (
            lambda: cv2.rotate(block, cv2.ROTATE_90_COUNTERCLOCKWISE),
            lambda: done(block, "rotate left"),
        ),
        "rotate by 2 degrees": (
            lambda: cv2.warpAffine(block, turn, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC),
            lambda: done(block, "rotate by 2 degrees"),
        ),
        "resize to 50 %": (
            lambda: cv2.resize(block, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA),
            lambda: done(block, "resize to 50 %"),
        ),
        "crop to 16:9": (lambda: block[375:2625].copy(), lambda: done(block, "crop to 16:9")),
    }


def _unsharp(image: Image.Image) -> Block:
    return np.asarray(image.filter(ImageFilter.UnsharpMask(1.6, 80, 0)))


def network_and_filter(block: Block) -> Block:
    """What a cut-out cannot be had without: the network, the guided filter and its mask at full size."""
    model = resource_path("models", "u2netp.onnx")
    coarse = subject._predicted(block, model)
    scale = 1024 / WIDTH
    size = (1024, round(HEIGHT * scale))
    guide = cv2.resize(block, size, interpolation=cv2.INTER_AREA)[:, :, :3].astype(np.float32) * np.float32(1 / 255)
    mask = np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.float32)
    slope, offset = guided_coefficients(guide, mask, 12, 1e-4)
    large, base = cv2.resize(slope, (WIDTH, HEIGHT)), cv2.resize(offset, (WIDTH, HEIGHT))
    value = np.einsum("ijk,ijk->ij", block[:, :, :3].astype(np.float32) / 255, large) + base
    return np.dstack([block[:, :, :3], (np.clip(value, 0, 1) * 255).astype(np.uint8)])


STACK = ("make it warmer", "lift the shadows", "blur the background", "add a vignette", "faded look at 40 %")


def peak(*edits: str) -> str:
    """The most memory that a process which does these edits holds, and with the picture alone; on Linux."""
    code = (
        "import sys; from pathlib import Path; from tests.benchmarks.bench_on_device import photo, offers, held;"
        "block = photo(); Path('/proc/self/clear_refs').write_text('5'); before = held();"
        "offers(block, *sys.argv[1:]); print(before, held())"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code, *edits], env=environment, capture_output=True, text=True, check=True
    ).stdout
    before, after = told.split()
    return f"{before} MB with the picture alone, {after} MB at most"


def held() -> int:
    """The most megabytes that this process has held since that was last asked for anew."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


def main() -> None:
    block = photo()
    for sentence, (bare, ours) in pairs(block).items():
        table(interleaved({f"bare call: {sentence}": bare, f"engine: {sentence}": ours}, 5), f"bare call: {sentence}")
    cut: dict[str, Callable[[], object]] = {
        "network and guided filter": lambda: network_and_filter(block),
        "engine: remove the background": lambda: offers(block, "remove the background"),
    }
    table(interleaved(cut, 3), "network and guided filter")
    stack: dict[str, Callable[[], object]] = {
        "the five edits one by one": lambda: [offers(block, edit) for edit in STACK],
        "engine: the five edits in one run": lambda: offers(block, *STACK),
    }
    table(interleaved(stack, 3), "the five edits one by one")
    for edits in (("make it warmer",), ("remove the background",), ("denoise it",), STACK):
        print(f"memory, {len(edits)} edits ({edits[0]} …): {peak(*edits)}")


if __name__ == "__main__":
    main()
