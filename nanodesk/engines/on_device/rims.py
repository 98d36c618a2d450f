"""What changes the canvas and adds a layer to it: wider canvases, borders, rounded corners, shadows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.candidate import CropDocument, HideBase
from nanodesk.document.geometry import Rect, Size
from nanodesk.engines.base import OfferedPicture
from nanodesk.engines.errors import EngineError
from nanodesk.engines.on_device.canvas import MOST_AREA, sides_of
from nanodesk.engines.on_device.picture import bgr

if TYPE_CHECKING:
    from nanodesk.engines.base import Block, Offer
    from nanodesk.engines.on_device.row import Values
    from nanodesk.imaging.margin import Edges

_SHADOW = 0.45
"""How dark a drop shadow is at its darkest."""


def wider(values: Values, size: Size) -> Edges:
    """What an extension or a border adds at each side.

    Raises:
        EngineError: when the canvas would become smaller, or larger than this computer can hold.
    """
    from nanodesk.imaging.margin import Edges

    if "px" in values or "percent" in values:
        sides = sides_of(str(values.get("place", "all")))
        pixels = _pixels(values, size)
        edges = Edges(*(pixels if side in sides else 0 for side in ("left", "top", "right", "bottom")))
    else:
        wanted = _wanted(values, size)
        across, down = wanted.width - size.width, wanted.height - size.height
        if across < 0 or down < 0:
            raise EngineError(
                f"The canvas is {size.width} × {size.height} px and would become smaller; crop it instead."
            )
        edges = Edges(across // 2, down // 2, across - across // 2, down - down // 2)
    if (size.width + edges.left + edges.right) * (size.height + edges.top + edges.bottom) > MOST_AREA:
        raise EngineError("The canvas would become larger than this computer can hold; choose a smaller one.")
    return edges


def _wanted(values: Values, size: Size) -> Size:
    if "width" in values:
        return Size(int(values["width"]), int(values["height"]))
    across, down = (float(part) for part in str(values["ratio"]).split(":"))
    return Size(
        max(size.width, round(size.height * across / down)), max(size.height, round(size.width * down / across))
    )


def _pixels(values: Values, size: Size) -> int:
    """A length in pixels, given as such or in per cent of the shorter edge."""
    if "px" in values:
        return int(values["px"])
    return max(1, round(float(values["percent"]) / 100 * min(size.width, size.height)))


def around(edges: Edges, size: Size) -> CropDocument:
    """The operation that widens the canvas."""
    width, height = size.width + edges.left + edges.right, size.height + edges.top + edges.bottom
    return CropDocument(Rect(-edges.left, -edges.top, width, height))


def rim(name: str, values: Values, edges: Edges, picture: Block) -> OfferedPicture | None:
    """The layer that fills what an extension added; none where it stays transparent."""
    from nanodesk.imaging import margin

    fill = str(values.get("fill") or values.get("colour", ""))
    match fill:
        case "":
            return None
        case "mirror":
            block = margin.mirrored(picture, edges)
        case "blur":
            block = margin.blurred(picture, edges)
        case _:
            block = margin.coloured(picture, edges, bgr(fill))
    return OfferedPicture(name, block)


def rounded(name: str, values: Values, picture: Block) -> tuple[tuple[Offer, ...], Block]:
    """A picture with round corners, as layers and as it then is."""
    from nanodesk.imaging.margin import rounded as with_corners

    size = Size(picture.shape[1], picture.shape[0])
    result = with_corners(picture, float(_pixels(values, size)))
    return (HideBase(), OfferedPicture(name, result)), result


def shadowed(name: str, values: Values, picture: Block) -> tuple[tuple[Offer, ...], CropDocument | None]:
    """The layers of a picture with its shadow below, and the wider canvas that a picture without free room needs."""
    import numpy as np

    from nanodesk.imaging.margin import Edges, shadow

    size = Size(picture.shape[1], picture.shape[0])
    length = _pixels(values, size)
    opaque = bool((picture[:, :, 3] > 250).mean() > 0.97)
    wide = None
    if opaque:
        room = 3 * length
        edges = Edges(room, room, room, room)
        wide = around(edges, size)
        block = np.zeros((wide.rect.height, wide.rect.width, 4), np.uint8)
        block[room : room + size.height, room : room + size.width] = picture
        picture = block
    cast = shadow(picture, float(length), (length // 2, length), _SHADOW)
    layers = (HideBase(), OfferedPicture(name, cast), OfferedPicture("Picture", picture))
    return (layers if wide is None else (wide, *layers)), wide
