"""Frames of operations that turn, crop and resize the canvas."""

from __future__ import annotations

import json
from functools import cache

from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError
from nanodesk.engines.on_device.table import number
from nanodesk.engines.on_device.targets import is_area
from nanodesk.resources import resource_path

_MOST_PIXELS = 30_000
"""The longest edge that a picture may be resized to."""

_POLITE = ("make*2", "want", "target")


def _rotate(slots: Slots) -> Step | None:
    ways = slots.values("turnway")
    if slots.target != "picture":
        return None
    way = next((way for way in ways if way in {"cw", "ccw"}), "")
    size = [way for way in ways if way not in {"cw", "ccw"}]
    if len(size) > 1 or len(ways) - len(size) > 1 or (size and slots.has("number")):
        return None
    degrees = {"180": 180.0, "quarter": 90.0}[size[0]] if size else 90.0
    sure = 1.0 if ways or slots.has("number") else 0.7
    if slots.has("number"):
        token = slots.token("number")
        if token.unit not in {"", "deg"} or (token.signed and way):
            return None
        degrees = token.number
        if not 0 < abs(degrees) < 360:
            raise UnfitError(f"A picture is rotated by more than 0° and less than 360°, not by {number(degrees)}°.")
    elif not ways and slots.token("rotate").said not in {"rotate", "drehe", "drehen", "rotiere", "rotieren"}:
        return None
    return Step("rotate", (("degrees", -degrees if way == "ccw" else degrees),), sure=sure)


def _half_turn(_: Slots) -> Step:
    """“Half a turn”."""
    return Step("rotate", (("degrees", 180.0),))


def _flip(slots: Slots) -> Step | None:
    if slots.target != "picture":
        return None
    axis = slots.value("axis")
    values = (("axis", "vertical" if axis == "v" else "horizontal"),)
    return Step("flip", values, sure=1.0 if axis else 0.8)


def _straighten(slots: Slots) -> Step | None:
    """“Straighten it”, “straighten by 2° to the left”."""
    if slots.target != "picture":
        return None
    if not slots.has("number"):
        return None if slots.has("turnway") else Step("straighten", sure=0.8)
    token = slots.token("number")
    way = slots.value("turnway", "cw")
    if token.unit not in {"", "deg"} or way not in {"cw", "ccw"} or (token.signed and slots.has("turnway")):
        return None
    if not 0 < abs(token.number) <= 45:
        raise UnfitError(f"A picture is straightened by up to 45°, not by {number(token.number)}°.")
    return Step("straighten", (("degrees", -token.number if way == "ccw" else token.number),))


def _crop_to_ratio(slots: Slots) -> Step | None:
    if slots.target != "picture":
        return None
    if slots.has("ratio"):
        return Step("crop", (("ratio", slots.value("ratio")), *_place(slots)))
    first, second = slots.token("proportion").pair or (0.0, 0.0)
    if min(first, second) <= 0 or max(first, second) > 50 * min(first, second):
        raise UnfitError(f"“{slots.token('proportion').said}” is not a shape that a picture can be cropped to.")
    way = slots.value("orientation")
    if (way == "portrait" and first > second) or (way == "landscape" and first < second):
        first, second = second, first  # “portrait 3:2” is as high as 3 and as wide as 2
    return Step("crop", (("ratio", f"{first:g}:{second:g}"), *_place(slots)))


def _place(slots: Slots) -> tuple[tuple[str, str], ...]:
    return (("place", slots.value("place")),) if slots.has("place") else ()


def _crop_to_pixels(slots: Slots) -> Step | None:
    width, height = _pixels(slots)
    if slots.target != "picture":
        return None
    return Step("crop", (("width", width), ("height", height), *_place(slots)))


def _crop_to_part(slots: Slots) -> Step | None:
    """“Crop to the selection”, “crop in on the subject”, “crop to the bottom third”."""
    target = slots.target
    if slots.has("particle") and slots.token("particle").said in {"out", "aus"}:  # “cut the subject out” is no crop
        cuts = target == "subject" and slots.token("crop").said in {"cut", "schneide", "schneid"}
        return Step("remove-background", target="background", sure=0.9) if cuts else None
    if is_area(target):
        return Step("crop", (("part", target),))
    return Step("crop", (("to", target),)) if target in {"selection", "subject"} else None


