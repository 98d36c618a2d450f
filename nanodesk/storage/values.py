"""Values of the document as JSON and back: by their declared fields and types, strictly.

Pictures and profiles are named by their hash; their bytes lie in tables of their own.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import sys
import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from nanodesk.document import candidate, layer, selection
from nanodesk.document.tiles import TileGrid
from nanodesk.storage.errors import DamagedProjectError

T = TypeVar("T")

_LARGEST = {int: 2**53, float: sys.float_info.max}
"""What a number may be at most: beyond it is damage, or somebody's trick."""

KINDS: dict[str, type] = {
    "pixels": layer.Pixels,
    "adjustment": layer.Adjustment,
    "text": layer.Text,
    "group": layer.Group,
    "rectangle": selection.RectangleSelection,
    "lasso": selection.LassoSelection,
    "mask": selection.MaskSelection,
    "add-layer": candidate.AddLayer,
    "hide-base": candidate.HideBase,
    "hide-layers": candidate.HideLayers,
    "crop": candidate.CropDocument,
    "resize": candidate.ResizeDocument,
    "turn": candidate.TurnDocument,
    "rotate": candidate.RotateDocument,
}
"""What a value of several kinds is called in the file."""

_KIND_OF = {kind: name for name, kind in KINDS.items()}


class Encoder:
    """Turns values into JSON and remembers the pictures and profiles they name.

    Args:
        grid, profile: where what a kind names that is not known here is looked up; none where it is nowhere.
    """

    def __init__(
        self,
        grid: Callable[[str], TileGrid | None] = lambda _: None,
        profile: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        self._grid = grid
        self._profile = profile
        self.grids: dict[str, TileGrid] = {}
        self.profiles: dict[str, bytes] = {}

    def text(self, value: object) -> str:
        """The JSON text of a value: ASCII, since the name of a dropped file need not be Unicode."""
        return json.dumps(self.encoded(value), separators=(",", ":"))

    def encoded(self, value: object) -> object:
        """A value as what JSON knows."""
        match value:
            case float() if not math.isfinite(value):
                return 0.0  # JSON knows no such number: a file that cannot be read back would be worse
            case None | bool() | int() | float():
                return value
            case Enum():
                return value.value
            case str():
                return value
            case bytes():
                name = hashlib.sha256(value).hexdigest()
                self.profiles[name] = value
                return {"profile": name}
            case TileGrid():
                self.grids[value.id] = value
                return {"grid": value.id}
            case layer.Unknown():
                return self._unknown(json.loads(value.data))
            case tuple() | list():
                return [self.encoded(one) for one in value]
            case Mapping():
                return {str(key): self.encoded(one) for key, one in value.items()}
        return self._fields(value)

    def _unknown(self, data: object) -> object:
        """Content of a later version as it was read; the pictures and profiles it names come along."""
        waiting = [data]
        while waiting:
            match waiting.pop():
                case {"grid": str(name), **rest} if not rest:
                    grid = self._grid(name)
                    if grid is not None:
                        self.grids[grid.id] = grid
                case {"profile": str(name), **rest} if not rest:
                    profile = self._profile(name)
                    if profile is not None:
                        self.profiles[name] = profile
                case dict(inner):
                    waiting.extend(inner.values())
                case list(inner):
                    waiting.extend(inner)
        return data

    def _fields(self, value: object) -> dict[str, object]:
        if not dataclasses.is_dataclass(value) or isinstance(value, type):
            raise TypeError(f"{type(value).__name__} is no value of a document.")
        kind = _KIND_OF.get(type(value))
        fields = {one.name: self.encoded(getattr(value, one.name)) for one in dataclasses.fields(value) if one.init}
        return fields if kind is None else {"kind": kind, **fields}


class Decoder:
    """Turns JSON into values; what does not fit the declared types is refused.

    Args:
        grid: the picture of an id.
        profile: the bytes of a profile's hash.
    """

    def __init__(self, grid: Callable[[str], TileGrid], profile: Callable[[str], bytes]) -> None:
        self._grid = grid
        self._profile = profile

    def value(self, kind: type[T], text: str) -> T:
        """The value of a JSON text.

        Raises:
            DamagedProjectError: when it is no such value.
        """
        try:
            decoded = self._decoded(kind, json.loads(text), {})
        except (ValueError, KeyError, TypeError, RecursionError, AttributeError, OverflowError) as error:
            raise DamagedProjectError("A part of the project is damaged and could not be read.") from error
        return typing.cast("T", decoded)

    def _decoded(self, kind: Any, data: Any, names: Mapping[Any, Any]) -> Any:
        kind = names.get(kind, kind)
        origin = get_origin(kind)
        if origin in (types.UnionType, typing.Union):
            return self._one_of(get_args(kind), data, names)
        if origin is tuple:
            return self._tuple(get_args(kind), data, names)
        if origin is not None and issubclass(origin, Mapping):
            key, value = get_args(kind)
            return {self._decoded(key, one, names): self._decoded(value, data[one], names) for one in _mapping(data)}
        if origin is not None:
            parameters = dict(zip(origin.__parameters__, get_args(kind), strict=True))
            return self._fields(origin, data, {one: names.get(value, value) for one, value in parameters.items()})
        return self._plain(getattr(kind, "__supertype__", kind), data, names)

    def _plain(self, kind: Any, data: Any, names: Mapping[Any, Any]) -> Any:
        if kind is TileGrid:
            return self._grid(_text(_mapping(data)["grid"]))
        if kind is bytes:
            return self._profile(_text(_mapping(data)["profile"]))
        if kind is type(None):
            if data is not None:
                raise TypeError("nothing expected")
            return None
        if kind is float and type(data) is int:
            return float(data)
        if kind in (bool, int, float, str):
            if type(data) is not kind:
                raise TypeError(f"{kind.__name__} expected")
            return _in_range(data)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(data)
        return self._fields(kind, data, names)

    def _tuple(self, args: tuple[Any, ...], data: Any, names: Mapping[Any, Any]) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise TypeError("a list expected")
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(self._decoded(args[0], one, names) for one in data)
        return tuple(self._decoded(kind, one, names) for kind, one in zip(args, data, strict=True))

    def _one_of(self, args: tuple[Any, ...], data: Any, names: Mapping[Any, Any]) -> Any:
        if data is None and type(None) in args:
            return None
        wanted = [one for one in args if one is not type(None)]
        if isinstance(data, dict) and "kind" in data:
            known = KINDS.get(_text(data["kind"]))
            if known in wanted:
                return self._fields(known, data, names)
            if layer.Unknown in wanted:
                return layer.Unknown(_text(data["kind"]), json.dumps(data))
            raise TypeError("a kind that is not known here")
        if len(wanted) == 1:
            return self._decoded(wanted[0], data, names)
        if type(data) in wanted:  # a parameter: number, text or switch
            return _in_range(data)
        raise TypeError("another kind of value expected")

    def _fields(self, kind: Any, data: Any, names: Mapping[Any, Any]) -> Any:
        if not dataclasses.is_dataclass(kind):
            raise TypeError("a value expected")
        data = _mapping(data)
        hints = _hints(typing.cast("type", kind))
        values = {
            one.name: self._decoded(hints[one.name], data[one.name], names)
            for one in dataclasses.fields(kind)
            if one.init and (one.name in data or not _has_default(one))
        }
        return typing.cast("type", kind)(**values)


def _has_default(one: dataclasses.Field[Any]) -> bool:
    return one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING


def _mapping(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise TypeError("fields expected")
    return data


def _in_range(data: Any) -> Any:
    largest = _LARGEST.get(type(data))
    if largest is not None and not abs(data) <= largest:
        raise ValueError("a number out of range")
    return data


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise TypeError("text expected")
    return data


@cache
def _hints(kind: Any) -> dict[str, Any]:
    from nanodesk.document import (
        advice,
        blend,
        change,
        document,
        edit,
        fit,
        geometry,
        history,
        identity,
        journal,
        provenance,
        run,
        state,
        tiles,
    )

    known: dict[str, Any] = {}
    every = (advice, blend, change, document, edit, fit, geometry, history, identity, journal, provenance, run, state)
    for module in (*every, tiles, layer, selection, candidate):
        known.update(vars(module))
    known["Mapping"] = Mapping
    return typing.get_type_hints(kind, globalns={**vars(typing), **known})
