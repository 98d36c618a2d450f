"""What can go wrong in an engine; every message is one plain sentence for the designer."""

from __future__ import annotations

from nanodesk.document.run import Charged, Remedy


class EngineError(Exception):
    """The run did not succeed; the edit stack is untouched.

    Attributes:
        charged: whether it may have to be paid for.
        remedy: what can be done about it.
        successor: the model to use instead of a retired one.
        words: what the model said, where it answered in words alone.
    """

    def __init__(
        self,
        message: str,
        *,
        charged: Charged = Charged.NO,
        remedy: Remedy = Remedy.NONE,
        successor: str = "",
        words: str = "",
    ) -> None:
        super().__init__(message)
        self.charged = charged
        self.remedy = remedy
        self.successor = successor
        self.words = words


class NotUnderstoodError(EngineError):
    """An edit was not understood, or this engine cannot do it; nothing was made.

    Attributes:
        edit: place of the edit in the request, from 0; -1 where it concerns the whole request.
        nearest: sentences that this engine would understand.
    """

    def __init__(self, message: str, edit: int, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.edit = edit
        self.nearest = nearest


class RefusedError(EngineError):
    """The model refused, or sent no picture."""


class ServiceError(EngineError):
    """The service, the network, a time limit or a spending ceiling stopped the run."""


class MissingKeyError(EngineError):
    """The engine was asked for by name and there is no key for it."""
