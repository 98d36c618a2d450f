import pytest
from PySide6.QtGui import QColor

from nanodesk.resources import resource_path
from nanodesk.ui import icons, theme


@pytest.mark.parametrize("one", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_words_are_readable_everywhere(one):
    for ground in (one.window, one.panel, one.raised):
        assert theme.contrast(one.text, ground) >= 4.5
        assert theme.contrast(one.dim, ground) >= 4.5
        assert theme.contrast(one.accent_text, ground) >= 4.5
    assert theme.contrast(one.ink, one.accent) >= 4.5
    assert theme.contrast(one.good, one.panel) >= 3
    assert theme.contrast(one.attention, one.panel) >= 3


def test_contrast_is_that_of_wcag():
    assert theme.contrast(QColor("black"), QColor("white")) == pytest.approx(21)


def test_every_icon_can_be_drawn_in_the_theme_colour(qapp):
    for path in sorted(resource_path("icons").glob("*.svg")):
        drawn = icons.pixmap(path.stem, "text", 18, 2.0)
        assert not drawn.isNull()
        assert drawn.width() == 36


def test_the_type_is_ours(qapp):
    theme.install(qapp, "dark")
    assert qapp.font().family() == theme.FAMILY
    assert theme.font("body").pixelSize() == 13
    qapp.setStyleSheet("")


def test_light_and_dark_can_be_chosen(qapp):
    theme.install(qapp, "light")
    assert theme.colours() is theme.LIGHT
    theme.choose("dark")
    assert theme.colours() is theme.DARK
    theme.choose("system")
    qapp.setStyleSheet("")
