import pytest

from nanodesk.document.edit import Edit
from nanodesk.document.geometry import Rect
from nanodesk.document.identity import EditId
from nanodesk.document.selection import RectangleSelection, Selection
from nanodesk.editor.intent import changes_everything
from nanodesk.engines.on_device.engine import OnDeviceEngine

TIED = Selection(RectangleSelection(Rect(0, 0, 9, 9)))


def asks(sentence, selection=None):
    edits = [Edit(EditId("e"), sentence, selection=selection)]
    return changes_everything(edits, OnDeviceEngine().plan((sentence,)).edits)


@pytest.mark.parametrize(
    "sentence",
    [
        "make it dusk",
        "make it warmer",
        "a bit brighter, please",
        "black and white",
        "turn it into a watercolour painting",
        "give it a cinematic look",
        "as if it were a winter night",
        "mach daraus ein Aquarell",
        "more contrast",
    ],
)
def test_a_sentence_about_light_or_style_is_about_all_of_the_picture(sentence):
    assert asks(sentence)
    assert not asks(sentence, TIED)


@pytest.mark.parametrize(
    "sentence",
    [
        "remove the cyclist",
        "replace the sign by “OPEN”",
        "turn the red cup sage green",
        "add a dragon",
        "blur the background",
        "crop to a square",
        "put a hat on the cat",
    ],
)
def test_a_sentence_about_a_thing_is_not(sentence):
    assert not asks(sentence)
