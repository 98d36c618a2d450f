"""From a matched pair to the fit: islands, mask, and the layer at the base's resolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect, Size
from nanodesk.imaging.fit.change import tidied
from nanodesk.imaging.fit.evidence import convincing
from nanodesk.imaging.fit.field import membrane, outline_of, softness
from nanodesk.imaging.fit.growing import grown_to_edges, without_bleeding
from nanodesk.imaging.fit.insert import enlarged, laid, layer_of
from nanodesk.imaging.fit.islands import MOST, Claim, Island, claims, labelled
from nanodesk.imaging.fit.plane import luma
from nanodesk.imaging.fit.result import Fit, FitKind, mask_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.imaging.fit.hints import FitHints
    from nanodesk.imaging.fit.matching import Match
    from nanodesk.imaging.fit.plane import Floats, Matrix, Plane
    from nanodesk.imaging.fit.register import Geometry

Block = NDArray[np.uint8]
Flags = NDArray[np.bool_]

_LEAST_SHARE, _LEAST_PIXELS = 0.00008, 20
"""A speck smaller than this share of the picture, or this many pixels of the answer, is noise."""
_MOST_MISSING = 0.06
"""A strip of this share of the picture that the answer does not cover belongs to what is next to it."""
_HOLE_SHARE = 0.00015
"""A hole smaller than this share of the picture is part of what is round it."""
_GROW = -0.7
"""How far the mask reaches over the outline, in pixels of the plane."""
_SOFT_GROW = 3.0
"""How much further it reaches where the change fades away."""
_COARSE_GROW = 1.0
"""How much further for each pixel of the plane that a pixel of a coarse answer is wider than one."""
_FEATHER, _SOFT_FEATHER = 1.2, 3.0
"""How wide it fades beyond that, in pixels of the plane: at a sharp edge, and where the change fades away."""


@dataclass(frozen=True, eq=False)
class Registered:
    """Two pictures and how one lies on the other."""

    base: Block
    answer: Block
    plane: Plane
    matrix: Matrix
    geometry: Geometry

    @property
    def zoom(self) -> float:
        """Pixels of the whole answer to one of the plane."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2])))) / self.plane.answer_scale[0]

    @property
    def size(self) -> Size:
        """The base's size."""
        return Size(self.base.shape[1], self.base.shape[0])


def cut(pair: Registered, match: Match, hints: FitHints, check: Callable[[], None]) -> Fit:
    """The changed parts of the answer as a layer with its mask."""
    pixels = pair.plane.base.shape[0] * pair.plane.base.shape[1]
    least = max(round(_LEAST_PIXELS / pair.zoom**2), round(_LEAST_SHARE * pixels))
    changed = continued(_whole(pair, match, least, round(_HOLE_SHARE * pixels)), match.inside)
    selections = tuple(_on_plane(selection, pair.plane.size) for selection in hints.selections)
    certain = convincing(changed, match.difference.evidence, match.inside, _together(selections))
    if not certain.any():
        return without_change(pair, match)
    count, labels = labelled(certain)
    who = claims(count, labels, match.difference.strength, selections)
    doubtful, others = labelled(changed & ~certain, MOST - count)
    labels = np.where(others > 0, others + count, labels)
    count, who = count + doubtful, who + [Claim(None, True)] * doubtful
    distance = outline_of(labels > 0)
    step = max(1.0, 1 / pair.zoom)
    soft = softness(distance, match.difference.strength, match.difference.threshold, step)
    distance += soft * np.float32(_SOFT_GROW) + np.float32(_COARSE_GROW * (step - 1))
    rect = _rect(distance, pair)
    outline, numbers = _outline(np.dstack([distance, soft]), labels, pair, rect)
    check()
    scale = pair.plane.base_scale
    areas = np.bincount(numbers[outline >= 128], minlength=count + 1)
    islands = []
    total = pair.size.width * pair.size.height
    for number, claim in enumerate(who, start=1):
        here = labels == number
        islands.append(
            Island(
                number,
                _box(here, scale, pair.size),
                int(areas[number]),
                float(areas[number]) / total,
                float(match.difference.strength[here].mean()),
                claim.edit,
                claim.side_effect,
            )
        )
    kept = frozenset(island.number for island in islands if not island.side_effect)
    quiet = match.inside & (distance < -3)
    field = membrane(pair.plane.base, match.answer, quiet.astype(np.float32))
    plain = laid(pair.answer, pair.plane.to_full(pair.matrix), pair.geometry.bend, pair.size)
    insertion = replace(plain, tone=match.tone, field=field)
    layer = layer_of(pair.base, insertion, rect, _bytes(quiet), check)
    return Fit(
        FitKind.EDIT,
        pair.size,
        pair.geometry,
        match.tone.delta_e,
        match.spread.sigma_px / scale[0],
        match.difference.floor.typical,
        tuple(islands),
        kept,
        rect,
        layer,
        outline,
        numbers,
        mask_of(outline, numbers, kept),
    )


