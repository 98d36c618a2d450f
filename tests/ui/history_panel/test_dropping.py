"""Where a dragged layer would fall, by row and pointer."""

import pytest

from nanodesk.document.document import Document
from nanodesk.document.geometry import Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Adjustment, Group, Layer
from nanodesk.document.state import State
from nanodesk.ui.history_panel.dropping import place_at, within
from nanodesk.ui.history_panel.rows import Folding, rows_of

DEEP = 12 + 16 + 4


@pytest.fixture
def document():
    """From the top: a; group g of b above c; d."""
    layers = {LayerId(name): Layer(LayerId(name), name, Adjustment(())) for name in "abcd"}
    layers[LayerId("g")] = Layer(LayerId("g"), "g", Group((LayerId("c"), LayerId("b"))))
    return Document(Size(10, 10), layers=layers, root=(LayerId("d"), LayerId("g"), LayerId("a")))


def fall(document, place, part, x=0):
    rows = rows_of(State(document), {}, Folding())
    assert [row.key for row in rows] == ["a", "g", "b", "c", "d"]
    found = place_at(document, rows, place, part, x)
    assert found is not None
    return found.parent, found.below, found.gap


def test_above_the_first_row(document):
    assert fall(document, 0, 0.1) == (None, "a", 0)


def test_on_a_group_means_into_it_on_top(document):
    assert fall(document, 1, 0.5) == ("g", "b", 2)


def test_right_below_an_open_group_means_into_it(document):
    assert fall(document, 1, 0.9) == ("g", "b", 2)


def test_between_two_children(document):
    assert fall(document, 2, 0.8, DEEP) == ("g", "c", 3)


def test_at_the_end_of_a_group_the_pointer_chooses_in_or_out(document):
    assert fall(document, 3, 0.9, DEEP) == ("g", None, 4)
    assert fall(document, 3, 0.9, 0) == (None, "d", 4)


def test_below_the_last_row_means_the_bottom(document):
    assert fall(document, 9, 0.0) == (None, None, 5)


def test_a_group_never_falls_into_itself(document):
    assert within(document, LayerId("c"), LayerId("g"))
    assert not within(document, LayerId("a"), LayerId("g"))
