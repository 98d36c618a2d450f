"""Where a layer or a step came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.tiles import PixelsId


class Origin(StrEnum):
    """The kinds of beginning a layer can have."""

    IMPORTED = "imported"
    RUN = "run"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a layer, kept with it for good.

    Attributes:
        origin: imported from a file or the clipboard, made by a run, or made by hand in the editor.
        source: the file's name, for an imported picture; never its path.
        run: the run, where there was one; the fields below repeat what a reader wants to know of it.
        instructions: the sentences that were sent, in order.
        references: the names of the pictures sent along.
        created: seconds since 1970, UTC.
        duration_s: how long the run took.
        cost: in US dollars; none where nothing was paid.
        generative: whether a generative model made any of its pixels.
        candidate: the answer it was accepted from.
        base: identity of the picture that the answer was fitted to.
        kept: the numbers of the answer's parts that the layer shows; none for those it was accepted with.
        own_picture: whether it shows all that the model sent, in place of what was fitted.
        exif: what the camera said of an imported picture, place included, as an EXIF block; exporting carries it along
            only where that is asked for.
    """

    origin: Origin
    created: float
    source: str = ""
    run: RunId | None = None
    instructions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    engine: str = ""
    model: str = ""
    duration_s: float | None = None
    cost: float | None = None
    generative: bool = False
    candidate: CandidateId | None = None
    base: PixelsId | None = None
    kept: tuple[int, ...] | None = None
    own_picture: bool = False
    exif: bytes | None = field(default=None, repr=False)
