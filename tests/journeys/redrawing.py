"""What a model hands back, over the wire: the base redrawn a little, and a disc where something was asked for."""

import cv2
import numpy as np

from tests.wire.asked import Asked
from tests.wire.replies import answer, picture_part
from tests.wire.server import Handler, Scenario

LONG_PX = 1024
DISC = 0.18
"""Radius, of the shorter side."""


def redraws(colour: tuple[int, int, int], words: str = "Done as you asked.") -> Scenario:
    """The base moved, shrunk, brightened and softened, with a disc of that colour, RGB, a little left of its middle."""

    def scenario(handler: Handler, asked: Asked) -> None:
        handler.reply(answer([{"text": words}, picture_part(redrawn(asked, colour), "image/jpeg")]))

    return scenario


def redrawn(asked: Asked, colour: tuple[int, int, int]) -> bytes:
    """The answer's JPEG bytes."""
    across, down = (int(side) for side in asked.config["imageConfig"]["aspectRatio"].split(":"))
    size = (LONG_PX, round(LONG_PX * down / across)) if across >= down else (round(LONG_PX * across / down), LONG_PX)
    base = cv2.resize(np.asarray(asked.pictures[-1].convert("RGB")), size, interpolation=cv2.INTER_AREA)
    place = (round(size[0] * 0.4), round(size[1] * 0.5))
    cv2.circle(base, place, round(min(size) * DISC), colour, -1, cv2.LINE_AA)
    moved = np.array([[0.992, 0.0, 2.4], [0.0, 0.992, 1.6]])
    base = cv2.warpAffine(base, moved, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    soft = np.clip(cv2.GaussianBlur(base, (0, 0), 0.6).astype(np.float32) * 1.03, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(soft, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])
    return data.tobytes()
