"""The exit statuses of the command line, and which error leads to which.

0 done · 2 wrong usage · 3 an edit was not understood · 4 the model refused · 5 service, network, limits
· 6 a file · 70 a fault of ours · 130 cancelled
"""

from __future__ import annotations

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import (
    EditNotUnderstoodError,
    EditorError,
    ExportError,
    IntakeError,
    KeyMissingError,
    OpenError,
    RunRefusedError,
    RunServiceError,
    SaveError,
)

DONE, USAGE, NOT_UNDERSTOOD, REFUSED, SERVICE, FILE, FAULT, CANCELLED = 0, 2, 3, 4, 5, 6, 70, 130


class UsageError(Exception):
    """The command's words do not fit together; the message says what to type."""


class CommandCancelledError(Exception):
    """The user broke off; the message says what became of what was under way."""


_STATUS: tuple[tuple[type[BaseException], int], ...] = (
    (UsageError, USAGE),
    (EditNotUnderstoodError, NOT_UNDERSTOOD),
    (RunRefusedError, REFUSED),
    (RunServiceError, SERVICE),
    (TimeoutError, SERVICE),
    (KeyMissingError, USAGE),
    (IntakeError, FILE),
    (OpenError, FILE),
    (SaveError, FILE),
    (ExportError, FILE),
    (DocumentError, USAGE),
    (EditorError, USAGE),
    (CommandCancelledError, CANCELLED),
    (KeyboardInterrupt, CANCELLED),
)


def status_of(error: BaseException) -> int:
    """The exit status that an error leads to; 70 for one that nobody foresaw."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), FAULT)
