"""One open project: its editor, runs and painter, what brings pictures in and out, and how it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.editor.advising import Advising
from nanodesk.editor.blending import Blending
from nanodesk.editor.editor import Editor
from nanodesk.editor.exporting import Exported, ExportOptions, export
from nanodesk.editor.foreign_answers import ForeignAnswers
from nanodesk.editor.housekeeping import Housekeeping
from nanodesk.editor.keeping import Keeping
from nanodesk.editor.masking import Masking
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.editor.painter import Painter
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.placing import Placing
from nanodesk.editor.refitting import Refitting
from nanodesk.editor.run_queue import RunQueue
from nanodesk.editor.running import Runner
from nanodesk.editor.shaping import Shaping
from nanodesk.editor.signal import Signal
from nanodesk.editor.wearing import Wearing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nanodesk.document.candidate import Turn
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Point, Rect, Size
    from nanodesk.document.identity import LayerId
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.disk import DiskStatus
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.intake import Decoder, PictureSource
    from nanodesk.editor.pixel_store import Block
    from nanodesk.editor.spending import Purse, Spending
    from nanodesk.editor.work import Work


class Project:
    """What one tab shows and changes.

    Attributes:
        editor: the document and its history.
        runs: the runs and their candidates.
        advising: questions to a model that looks and does not draw.
        painter: the exact picture for the canvas.
        refitting: what can be done with fitted answers.
        blending: whether an inserted part looks pasted on, and mending it.
        foreign: answers that another tool made.
        wearing: model passes, and doing edits anew from the original.
        masking: strokes and edges of masks.
        keeping: the project file and the recovery file behind it.
        housekeeping: what the project file is made of, and what of it can be dropped.
        notices: something that the designer should know.
        status_changed: name, path, unsaved work or the state of the disk is otherwise than before.
    """

    def __init__(
        self, engines: EngineList, decoder: Decoder, work: Work, locks: Path, purse: Purse | None = None
    ) -> None:
        self.notices: Signal[Notice] = Signal()
        self.pixels = PixelStore()
        self.editor = Editor()
        self.painter = Painter(self.editor, self.pixels, work)
        runner = Runner(engines, self.pixels, decoder, work)
        self.runs = RunQueue(self.editor, self.pixels, engines, runner, work, purse)
        self.advising = Advising(self.editor, self.pixels, engines, self.runs, work)
        self.keeping = Keeping(self.editor, self.runs, self.pixels, locks)
        self.housekeeping = Housekeeping(self.editor, self.runs, self.pixels, self.keeping, work)
        self.keeping.condition.noted.connect(lambda words: self.notices.emit(Notice(words, NoticeKind.ATTENTION)))
        self._decoder = decoder
        self._work = work
        self._placing = Placing(self.editor, self.pixels, decoder, work, self.notices)
        self.refitting = Refitting(self.editor, self.pixels, self.runs, work)
        self.blending = Blending(self.editor, self.pixels, work, self.refitting)
        self.foreign = ForeignAnswers(self.editor, self.pixels, self.runs, work, decoder, self.refitting)
        self.wearing = Wearing(self.editor, self.pixels, self.runs, work)
        self.masking = Masking(self.editor, self.pixels, work)
        self._shaping = Shaping(self.editor, self.pixels, work)

    @property
    def spending(self) -> Spending:
        """What was spent, today and on this document, and the ceilings."""
        return self.runs.spending

    @property
    def status_changed(self) -> Signal[()]:
        """Emitted when name, path, unsaved work or the state of the disk change."""
        return self.keeping.status_changed

    @property
    def name(self) -> str:
        """The file's name without its ending, or what an untitled project is called."""
        return self.keeping.name

    @property
    def path(self) -> Path | None:
        """The project file; none before the first save."""
        return self.keeping.path

    @property
    def modified(self) -> bool:
        """Whether there is work that the project file does not hold."""
        return self.keeping.modified

    @property
    def read_only(self) -> str:
        """Why the project cannot be saved in place, as a plain sentence; empty when it can."""
        return self.keeping.read_only

    @property
    def disk_status(self) -> DiskStatus:
        """Whether everything acknowledged is on disk."""
        return self.keeping.disk_status

    @property
    def disk_message(self) -> str:
        """The same in words."""
        return self.keeping.disk_message

    @property
    def read_note(self) -> str:
        """What was found when the project was opened, as a plain sentence; most often empty."""
        return self.keeping.read_note

    @property
    def profile_name(self) -> str:
        """The document's colour space in words."""
        from nanodesk.imaging.colour import describe

        return describe(self.editor.document.profile)

    def first_sight(self) -> tuple[int, Block] | None:
        """What an opened project looked like when it was saved: a level of the painter's tiles, and the picture at it.

        Straight BGRA in the document's profile, for the canvas to show until its tiles are there; given once.
        """
        seen, self.keeping.first_sight = self.keeping.first_sight, None
        return seen

    async def place(
        self, sources: Sequence[PictureSource], *, at: Point | None = None, above: LayerId | None = None
    ) -> tuple[LayerId, ...]:
        """Add pictures as layers; see `Placing.place`."""
        return await self._placing.place(sources, at=at, above=above)

    async def add_references(self, sources: Sequence[PictureSource]) -> None:
        """Put pictures into the tray; see `Placing.add_references`."""
        await self._placing.add_references(sources)

    async def mask_picture(self, source: PictureSource) -> TileGrid:
        """A grey picture as a mask of the document's size: white selects.

        Raises:
            IntakeError: when it cannot be read.
        """
        return await self._placing.mask_picture(source)

    async def save(self) -> None:
        """Write what is new into the project file.

        Raises:
            SaveError: when it cannot be written; the work stays in the recovery file.
        """
        await self.keeping.save()

    async def save_as(self, path: Path) -> None:
        """Write the whole project to a new file, and keep it there from now on."""
        await self.keeping.save_as(path)

    async def export(
        self,
        path: Path,
        options: ExportOptions | None = None,
        *,
        document: Document | None = None,
        size: Size | None = None,
    ) -> Exported:
        """Write the picture, or that of another document value; the size in pixels, and what could not be carried.

        Raises:
            ExportError: when it cannot be written; nothing is left half-written.
        """
        chosen = options or ExportOptions(size=size)
        return await self._work.pixels(export, document or self.editor.document, self.pixels, path, chosen)

    async def resize(self, size: Size) -> None:
        """Scale the canvas and every layer."""
        await self._shaping.resize(size)

    async def turn(self, turn: Turn) -> None:
        """Turn or flip the canvas and every layer."""
        await self._shaping.turn(turn)

    async def rotate(self, degrees: float) -> None:
        """Rotate every layer clockwise about the middle of the canvas."""
        await self._shaping.rotate(degrees)

    async def crop(self, rect: Rect) -> None:
        """Cut the canvas; layers keep what lies beyond."""
        self._shaping.crop(rect)

    async def merge_down(self, layer_id: LayerId) -> None:
        """Make one picture of a layer and the one below it."""
        await self._shaping.merge_down(layer_id)

    async def flatten(self) -> None:
        """Make one picture of all that is visible."""
        await self._shaping.flatten()

    async def mask_from_selection(self, layer_id: LayerId) -> None:
        """Limit a layer to the present selection."""
        await self._shaping.mask_from_selection(layer_id)

    async def copy_picture(self, layer_id: LayerId | None = None) -> bytes:
        """PNG bytes for the clipboard: a layer, or all that is visible, within the selection."""
        return await self._shaping.copy_picture(layer_id)

    async def close(self, *, discard: bool = False) -> None:
        """Stop the runs, write what waits and let go of everything; unsaved work stays unless discarded."""
        await self.runs.stop()
        await self.keeping.close(discard=discard)
        self.painter.close()
        self.pixels.forget()
