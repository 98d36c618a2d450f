"""Signals below Qt: a list of functions to call when something has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable

Values = TypeVarTuple("Values")


class Signal(Generic[*Values]):
    """Calls the connected slots in the order they were connected, at once, on the caller's thread."""

    def __init__(self) -> None:
        self._slots: list[Callable[[*Values], object]] = []

    def connect(self, slot: Callable[[*Values], object]) -> Callable[[], None]:
        """Have `slot` called from now on; calling the result ends that, and may be repeated."""
        self._slots.append(slot)

        def disconnect() -> None:
            if slot in self._slots:
                self._slots.remove(slot)

        return disconnect

    def emit(self, *values: *Values) -> None:
        """Call every slot that is connected now; one disconnected meanwhile is left out."""
        for slot in tuple(self._slots):
            if slot in self._slots:
                slot(*values)
