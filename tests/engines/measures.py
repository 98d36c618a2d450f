"""What can be measured on a picture before and after an edit, and claims about it as the phrase book writes them.

A claim is a measure, `@` and a region where it is not the whole picture, a comparison and a number; `;` parts claims
that must all hold, `|` those of which one must. Regions are found in the picture before, by means of their own.

light, warm, green, blue, red: differences of means, 0 to 255. chroma, spread, detail: ratios of after to before.
moved: mean absolute difference. grey, same, clear, duo, inverted, blocky, smaller, larger: as their functions say.
"""

import re
from dataclasses import dataclass

import cv2
import numpy as np

from nanodesk.document.candidate import Candidate
from nanodesk.document.document import Document
from nanodesk.document.geometry import Size
from nanodesk.document.identity import CandidateId, LayerId, RunId
from nanodesk.document.layer import Layer, Pixels, Text
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.editor.candidates import applied, taken_in
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.engines.base import Offer
from nanodesk.imaging.painter import flatten

LUMA = np.array([0.0722, 0.7152, 0.2126])
COMPARISON = re.compile(r"(?P<name>\w+)(?:@(?P<region>\w+))?(?P<sign><=|>=|[<>=])?(?P<value>.*)$")


@dataclass
class Result:
    """A picture before and after, with the document that shows it."""

    before: np.ndarray
    after: np.ndarray
    document: Document
    regions: dict[str, np.ndarray]


def shown(base: np.ndarray, offers: tuple[Offer, ...]) -> tuple[np.ndarray, Document]:
    """The picture that the editor shows once a candidate is accepted, and its document."""
    pixels = PixelStore()
    layer = Layer(LayerId("base"), "base", Pixels(pixels.add(base)))
    document = Document(Size(base.shape[1], base.shape[0]), layers={layer.id: layer}, root=(layer.id,))
    operations = tuple(taken_in(offer, base if place == 0 else None, pixels) for place, offer in enumerate(offers))
    candidate = Candidate(CandidateId("c"), RunId("r"), operations)
    document = applied(document, candidate, layer.id, Provenance(Origin.RUN, 0.0), pixels)
    return flatten(document, pixels.tile), document


def holds(claims: str, result: Result) -> str:
    """Nothing where every claim holds; else the first that does not, with what was measured."""
    for claim in claims.split(";"):
        faults = [_fault(one.strip(), result) for one in claim.split("|")]
        if all(faults):
            return " and ".join(faults)
    return ""


def _fault(claim: str, result: Result) -> str:
    match = COMPARISON.match(claim)
    assert match is not None, claim
    name, region, sign, value = match["name"], match["region"], match["sign"], match["value"]
    if name in TEXT_KEYS:
        return _text_fault(name, value, result)
    if name == "size":
        got = f"{result.after.shape[1]}x{result.after.shape[0]}"
        return "" if got == value else f"size is {got}, not {value}"
    if name in WHOLE:
        return "" if WHOLE[name](result, value) else f"{claim} does not hold"
    before, after = _within(result, region)
    if name == "near":
        wanted = np.array([int(value[place : place + 2], 16) for place in (5, 3, 1)])
        away = float(np.abs(np.median(after[:, :3], axis=0) - wanted).max())
        return "" if away <= 12 else f"{claim}: {away:.0f} away"
    if name == "same":
        away = float(np.abs(after - before).max()) if len(before) else 0.0
        # The subject's region begins where its mask is at 98 %: so much of another background may shine through.
        return "" if away <= (3 if region == "subject" else 1) else f"{claim}: {away:.0f} away"
    if name == "grey":
        spread = float(np.ptp(after[:, :3], axis=1).mean())
        return "" if spread <= 3 else f"{claim}: a chroma of {spread:.1f}"
    if name == "clear":
        return "" if float(after[:, 3].mean()) < 12 else f"{claim}: an alpha of {after[:, 3].mean():.0f}"
    measured = _measured(name, before, after, result, region)
    limit = float(value)
    good = {
        "<": measured < limit,
        ">": measured > limit,
        "=": abs(measured - limit) < 1.5,
        "<=": measured <= limit,
    }[sign]
    return "" if good else f"{claim}: {measured:.2f}"


TEXT_KEYS = {"text", "place", "colour", "weight", "size_px", "outline_colour", "shadow", "fit", "opacity"}


def _text_fault(name: str, value: str, result: Result) -> str:
    texts = [layer.content for layer in result.document.layers.values() if isinstance(layer.content, Text)]
    if len(texts) != 1:
        return "there is no text layer"
    got = texts[0].text if name == "text" else dict(texts[0].style).get(name)
    if isinstance(got, bool):
        got = int(got)
    return "" if str(got) == value else f"{name} is {got}, not {value}"


