"""The edit stack and the tray: what one run is asked to do, and what it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nanodesk.document.identity import EditId, LayerId, ReferenceId
    from nanodesk.document.selection import Selection
    from nanodesk.document.tiles import TileGrid


@dataclass(frozen=True, slots=True)
class Edit:
    """One sentence of the stack.

    Attributes:
        instruction: the sentence, as written.
        enabled: whether the next run sends it.
        selection: the part of the picture it is tied to; none for the whole.
    """

    id: EditId
    instruction: str
    enabled: bool = True
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class EditStack:
    """The ordered edits that one run sends in one pass."""

    edits: tuple[Edit, ...] = ()

    def __iter__(self) -> Iterator[Edit]:
        return iter(self.edits)

    def __len__(self) -> int:
        return len(self.edits)

    @property
    def enabled(self) -> tuple[Edit, ...]:
        """The edits that the next run sends: switched on, and not blank."""
        return tuple(edit for edit in self.edits if edit.enabled and edit.instruction.strip())


class Role(StrEnum):
    """What a reference is to guide."""

    SUBJECT = "subject"
    STYLE = "style"
    POSE = "pose"
    BACKGROUND = "background"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture sent along: a ticked layer, or a picture of its own that is no layer.

    Attributes:
        layer: the ticked layer, or none.
        picture: the picture, when it is no layer.
        name: what the tray calls it; a layer's own name wins.
        enabled: a switched-off reference stays in the tray and is not sent.
    """

    id: ReferenceId
    layer: LayerId | None = None
    picture: TileGrid | None = None
    name: str = ""
    role: Role = Role.OTHER
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Tray:
    """The references, in sending order."""

    references: tuple[Reference, ...] = ()

    def __iter__(self) -> Iterator[Reference]:
        return iter(self.references)

    def __len__(self) -> int:
        return len(self.references)

    def of_layer(self, layer: LayerId) -> Reference | None:
        """The reference that a ticked layer has."""
        return next((reference for reference in self.references if reference.layer == layer), None)
