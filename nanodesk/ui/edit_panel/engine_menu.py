"""The menu of the panel's foot: the engines, and what can be chosen for the one that answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from nanodesk.ui.edit_panel.run_options import (
    AUTO_SIZE,
    MOST_CANDIDATES,
    PARTS,
    least_price,
    levels_of,
    model_of,
    name_of_model,
    price_of,
    size_names,
    with_successor,
)
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nanodesk.document.run import RunOptions
    from nanodesk.editor.planning import EngineInfo, ModelInfo, Plan

AUTO = "auto"
MOST_OF_A_REASON = 40
"""A longer reason why an engine is not ready would stretch the menu over the picture; its tool tip has all of it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the menu shows and what it calls.

    Attributes:
        chosen: the engine that is asked, or `auto`.
        plan: the newest plan, which tells the engine that answers.
        options: what is chosen for that engine.
        choose: takes an engine's id, or `auto`.
        choose_options: takes what is chosen from now on.
        enter_key: takes the id of an engine that has no key yet.
    """

    engines: Sequence[EngineInfo]
    chosen: str
    plan: Plan | None
    options: RunOptions
    choose: Callable[[str], None]
    choose_options: Callable[[RunOptions], None]
    enter_key: Callable[[str], None]

    @property
    def info(self) -> EngineInfo | None:
        """Who answers."""
        return info_of(self.engines, self.plan.engine if self.plan is not None else self.chosen)


def info_of(engines: Sequence[EngineInfo], engine: str) -> EngineInfo | None:
    """Who an engine is."""
    return next((info for info in engines if info.id == engine), None)


def engine_menu(parent: QWidget, choices: Choices) -> QMenu:
    """Every engine, then models, size, candidates and part of the one that answers; what is chosen is checked."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _add_engines(menu, choices)
    info = choices.info
    if info is not None and info.models and info.ready:
        menu.addSeparator()
        _add_models(menu, choices, info)
        menu.addSeparator()
        _add_options(menu, choices, info)
    return menu


def _state(info: EngineInfo) -> str:
    """How an engine is, in a few words."""
    if info.needs_key:
        return "enter a key…"
    reason = plain(info.reason).rstrip(".")
    if info.ready or not reason:
        return "ready" if info.ready else "not ready"
    return reason if len(reason) <= MOST_OF_A_REASON else "not set up"


def _add_engines(menu: QMenu, choices: Choices) -> None:
    group = QActionGroup(menu)
    menu.setToolTipsVisible(True)
    entries: list[tuple[str, str, bool, str]] = [(AUTO, "Automatic", True, "")]
    for info in choices.engines:
        can = info.ready or info.needs_key
        entries.append((info.id, f"{plain(info.name)} · {_state(info)}", can, "" if can else plain(info.reason)))
    waiting = {info.id for info in choices.engines if info.needs_key and not info.ready}
    for engine, title, can, reason in entries:
        action = menu.addAction(_shown(title))
        action.setEnabled(can)
        action.setToolTip(f"<span>{escape(reason)}</span>" if reason else "")
        if engine in waiting:
            action.triggered.connect(lambda _=False, engine=engine: choices.enter_key(engine))
            continue
        action.setCheckable(True)
        group.addAction(action)
        action.setChecked(engine == choices.chosen)
        action.triggered.connect(lambda _=False, engine=engine: choices.choose(engine))


def _add_models(menu: QMenu, choices: Choices, info: EngineInfo) -> None:
    group = QActionGroup(menu)
    current = model_of(info, choices.options)
    if current is None or current.retired:
        _add_lost_model(menu, choices, info, current)
    for model in info.models:
        if model.retired and model is current:
            continue
        if model.retired:
            menu.addAction(_shown(_retired(info, model))).setEnabled(False)
            continue
        right = " · ".join(part for part in (model.role, least_price(model)) if part)
        action = menu.addAction(f"{_shown(model.name)}\t{_shown(right)}")
        action.setCheckable(True)
        group.addAction(action)
        action.setChecked(model is current)
        action.triggered.connect(lambda _=False, model=model: choices.choose_options(_with_model(choices, model)))
        if model.note:
            menu.addAction(_shown(f"    {model.note}").rstrip(".")).setEnabled(False)