def _crop_away(slots: Slots) -> Step | None:
    """“Cut off the left third”: what is left of it."""
    if not is_area(slots.target):
        return None
    side, _, part = slots.target.partition("-")
    percent = {"half": 50.0, "third": 33.3, "quarter": 25.0}[part]
    return Step("crop", (("percent", percent), ("side", side)))


def _keep_part(slots: Slots) -> Step | None:
    """“Keep only the top half”."""
    return Step("crop", (("part", slots.target),)) if is_area(slots.target) else None


def _crop_sides(slots: Slots) -> Step | None:
    """“Trim 20 px from the top”, “crop 10 % off each side”."""
    token, side = slots.token("number"), slots.value("place")
    if slots.target != "picture" or side not in _SIDES or token.signed or token.unit not in {"", "px", "%"}:
        return None
    both = side in {"all", "left-right", "top-bottom"}
    if token.unit == "%" and not 0 < token.number < (50 if both else 100):
        raise UnfitError(f"Cropping {number(token.number)} % off would leave nothing of the picture.")
    value = token.number if token.unit == "%" else _edge(token.number)
    return Step("crop", (("percent" if token.unit == "%" else "px", value), ("side", side)))


def _crop_all_sides(slots: Slots) -> Step | None:
    """“Crop in by 10 %”."""
    token = slots.token("number")
    if slots.target != "picture" or token.unit != "%" or token.signed:
        return None
    if not 0 < token.number < 50:
        raise UnfitError(f"Cropping {number(token.number)} % off every side would leave nothing of the picture.")
    return Step("crop", (("percent", token.number), ("side", "all")), sure=0.7)


def _crop_to_edge(slots: Slots) -> Step | None:
    """“Crop it 100 px wide”."""
    token, edge = slots.token("number"), slots.value("edge")
    if slots.target != "picture" or token.unit not in {"", "px"} or token.signed or edge == "long":
        return None
    return Step("crop", ((edge, _edge(token.number)),))


def _trim(slots: Slots) -> Step | None:
    return Step("crop", (("to", "content"),)) if slots.target == "picture" else None


def _resize_to_pixels(slots: Slots) -> Step | None:
    width, height = _pixels(slots)
    return None if slots.target != "picture" else Step("resize", (("width", width), ("height", height)))


def _pixels(slots: Slots) -> tuple[int, int]:
    first, second = slots.token("dimensions").pair or (0.0, 0.0)
    return _edge(first), _edge(second)


def _edge(pixels: float) -> int:
    if not 1 <= pixels <= _MOST_PIXELS:
        raise UnfitError(f"A picture's edge is between 1 and {_MOST_PIXELS} px, not {number(pixels)}.")
    return round(pixels)


def _resize_to_edge(slots: Slots) -> Step | None:
    token = slots.token("number")
    if slots.target != "picture" or token.unit not in {"", "px"} or token.signed:
        return None
    name = {"width": "width", "height": "height", "long": "long_edge"}[slots.value("edge")]
    return Step("resize", ((name, _edge(token.number)),))


def _resize_by_share(slots: Slots) -> Step | None:
    """“Resize to 50 %”, “20 % smaller”, “enlarge by 50 %”, “twice as big”, “3x bigger”."""
    if slots.target != "picture":
        return None
    if slots.has("factor"):
        percent = 100 * float(slots.value("factor"))
        if slots.has("number"):
            return None
    else:
        token = slots.token("number")
        if token.signed or token.unit not in {"%", "x"}:
            return None
        percent = _share(slots, token.number, token.unit)
        if (slots.value("bigger") == "+" and percent < 100) or (slots.value("bigger") == "-" and percent > 100):
            return None  # “enlarge to 50 %” says two things
    if not 1 <= percent <= 1000:
        raise UnfitError(f"A picture is resized to between 1 and 1000 %, not to {number(percent)} %.")
    return Step("resize", (("percent", percent),))