def _within(result: Result, region: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (n, 4) of a region, before and after; regions of the new picture's own where sizes differ."""
    before, after = result.before.astype(float), result.after.astype(float)
    if region in RIMS:
        where = RIMS[region](after.shape[:2])
        return after[where], after[where]
    if before.shape != after.shape:
        return before.reshape(-1, 4), after.reshape(-1, 4)
    if region is None:
        return before.reshape(-1, 4), after.reshape(-1, 4)
    where = result.regions[region]
    assert where.sum() > 20, f"{region} is too small"
    return before[where], after[where]


def _measured(name: str, before: np.ndarray, after: np.ndarray, result: Result, region: str | None) -> float:
    if name in {"light", "spread"}:
        one, other = before[:, :3] @ LUMA, after[:, :3] @ LUMA
        return float(other.mean() - one.mean()) if name == "light" else float(other.std() / one.std())
    if name == "chroma":
        return float(np.ptp(after[:, :3], axis=1).mean() / max(0.1, np.ptp(before[:, :3], axis=1).mean()))
    if name == "detail":
        return _detail(result, region)
    if name == "moved":
        return float(np.abs(after - before)[:, :3].mean())
    if name == "tones":
        return float(max(len(np.unique(after[:, channel])) for channel in range(3)))
    if name == "alpha":
        return float(after[:, 3].mean())
    means = (after[:, :3].mean(axis=0) - before[:, :3].mean(axis=0)).tolist()
    blue, green, red = means
    return float({"warm": red - blue, "green": green - (red + blue) / 2, "blue": blue - red, "red": red}[name])


def _detail(result: Result, region: str | None) -> float:
    where = np.ones(result.before.shape[:2], bool) if region is None else result.regions[region]
    strength = []
    for block in (result.before, result.after):
        grey = cv2.cvtColor(block, cv2.COLOR_BGRA2GRAY)
        scaled = cv2.resize(grey, (where.shape[1], where.shape[0]), interpolation=cv2.INTER_AREA)
        strength.append(float(np.abs(cv2.Laplacian(scaled, cv2.CV_64F))[where].mean()))
    return strength[1] / strength[0]


def _turned(result: Result, value: str) -> bool:
    block = result.before
    wanted = {
        "90": lambda: np.rot90(block, -1),
        "180": lambda: block[::-1, ::-1],
        "270": lambda: np.rot90(block),
        "h": lambda: block[:, ::-1],
        "v": lambda: block[::-1],
    }[value]()
    return np.array_equal(wanted, result.after)


def _duo(result: Result, _: str) -> bool:
    """All colours lie on one straight line."""
    colours = result.after[..., :3].reshape(-1, 3).astype(float)
    values = np.linalg.svd(colours - colours.mean(axis=0), compute_uv=False)
    return bool(values[1] < 0.02 * values[0])


def _inverted(result: Result, _: str) -> bool:
    return np.array_equal(255 - result.before[..., :3], result.after[..., :3])


def _blocky(result: Result, _: str) -> bool:
    """Most neighbours are alike."""
    grey = result.after[..., 1].astype(int)
    return float((np.diff(grey, axis=1) == 0).mean()) > 0.8


def _smaller(result: Result, _: str) -> bool:
    return result.after.size < result.before.size


def _larger(result: Result, _: str) -> bool:
    return result.after.size > result.before.size


WHOLE = {
    "turned": _turned,
    "duo": _duo,
    "inverted": _inverted,
    "blocky": _blocky,
    "smaller": _smaller,
    "larger": _larger,
    "bottomkept": lambda result, _: np.array_equal(result.before[-result.after.shape[0] :], result.after),
    "topleftkept": lambda result, _: np.array_equal(
        result.before[: result.after.shape[0], : result.after.shape[1]], result.after
    ),
}


def _rim(shape: tuple[int, int]) -> np.ndarray:
    where = np.zeros(shape, bool)
    where[:2], where[-2:], where[:, :2], where[:, -2:] = True, True, True, True
    return where


def _tips(shape: tuple[int, int]) -> np.ndarray:
    where = np.zeros(shape, bool)
    where[:2, :2], where[:2, -2:], where[-2:, :2], where[-2:, -2:] = True, True, True, True
    return where


def _bottom_strip(shape: tuple[int, int]) -> np.ndarray:
    where = np.zeros(shape, bool)
    where[-30:] = True
    return where


RIMS = {"rim": _rim, "tips": _tips, "bottomstrip": _bottom_strip}


def regions(block: np.ndarray, subject: np.ndarray, selection: np.ndarray) -> dict[str, np.ndarray]:
    """Parts of a picture, found by means that are not the engine's."""
    height, width = block.shape[:2]
    down, across = np.mgrid[0:height, 0:width]
    y, x = (down + 0.5) / height, (across + 0.5) / width
    luma = block[..., :3].astype(float) @ LUMA
    blue, green, red = (block[..., channel].astype(int) for channel in range(3))
    inside = cv2.erode((subject > 250).astype(np.uint8), np.ones((9, 9))).astype(bool)
    outside = cv2.erode((subject < 5).astype(np.uint8), np.ones((9, 9))).astype(bool)
    return {
        "subject": inside,
        "background": outside,
        "selection": selection > 0,
        "outside": selection == 0,
        "shadows": luma < 50,
        "midtones": (luma > 95) & (luma < 160),
        "highlights": luma > 205,
        "reds": (red > 170) & (red > green + 60) & (red > blue + 60),
        "top": y < 0.3,
        "bottom": y > 0.7,
        "left": x < 0.45,
        "right": x > 0.55,
        "corners": (np.abs(y - 0.5) > 0.4) & (np.abs(x - 0.5) > 0.4),
        "centre": (np.abs(y - 0.5) < 0.15) & (np.abs(x - 0.5) < 0.15),
        "sky": (y < 0.2) & (np.abs(x - 0.5) < 0.3),
        "ground": (y > 0.965) & (np.abs(x - 0.5) < 0.06),
    }
