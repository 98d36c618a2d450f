"""The words around the pictures: what is sent, in which order, and what is asked for.

The layout follows Google's advice on editing with several pictures: a short rule, each reference with its number and
role before it, the base picture last of all pictures, then the numbered edits, what must stay, and a plain request
for a picture. Boxes are [ymin, xmin, ymax, xmax] in thousandths of the base as sent, the way the models know them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nanodesk.document.edit import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.geometry import Rect
    from nanodesk.engines.base import RequestEdit, RequestPicture

RULES = (
    "You edit one picture. Carry out every numbered edit below in this one pass, and nothing else. Blend each change"
    " in, so that light, perspective, grain and style match its surroundings. Words in quotation marks appear in the"
    " picture letter by letter as they are given."
)
RULES_ALONE = "You make a picture from the numbered wishes below. Words in quotation marks appear letter by letter."
KEEP = (
    "Keep everything that no edit names exactly as it is in the base picture: faces, poses, lettering, framing,"
    " colours, light and sharpness."
)
KEEP_OUTSIDE = "Keep everything outside the boxes of the edits exactly as it is."
PART = "The base picture is a part of a larger one: keep its edges as they are, so that it fits back in."
ONE = "Return one picture, with the same framing and proportions as the base picture."
ONE_ALONE = "Return one picture."
SEVERAL = "Return the pictures that are asked for, one after the other, each followed by its caption in words."
CONTINUED = "This goes on from your last picture."

_SEVERAL = re.compile(
    r"\b(a (set|series|sequence) of|(two|three|four|five|six|[2-9]) (pictures|images|views|variants|variations|frames"
    r"|panels|bilder|ansichten|varianten)|captions?|storyboard|eine (reihe|serie) von)\b",
    re.IGNORECASE,
)

_QUOTED = re.compile(r"""("[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»)""")
_ROLES = {
    Role.SUBJECT: "reference for the subject: keep who or what it shows recognisable",
    Role.STYLE: "reference for the style: take its look, not what it shows",
    Role.POSE: "reference for the pose",
    Role.BACKGROUND: "reference for the background",
    Role.OTHER: "reference",
}
_ACROSS = ("left", "centre", "right")
_DOWN = ("upper", "middle", "lower")


def wants_several(instructions: Sequence[str]) -> bool:
    """Whether the sentences ask for more than one picture in one answer."""
    return any(_SEVERAL.search(sentence) for sentence in instructions)


def reference_label(number: int, reference: RequestPicture) -> str:
    """What the model is told before a reference."""
    name = one_line(reference.name)
    called = f", called “{name}”" if name else ""
    return f"Image {number}, {_ROLES[reference.role]}{called}:"


def base_label(number: int) -> str:
    """What the model is told before the base."""
    return f"Image {number}, the base picture to edit:"


def instructions(edits: Sequence[RequestEdit], boxes: Sequence[Rect | None], frame: Rect, *, base: bool) -> str:
    """The numbered edits, each with its references by number and its box.

    Args:
        boxes: for each edit, the box around its selection in base pixels; none for everywhere.
        frame: what of the base plane is sent, base pixels.
    """
    lines = ["Edits:" if base else "Wishes:"]
    for number, (edit, box) in enumerate(zip(edits, boxes, strict=True), 1):
        where = "" if box is None or not base else f" Only here: {place_of(box, frame)}."
        lines.append(f"{number}. {_sentence(edit)}{where}")
    return "\n".join(lines)


def _sentence(edit: RequestEdit) -> str:
    sentence = _with_numbers(_spaced(edit.instruction), edit.references)
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _with_numbers(sentence: str, references: Sequence[tuple[str, int]]) -> str:
    """The sentence with the number of the picture in place of every name; each place is replaced once."""
    numbers = {_spaced(name): place + 1 for name, place in references}
    if not numbers:
        return sentence
    names = "|".join(re.escape(name) for name in sorted(numbers, key=len, reverse=True))

    def number(found: re.Match[str]) -> str:
        called = found[0].removeprefix("@").strip('"')
        return f"image {numbers[found[0]]} (“{called}”)"

    return re.sub(rf"(?<![\w.-])(?:{names})(?!\w)", number, sentence)


def _spaced(text: str) -> str:
    """A sentence in one line, but with what stands in quotation marks letter by letter as it was written."""
    pieces = _QUOTED.split(text.strip())
    return "".join(piece if place % 2 else re.sub(r"\s+", " ", piece) for place, piece in enumerate(pieces))


def place_of(box: Rect, frame: Rect) -> str:
    """A place in words and as a box of thousandths."""
    top, left, bottom, right = in_thousandths(box, frame)
    across = _ACROSS[min(2, (left + right) // 2 * 3 // 1000)]
    down = _DOWN[min(2, (top + bottom) // 2 * 3 // 1000)]
    words = "the centre" if (down, across) == ("middle", "centre") else f"the {down} {across}"
    return f"{words} of the base picture, box [{top}, {left}, {bottom}, {right}]"


def in_thousandths(box: Rect, frame: Rect) -> tuple[int, int, int, int]:
    """(ymin, xmin, ymax, xmax) of a box within a frame, each 0 to 1000."""

    def share(value: int, start: int, length: int) -> int:
        return min(1000, max(0, round(1000 * (value - start) / max(1, length))))

    return (
        share(box.y, frame.y, frame.height),
        share(box.x, frame.x, frame.width),
        share(box.bottom, frame.y, frame.height),
        share(box.right, frame.x, frame.width),
    )


def closing(*, base: bool, everywhere: bool, part: bool, several: bool) -> str:
    """What stays, and what is asked for."""
    if several:
        return "\n".join([*([KEEP] if base and everywhere else []), SEVERAL])
    if not base:
        return ONE_ALONE
    return "\n".join([KEEP if everywhere else f"{KEEP_OUTSIDE} {KEEP}", *([PART] if part else []), ONE])


def one_line(text: str) -> str:
    """A text without line breaks and runs of spaces, so that nobody's name can pose as a numbered edit."""
    return " ".join(text.split())
