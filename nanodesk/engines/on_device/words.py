"""Frames of text: what is written, and how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError

if TYPE_CHECKING:
    from nanodesk.document.layer import Parameter

_MAY = (
    "text*4",
    "place*2",
    "make*2",
    "want",
    "textsize",
    "weight",
    "colour",
    "number*2",
    "outline",
    "dropshadow",
    "fitwidth",
    "align",
    "opacity",
    "oneline",
    "dir",
)


def _text(slots: Slots) -> Step | None:
    words = slots.value("quote").strip()
    if not words:
        raise UnfitError("There are no words between the quotation marks; say what the text should read.")
    values: dict[str, Parameter] = {
        "text": words,
        "colour": slots.value("colour", "#ffffff"),
        "place": _place(slots),
        "weight": int(slots.value("weight", "600")),
    }
    if values["place"] not in _PLACES or not _measured(slots, values):
        return None
    if slots.has("outline"):
        values["outline_colour"] = slots.value("outline")
    if slots.has("dropshadow"):
        values["shadow"] = True
    if slots.has("fitwidth"):
        values["fit"] = "width"
    if slots.has("oneline"):
        values["wrap"] = False
    if slots.has("align"):
        values["align"] = slots.value("align")
    return Step("text", tuple(values.items()))


def _place(slots: Slots) -> str:
    """Where the words stand; “centred at the bottom” is the middle of the lower edge."""
    places = slots.values("place")
    if len(places) == 2 and "centre" in places:
        return places[1 - places.index("centre")]
    return places[0] if len(places) == 1 else "" if places else "bottom"


_PLACES = {
    "top",
    "bottom",
    "left",
    "right",
    "centre",
    "top-left",
    "top-right",
    "bottom-left",
    "bottom-right",
}


def _measured(slots: Slots, values: dict[str, Parameter]) -> bool:
    """Take over the numbers: pixels are the size, per cent the opacity; whether they make sense."""
    size = 0.0
    for token in slots.found.get("number", ()):
        if token.unit == "px" and not size and 4 <= token.number <= 4000 and not slots.has("textsize"):
            size = token.number
        elif token.unit == "%" and slots.has("opacity") and "opacity" not in values and 1 <= token.number <= 100:
            values["opacity"] = token.number / 100
        else:
            return False
    if slots.has("opacity") and "opacity" not in values:
        values["opacity"] = 0.5
    if size:
        values["size_px"] = size
    else:
        values["size"] = float(slots.value("textsize", "1"))
    return True


def _placed_text(slots: Slots) -> Step | None:
    """“‘HELLO’ at the top in white”: words and a place say enough."""
    step = _text(slots)
    return None if step is None else Step("text", step.values, sure=0.8)


WORDS = (
    Frame(("quote", "text"), _MAY, _text),
    Frame(("quote", "place"), _MAY, _placed_text),
)
