"""What a damaged project says of itself, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.tiles import TileId


def damaged_layers(document: Document, damaged: Set[TileId]) -> tuple[LayerId, ...]:
    """The layers whose picture or mask has damaged parts, from the top down."""
    if not damaged:
        return ()
    return tuple(
        layer.id
        for layer, _ in document.walk()
        if any(tile is not None and tile.id in damaged for grid in layer.grids() for tile in grid.tiles)
    )


def damage_note(name: str, document: Document, damaged: Set[TileId]) -> str:
    """What is damaged and what that means; empty when nothing is."""
    if not damaged:
        return ""
    layers = damaged_layers(document, damaged)
    if not layers:
        return f"Some earlier pictures of “{name}” are damaged and are shown hatched; the picture itself is whole."
    names = ", ".join(f"“{document.layer(one).name}”" for one in layers[:3])
    more = f" and {len(layers) - 3} more" if len(layers) > 3 else ""
    verb = "is" if len(layers) == 1 else "are"
    return (
        f"In “{name}”, {names}{more} {verb} damaged: what cannot be read is hatched, the rest is whole."
        " Save it under another name to keep what there is."
    )


def salvage_note(name: str, lost_steps: int) -> str:
    """What became of a project that could not be opened as a whole."""
    lost = {0: "Every step", 1: "All but one step"}.get(lost_steps, f"All but {lost_steps} steps")
    return f"“{name}” is damaged. {lost} of its history could be read; save it under a new name to keep that."


def alone_note(name: str, lost_steps: int) -> str:
    """What became of unsaved work whose project is gone."""
    lost = "" if lost_steps == 0 else " What lay only in the project is missing and is shown hatched."
    return f"The project of “{name}” is gone or another one; its unsaved work was opened by itself.{lost}"
