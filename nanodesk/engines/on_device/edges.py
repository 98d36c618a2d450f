"""Frames of what lies round the picture: a wider canvas, borders, rounded corners, a shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError
from nanodesk.engines.on_device.table import number

if TYPE_CHECKING:
    from nanodesk.document.layer import Parameter

_SIDES = {"all", "top", "bottom", "left", "right", "left-right", "top-bottom"}
_POLITE = ("make*2", "want", "target", "dir", "alter", "replace")
_FILLS = ("colour", "fillway", "behindcolour")


def _measure(slots: Slots, default: float, most: float = 100.0) -> dict[str, Parameter] | None:
    """So many pixels or per cent; the default, per cent, where it is not said."""
    thickness = float(slots.value("thickness", "1"))
    if not slots.has("number"):
        return {"percent": default * thickness}
    token = slots.token("number")
    if token.signed or token.unit not in {"", "px", "%"} or slots.has("thickness"):
        return None
    if token.unit == "%":
        if not 0 < token.number <= most:
            raise UnfitError(f"It is between 0 and {number(most)} %, not {number(token.number)} %.")
        return {"percent": token.number}
    if not 1 <= token.number <= 10_000:
        raise UnfitError(f"It is between 1 and 10000 px, not {number(token.number)}.")
    return {"px": round(token.number)}


def _extend(slots: Slots) -> Step | None:
    if not _whole(slots):
        return None
    values: dict[str, Parameter] = {}
    if slots.has("proportion") or slots.has("ratio"):
        values["ratio"] = _ratio(slots)
    elif slots.has("dimensions"):
        pair = slots.token("dimensions").pair or (0, 0)
        if not all(1 <= edge <= 30_000 for edge in pair):
            raise UnfitError("A canvas's edge is between 1 and 30000 px.")
        values.update(width=round(pair[0]), height=round(pair[1]))
    elif not slots.has("number"):
        return None
    else:
        measure = _measure(slots, 10)
        side = slots.value("place", "all")
        if measure is None or side not in _SIDES:
            return None
        values.update(measure, place=side)
    if slots.has("fillway") and slots.has("colour"):
        return None
    values["fill"] = slots.value("fillway") or slots.value("colour")
    return Step("extend", tuple(values.items()))


def _ratio(slots: Slots) -> str:
    if slots.has("ratio"):
        return slots.value("ratio")
    first, second = slots.token("proportion").pair or (0.0, 0.0)
    if min(first, second) <= 0 or max(first, second) > 50 * min(first, second):
        raise UnfitError(f"“{slots.token('proportion').said}” is not a shape that a canvas can have.")
    return f"{first:g}:{second:g}"


def _whole(slots: Slots) -> bool:
    """Whether nothing but the picture is meant; the background's colour may be spoken of."""
    return all(
        value == "picture" or (value == "background" and slots.has("colour")) for value in slots.values("target")
    )


def _padding(slots: Slots) -> Step | None:
    """“Add 40 px of white space at the bottom”, “add some margin”."""
    measure = _measure(slots, 5)
    side = slots.value("place", "all")
    if measure is None or side not in _SIDES or not _whole(slots) or slots.value("dir") == "-":
        return None
    fill = slots.value("fillway") or slots.value("colour", "#ffffff")
    sure = 1.0 if slots.has("colour") or slots.has("fillway") else 0.7
    return Step("extend", (*measure.items(), ("place", side), ("fill", fill)), sure=sure)


def _strip(slots: Slots) -> Step | None:
    """“Add 100 px of black at the bottom”."""
    return _padding(slots) if slots.token("number").unit == "px" and slots.value("dir") == "+" else None


def _padded_to(slots: Slots) -> Step | None:
    """“Make it square by adding white borders”."""
    if not _whole(slots):
        return None
    return Step("extend", (("ratio", slots.value("ratio")), ("fill", slots.value("colour", "#ffffff"))), sure=0.9)


def _border(slots: Slots) -> Step | None:
    measure = _measure(slots, 3)
    if measure is None or not _whole(slots) or slots.value("dir") == "-":
        return None
    sure = 1.0 if slots.has("colour") else 0.7
    return Step("border", (*measure.items(), ("colour", slots.value("colour", "#ffffff"))), sure=sure)


def _corners(slots: Slots) -> Step | None:
    measure = _measure(slots, 6, 50)
    if measure is None or not _whole(slots):
        return None
    return Step("corners", tuple(measure.items()))


def _shadow(slots: Slots) -> Step | None:
    measure = _measure(slots, 2.5)
    if measure is None or slots.target not in {"picture", "subject"} or slots.value("dir") == "-":
        return None
    return Step("drop-shadow", tuple(measure.items()))


EDGES = (
    Frame(
        ("extend",), ("number", "place", *_FILLS, "proportion", "ratio", "dimensions", *_POLITE, "target*2"), _extend
    ),
    Frame(("canvas", "dimensions"), (*_FILLS, *_POLITE, "target*2"), _extend),
    Frame(("ratio", "border"), ("colour", *_POLITE), _padded_to),
    Frame(("padding",), ("number", "place", *_FILLS, *_POLITE, "thickness"), _padding),
    Frame(("dir", "number", "colour", "place"), ("parts",), _strip),
    Frame(("border",), ("number", "colour", "thickness", "around", *_POLITE), _border),
    Frame(("corners",), ("number", *_POLITE, "thickness"), _corners),
    Frame(("roundverb", "cornernoun"), ("number", *_POLITE, "thickness", "particle"), _corners),
    Frame(("dropshadow",), ("strength", "number", "thickness", "behind", *_POLITE), _shadow),
)
