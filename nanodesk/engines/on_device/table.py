"""The operation table: one row for each thing that this engine can do; plan, panel and engine all read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.engines.on_device.shape_rows import EFFECT_ROWS, SHAPE_ROWS
from nanodesk.engines.on_device.tone_rows import TONE_ROWS

if TYPE_CHECKING:
    from nanodesk.engines.on_device.row import Row, Values

TABLE: dict[str, Row] = {row.name: row for row in (*TONE_ROWS, *EFFECT_ROWS, *SHAPE_ROWS)}
"""Every operation by its name."""


def title(name: str, values: Values) -> str:
    """The short name of an operation with the direction its parameters give."""
    row = TABLE[name]
    if name == "look":
        return f"{look_name(str(values['name']))} look"
    if row.less and row.strength is not None and float(values[row.strength.name]) < 0:
        return row.less
    return row.more


def look_name(name: str) -> str:
    """A look's name for people: “Teal orange”."""
    words = name.replace("-", " ")
    return words[0].upper() + words[1:]


def number(value: float) -> str:
    """A number as people write it: no needless zeros, a true minus sign."""
    return f"{value:g}".replace("-", "−")
