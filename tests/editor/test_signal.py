from typing import TYPE_CHECKING

from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Callable


def test_slots_are_called_in_the_order_they_were_connected():
    signal: Signal[int] = Signal()
    heard: list[str] = []
    signal.connect(lambda value: heard.append(f"first {value}"))
    signal.connect(lambda value: heard.append(f"second {value}"))
    signal.emit(3)
    assert heard == ["first 3", "second 3"]


def test_a_slot_disconnected_by_another_is_left_out():
    signal: Signal[()] = Signal()
    heard: list[str] = []
    ends: list[Callable[[], None]] = []
    signal.connect(lambda: ends[0]())
    ends.append(signal.connect(lambda: heard.append("never")))
    signal.emit()
    ends[0]()
    assert heard == []
