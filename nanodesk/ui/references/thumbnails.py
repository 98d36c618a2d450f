"""Small pictures of layers, masks and references for the panels: made by the painter, kept while they are true."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.document.errors import DocumentError
from nanodesk.document.geometry import Size
from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks
from nanodesk.ui.qt_images import pixmap_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from PySide6.QtGui import QPixmap

    from nanodesk.document.identity import CandidateId
    from nanodesk.document.layer import Layer
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.pixel_store import Block
    from nanodesk.editor.project import Project

KEPT = 512
_LATER_MS = 50
SIZE = Size(112, 84)
"""Twice the largest well, so that screens of double density get sharp pictures."""
CANDIDATE = Size(208, 156)
"""The same for the wells of the strip, which are filled."""


class Thumbnails(QObject):
    """Gives a pixmap at once when there is one, and says when others have come.

    Signals:
        arrived: a picture that was asked for is there now.
    """

    arrived = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._known: OrderedDict[str, QPixmap] = OrderedDict()
        self._asked: dict[str, asyncio.Task[None]] = {}
        self._open = True

    def close_down(self) -> None:
        """Take in nothing more; what was asked for ends here, before the pixels that it reads are let go."""
        self._open = False
        for task in self._asked.values():
            task.cancel()

    def of_layer(self, layer: Layer) -> QPixmap | None:
        """A layer's own picture."""
        return None if layer.grid is None else self.of_grid(layer.grid)

    def of_mask(self, layer: Layer) -> QPixmap | None:
        """A layer's mask, in grey."""
        return None if layer.mask is None else self.of_grid(layer.mask.grid)

    def of_grid(self, grid: TileGrid) -> QPixmap | None:
        """Any stored picture or mask."""
        return self._get(grid.id, lambda: self._project.painter.picture_thumbnail(grid, SIZE))

    def of_document(self, key: str) -> QPixmap | None:
        """The whole document as it is now; `key` must differ when the picture does."""
        return self._get(f"document {key}", lambda: self._project.painter.document_thumbnail(SIZE))

    def of_candidate(self, candidate_id: CandidateId, key: str) -> QPixmap | None:
        """The whole result of a candidate; `key` must differ when the document below it does."""
        return self._get(
            f"candidate {candidate_id} {key}", lambda: self._project.runs.thumbnail(candidate_id, CANDIDATE)
        )

    def _get(self, key: str, make: Callable[[], Awaitable[Block]]) -> QPixmap | None:
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        if key not in self._asked and self._open:
            self._ask(key, make)
        return None

    def _ask(self, key: str, make: Callable[[], Awaitable[Block]]) -> None:
        if not tasks.can_spawn():
            # Painted before the loop runs, or after it: ask when it does.
            QTimer.singleShot(_LATER_MS, self, self.arrived.emit)
            return
        self._asked[key] = tasks.spawn(self._fetch(key, make), name="small picture")

    async def _fetch(self, key: str, make: Callable[[], Awaitable[Block]]) -> None:
        try:
            block = await make()
        except (DocumentError, EditorError):
            return  # the layer has gone meanwhile, or the picture is damaged
        finally:
            self._asked.pop(key, None)
        self._known[key] = pixmap_of(block)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.arrived.emit()
