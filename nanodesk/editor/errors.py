"""What can go wrong while a project is open; every message is one plain sentence for the designer.

EditorError
├── IntakeError         a picture could not be taken in
├── OpenError           a project could not be opened
│   ├── NewerProjectError
│   └── LockedProjectError
├── SaveError           a project could not be written; the work is still in the recovery file
├── ExportError         a picture could not be written
└── RunError            a run could not be started, or failed
    ├── EditNotUnderstoodError
    ├── RunRefusedError
    ├── RunServiceError
    ├── KeyMissingError
    └── ConsentMissingError
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.run import Charged, Remedy

if TYPE_CHECKING:
    from nanodesk.editor.intake import PictureSource


class EditorError(Exception):
    """Something asked of the editor was not done; nothing was lost."""


class IntakeError(EditorError):
    """A picture could not be taken in.

    Attributes:
        again: what could be taken in after all, if the designer wants it in spite of what the sentence says.
    """

    def __init__(self, message: str, again: tuple[PictureSource, ...] = ()) -> None:
        super().__init__(message)
        self.again = again


class OpenError(EditorError):
    """A project could not be opened.

    Attributes:
        hopeless: nothing can be read of it, now or later.
    """

    hopeless = False


class NewerProjectError(OpenError):
    """The project was written by a newer version."""


class LockedProjectError(OpenError):
    """The project is open somewhere else."""


class SaveError(EditorError):
    """A project could not be written; the work is still in the recovery file.

    Attributes:
        elsewhere: another name, or another place, may do.
    """

    def __init__(self, message: str, *, elsewhere: bool = False) -> None:
        super().__init__(message)
        self.elsewhere = elsewhere


class ExportError(EditorError):
    """A picture could not be written."""


class RunError(EditorError):
    """A run could not be started, or failed.

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


class EditNotUnderstoodError(RunError):
    """An edit was not understood, or the engine cannot do it.

    Attributes:
        edit: place of the edit among those sent, from 0; -1 where it concerns the whole run.
        nearest: sentences that the engine would understand.
    """

    def __init__(self, message: str, edit: int = -1, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.edit = edit
        self.nearest = nearest


class RunRefusedError(RunError):
    """The model refused, or sent no picture."""


class RunServiceError(RunError):
    """The service, the network, a time limit or a spending ceiling stopped the run."""


class KeyMissingError(RunError):
    """The engine named has no key."""


class ConsentMissingError(RunError):
    """Nobody has agreed yet that pictures go to that engine.

    Attributes:
        engine: its name.
    """

    def __init__(self, message: str, engine: str) -> None:
        super().__init__(message)
        self.engine = engine
