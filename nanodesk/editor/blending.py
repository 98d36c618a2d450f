"""Whether an inserted part looks pasted on, and mending it here; what a layer shows against what is round it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.layer import Mask, Pixels
from nanodesk.document.operations.layers import put_layer, unlocked
from nanodesk.editor.errors import EditorError
from nanodesk.editor.flattening import up_to
from nanodesk.editor.wearing import cover_of, mask_over

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Rect
    from nanodesk.document.history import Step
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.refitting import Refitting
    from nanodesk.editor.work import Work


@dataclass(frozen=True, slots=True)
class BlendReport:
    """What was found.

    Attributes:
        sentence: the worst in words, or that all matches.
        trait: the name of what gives the part away; empty where nothing does.
        inside, outside: its measure in the part and in the ring round it.
        request: the edit that a generative engine could be asked for; empty where nothing is wrong.
        blind: what the check cannot see.
    """

    sentence: str
    trait: str = ""
    inside: float = 0.0
    outside: float = 0.0
    request: str = ""
    blind: tuple[str, ...] = ()


class Blending:
    """Of one project."""

    def __init__(self, editor: Editor, pixels: PixelStore, work: Work, refitting: Refitting) -> None:
        self._editor = editor
        self._pixels = pixels
        self._work = work
        self._refitting = refitting

    async def check(self, layer_id: LayerId) -> BlendReport:
        """Compare what a layer shows with a ring round it, in the picture as it is up to that layer."""
        return await self._work.pixels(self._check, self._editor.document, layer_id)

    def _check(self, document: Document, layer_id: LayerId) -> BlendReport:
        from nanodesk.checks.blend import check_blend
        from nanodesk.imaging.painter import flatten

        picture = flatten(up_to(document, layer_id), self._pixels.tile)
        found = check_blend(picture, cover_of(document.layer(layer_id), document.rect, self._pixels))
        worst = found.worst
        if worst is None:
            return BlendReport(found.sentence, blind=found.blind)
        return BlendReport(found.sentence, worst.trait.value, worst.inside, worst.outside, worst.request, found.blind)

    async def mend(self, layer_id: LayerId, report: BlendReport) -> Step | None:
        """Bring what gives a layer away nearer to its surroundings, as one step; nothing is sent.

        Raises:
            EditorError: when the layer is no picture, or that cannot be mended here.
        """
        layer = unlocked(self._editor.document, layer_id)
        if not isinstance(layer.content, Pixels) or layer.rect is None:
            raise EditorError(f"“{layer.name}” is not a picture that could be mended.")

        def change(document: Document) -> Document:
            return self._mended(document, layer_id, report)

        return await self._refitting.changed(f"Mend the {report.trait}", change)

    def _mended(self, document: Document, layer_id: LayerId, report: BlendReport) -> Document:
        from nanodesk.imaging.fit.remedy import remedied

        layer = document.layer(layer_id)
        assert isinstance(layer.content, Pixels)
        assert layer.rect is not None
        rect: Rect = layer.rect
        picture = self._pixels.block(layer.content.grid)
        mask = self._own_mask(document, layer_id, rect)
        picture, shown = remedied(picture, mask, report.trait, report.inside, report.outside)
        better = replace(
            layer, content=Pixels(self._pixels.add(picture)), mask=Mask(self._pixels.add(shown), rect.offset, 0)
        )
        return put_layer(document, better)

    def _own_mask(self, document: Document, layer_id: LayerId, rect: Rect) -> Block:
        import numpy as np

        mask = document.layer(layer_id).mask
        if mask is None:
            return np.full((rect.height, rect.width), 255, np.uint8)
        return mask_over(mask, rect, self._pixels)
