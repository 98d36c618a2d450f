"""All open projects, and what they share: engines, threads, the decode worker, the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nanodesk.editor.accounts import GEMINI, Accounts
from nanodesk.editor.engine_list import EngineList
from nanodesk.editor.errors import OpenError
from nanodesk.editor.exporting import SUFFIXES
from nanodesk.editor.intake import Decoder, PictureSource
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.editor.project import Project
from nanodesk.editor.signal import Signal
from nanodesk.editor.spending import Purse
from nanodesk.editor.work import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.engines.base import Engine
    from nanodesk.storage.settings import Settings

PROJECT_SUFFIX = ".nanodesk"


def is_project(path: Path | None) -> bool:
    """Whether a path is named like a project file."""
    return path is not None and path.suffix.lower() == PROJECT_SUFFIX


def state_folder() -> Path:
    """Where recovery files, locks and what was spent lie for this user."""
    import platformdirs

    return Path(platformdirs.user_state_dir("nanodesk", appauthor=False))


def default_engines(accounts: Accounts) -> list[Engine]:
    """The engines of this installation; quick, loads no library of theirs."""
    from nanodesk.engines.gemini.engine import GeminiEngine
    from nanodesk.engines.imagen.engine import ImagenEngine
    from nanodesk.engines.on_device.engine import OnDeviceEngine

    gemini = GeminiEngine(lambda: accounts.key(GEMINI), accounts.connection)
    accounts.checked_by(GEMINI, gemini.check)
    return [OnDeviceEngine(), gemini, ImagenEngine(accounts.platform)]


def _absolute(path: Path) -> Path:
    return path.absolute()


class Workspace:
    """Every open project of this process; belongs to the loop's thread.

    Attributes:
        opened, closed: a project came or went.
        settings: what is remembered between sessions.
        accounts: the keys, the way to the services, and the user's consent.
        engines: what can be sent edits.
        purse: what is spent, and the ceilings.
        lost: sentences on unsaved work that `restore` could not bring back; its files stay where they are.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        settings: Settings,
        recovery: Path | None,
        accounts: Accounts | None = None,
        *,
        state: Path | None = None,
    ) -> None:
        """A workspace whose unsaved work lies in the folder `recovery`; none keeps nothing but what was sent for money.

        That lies in the folder `state` then, and so does what is spent; none keeps either in memory.
        """
        from nanodesk.storage.spending import SpendingLog

        self.settings = settings
        self.accounts = accounts or Accounts(settings)
        self.purse = Purse(SpendingLog(None if state is None else state / "spending.jsonl"), settings)
        self._work = Work()
        self._decoder = Decoder(self._work)
        self.engines = EngineList(engines, self.accounts.consented)
        self._recovery = recovery
        self._journals = recovery if recovery is not None or state is None else state / "recovery"
        self._projects: list[Project] = []
        self._untitled = 0
        self.lost: list[str] = []
        self.opened: Signal[Project] = Signal()
        self.closed: Signal[Project] = Signal()

    @staticmethod
    def for_desktop() -> Workspace:
        """The workspace of the window: the user's settings and recovery folder."""
        from nanodesk.storage.settings import Settings

        return _of_user(Settings.load(), state_folder() / "recovery")

    @staticmethod
    def headless() -> Workspace:
        """The workspace of the command line: the same engines and settings, nothing to recover."""
        from nanodesk.storage.settings import Settings

        return _of_user(Settings.load(), None)

    @property
    def projects(self) -> tuple[Project, ...]:
        """The open projects, in the order they were opened."""
        return tuple(self._projects)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved lately, newest first."""
        return self.settings.recent

    @property
    def open_suffixes(self) -> tuple[str, ...]:
        """Endings of the files that can be opened."""
        from nanodesk.formats.sniff import PICTURE_SUFFIXES

        return (PROJECT_SUFFIX, *PICTURE_SUFFIXES)

    @property
    def export_suffixes(self) -> tuple[str, ...]:
        """Endings of the picture files that can be written."""
        return tuple(SUFFIXES)

    def _project(self) -> Project:
        project = Project(self.engines, self._decoder, self._work, state_folder() / "locks", self.purse)
        project.keeping.journals_in(self._journals)
        return project

    def expect_pictures(self) -> None:
        """Start what the first picture would wait for; returns at once."""
        self._decoder.warm()

    def new(self) -> Project:
        """An empty untitled project."""
        project = self._project()
        self._untitled += 1
        number = "" if self._untitled == 1 else f" {self._untitled}"
        project.keeping.start(f"Untitled{number}", self._recovery)
        self._keep(project)
        return project

    async def open(self, path: Path, *, read_only: bool = False, source: PictureSource | None = None) -> Project:
        """Open a project file, or a picture as a new untitled project; one that is open already is given again.

        Args:
            source: how to take in a picture, where it is to be opened in spite of what an `IntakeError` said of it.

        Raises:
            OpenError: when a project cannot be opened; the file is untouched.
            IntakeError: when a picture cannot be taken in.
        """
        path = _absolute(path)
        for project in self._projects:
            if project.path == path:
                return project
        project = self._project()
        said: list[Notice] = []
        hush = project.notices.connect(said.append)
        await self._fill(project, path, source or PictureSource(path.name, path), read_only=read_only)
        hush()
        self._keep(project)
        for notice in said:  # nobody could hear them before
            project.notices.emit(notice)
        if not read_only:
            await self._claim(project)
        self.remember(path)
        return project

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones; the command line leaves them alone."""
        if self._recovery is not None:
            self.settings.remember(_absolute(path))

    async def _fill(self, project: Project, path: Path, source: PictureSource, *, read_only: bool) -> None:
        from nanodesk.storage.connection import looks_like_project

        try:
            if is_project(path) or await self._work.pixels(looks_like_project, path):
                await project.keeping.open(path, self._recovery, read_only=read_only)
            else:
                project.keeping.start(path.stem, self._recovery)
                await project.place([source])
        except BaseException:
            await project.close(discard=True)
            raise

    def _keep(self, project: Project) -> None:
        self._projects.append(project)
        self.opened.emit(project)

    async def _claim(self, project: Project) -> None:
        """Where there is a window, answers that came right before a program ended are taken in; they are paid for."""
        if self._recovery is not None and not project.read_only:
            await project.runs.claim_replies()

    async def restore(self) -> tuple[Project, ...]:
        """Open what a session left behind that ended without closing; each says so in a notice."""
        if self._recovery is None:
            return ()
        from nanodesk.storage.recovery import orphans, set_aside

        restored: list[Project] = []
        for orphan in await self._work.pixels(orphans, self._recovery):
            project = self._project()
            try:
                if not await project.keeping.restore(orphan, self._recovery):
                    await project.close()
                    continue
            except OpenError as error:
                self.lost.append(f"Work on “{orphan.name}” could not be brought back: {error}")
                await project.close(discard=False)
                if error.hopeless:
                    await self._work.pixels(set_aside, orphan)
                continue
            self._keep(project)
            if project.read_note:  # nobody could hear it before
                project.notices.emit(Notice(project.read_note, NoticeKind.ATTENTION))
            await self._claim(project)
            restored.append(project)
        return tuple(restored)

    async def close(self, project: Project, *, discard: bool = False) -> None:
        """Close a project; what is not saved is discarded only when that is asked for."""
        if project in self._projects:
            self._projects.remove(project)
        await project.close(discard=discard)
        self.closed.emit(project)

    async def shut_down(self) -> None:
        """Close everything, keeping unsaved work for the next start."""
        self.accounts.close()
        for project in self.projects:
            await self.close(project)
        await self._decoder.close()
        self._work.close()
        self.settings.save()


def _of_user(settings: Settings, recovery: Path | None) -> Workspace:
    accounts = Accounts(settings)
    return Workspace(default_engines(accounts), settings, recovery, accounts, state=state_folder())
