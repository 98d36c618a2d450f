"""The engines that a project can send its edits to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.editor.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nanodesk.editor.planning import EngineInfo
    from nanodesk.engines.base import Engine

AUTO = "auto"
ON_DEVICE = "on-device"


def _draws(info: EngineInfo) -> bool:
    """Whether an engine takes any sentence; one that has but special tasks is used when it is named."""
    return any(model.role != "task" for model in info.models) or not info.models


class EngineList:
    """Engines by name, the on-device one first.

    `auto` is the on-device engine until the user has agreed that pictures may leave this computer.
    """

    def __init__(self, engines: Sequence[Engine], consented: Callable[[str], bool] = lambda _: False) -> None:
        self._engines = {engine.info.id: engine for engine in engines}
        self._consented = consented

    def infos(self) -> tuple[EngineInfo, ...]:
        """Who they are."""
        return tuple(engine.info for engine in self._engines.values())

    def chosen(self, name: str) -> Engine:
        """The engine of that name, or the one that `auto` stands for.

        Raises:
            RunError: when there is no such engine.
        """
        if name != AUTO:
            return self._named(name)
        for engine in self._engines.values():
            info = engine.info
            if info.sends and info.ready and _draws(info) and self._consented(info.id):
                return engine
        return self._named(ON_DEVICE)

    def named_or_none(self, name: str) -> Engine | None:
        """The engine of that name, where there is one."""
        return self._engines.get(name)

    def _named(self, name: str) -> Engine:
        engine = self._engines.get(name)
        if engine is None:
            known = ", ".join(self._engines)
            raise RunError(f"There is no engine called “{name}”; there are: {known}.")
        return engine

    def consented(self, name: str) -> bool:
        """Whether the user has agreed that pictures go to that engine."""
        return self._consented(name)

    def is_generative(self, name: str) -> bool:
        """Whether that engine makes pictures with a generative model; not known means not."""
        engine = self._engines.get(name)
        return engine is not None and engine.info.generative
