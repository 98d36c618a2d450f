"""When a picture that was placed is offered to be fitted."""

import cv2
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from nanodesk.editor.intake import PictureSource
from nanodesk.imaging.codec import encode_png
from nanodesk.resources import resource_path
from tests.editor.scripted import with_picture
from tests.editor.test_fitting import GREEN, coffee, opaque, redrawn
from tests.ui.fit.fitted import labelled
from tests.ui.window.seen import photo

LEFT = Qt.MouseButton.LeftButton


def offers(window):
    """The notices that offer to fit something."""
    return [one for one in window.page.notices.toasts() if "another version" in one.accessibleName()]


async def test_another_version_of_the_picture_is_offered_to_be_fitted(window):
    project = window.page.project
    first = with_picture(project.editor, project.pixels, coffee())
    data = redrawn(coffee(), (GREEN, (60, 200, 60)))
    await project.place([PictureSource("elsewhere.jpg", data=data)])
    layer = project.editor.document.root[-1]
    (toast,) = offers(window)
    button = toast.findChild(QPushButton)
    words = toast.findChild(QLabel, "words")
    assert words.geometry().right() < button.geometry().left()
    window.page.layered.layers.set_active_layer(first)  # the offer is about the layer it names all the same
    QTest.mouseClick(button, LEFT)
    await labelled(project, "Fit to what lies below")
    assert project.refitting.answer_of(layer) is not None
    assert not offers(window)


async def test_another_picture_of_the_same_shape_is_no_answer_to_this_one(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    cat = cv2.resize(opaque(resource_path("samples", "cat.jpg").read_bytes()), (600, 400))
    await project.place([PictureSource("cat.png", data=encode_png(cat)), photo("square.png")])
    assert len(project.editor.document.root) == 3
    assert not offers(window)


async def test_an_offer_goes_with_its_layer(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    await project.place([PictureSource("elsewhere.jpg", data=redrawn(coffee()))])
    assert offers(window)
    window.do("undo")
    assert not offers(window)
