"""What is said about an engine and its models where one can be chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model of an engine, for choosing.

    Attributes:
        role: `draft`, `edit`, `final` or `check`.
        sizes: the classes it can answer in, smallest first.
        price: US dollars for a picture of each class, by class; empty where it is not known.
        note: what should be known before choosing it ("retires on 2027-03-15").
        retired: whether it is gone; `successor` then names the one to use.
    """

    id: str
    name: str
    role: str
    sizes: tuple[str, ...] = ()
    price: tuple[tuple[str, float], ...] = ()
    note: str = ""
    retired: bool = False
    successor: str = ""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What the window and the command line say about an engine.

    Attributes:
        ready: whether it can run now; `reason` says why not.
        sends: whether it sends pictures away from this computer.
        generative: whether its pictures are made by a generative model.
        models: what can be chosen, the engine's own choice first.
        needs_key: it is not ready for want of a key alone.
    """

    id: str
    name: str
    ready: bool
    sends: bool
    generative: bool
    reason: str = ""
    models: tuple[ModelInfo, ...] = ()
    needs_key: bool = False
