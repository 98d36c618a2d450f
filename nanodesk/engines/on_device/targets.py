"""What an edit can act on, and what is left when it is spared."""

from __future__ import annotations

TONES = ("shadows", "midtones", "highlights", "blacks", "whites")
COLOURS = ("reds", "oranges", "yellows", "greens", "cyans", "blues", "purples", "pinks")
_OPPOSITES = {"subject": "background", "background": "subject", "selection": "outside", "outside": "selection"}
_WIDER = {"blacks": "shadows", "whites": "highlights"}


def complement(target: str) -> str:
    """Everything but the target; nothing where that is nothing."""
    if target == "picture":
        return ""
    if target in _OPPOSITES:
        return _OPPOSITES[target]
    return target[4:] if target.startswith("not-") else f"not-{target}"


def apart(one: str, other: str) -> bool:
    """Whether two targets are known to have no pixel in common."""
    alike = any(one in group and other in group for group in (TONES[:3], COLOURS))
    return one == complement(other) or (alike and one != other)


def range_of(target: str) -> str:
    """The tonal or colour range that a target is; nothing for one that is a place."""
    name = target.removeprefix("not-")
    if name not in (*TONES, *COLOURS):
        return ""
    wider = _WIDER.get(name, name)
    return f"not-{wider}" if target.startswith("not-") else wider


def is_area(target: str) -> bool:
    """Whether it is a half or a third of the picture: “top-third”."""
    return target.endswith(("-half", "-third", "-quarter"))
