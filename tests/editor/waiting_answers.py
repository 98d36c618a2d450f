"""Answers that wait to be fitted: an engine's script that brings several, and a fit that a test holds."""

import asyncio
import threading

from nanodesk.document.geometry import Rect
from nanodesk.editor.fitting import fitted
from nanodesk.engines.base import CandidateOffered, EncodedPicture, OfferedPicture
from nanodesk.imaging.fit.errors import FitCancelledError
from tests.editor.test_fitting import GREEN, redrawn

COLOURS = ((60, 200, 60), (220, 40, 40), (40, 40, 220))


def offered(data, frame):
    return CandidateOffered((OfferedPicture("", EncodedPicture(data, "image/jpeg"), frame=frame, clip=frame),))


def several(*answers):
    """Offers an answer for each colour, or for the bytes given in place of one."""

    async def script(request):
        base = request.base.pixels
        frame = Rect(0, 0, base.shape[1], base.shape[0])
        for answer in answers or COLOURS:
            yield offered(answer if isinstance(answer, bytes) else redrawn(base, (GREEN, answer)), frame)

    return script


class Held:
    """A fit that a test lets go, and that can be called off meanwhile.

    Attributes:
        begun: counts fits that have begun and nobody has waited for yet.
        count, called_off: how many there were, and how many did not come to their end.
        deaf: whether it comes to its end although it is called off.
    """

    def __init__(self, monkeypatch):
        self.begun, self.let = threading.Semaphore(0), threading.Event()
        self.count, self.called_off = 0, 0
        self.deaf = False
        monkeypatch.setattr("nanodesk.editor.first_look.fitted", self)

    def __call__(self, base, answer, pixels, *, frame, clip, cancelled):
        self.count += 1
        self.begun.release()
        while not self.let.wait(0.002):
            if cancelled() and not self.deaf:
                self.called_off += 1
                raise FitCancelledError
        return fitted(base, answer, pixels, frame=frame, clip=clip, cancelled=None if self.deaf else cancelled)

    async def under_way(self):
        assert await asyncio.to_thread(self.begun.acquire, timeout=5)
