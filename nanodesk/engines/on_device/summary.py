"""What an operation would do, in words with its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.engines.on_device.lexicon import colour_names
from nanodesk.engines.on_device.row import Kind, Row, Values
from nanodesk.engines.on_device.table import TABLE, number, title

if TYPE_CHECKING:
    from collections.abc import Callable

_TARGETS = {
    "outside": "Outside the selection",
    "not-sky": "Everything but the sky",
}


def summary(name: str, values: Values, target: str) -> str:
    """One operation in words: “Background: blurred, radius 20 px”."""
    row = TABLE[name]
    match row.kind:
        case Kind.GEOMETRY:
            return _geometry(name, values)
        case Kind.CANVAS:
            return _canvas(name, values)
        case Kind.TEXT:
            return _text(values)
        case Kind.BACKGROUND:
            return _background(name, values)
        case Kind.REPAIR if name == "fill":
            return f"Fill the selection with {colour_words(values['colour'])}"
        case Kind.REPAIR:
            return "Remove what the selection shows and fill it from its surroundings, as a suggestion"
    where = "" if target == "picture" or target == name else f"{target_words(target)}: "
    words = title(name, values)
    if "range" in values and name != "recolour":
        where = f"{target_words(str(values['range']))} of the {target}: " if target != "picture" else where
    return f"{where}{words[0].lower() + words[1:] if where else words}{_parameters(row, values)}"


def target_words(target: str) -> str:
    """A target for people: “Background”, “Everything but the reds”."""
    if target in _TARGETS:
        return _TARGETS[target]
    if target.startswith("not-"):
        return f"Everything but {'' if target[4:].startswith('@') else 'the '}{target[4:]}"
    words = target.replace("-", " ")
    return words[0].upper() + words[1:]


def colour_words(code: object) -> str:
    """A colour by its name where it has one, else by its code; of a layer, that it is that layer's."""
    text = str(code)
    return f"the colour of {text}" if text.startswith("@") else colour_names().get(text, text)


def _parameters(row: Row, values: Values) -> str:
    told = []
    for measure in row.measures:
        if measure.name in values:
            told.append(f"{measure.name} {number(float(values[measure.name]))} {measure.unit}".replace(" °", "°"))
    told.extend(_OWN[row.name](values) if row.name in _OWN else ())
    strength = row.strength
    if strength is not None and strength.name in values and row.name not in _OWN:
        value = float(values[strength.name])
        sign = "+" if strength.least < 0 < value else ""
        told.append(f"{sign}{number(value)} {strength.unit}".replace(" °", "°").strip())
    return "".join(f", {words}" for words in told)


def _amount(values: Values) -> list[str]:
    return [f"{number(float(values['amount']))} %"] if "amount" in values else []


def _levels(values: Values) -> list[str]:
    told = [f"{name} at {values[name]}" for name in ("black", "white") if name in values]
    return [*told, f"gamma {number(float(values['gamma']))}"] if "gamma" in values else told


def _filtered(values: Values) -> list[str]:
    return [f"{values['filter']} filter"] if "filter" in values else _amount(values)


def _of_colour(values: Values) -> list[str]:
    return [*([colour_words(values["colour"])] if "colour" in values else []), *_amount(values)]


_OWN: dict[str, Callable[[Values], list[str]]] = {
    "levels": _levels,
    "white-balance": lambda values: [f"{float(values['kelvin']):g} K"] if "kelvin" in values else [],
    "posterise": lambda values: [f"{number(float(values['levels']))} levels"],
    "duotone": lambda values: [f"{colour_words(values['dark'])} to {colour_words(values['light'])}"],
    "colourise": _of_colour,
    "recolour": lambda values: [f"{values['range']} to {colour_words(values['colour'])}"],
    "black-and-white": _filtered,
    "vignette": _of_colour,
}