def _share(slots: Slots, value: float, unit: str) -> float:
    way = slots.value("bigger")
    if unit == "x":
        return 100 / value if way == "-" and value else 100 * value
    said = {token.said for token in slots.found.get("filler", ())}
    to = bool(said & {"to", "auf"}) and not said & {"by", "um"}
    if not way or to:
        return value
    return 100 - value if way == "-" else 100 + value


def _resize_to_preset(slots: Slots) -> Step | None:
    """“Resize for an Instagram story”."""
    size = _presets().get(slots.value("preset"))
    if size is None or slots.target != "picture":
        return None
    return Step("resize", (("width", size[0]), ("height", size[1])))


@cache
def _presets() -> dict[str, tuple[int, int]]:
    rows = json.loads(resource_path("presets.json").read_text(encoding="utf-8"))["presets"]
    return {row["name"]: (row["width"], row["height"]) for row in rows}


def _resize_square(slots: Slots) -> Step | None:
    """“Resize it to 128 pixels”: the longest edge."""
    token = slots.token("number")
    if slots.target != "picture" or token.unit != "px" or token.signed:
        return None
    return Step("resize", (("long_edge", _edge(token.number)),), sure=0.8)


def _upscale(slots: Slots) -> Step | None:
    step = _resize_by_share(slots)
    if step is None or float(dict(step.values).get("percent", 0)) <= 100:
        return None
    return Step("upscale", step.values)


_SIDES = {"all", "top", "bottom", "left", "right", "left-right", "top-bottom"}

SHAPES = (
    Frame(("ratio",), ("crop*2", "alter", "place", "preset", "orientation", *_POLITE), _crop_to_ratio),
    Frame(("proportion",), ("crop*2", "alter", "place", "preset", "orientation", *_POLITE), _crop_to_ratio),
    Frame(("crop", "dimensions"), ("crop*2", "place", *_POLITE), _crop_to_pixels),
    Frame(("cropaway", "target"), ("off",), _crop_away),
    Frame(("crop", "target", "off"), (), _crop_away),
    Frame(("crop", "target"), ("particle",), _crop_to_part),
    Frame(("cutout", "target"), (), _keep_part),
    *(
        Frame((kind, "number", "place"), ("crop*2", "off", "particle", *_POLITE), _crop_sides)
        for kind in ("cropaway", "remove", "crop")
    ),
    Frame(("crop", "number", "edge"), ("crop*2", *_POLITE), _crop_to_edge),
    Frame(("crop", "number"), ("crop*2", "particle", "off", *_POLITE), _crop_all_sides),
    *(
        Frame((verb, kind), ("target", "colour", "off", "particle"), _trim)
        for verb in ("crop", "remove", "cropaway")
        for kind in ("empty", "border", "padding")
    ),
    Frame(("upscale", "number"), _POLITE, _upscale),
    Frame(("upscale", "factor"), _POLITE, _upscale),
    Frame(("dimensions",), ("resize*2", "alter", *_POLITE), _resize_to_pixels),
    Frame(("number", "edge"), ("resize*2", "alter", *_POLITE, "bigger"), _resize_to_edge),
    Frame(("factor",), ("resize*2", "alter", "particle", *_POLITE, "bigger"), _resize_by_share),
    Frame(("number", "bigger"), (*_POLITE, "resize*2"), _resize_by_share),
    Frame(("resize", "number"), (*_POLITE, "bigger", "particle"), _resize_by_share),
    Frame(("resize", "number"), (*_POLITE, "bigger"), _resize_square),
    Frame(("resize", "preset"), ("resize*2", *_POLITE), _resize_to_preset),
    Frame(("straighten",), (*_POLITE, "number", "turnway", "particle"), _straighten),
    Frame(("rotate",), (*_POLITE, "number", "turnway*2", "particle"), _rotate),
    Frame(("halfturn",), (), _half_turn),
    Frame(("flip",), (*_POLITE, "axis"), _flip),
)
