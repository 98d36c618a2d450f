"""Which of its few tasks a sentence asks for, and what stands in for a task that cannot be done."""

from __future__ import annotations

import re
from dataclasses import dataclass

UPSCALE_MODEL = "imagen-4.0-upscale-preview"
SEGMENT_MODEL = "image-segmentation-001"

MOST_PIXELS = 17_000_000
"""Of an upscaled picture, as published for the model."""

MOST_BYTES = 10 * 1024 * 1024
"""Of a picture sent, as published for the model."""


@dataclass(frozen=True, slots=True)
class Upscale:
    """Make the picture larger, with detail; `factor` is 2 or 4."""

    factor: int

    @property
    def model(self) -> str:
        """The model that does it."""
        return UPSCALE_MODEL

    @property
    def words(self) -> str:
        """What it does, in words."""
        return f"Upscale × {self.factor}, with detail"


@dataclass(frozen=True, slots=True)
class Segment:
    """Find something in the picture.

    Attributes:
        mode: `FOREGROUND`, `BACKGROUND` or `PROMPT`.
        what: what is looked for, in words; empty unless the mode is `PROMPT`.
    """

    mode: str
    what: str = ""

    @property
    def model(self) -> str:
        """The model that does it."""
        return SEGMENT_MODEL

    @property
    def words(self) -> str:
        """What it does, in words."""
        return f"Segment the {self.named}"

    @property
    def named(self) -> str:
        """What is looked for, for a layer's name."""
        return self.what or self.mode.lower()


Task = Upscale | Segment

_UPSCALE = re.compile(
    r"\b(?:upscale|enlarge|up-?size|super-?resolution|hochskalieren|hochskaliere|vergrößere|vergrößern)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_FOUR = re.compile(r"(?:\b|[×x])4(?:\s*[×x]|\b)|\bfour\b|\bvierfach|\b400\s*%", re.IGNORECASE)
_TWO = re.compile(
    r"(?:\b|[×x])2(?:\s*[×x]|\b)|\b(?:two|twice|double)\b|\b(?:doppelt|zweifach)|\b200\s*%", re.IGNORECASE
)
_NUMBER = re.compile(r"\d")
_SEGMENT = re.compile(
    r"^\s*(?:segment(?:iere)?|select|mask|find|markiere|wähle)\s+(?:out\s+)?(?:(?:the|an?|all|den|die|das|alle)\s+)?"
    r"(?P<what>.+?)(?:\s+aus)?\s*[.!]*\s*$",
    re.IGNORECASE,
)
_MODES = {
    "foreground": "FOREGROUND",
    "subject": "FOREGROUND",
    "vordergrund": "FOREGROUND",
    "motiv": "FOREGROUND",
    "background": "BACKGROUND",
    "hintergrund": "BACKGROUND",
}


def task_of(sentence: str) -> Task | None:
    """The task that a sentence asks for; none where it asks for something else, or for a factor that there is not."""
    text = " ".join(sentence.split())
    upscale = _UPSCALE.search(text)
    if upscale:
        rest = upscale["rest"]
        if _FOUR.search(rest):
            return Upscale(4)
        return Upscale(2) if _TWO.search(rest) or not _NUMBER.search(rest) else None
    segment = _SEGMENT.match(text)
    if segment:
        what = segment["what"]
        mode = _MODES.get(what.casefold())
        return Segment(mode) if mode else Segment("PROMPT", what)
    return None


def route(task: Task) -> str:
    """How to come to the same without this engine, as one plain sentence."""
    if isinstance(task, Upscale):
        return (
            "Without it: run an edit with Gemini at size 2K or 4K, which draws the picture anew in that size, or"
            f" write “resize to {task.factor * 100} %” for the on-device engine, which invents no detail."
        )
    return (
        "Without it: tie a Gemini edit to a selection, which keeps everything outside as it is, or write “remove the"
        " background” for the on-device engine."
    )
