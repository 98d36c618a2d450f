"""One run under way: its time, what it waits for, its bar, and its Cancel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.link_button import LinkButton
from nanodesk.ui.history_panel.words import plain, seconds
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.document.run import Run

_BAR = 3
_SPEAKS_AFTER_S = 0.6
"""A run that is over sooner says nothing of what it is doing."""


class RunLine(QWidget):
    """Shows one run; `show_run` is called again as time passes.

    Signals:
        cancelled: this run shall stop.
        raise_wanted: a ceiling holds the run, and the designer wants to raise it.
    """

    cancelled = Signal()
    raise_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._usual_s: float | None = None
        self.words = WrappedLabel(role="secondary", ink="dim")
        self.doing = WrappedLabel(role="secondary", ink="dim")
        self.raise_ceiling = LinkButton("Raise the ceiling", ink="text")
        self.cancel = FlatButton("Cancel", framed=True)
        self.cancel.clicked.connect(self.cancelled)
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

    def show_run(self, run: Run, usual_s: float | None, *, more: int, tells: bool) -> None:
        """Show a run as it is now.

        Args:
            usual_s: how long runs of its engine take, seconds; none where that is not known.
            more: how many other runs are under way and have no line of their own.
            tells: whether it says why it is held; the line above may have said so already.
        """
        self._run, self._usual_s = run, usual_s
        words = self._standing(run)
        self.words.write(f"{words} · {more} more" if more > 0 else words)
        doing = plain(run.held or self._doing(run))
        self.doing.write(doing, "attention" if run.held else "dim")
        self.doing.setVisible(bool(doing) and (tells or not run.held))
        self.raise_ceiling.setVisible(bool(run.held) and tells)
        tidy(self.cancel, f"Cancel run {run.number}", f"Cancel run {run.number}")
        self.update()

    def _standing(self, run: Run) -> str:
        if run.held:
            return f"Run {run.number} · held"
        if run.started is None:
            return f"Run {run.number} · waiting for its turn"
        words = f"Run {run.number} · {max(0, round(time.time() - run.started))} s"
        return f"{words} of about {seconds(self._usual_s)}" if self._usual_s and self._usual_s >= 2 else words

    @staticmethod
    def _doing(run: Run) -> str:
        """What it is doing, in the engine's words; a wait counts down in them."""
        begun = run.started is not None and time.time() - run.started >= _SPEAKS_AFTER_S
        return run.message if begun or "again in" in run.message else ""

    def _fraction(self) -> float | None:
        """How far it is: as the engine says, else by its usual time, never quite at the end."""
        run = self._run
        if run is None or run.started is None:
            return None
        if run.progress is not None:
            return run.progress
        return None if not self._usual_s else min(0.95, (time.time() - run.started) / self._usual_s)

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
