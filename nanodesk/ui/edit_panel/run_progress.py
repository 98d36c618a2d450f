"""The runs under way: the newest one's time and bar, and its Cancel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from nanodesk.ui import theme
from nanodesk.ui.history_panel.words import seconds
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project

_TICK_MS = 200
_BAR = 3


class RunProgress(QWidget):
    """Shown while anything runs; follows `follow`."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._run: Run | None = None
        self.words = WrappedLabel(role="secondary", ink="dim")
        self.cancel = FlatButton("Cancel", framed=True)
        tidy(self.cancel, "Cancel the newest run", "Cancel the newest run")
        self.cancel.clicked.connect(self._cancel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, _BAR + 6)
        box.setSpacing(8)
        box.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.cancel)
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
        if run.started is None:
            words = f"Run {run.number} · waiting for its turn"
        else:
            words = f"Run {run.number} · {max(0, round(time.time() - run.started))} s"
            usual = self._project.runs.usual_duration_s(run.engine)
            if usual is not None and usual >= 2:
                words += f" of about {seconds(usual)}"
        others = sum(1 for one in self._project.runs.runs.values() if one.state.active) - 1
        self.words.write(f"{words} · {others} more" if others > 0 else words)
        self.update()

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
