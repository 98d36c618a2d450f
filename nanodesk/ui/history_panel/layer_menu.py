"""The menus of the layer list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from nanodesk.document.blend import BlendMode
from nanodesk.document.layer import Group
from nanodesk.ui.history_panel.words import blend_mode_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.ui.history_panel.fit_actions import FitActions
    from nanodesk.ui.history_panel.layer_actions import LayerActions
    from nanodesk.ui.history_panel.rows import LayerRow

_FAMILIES = (
    (BlendMode.NORMAL,),
    (BlendMode.DARKEN, BlendMode.MULTIPLY, BlendMode.COLOR_BURN),
    (BlendMode.LIGHTEN, BlendMode.SCREEN, BlendMode.COLOR_DODGE, BlendMode.PLUS_LIGHTER),
    (BlendMode.OVERLAY, BlendMode.SOFT_LIGHT, BlendMode.HARD_LIGHT),
    (BlendMode.DIFFERENCE, BlendMode.EXCLUSION),
    (BlendMode.HUE, BlendMode.SATURATION, BlendMode.COLOR, BlendMode.LUMINOSITY),
)


def blend_menu(parent: QWidget, current: BlendMode, chosen: Callable[[BlendMode], None]) -> QMenu:
    """Every blend mode by family, the current one checked."""
    menu = QMenu("Blend mode", parent)
    for family in _FAMILIES:
        for mode in family:
            action = menu.addAction(blend_mode_name(mode))
            action.setCheckable(True)
            action.setChecked(mode is current)
            action.triggered.connect(lambda _=False, mode=mode: chosen(mode))
        menu.addSeparator()
    return menu


def layer_menu(
    parent: QWidget, row: LayerRow, actions: LayerActions, rename: Callable[[], None], unfold: Callable[[], None]
) -> QMenu:
    """All that can be done with the selected layers, of which `row` is the active one."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    layer = row.layer

    def add(title: str, slot: Callable[[], None], keys: str = "", *, enabled: bool = True) -> QAction:
        action = menu.addAction(title)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutVisibleInContextMenu(True)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _=False: slot())
        return action

    add("Rename", rename, "F2")
    add("Duplicate", actions.duplicate, "Ctrl+J")
    add("Remove", actions.remove, "Del")
    menu.addSeparator()
    add("Hide" if layer.visible else "Show", actions.toggle_visible, "Space")
    add("Unlock" if layer.locked else "Lock", actions.toggle_lock)
    menu.addMenu(blend_menu(menu, layer.blend_mode, actions.set_blend_mode))
    add("Do not send as reference" if row.ticked else "Send as reference", actions.toggle_reference)
    menu.addSeparator()
    add("Group", actions.group, "Ctrl+G")
    add("Ungroup", actions.ungroup, "Ctrl+Shift+G", enabled=isinstance(layer.content, Group))
    add("Move up", actions.raise_layers, "Ctrl+]")
    add("Move down", actions.lower_layers, "Ctrl+[")
    add("Merge down", actions.merge_down, "Ctrl+E")
    menu.addSeparator()
    add("Mask from selection", actions.mask_from_selection)
    enabled = layer.mask is not None and layer.mask.enabled
    add("Switch mask off" if enabled else "Switch mask on", actions.toggle_mask, enabled=layer.mask is not None)
    add("Remove mask", actions.remove_mask, enabled=layer.mask is not None)
    if row.from_run:
        menu.addSeparator()
        add("Hide the run" if row.unfolded else "Show the run", unfold)
    return menu


def fit_menu(menu: QMenu, row: LayerRow, actions: FitActions) -> None:
    """Add what can be done with a fitted layer."""
    menu.addSeparator()
    layer_id = row.layer.id
    shown = menu.addAction("What changed…")
    shown.triggered.connect(lambda _=False: actions.show_changed(layer_id))
    refit = menu.addAction("Refit to what lies below")
    refit.setEnabled(row.older)
    refit.triggered.connect(lambda _=False: actions.refit(layer_id))
    apart = menu.addAction("Take apart")
    apart.triggered.connect(lambda _=False: actions.take_apart(layer_id))
