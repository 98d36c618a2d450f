"""Frames of operations on colour that take a colour, a name or a point: duotone, looks, levels, recolouring."""

from __future__ import annotations

from nanodesk.engines.on_device.amounts import amounts
from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError
from nanodesk.engines.on_device.table import TABLE, number
from nanodesk.engines.on_device.targets import COLOURS as RANGES
from nanodesk.engines.on_device.targets import complement, range_of
from nanodesk.engines.on_device.tones import placed

_POLITE = ("make*2", "want", "target")
_HUES = (
    ("reds", 345, 12),
    ("oranges", 12, 42),
    ("yellows", 42, 70),
    ("greens", 70, 165),
    ("cyans", 165, 195),
    ("blues", 195, 258),
    ("purples", 258, 292),
    ("pinks", 292, 345),
)


def _look(slots: Slots) -> Step | None:
    values = amounts(slots, TABLE["look"], "+")
    if values is None or slots.value("dir") == "-" or (slots.has("dir") and range_of(slots.target)):
        return None  # “lift the blacks for a matte look” speaks of the blacks
    return placed(Step("look", (("name", slots.value("look")), *values), slots.target))


def _filtered(slots: Slots) -> Step | None:
    """“Black and white with a red filter”."""
    word = slots.value("comp") or slots.value("do")
    if word != "black-and-white+":
        return None
    return placed(Step("black-and-white", (("amount", 100), ("filter", slots.value("bwfilter"))), slots.target))


def _duotone(slots: Slots) -> Step | None:
    colours = slots.values("colour")
    if len(colours) != 2:
        return None
    dark, light = colours
    if all(code.startswith("#") for code in colours) and luma(dark) > luma(light):
        dark, light = light, dark
    return placed(Step("duotone", (("dark", dark), ("light", light)), slots.target))


