"""What a place in a row does when it is clicked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class ZoneKind(Enum):
    """The parts of a row that answer by themselves."""

    TICK = auto()
    THUMBNAIL = auto()
    MASK = auto()
    NAME = auto()
    DISCLOSURE = auto()
    OPACITY = auto()
    LOCK = auto()
    EYE = auto()
    CANCEL = auto()
    RUN_AGAIN = auto()
    DISMISS = auto()
    REVERT = auto()
    BRANCH = auto()


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a row; `edit` is the place of the sentence it concerns, -1 for the whole run."""

    kind: ZoneKind
    edit: int = -1


TIPS = {
    ZoneKind.TICK: "Send this layer along as a reference",
    ZoneKind.DISCLOSURE: "Show or hide what is inside",
    ZoneKind.OPACITY: "Opacity: drag to change, click for a slider",
    ZoneKind.LOCK: "Locked: click to unlock",
    ZoneKind.EYE: "Show or hide (Space)",
    ZoneKind.MASK: "Mask: Shift-click switches it on or off",
    ZoneKind.REVERT: "Bring this state of the picture back as a new step",
    ZoneKind.BRANCH: "Stand at this step; what you do next starts a branch",
}
