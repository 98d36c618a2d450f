"""The strip over the foot of the canvas: what the runs bring, one place each; it never blocks what lies below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from nanodesk.document.candidate import CandidateState
from nanodesk.document.fingerprint import fingerprint
from nanodesk.ui.candidates.decisions import Decisions
from nanodesk.ui.candidates.keys import StripKeys
from nanodesk.ui.candidates.showing import HOVER_MS, Showing
from nanodesk.ui.candidates.slots import Runs, Slot, SlotKind, asks, settling, slots_of
from nanodesk.ui.candidates.strip_view import StripView
from nanodesk.ui.candidates.telling import answers_wait
from nanodesk.ui.candidates.verdict import NothingKnown
from nanodesk.ui.canvas.hit_testing import Part, part_at

if TYPE_CHECKING:
    from nanodesk.document.candidate import Candidate
    from nanodesk.document.change import Change
    from nanodesk.document.document import Document
    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.tiles import PixelsId
    from nanodesk.editor.project import Project
    from nanodesk.ui.candidates.verdict import Verdict
    from nanodesk.ui.canvas.canvas import CanvasWidget

QUIET_MS = 300
"""While the picture changes by and by, small pictures and sentences wait for a breath."""
LEFT_MS = 160
"""How long a candidate stays on the canvas after the pointer has left its place."""

HANDLING = frozenset({"move", "mask-brush"})
"""Tools that change what is under them: with them in hand nothing but the document itself is pressed on."""


class CandidateStrip(QObject):
    """Which places there are, which one is chosen, and what is done with it.

    What is chosen is what the canvas shows: nothing can be accepted that is not seen.

    Signals:
        changed: another place is chosen, or there are others.
        leak_wanted: what an answer changed shall be shown part by part.
    """

    changed = Signal()
    leak_wanted = Signal(str)

    def __init__(self, project: Project, canvas: CanvasWidget, verdict: Verdict | None = None) -> None:
        super().__init__(canvas)
        self._project = project
        self._canvas = canvas
        self._slots: tuple[Slot, ...] = ()
        self._chosen = ""
        self._away = False
        self._settling: set[RunId] = set()
        self._base: tuple[Document, PixelsId] | None = None
        self.showing = Showing(project, canvas, self)
        self.view = StripView(project, canvas, verdict or NothingKnown())
        self._decisions = Decisions(project, self.showing.accepted)
        self._keys = StripKeys(self, canvas, self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.follow)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self.follow)
        self._connect()
        self.follow()

    def _connect(self) -> None:
        runs = self._project.runs
        self._ends = [
            runs.changed.connect(self._run_changed),
            runs.candidates_changed.connect(self._soon.start),
            self._project.editor.changed.connect(self._editor_changed),
        ]
        bar = self.view.bar
        bar.row.pointed.connect(lambda _: self._show_in_place(HOVER_MS))
        bar.row.clicked.connect(self.choose)
        bar.buttons.triggered.connect(self._do)
        self.view.folded.clicked.connect(lambda: self.fold(away=False))
        bar.installEventFilter(self)
        self._canvas.installEventFilter(self)

    # What others use

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The places on the strip, from left to right."""
        return self._slots

    @property
    def chosen(self) -> str:
        """The key of the place that is chosen, which is shown in place where it can be; empty for none."""
        return self._chosen

    @property
    def candidate(self) -> CandidateId | None:
        """The answer that is chosen; none where none is."""
        candidate = self._candidate()
        return None if candidate is None else candidate.id

    @property
    def waiting(self) -> int:
        """How many answers nobody has decided on."""
        return sum(slot.kind is SlotKind.WAITING for slot in self._slots)

    def choose(self, key: str) -> None:
        """Choose a place; an empty or unknown key chooses none."""
        self._chosen = key if self._slot(key) is not None else ""
        self._away = self._away and not self._chosen
        self._show()

    def choose_number(self, number: int) -> bool:
        """Choose a place by its number, from 1; whether there is one."""
        there = 1 <= number <= len(self._slots)
        if there:
            self.choose(self._slots[number - 1].key)
        return there

    def step(self, by: int) -> None:
        """Choose the next place, or the one before, round and round."""
        keys = [slot.key for slot in self._slots]
        if not keys:
            return
        here = keys.index(self._chosen) if self._chosen in keys else (-1 if by > 0 else 0)
        keyboard = self.view.bar.keyboard() is not None
        self.choose(keys[(here + by) % len(keys)])
        thumb = self.view.bar.row.thumb(self._chosen)
        if thumb is not None and keyboard:
            thumb.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        """Choose none; where none is chosen put the strip away. Whether there was anything to do."""
        if self._chosen:
            self.choose("")
        elif self._slots and not self._away:
            self.fold(away=True)
        else:
            return False
        return True

    def fold(self, *, away: bool) -> None:
        """Put the strip away to one line, or bring it back."""
        keyboard = self.view.bar.keyboard() is not None or self.view.folded.hasFocus()
        self._away = away
        self._chosen = "" if away else self._chosen
        self._show()
        if keyboard:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def bring(self, key: str = "") -> None:
        """Show the strip and choose an answer on it: the one of this key, else the first that waits."""
        self.follow()
        waiting = [slot.key for slot in self._slots if slot.candidate is not None]
        self._away = False
        self.choose(key if key in waiting else next(iter(waiting), ""))

    def accept(self) -> None:
        """Apply what is chosen as one step."""
        candidate = self._candidate()
        if candidate is not None:
            self._decisions.accept(candidate)

    def keep(self) -> None:
        """Take what is chosen off the strip, to be found with its run."""
        candidate = self._candidate()
        if candidate is not None:
            self._decisions.keep(candidate)
            self.follow()

    def discard(self) -> None:
        """Take what is chosen off the strip."""
        candidate = self._candidate()
        if candidate is not None:
            self._decisions.discard((candidate,))
            self.follow()

    def close_down(self) -> None:
        """Follow the project no more."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._soon.stop()
        self._quiet.stop()
        self._canvas.removeEventFilter(self)
        self._canvas.removeEventFilter(self._keys)
        self.view.close_down()
        self.showing.close_down()

    # What happens in the editor

    def _generative(self, engine: str) -> bool:
        return any(info.generative for info in self._project.runs.engines() if info.id == engine)

    def _run_changed(self, run_id: RunId) -> None:
        run = self._project.runs.runs[run_id]
        if run.state.active and not asks(run, self._generative):
            self._settling.add(run_id)
        self._soon.start()

    def _editor_changed(self, change: Change) -> None:
        if change.touches_document and self._slots:
            self._quiet.start()

    def follow(self) -> None:
        """Take over what the project's runs have now."""
        runs = self._project.runs
        known = [(one, runs.runs[one]) for one in self._settling if one in runs.runs]
        self._settling = {one for one, run in known if settling(run, runs.candidates, self._generative)}
        before = self._slots
        self._slots = slots_of(Runs(runs.runs, runs.candidates, self._generative, frozenset(self._settling)))
        if before != self._slots:
            self._choose_anew(before)
        if before or self._slots:
            self._show()

    def _choose_anew(self, before: tuple[Slot, ...]) -> None:
        """Stay with what is chosen; what has gone gives way to its neighbour, and a first answer shows itself."""
        known, expected = {slot.key for slot in before}, {slot.run.id for slot in before if slot.run.state.active}
        fresh = [one for one in self._slots if one.candidate is not None and one.key not in known]
        fresh = [one for one in fresh if one.run.id in expected]  # what comes back, or was kept, is not news
        if fresh:
            self._away = False
            words = "An answer has come" if len(fresh) == 1 else f"{len(fresh)} answers have come"
            self.view.announce(f"{words}. {answers_wait(self.waiting)}.")
        if self._slot(self._chosen) is not None:
            return
        gone = next((place for place, slot in enumerate(before) if slot.key == self._chosen), None)
        self._chosen = ""
        if gone is not None:
            self._chosen = self._after(before[gone], gone)
        elif fresh and self._may_show(fresh[0]):
            self._chosen = fresh[0].key

    def _after(self, gone: Slot, place: int) -> str:
        """What is chosen when a place has gone: its answer when that came, else the next; none after Accept."""
        if gone.candidate is None:
            came = [slot.key for slot in self._slots if slot.run.id == gone.run.id and slot.candidate is not None]
            return came[-1] if came else ""
        now = self._project.runs.candidates.get(gone.candidate.id)
        if now is None or now.state is CandidateState.ACCEPTED:
            return ""
        left = [slot.key for slot in self._slots if slot.candidate is not None]
        return left[min(place, len(left) - 1)] if left else ""

    def _may_show(self, slot: Slot) -> bool:
        """An answer shows itself only while the picture is the one it was made on, and nothing is being dragged."""
        candidate = slot.candidate
        same = candidate is not None and candidate.base == self._present_base()
        return same and not self._canvas.busy and self._canvas.isVisible()

    def _present_base(self) -> PixelsId:
        document = self._project.editor.document
        if self._base is None or self._base[0] is not document:
            self._base = (document, fingerprint(document))
        return self._base[1]

    # What is shown

    def _slot(self, key: str) -> Slot | None:
        return next((slot for slot in self._slots if slot.key == key), None)

    def _candidate(self) -> Candidate | None:
        slot = self._slot(self._chosen)
        return None if slot is None else slot.candidate

    def _show(self) -> None:
        self.view.show_slots(self._slots, self._chosen, self._present_base(), away=self._away)
        self._show_in_place(0)
        self.changed.emit()

    def _show_in_place(self, after_ms: int) -> None:
        """What is pointed at is on the canvas, else what is chosen."""
        over = self.view.over
        pointed = over is not None and over.candidate is not None
        slot = over if pointed else self._slot(self._chosen)
        if after_ms:
            self.view.tell()
            after_ms = after_ms if pointed else LEFT_MS
        if slot is None or slot.candidate is None:
            self.showing.want(None, after_ms=after_ms)
            return
        number = self._slots.index(slot) + 1
        self.showing.want(slot.candidate.id, f"Candidate {number} of {len(self._slots)}", after_ms=after_ms)

    # What is done on it

    def _do(self, name: str) -> None:
        slot = self._slot(self._chosen)
        match name:
            case "accept" | "keep" | "discard":
                {"accept": self.accept, "keep": self.keep, "discard": self.discard}[name]()
            case "fold":
                self.fold(away=True)
            case "discard_all":
                self._decisions.discard([one.candidate for one in self._slots if one.candidate is not None])
            case "cancel":
                self._cancel(slot)
            case "leak" if slot is not None and slot.candidate is not None:
                self.leak_wanted.emit(slot.candidate.id)
            case "accept_all" if slot is not None:
                self._decisions.accept_all(slot.run.id)
            case "again" if slot is not None:
                self._decisions.again(slot.run)

    def _cancel(self, slot: Slot | None) -> None:
        active = [one.run.id for one in self._slots if one.run.state.active]
        if active:
            self._decisions.cancel(slot.run.id if slot is not None else active[-1])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view.bar:
            return isinstance(event, QKeyEvent) and self._key(event)
        if event.type() == QEvent.Type.Resize:
            self.view.place()
        elif event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._pressed_on_canvas(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            return self._keys.pressed(event, anywhere=True)
        return event.type() == QEvent.Type.KeyRelease and self._keys.released(event)

    def _pressed_on_canvas(self, event: QMouseEvent) -> None:
        """Who takes hold of a layer wants to see the document, and not what it might become."""
        canvas, at = self._canvas, event.position()
        if not self._chosen or canvas.tool not in HANDLING or event.button() != Qt.MouseButton.LeftButton:
            return
        if part_at(canvas.viewport, canvas.compare, at.x(), at.y()) is not Part.DIVIDER:
            self.choose("")
