"""From an answer and its base to a candidate: fitted, kept with its parts, and as operations on the document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import AddLayer
from nanodesk.document.fit import FitOutcome, FittedAnswer, FittedIsland
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.layer import Mask, Pixels
from nanodesk.document.tiles import TileGrid
from nanodesk.editor.given_back import give_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nanodesk.document.document import Document
    from nanodesk.document.edit import Edit
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.imaging.fit.result import Fit


_WHOLE = ("restyle", "unaligned")
"""The kinds of fits that show the whole answer."""


@dataclass(frozen=True, slots=True)
class FitBase:
    """What an answer is fitted to.

    Attributes:
        pixels: (h, w, 4), the flattened document.
        selections: for each edit its mask (h, w), or none for everywhere.
        toned: whether another tone or style of the whole picture was asked for.
    """

    pixels: Block
    selections: tuple[Block | None, ...] = ()
    toned: bool = False

    @property
    def rect(self) -> Rect:
        """All of it."""
        return Rect(0, 0, self.pixels.shape[1], self.pixels.shape[0])


def base_on(document: Document, edits: Sequence[Edit], pixels: PixelStore, *, toned: bool) -> FitBase:
    """What answers are fitted to that these edits brought on a document; slow, for a thread."""
    from nanodesk.editor.selecting import mask_of
    from nanodesk.imaging.painter import flatten

    selections = tuple(
        None if edit.selection is None else mask_of(edit.selection, document.size, pixels) for edit in edits
    )
    return FitBase(flatten(document, pixels.tile), selections, toned)


def unfitted(answer: TileGrid, frame: Rect | None, clip: Rect | None, *, toned: bool, name: str) -> FittedAnswer:
    """An answer as it came, with what is needed to fit it when somebody looks at it."""
    sentence = "It is as it came; it is fitted when it is looked at."
    nowhere = Rect(0, 0, 0, 0)
    return FittedAnswer(
        *(FitOutcome.WAITING, sentence, 0.0, 1.0, 0.0, 0.0, answer, nowhere, frame, clip), toned=toned, name=name
    )


def fitted(
    base: FitBase,
    answer: Block | TileGrid,
    pixels: PixelStore,
    *,
    frame: Rect | None = None,
    clip: Rect | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> FittedAnswer:
    """Fit an answer and keep it with its parts; slow, for a thread.

    Args:
        answer: (any h, any w, 4), in the document's colour profile; or where it lies in the store.
        frame, clip: where a request said it belongs, document pixels; the whole document where nothing is said.

    Raises:
        FitCancelledError: when `cancelled` said so.
    """
    import numpy as np

    from nanodesk.imaging.fit.fitting import fit
    from nanodesk.imaging.fit.hints import FitHints

    wanted = (clip or base.rect).intersected(base.rect)
    if wanted.empty:
        wanted, frame = base.rect, None
    away = Point(-wanted.x, -wanted.y)
    rows, columns = slice(wanted.y, wanted.bottom), slice(wanted.x, wanted.right)
    hints = FitHints(
        tuple(None if one is None else one[rows, columns] for one in base.selections),
        None if frame is None else frame.translated(away),
        Rect(0, 0, wanted.width, wanted.height),
        base.toned,
        cancelled=cancelled,
    )
    block = pixels.block(answer) if isinstance(answer, TileGrid) else answer
    found = fit(base.pixels[rows, columns], block, hints=hints)
    share = wanted.width * wanted.height / max(1, base.rect.width * base.rect.height)
    limit = _limit(hints.selections) if found.kind in _WHOLE else None
    if limit is not None:
        place = limit[found.rect.y : found.rect.bottom, found.rect.x : found.rect.right]
        found = replace(found, outline=np.minimum(found.outline, place))
    kept_answer = answer if isinstance(answer, TileGrid) else pixels.add(answer)
    kept = _kept(found, kept_answer, pixels, wanted.offset, share)
    give_back()
    return replace(kept, frame=frame, clip=clip, toned=base.toned)


def _limit(selections: tuple[Block | None, ...]) -> Block | None:
    """Where an answer that redrew everything may show: the selections together; none where an edit is not tied."""
    import numpy as np

    together: Block | None = None
    for selection in selections:
        if selection is None:
            return None
        together = selection if together is None else np.maximum(together, selection)
    return together


def _kept(found: Fit, answer: TileGrid, pixels: PixelStore, offset: Point, share: float) -> FittedAnswer:
    islands = tuple(
        FittedIsland(one.number, one.box.translated(offset), one.share * share, one.delta_e, one.edit, one.side_effect)
        for one in found.islands
    )
    empty = found.rect.empty
    return FittedAnswer(
        FitOutcome(found.kind.value),
        found.sentence,
        found.geometry.shift_px,
        found.geometry.scale,
        found.geometry.rotation_deg,
        found.geometry.confidence,
        answer,
        found.rect.translated(offset),
        layer=None if empty else pixels.add(found.layer),
        outline=None if empty else pixels.add(found.outline),
        numbers=None if empty else pixels.add(found.numbers),
        islands=islands,
        kept=tuple(sorted(found.kept)),
    )


def layer_of(found: FittedAnswer, name: str, canvas: Size, pixels: PixelStore) -> AddLayer:
    """The layer that a fitted answer becomes; slow, for a thread."""
    if found.layer is None or found.outline is None or found.numbers is None:
        return replace(plain_layer(found, name, canvas, pixels), mask=_nothing(pixels))
    mask = mask_of(found, pixels, found.kept)
    shown = None if bool((mask == 255).all()) else Mask(pixels.add(mask), found.rect.offset)
    return AddLayer(name, Pixels(found.layer), found.rect.offset, shown)


def mask_of(found: FittedAnswer, pixels: PixelStore, kept: Iterable[int]) -> Block:
    """The mask (h, w) of `found.rect` that shows these islands; slow."""
    from nanodesk.imaging.fit.result import mask_of as shown

    assert found.outline is not None
    assert found.numbers is not None
    if not found.islands:
        return pixels.block(found.outline)
    return shown(pixels.block(found.outline), pixels.block(found.numbers), kept)


def plain_layer(found: FittedAnswer, name: str, canvas: Size, pixels: PixelStore) -> AddLayer:
    """The model's own picture where it belongs, without any mask; slow."""
    from nanodesk.imaging.frame import into_clip

    whole = Rect(0, 0, canvas.width, canvas.height)
    frame = found.frame or whole
    clip = found.clip or whole
    picture = into_clip(pixels.block(found.answer), frame, clip)
    return AddLayer(name, Pixels(pixels.add(picture)), clip.offset)


def _nothing(pixels: PixelStore) -> Mask:
    """A mask that shows nothing."""
    import numpy as np

    return Mask(pixels.add(np.zeros((1, 1), np.uint8)), Point(), 0)
