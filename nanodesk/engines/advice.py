"""Asking a model what it sees: beside the engines that draw, behind a protocol of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nanodesk.document.advice import Advice, AdviceKind
    from nanodesk.engines.base import Event, RequestPicture
    from nanodesk.engines.outgoing import Outgoing


@dataclass(frozen=True, slots=True)
class Question:
    """All that is needed to answer; nothing is looked up later.

    Attributes:
        picture: what is looked at; of a comparison the one after.
        before: of a comparison the one before.
        edits: the sentences that were to be done between the two.
        profile: ICC bytes of the colour profile of both; none means sRGB.
        model: an id of the engine's; empty for its own choice.
    """

    kind: AdviceKind
    picture: RequestPicture = field(repr=False)
    before: RequestPicture | None = field(default=None, repr=False)
    edits: tuple[str, ...] = field(default=(), repr=False)
    profile: bytes | None = field(default=None, repr=False)
    model: str = ""


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """The answer; the last thing that is said."""

    advice: Advice


AdviceEvent: TypeAlias = "Event | AdviceGiven"


@runtime_checkable
class Adviser(Protocol):
    """An engine that can be asked what it sees."""

    def advice_outgoing(self, question: Question) -> Outgoing:
        """Exactly what the question would send. Slow, for a thread."""

    def advise(self, question: Question) -> AsyncIterator[AdviceEvent]:
        """Ask; closing or cancelling the iterator stops at once.

        Raises:
            EngineError: one of its kinds, when there was no answer.
        """