def _whole(pair: Registered, match: Match, least: int, hole: int) -> Flags:
    """What changed on the plane, without specks and holes, up to the edges of what was put in or taken out."""
    step = max(1.0, 1 / pair.zoom)

    def tidy(changed: Flags) -> Flags:
        return tidied(replace(match.difference, changed=changed), least, hole) & match.inside

    changed = without_bleeding(tidy(match.difference.changed), match.difference, tidy, step)
    return tidy(grown_to_edges(changed, match.difference, (luma(pair.plane.base), luma(match.answer)), step))


def continued(changed: Flags, inside: Flags) -> Flags:
    """The change carried on into narrow strips that the answer does not cover, so that none of the old shows there.

    The pixels there are the answer's, mirrored at its border.
    """
    import cv2

    if inside.all() or not inside.any():
        return changed
    away, places = cv2.distanceTransformWithLabels(
        (~inside).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    known = np.zeros(int(places.max()) + 1, np.bool_)
    known[places[inside]] = changed[inside]
    strip = ~inside & (away <= _MOST_MISSING * max(inside.shape))
    return np.where(strip, known[places], changed)


def without_change(pair: Registered, match: Match) -> Fit:
    """A fit that changes nothing."""
    none = np.zeros((0, 0), np.uint8)
    return Fit(
        FitKind.NONE,
        pair.size,
        pair.geometry,
        match.tone.delta_e,
        match.spread.sigma_px / pair.plane.base_scale[0],
        match.difference.floor.typical,
        (),
        frozenset(),
        Rect(0, 0, 0, 0),
        np.zeros((0, 0, 4), np.uint8),
        none,
        none,
        none,
    )


def _together(selections: tuple[Block | None, ...]) -> Flags | None:
    """Where some edit asked for a change; none where none says where."""
    told = [selection >= 128 for selection in selections if selection is not None]
    return np.asarray(np.logical_or.reduce(told), np.bool_) if told else None


def _on_plane(selection: Block | None, size: tuple[int, int]) -> Block | None:
    import cv2

    return (
        None if selection is None else np.asarray(cv2.resize(selection, size, interpolation=cv2.INTER_AREA), np.uint8)
    )


def _rect(distance: Floats, pair: Registered) -> Rect:
    """The part of the base that the mask can touch."""
    return _box(distance > -(_GROW + _SOFT_FEATHER + 1.5), pair.plane.base_scale, pair.size, 1)


def _box(flags: Flags, scale: tuple[float, float], size: Size, margin: int = 0) -> Rect:
    rows, columns = np.flatnonzero(flags.any(axis=1)), np.flatnonzero(flags.any(axis=0))
    left, top = int(columns[0] / scale[0]) - margin, int(rows[0] / scale[1]) - margin
    right, bottom = int(np.ceil((columns[-1] + 1) / scale[0])), int(np.ceil((rows[-1] + 1) / scale[1]))
    box = Rect(left, top, right + margin - left, bottom + margin - top)
    return box.intersected(Rect(0, 0, size.width, size.height))


def _outline(ends: Floats, labels: NDArray[np.int32], pair: Registered, rect: Rect) -> tuple[Block, Block]:
    """The mask of all islands at the base's size, and which island each of its pixels belongs to.

    Args:
        ends: (h, w, 2) on the plane: signed distance to the outline, and how softly the change ends there.
    """
    import cv2

    nearest = _nearest(labels)
    inside = (pair.size, (rect.x, rect.y, rect.width, rect.height))
    outline = np.empty((rect.height, rect.width), np.uint8)
    numbers = np.empty((rect.height, rect.width), np.uint8)
    scale = pair.plane.base_scale
    for top in range(0, rect.height, 512):
        rows = min(512, rect.height - top)
        part = (rect.x, rect.y + top, rect.width, rows)
        away, soft = np.moveaxis(enlarged(ends, inside[0], part), 2, 0)
        wide = _FEATHER + (_SOFT_FEATHER - _FEATHER) * soft
        # Half is reached at the same place, however wide it fades.
        ramp = np.clip((away + (_GROW + _FEATHER / 2)) / wide + np.float32(0.5), 0, 1)
        outline[top : top + rows] = np.rint(ramp * ramp * (3 - 2 * ramp) * 255)
        matrix = np.array(
            [[scale[0], 0, (part[0] + 0.5) * scale[0] - 0.5], [0, scale[1], (part[1] + 0.5) * scale[1] - 0.5]]
        )
        numbers[top : top + rows] = cv2.warpAffine(
            nearest,
            matrix,
            (rect.width, rows),
            flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    numbers[outline == 0] = 0
    return outline, numbers


def _nearest(labels: NDArray[np.int32]) -> Block:
    """For every place of the plane the number of the island nearest to it."""
    import cv2

    _, places = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    inside = labels > 0
    known = np.zeros(int(places.max()) + 1, np.uint8)
    known[places[inside]] = labels[inside].astype(np.uint8)
    return np.asarray(known[places], np.uint8)


def _bytes(flags: Flags) -> Block:
    return flags.astype(np.uint8) * np.uint8(255)
