"""Looks: colour cubes read from `.cube` files (Adobe Cube LUT Specification 1.0)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.resources import resource_path

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.ImageFilter import Color3DLUT

Block = NDArray[np.uint8]
Cube = NDArray[np.float64]
"""Red, green and blue, 0 to 1, at [blue, green, red] of an even grid: (n, n, n, 3)."""

_MOST = 65


class LookError(Exception):
    """A look is not there, or its file cannot be read."""


@lru_cache(maxsize=1)
def looks() -> tuple[str, ...]:
    """The names of the shipped looks."""
    return tuple(sorted(path.stem for path in resource_path("looks").glob("*.cube")))


def read_cube(path: Path) -> Cube:
    """A cube from its file.

    Raises:
        LookError: when it is missing or is no cube.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        size, rows = 0, []
        for line in lines:
            words = line.split()
            if words and words[0] == "LUT_3D_SIZE":
                size = int(words[1])
            elif words and (words[0][0].isdigit() or words[0][0] in "-."):
                rows.append([float(word) for word in words[:3]])
        if not 2 <= size <= _MOST:
            raise ValueError(f"a size of {size}")
        return np.array(rows, np.float64).reshape(size, size, size, 3)
    except (OSError, ValueError, IndexError) as error:
        raise LookError(f"The look “{path.stem}” cannot be read: {error}.") from None


@lru_cache(maxsize=24)
def filter_of(name: str, amount: float) -> Color3DLUT:
    """The look for Pillow, for pictures whose channels lie as blue, green, red, alpha; `amount` from 0 to 1.

    Raises:
        LookError: as `read_cube`.
    """
    from PIL.ImageFilter import Color3DLUT

    if name not in looks():
        raise LookError(f"There is no look called “{name}”.")
    cube = read_cube(resource_path("looks", f"{name}.cube"))
    size = cube.shape[0]
    even = np.linspace(0, 1, size)
    plain = np.stack(np.meshgrid(even, even, even, indexing="ij")[::-1], axis=-1)
    mixed = np.clip(plain + (cube - plain) * amount, 0, 1)
    # Our first channel is blue: the axis that runs fastest must be blue too.
    return Color3DLUT(size, mixed.transpose(2, 1, 0, 3)[..., ::-1].astype(np.float32).ravel(), _copy_table=False)


def looked(block: Block, name: str, amount: float) -> Block:
    """A picture (h, w, 4) in a look, between the cube's points by straight lines; fresh, alpha as it was.

    Raises:
        LookError: as `read_cube`.
    """
    from PIL import Image

    height, width = block.shape[:2]
    # Channels are only counted here: the first three go through the cube, the fourth stays.
    image = Image.frombuffer("RGBA", (width, height), np.ascontiguousarray(block), "raw", "RGBA", 0, 1)
    return np.array(image.filter(filter_of(name, amount)), np.uint8)
