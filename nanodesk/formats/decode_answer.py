"""What the worker process answers, believed only as far as it can be checked."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nanodesk.document.blend import BlendMode
from nanodesk.formats import errors
from nanodesk.formats.decode_worker import receive, send
from nanodesk.formats.metadata import SourceType
from nanodesk.formats.picture import DecodedPicture, PictureLayer, PlacedMask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.formats.child import Child
    from nanodesk.formats.limits import DecodeLimits

    Block = NDArray[np.uint8]

_MOST_EXTRAS = 64 << 20
_MOST_NOTES = 1000
_LONGEST_SENTENCE = 500
_FARTHEST = 1 << 24
_ERRORS: dict[str, type[errors.DecodeError]] = {
    kind.__name__: kind
    for kind in (
        errors.NotAPictureError,
        errors.UnsupportedFormatError,
        errors.DamagedPictureError,
        errors.CutOffError,
    )
}


def read_answer(child: Child, limits: DecodeLimits) -> DecodedPicture:
    """The picture, its layers and notes, each part as soon as the one before was taken.

    Raises:
        DecodeError: when the worker says that the picture cannot be opened.
        EOFError: when it ends first.
        ValueError, KeyError, TypeError: when it talks nonsense, or goes beyond the limits.
    """
    header, extras = receive(child.answers, _MOST_EXTRAS)
    _raise_told(header)
    reader = _Layers(child, limits)
    picture = _picture(child, header, extras, limits)
    notes = list(picture.notes)
    while True:
        with contextlib.suppress(BrokenPipeError):
            send(child.requests, {})
        header, _ = receive(child.answers, 0)
        _raise_told(header)
        if "end" in header:
            return replace(picture, layers=tuple(reader.layers), notes=tuple(notes))
        if "note" not in header:
            reader.take(header)
        elif header["note"] not in notes and len(notes) < _MOST_NOTES:
            notes.append(_sentence(header["note"]))


def _sentence(text: object) -> str:
    return str(text)[:_LONGEST_SENTENCE]


def _raise_told(header: dict[str, Any]) -> None:
    if "error" not in header:
        return
    message = _sentence(header["message"])
    if header["error"] == errors.TooLargeError.__name__:
        size = header.get("size")
        raise errors.TooLargeError(message, (int(size[0]), int(size[1])) if size else None)
    raise _ERRORS[header["error"]](message)


def _sized(told: Any, limits: DecodeLimits) -> tuple[int, int]:
    width, height = int(told[0]), int(told[1])
    if width < 1 or height < 1 or width * height > limits.max_pixels:
        raise ValueError("The size is not believable.")
    return width, height


def _picture(child: Child, header: dict[str, Any], extras: list[bytes], limits: DecodeLimits) -> DecodedPicture:
    import numpy as np

    width, height = _sized((header["width"], header["height"]), limits)
    if len(extras) != 2:
        raise ValueError("The answer is not believable.")
    pixels = np.empty((height, width, 4), np.uint8)
    child.read_pixels(pixels.reshape(-1).data)
    dpi = header["dpi"]
    return DecodedPicture(
        pixels=pixels,
        profile=extras[0] or None,
        dpi=None if dpi is None else float(dpi),
        notes=tuple(_sentence(note) for note in header["notes"]),
        format=str(header["format"]),
        mode=str(header["mode"]),
        bits=int(header["bits"]),
        orientation=int(header["orientation"]),
        exif=extras[1] or None,
        source_type=None if header.get("source_type") is None else SourceType(header["source_type"]).value,
    )


class _Layers:
    """Takes layer after layer, and counts."""

    def __init__(self, child: Child, limits: DecodeLimits) -> None:
        self._child = child
        self._limits = limits
        self._left = limits.max_layer_pixels
        self.layers: list[PictureLayer] = []

    def take(self, header: dict[str, Any]) -> None:
        if len(self.layers) >= self._limits.max_layers:
            raise ValueError("There are too many layers.")
        told = header["mask"]
        size = None if header["size"] is None else _sized(header["size"], self._limits)
        mask_size = None if told is None else _sized(told["size"], self._limits)
        pixels, values = self._blocks(size, mask_size)
        x, y = _place(header["place"])
        self.layers.append(
            PictureLayer(
                name=str(header["layer"])[:200],
                pixels=pixels,
                group=self._group(header["group"]),
                x=x,
                y=y,
                opacity=_opacity(header["opacity"]),
                blend_mode=BlendMode(header["blend_mode"]),
                visible=bool(header["visible"]),
                locked=bool(header["locked"]),
                mask=None if values is None else _mask(values, told),
            )
        )

    def _blocks(
        self, size: tuple[int, int] | None, mask_size: tuple[int, int] | None
    ) -> tuple[Block | None, Block | None]:
        import numpy as np

        area = 0 if size is None else size[0] * size[1]
        masked = 0 if mask_size is None else mask_size[0] * mask_size[1]
        self._left -= area + masked
        if self._left < 0:
            raise ValueError("The layers are too large.")
        whole = np.empty(4 * area + masked, np.uint8)
        self._child.read_pixels(whole.data)
        pixels = None if size is None else whole[: 4 * area].reshape(size[1], size[0], 4)
        values = None if mask_size is None else whole[4 * area :].reshape(mask_size[1], mask_size[0])
        return pixels, values

    def _group(self, told: Any) -> int | None:
        if told is None:
            return None
        group = int(told)
        if not 0 <= group < len(self.layers) or self.layers[group].pixels is not None:
            raise ValueError("There is no such group.")
        return group


def _place(told: Any) -> tuple[int, int]:
    x, y = int(told[0]), int(told[1])
    if max(abs(x), abs(y)) > _FARTHEST:
        raise ValueError("The place is not believable.")
    return x, y


def _opacity(told: Any) -> float:
    value = float(told)
    if not math.isfinite(value):
        raise ValueError("The opacity is not believable.")
    return min(1.0, max(0.0, value))


def _mask(values: Block, told: dict[str, Any]) -> PlacedMask:
    x, y = _place(told["place"])
    return PlacedMask(values, x, y, 255 if int(told["outside"]) >= 128 else 0, bool(told["enabled"]))
