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
    WORDS = auto()
    SHOW_ANSWER = auto()
    BRING_BACK = auto()
    CONTINUE = auto()
    SUCCESSOR = auto()
    SEND_AGAIN = auto()
    LEAVE = auto()
    CHANGED = auto()
    REFIT = auto()


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a row; `place` is that of the sentence or the answer it concerns, -1 for the whole run."""

    kind: ZoneKind
    place: int = -1


LINKS = frozenset(
    {
        ZoneKind.RUN_AGAIN,
        ZoneKind.DISMISS,
        ZoneKind.REVERT,
        ZoneKind.BRANCH,
        ZoneKind.WORDS,
        ZoneKind.SHOW_ANSWER,
        ZoneKind.BRING_BACK,
        ZoneKind.CONTINUE,
        ZoneKind.SUCCESSOR,
        ZoneKind.SEND_AGAIN,
        ZoneKind.LEAVE,
        ZoneKind.CHANGED,
        ZoneKind.REFIT,
    }
)
"""Words that do something when they are clicked."""

TIPS = {
    ZoneKind.TICK: "Send this layer along as a reference",
    ZoneKind.DISCLOSURE: "Show or hide what is inside",
    ZoneKind.OPACITY: "Opacity: drag to change, click for a slider",
    ZoneKind.LOCK: "Locked: click to unlock",
    ZoneKind.EYE: "Show or hide (Space)",
    ZoneKind.MASK: "Mask: Shift-click switches it on or off",
    ZoneKind.REVERT: "Bring this state of the picture back as a new step",
    ZoneKind.BRING_BACK: "Put this answer on the strip again",
    ZoneKind.CONTINUE: "The next run goes on with this conversation",
    ZoneKind.CHANGED: "Outline the parts that the answer changed, to keep or drop each",
    ZoneKind.REFIT: "Fitted to what lay below before. Fit it again: free, nothing is sent",
    ZoneKind.BRANCH: "Stand at this step; what you do next starts a branch",
}
