"""Naming a layer with @: offered while it is written, marked, and sent along."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from nanodesk.document.edit import Reference
from nanodesk.document.identity import ReferenceId, new_id
from nanodesk.document.operations.layers import rename, set_visible
from nanodesk.document.operations.references import add_reference, tick_layer
from nanodesk.document.state import State
from nanodesk.ui import theme
from nanodesk.ui.edit_panel.nameable import Nameable
from tests.editor.scripted import picture, with_edits, with_picture
from tests.waiting import until

ENTER, TAB, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape


@pytest.fixture
def layers(project, photo, in_loop):
    """photo.jpg, Brand tone (ticked) and Brand tone dark, from below."""

    def add():
        tone = with_picture(project.editor, project.pixels, picture(value=10), "Brand tone")
        project.editor.apply("Send along", lambda state: tick_layer(state, tone))
        return photo, tone, with_picture(project.editor, project.pixels, picture(value=20), "Brand tone dark")

    return in_loop(add)


@pytest.fixture(autouse=True)
def dark(qapp):
    theme.choose("dark")
    yield
    theme.choose("system")


@pytest.fixture
def field(panel):
    panel.activateWindow()
    panel.focus_input()
    return panel.input.field


async def focused(field):
    await until(field.hasFocus)


async def test_an_at_offers_the_layers_and_enter_takes_one(project, layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "like @")
    assert field.naming.list.names == ("Brand tone dark", "Brand tone", "photo.jpg")
    assert not panel.grab().isNull()
    QTest.keyClicks(field, "ph")
    assert field.naming.list.names == ("photo.jpg",)
    QTest.keyClick(field, ENTER)
    assert field.toPlainText() == "like @photo.jpg "
    assert not field.naming.offering
    assert not project.editor.state.edit_stack.edits
    QTest.keyClick(field, ENTER)
    assert [edit.instruction for edit in project.editor.state.edit_stack] == ["like @photo.jpg"]


async def test_arrows_and_tab_choose_and_the_rest_of_the_sentence_stays(layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "as  here")
    for _ in range(5):
        QTest.keyClick(field, Qt.Key.Key_Left)
    QTest.keyClicks(field, "@tone")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.naming.list.lit == "Brand tone"
    QTest.keyClick(field, TAB)
    assert field.toPlainText() == "as @Brand tone here"
    assert field.hasFocus()


async def test_a_click_takes_a_name(layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "@")
    offered = field.naming.list
    QTest.mouseMove(offered, QPoint(20, 4 + 28 + 10))
    QTest.mouseClick(offered, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 4 + 28 + 10))
    assert field.toPlainText() == "@Brand tone "
    assert field.hasFocus()


async def test_escape_puts_the_list_away_and_keeps_the_words(layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "@br")
    QTest.keyClick(field, ESCAPE)
    assert not field.naming.offering
    QTest.keyClicks(field, "a")
    assert not field.naming.offering
    assert field.toPlainText() == "@bra"
    QTest.keyClicks(field, " @")
    assert field.naming.offering


async def test_an_address_offers_nothing_and_leaving_puts_the_list_away(layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "write me@")
    assert not field.naming.offering
    QTest.keyClicks(field, " @")
    assert field.naming.offering
    panel.run_box.engine.setFocus()
    assert not field.naming.offering


async def test_the_cursor_elsewhere_puts_the_list_away(layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "make @")
    assert field.naming.offering
    QTest.keyClick(field, Qt.Key.Key_Home)
    assert not field.naming.offering


async def test_a_name_that_is_written_out_is_offered_no_more(layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "@photo.jpg")
    assert not field.naming.offering


async def test_many_names_scroll_and_the_list_stays_in_the_window(project, photo, panel, field, in_loop):
    for number in range(9):
        with_picture(project.editor, project.pixels, picture(8, 8), f"layer {number} with a rather long name")
    await focused(field)
    QTest.keyClicks(field, "@")
    offered = field.naming.list
    for _ in range(8):
        QTest.keyClick(field, Qt.Key.Key_Down)
    assert offered.lit.startswith("layer 0")
    assert panel.rect().contains(offered.geometry())
    assert not panel.grab().isNull()
    panel.resize(344, 320)
    QTest.keyClicks(field, "l")
    assert panel.rect().contains(offered.geometry())


async def test_a_mention_has_the_accent_in_the_field_and_on_the_card(layers, panel, field):
    await focused(field)
    QTest.keyClicks(field, "like @Brand tone now")
    accent = theme.colours().accent_text
    formats = field.document().firstBlock().layout().formats()
    assert [(one.start, one.length) for one in formats] == [(5, 11)]
    assert formats[0].format.foreground().color() == accent
    theme.choose("light")
    again = field.document().firstBlock().layout().formats()
    assert again[0].format.foreground().color() == theme.LIGHT.accent_text
    QTest.keyClick(field, ENTER)
    assert panel.stack.cards[0].sentence.marks == ((5, 11),)
    panel.stack.cards[0].check.click()
    assert panel.stack.cards[0].sentence.marks == ()


async def test_a_mention_that_is_not_ticked_says_that_it_is_sent(project, layers, panel, field):
    await focused(field)
    await until(lambda: panel.watch.plan is not None)
    QTest.keyClicks(field, "like @photo.jpg and @Brand tone dark ")
    said = "“photo.jpg” and “Brand tone dark” will be sent along."
    assert panel.input.sent_along.text == said
    QTest.keyClick(field, ENTER)
    card = panel.stack.cards[0]
    assert card.sent_along.text == said
    assert panel.input.sent_along.isHidden()
    project.editor.apply("Send along", lambda state: tick_layer(state, layers[0]))
    assert card.sent_along.text == "“Brand tone dark” will be sent along."
    panel.choose_engine("on-device")
    assert card.sent_along.isHidden()


async def test_a_layer_that_gets_another_name_loses_its_mark(project, layers, panel):
    with_edits(project.editor, "like @photo.jpg")
    card = panel.stack.cards[0]
    assert card.sentence.marks == ((5, 10),)
    card.begin_editing()
    project.editor.apply_document("Rename", lambda document: rename(document, layers[0], "Backdrop"))
    assert card.sentence.marks == ()
    assert card.field.document().firstBlock().layout().formats() == []


async def test_a_card_offers_names_while_it_is_written_anew(project, layers, panel):
    with_edits(project.editor, "make it warmer")
    card = panel.stack.cards[0]
    panel.activateWindow()
    card.begin_editing()
    await focused(card.field)
    QTest.keyClicks(card.field, " @ph")
    QTest.keyClick(card.field, ENTER)
    assert card.editing
    QTest.keyClick(card.field, ENTER)
    assert project.editor.state.edit_stack.edits[0].instruction == "make it warmer @photo.jpg"


async def test_the_strip_shows_what_an_edit_names_and_keeps_it_when_asked(project, layers, panel):
    strip = panel.references
    with_edits(project.editor, "like @photo.jpg")
    assert [well.text() for well in strip.named] == ["3 @photo.jpg"]
    strip.named[0].click()
    menu = [menu for menu in strip.findChildren(QMenu) if menu.isVisible()][-1]
    next(action for action in menu.actions() if action.text() == "Keep as a reference").trigger()
    menu.close()
    assert strip.named == []
    assert [one.layer for one in project.editor.state.tray] == [layers[1], layers[0]]
    project.editor.undo()
    assert len(strip.named) == 1
    panel.stack.cards[0].check.click()
    assert strip.named == []


async def test_a_reference_that_is_off_and_named_is_not_dim(project, layers, panel):
    strip = panel.references
    strip._enable(project.editor.state.tray.references[0].id, False)
    assert "switched off" in strip.wells[0].accessibleName()
    assert "edit names it" not in strip.wells[0].accessibleName()
    with_edits(project.editor, "like @Brand tone")
    assert "sent because an edit names it" in strip.wells[0].accessibleName()


async def test_names_that_a_sentence_could_not_hold_are_not_offered(project, photo, in_loop):
    for name in ('"quoted', "two  spaces", " ", "plain one"):
        with_picture(project.editor, project.pixels, picture(8, 8), name)
    own = Reference(ReferenceId(new_id()), picture=project.pixels.add(picture(8, 8)), name="tone.png")
    project.editor.apply("Add", lambda state: add_reference(state, own))
    nameable = Nameable.of(project.editor.state)
    assert nameable.names == ("plain one", "photo.jpg", "tone.png")
    assert nameable.unticked == {"plain one", "photo.jpg"}
    assert nameable.sent_along("@tone.png and @plain one") == "“plain one” will be sent along."


def test_three_names_are_counted():
    nameable = Nameable(("a", "b", "c"), frozenset("abc"))
    assert nameable.sent_along("@a @b @c @a") == "3 layers will be sent along."
    assert Nameable.of(State()).names == ()


async def test_of_layers_called_alike_the_visible_one_is_meant(project, photo, in_loop):
    hidden = with_picture(project.editor, project.pixels, picture(8, 8), "PHOTO.jpg")
    project.editor.apply_document("Hide", lambda document: set_visible(document, hidden, False))
    project.editor.apply("Send along", lambda state: tick_layer(state, photo))
    assert Nameable.of(project.editor.state) == Nameable(("photo.jpg",), frozenset())
    project.editor.apply_document("Show", lambda document: set_visible(document, hidden, True))
    assert Nameable.of(project.editor.state) == Nameable(("PHOTO.jpg",), frozenset({"PHOTO.jpg"}))
