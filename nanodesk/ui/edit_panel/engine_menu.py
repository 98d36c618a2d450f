"""The menu of engines: each with whether it is ready, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nanodesk.editor.planning import EngineInfo

AUTO = "auto"


def engine_menu(parent: QWidget, engines: Sequence[EngineInfo], chosen: str, choose: Callable[[str], None]) -> QMenu:
    """Every engine, the chosen one checked; one that is not ready says why and cannot be chosen."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    entries = [(AUTO, "Automatic", True)]
    for info in engines:
        state = "ready" if info.ready else plain(info.reason).rstrip(".") or "not ready"
        entries.append((info.id, f"{plain(info.name)} · {state}", info.ready))
    for engine, title, ready in entries:
        action = menu.addAction(title.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(engine == chosen)
        action.setEnabled(ready)
        action.triggered.connect(lambda _=False, engine=engine: choose(engine))
    return menu


def info_of(engines: Sequence[EngineInfo], engine: str) -> EngineInfo | None:
    """Who an engine is."""
    return next((info for info in engines if info.id == engine), None)
