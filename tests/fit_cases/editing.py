"""What a model was asked for: edits painted into a picture."""

from __future__ import annotations

import cv2
import numpy as np

from tests.fit_cases.photos import photo

KINDS = ("object in", "object out", "recolour", "text", "relight", "background", "restyle", "none")


def edited(picture: np.ndarray, kind: str, seed: int) -> np.ndarray:
    """The picture (h, w, 3), float 0 to 1, with an edit of that kind; a fresh array."""
    random = np.random.default_rng(seed + 1000)
    made = {
        "object in": _object_in,
        "object out": _object_out,
        "recolour": _recolour,
        "text": _text,
        "relight": _relight,
        "background": _background,
        "restyle": _restyle,
        "none": lambda picture, _: picture.copy(),
    }[kind]
    return np.ascontiguousarray(np.clip(made(picture, random), 0, 1), np.float32)


def _blob(shape: tuple[int, ...], random: np.random.Generator, size: tuple[float, float]) -> np.ndarray:
    """A rounded uneven shape (h, w), 0 to 1, antialiased, wholly inside; `size` is its radius against the height."""
    height, width = shape[:2]
    radius = float(random.uniform(*size)) * height
    room = 1.25 * radius
    x = float(random.uniform(min(room, width / 2), max(width - room, width / 2)))
    y = float(random.uniform(min(room, height / 2), max(height - room, height / 2)))
    angles = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    swell = 1 + 0.10 * np.sin(3 * angles + random.uniform(0, 6)) + 0.06 * np.sin(5 * angles + random.uniform(0, 6))
    points = np.stack([x + radius * swell * np.cos(angles), y + radius * 0.85 * swell * np.sin(angles)], axis=1)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.rint(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 0.7), np.float32)


def _mixed(picture: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    return np.asarray(picture * (1 - share[:, :, None]) + other * share[:, :, None], np.float32)


def _object_in(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A piece of another photograph, cut along a blob."""
    share = _blob(picture.shape, random, (0.10, 0.22))
    return _mixed(picture, _elsewhere(picture, random), share)


def _elsewhere(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    name = ("coffee", "market", "cat", "astronaut")[int(random.integers(0, 4))]
    other = photo(name)
    if other.shape == picture.shape and float(np.abs(other - picture).mean()) < 0.1:
        other = photo("market" if name != "market" else "coffee")
    size = (picture.shape[1], picture.shape[0])
    turned = cv2.resize(other, size, interpolation=cv2.INTER_AREA)[:, ::-1]
    return np.ascontiguousarray(np.clip(turned * 0.85 + 0.05, 0, 1), np.float32)


def _object_out(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Something in the picture is covered smoothly from round about, with grain of its own."""
    share = max((_blob(picture.shape, random, (0.08, 0.16)) for _ in range(8)), key=lambda one: _busy(picture, one))
    hole = (cv2.dilate((share > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) * 255).astype(np.uint8)
    small = (picture.shape[1] // 4, picture.shape[0] // 4)
    coarse = np.rint(cv2.resize(picture, small, interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)
    filled = cv2.inpaint(coarse, cv2.resize(hole, small, interpolation=cv2.INTER_NEAREST), 4, cv2.INPAINT_TELEA)
    smooth = cv2.resize(filled, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_CUBIC) / np.float32(255)
    smooth = smooth + random.standard_normal((*picture.shape[:2], 1), np.float32) * np.float32(0.008)
    return _mixed(picture, smooth.astype(np.float32), share)


def _busy(picture: np.ndarray, share: np.ndarray) -> float:
    """How much there is to be taken out of a place."""
    grey = picture.mean(axis=2)
    fine = (grey - cv2.GaussianBlur(grey, (0, 0), 12)) ** 2
    return float((fine * share).sum() / share.sum())


def _recolour(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Another hue, the light and shade kept."""
    share = _blob(picture.shape, random, (0.12, 0.25))
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2Lab)
    hue = float(random.uniform(0, 2 * np.pi))
    lab[:, :, 1] = 0.3 * lab[:, :, 1] + 38 * np.cos(hue)
    lab[:, :, 2] = 0.3 * lab[:, :, 2] + 38 * np.sin(hue)
    return _mixed(picture, np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2BGR), 0, 1), share)


def _text(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    height, width = picture.shape[:2]
    ink = np.zeros((height, width), np.uint8)
    size = height / 260
    place = (int(random.uniform(0.06, 0.2) * width), int(random.uniform(0.3, 0.85) * height))
    cv2.putText(ink, "SALE 50", place, cv2.FONT_HERSHEY_DUPLEX, size, 255, max(2, round(size * 3)), cv2.LINE_AA)
    dark = float(picture[place[1] - 20 : place[1] + 20].mean()) > 0.5
    colour = np.array([0.1, 0.05, 0.35] if dark else [0.75, 0.95, 0.98], np.float32)
    return _mixed(picture, np.broadcast_to(colour, picture.shape), ink.astype(np.float32) / 255)


def _relight(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A warm lamp on a part; it falls off softly."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    cx, cy = random.uniform(0.3, 0.7) * width, random.uniform(0.3, 0.7) * height
    reach = float(random.uniform(0.16, 0.24)) * height
    away = np.sqrt((x - cx) ** 2 + (y - cy) ** 2) / reach
    lamp = np.square(np.clip(1 - np.square(away / 1.6), 0, None))[:, :, None]
    warm = np.array([0.25, 0.45, 0.60], np.float32)
    return np.asarray(picture * (1 + lamp * warm) + lamp * warm * np.float32(0.12), np.float32)


def _background(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """All but a subject in the middle replaced: more than half of the picture."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    centre = (int(width * random.uniform(0.42, 0.58)), int(height * 0.55))
    cv2.ellipse(mask, centre, (int(width * 0.27), int(height * 0.43)), 0, 0, 360, 255, -1, cv2.LINE_AA)
    subject = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 1.0)
    return _mixed(_elsewhere(picture, random), picture, subject)


def _restyle(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Painted: flattened to strokes, other colours, dark outlines."""
    small = np.rint(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)
    for _ in range(3):
        small = np.asarray(cv2.bilateralFilter(small, 9, 50, 7), np.uint8)
    flat = cv2.resize(small, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_CUBIC) / np.float32(255)
    flat = np.round(flat * 6) / 6
    turn = [np.array(order) for order in ([0, 2, 1], [1, 0, 2], [2, 0, 1])][int(random.integers(0, 3))]
    grey = flat.mean(axis=2, keepdims=True)
    painted = 0.55 * flat[:, :, turn] + 0.45 * np.sqrt(grey) * np.array([0.55, 0.8, 1.0], np.float32)
    edges = np.abs(cv2.Laplacian(cv2.GaussianBlur(picture.mean(axis=2), (0, 0), 2), cv2.CV_32F))
    return np.asarray(painted * (1 - np.clip(edges * 18, 0, 0.8))[:, :, None], np.float32)
