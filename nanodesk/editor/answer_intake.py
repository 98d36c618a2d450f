"""From what an engine offers to a candidate of the project: decoded in the worker, its pixels in the store.

An answer that is to be fitted waits for that until somebody looks at it, but for the first of a run; see `first_look`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import Candidate, HideLayers
from nanodesk.document.geometry import Size
from nanodesk.document.identity import CandidateId, new_id
from nanodesk.editor.candidates import as_mask, placed, taken_in
from nanodesk.editor.fitting import FitBase, fitted, layer_of, unfitted

if TYPE_CHECKING:
    from nanodesk.document.candidate import CandidateOperation
    from nanodesk.document.fit import FittedAnswer
    from nanodesk.document.run import Run
    from nanodesk.editor.intake import Decoder
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.work import Work
    from nanodesk.engines.base import CandidateOffered, Offer, OfferedPicture


@dataclass(frozen=True, slots=True)
class AnswerBase:
    """What answers are put on.

    Attributes:
        size: of the canvas; an answer that belongs nowhere in particular goes to its middle.
        exact: what answers that keep every other pixel are compared with; none where that makes no sense.
        fits: whether answers that redraw the picture are fitted; they are taken as they are where not.
        toned: whether another tone or style of the whole picture was asked for.
        fit: what an answer is fitted to that is fitted at once; none where all wait until somebody looks.
    """

    size: Size
    profile: bytes | None
    exact: Block | None = None
    fits: bool = False
    toned: bool = False
    fit: FitBase | None = None

    def at_once(self, run: Run) -> FitBase | None:
        """What the next answer of a run is fitted to as it comes: the first is, since it shows itself."""
        return None if run.candidates else self.fit


class AnswerIntake:
    """Makes candidates; used by the runs of one project."""

    def __init__(self, pixels: PixelStore, decoder: Decoder, work: Work) -> None:
        self._pixels = pixels
        self._decoder = decoder
        self._work = work

    async def candidate(self, offered: CandidateOffered, run: Run, base: AnswerBase) -> Candidate:
        """The candidate that an offer makes.

        Raises:
            IntakeError: when its picture cannot be read.
        """
        found = Candidate(
            CandidateId(new_id()),
            run.id,
            (),
            run.base,
            words=offered.words,
            thoughts=offered.thoughts,
            reply=offered.reply,
            suggestion=offered.suggestion,
        )
        redrawn = _redrawn(offered) if base.fits else None
        if redrawn is not None:
            return await self._redrawn(found, redrawn, run, base)
        operations: list[CandidateOperation] = [*_in_place_of(run)]
        exact = base.exact
        for offer in offered.offers:
            decoded = await self._decoded(offer, run, base)
            operations.append(await self._work.pixels(taken_in, decoded, exact, self._pixels))
            exact = None  # what follows stands on the operation before it, not on the base
        return replace(found, operations=tuple(operations))

    async def _redrawn(self, found: Candidate, offer: OfferedPicture, run: Run, base: AnswerBase) -> Candidate:
        from nanodesk.engines.base import EncodedPicture

        assert isinstance(offer.picture, EncodedPicture)
        answer = await self._decoder.block(offer.picture.data, "The picture in the answer", base.profile)
        name = offer.name or name_of(run)
        at_once = base.at_once(run)
        if at_once is None:
            grid = await self._work.pixels(self._pixels.add_packed, answer)
            waiting = unfitted(grid, offer.frame, offer.clip, toned=base.toned, name=name)
            return replace(found, operations=_in_place_of(run), fit=waiting)
        fit = await self._fitted(answer, offer, at_once)
        layer = await self._work.pixels(layer_of, fit, name, base.size, self._pixels)
        return replace(found, operations=(*_in_place_of(run), layer), fit=fit)

    async def _fitted(self, answer: Block, offer: OfferedPicture, base: FitBase) -> FittedAnswer:
        called_off = threading.Event()
        try:
            return await self._work.pixels(
                fitted,
                base,
                answer,
                self._pixels,
                frame=offer.frame,
                clip=offer.clip,
                cancelled=called_off.is_set,
            )
        finally:
            called_off.set()  # a run that is cancelled does not leave its fit behind

    async def _decoded(self, offer: Offer, run: Run, base: AnswerBase) -> Offer:
        from nanodesk.engines.base import EncodedPicture, OfferedPicture

        if not isinstance(offer, OfferedPicture):
            return offer
        if isinstance(offer.picture, EncodedPicture):
            block = await self._decoder.block(offer.picture.data, "The picture in the answer", base.profile)
            offer = replace(offer, picture=block)
            offer = await self._work.pixels(placed, offer, base.size)
        if isinstance(offer.mask, EncodedPicture):
            assert not isinstance(offer.picture, EncodedPicture)
            height, width = offer.picture.shape[:2]
            grey = await self._decoder.picture(offer.mask.data, "The mask in the answer")
            mask = await self._work.pixels(as_mask, grey.pixels, Size(width, height))
            offer = replace(offer, mask=mask)
        return offer if offer.name else replace(offer, name=name_of(run))


def _redrawn(offered: CandidateOffered) -> OfferedPicture | None:
    """The one picture of an offer that redraws the base and could be fitted to it."""
    from nanodesk.engines.base import EncodedPicture, OfferedPicture

    if len(offered.offers) != 1:
        return None
    offer = offered.offers[0]
    whole = isinstance(offer, OfferedPicture) and isinstance(offer.picture, EncodedPicture)
    return offer if whole and isinstance(offer, OfferedPicture) and offer.frame is not None else None


def _in_place_of(run: Run) -> tuple[HideLayers, ...]:
    return (HideLayers(run.options.replaces),) if run.options.replaces else ()


def name_of(run: Run) -> str:
    """What a layer is called whose engine gave it no name: the first sentence of its run."""
    name = " ".join(run.edits[0].instruction.split()) if run.edits else "Answer"
    return name if len(name) <= 60 else name[:59].rstrip() + "…"
