"""What the tests of the window look for and press."""

import asyncio

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton

from nanodesk.editor.intake import PictureSource
from nanodesk.imaging.codec import encode_png
from tests.editor.scripted import picture
from tests.waiting import until


def photo(name="photo.png"):
    return PictureSource(name, data=encode_png(picture()))


def sheet(window):
    """The question that is open now."""
    found = [one for one in window.findChildren(QDialog) if one.isVisible()]
    return found[-1] if found else None


async def asked(window, kind=QDialog):
    """The question, as soon as it is open."""
    await until(lambda: isinstance(sheet(window), kind))
    return sheet(window)


def press(window, name):
    QTest.mouseClick(sheet(window).findChild(QPushButton, name), Qt.MouseButton.LeftButton)


async def answer(window, name):
    """Press a button of the question and see it go."""
    await asked(window)
    before = sheet(window)
    press(window, name)
    await until(lambda: sheet(window) is not before)
    await asyncio.sleep(0)


def click(widget, x, y):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, y))


def said(window):
    """The sentences on the page in front, oldest first."""
    return [toast.accessibleName() for toast in window.page.notices.toasts()]
