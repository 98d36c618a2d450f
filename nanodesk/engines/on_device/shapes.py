"""Frames of operations that change the canvas, add text or treat the background."""

from __future__ import annotations

from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError
from nanodesk.engines.on_device.table import number

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


def _flip(slots: Slots) -> Step | None:
    if slots.target != "picture":
        return None
    axis = slots.value("axis")
    values = (("axis", "vertical" if axis == "v" else "horizontal"),)
    return Step("flip", values, sure=1.0 if axis else 0.8)


def _crop_to_ratio(slots: Slots) -> Step | None:
    if slots.target != "picture":
        return None
    if slots.has("ratio"):
        return Step("crop", (("ratio", slots.value("ratio")),))
    first, second = slots.token("proportion").pair or (0.0, 0.0)
    if min(first, second) <= 0 or max(first, second) > 50 * min(first, second):
        raise UnfitError(f"“{slots.token('proportion').said}” is not a shape that a picture can be cropped to.")
    return Step("crop", (("ratio", f"{first:g}:{second:g}"),))


def _crop_to_pixels(slots: Slots) -> Step | None:
    width, height = _pixels(slots)
    return None if slots.target != "picture" else Step("crop", (("width", width), ("height", height)))


def _crop_to_selection(slots: Slots) -> Step | None:
    return Step("crop", (("to", "selection"),)) if slots.target == "selection" else None


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


def _text(slots: Slots) -> Step | None:
    words = slots.value("quote").strip()
    if not words:
        raise UnfitError("There are no words between the quotation marks; say what the text should read.")
    if slots.target != "picture":
        return None
    values: list[tuple[str, str | float | int]] = [
        ("text", words),
        ("colour", slots.value("colour", "#ffffff")),
        ("place", slots.value("place", "bottom")),
        ("weight", int(slots.value("weight", "600"))),
    ]
    if slots.has("number"):
        token = slots.token("number")
        if slots.has("textsize") or token.unit not in {"px"} or not 4 <= token.number <= 4000:
            return None
        values.append(("size_px", token.number))
    else:
        values.append(("size", float(slots.value("textsize", "1"))))
    return Step("text", tuple(values))


def _remove_background(slots: Slots) -> Step | None:
    removed = slots.has("remove") or slots.has("transparent")
    wanted = "background" if removed else "subject" if slots.has("cutout") else slots.target
    return Step("remove-background", target="background") if slots.target == wanted else None


def _replace_background(slots: Slots) -> Step | None:
    if slots.target != "background":
        return None
    return Step("replace-background", (("colour", slots.value("colour")),), "background")


def _without_background(slots: Slots) -> Step | None:
    return Step("remove-background", target="background") if slots.target in {"picture", "subject"} else None


SHAPES = (
    Frame(("ratio",), ("crop*2", "alter", *_POLITE), _crop_to_ratio),
    Frame(("proportion",), ("crop*2", "alter", *_POLITE), _crop_to_ratio),
    Frame(("crop", "dimensions"), ("crop*2", *_POLITE), _crop_to_pixels),
    Frame(("crop", "target"), (), _crop_to_selection),
    Frame(("dimensions",), ("resize*2", "alter", *_POLITE), _resize_to_pixels),
    Frame(("number", "edge"), ("resize*2", "alter", *_POLITE), _resize_to_edge),
    Frame(("factor",), ("resize*2", "alter", *_POLITE, "bigger"), _resize_by_share),
    Frame(("number", "bigger"), (*_POLITE, "resize*2"), _resize_by_share),
    Frame(("resize", "number"), (*_POLITE, "bigger"), _resize_by_share),
    Frame(("rotate",), (*_POLITE, "number", "turnway*2", "particle"), _rotate),
    Frame(("flip",), (*_POLITE, "axis"), _flip),
    Frame(("quote", "text"), ("text*4", *_POLITE, "textsize", "weight", "colour", "place", "number"), _text),
    Frame(("remove", "target"), ("make", "want"), _remove_background),
    Frame(("cutout", "target"), ("make", "want"), _remove_background),
    Frame(("transparent", "target"), ("make", "want", "replace"), _remove_background),
    Frame(("nobackground",), ("make", "want", "remove", "target"), _without_background),
    Frame(("target", "colour"), ("replace*3", "make", "want"), _replace_background),
)
