"""The runs under way: the newest one's time and bar, and its Cancel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.link_button import LinkButton
from nanodesk.ui.history_panel.words import plain, seconds
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project

_TICK_MS = 200
_BAR = 3
_SPEAKS_AFTER_S = 0.6
"""A run that is over sooner says nothing of what it is doing."""


class RunProgress(QWidget):
    """Shown while anything runs; follows `follow`.

    Signals:
        raise_wanted: a ceiling holds the run, and the designer wants to raise it.
    """

    raise_wanted = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._run: Run | None = None
        self.words = WrappedLabel(role="secondary", ink="dim")
        self.cancel = FlatButton("Cancel", framed=True)
        tidy(self.cancel, "Cancel the newest run", "Cancel the newest run")
        self.cancel.clicked.connect(self._cancel)
        self.doing = WrappedLabel(role="secondary", ink="dim")
        self.raise_ceiling = LinkButton("Raise the ceiling", ink="text")
        self.raise_ceiling.clicked.connect(self.raise_wanted)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.words)
        said.addWidget(self.doing)
        said.addWidget(self.raise_ceiling, 0, Qt.AlignmentFlag.AlignLeft)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, _BAR + 6)
        box.setSpacing(8)
        box.addLayout(said, 1)
        box.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.setVisible(False)

    def close_down(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def follow(self) -> None:
        """Show the newest run under way, or nothing."""
        active = [run for run in self._project.runs.runs.values() if run.state.active]
        self._run = active[-1] if active else None
        self.setVisible(self._run is not None)
        if self._run is None:
            self._timer.stop()
        else:
            self._timer.start()
            self._tick()

    def _tick(self) -> None:
        run = self._run
        if run is None:
            return
        others = sum(1 for one in self._project.runs.runs.values() if one.state.active) - 1
        words = self._standing(run)
        self.words.write(f"{words} · {others} more" if others > 0 else words)
        doing = plain(run.held or self._doing(run))
        self.doing.write(doing, "attention" if run.held else "dim")
        self.doing.setVisible(bool(doing))
        self.raise_ceiling.setVisible(bool(run.held))
        self.update()

    def _standing(self, run: Run) -> str:
        if run.held:
            return f"Run {run.number} · held"
        if run.started is None:
            return f"Run {run.number} · waiting for its turn"
        words = f"Run {run.number} · {max(0, round(time.time() - run.started))} s"
        usual = self._project.runs.usual_duration_s(run.engine)
        return f"{words} of about {seconds(usual)}" if usual is not None and usual >= 2 else words

    @staticmethod
    def _doing(run: Run) -> str:
        """What it is doing, in the engine's words; a wait counts down in them."""
        begun = run.started is not None and time.time() - run.started >= _SPEAKS_AFTER_S
        return run.message if begun or "again in" in run.message else ""

    def _cancel(self) -> None:
        if self._run is not None:
            self._project.runs.cancel(self._run.id)

    def _fraction(self) -> float | None:
        """How far it is: as the engine says, else by its usual time, never quite at the end."""
        run = self._run
        if run is None or run.started is None:
            return None
        if run.progress is not None:
            return run.progress
        usual = self._project.runs.usual_duration_s(run.engine)
        return None if not usual else min(0.95, (time.time() - run.started) / usual)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, self.height() - _BAR, self.width(), _BAR)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(bar, 1.5, 1.5)
        fraction = self._fraction()
        if fraction is not None:
            bar.setWidth(max(_BAR, bar.width() * min(1.0, max(0.0, fraction))))
            painter.setBrush(colours.accent)
            painter.drawRoundedRect(bar, 1.5, 1.5)
        painter.end()
