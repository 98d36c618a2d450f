"""Finding the subject of a picture: U²-Net (Qin et al., Pattern Recognition 106, 2020), its edge by a guided filter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pathlib import Path

    import cv2

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]

_INPUT = 320
"""Width and height that the model was made for."""
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_CLEAR = 0.6
"""What the model must say at its surest place."""
_LEAST, _MOST = 0.005, 0.97
"""The share of the picture that a subject covers."""
_GUIDE_EDGE = 1024
"""The longest edge at which the filter's coefficients are found (fast guided filter, He and Sun 2015)."""

_SURE = 6
"""So many pixels of the model's own from its outline, it is believed whatever the picture's edges say."""

_lock = threading.Lock()
_nets: dict[Path, cv2.dnn.Net] = {}


class NoSubjectError(Exception):
    """Nothing in the picture stands out clearly."""


def subject_mask(block: Block, model_path: Path) -> Block:
    """Where the subject of a picture (h, w, 4) is: a fresh mask (h, w), 255 on it, soft at hair and edges.

    Args:
        model_path: the U²-Net model as ONNX; loaded once, used by one thread at a time.

    Raises:
        NoSubjectError: when nothing stands out, or everything does.
        OSError: when the model cannot be read.
    """
    coarse = _predicted(block, model_path)
    area = float((coarse > 0.5).mean())
    if float(coarse.max()) < _CLEAR or not _LEAST <= area <= _MOST:
        raise NoSubjectError
    return _sure(refined(block, coarse), coarse)


def _predicted(block: Block, model_path: Path) -> Floats:
    """What the model says, 0 to 1, at its own size."""
    import cv2

    small = cv2.resize(block, (_INPUT, _INPUT), interpolation=cv2.INTER_AREA).astype(np.float32)
    share = small[:, :, 3:] / 255
    rgb = small[:, :, 2::-1] * share + 255 * (1 - share)
    rgb /= max(1.0, float(rgb.max()))
    tensor = ((rgb - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None]
    with _lock:
        net = _nets.get(model_path)
        if net is None:
            if not model_path.is_file():
                raise FileNotFoundError(str(model_path))
            net = cv2.dnn.readNetFromONNX(str(model_path))
            _nets[model_path] = net
        net.setInput(np.ascontiguousarray(tensor, np.float32))
        # Seven side outputs come one after the other; the first is the fused one.
        output = np.asarray(net.forward(net.getUnconnectedOutLayersNames()[0]), np.float32)
    return np.ascontiguousarray(np.clip(output.reshape(-1, _INPUT, _INPUT)[0], 0, 1))


def _sure(mask: Block, coarse: Floats) -> Block:
    """The mask without holes where the model is sure well inside, and without specks well outside."""
    import cv2

    window = np.ones((2 * _SURE + 1, 2 * _SURE + 1), np.uint8)
    inside = cv2.erode((coarse > 0.9).astype(np.uint8), window)
    outside = cv2.erode((coarse < 0.1).astype(np.uint8), window)
    size = (mask.shape[1], mask.shape[0])
    mask[np.asarray(cv2.resize(inside, size, interpolation=cv2.INTER_NEAREST), bool)] = 255
    mask[np.asarray(cv2.resize(outside, size, interpolation=cv2.INTER_NEAREST), bool)] = 0
    return mask


def refined(block: Block, coarse: Floats) -> Block:
    """A coarse mask, 0 to 1 and of any size, at the picture's size (h, w), its edge drawn to the picture's edges."""
    import cv2

    height, width = block.shape[:2]
    scale = min(1.0, _GUIDE_EDGE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    guide = cv2.resize(block, size, interpolation=cv2.INTER_AREA)[:, :, :3].astype(np.float32) * np.float32(1 / 255)
    mask = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    radius = max(2, round(max(size) / 85))
    slope, offset = guided_coefficients(guide, np.asarray(mask, np.float32), radius, 1e-4)
    result = np.empty((height, width), np.uint8)
    for top in range(0, height, 256):
        rows = min(256, height - top)
        picture = block[top : top + rows, :, :3].astype(np.float32) * np.float32(1 / 255)
        value = np.einsum("ijk,ijk->ij", picture, _rows(slope, (width, height), top, rows))
        value += _rows(offset, (width, height), top, rows)
        result[top : top + rows] = np.rint(_firm(value) * 255)
    return result


def guided_coefficients(guide: Floats, mask: Floats, radius: int, epsilon: float) -> tuple[Floats, Floats]:
    """Slope (h, w, 3) and offset (h, w) of the guided filter with a colour guide (He, Sun and Tang 2010, eq. 14-16).

    Args:
        guide: (h, w, 3), 0 to 1.
        mask: (h, w), 0 to 1.
        radius: half the window's edge, in pixels.
        epsilon: how much variance of the guide counts as flat.
    """
    import cv2

    def mean(values: Floats) -> Floats:
        window = (2 * radius + 1, 2 * radius + 1)
        return np.asarray(cv2.blur(values, window, borderType=cv2.BORDER_REFLECT), np.float32)

    mean_guide, mean_mask = mean(guide), mean(mask)
    covariance = mean(guide * mask[:, :, None]) - mean_guide * mean_mask[:, :, None]
    sigma = np.empty((*mask.shape, 3, 3), np.float32)
    for row in range(3):
        for column in range(row, 3):
            value = mean(np.ascontiguousarray(guide[:, :, row] * guide[:, :, column]))
            value -= mean_guide[:, :, row] * mean_guide[:, :, column]
            sigma[:, :, row, column] = sigma[:, :, column, row] = value
    sigma += np.eye(3, dtype=np.float32) * np.float32(epsilon)
    slope = np.linalg.solve(sigma, covariance[..., None])[..., 0].astype(np.float32)
    offset = mean_mask - np.einsum("ijk,ijk->ij", slope, mean_guide)
    return mean(slope), mean(np.ascontiguousarray(offset, np.float32))


def _firm(values: Floats) -> Floats:
    """Nearly none and nearly all become none and all: haze in the mask would show as a ghost."""
    return np.asarray(np.clip((values - 0.2) / 0.6, 0, 1), np.float32)


def _rows(floats: Floats, size: tuple[int, int], top: int, rows: int) -> Floats:
    """Rows of a small picture enlarged linearly to a size (width, height)."""
    import cv2

    across, down = floats.shape[1] / size[0], floats.shape[0] / size[1]
    matrix = np.array([[across, 0, across / 2 - 0.5], [0, down, (top + 0.5) * down - 0.5]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = cv2.warpAffine(floats, matrix, (size[0], rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(part, np.float32)
