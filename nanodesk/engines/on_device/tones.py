"""Frames of operations with a direction and a strength: brighter, too dark, more contrast, lift the shadows."""

from __future__ import annotations

import math
from dataclasses import replace

from nanodesk.engines.on_device.amounts import amounts, of_factor
from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError
from nanodesk.engines.on_device.row import Kind, Row
from nanodesk.engines.on_device.table import TABLE
from nanodesk.engines.on_device.targets import COLOURS as COLOUR_TARGETS
from nanodesk.engines.on_device.targets import TONES as TONE_TARGETS
from nanodesk.engines.on_device.targets import range_of

_SOFT = ("make*2", "alter", "want*2", "particle*2", "strength", "number*2", "target*2", "colournoun")
_ADJECTIVE = ("too", "enough", "neg", "dir", "copula*2", *_SOFT)
_LIGHT = {"brightness", "exposure"}
_PLAIN = {"more", "less", "add", "with", "mehr", "weniger", "mit"}
"""“More shadows” does not say whether there shall be more of them or more light in them."""
_MOST_STOPS = 2.0
"""So many stops, asked for the shadows or highlights alone, are all that there is."""


def _by_word(slots: Slots) -> Step | None:
    """“Brighten the subject”, “make it slightly warmer”, “black and white”."""
    word = slots.value("do") or slots.value("comp")
    if slots.value("dir") == "-":
        return None
    return toned(slots, word[:-1], word[-1])


def _by_adjective(slots: Slots) -> Step | None:
    """“Too dark”, “not bright enough”, “less blurry”, “make it warm”."""
    kind = next(kind for kind in ("is", "bad", "cast") if slots.has(kind))
    word = slots.value(kind)
    sign = _sense(slots, word[-1], kind)
    return None if sign is None else toned(slots, word[:-1], sign)


def _sense(slots: Slots, sign: str, kind: str) -> str | None:
    other = "-" if sign == "+" else "+"
    way, wished = slots.value("dir"), slots.has("make") or slots.has("want")
    if slots.has("too"):
        return None if slots.has("make") or way or slots.has("neg") else other
    if slots.has("enough") or slots.has("neg"):
        return sign if slots.has("enough") and slots.has("neg") and not way else None
    if way:
        return other if way == "-" else sign
    if kind == "cast":
        return None
    if wished or (kind == "is" and slots.has("strength") and not slots.has("copula")):
        return sign  # “make it bright”, “super saturated”
    complains = slots.has("copula") or slots.has("target") or slots.has("colournoun")
    return other if kind == "bad" and complains else None


def _by_noun(slots: Slots) -> Step | None:
    """“More contrast”, “brightness +20”, “reduce the saturation by 30 %”."""
    sign = slots.value("dir")
    if slots.has("number"):
        token = slots.token("number")
        if sign and token.signed and (sign == "-" or token.number < 0):
            return None
        if not sign:
            sign = "-" if token.number < 0 else "+"
    name = slots.value("noun")
    if not sign and (slots.has("strength") or (name == "blur" and slots.target == "background")):
        sign = "+"  # “a bit of contrast”, “background blur”
    return toned(slots, name, sign) if sign else None


def _by_factor(slots: Slots) -> Step | None:
    """“Twice as bright”, “double the contrast”, “half the saturation”, “desaturate by half”."""
    word = slots.value("is") or slots.value("comp") or slots.value("do")
    name, factor = slots.value("noun") or word[:-1], float(slots.value("factor"))
    if word.endswith("-") and (not slots.has("do") or factor >= 1):
        return None
    if slots.value("dir") == "-" and factor > 1:
        return None
    if factor < 1 and (slots.value("dir") == "+" or (slots.has("do") and word.endswith("+"))):
        factor += 1  # “increase it by half”
    row = TABLE["exposure" if name in _LIGHT else name]
    values = of_factor(factor, row)
    return None if values is None else placed(Step(row.name, values, slots.target, 0.9))


def _by_tone(slots: Slots) -> Step | None:
    """“Lift the shadows”, “bring down the highlights”, “crush the blacks”, “shadows +30”."""
    target = slots.target
    sign = slots.value("tonedir") or slots.value("dir")
    if target in COLOUR_TARGETS and slots.has("dir"):  # “enhance the blues”
        plain = slots.token("dir").said in _PLAIN
        return None if plain else toned(slots, "saturation", sign)
    if target not in TONE_TARGETS:
        return None
    if sign == "recover":
        sign = {"shadows": "+", "blacks": "+", "highlights": "-", "whites": "-"}.get(target, "")
    if slots.has("number") and not sign:
        token = slots.token("number")
        sign = "-" if token.number < 0 else "+" if token.signed else ""
        slots.found.setdefault("noun", [])
    if not sign or (slots.has("dir") and slots.token("dir").said in _PLAIN):
        return None
    row = TABLE[target]
    values = amounts(slots, row, sign)
    return None if values is None else Step(row.name, values, target)


def _by_pop(slots: Slots) -> Step | None:
    """“The colours should pop more”; “make the subject pop”."""
    if slots.has("colournoun"):
        return toned(slots, "saturation", "+")
    step = toned(slots, "vibrance" if slots.target == "picture" else "clarity", "+")
    return None if step is None else Step(step.operation, step.values, step.target, 0.6)


