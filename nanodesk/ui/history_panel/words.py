"""What the panels say of layers, runs, times and money, as plain text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.layer import Adjustment, Group, Text, Unknown
from nanodesk.document.provenance import Origin
from nanodesk.editor.foreign_answers import OTHER_TOOL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.layer import Layer
    from nanodesk.document.run import Run
    from nanodesk.editor.planning import EngineInfo
    from nanodesk.editor.wearing import Wear
    from nanodesk.ui.history_panel.rows import LayerRow

_DAY_S = 86_400


def plain(text: str) -> str:
    """Text from outside on one line, without control and direction characters."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    return "".join(char for char in spaced if char.isprintable() and char not in _DIRECTIONS)


_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def blend_mode_name(mode: BlendMode) -> str:
    """A blend mode as a menu writes it."""
    return mode.value.replace("-", " ").capitalize()


def percent(opacity: float) -> str:
    """An opacity from 0 to 1, in percent."""
    return f"{round(opacity * 100)} %"


def seconds(duration: float) -> str:
    """A duration, as short as it can be said."""
    if duration < 9.95:
        return f"{max(0.1, duration):.1f} s"
    if duration < 60:
        return f"{round(duration)} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def money(cost: float) -> str:
    """US dollars, with as many digits as say something."""
    return f"${cost:.2f}" if cost >= 0.1 else f"${cost:.3f}"


def ago(created: float, now: float | None = None) -> str:
    """How long ago a moment was, or its day."""
    passed = (time.time() if now is None else now) - created
    if passed < 45:
        return "now"
    if passed < 3_570:
        return f"{max(1, round(passed / 60))} min"
    if passed < _DAY_S:
        return f"{round(passed / 3_600)} h"
    if passed < 7 * _DAY_S:
        return f"{round(passed / _DAY_S)} d"
    return time.strftime("%d %b %Y", time.localtime(created)).lstrip("0")


def what_made(row: LayerRow) -> str:
    """The dim line of a layer's row."""
    layer = row.layer
    parts = [*_kind(layer), *_maker(row)]
    if row.original:
        parts.append("original, locked" if layer.locked else "original")
    elif layer.locked:
        parts.append("locked")
    if layer.blend_mode is not BlendMode.NORMAL:
        parts.append(blend_mode_name(layer.blend_mode).lower())
    if not layer.visible:
        parts.append("hidden")
    return " · ".join(parts) or "picture"


def damage_mark(row: LayerRow) -> str:
    """What its row says of a damaged layer, as a part of a line; empty for a whole one."""
    if not row.damaged:
        return ""
    return "a layer in it is damaged" if row.layer.children else "part of it is damaged"


def wear_words(wear: Wear) -> str:
    """How many model passes stand between what a layer shows and its source."""
    if wear.most == 0:
        return "No model pass: straight from the source"
    if wear.most == 1:
        return "1 model pass from the source"
    return f"Up to {wear.most} model passes from the source, {wear.mean:.1f} on average"


OLDER = ("Older base: refit", "Refit")
"""What its row says of a layer that was fitted to what lay below it before; a click on it does that. The second where
there is little room.
"""


def damage_told(row: LayerRow) -> str:
    """The same as sentences that say what it means and what to do."""
    mark = damage_mark(row)
    if not mark:
        return ""
    return (
        f"{mark[:1].upper()}{mark[1:]}: what cannot be read is hatched, the rest is whole."
        " Save the project under another name to keep what there is."
    )


def _kind(layer: Layer) -> list[str]:
    match layer.content:
        case Adjustment():
            return ["live adjustment"]
        case Text():
            return ["text"]
        case Group(children=children):
            return [f"group of {len(children)}"]
        case Unknown(kind=kind):
            return [f"{plain(kind)}, from a newer version"]
        case _:
            return []


def _maker(row: LayerRow) -> list[str]:
    layer = row.layer
    provenance = layer.provenance
    if provenance is not None and provenance.origin is Origin.RUN:
        count = len(provenance.instructions)
        edits = [] if isinstance(layer.content, Adjustment | Text) else [f"{count} edit{'' if count == 1 else 's'}"]
        maker = row.story.maker if row.story is not None else ""
        return [*edits, maker or plain(provenance.model or provenance.engine)]
    size = layer.size
    if size is None or isinstance(layer.content, Text):
        return []
    elsewhere = provenance is not None and provenance.engine == OTHER_TOOL
    return [f"{size.width} × {size.height}", *(["from another tool"] if elsewhere else [])]


def title_of(run: Run) -> str:
    """What a run is called where there is one line for it."""
    first = next((plain(edit.instruction).strip() for edit in run.edits), "")
    return first or f"Run {run.number}"


def standing(run: Run, now: float, usual_s: float | None) -> str:
    """Where a run that is under way stands."""
    if run.started is None:
        return within(run.held) or "waiting for its turn"
    passed = f"{max(0, round(now - run.started))} s"
    if usual_s is not None and usual_s >= 2:
        passed += f" of about {seconds(usual_s)}"
    doing = within(run.message)
    return f"{passed} · {doing}" if doing else passed


def within(sentence: str) -> str:
    """A sentence as a part of a line: it begins small and has no full stop; names in it stay as they are."""
    words = plain(sentence).rstrip(".")
    return words[:1].lower() + words[1:]


def maker_of(run: Run, engines: Sequence[EngineInfo]) -> str:
    """Who answered a run, by the name that is chosen by; the id of a model that its engine does not know."""
    answered = run.answered_by or run.model
    models = [model for info in engines if info.id == run.engine for model in info.models]
    known = [model for model in models if answered == model.id or answered.startswith(f"{model.id}-")]
    if known:  # what answers adds its version to the id that it was asked by
        return plain(max(known, key=lambda model: len(model.id)).name)
    named = next((info.name for info in engines if info.id == run.engine), run.engine)
    return plain(answered or named)


def counted(count: int, thing: str) -> str:
    """A number of things, in words that fit it."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def bytes_words(size: int) -> str:
    """A size in bytes, as short as it says something."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1_000))} kB"
    return f"{size / 1_000_000:.1f} MB"
