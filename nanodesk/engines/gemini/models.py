"""The models as dated data: what each can take and give, what it costs, and what follows it.

The table lies in `resources/engine/gemini_models.json`. A model that the service lists and the table does not know
is usable with the settings that every picture model takes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from nanodesk.document.geometry import Size
from nanodesk.engines.base import ModelInfo
from nanodesk.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SIZES = ("512", "1K", "2K", "4K")
"""The classes of answers, smallest first."""

_FACTORS = {"512": 0.5, "1K": 1.0, "2K": 2.0, "4K": 4.0}
_WIDE_RATIOS = frozenset({"1:4", "4:1", "1:8", "8:1"})
Listed: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A model as the service lists it: id, name, what it supports."""

_PICTURE_WORDS = ("image", "banana", "picture")


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars for a million tokens; none where it is not known."""

    text_in: float | None = None
    text_out: float | None = None
    image_out: float | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One picture model.

    Attributes:
        ratios: the shapes it can answer in, as "width:height".
        sizes: the classes it can answer in, smallest first.
        sends_size: whether it may be told a class; others refuse the field.
        references: how many pictures beside the base it keeps apart well.
        thinking: the levels it knows, least first; empty where it must not be told one.
        concurrency: how many requests are under way at once.
        shutdown: ISO date, the earliest possible; empty where none is announced.
        successor: the model to use instead.
        price: US dollars for a picture of each class.
        picture_tokens: what a picture counts in the input.
        output_tokens: what a picture of each class counts in the output.
        known: whether the table knows it.
        retired: whether it is gone.
    """

    id: str
    name: str
    role: str = "edit"
    ratios: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ("1K",)
    sends_size: bool = False
    references: int = 2
    thinking: tuple[str, ...] = ()
    concurrency: int = 1
    shutdown: str = ""
    successor: str = ""
    price: Mapping[str, float] = field(default_factory=dict)
    rates: Rates = Rates()
    picture_tokens: int = 1120
    output_tokens: Mapping[str, int] = field(default_factory=dict)
    known: bool = True
    retired: bool = False

    @property
    def info(self) -> ModelInfo:
        """What is said of it where it can be chosen."""
        note = ""
        if self.retired:
            note = f"Retired on {self.shutdown}." if self.shutdown else "Retired."
        elif self.shutdown:
            note = f"May be switched off from {self.shutdown}."
        elif not self.known:
            note = "Not known to this version; used with careful settings, its price is not known."
        return ModelInfo(
            self.id, self.name, self.role, self.sizes, tuple(self.price.items()), note, self.retired, self.successor
        )


class Catalogue:
    """Every model that can be named, and what the service says there is."""

    def __init__(
        self, models: Iterable[Model], retired: Iterable[Model], pixels: Mapping[str, Size], dated: str
    ) -> None:
        self._models = {model.id: model for model in models}
        self._retired = {model.id: model for model in retired}
        self._pixels = pixels
        self.dated = dated

    @property
    def default(self) -> Model:
        """The model for edits where nobody chose one."""
        return next(model for model in self._models.values() if model.role == "edit")

    def models(self) -> tuple[Model, ...]:
        """Those that can be chosen, the default first."""
        return tuple(self._models.values())

    def get(self, model_id: str) -> Model:
        """A model by its id; one that nobody knows gets careful settings; none named means the default."""
        name = model_id.removeprefix("models/").strip()
        if not name:
            return self.default
        return self._models.get(name) or self._retired.get(name) or self._careful(name, name)

    def _careful(self, model_id: str, name: str) -> Model:
        return Model(model_id, name, ratios=tuple(one for one in self._pixels if one not in _WIDE_RATIOS), known=False)

    def with_live(self, listed: Iterable[Listed]) -> Catalogue:
        """The same with what the service lists.

        Picture models that the table lacks are added. One that the table has and the service does not list is kept:
        the list may be of another API version.
        """
        models = dict(self._models)
        for model_id, name, actions in listed:
            known = model_id.removeprefix("models/")
            if known in models or (actions and "generateContent" not in actions):
                continue
            if known in self._retired:
                models[known] = replace(self._retired[known], retired=False)
            elif any(word in known.lower() for word in _PICTURE_WORDS):
                models[known] = self._careful(known, name or known)
        return Catalogue(models.values(), self._retired.values(), self._pixels, self.dated)

    def pixels(self, ratio: str, size: str) -> Size:
        """The size in pixels of an answer of a shape and class, as published; the real one is read from the answer."""
        one, factor = self._pixels[ratio], _FACTORS[size]
        return Size(round(one.width * factor), round(one.height * factor))


@cache
def catalogue() -> Catalogue:
    """The table as shipped."""
    data = json.loads(resource_path("engine", "gemini_models.json").read_text("utf-8"))
    pixels = {ratio: Size(*size) for ratio, size in data["pixels_1k"].items()}
    models = [_model(row, tuple(pixels)) for row in data["models"]]
    usual = tuple(one for one in pixels if one not in _WIDE_RATIOS)
    retired = [
        Model(name, name, ratios=usual, shutdown=row["shutdown"], successor=row["successor"], retired=True)
        for name, row in data["retired"].items()
    ]
    return Catalogue(models, retired, pixels, data["dated"])


@cache
def text_models() -> tuple[tuple[str, str], ...]:
    """The models that look at pictures and answer in words, as id and name, the one to use first."""
    data = json.loads(resource_path("engine", "gemini_models.json").read_text("utf-8"))
    return tuple((row["id"], row["name"]) for row in data["text_models"])


def _model(row: dict[str, Any], ratios: tuple[str, ...]) -> Model:
    usual = tuple(one for one in ratios if one not in _WIDE_RATIOS)
    return Model(
        row["id"],
        row["name"],
        row["role"],
        ratios if row["ratios"] == 14 else usual,
        tuple(row["sizes"]),
        row["sends_size"],
        row["references"],
        tuple(row["thinking"]),
        row["concurrency"],
        row["shutdown"] or "",
        row["successor"] or "",
        row["price"],
        Rates(**row["rates"]),
        row["picture_tokens"],
        row["output_tokens"],
    )
