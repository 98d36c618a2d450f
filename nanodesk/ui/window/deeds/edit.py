"""The Edit menu: undo, the clipboard, the selection, the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QGuiApplication

from nanodesk.document.operations.selections import invert_selection
from nanodesk.editor.errors import EditorError
from nanodesk.ui.dialogs.settings_sheet import show_settings
from nanodesk.ui.drop import intake
from nanodesk.ui.window.deeds.deed import Deeds

if TYPE_CHECKING:
    from nanodesk.document.identity import LayerId


class EditDeeds(Deeds):
    """Undo and redo, copy and paste, select."""

    def undo(self) -> None:
        """Take the last step back; in the middle of a stroke or a drag that, and no step."""
        if not self.page.canvas.take_back():
            self.project.editor.undo()

    def redo(self) -> None:
        """Bring the step back that was undone."""
        self.project.editor.redo()

    def copy(self) -> None:
        """The active layer onto the clipboard."""
        self.start(self._copy(self.page.canvas.active_layer))

    def copy_merged(self) -> None:
        """All that is visible onto the clipboard."""
        self.start(self._copy(None))

    async def _copy(self, layer_id: LayerId | None) -> None:
        data = await self.project.copy_picture(layer_id)
        mime = QMimeData()
        mime.setData("image/png", QByteArray(data))
        QGuiApplication.clipboard().setMimeData(mime)

    def paste(self) -> None:
        """What is on the clipboard as layers, or as the document where there is none."""
        mime = QGuiApplication.clipboard().mimeData()
        self.window.files.take_in(intake(mime))

    def paste_new(self) -> None:
        """What is on the clipboard as a document of its own."""
        taken = intake(QGuiApplication.clipboard().mimeData())
        if not taken.usable:
            raise EditorError(taken.message)
        if not self.project.editor.document.empty:
            self.workspace.new()
        self.window.files.take_in(taken)

    def select_all(self) -> None:
        """Mark the whole document."""
        self.page.canvas.select_all()

    def select_none(self) -> None:
        """Mark nothing."""
        self.page.canvas.deselect()

    def select_inverse(self) -> None:
        """Mark what is not marked."""
        self.project.editor.apply("Invert selection", invert_selection)

    def settings(self) -> None:
        """Key, consent, the way to the service, ceilings."""
        self.start(show_settings(self.window, self.workspace))
