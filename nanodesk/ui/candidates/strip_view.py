"""What the strip shows: its bar, or the one line it is put away to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from nanodesk.ui.candidates.folded import FoldedStrip
from nanodesk.ui.candidates.slots import Slot, SlotKind
from nanodesk.ui.candidates.strip_layout import GAP, StripLayout
from nanodesk.ui.candidates.telling import answers_wait, coming_mark, said, told_of, told_of_all
from nanodesk.ui.history_panel.words import maker_of
from nanodesk.ui.references.thumbnails import Thumbnails

if TYPE_CHECKING:
    from nanodesk.document.candidate import Candidate
    from nanodesk.document.tiles import PixelsId
    from nanodesk.editor.project import Project
    from nanodesk.ui.candidates.verdict import Verdict
    from nanodesk.ui.canvas.canvas import CanvasWidget

TICK_MS = 500


class StripView(QObject):
    """The widgets of the strip.

    Attributes:
        bar, folded: the two shapes that it has.
        verdict: what is known of a candidate.
        taken: the height that it takes of the canvas's foot, device-independent pixels.

    Signals:
        resized: the same, when it is another.
    """

    resized = Signal(int)

    def __init__(self, project: Project, canvas: CanvasWidget, verdict: Verdict) -> None:
        super().__init__(canvas)
        self._project = project
        self._canvas = canvas
        self._slots: tuple[Slot, ...] = ()
        self._chosen = ""
        self._base: PixelsId | None = None
        self.taken = 0
        self.verdict = verdict
        self.bar = StripLayout(canvas)
        self.folded = FoldedStrip(canvas)
        self._thumbnails = Thumbnails(project, self)
        self._thumbnails.arrived.connect(self._show_pictures)
        self._end = project.runs.first_look.changed.connect(lambda _: self._show_fitting())
        self._ticking = QTimer(self, interval=TICK_MS)
        self._ticking.timeout.connect(self._tick)

    def close_down(self) -> None:
        """Follow the project no more."""
        self._end()
        self._ticking.stop()
        self._thumbnails.close_down()

    @property
    def over(self) -> Slot | None:
        """The place under the pointer, while the bar can be seen."""
        return self._slot(self.bar.row.over) if self.bar.isVisible() else None

    def _slot(self, key: str) -> Slot | None:
        return next((slot for slot in self._slots if slot.key == key), None)

    def show_slots(self, slots: tuple[Slot, ...], chosen: str, base: PixelsId, *, away: bool) -> None:
        """Show these places.

        Args:
            base: the identity of the present base.
            away: put away to one line.
        """
        self._slots, self._chosen, self._base = slots, chosen, base
        keyboard = self.bar.keyboard()
        waiting = sum(slot.kind is SlotKind.WAITING for slot in slots)
        self.folded.write(answers_wait(waiting) if waiting else "An answer is on its way")
        self.bar.row.show_slots(slots, chosen)
        self.bar.setVisible(bool(slots) and not away)
        self.folded.setVisible(bool(slots) and away)
        self.bar.buttons.offer(self._offers(waiting))
        self._show_pictures()
        self._show_fitting()
        self.tell()
        self._tick()
        coming = any(slot.kind is SlotKind.COMING for slot in slots)
        if coming != self._ticking.isActive():
            self._ticking.start() if coming else self._ticking.stop()
        self.place()
        if keyboard is not None and not keyboard.isVisible():
            # Left to itself the keyboard would go to whatever is next, and Enter with it.
            (self.bar.row.thumb(chosen) or self._canvas).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_pictures(self) -> None:
        if self._base is None or self.bar.isHidden():
            return
        for thumb in self.bar.row.thumbs:
            candidate = thumb.slot.candidate
            if candidate is not None:
                thumb.show_picture(self._thumbnails.of_candidate(candidate.id, f"{self._base} {_shape(candidate)}"))

    def _show_fitting(self) -> None:
        """Mark the answers that are being fitted now."""
        for thumb in self.bar.row.thumbs:
            candidate = thumb.slot.candidate
            thumb.show_fitting(candidate is not None and self._project.runs.first_look.fitting(candidate.id))

    def _offers(self, waiting: int) -> frozenset[str]:
        slot = self._slot(self._chosen)
        if slot is None:
            active = any(one.run.state.active for one in self._slots)
            name = "discard_all" if waiting > 1 else "cancel" if active else ""
            return frozenset({"fold", name})
        match slot.kind:
            case SlotKind.COMING:
                return frozenset({"cancel"})
            case SlotKind.MISSING:
                return frozenset({"again"})
        several = {"accept_all"} if self._several(slot) else set()
        fitted = slot.candidate is not None and slot.candidate.fit is not None
        leak = {"leak"} if fitted else set()
        return frozenset({"accept", "keep", "discard", *several, *leak})

    def _several(self, slot: Slot) -> bool:
        """Whether it came with others in one answer, as pictures with captions do."""
        mine = None if slot.candidate is None else slot.candidate.reply
        together = [one.candidate for one in self._slots if one.run.id == slot.run.id and one.candidate is not None]
        return mine is not None and sum(one.reply == mine for one in together) > 1

    def tell(self) -> None:
        """Say what is known of the place pointed at, else of the chosen one, else of all."""
        slot = self.over or self._slot(self._chosen)
        if slot is None or self._base is None:
            self.bar.said.show_told(told_of_all(self._slots), words=False)
            return
        usual = self._project.runs.usual_duration_s(slot.run.engine)
        words = "" if slot.candidate is None else said(slot.candidate)
        self.bar.words.write(words)
        maker = maker_of(slot.run, self._project.runs.engines())
        older = slot.candidate is not None and self._project.refitting.candidate_stale(slot.candidate.id)
        told = told_of(slot, self.verdict, older, time.time(), usual, maker)
        self.bar.said.show_told(told, words=bool(words))

    def _tick(self) -> None:
        now = time.time()
        for thumb in self.bar.row.thumbs:
            if thumb.slot.kind is SlotKind.COMING:
                thumb.show_mark(coming_mark(thumb.slot, now))
        shown = self.over or self._slot(self._chosen)
        if shown is not None and shown.kind is SlotKind.COMING:
            self.tell()

    def announce(self, words: str) -> None:
        """Have it read out."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.bar, words))

    def place(self) -> None:
        """Stand at the foot of the canvas."""
        taken = self.bar.settle()
        if not self.folded.isHidden():
            taken = self.folded.height() + GAP
            left = (self._canvas.width() - self.folded.width()) // 2
            self.folded.move(left, self._canvas.height() - taken)
            self.folded.raise_()
        if taken != self.taken:
            self.taken = taken
            self.resized.emit(taken)


def _shape(candidate: Candidate) -> str:
    """What a small picture of a candidate depends on, beside what lies below it."""
    return "" if candidate.fit is None else f"{candidate.fit.outcome.value} {candidate.fit.kept}"