def luma(code: str) -> float:
    """How light `#rrggbb` is, 0 to 255."""
    red, green, blue = (int(code[place : place + 2], 16) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colourise(slots: Slots) -> Step | None:
    """“Tint it blue”, “give it a golden tint”; “colourise it in green” goes all the way."""
    if slots.has("castnoun") and not (slots.has("make") or slots.value("dir") == "+"):
        return None
    row = TABLE["colourise"]
    values = amounts(slots, row, "+")
    if values is None:
        return None
    if slots.value("tinting") == "full" and not slots.has("number") and not slots.has("strength"):
        values = (("amount", 100.0),)
    return placed(Step("colourise", (("colour", slots.value("colour")), *values), slots.target))


def _cast(slots: Slots) -> Step | None:
    """“There is a yellow cast”, “remove the green tint”, “shift the tint to magenta”."""
    word = slots.value("cast") or slots.value("colourcast")
    sign = "-" if word[-1] == "+" else "+"
    if slots.has("alter") or slots.has("towards"):
        if slots.has("remove") or slots.has("copula"):
            return None
        sign = word[-1]
    elif slots.has("remove") and not slots.has("castnoun") and slots.has("target"):
        return None  # “take the yellow out of it” is clear; of a part, a colour there may be meant
    elif slots.value("dir") == "+" or (slots.has("make") and not slots.has("remove")):
        return None
    row = TABLE[word[:-1]]
    values = amounts(slots, row, sign)
    return None if values is None else placed(Step(row.name, values, slots.target))


def _recolour(slots: Slots) -> Step | None:
    """“Turn the orange parts blue”, “change the red to #2050d0”, “make the oranges blue”."""
    colours, targets = slots.values("colour"), slots.values("target")
    ranges = [target for target in targets if target in RANGES]
    places = [target for target in targets if target not in RANGES]
    if len(places) > 1 or places == ["picture"]:
        return None
    if len(ranges) == len(colours) == 1:
        source, wanted = ranges[0], colours[0]
    elif len(colours) == 2 and not ranges:
        source, wanted = range_named(colours[0]), colours[1]
    else:
        return None
    if not source:
        raise UnfitError("Only a colour can be changed to another, not black, white or grey.")
    return Step("recolour", (("range", source), ("colour", wanted)), places[0] if places else source, 0.8)


def range_named(code: str) -> str:
    """The colour range that `#rrggbb` lies in; nothing for greys and for a layer's colour."""
    import colorsys

    if not code.startswith("#"):
        return ""
    red, green, blue = (int(code[place : place + 2], 16) / 255 for place in (1, 3, 5))
    if max(red, green, blue) - min(red, green, blue) < 0.12:
        return ""
    degrees = colorsys.rgb_to_hsv(red, green, blue)[0] * 360
    return next(
        name
        for name, first, last in _HUES
        if first <= degrees < last or (first > last and (degrees >= first or degrees < last))
    )


def _kept_in_colour(slots: Slots) -> Step | None:
    """“Keep only the reds in colour”."""
    if slots.value("kept") != "colour" or slots.target == "picture":
        return None
    return placed(Step("black-and-white", (("amount", 100),), complement(slots.target)))


def _selective(slots: Slots) -> Step | None:
    """“Selective colour red”, “keep only the red in colour”."""
    if slots.has("kept") and slots.value("kept") != "colour":
        return None
    name = range_named(slots.value("colour"))
    return Step("black-and-white", (("amount", 100),), f"not-{name}", 0.9) if name else None


def _levels(slots: Slots) -> Step | None:
    numbers = [token.number for token in slots.found["number"]]
    if slots.has("levelpoint"):
        name = slots.value("levelpoint")
        if len(numbers) != 1:
            return None
        limits = {"gamma": (0.1, 10.0), "black": (0.0, 254.0), "white": (1.0, 255.0)}[name]
        if not limits[0] <= numbers[0] <= limits[1]:
            raise UnfitError(f"It goes from {number(limits[0])} to {number(limits[1])}, not to {number(numbers[0])}.")
        value = numbers[0] if name == "gamma" else round(numbers[0])
        return placed(Step("levels", ((name, value),), slots.target))
    if len(numbers) != 2 or not 0 <= numbers[0] < numbers[1] <= 255:
        return None
    return placed(Step("levels", (("black", round(numbers[0])), ("white", round(numbers[1]))), slots.target))


def _named(slots: Slots) -> Step | None:
    """“Auto levels”, “auto white balance”, “an s-curve”."""
    name = slots.value("auto")
    if name == "s-curve":
        strength = {"slightly": 12, "": 25, "strongly": 45, "extremely": 70}[slots.value("strength")]
        return placed(Step("contrast", (("amount", strength),), slots.target))
    return None if slots.has("strength") else placed(Step(name, (), slots.target))


def _fixed(slots: Slots) -> Step | None:
    """“Correct the white balance”, “auto contrast”, “fix the colours”."""
    if slots.has("noun") and slots.value("noun") not in {"contrast", "brightness", "exposure"}:
        return None
    light = slots.has("balance") or slots.has("colournoun") or slots.has("castnoun")
    if slots.has("dir") and slots.value("dir") == "-":
        return None
    return placed(Step("auto-white-balance" if light else "auto-levels", (), slots.target, 0.9))


def _kelvin(slots: Slots) -> Step | None:
    token = slots.token("number")
    if token.unit not in {"", "K"} or token.signed:
        return None
    if not 1700 <= token.number <= 20000:
        raise UnfitError(f"A light's temperature is between 1700 and 20000 K, not {number(token.number)}.")
    return placed(Step("white-balance", (("kelvin", token.number),), slots.target))


def _hue(slots: Slots) -> Step | None:
    token = slots.token("number")
    if token.unit not in {"", "deg"} or not 0 < abs(token.number) < 360:
        return None
    degrees = token.number if abs(token.number) <= 180 else token.number - 360
    return placed(Step("hue", (("degrees", degrees),), slots.target))


def _threshold(slots: Slots) -> Step | None:
    share = 50.0
    if slots.has("number"):
        token = slots.token("number")
        share = token.number if token.unit == "%" else token.number / 255 * 100
        if token.unit not in {"", "%"} or not 1 <= share <= 99:
            raise UnfitError("A threshold is between 1 and 99 %, or between 3 and 252.")
    return placed(Step("threshold", (("percent", round(share, 1)),), slots.target))


def _colour_levels(slots: Slots) -> Step | None:
    token = slots.token("number")
    if slots.value("dir", "-") != "-" or token.unit:
        return None
    if not 2 <= token.number <= 64:
        raise UnfitError(f"Posterise goes from 2 to 64 levels, not to {number(token.number)}.")
    return placed(Step("posterise", (("levels", round(token.number)),), slots.target))


def _by_levels(slots: Slots) -> Step | None:
    """“Posterise to 4 levels”."""
    return _colour_levels(slots) if slots.value("do") == "posterise+" else None


def _by_blocks(slots: Slots) -> Step | None:
    """“Pixelate in 16 px blocks”."""
    if slots.value("do") != "pixelate+":
        return None
    values = amounts(slots, TABLE["pixelate"], "+")
    return None if values is None else placed(Step("pixelate", values, slots.target))


def _vignette(slots: Slots) -> Step | None:
    """“A white vignette”."""
    if slots.value("do") != "vignette+":
        return None
    values = amounts(slots, TABLE["vignette"], "+")
    if values is None:
        return None
    return placed(Step("vignette", (*values, ("colour", slots.value("colour"))), slots.target))


COLOURS = (
    Frame(("look",), (*_POLITE, "strength", "number", "dir", "alter", "looknoun*2", "colournoun"), _look),
    *(Frame((kind, "bwfilter"), (*_POLITE, "alter"), _filtered) for kind in ("comp", "do")),
    Frame(("duotone", "colour"), ("colour*2", *_POLITE, "alter", "dir"), _duotone),
    Frame(("tinting", "colour"), (*_POLITE, "strength", "number", "alter"), _colourise),
    Frame(("colour", "castnoun"), (*_POLITE, "dir", "strength", "number"), _colourise),
    Frame(("cast", "castnoun"), (*_POLITE, "remove", "copula", "strength", "number", "alter", "towards", "dir"), _cast),
    Frame(("remove", "cast"), ("make", "strength", "particle"), _cast),
    Frame(("colourcast",), ("target", "remove", "copula", "strength", "number"), _cast),
    Frame(("tinting", "towards", "cast"), ("target", "strength", "number"), _cast),
    Frame(("replace", "colour"), ("replace*3", "colour*2", "parts", "target*2", "make", "alter"), _recolour),
    Frame(("alter", "colour"), ("replace*3", "colour*2", "parts", "target*2", "make", "towards"), _recolour),
    Frame(("cutout", "target", "kept"), (), _kept_in_colour),
    Frame(("cutout", "colour", "kept"), ("parts",), _selective),
    Frame(("selective", "colour"), ("make",), _selective),
    Frame(("levelpoint", "number"), ("make", "want"), _levels),
    Frame(("levelnoun", "number"), ("number*2", "make"), _levels),
    Frame(("auto",), (*_POLITE, "strength", "dir", "alter"), _named),
    *(
        Frame(("fixing", kind), ("fixing*2", "make", "alter", "dir", "target"), _fixed)
        for kind in ("balance", "levelnoun", "colournoun", "castnoun", "noun")
    ),
    Frame(("balance", "number"), ("make", "alter", "want", "target"), _kelvin),
    Frame(("huenoun", "number"), ("alter", "rotate", "make", "target"), _hue),
    Frame(("threshold",), (*_POLITE, "number", "alter"), _threshold),
    Frame(("colourlevels", "number"), ("dir", "make", "target", "alter"), _colour_levels),
    Frame(("do", "number", "levelnoun"), ("make", "target"), _by_levels),
    Frame(("do", "number", "parts"), ("make", "target", "dir"), _by_blocks),
    Frame(("do", "colour"), ("make", "dir", "strength", "number", "target"), _vignette),
)
