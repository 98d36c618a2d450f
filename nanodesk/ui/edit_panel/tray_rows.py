"""The rows of the tray: what is sent, in sending order, and between it the references that are switched off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.edit import Role
from nanodesk.document.mentions import with_mentions
from nanodesk.ui.edit_panel.leaving_line import amount
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.edit import Reference
    from nanodesk.document.state import State
    from nanodesk.editor.planning import Outgoing, OutgoingPicture


@dataclass(frozen=True, slots=True)
class TrayRow:
    """One picture.

    Attributes:
        number: its place among the pictures sent, from 1; 0 for one that is not sent.
        picture: as it is sent; none for one that is not.
        reference: what it is in the tray of the document; none for the base, and for a layer that is sent only
            because an edit names it.
        named: whether an edit names it, so that it is sent whether or not it is switched on.
    """

    number: int
    picture: OutgoingPicture | None
    reference: Reference | None
    name: str
    named: bool = False

    @property
    def base(self) -> bool:
        """Whether it is the picture that is edited."""
        return self.picture is not None and self.picture.reference is None

    @property
    def facts(self) -> str:
        """Role, size in pixels and in bytes; or that it is not sent."""
        role = self.reference.role if self.reference is not None else Role.OTHER
        word = "Base" if self.base else "Reference" if role is Role.OTHER else role.value.capitalize()
        if self.picture is None:
            return f"{word} · switched off, not sent"
        size = self.picture.size
        kind = self.picture.mime.removeprefix("image/").upper()
        return f"{word} · {size.width} × {size.height} px · {amount(len(self.picture.data))} · {kind}"

    @property
    def why(self) -> str:
        """Why it is sent although nobody ticked it or switched it on; empty for the others."""
        return "Sent because an edit names it." if self.named else ""


def rows_of(outgoing: Outgoing, state: State) -> tuple[TrayRow, ...]:
    """The rows for what was prepared of this very state."""
    sent = tuple(reference for reference in with_mentions(state).tray if reference.enabled)
    rows = [_sent_row(number, picture, sent, state) for number, picture in enumerate(outgoing.pictures, 1)]
    shown = {row.reference.id for row in rows if row.reference is not None}
    before = 0
    for reference in state.tray:
        if reference.id in shown:
            before = 1 + next(at for at, row in enumerate(rows) if row.reference and row.reference.id == reference.id)
        else:
            rows.insert(before, TrayRow(0, None, reference, _name_of(state, reference)))
            before += 1
    return tuple(rows)


def _sent_row(number: int, picture: OutgoingPicture, sent: Sequence[Reference], state: State) -> TrayRow:
    if picture.reference is None or not 0 <= picture.reference < len(sent):
        return TrayRow(number, picture, None, "All that is visible" if picture.reference is None else picture.name)
    reference = sent[picture.reference]
    own = next((one for one in state.tray if one.id == reference.id), None)
    return TrayRow(number, picture, own, _name_of(state, reference), named=own is None or not own.enabled)


def _name_of(state: State, reference: Reference) -> str:
    """What a reference is called: its layer's name, or its own."""
    layer = state.document.layers.get(reference.layer) if reference.layer is not None else None
    return plain(layer.name if layer is not None else reference.name) or "Picture"


def place_in_tray(rows: Sequence[TrayRow], moved: TrayRow, gap: int) -> int:
    """The place in the tray, counted without it, of a row that is dropped before the row at `gap`."""
    return sum(1 for row in rows[:gap] if row.reference is not None and row is not moved)
