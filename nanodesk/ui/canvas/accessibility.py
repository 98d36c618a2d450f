"""The canvas for assistive technology: a picture, with a name and a description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QAccessibleInterface

_PICTURES = "NanodeskPicture"
_known: dict[int, QAccessibleWidget] = {}
_installed: list[object] = []


def present_as_picture(widget: QWidget) -> None:
    """Have a widget announced as a picture; its accessible name and description are read out with it."""
    widget.setProperty(_PICTURES, True)
    if not _installed:
        _installed.append(_made)
        QAccessible.installFactory(_made)
    key = id(widget)
    widget.destroyed.connect(lambda: _known.pop(key, None))


def _made(_class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget) or not thing.property(_PICTURES):
        return None
    # Qt keeps the interface and Python must keep its half of it as long.
    made = QAccessibleWidget(thing, QAccessible.Role.Graphic, thing.accessibleName())
    _known[id(thing)] = made
    return made
