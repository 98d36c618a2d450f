"""The keys of the strip, on the canvas and on the strip itself, and what they leave to others."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.waiting import until

KEY = Qt.Key


def mode(desk):
    return desk.canvas.compare.mode.value


async def test_the_canvas_keys_choose_move_decide_and_leave(qloop, desk):
    await desk.run_of(4)
    keys = [slot.key for slot in desk.strip.slots]
    desk.canvas.setFocus()
    desk.key(KEY.Key_3)
    assert desk.strip.chosen == keys[2]
    desk.key(KEY.Key_Right)
    assert desk.strip.chosen == keys[3]
    desk.key(KEY.Key_Right)
    assert desk.strip.chosen == keys[0]
    desk.key(KEY.Key_Left)
    assert desk.strip.chosen == keys[3]
    desk.key(KEY.Key_Backspace)
    assert desk.states()[3] == "discarded"
    assert desk.strip.chosen == keys[2]
    desk.key(KEY.Key_Delete)
    assert desk.states()[2:] == ["discarded", "discarded"]
    desk.key(KEY.Key_1)
    desk.key(KEY.Key_Return)
    await until(lambda: desk.states()[0] == "accepted")
    await until(lambda: len(desk.strip.slots) == 1)
    assert desk.layers == ["photo.jpg", "Turn the red cup sage green"]


async def test_escape_leaves_the_preview_then_puts_the_strip_away(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    desk.key(KEY.Key_Escape)
    await desk.shown(None)
    assert desk.bar.isVisible()
    desk.key(KEY.Key_Escape)
    assert desk.bar.isHidden()
    folded = desk.strip.view.folded
    assert folded.isVisible()
    assert folded.text() == "2 answers wait"
    QTest.mouseClick(folded, Qt.MouseButton.LeftButton)
    assert desk.bar.isVisible()
    assert desk.strip.waiting == 2


async def test_a_digit_brings_the_strip_back_and_shows_its_answer(qloop, desk):
    await desk.run_of(2)
    desk.strip.fold(away=True)
    desk.key(KEY.Key_2)
    assert desk.bar.isVisible()
    await desk.shown(1)


async def test_space_held_shows_the_picture_before(qloop, desk):
    await desk.run_of(1)
    await desk.shown(0)
    QTest.keyPress(desk.canvas, KEY.Key_Space)
    assert mode(desk) == "held"
    assert not desk.canvas._gestures.space
    before = desk.canvas._stage.before
    assert before.source.document is desk.project.editor.document
    QTest.keyRelease(desk.canvas, KEY.Key_Space)
    assert mode(desk) == "off"
    desk.thumbs[0].setFocus()
    QTest.keyPress(desk.thumbs[0], KEY.Key_Space)
    assert mode(desk) == "held"
    QTest.keyRelease(desk.thumbs[0], KEY.Key_Space)
    assert mode(desk) == "off"


async def test_space_is_let_go_when_the_keyboard_goes_elsewhere(qloop, desk):
    await desk.run_of(1)
    await desk.shown(0)
    desk.canvas.setFocus()
    QTest.keyPress(desk.canvas, KEY.Key_Space)
    desk.page.edits.input.field.setFocus()
    assert mode(desk) == "off"
    desk.thumbs[0].setFocus()
    QTest.keyPress(desk.thumbs[0], KEY.Key_Space)
    desk.page.edits.input.field.setFocus()
    assert mode(desk) == "off"


async def test_the_canvas_keeps_its_keys_while_none_is_chosen(qloop, desk):
    await desk.run_of(2)
    desk.key(KEY.Key_Escape)
    await desk.shown(None)
    steps = len(desk.project.editor.history.steps)
    desk.key(KEY.Key_Right)
    assert desk.strip.chosen == ""
    assert len(desk.project.editor.history.steps) == steps + 1  # the layer was nudged
    QTest.keyPress(desk.canvas, KEY.Key_Space)
    assert desk.canvas._gestures.space
    QTest.keyRelease(desk.canvas, KEY.Key_Space)
    desk.key(KEY.Key_Return)
    desk.key(KEY.Key_Backspace)
    assert desk.states() == ["waiting", "waiting"]


async def test_keys_with_others_held_and_tools_are_the_canvass_own(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    chosen = desk.strip.chosen
    QTest.keyClick(desk.canvas, KEY.Key_2, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(desk.canvas, KEY.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert desk.strip.chosen == chosen
    desk.key(KEY.Key_M)
    assert desk.canvas.tool == "rectangle"


async def test_typing_is_never_stolen(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    field = desk.page.edits.input.field
    field.setFocus()
    QTest.keyClicks(field, "12 cups")
    for code in (KEY.Key_Left, KEY.Key_Backspace, KEY.Key_Space, KEY.Key_Escape):
        QTest.keyClick(field, code)
    assert field.toPlainText().startswith("12 cu")
    assert desk.states() == ["waiting", "waiting"]
    assert desk.strip.chosen == desk.strip.slots[0].key


async def test_the_strip_is_reached_by_tab_and_its_arrows_carry_the_keyboard(qloop, desk):
    await desk.run_of(3)
    desk.key(KEY.Key_Escape)
    await desk.shown(None)
    reached = [thumb.focusPolicy() == Qt.FocusPolicy.StrongFocus for thumb in desk.thumbs]
    assert reached == [True, False, False]
    desk.thumbs[0].setFocus(Qt.FocusReason.TabFocusReason)
    assert desk.thumbs[0]._ringed
    QTest.keyClick(desk.thumbs[0], KEY.Key_Right)
    assert desk.strip.chosen == desk.strip.slots[0].key
    QTest.keyClick(desk.thumbs[0], KEY.Key_Right)
    assert desk.strip.chosen == desk.strip.slots[1].key
    assert desk.thumbs[1].hasFocus()
    QTest.keyClick(desk.thumbs[1], KEY.Key_Return)
    await until(lambda: desk.states()[1] == "accepted")


async def test_enter_on_a_button_means_that_button(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    keep = desk.bar.buttons.named["keep"]
    keep.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(keep, KEY.Key_Return)
    assert desk.states() == ["kept aside", "waiting"]
    discard = desk.bar.buttons.named["discard"]
    discard.setFocus()
    QTest.keyClick(discard, KEY.Key_Space)
    await until(lambda: desk.states() == ["kept aside", "discarded"])


async def test_the_canvas_claims_the_strips_keys_from_the_windows_shortcuts(qloop, desk):
    await desk.run_of(1)
    await desk.shown(0)

    def claimed(code):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, code, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(desk.canvas, event)
        return event.isAccepted()

    assert all(claimed(code) for code in (KEY.Key_Return, KEY.Key_Backspace, KEY.Key_Escape, KEY.Key_1, KEY.Key_Space))
    assert not claimed(KEY.Key_F2)


async def test_a_key_held_down_discards_one_and_no_more(qloop, desk):
    await desk.run_of(3)
    await desk.shown(0)
    for repeat in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, KEY.Key_Backspace, Qt.KeyboardModifier.NoModifier, "", repeat)
        QApplication.sendEvent(desk.canvas, event)
    assert desk.states().count("discarded") == 1


async def test_the_keyboard_stays_by_when_what_had_it_goes(qloop, desk):
    await desk.run_of(3)
    await desk.shown(0)
    desk.thumbs[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(desk.thumbs[0], KEY.Key_Delete)
    assert desk.thumbs[0].hasFocus()
    assert desk.strip.chosen == desk.strip.slots[0].key
    accept = desk.bar.buttons.named["accept"]
    accept.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(accept, KEY.Key_Return)
    await until(lambda: desk.states()[1] == "accepted")
    await until(lambda: not accept.isVisible())
    assert desk.canvas.hasFocus()
    desk.key(KEY.Key_Return)
    assert desk.states() == ["discarded", "accepted", "waiting"]


async def test_digits_are_the_brushs_until_an_answer_is_shown(qloop, desk):
    await desk.run_of(2)
    desk.key(KEY.Key_Escape)
    await desk.shown(None)
    desk.canvas.set_tool("mask-brush")
    desk.key(KEY.Key_2)
    assert desk.strip.chosen == ""
    desk.click(0)
    desk.key(KEY.Key_2)
    assert desk.strip.chosen == desk.strip.slots[1].key
    QTest.mousePress(desk.canvas, Qt.MouseButton.LeftButton)
    assert desk.strip.chosen == ""  # what is painted on is the document
    QTest.mouseRelease(desk.canvas, Qt.MouseButton.LeftButton)
    await desk.shown(None)


async def test_while_something_is_dragged_escape_is_the_drags(qloop, desk):
    await desk.run_of(2)
    desk.canvas.set_tool("hand")
    await desk.shown(0)
    QTest.mousePress(desk.canvas, Qt.MouseButton.LeftButton)
    desk.key(KEY.Key_Escape)
    assert not desk.canvas.busy
    assert desk.strip.chosen == desk.strip.slots[0].key
    desk.key(KEY.Key_Escape)
    assert desk.strip.chosen == ""


async def test_the_strip_that_was_put_away_comes_back_by_key_and_keeps_the_keyboard(qloop, desk):
    await desk.run_of(2)
    desk.key(KEY.Key_Escape)
    desk.press("fold")
    folded = desk.strip.view.folded
    folded.setFocus(Qt.FocusReason.TabFocusReason)
    assert not folded.grab().isNull()
    QTest.keyClick(folded, KEY.Key_Return)
    assert desk.bar.isVisible()
    assert desk.canvas.hasFocus()
    desk.strip.fold(away=True)
    folded.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(folded, KEY.Key_Space)
    assert desk.bar.isVisible()
