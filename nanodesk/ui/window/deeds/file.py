"""The File menu: opening, placing, saving, exporting, closing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nanodesk.document.identity import EditId, new_id
from nanodesk.document.operations.edits import add_edit
from nanodesk.editor.errors import EditorError, IntakeError, SaveError
from nanodesk.editor.exporting import with_ending
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.editor.workspace import PROJECT_SUFFIX, is_project
from nanodesk.ui.dialogs.asking import Answer, ask_for_files, ask_to_open_anyway, ask_to_save, ask_where
from nanodesk.ui.dialogs.compact_sheet import ask_compact, size_words
from nanodesk.ui.dialogs.export import ask_export
from nanodesk.ui.window.deeds.deed import Deeds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from nanodesk.document.geometry import Point
    from nanodesk.editor.project import Project
    from nanodesk.ui.drop import Intake

    Take = Callable[[Sequence[PictureSource]], Awaitable[object]]

_FRAMED = (".gif", ".png", ".webp", ".avif", ".tif", ".tiff", ".heic", ".heif")


class FileDeeds(Deeds):
    """New, open, place, save, export, close, quit; and what was dropped or pasted."""

    def new_project(self) -> None:
        """An empty document in a tab of its own."""
        self.workspace.new()

    def open_file(self) -> None:
        """Ask for files and open each."""
        self.start(self._open())

    async def _open(self) -> None:
        suffixes = self.workspace.open_suffixes
        paths = await ask_for_files(self.window, "Open", suffixes, self._folder())
        await self.open_paths(paths)

    def _folder(self) -> str:
        recent = self.workspace.recent
        return str(recent[0].parent) if recent else str(Path.home())

    async def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files, each in a tab; an empty tab that is in front makes room. Faults are said."""
        for path in paths:
            if not path.exists():
                self.workspace.settings.forget_recent(path.absolute())
            empty = self.project if self._unused(self.project) else None
            try:
                project = await self._opened(path)
            except EditorError as error:
                self.say(str(error), NoticeKind.ERROR)
                continue
            if project is None:
                continue
            self.window.bring_to_front(project)
            if project.read_only:
                self.say(project.read_only)
            if empty is not None and empty is not project:
                await self.workspace.close(empty, discard=True)

    async def _opened(self, path: Path, source: PictureSource | None = None) -> Project | None:
        """The project; none when there was a choice and it was not to be opened."""
        try:
            return await self.workspace.open(path, source=source)
        except IntakeError as fault:
            if not fault.again:
                raise
            wanted = await ask_to_open_anyway(self.window, str(fault), 1)
            return await self._opened(path, fault.again[0]) if wanted else None

    async def _insisting(self, take: Take, sources: Sequence[PictureSource]) -> None:
        """Take pictures in; where there is a choice about some, ask and take these in too."""
        try:
            await take(sources)
        except IntakeError as fault:
            if not fault.again:
                raise
            if await ask_to_open_anyway(self.window, str(fault), len(fault.again)):
                await self._insisting(take, fault.again)

    @staticmethod
    def _unused(project: Project) -> bool:
        return project.editor.document.empty and not project.modified and project.path is None

    def open_recent(self, path: Path) -> None:
        """Open a file of the recent ones."""
        self.start(self.open_paths([path]))

    def open_sample(self, path: Path, sentence: str) -> None:
        """Put a sample picture on the canvas and the thing to try into the stack."""
        self.start(self._sample(path, sentence))

    async def _sample(self, path: Path, sentence: str) -> None:
        page = self.page
        await page.project.place([PictureSource(path.name, path)])
        page.project.editor.apply("Add edit", lambda state: add_edit(state, EditId(new_id()), sentence))
        page.edits.focus_input()

    def place(self) -> None:
        """Ask for pictures and add each as a layer."""
        self.start(self._place())

    async def _place(self) -> None:
        project = self.project
        paths = await ask_for_files(self.window, "Place", self.workspace.open_suffixes[1:], self._folder())
        await self._insisting(project.place, [PictureSource(path.name, path) for path in paths])

    def place_frames(self) -> None:
        """Ask for animations or documents of several pages and add each frame or page as a layer."""
        self.start(self._place_frames())

    async def _place_frames(self) -> None:
        project = self.project
        paths = await ask_for_files(self.window, "Place frames", _FRAMED, self._folder())
        await self._insisting(project.place, [PictureSource(path.name, path, frames=True) for path in paths])

    def add_reference(self) -> None:
        """Ask for pictures and put each into the tray."""
        self.start(self._add_reference())

    async def _add_reference(self) -> None:
        project = self.project
        paths = await ask_for_files(self.window, "Add reference", self.workspace.open_suffixes[1:], self._folder())
        await self._insisting(project.add_references, [PictureSource(path.name, path) for path in paths])

    def take_in(self, intake: Intake, at: Point | None = None) -> None:
        """Use what was dropped or pasted."""
        self.start(self._take_in(intake, at))

    async def _take_in(self, intake: Intake, at: Point | None) -> None:
        page = self.page
        if intake.message:
            self.say(intake.message)
        sources = intake.sources()
        try:
            if sources:
                above = page.canvas.active_layer
                await self._insisting(lambda some: page.project.place(some, at=at, above=above), sources)
        finally:
            await self.open_paths(intake.projects)

    def save(self) -> None:
        """Write what is new into the project file; ask for a name where there is none."""
        self.start(self.saved(self.project))

    async def saved(self, project: Project) -> bool:
        """Save a project; false when no name was given for it, or when it cannot be written, which is said."""
        if project.path is None or project.read_only:
            return await self._saved_as(project)
        return await self._written(project, project.save())

    @staticmethod
    async def _written(project: Project, saving: Awaitable[None]) -> bool:
        """Wait for a save; where it fails for its place, another one is offered on the project's own page."""
        try:
            await saving
        except SaveError as error:
            action, offer = ("save_as", "Save as…") if error.elsewhere else ("", "")
            project.notices.emit(Notice(str(error), NoticeKind.ERROR, action=action, offer=offer))
            return False
        return True

    def save_as(self) -> None:
        """Write the whole project under another name."""
        self.start(self._saved_as(self.project))

    async def _saved_as(self, project: Project) -> bool:
        suggested = project.path or Path(self._folder()) / f"{project.name}{PROJECT_SUFFIX}"
        path = await ask_where(self.window, "Nanodesk project", suggested, (PROJECT_SUFFIX,))
        if path is None:
            return False
        path = path if is_project(path) else path.with_name(path.name + PROJECT_SUFFIX)
        if not await self._written(project, project.save_as(path)):
            return False
        self.workspace.remember(path)
        return True

    def slim_copy(self) -> None:
        """Write the picture with its layers, without its history, to a file for sending."""
        self.start(self._slim_copy())

    async def _slim_copy(self) -> None:
        project = self.project
        folder = Path(self._folder()) if project.path is None else project.path.parent
        suggested = folder / f"{project.name} slim{PROJECT_SUFFIX}"
        path = await ask_where(self.window, "Nanodesk project", suggested, (PROJECT_SUFFIX,))
        if path is None:
            return
        path = path if is_project(path) else path.with_name(path.name + PROJECT_SUFFIX)
        size = await project.housekeeping.slim_copy(path)
        without = "layers, without history, sentences and answers"
        self.say(f"Saved “{path.name}” for sending: {size_words(size)}, {without}.", NoticeKind.INFO)

    def compact(self) -> None:
        """Show what the project file is made of, and drop what is ticked."""
        self.start(self._compact())

    async def _compact(self) -> None:
        project = self.project
        if (project.path is None or project.modified or project.read_only) and not await self.saved(project):
            return
        chosen = await ask_compact(self.window, project.name, await project.housekeeping.account())
        if chosen:
            freed = await project.housekeeping.compact(chosen)
            self.say(f"“{project.name}” is {size_words(freed)} smaller.", NoticeKind.INFO)

    def export(self) -> None:
        """Write the picture."""
        self.start(self._export())

    async def _export(self) -> None:
        project = self.project
        settings = self.workspace.settings
        usual = (settings.window("export") or b"").decode("ascii", "replace")
        chosen = await ask_export(self.window, project.editor.document, usual)
        if chosen is None:
            return
        kind, options = chosen
        settings.keep_window("export", kind.name.encode())
        suffix = kind.suffixes[0]
        folder = Path(self._folder()) if project.path is None else project.path.parent
        path = await ask_where(self.window, "Picture", folder / f"{project.name}{suffix}", (suffix,))
        if path is None:
            return
        path = with_ending(path, suffix)
        written = await project.export(path, options)
        size = written.size
        self.say(f"Exported “{path.name}”, {size.width} × {size.height} pixels.", NoticeKind.INFO)
        if written.notes:
            self.say(" ".join(written.notes))

    def close_project(self) -> None:
        """Close the tab in front."""
        self.start(self.closed(self.project))

    async def closed(self, project: Project) -> bool:
        """Close a project, asking about unsaved work; false when it was called off."""
        way = await self.leaving(project)
        if way == "cancel" or project not in self.workspace.projects:
            return False
        await self.workspace.close(project, discard=way == "discard")
        return True

    async def leaving(self, project: Project) -> Answer:
        """What is to become of a project that is about to be closed; it is saved already where that was wanted."""
        if not project.modified or self._empty_handed(project):
            return "save"
        self.window.bring_to_front(project)
        under_way = sum(run.state.active for run in project.runs.runs.values())
        answer = await ask_to_save(self.window, project.name, under_way)
        if answer != "save":
            return answer
        try:
            return "save" if await self.saved(project) else "cancel"
        except EditorError as error:
            self.say(str(error), NoticeKind.ERROR)
            return "cancel"

    @staticmethod
    def _empty_handed(project: Project) -> bool:
        return project.editor.document.empty and len(project.editor.state.edit_stack) == 0

    def quit(self) -> None:
        """Close the window, and everything in it."""
        self.window.close()