def _text(values: Values) -> str:
    place = str(values.get("place", "bottom")).replace("-", " ")
    words = f"Text “{values['text']}”, {colour_words(values['colour'])}, {place}"
    if values.get("outline_colour"):
        words += f", outline {colour_words(values['outline_colour'])}"
    if values.get("shadow"):
        words += ", with a shadow"
    if values.get("fit"):
        words += ", as wide as the picture"
    if "opacity" in values:
        words += f", opacity {number(float(values['opacity']) * 100)} %"
    return words


def _background(name: str, values: Values) -> str:
    if name == "remove-background":
        return "Remove the background"
    if "picture" in values:
        return f"Replace the background by {values['picture']}"
    if "to" in values:
        first, last = colour_words(values["colour"]), colour_words(values["to"])
        return f"Replace the background by a gradient from {first} to {last}"
    return f"Replace the background by {colour_words(values['colour'])}"


def _canvas(name: str, values: Values) -> str:
    size = ""
    for unit, sign in (("px", "px"), ("percent", "%")):
        if unit in values:
            size = f" {number(float(values[unit]))} {sign}"
    match name:
        case "border":
            return f"Border,{size}, {colour_words(values['colour'])}"
        case "corners":
            return f"Round the corners,{size}"
        case "drop-shadow":
            return f"Drop shadow{',' if size else ''}{size}"
    place = str(values.get("place", "all"))
    where = {"all": "on every side"}.get(place, f"at the {place.replace('-', ' and ')}")
    size = f" to {values['ratio']}" if "ratio" in values else f" by{size} {where}"
    if "width" in values:
        size = f" to {values['width']} × {values['height']} px"
    fill = str(values.get("fill", ""))
    told = {"mirror": ", the picture mirrored", "blur": ", with a blurred edge", "": ", transparent"}
    return f"Extend the canvas{size}{told.get(fill, f', {colour_words(fill)}')}"


def _geometry(name: str, values: Values) -> str:
    match name:
        case "rotate":
            degrees = float(values["degrees"])
            way = "clockwise" if degrees >= 0 else "counterclockwise"
            return "Rotate by 180°" if abs(degrees) == 180 else f"Rotate by {number(abs(degrees))}° {way}"
        case "straighten":
            if "degrees" not in values:
                return "Straighten by its long lines, cropped to what stays full"
            return f"Straighten by {number(float(values['degrees']))}°, cropped to what stays full"
        case "flip":
            return "Flip left to right" if values["axis"] == "horizontal" else "Flip top to bottom"
        case "crop":
            return _crop(values)
        case "upscale":
            return f"Enlarge to {number(float(values['percent']))} %, slightly sharpened"
    return _resize(values)


def _crop(values: Values) -> str:
    place = str(values.get("place", "centre")).replace("-", " ")
    around = "around the centre" if place == "centre" else f"from the {place}"
    if "ratio" in values:
        return f"Crop to {values['ratio']}, {around}"
    if "part" in values:
        return f"Crop to the {str(values['part']).replace('-', ' ')}"
    if "to" in values:
        return "Crop off the plain margins" if values["to"] == "content" else f"Crop to the {values['to']}"
    if "side" in values:
        unit = "%" if "percent" in values else "px"
        side = {"all": "every side"}.get(str(values["side"]), f"the {str(values['side']).replace('-', ' and ')}")
        return f"Crop {number(float(values.get('percent', values.get('px', 0))))} {unit} off {side}"
    if "height" not in values or "width" not in values:
        edge, said = ("width", "wide") if "width" in values else ("height", "high")
        return f"Crop to {values[edge]} px {said}, {around}"
    width, height = values["width"], values["height"]
    return f"Crop to {width} × {height} px, {around}"


def _resize(values: Values) -> str:
    if "percent" in values:
        return f"Resize to {number(float(values['percent']))} %"
    if "width" in values and "height" in values:
        return f"Resize to {values['width']} × {values['height']} px, cropped to that shape around the centre"
    edge = next(edge for edge in ("width", "height", "long_edge") if edge in values)
    said = {"width": "wide", "height": "high", "long_edge": "on the longest edge"}[edge]
    return f"Resize to {values[edge]} px {said}"
