"""Questions that are opened and answered later: the loop goes on, other tasks too."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from nanodesk.ui.dialogs.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

Answer = Literal["save", "discard", "cancel"]


async def answered(dialog: QDialog) -> bool:
    """Open a dialog and wait, without a loop of its own, until it is closed; whether it was accepted."""
    closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(result: int) -> None:
        if not closed.done():
            closed.set_result(result)

    dialog.finished.connect(finish)
    dialog.open()
    try:
        return await closed == QDialog.DialogCode.Accepted
    finally:
        dialog.hide()
        dialog.deleteLater()


async def ask_to_save(parent: QWidget, name: str, under_way: int = 0) -> Answer:
    """What to do with unsaved work, and with so many runs that are under way."""
    runs = "" if not under_way else "1 run is" if under_way == 1 else f"{under_way} runs are"
    stops = f" {runs} under way and will be cancelled; what was sent may be charged." if runs else ""
    sheet = Sheet(
        parent,
        f"Save changes to “{name}”?",
        f"If you don’t save, what changed since the last save is lost.{stops}",
        (("save", "Save"), ("discard", "Don’t save"), ("cancel", "Cancel")),
    )
    await answered(sheet)
    return "save" if sheet.chosen == "save" else "discard" if sheet.chosen == "discard" else "cancel"


async def ask_to_open_anyway(parent: QWidget, reason: str, count: int) -> bool:
    """Whether pictures are to be opened although something speaks against it."""
    them = "it" if count == 1 else "them"
    follows = "A very large picture needs much memory and time; of a cut-off one only the part that is there is shown."
    sheet = Sheet(parent, reason, follows, (("open", f"Open {them} anyway"), ("cancel", f"Leave {them} out")))
    await answered(sheet)
    return sheet.chosen == "open"


async def ask_for_files(parent: QWidget, title: str, suffixes: Sequence[str], folder: str) -> tuple[Path, ...]:
    """Files to open; none when it was cancelled."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    patterns = " ".join(f"*{suffix}" for suffix in suffixes)
    dialog.setNameFilters([f"Pictures and projects ({patterns})", "All files (*)"])
    chosen = await answered(dialog)
    return tuple(Path(one) for one in dialog.selectedFiles()) if chosen else ()


async def ask_where(parent: QWidget, title: str, suggested: Path, suffixes: Sequence[str]) -> Path | None:
    """A name to write to; the dialog itself asks before a file is replaced. None when it was cancelled."""
    dialog = QFileDialog(parent, title, str(suggested.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffixes[0].removeprefix("."))
    dialog.setNameFilter(f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})")
    dialog.selectFile(suggested.name)
    if not await answered(dialog) or not dialog.selectedFiles():
        return None
    path = Path(dialog.selectedFiles()[0])
    return path if path.suffix else path.with_suffix(suffixes[0])


async def tell(parent: QWidget, title: str, text: str) -> None:
    """Show a page of plain text."""
    sheet = Sheet(parent, title, text, (("close", "Close"),))
    await answered(sheet)