def _stops_alone(slots: Slots) -> Step | None:
    """“−1 EV”."""
    token = slots.token("number")
    if token.unit != "ev" or not token.signed:
        return None
    slots.found["noun"] = []  # a sign alone says which way
    values = amounts(slots, TABLE["exposure"], "-" if token.number < 0 else "+")
    return None if values is None else Step("exposure", values, slots.target)


def _without(slots: Slots) -> Step | None:
    """“Remove the grain”, “get rid of the blur”."""
    name = slots.value("noun")
    return toned(slots, name, "-") if name in {"grain", "haze", "blur"} else None


def _motion(slots: Slots) -> Step | None:
    """“Motion blur to the right, 12 px”, “horizontal motion blur”."""
    values = amounts(slots, TABLE["motion-blur"], "+")
    if values is None:
        return None
    given = dict(values)
    if slots.has("axis") or slots.has("turnway"):
        if "degrees" in given or slots.value("turnway") not in {"", "cw", "ccw"}:
            return None
        given["degrees"] = 90.0 if slots.value("axis") == "v" else 0.0
    return placed(Step("motion-blur", tuple(given.items()), slots.target))


def toned(slots: Slots, name: str, sign: str) -> Step | None:
    """The step of a row with the amount that the clause gives.

    Raises:
        UnfitError: when it cannot be taken back, or not on that part of the picture.
    """
    if name == "brightness" and any(token.unit == "ev" for token in slots.found.get("number", ())):
        name = "exposure"
    row = TABLE[name]
    if sign == "-" and not row.less:
        if not row.opposite:
            raise UnfitError(
                f"“{row.more}” cannot be taken back by an edit; undo the step that did it, or hide its layer."
            )
        row = TABLE[row.opposite]
    values = amounts(slots, row, sign)
    found = _places(slots.values("target"))
    if values is None or found is None:
        return None
    place, within = found
    if not within or not place:
        return placed(_of_tone(row, values, within or place or "picture"))
    step = placed(_of_tone(row, values, within))
    told = (*step.values, ("range", range_of(within))) if step.operation == row.name else step.values
    return replace(step, values=told, target=place)


def _places(targets: list[str]) -> tuple[str, str] | None:
    """A place and a range of tones or colours: “the reds in the background”; none where there are two of a kind."""
    places = [target for target in targets if not range_of(target) and target != "picture"]
    ranges = [target for target in targets if range_of(target)]
    if len(places) > 1 or len(ranges) > 1:
        return None
    return (places or [""])[0], (ranges or [""])[0]


def _of_tone(row: Row, values: tuple[tuple[str, float], ...], target: str) -> Step:
    """Light for a tone alone is that tone's own curve: “brighten the shadows” lifts them."""
    if target not in TONE_TARGETS or row.name not in _LIGHT:
        return Step(row.name, values, target)
    value = values[0][1]
    strength = row.strength
    if row.name == "exposure":
        value = round(max(-100.0, min(100.0, value / _MOST_STOPS * 100)))
    elif strength is not None and abs(value) == strength.default:
        own = TABLE[target].strength
        value = math.copysign(strength.default if own is None else own.default, value)
    return Step(target, (("amount", value),), target)


def placed(step: Step) -> Step:
    """The step, if it can act where it should.

    Raises:
        UnfitError: when it acts on more than colour and light, and should do so in a range of these.
    """
    if range_of(step.target) and TABLE[step.operation].kind is not Kind.POINTWISE:
        raise UnfitError(
            f"“{TABLE[step.operation].more}” cannot be limited to the {step.target.removeprefix('not-')};"
            " draw a selection and tie it to the edit."
        )
    return step


def _depth(slots: Slots) -> Step | None:
    """“Shallow depth of field”: it is the background that gets out of focus."""
    values = amounts(slots, TABLE["lens-blur"], "+")
    if values is None or slots.target not in {"picture", "background"}:
        return None
    return Step("lens-blur", values, "background", 0.9)


TONES = (
    Frame(("do",), (*_SOFT, "dir"), _by_word),
    Frame(("comp",), (*_SOFT, "dir"), _by_word),
    *(Frame((kind,), _ADJECTIVE, _by_adjective) for kind in ("is", "bad", "cast")),
    Frame(("noun",), ("dir", *_SOFT, "copula*2"), _by_noun),
    *(
        Frame(("factor", kind), ("make*2", "want", "target", "strength", "colournoun", "dir"), _by_factor)
        for kind in ("noun", "is", "comp", "do")
    ),
    Frame(("dir", "target"), ("tonedir", "make", "strength", "number", "particle", "want"), _by_tone),
    Frame(("tonedir", "target"), ("make", "strength", "number", "particle", "want"), _by_tone),
    Frame(("target", "number"), (), _by_tone),
    Frame(("number",), ("target",), _stops_alone),
    Frame(("pop",), ("colournoun", "want", "make", "dir", "strength", "target"), _by_pop),
    Frame(("remove", "noun"), ("target", "strength", "number"), _without),
    Frame(("dof",), ("make", "dir", "strength", "number", "target"), _depth),
    Frame(("motion",), ("axis", "turnway", "number*2", "strength", "target", "make", "dir"), _motion),
)
