"""Frames of what treats the background, or mends what a selection shows."""

from __future__ import annotations

from nanodesk.engines.on_device.frames import Frame, Slots, Step

_REPLACE = ("replace*4", "make*2", "want", "remove", "alter", "dir", "behind", "colournoun", "particle")


def _remove_background(slots: Slots) -> Step | None:
    removed = slots.has("remove") or slots.has("transparent")
    wanted = "background" if removed else "subject" if slots.has("cutout") else slots.target
    return Step("remove-background", target="background") if slots.target == wanted else None


def _without_background(slots: Slots) -> Step | None:
    return Step("remove-background", target="background") if slots.target in {"picture", "subject"} else None


def _coloured(slots: Slots) -> Step | None:
    targets = set(slots.values("target"))
    if targets not in ({"background"}, {"background", "subject"}):
        return None
    return Step("replace-background", (("colour", slots.value("colour")),), "background")


def _gradient(slots: Slots) -> Step | None:
    colours = slots.values("colour")
    if slots.target != "background" or len(colours) != 2:
        return None
    angle = 90.0 if slots.value("axis") == "h" else 0.0
    values = (("colour", colours[0]), ("to", colours[1]), ("degrees", angle))
    return Step("replace-background", values, "background")


def _picture(slots: Slots) -> Step | None:
    """“Use @beach as the background”, “put the subject in front of @beach”."""
    wanted = "subject" if slots.has("front") else "background"
    if slots.target != wanted:
        return None
    return Step("replace-background", (("picture", slots.value("mention")),), "background")


def _matched(slots: Slots) -> Step | None:
    """“Match the colour of the background to @logo”."""
    if slots.target != "background":
        return None
    return Step("replace-background", (("colour", slots.value("mention")),), "background")


def _remove(slots: Slots) -> Step | None:
    return Step("remove", target="selection", sure=0.8) if slots.target == "selection" else None


def _fill(slots: Slots) -> Step | None:
    if slots.target != "selection":
        return None
    return Step("fill", (("colour", slots.value("colour")),), "selection")


def _cut_onto(slots: Slots) -> Step | None:
    """“Isolate the subject on white”."""
    if slots.target != "subject":
        return None
    return Step("replace-background", (("colour", slots.value("colour")),), "background")


BACKGROUNDS = (
    Frame(("cutout", "target", "colour"), ("make", "particle", "replace"), _cut_onto),
    Frame(("remove", "target"), ("make", "want", "particle"), _remove_background),
    Frame(("cutout", "target"), ("make", "want", "particle"), _remove_background),
    Frame(("transparent", "target"), ("make", "want", "replace"), _remove_background),
    Frame(("nobackground",), ("make", "want", "remove", "target", "alter"), _without_background),
    Frame(("target", "colour"), ("target*2", *_REPLACE), _coloured),
    Frame(("gradient", "colour", "target"), ("colour*2", "axis", "strength", *_REPLACE), _gradient),
    Frame(("mention", "target"), ("front", "parts", *_REPLACE), _picture),
    Frame(("matchcolour", "mention", "target"), ("parts",), _matched),
    Frame(("remove", "target"), ("make", "want", "particle", "parts"), _remove),
    Frame(("heal", "target"), ("make", "want", "replace", "around"), _remove),
    Frame(("target", "colour"), ("replace*3", "make", "want"), _fill),
)
