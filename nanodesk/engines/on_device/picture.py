"""Steps done to pixels: filters, layers of light, what treats the background; told band by band, for a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.engines.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from nanodesk.document.geometry import Size
    from nanodesk.engines.base import Block
    from nanodesk.engines.on_device.frames import Step
    from nanodesk.engines.on_device.row import Values

_FULL_BLUR = 0.04
"""Standard deviation of a blur of 100 %, as a share of the longest edge."""
_FULL_LENS = 0.03
_FULL_MOTION = 0.08
_FULL_SHARPNESS = 2.0
"""How much detail a sharpening of 100 % adds."""
_FULL_BLOCKS = 0.06
_GLOW = 0.02

Working = "Generator[float, None, Block]"


def filtered(block: Block, step: Step, mask: Block | None) -> Generator[float, None, Block]:
    """A picture (h, w, 4) after a spatial step; fresh, and byte-identical where `mask` (h, w) is 0.

    Yields:
        The share that is done, after every band of a step that takes a while.
    """
    from nanodesk.imaging.filters import mix

    result = yield from _WAYS[step.operation](block, dict(step.values), mask)
    return result if mask is None else mix(block, result, mask)


def _longest(block: Block) -> float:
    return float(max(block.shape[:2]))


def _length(block: Block, values: Values, name: str, full: float) -> float:
    """A length in pixels, given as such or by strength."""
    return float(values[name]) if name in values else float(values["amount"]) / 100 * full * _longest(block)


def _blur(block: Block, values: Values, mask: Block | None) -> Generator[float, None, Block]:
    from nanodesk.imaging import filters

    sigma = _length(block, values, "radius", _FULL_BLUR)
    yield 0.0
    if mask is None:
        return filters.gaussian_blur(block, sigma)
    # Only what the mask shows takes part, so that what lies beside it does not glow into it.
    return filters.background_blur(block, 255 - mask, sigma)


def _lens_blur(block: Block, values: Values, mask: Block | None) -> Generator[float, None, Block]:
    from nanodesk.imaging.detail import lens_blur

    return (yield from lens_blur(block, _length(block, values, "radius", _FULL_LENS), mask))


def _motion_blur(block: Block, values: Values, mask: Block | None) -> Generator[float, None, Block]:
    from nanodesk.imaging.detail import motion_blur

    length = _length(block, values, "length", _FULL_MOTION)
    return (yield from motion_blur(block, length, float(values.get("degrees", 0)), mask))


def _sharpen(block: Block, values: Values, _: Block | None) -> Generator[float, None, Block]:
    from nanodesk.imaging.filters import unsharp_mask

    yield 0.0
    sigma = float(values.get("radius", max(0.8, _longest(block) / 2500)))
    return unsharp_mask(block, float(values.get("amount", 40)) / 100 * _FULL_SHARPNESS, sigma)


def _clarity(block: Block, values: Values, _: Block | None) -> Generator[float, None, Block]:
    from nanodesk.imaging.detail import clarified

    return (yield from clarified(block, float(values["amount"]) / 100))


def _denoise(block: Block, values: Values, _: Block | None) -> Generator[float, None, Block]:
    from nanodesk.imaging.detail import denoised

    return (yield from denoised(block, float(values["amount"]) / 100))


def _pixelate(block: Block, values: Values, _: Block | None) -> Generator[float, None, Block]:
    from nanodesk.imaging.detail import pixelated

    yield 0.0
    return pixelated(block, max(2, round(_length(block, values, "size", _FULL_BLOCKS))))


_WAYS = {
    "blur": _blur,
    "lens-blur": _lens_blur,
    "motion-blur": _motion_blur,
    "sharpen": _sharpen,
    "clarity": _clarity,
    "denoise": _denoise,
    "pixelate": _pixelate,
}


def light_layer(size: Size, step: Step, picture: Callable[[], Block]) -> tuple[Block, BlendMode]:
    """The layer of an overlay step on a canvas of that size, and how it meets what is below.

    Args:
        picture: what the canvas shows, for steps that look at it.
    """
    from nanodesk.imaging import light_layers

    values = dict(step.values)
    amount = float(values["amount"]) / 100
    shape, longest = (size.height, size.width), max(size.width, size.height)
    match step.operation:
        case "grain":
            return light_layers.grain(shape, amount, size=max(1.0, longest / 2400)), BlendMode.OVERLAY
        case "vignette":
            return light_layers.vignette(shape, amount, bgr(values.get("colour", "#000000"))), BlendMode.NORMAL
    return light_layers.glow(picture(), amount, max(2.0, _GLOW * longest)), BlendMode.SCREEN


def bgr(code: object) -> tuple[int, int, int]:
    """Blue, green and red of `#rrggbb`."""
    text = str(code)
    blue, green, red = (int(text[place : place + 2], 16) for place in (5, 3, 1))
    return blue, green, red


def cut(block: Block, subject: Block) -> Block:
    """The subject alone, without a rim of the old background; fresh."""
    from nanodesk.imaging.filters import cut_out

    return cut_out(block, subject)


def grounded(block: Block, values: Values, picture: Block | None) -> Block:
    """A cut-out picture on a colour, a gradient or a picture that covers the canvas; opaque, fresh."""
    from nanodesk.imaging import filters, light_layers

    if picture is not None:
        return filters.over_picture(block, covering(picture, (block.shape[0], block.shape[1])))
    first = bgr(values["colour"])
    if "to" not in values:
        return filters.over_colour(block, first)
    shape = (block.shape[0], block.shape[1])
    ground = light_layers.gradient(shape, first, bgr(values["to"]), float(values.get("degrees", 0)))
    return filters.over_picture(block, ground)


def covering(picture: Block, shape: tuple[int, int]) -> Block:
    """A picture scaled and cropped round its middle until it covers so many rows and columns; on white, opaque."""
    import numpy as np

    from nanodesk.document.geometry import Size
    from nanodesk.imaging.filters import over_colour
    from nanodesk.imaging.resample import resize

    height, width = shape
    scale = max(height / picture.shape[0], width / picture.shape[1])
    size = Size(max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    large = resize(picture, size)
    top, left = (size.height - height) // 2, (size.width - width) // 2
    return over_colour(np.ascontiguousarray(large[top : top + height, left : left + width]), (255, 255, 255))


def mended(block: Block, mask: Block) -> Block:
    """A picture with what the mask shows filled from its surroundings; fresh.

    Raises:
        EngineError: when there is nothing to fill from, or the library for it is not there.
    """
    from nanodesk.imaging.inpaint import InpaintMissingError, filled

    try:
        return filled(block, mask)
    except InpaintMissingError:
        raise EngineError(
            "Filling larger holes needs the PatchMatch library, which is missing; install Nanodesk again."
        ) from None
    except ValueError:
        raise EngineError("The selection leaves nothing to fill it from; draw a smaller one.") from None
