"""Asking once whether pictures may go to an engine: what leaves, where to, and what is kept there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.editor.accounts import GEMINI, IMAGEN
from nanodesk.editor.spending import dollars
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.form import fact, form_in, row_title
from nanodesk.ui.dialogs.sheet import Sheet
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from nanodesk.editor.planning import Outgoing
    from nanodesk.editor.workspace import Workspace

GOOGLE = "generativelanguage.googleapis.com"
PLATFORM = "-aiplatform.googleapis.com"
MOST_NAMES = 6


def what_leaves(outgoing: Outgoing | None) -> str:
    """The pictures and words of one request, in a sentence or two."""
    if outgoing is None:
        return "The picture, the references that are ticked, and the sentences of the edits that are on."
    names = [
        f"{plain(one.name)}, {one.size.width} × {one.size.height} px, {size_words(len(one.data))}"
        for one in outgoing.pictures[:MOST_NAMES]
    ]
    more = len(outgoing.pictures) - len(names)
    if more > 0:
        names.append(f"{more} more")
    count = len(outgoing.text.split())
    words = f"{count} words: your sentences and the rules around them"
    return "\n".join([*names, words])


def size_words(size: int) -> str:
    """A number of bytes, as short as it can be said."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"


def what_is_kept(engine: str, host: str) -> str:
    """What the other side does with it, as far as we know."""
    if engine == GEMINI and host == GOOGLE:
        return (
            "Google keeps requests and answers for a limited time to look for abuse. With a key of a project with"
            " billing they do not go into its products; with a free key they may, and people may read them."
        )
    if engine == IMAGEN and host.endswith(PLATFORM):
        return "What Google Cloud keeps, and for how long, is set by the terms of your project there."
    return f"Whoever runs {host or 'that service'} decides what is kept there."


async def ask_for_consent(parent: QWidget, workspace: Workspace, engine: str, outgoing: Outgoing | None) -> bool:
    """Whether pictures may go to an engine; asked once for each host, recorded with its time."""
    accounts = workspace.accounts
    if accounts.consented(engine):
        return True
    name = next((plain(info.name) for info in workspace.engines.infos() if info.id == engine), engine)
    host = plain(accounts.host(engine))
    sheet = Sheet(
        parent,
        f"Send pictures to {name}?",
        "This is asked once. Each run shows what it sends, and the settings take this back.",
        (("ok", "Agree and send"), ("cancel", "Send nothing")),
    )
    form = form_in(sheet.body)
    rows = [
        ("Leaves", what_leaves(outgoing)),
        ("Goes to", host or "a service whose address is not known"),
        ("Is kept", what_is_kept(engine, host)),
    ]
    if outgoing is not None and outgoing.cost is not None:
        rows.append(("Costs", f"about {dollars(outgoing.cost)} this time"))
    for title, words in rows:
        form.addRow(row_title(title), fact(words))
    if not await answered(sheet):
        return False
    accounts.consent(engine)
    return True
