"""Frames of operations with a direction and a strength: brighter, too dark, more contrast, blur it a bit."""

from __future__ import annotations

import math

from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError
from nanodesk.engines.on_device.table import TABLE, Kind, Row, number

_SOFT = ("make*2", "alter", "want*2", "particle*2", "strength", "number", "target")
_ADJECTIVE = ("too", "enough", "neg", "dir", "copula*2", *_SOFT)


def _by_word(slots: Slots) -> Step | None:
    """“Brighten the subject”, “make it slightly warmer”, “black and white”."""
    word = slots.value("do") or slots.value("comp")
    if slots.value("dir") == "-":
        return None
    return _step(slots, word[:-1], word[-1])


def _by_adjective(slots: Slots) -> Step | None:
    """“Too dark”, “not bright enough”, “less blurry”, “make it warm”."""
    kind = next(kind for kind in ("is", "bad", "cast") if slots.has(kind))
    word = slots.value(kind)
    sign = _sense(slots, word[-1], kind)
    return None if sign is None else _step(slots, word[:-1], sign)


def _sense(slots: Slots, sign: str, kind: str) -> str | None:
    other = "-" if sign == "+" else "+"
    way, wished = slots.value("dir"), slots.has("make") or slots.has("want")
    if slots.has("too"):
        return None if slots.has("make") or way or slots.has("neg") else other
    if slots.has("enough") or slots.has("neg"):
        return sign if slots.has("enough") and slots.has("neg") and not way else None
    if way:
        return (other if way == "-" else sign) if kind != "cast" or way == "-" else None
    if kind == "cast":
        return None
    if wished:
        return sign
    return other if kind == "bad" and (slots.has("copula") or slots.has("target")) else None


def _by_noun(slots: Slots) -> Step | None:
    """“More contrast”, “brightness +20”, “reduce the saturation by 30 %”."""
    sign = slots.value("dir")
    if slots.has("number"):
        token = slots.token("number")
        if sign and token.signed:
            return None
        if not sign:
            sign = "-" if token.number < 0 else "+"
    name = slots.value("noun")
    if not sign and name == "blur" and slots.target == "background":
        sign = "+"
    return _step(slots, name, sign) if sign else None


def _step(slots: Slots, name: str, sign: str) -> Step | None:
    row = TABLE[name]
    if sign == "-" and not row.less:
        if not row.opposite:
            raise UnfitError(
                f"“{row.more}” cannot be taken back by an edit; undo the step that did it, or hide its layer."
            )
        row = TABLE[row.opposite]
    values = _strength(slots, row, sign)
    return None if values is None else Step(row.name, values, slots.target)


def _strength(slots: Slots, row: Row, sign: str) -> tuple[tuple[str, float], ...] | None:
    strength = row.strength
    if strength is None:
        return None if slots.has("number") or slots.has("strength") else ()
    if slots.has("number"):
        if slots.has("strength"):
            return None
        return _measured(slots, row, sign)
    value = strength.of_strength(slots.value("strength"))
    return ((strength.name, -value if sign == "-" and row.less else value),)


def _measured(slots: Slots, row: Row, sign: str) -> tuple[tuple[str, float], ...] | None:
    """An amount given as a number."""
    strength, token = row.strength, slots.token("number")
    assert strength is not None
    if token.unit == "px" and row.kind is Kind.SPATIAL:
        if not 0.3 <= token.number <= 1000:
            raise UnfitError(f"A radius is between 0.3 and 1000 px, not {number(token.number)}.")
        return (("radius", token.number),)
    if token.unit not in {"", "%", "ev"} or (token.unit == "ev") != (strength.unit == "EV" and token.unit != "%"):
        return None
    if token.signed and not slots.has("noun"):
        return None
    value = abs(token.number)
    if token.unit == "%" and strength.unit == "EV":
        value = _stops(value, sign)
    value = round(-value if sign == "-" and row.less else value, 3)
    if value == 0 or not strength.holds(value):
        least, most = number(strength.least), number(strength.most)
        raise UnfitError(
            f"{row.name.replace('-', ' ').capitalize()} goes from {least} to {most} {strength.unit},"
            f" and {number(value)} is not in there or changes nothing."
        )
    return ((strength.name, value),)


def _stops(percent: float, sign: str) -> float:
    """Stops for so much per cent more or less light."""
    share = 1 - percent / 100 if sign == "-" else 1 + percent / 100
    return abs(math.log2(share)) if share > 0 else math.inf


TONES = (
    Frame(("do",), (*_SOFT, "dir"), _by_word),
    Frame(("comp",), (*_SOFT, "dir"), _by_word),
    *(Frame((kind,), _ADJECTIVE, _by_adjective) for kind in ("is", "bad", "cast")),
    Frame(("noun",), ("dir", *_SOFT, "copula*2"), _by_noun),
)