def _add_lost_model(menu: QMenu, choices: Choices, info: EngineInfo, model: ModelInfo | None) -> None:
    """A model that was chosen once and is not offered any more, and what follows it."""
    name = name_of_model(info, choices.options.model)
    menu.addAction(_shown(f"{name} · not offered any more")).setEnabled(False)
    successor = model.successor if model is not None else ""
    successor = successor or (choices.plan.successor if choices.plan is not None else "")
    if successor:
        action = menu.addAction(_shown(f"Use its successor, {name_of_model(info, successor)}"))
        wanted = with_successor(choices.options, successor)
        action.triggered.connect(lambda: choices.choose_options(wanted))


def _retired(info: EngineInfo, model: ModelInfo) -> str:
    successor = f", use {name_of_model(info, model.successor)}" if model.successor else ""
    return f"{model.name} · retired{successor}"


def _with_model(choices: Choices, model: ModelInfo) -> RunOptions:
    """The choice with another model; a size or level that it does not know is left to it."""
    options = choices.options
    size = options.size if options.size in model.sizes else AUTO_SIZE
    thinking = options.thinking if options.thinking in levels_of(model) else ""
    return replace(options, model=model.id, size=size, thinking=thinking)


def _add_options(menu: QMenu, choices: Choices, info: EngineInfo) -> None:
    options, model = choices.options, model_of(info, choices.options)
    if model is not None and len(model.sizes) > 1:
        _add_sizes(menu, choices, model)
    counts = [(str(n), str(n), replace(options, candidates=n)) for n in range(1, MOST_CANDIDATES + 1)]
    _add_choice(menu, f"Candidates · {options.candidates}", counts, str(options.candidates), choices)
    parts = [(part.value, title, replace(options, part=part)) for part, title in PARTS]
    part_title = dict(PARTS)[options.part]
    _add_choice(menu, f"Selected part · {part_title.lower()}", parts, options.part.value, choices)
    levels = levels_of(model)
    if levels:
        rows = [("", "Automatic", replace(options, thinking=""))]
        rows += [(level, level.capitalize(), replace(options, thinking=level)) for level in levels]
        _add_choice(menu, f"Thinking · {options.thinking or 'automatic'}", rows, options.thinking, choices)


def _add_sizes(menu: QMenu, choices: Choices, model: ModelInfo) -> None:
    options, plan = choices.options, choices.plan
    chosen = options.size if options.size in model.sizes else AUTO_SIZE
    automatic = f"Automatic\t{plan.size}" if plan is not None and plan.size and chosen == AUTO_SIZE else "Automatic"
    rows = [(AUTO_SIZE, automatic, replace(options, size=AUTO_SIZE))]
    for size, name in size_names(model):
        price = price_of(model, size)
        rows.append((size, f"{name}\t{price}" if price else name, replace(options, size=size)))
    title = "automatic" if chosen == AUTO_SIZE else chosen
    _add_choice(menu, f"Size · {title}", rows, chosen, choices)


def _add_choice(
    menu: QMenu, title: str, rows: Sequence[tuple[str, str, RunOptions]], chosen: str, choices: Choices
) -> None:
    """A submenu of which one entry holds."""
    submenu = menu.addMenu(_shown(title))
    group = QActionGroup(submenu)
    for name, words, options in rows:
        action = submenu.addAction(words)
        action.setCheckable(True)
        group.addAction(action)
        action.setChecked(name == chosen)
        action.triggered.connect(lambda _=False, options=options: choices.choose_options(options))


def _shown(words: str) -> str:
    """Words as a menu entry shows them: nothing of them is a key or a column."""
    lead = "    " if words.startswith("    ") else ""
    return lead + plain(words).strip().replace("&", "&&")
