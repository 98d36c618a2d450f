"""The window: a tab for each project, and what stands around them."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.resources import resource_path
from nanodesk.ui import tasks
from nanodesk.ui.window.deeds.service import ServiceDeeds
from nanodesk.ui.window.menus import Menus, plain, tip
from nanodesk.ui.window.page import DOCK_WIDTH, ProjectPage
from nanodesk.ui.window.status_bar import StatusBar
from nanodesk.ui.window.tool_rail import ToolRail
from nanodesk.ui.window.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.editor.project import Project
    from nanodesk.editor.workspace import Workspace
    from nanodesk.ui.window.deeds.deed import Deeds
    from nanodesk.ui.window.deeds.file import FileDeeds


class MainWindow(QWidget):
    """Everything that is seen.

    Attributes:
        closed: set when the window has been left and all work is kept.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pages: dict[Project, ProjectPage] = {}
        self._asking = False
        self._closing = False
        self._panels = True
        self.services = ServiceDeeds(self)
        self.menus = Menus(self, self.do)
        self.top = TopBar(self.menus.main, self.menus.zooms)
        self.rail = ToolRail()
        self.status = StatusBar()
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._ends: list[Callable[[], None]] = [
            workspace.opened.connect(self._opened),
            workspace.closed.connect(self._left),
            workspace.accounts.changed.connect(self._accounts_changed),
        ]

    @cached_property
    def files(self) -> FileDeeds:
        """What the File menu does; it and its sheets are loaded when they are first wanted."""
        from nanodesk.ui.window.deeds.file import FileDeeds

        return FileDeeds(self)

    @cached_property
    def _deeds(self) -> tuple[Deeds, ...]:
        """What every menu does."""
        from nanodesk.ui.window.deeds.advice import AdviceDeeds
        from nanodesk.ui.window.deeds.edit import EditDeeds
        from nanodesk.ui.window.deeds.fit import FitDeeds
        from nanodesk.ui.window.deeds.layer import ImageDeeds, LayerDeeds
        from nanodesk.ui.window.deeds.run import RunDeeds
        from nanodesk.ui.window.deeds.view import ViewDeeds

        families = (EditDeeds, LayerDeeds, ImageDeeds, RunDeeds, AdviceDeeds, FitDeeds)
        return (self.files, *(family(self) for family in families), self.services, ViewDeeds(self))

    def _lay_out(self) -> None:
        self.setWindowTitle("Nanodesk")
        self.setWindowIcon(QIcon(str(resource_path("icons", "nanodesk.svg"))))
        self.setMinimumSize(QSize(860, 560))
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.top)
        box.addLayout(middle, 1)
        box.addWidget(self.status)
        saved = self.workspace.settings.window("geometry")
        if saved is None or not self.restoreGeometry(QByteArray(saved)):
            self.resize(1440, 900)

    def _connect(self) -> None:
        self.top.triggered.connect(self.do)
        self.top.tabs.currentChanged.connect(self._tab_chosen)
        self.top.tabs.tabCloseRequested.connect(self._tab_closed)
        self.rail.chosen.connect(lambda name: self.page.canvas.set_tool(name))
        self.menus.recent.aboutToShow.connect(self._list_recent)
        tasks.listen(self.tell)

    def tell(self, message: str) -> None:
        """Show a sentence that wants attention, on the page in front."""
        if self._pages:
            self.page.notices.show_notice(Notice(message, NoticeKind.ERROR))

    @property
    def page(self) -> ProjectPage:
        """The page in front."""
        page = self.stack.currentWidget()
        if not isinstance(page, ProjectPage):
            raise EditorError("There is no document in front.")
        return page

    def do(self, action: str) -> None:
        """Do what an action says; what cannot be done is said in a notice."""
        for deeds in self._deeds:
            deed = getattr(deeds, action, None)
            if deed is not None:
                try:
                    deed()
                except (EditorError, DocumentError) as error:
                    self.tell(str(error))
                return

    # Pages

    def _opened(self, project: Project) -> None:
        page = ProjectPage(project, self.workspace)
        self._pages[project] = page
        page.changed.connect(self.show_state)
        self.services.serve(page)
        page.notices.action_wanted.connect(self.do)
        canvas = page.canvas
        canvas.viewport_changed.connect(lambda _: self._show_zoom())
        canvas.hovered.connect(self.status.show_cursor)
        canvas.tool_changed.connect(self.rail.show_tool)
        canvas.compare.changed.connect(self.show_state)
        canvas.dropped.connect(lambda *dropped: self.files.take_in(*dropped))
        page.start.open_wanted.connect(lambda: self.files.open_file())
        page.start.paste_wanted.connect(lambda: self.do("paste"))
        page.start.recent_chosen.connect(lambda path: self.files.open_recent(path))
        page.start.sample_chosen.connect(lambda *sample: self.files.open_sample(*sample))
        self.stack.addWidget(page)
        self.top.tabs.addTab("")
        self.bring_to_front(project)
        page.shape(self._remembered("dock") or DOCK_WIDTH, self._remembered("upper"))
        page.dock.setVisible(self._panels)
        page.canvas.setFocus()

    def _accounts_changed(self) -> None:
        """A key came or went, or somebody agreed: every tab may do what it could not, or no more."""
        for page in self._pages.values():
            page.show_engines()

    def _remembered(self, name: str) -> int:
        data = self.workspace.settings.window(name)
        return int(data) if data is not None and data.isdigit() else 0

    def bring_to_front(self, project: Project) -> None:
        """Show a project's tab."""
        page = self._pages.get(project)
        if page is not None:
            self.top.tabs.setCurrentIndex(self.stack.indexOf(page))
            self._tab_chosen(self.stack.indexOf(page))

    def step_page(self, step: int) -> None:
        """Show the next tab or the one before, round and round."""
        count = self.top.tabs.count()
        if count:
            self.top.tabs.setCurrentIndex((self.top.tabs.currentIndex() + step) % count)

    def show_panels(self, on: bool) -> None:
        """Show or hide the dock of every tab."""
        self._panels = on
        for page in self._pages.values():
            page.dock.setVisible(on)
        if not on:
            self.page.canvas.setFocus()
        self.show_state()

    def _tab_chosen(self, index: int) -> None:
        if 0 <= index < self.stack.count():
            focused = QApplication.focusWidget()
            self.stack.setCurrentIndex(index)
            if focused is None or not (self.top.isAncestorOf(focused) or self.page.isAncestorOf(focused)):
                self.page.canvas.setFocus()  # Qt would give the keyboard to it as if by Tab, with a ring
            self.rail.show_tool(self.page.canvas.tool)
            self.status.follow(self.page.project)
            self.show_state()

    def _tab_closed(self, index: int) -> None:
        page = self.stack.widget(index)
        if isinstance(page, ProjectPage):
            self.files.start(self.files.closed(page.project))

    def _left(self, project: Project) -> None:
        page = self._pages.pop(project, None)
        if page is None:
            return
        index = self.stack.indexOf(page)
        self.top.tabs.blockSignals(True)  # its next tab is in front before the stack has let this page go
        self.top.tabs.removeTab(index)
        self.top.tabs.blockSignals(False)
        page.hide()
        self.stack.removeWidget(page)
        page.close_down()
        page.deleteLater()
        if not self._pages and not self._closing:
            self.workspace.new()
        elif self._pages:
            self._tab_chosen(self.top.tabs.currentIndex())

    def tell_restored(self, project: Project) -> None:
        """Say that work came back which was never saved."""
        page = self._pages.get(project)
        if page is not None:
            words = f"“{project.name}” is back: the program ended before it was saved."
            page.notices.show_notice(Notice(words))

    # What the bars say

    def show_state(self) -> None:
        """Have the title, the tabs, the bars and the menus say how things are."""
        if not self._pages or self._closing:
            return
        self._show_tabs()
        self._show_actions()
        self._show_zoom()
        self.status.show_document()
        self.status.show_runs()
        self.status.show_disk()
        project = self.page.project
        self.setWindowTitle(f"{project.name}{' •' if project.modified else ''} – Nanodesk")

    def _show_tabs(self) -> None:
        for index in range(self.stack.count()):
            page = self.stack.widget(index)
            if isinstance(page, ProjectPage):
                project = page.project
                self.top.tabs.show_document(index, project.name, project.modified)
                self.top.tabs.setTabToolTip(index, tip(str(project.path or project.name)))

    def _show_actions(self) -> None:
        page = self.page
        editor = page.project.editor
        facts = {
            "document": not editor.document.size.empty,
            "layer": page.canvas.active_layer is not None,
            "selection": editor.state.selection is not None,
            "answer": bool(page.project.runs.candidates),
            "undo": editor.can_undo,
            "redo": editor.can_redo,
        }
        self.menus.enable(frozenset(name for name, there in facts.items() if there))
        self.menus.name("undo", f"Undo {_short(editor.undo_label)}")
        self.menus.name("redo", f"Redo {_short(editor.redo_label)}")
        self.top.undo.setEnabled(facts["undo"])
        self.top.redo.setEnabled(facts["redo"])
        for button in (self.top.zoom, self.top.compare, self.top.export):
            button.setEnabled(facts["document"])
        comparing = page.canvas.compare.mode.value != "off"
        self.top.compare.light(comparing)
        on = {f"theme_{self.workspace.settings.theme}": True, "panels": self._panels, "compare": comparing}
        self.menus.check(frozenset(name for name, there in on.items() if there))

    def _show_zoom(self) -> None:
        viewport = self.page.canvas.viewport
        if self.page.project.editor.document.size.empty:
            self.top.zoom.say("Fit")
            return
        fitted = "Fit " if viewport.fitted else ""
        self.top.zoom.say(f"{fitted}{viewport.zoom * 100:.0f} %")

    def _list_recent(self) -> None:
        self.menus.recent.clear()
        for path in self.workspace.recent:
            action = self.menus.recent.addAction(plain(path.name))
            action.setToolTip(tip(str(path)))
            action.triggered.connect(lambda _=False, chosen=path: self.files.open_recent(chosen))
        self.menus.recent.setEnabled(bool(self.workspace.recent))

    # Leaving

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        if not self._asking and not self._closing:
            tasks.spawn(self._leave(), name="leave")

    async def _leave(self) -> None:
        """Ask about each project with unsaved work; only when nothing was called off, close them all and go."""
        self._asking = True
        try:
            ways = {project: await self.files.leaving(project) for project in self.workspace.projects}
        finally:
            self._asking = False
        if self._closing or "cancel" in ways.values():
            return
        self._closing = True
        self._remember_shape()
        self.hide()
        try:
            for project, way in ways.items():
                await self.workspace.close(project, discard=way == "discard")
        finally:
            self._go()

    def leave_at_once(self) -> None:
        """Go without asking, as when the system ends the program; unsaved work is kept for the next start."""
        self._closing = True
        for dialog in self.findChildren(QDialog):
            dialog.reject()  # what waits for an answer would wait for ever
        self._go()

    def _go(self) -> None:
        if not self.closed.done():
            self.closed.set_result(None)

    def _remember_shape(self) -> None:
        settings = self.workspace.settings
        settings.keep_window("geometry", bytes(self.saveGeometry().data()))
        if self._pages and self.page.dock.isVisible():
            settings.keep_window("dock", str(self.page.dock.width()).encode())
            settings.keep_window("upper", str(self.page.layered.height()).encode())

    def close_down(self) -> None:
        """Follow the workspace no more."""
        tasks.listen(None)
        self.status.follow(None)
        for end in self._ends:
            end()
        for page in self._pages.values():
            page.close_down()
        self._pages.clear()


def _short(label: str | None) -> str:
    words = label or ""
    return words if len(words) <= 40 else words[:39].rstrip() + "…"
