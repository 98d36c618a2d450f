"""The bar at the foot: facts only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.spending import dollars
from nanodesk.ui import icons, tasks, theme
from nanodesk.ui.window.menus import tip

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.geometry import Point
    from nanodesk.editor.project import Project

HEIGHT = 26
REST_MS = 120
"""So long the cursor rests before it is asked which layer shows there."""
MOST_OF_A_NAME = 40
Colour = tuple[int, int, int, int]


class Gauge(QWidget):
    """A thin bar: how far a run is, as told or as usual."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(88, 6)
        self._share = 0.0

    def show_share(self, share: float) -> None:
        """Fill it so far, 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colours().line)
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setBrush(theme.colours().accent)
        painter.drawRoundedRect(QRectF(0, 0, self.width() * self._share, self.height()), 3, 3)


class StatusBar(QWidget):
    """Size and colour space, what is under the cursor, the runs, the money, the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setAutoFillBackground(True)
        self._project: Project | None = None
        self._unhear: Callable[[], None] = _nothing
        self.facts = self._label("Size and colour space")
        self.cursor_place = self._label("Under the cursor")
        self.run = self._label("Run")
        self.gauge = Gauge()
        self.cancel = QToolButton()
        self.cancel.setIcon(icons.icon("x", "dim", 14))
        self.cancel.setAutoRaise(True)
        self.cancel.setFixedSize(24, 24)
        self.cancel.setAccessibleName("Cancel the run")
        self.cancel.setToolTip("Cancel the run")
        self.cancel.clicked.connect(self._cancel)
        self.spending = self._label("Spent today")
        self.disk = self._label("Disk")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(16)
        row.addWidget(self.facts)
        row.addWidget(self.cursor_place)
        row.addStretch(1)
        row.addWidget(self.run)
        row.addWidget(self.gauge)
        row.addWidget(self.cancel)
        row.addWidget(self.spending)
        row.addWidget(self.disk)
        self._tick = QTimer(self, interval=250)
        self._tick.timeout.connect(self.show_runs)
        self._place: Point | None = None
        self._words = ""
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask_origin)
        self.show_runs()

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(theme.font("secondary"))
        label.setAccessibleName(name)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)  # dim, whatever the theme becomes
        return label

    def follow(self, project: Project | None) -> None:
        """Speak of another project, or of none any more."""
        self._project = project
        self._unhear()
        self._unhear = _nothing if project is None else project.spending.changed.connect(self.show_spending)
        self.show_cursor(None, None)
        self.show_document()
        self.show_runs()
        self.show_spending()
        self.show_disk()

    def show_document(self) -> None:
        """Size and colour space."""
        if self._project is None or self._project.editor.document.size.empty:
            self.facts.setText("")
            return
        size = self._project.editor.document.size
        self.facts.setText(f"{size.width} × {size.height} px · {self._project.profile_name}")

    def show_cursor(self, place: Point | None, colour: Colour | None) -> None:
        """What lies under the cursor; nothing outside of the picture."""
        if place is None:
            self._place, self._words = None, ""
            self._rest.stop()
            self.cursor_place.setText("")
            return
        words = f"x {place.x:,} y {place.y:,}"
        if colour is not None:
            words += " · #{:02X}{:02X}{:02X}".format(*colour[:3])
            if colour[3] < 255:
                words += f" · {colour[3] / 255:.0%} opaque"
        moved = place != self._place
        self._place, self._words = place, words
        if moved:
            self.cursor_place.setText(words)
            self._rest.start()

    def _ask_origin(self) -> None:
        if self._project is not None and self._place is not None and tasks.can_spawn():
            tasks.spawn(self._show_origin(self._project, self._place), name="origin of a pixel")

    async def _show_origin(self, project: Project, place: Point) -> None:
        """Name the layer that shows at a place, if the cursor still rests there."""
        layer_id = await project.painter.pick(place.x, place.y)
        document = project.editor.document
        if self._project is project and self._place == place and layer_id is not None and layer_id in document.layers:
            self.cursor_place.setText(f"{self._words} · from {_short(document.layer(layer_id).name)}")

    def show_runs(self) -> None:
        """The newest run under way, with its time; nothing where none is."""
        active = [] if self._project is None else [run for run in self._project.runs.runs.values() if run.state.active]
        for widget in (self.run, self.gauge, self.cancel):
            widget.setVisible(bool(active))
        if not active or self._project is None:
            self._tick.stop()
            return
        if not self._tick.isActive():
            self._tick.start()
        run = active[-1]
        seconds = time.time() - (run.started or run.created)
        usual = self._project.runs.usual_duration_s(run.engine)
        words = f"Run {run.number} · {seconds:.0f} s"
        if usual is not None and usual >= 1:
            words += f" of about {usual:.0f} s"
        if len(active) > 1:
            words += f" · {len(active) - 1} more"
        self.run.setText(words)
        told = run.progress
        self.gauge.show_share(told if told is not None else min(0.95, seconds / usual) if usual else 0.0)

    def show_spending(self) -> None:
        """What was spent today, and how much may be; nothing where neither is anything."""
        spending = None if self._project is None else self._project.spending
        today, ceiling = (0.0, None) if spending is None else (spending.today, spending.day_ceiling)
        if spending is None or (today == 0 and ceiling is None):
            self.spending.setText("")
            self.spending.setToolTip("")
            return
        self.spending.setText(f"Today {dollars(today)}" + (f" of {dollars(ceiling)}" if ceiling is not None else ""))
        least = spending.document_ceiling
        limit = "" if least is None else f" of {dollars(least)}"
        self.spending.setToolTip(f"This document: {dollars(spending.document)}{limit}")
        full = ceiling is not None and today >= ceiling
        role = QPalette.ColorRole
        self.spending.setForegroundRole(role.BrightText if full else role.PlaceholderText)

    def _cancel(self) -> None:
        if self._project is not None:
            active = [run for run in self._project.runs.runs.values() if run.state.active]
            if active:
                self._project.runs.cancel(active[-1].id)

    def show_disk(self) -> None:
        """Whether all work is on disk."""
        project = self._project
        if project is None or (project.editor.document.size.empty and not project.modified):
            self.disk.setText("")
            return
        words = project.read_only or project.disk_message
        self.disk.setText(self.disk.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, 420))
        self.disk.setToolTip(tip(words))
        wrong = project.disk_status is DiskStatus.FAILED or bool(project.read_only)
        role = QPalette.ColorRole
        self.disk.setForegroundRole(role.BrightText if wrong else role.PlaceholderText)


def _nothing() -> None:
    """Nothing is heard yet."""


def _short(name: str) -> str:
    return name if len(name) <= MOST_OF_A_NAME else name[: MOST_OF_A_NAME - 1].rstrip() + "…"
