"""Something the designer should know, to be shown in place and never to block."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.identity import LayerId


class NoticeKind(StrEnum):
    """How much attention it wants."""

    INFO = "info"
    ATTENTION = "attention"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """One plain sentence.

    Attributes:
        undo: whether an Undo belongs beside it.
        action: the id of an action that is offered beside it; empty for none.
        offer: what its button says.
        lasting: whether it stays until it is withdrawn, as what is being done does.
        layer: the layer that the action is about; none where it is about no single one.
    """

    message: str
    kind: NoticeKind = NoticeKind.INFO
    undo: bool = False
    action: str = ""
    offer: str = ""
    lasting: bool = False
    layer: LayerId | None = None
