"""What is in a reply: words, thoughts and pictures, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nanodesk.document.run import Charged
from nanodesk.engines.base import EncodedPicture
from nanodesk.engines.gemini.pricing import Counted
from nanodesk.engines.google.endings import blocked, without_picture
from nanodesk.engines.google.parcels import NotBase64Error, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.genai import types

    from nanodesk.engines.errors import EngineError
    from nanodesk.engines.google.parcels import Parcels

LONGEST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class AnsweredPicture:
    """A picture with the words that came with it.

    Attributes:
        caption: of the words, those that are about this picture alone; empty where captions were not asked for.
    """

    picture: EncodedPicture
    words: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole reply.

    Attributes:
        pictures: finished ones, in order; drafts are left out.
        words: everything said aloud.
        finish: why the model stopped, as the service calls it.
        version: of the model that answered.
        damaged: how many pictures could not be read at all.
        error: where it holds no picture, why not.
    """

    pictures: tuple[AnsweredPicture, ...]
    words: str
    thoughts: str
    finish: str
    counted: Counted
    version: str
    damaged: int = 0
    error: EngineError | None = None


@dataclass
class _Reader:
    """Walks the parts in order."""

    parcels: Parcels
    aloud: list[str | EncodedPicture] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    had_draft: bool = False
    damaged: int = 0

    def part(self, part: types.Part) -> None:
        if part.inline_data is not None:
            self._picture(part)
        elif part.text and part.thought:
            self.thoughts.append(part.text)
        elif part.text and part.text.strip():
            self.aloud.append(part.text.strip())

    def _picture(self, part: types.Part) -> None:
        blob = part.inline_data
        if part.thought:
            self.had_draft = True
            return
        assert blob is not None
        mark = blob.data or b""
        cut = self.parcels.take(mark)
        try:
            data = mark if cut is None else decoded(cut)
        except NotBase64Error:
            self.damaged += 1
            return
        self.aloud.append(EncodedPicture(data, blob.mime_type or ""))

    @property
    def words(self) -> str:
        return "\n".join(one for one in self.aloud if isinstance(one, str))[:LONGEST_WORDS]

    def answered(self, *, captioned: bool) -> Iterator[AnsweredPicture]:
        """Each picture with its words: those before it, or, where it ends in words, the captions after each."""
        pictures = [one for one in self.aloud if isinstance(one, EncodedPicture)]
        said: list[list[str]] = [[] for _ in range(len(pictures) + 1)]  # before the first, between, after the last
        place = 0
        for one in self.aloud:
            if isinstance(one, str):
                said[place].append(one)
            else:
                place += 1
        follow = captioned and bool(said[-1])
        for place, picture in enumerate(pictures):
            caption = said[place + 1] if follow else said[place]
            words = [*said[0], *caption] if follow and place == 0 else caption
            if place == len(pictures) - 1 and not follow:
                words = [*words, *said[-1]]
            text, about = "\n".join(words)[:LONGEST_WORDS], "\n".join(caption)[:LONGEST_WORDS]
            yield AnsweredPicture(picture, text, about if captioned else "")


def answer_of(response: types.GenerateContentResponse, parcels: Parcels, *, captioned: bool, body: bytes) -> Answer:
    """Read a reply; slow where its pictures are large, for a thread.

    Args:
        captioned: whether a caption with each picture was asked for.
        body: the reply as it came; the SDK leaves out why a model stopped in its own words.
    """
    counted = counted_in(response.usage_metadata)
    reader = _Reader(parcels)
    finish = ""
    for candidate in response.candidates or ():
        finish = finish or _name(candidate.finish_reason)
        for part in (candidate.content.parts if candidate.content is not None else None) or ():
            reader.part(part)
    words = reader.words
    pictures = tuple(reader.answered(captioned=captioned))
    error = None if pictures else _error(response, finish, words or service_words(body), reader, counted)
    thoughts = "".join(reader.thoughts).strip()[:LONGEST_WORDS]
    return Answer(pictures, words, thoughts, finish, counted, response.model_version or "", reader.damaged, error)


def _error(
    response: types.GenerateContentResponse, finish: str, words: str, reader: _Reader, counted: Counted
) -> EngineError:
    """Why there is no picture. An answer that the service counted tokens for was charged."""
    charged = Charged.YES if counted != Counted() else Charged.MAYBE
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        return blocked(_name(feedback.block_reason), charged, words)
    if reader.damaged:
        return without_picture("MALFORMED_RESPONSE", words, charged)
    return without_picture(finish, words, charged, had_draft=reader.had_draft)


def service_words(body: bytes) -> str:
    """What the service says of a stop or a block, which the SDK drops; empty where it says nothing."""
    if len(body) > 1_000_000:
        return ""
    try:
        whole = json.loads(body)
        said = [one.get("finishMessage") for one in whole.get("candidates", ())]
        said.append(whole.get("promptFeedback", {}).get("blockReasonMessage"))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return ""
    return "\n".join(one for one in said if isinstance(one, str))[:LONGEST_WORDS]


def _name(value: Any) -> str:
    """An enumeration's value as text, also one that this version of the SDK does not know."""
    return "" if value is None else str(getattr(value, "value", value))


def counted_in(usage: Any) -> Counted:
    """The service's own count; zeros where it sent none."""
    if usage is None:
        return Counted()
    thoughts = usage.thoughts_token_count or 0
    out = usage.candidates_token_count or 0
    details = usage.candidates_tokens_details
    pictures = sum(one.token_count or 0 for one in details or () if _name(one.modality) == "IMAGE")
    if not details:
        pictures = out  # an answer of a picture model is a picture, but for a few words
    return Counted(usage.prompt_token_count or 0, pictures, max(0, out - pictures), thoughts)
