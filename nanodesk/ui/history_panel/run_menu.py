"""The context menu of a run: every link of its account, for the keyboard too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from nanodesk.document.candidate import CandidateState
from nanodesk.document.run import RunState
from nanodesk.ui.history_panel.zones import Zone, ZoneKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nanodesk.ui.history_panel.rows import RunRow
    from nanodesk.ui.history_panel.run_deeds import RunDeeds

Entry = tuple[str, Zone]


def run_menu(parent: QWidget, row: RunRow, deeds: RunDeeds) -> QMenu:
    """The menu of a run's row, made whole by whoever shows it."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fold = menu.addAction("Fold" if row.unfolded else "Unfold")
    fold.triggered.connect(lambda: deeds.do(row.run, Zone(ZoneKind.DISCLOSURE)))
    _fill(menu, row, deeds)
    return menu


def run_submenu(menu: QMenu, row: RunRow, deeds: RunDeeds) -> QMenu:
    """The same within the menu of a layer that the run made."""
    inner = QMenu("Its run", menu)
    _fill(inner, row, deeds)
    menu.addMenu(inner)
    return inner


def _fill(menu: QMenu, row: RunRow, deeds: RunDeeds) -> None:
    run = row.run
    for words, zone in _entries(row):
        menu.addAction(words).triggered.connect(lambda _=False, one=zone: deeds.do(run, one))


def _entries(row: RunRow) -> Iterator[Entry]:
    if row.run.state.active:
        yield "Cancel", Zone(ZoneKind.CANCEL)
    else:
        yield ("Send it again" if row.asking else "Run again"), _again(row)
    for place, candidate in enumerate(row.story.candidates):
        name = f"answer {place + 1}"
        if candidate.state is CandidateState.WAITING:
            yield f"Show {name}", Zone(ZoneKind.SHOW_ANSWER, place)
        elif candidate.state is not CandidateState.ACCEPTED:
            yield f"Bring back {name}", Zone(ZoneKind.BRING_BACK, place)
        if candidate.reply is not None:
            yield f"Continue from {name}", Zone(ZoneKind.CONTINUE, place)
    if any(candidate.words.strip() or candidate.thoughts.strip() for candidate in row.story.candidates):
        yield ("Hide the model’s words" if row.words else "The model’s words"), Zone(ZoneKind.WORDS)
    if row.story.step is not None:
        yield "Revert to here", Zone(ZoneKind.REVERT)
        yield "Branch", Zone(ZoneKind.BRANCH)
    if row.run.state is RunState.FAILED and not row.stays:
        yield "Dismiss", Zone(ZoneKind.DISMISS)


def _again(row: RunRow) -> Zone:
    return Zone(ZoneKind.SEND_AGAIN if row.asking else ZoneKind.RUN_AGAIN)
