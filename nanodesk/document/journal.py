"""What left this computer, when, and what came back: one entry for each request of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.edit import Role
    from nanodesk.document.geometry import Rect, Size
    from nanodesk.document.identity import RunId


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that left, without its pixels.

    Attributes:
        role: of a reference; none for the base.
        size: pixels, as sent.
        hash: SHA-256 of the bytes sent, in hexadecimal.
    """

    name: str
    role: Role | None
    size: Size
    mime: str
    bytes_sent: int
    hash: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One request.

    Attributes:
        reply: its number within the run.
        host: where it went.
        account: a mark of the key it went with, which says nothing of the key.
        words: the text that went with the pictures.
        sent: seconds since 1970, UTC: it was written down then, and left right after.
        answered: when the whole reply was here; none while it is not, or when it never came.
        reply_bytes: how large the reply was.
        taken: whether what the reply held is among the candidates, or was found to hold nothing.
        not_taken: whether it did not leave after all, or was answered with an error: nothing was charged for it.
        frame, clip: where a picture of the reply belongs, base pixels; none where it belongs nowhere in particular.
        several: whether several pictures with captions were asked for.
    """

    run: RunId
    reply: int
    engine: str
    model: str
    host: str
    account: str = ""
    words: str = ""
    pictures: tuple[SentPicture, ...] = ()
    sent: float = 0.0
    answered: float | None = None
    reply_bytes: int = 0
    taken: bool = False
    frame: Rect | None = None
    clip: Rect | None = None
    several: bool = False
    not_taken: bool = False

    @property
    def size_bytes(self) -> int:
        """Of the pictures and words that left."""
        return sum(picture.bytes_sent for picture in self.pictures) + len(self.words.encode("utf-8", "replace"))
