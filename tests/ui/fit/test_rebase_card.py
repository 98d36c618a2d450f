"""Nothing is paid for a rebase that was not seen before; old and new are shown beside each other."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nanodesk.document.operations.layers import remove_layer
from nanodesk.ui.canvas.compare import CompareMode
from tests.ui.fit.fitted import SLOW_S, fitted_layer
from tests.ui.window.seen import photo, said
from tests.waiting import until

LEFT = Qt.MouseButton.LeftButton


async def test_a_rebase_is_shown_before_it_is_sent_and_old_beside_new_after(window, engine):
    _, layer = await fitted_layer(window, "two balls", "and nothing else")
    project, card = window.page.project, window.page.rebase
    asked = len(engine.requests)
    window.do("rebase")
    assert card.isVisible()
    assert "2 accepted edits" in card.summary.text
    assert [label.text for label in card.sentences.labels] == ["1. two balls", "2. and nothing else"]
    assert card.price.text
    assert len(engine.requests) == asked
    for label in (card.summary, card.why, card.price, *card.sentences.labels):
        assert label.height() >= label.heightForWidth(label.width()), "its words are clipped"
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert card.isHidden()
    assert len(engine.requests) == asked

    window.do("rebase")
    QTest.mouseClick(card.go, LEFT)
    assert card.isHidden()
    await until(lambda: project.runs.waiting(), SLOW_S)
    await until(lambda: window.page.canvas.compare.mode is CompareMode.SPLIT)
    assert len(engine.requests) == asked + 1
    (candidate,) = project.runs.waiting()
    assert window.page.strip.candidate == candidate.id
    await until(lambda: window.page.strip.showing.shown == candidate.id)
    assert project.editor.document.layers[layer].visible


async def test_without_accepted_edits_there_is_nothing_to_rebase(window):
    await window.page.project.place([photo()])
    window.do("rebase")
    assert any("nothing to rebase" in one for one in said(window))
    assert window.page.rebase.isHidden()


async def test_the_card_goes_when_what_it_was_about_has_gone(window):
    _, layer = await fitted_layer(window)
    card = window.page.rebase
    window.do("rebase")
    assert card.isVisible()
    window.page.project.editor.apply_document("Remove", lambda document: remove_layer(document, layer))
    assert card.isHidden()


async def test_one_card_at_a_time(window):
    await fitted_layer(window)
    window.do("show_leak")
    window.do("rebase")
    assert window.page.rebase.isVisible()
    assert window.page.leak.isHidden()
    assert not window.page.leak.overlay.shown
    window.do("show_leak")
    assert window.page.rebase.isHidden()
