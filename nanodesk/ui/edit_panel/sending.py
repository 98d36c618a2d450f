"""What a run would send, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from nanodesk.document.edit import Role
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from nanodesk.document.edit import Reference
    from nanodesk.document.state import State


def name_of(state: State, reference: Reference) -> str:
    """What a reference is called: its layer's name, or its own."""
    layer = state.document.layers.get(reference.layer) if reference.layer is not None else None
    return plain(layer.name if layer is not None else reference.name) or "picture"


def sent_pictures(state: State) -> list[str]:
    """The pictures in sending order: the base, then the references that are on."""
    base = [] if state.document.size.empty else ["Base: everything visible, flattened"]
    return base + [_told(state, one) for one in state.tray if one.enabled]


def _told(state: State, reference: Reference) -> str:
    name = name_of(state, reference)
    return name if reference.role is Role.OTHER else f"{name} ({reference.role.value})"


def sending_menu(parent: QWidget, state: State) -> QMenu:
    """A list to read: every picture and every sentence that would leave this computer."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addSection("Pictures")
    for picture in sent_pictures(state):
        menu.addAction(picture.replace("&", "&&"))
    menu.addSection("Words")
    for edit in state.edit_stack.enabled:
        menu.addAction(plain(edit.instruction).replace("&", "&&"))
    return menu
