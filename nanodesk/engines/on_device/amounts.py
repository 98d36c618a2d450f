"""How much: strength words, numbers with units and factors as the parameters of a row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nanodesk.engines.on_device.frames import UnfitError
from nanodesk.engines.on_device.table import number

if TYPE_CHECKING:
    from nanodesk.engines.on_device.frames import Slots
    from nanodesk.engines.on_device.reading import Token
    from nanodesk.engines.on_device.row import Range, Row

Amounts = tuple[tuple[str, float], ...]


def amounts(slots: Slots, row: Row, sign: str) -> Amounts | None:
    """The parameters that a clause gives, the defaults where it gives none; none where they do not go together.

    Raises:
        UnfitError: when a number is out of range.
    """
    strength = row.strength
    numbers = slots.found.get("number", [])
    if strength is None:
        return None if numbers or slots.has("strength") else ()
    if numbers:
        return None if slots.has("strength") else _measured(numbers, slots, row, sign)
    value = strength.of_strength(slots.value("strength"))
    return ((strength.name, -value if sign == "-" and row.less else value),)


def _measured(numbers: list[Token], slots: Slots, row: Row, sign: str) -> Amounts | None:
    """Amounts given as numbers, each to the parameter of its unit."""
    values: dict[str, float] = {}
    for token in numbers:
        measure = _range_for(token, row)
        if measure is None or measure.name in values or (token.signed and not slots.has("noun")):
            return None
        if measure is row.strength:
            values[measure.name] = _strength(token, row, sign)
        else:
            if not measure.holds(token.number):
                raise UnfitError(_out_of(measure, token.number))
            values[measure.name] = token.number
    strength = row.strength
    if strength is not None and set(values) == {"degrees"} and strength.name != "degrees":
        values[strength.name] = strength.default
    return tuple(values.items())


_IN_PIXELS = {"blur", "lens-blur", "motion-blur", "pixelate"}
"""What is measured in pixels where no unit is said: “gaussian blur 5”."""


def _range_for(token: Token, row: Row) -> Range | None:
    unit = {"deg": "°", "ev": "EV", "level": ""}.get(token.unit, token.unit)
    if not unit and row.name in _IN_PIXELS:
        return row.measures[0]
    for measure in (row.strength, *row.measures):
        if measure is not None and measure.unit == unit:
            return measure
    strength = row.strength
    if strength is None or (unit and not (unit == "%" and strength.unit == "EV")):
        return None
    # A number without a unit is of the operation's own; “−1” of exposure are stops.
    return strength if unit or strength.unit in {"%", "", "EV", "°"} else None


def _strength(token: Token, row: Row, sign: str) -> float:
    strength = row.strength
    assert strength is not None
    value = abs(token.number)
    if token.unit == "%" and strength.unit == "EV":
        value = _stops(value, sign)
    negative = (sign == "-" and bool(row.less)) or (not row.less and token.number < 0)
    value = round(-value if negative else value, 3)
    if value == 0 or not strength.holds(value):
        least, most = number(strength.least), number(strength.most)
        raise UnfitError(
            f"{row.name.replace('-', ' ').capitalize()} goes from {least} to {most} {strength.unit}".rstrip()
            + f", and {number(value)} is not in there or changes nothing."
        )
    return value


def _out_of(measure: Range, value: float) -> str:
    least, most = number(measure.least), number(measure.most)
    return f"A {measure.name} is between {least} and {most} {measure.unit}, not {number(value)}."


def _stops(percent: float, sign: str) -> float:
    """Stops for so much per cent more or less light."""
    share = 1 - percent / 100 if sign == "-" else 1 + percent / 100
    return abs(math.log2(share)) if share > 0 else math.inf


def of_factor(factor: float, row: Row) -> Amounts | None:
    """“Twice”, “half”: stops where light is meant, else so much per cent more or less, as far as the row goes."""
    strength = row.strength
    if strength is None or factor <= 0 or factor == 1:
        return None
    if strength.unit == "EV":
        return ((strength.name, round(math.log2(factor), 3)),)
    if strength.unit != "%" or (factor < 1 and not row.less):
        return None
    return ((strength.name, min(strength.most, max(strength.least, round(100 * (factor - 1), 1)))),)
