"""The layers and pictures that sentences name with @."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.engines.errors import EngineError
from nanodesk.engines.on_device.sight import layer_mask

if TYPE_CHECKING:
    from nanodesk.document.geometry import Size
    from nanodesk.engines.base import Block, EditRequest, RequestPicture
    from nanodesk.engines.on_device.frames import Step


class Named:
    """What is sent along, by the name that the sentences call it."""

    def __init__(self, request: EditRequest) -> None:
        """Take the references of a request."""
        self._pictures: dict[str, RequestPicture] = {}
        for edit in request.edits:
            for written, place in edit.references:
                self._pictures[_key(written)] = request.references[place]
        for picture in request.references:
            self._pictures.setdefault(_key(picture.name), picture)

    def knows(self, name: str) -> bool:
        """Whether there is a picture of that name."""
        return _key(name) in self._pictures

    def picture(self, name: str) -> Block | None:
        """Its pixels; none for no name."""
        return self._pictures[_key(name)].pixels if name else None

    def mask(self, target: str, size: Size) -> Block | None:
        """Where a layer that is a target shows on a canvas of that size; none for other targets.

        Raises:
            EngineError: when it is not known where it lies.
        """
        name = target.removeprefix("not-")
        if not name.startswith("@"):
            return None
        mask = layer_mask(self._pictures[_key(name)], size)
        return mask if name == target else 255 - mask

    def resolved(self, step: Step) -> Step:
        """The step with the colours of layers as colours.

        Raises:
            EngineError: when a layer shows no colour.
        """
        values = [
            (key, self._colour(value) if key != "picture" and isinstance(value, str) and value[:1] == "@" else value)
            for key, value in step.values
            if key != "text"
        ]
        values += [(key, value) for key, value in step.values if key == "text"]
        return replace(step, values=tuple(values))

    def _colour(self, name: str) -> str:
        from nanodesk.imaging.measuring import UnclearError, dominant

        try:
            return dominant(self._pictures[_key(name)].pixels)
        except UnclearError:
            raise EngineError(f"“{name.lstrip('@')}” shows no colour to take; name one instead.") from None


def _key(name: str) -> str:
    return name.lstrip("@").strip('"').casefold()


def names_in(step: Step) -> tuple[str, ...]:
    """The layers that a step speaks of."""
    said = [str(value) for key, value in step.values if key != "text" and str(value).startswith("@")]
    target = step.target.removeprefix("not-")
    return (*said, target) if target.startswith("@") else tuple(said)
