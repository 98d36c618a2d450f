"""What can go wrong with values: every message is one plain sentence."""

from __future__ import annotations


class DocumentError(ValueError):
    """An operation cannot be done on this document; nothing was changed."""


class MissingLayerError(DocumentError):
    """The layer named is not in the document."""


class LockedLayerError(DocumentError):
    """The layer is locked against changes."""


class MissingStepError(DocumentError):
    """The step named is not in the history."""
