"""The operation table: one row for each thing that this engine can do; plan, panel and engine all read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nanodesk.document.layer import Parameter
from nanodesk.engines.on_device.lexicon import colour_names

Values = dict[str, Parameter]


class Kind(StrEnum):
    """What an operation works on, and so what it becomes."""

    POINTWISE = "pointwise"
    SPATIAL = "spatial"
    GEOMETRY = "geometry"
    TEXT = "text"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Range:
    """A number that an operation takes.

    Attributes:
        default: what a bare word ("warmer") means; `slightly`, `strongly` and `extremely` are its other strengths.
        unit: "%" , "EV", "px" or "°".
    """

    name: str
    unit: str
    least: float
    most: float
    default: float
    slightly: float = 0.0
    strongly: float = 0.0
    extremely: float = 0.0

    def of_strength(self, strength: str) -> float:
        """The number that a strength word stands for; the default for none."""
        if not strength:
            return self.default
        return {"slightly": self.slightly, "strongly": self.strongly, "extremely": self.extremely}[strength]

    def holds(self, value: float) -> bool:
        """Whether a number lies in the range."""
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Row:
    """One operation.

    Attributes:
        strength: the number that strength words and percentages set; none where there is none.
        more, less: layer name and summary for more and for less of it ("Warmer", "Cooler").
        opposite: the row that undoes it, for operations that go one way only.
        examples: sentences that the grammar understands as this operation.
    """

    name: str
    kind: Kind
    more: str
    less: str = ""
    strength: Range | None = None
    opposite: str = ""
    examples: tuple[str, ...] = ()


def _percent(default: float, slightly: float, strongly: float, extremely: float, least: float = -100) -> Range:
    return Range("amount", "%", least, 100, default, slightly, strongly, extremely)


_ROWS = (
    Row(
        "brightness",
        Kind.POINTWISE,
        "Brighter",
        "Darker",
        _percent(30, 12, 60, 100),
        examples=("Make it brighter", "Make it slightly darker", "Brighten the subject", "Brightness +20 %"),
    ),
    Row(
        "exposure",
        Kind.POINTWISE,
        "More exposure",
        "Less exposure",
        Range("stops", "EV", -5, 5, 0.7, 0.3, 1.5, 3),
        examples=("Increase the exposure", "Exposure +1 stop"),
    ),
    Row(
        "contrast",
        Kind.POINTWISE,
        "More contrast",
        "Less contrast",
        _percent(30, 12, 60, 100),
        examples=("More contrast", "Reduce the contrast slightly"),
    ),
    Row(
        "saturation",
        Kind.POINTWISE,
        "More saturated",
        "Less saturated",
        _percent(30, 12, 60, 100),
        examples=("More saturated", "Desaturate the background", "Make the colours pop"),
    ),
    Row(
        "warmth",
        Kind.POINTWISE,
        "Warmer",
        "Cooler",
        _percent(35, 15, 65, 100),
        examples=("Make it warmer", "Make it slightly cooler"),
    ),
    Row(
        "black-and-white",
        Kind.POINTWISE,
        "Black and white",
        strength=_percent(100, 40, 100, 100, 0),
        examples=("Make it black and white", "Make the background black and white"),
    ),
    Row(
        "sepia",
        Kind.POINTWISE,
        "Sepia",
        strength=_percent(80, 40, 100, 100, 0),
        examples=("Make it sepia",),
    ),
    Row("invert", Kind.POINTWISE, "Inverted", examples=("Invert the colours",)),
    Row(
        "blur",
        Kind.SPATIAL,
        "Blurred",
        strength=_percent(30, 12, 60, 100, 0),
        opposite="sharpen",
        examples=("Blur the background", "Blur it slightly", "Blur the selection"),
    ),
    Row(
        "sharpen",
        Kind.SPATIAL,
        "Sharpened",
        strength=_percent(40, 20, 75, 100, 0),
        opposite="blur",
        examples=("Sharpen it", "Sharpen the subject a lot"),
    ),
    Row(
        "rotate",
        Kind.GEOMETRY,
        "Rotated",
        strength=Range("degrees", "°", -360, 360, 90),
        examples=("Rotate 90° clockwise", "Rotate by 5 degrees", "Turn it upside down"),
    ),
    Row("flip", Kind.GEOMETRY, "Flipped", examples=("Flip horizontally", "Flip vertically")),
    Row("crop", Kind.GEOMETRY, "Cropped", examples=("Crop to a square", "Crop to 16:9", "Crop to 4:5")),
    Row(
        "resize",
        Kind.GEOMETRY,
        "Resized",
        examples=("Resize to 1920 px wide", "Resize to 50 %", "Make it half the size"),
    ),
    Row(
        "text",
        Kind.TEXT,
        "Text",
        examples=("Add the text “HELLO” at the bottom", "Write “SALE” in red at the top left"),
    ),
    Row(
        "remove-background",
        Kind.BACKGROUND,
        "Background removed",
        examples=("Remove the background", "Cut out the subject"),
    ),
    Row(
        "replace-background",
        Kind.BACKGROUND,
        "Background replaced",
        examples=("Make the background white", "Replace the background by light blue"),
    ),
)

TABLE: dict[str, Row] = {row.name: row for row in _ROWS}
"""Every operation by its name."""


def number(value: float) -> str:
    """A number as people write it: no needless zeros, a true minus sign."""
    return f"{value:g}".replace("-", "−")


def summary(name: str, values: Values, target: str) -> str:
    """What an operation would do, in words with its parameters."""
    row = TABLE[name]
    match row.kind:
        case Kind.GEOMETRY:
            return _geometry_summary(name, values)
        case Kind.TEXT:
            place = str(values.get("place", "bottom")).replace("-", " ")
            return f"Text “{values['text']}”, {_colour(values)}, {place}"
        case Kind.BACKGROUND if name == "replace-background":
            return f"Replace the background by {_colour(values)}"
        case Kind.BACKGROUND:
            return "Remove the background"
    where = "" if target == "picture" else f"{target.capitalize()}: "
    words = title(name, values)
    return f"{where}{words.lower() if where else words}{_parameter_words(row, values)}"


def _colour(values: Values) -> str:
    code = str(values["colour"])
    return colour_names().get(code, code)


def _parameter_words(row: Row, values: Values) -> str:
    if "radius" in values:
        return f", radius {number(float(values['radius']))} px"
    if row.strength is None:
        return ""
    value = float(values[row.strength.name])
    sign = "+" if row.strength.least < 0 < value else ""
    return f", {sign}{number(value)} {row.strength.unit}"


def title(name: str, values: Values) -> str:
    """The short name of an operation with the direction its parameters give."""
    row = TABLE[name]
    if row.less and row.strength is not None and float(values[row.strength.name]) < 0:
        return row.less
    return row.more


def _geometry_summary(name: str, values: Values) -> str:
    match name:
        case "rotate":
            degrees = float(values["degrees"])
            way = "clockwise" if degrees >= 0 else "counterclockwise"
            return "Rotate by 180°" if abs(degrees) == 180 else f"Rotate by {number(abs(degrees))}° {way}"
        case "flip":
            return "Flip left to right" if values["axis"] == "horizontal" else "Flip top to bottom"
        case "crop":
            if "ratio" in values:
                return f"Crop to {values['ratio']}, around the centre"
            if values.get("to") == "selection":
                return "Crop to the selection"
            return f"Crop to {values['width']} × {values['height']} px, around the centre"
    if "percent" in values:
        return f"Resize to {number(float(values['percent']))} %"
    if "width" in values and "height" in values:
        return f"Resize to {values['width']} × {values['height']} px, cropped to that shape around the centre"
    edge = next(edge for edge in ("width", "height", "long_edge") if edge in values)
    said = {"width": "wide", "height": "high", "long_edge": "on the longest edge"}[edge]
    return f"Resize to {values[edge]} px {said}"
