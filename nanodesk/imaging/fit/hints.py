"""What is known about an answer before it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.document.geometry import Rect

    Block = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class FitHints:
    """What the request and the settings say.

    Attributes:
        selections: for each edit in order its selection (h, w at the base's size, 0 to 255), or none. An empty tuple
            stands for one edit without a selection.
        frame: the rectangle of the base that the answer should cover; the whole base where nothing is said. It may
            reach beyond the base where the picture that was sent was padded.
        clip: the part of the frame that is picture and not padding.
        toned: whether another tone or style of the whole picture was asked for, so that it is not taken back.
        from_words: whether the answer was drawn from words alone and not from the base: it is not fitted then.
        detail: 0 to 1: how much of the base's fine luminance detail a whole-frame result keeps.
        cancelled: asked between stages, from the thread that fits; true ends the fit with `FitCancelledError`.
    """

    selections: tuple[Block | None, ...] = ()
    frame: Rect | None = None
    clip: Rect | None = None
    toned: bool = False
    from_words: bool = False
    detail: float = 0.5
    cancelled: Callable[[], bool] | None = None
