import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nanodesk.document.advice import Advice, AdviceKind, EditVerdict, Suggestion
from nanodesk.document.geometry import Size
from nanodesk.document.run import Usage
from nanodesk.editor.workspace import Workspace
from nanodesk.engines.advice import AdviceGiven, Question
from nanodesk.engines.base import EngineInfo, UsageReported
from nanodesk.engines.errors import ServiceError
from nanodesk.engines.outgoing import Outgoing, OutgoingPicture
from nanodesk.storage.settings import Settings
from nanodesk.ui.advice.answer_list import SuggestionRow, VerdictRow
from tests.editor.scripted import with_edits
from tests.fake_engine import FakeEngine
from tests.ui.window.seen import photo
from tests.waiting import until

ANSWERS = {
    AdviceKind.SUGGEST: Advice(AdviceKind.SUGGEST, "", (Suggestion("Warm the light", "It is cold."),), model="eye-1"),
    AdviceKind.DESCRIBE: Advice(AdviceKind.DESCRIBE, "A <b>gradient</b>.", model="eye-1", cost=0.002),
    AdviceKind.CHECK: Advice(
        AdviceKind.CHECK,
        "Nothing else changed.",
        verdicts=(EditVerdict(0, True, 0.9), EditVerdict(1, False, 0.6, "no steam"), EditVerdict(7, True)),
        model="eye-1",
    ),
}


class SeeingEngine(FakeEngine):
    """Can be asked what it sees."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[Question] = []
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.fault: Exception | None = None

    def advice_outgoing(self, question):
        height, width = question.picture.pixels.shape[:2]
        one = OutgoingPicture("The picture:", "picture", None, None, Size(width, height), "image/png", b"x" * 1_200_000)
        return Outgoing((one, "words"), "eye-1", "Eye", "eye.example")

    async def advise(self, question):
        self.questions.append(question)
        await self.let_go.wait()
        if self.fault is not None:
            raise self.fault
        yield UsageReported(Usage(0.002))
        yield AdviceGiven(ANSWERS[question.kind])


@pytest.fixture
def engine(qloop):
    return SeeingEngine()


@pytest.fixture
def consented():
    return True


@pytest.fixture
def workspace(qloop, engine, tmp_path, monkeypatch, consented):
    monkeypatch.setattr(Settings, "consented", lambda *_: consented)
    workspace = Workspace([engine], Settings(tmp_path / "settings.json"), tmp_path / "recovery")
    yield workspace
    qloop.run_until_complete(workspace.shut_down())


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def opened(window, action):
    await window.page.project.place([photo()])
    window.do(action)
    card = window.page.advice
    await until(lambda: card.leaving.text.startswith(("1 picture", "2 pictures")))
    return card


async def test_nothing_is_sent_before_ask_and_what_leaves_is_told(window, engine):
    card = await opened(window, "describe_picture")
    assert card.leaving.text == "1 picture leaves: 300 × 270 px, 1.2 MB, to eye.example"
    assert not engine.questions
    press(card.ask_button)
    await until(lambda: not card.answer.empty)
    assert len(engine.questions) == 1
    assert "eye-1 · $0.002" in card.foot.text


async def test_a_suggestion_goes_into_the_stack_when_it_is_chosen(window, engine):
    card = await opened(window, "suggest_edits")
    press(card.ask_button)
    await until(lambda: card.answer.findChildren(SuggestionRow))
    stack = window.page.project.editor.state.edit_stack
    assert len(stack) == 0
    row = card.answer.findChild(SuggestionRow)
    press(row.add)
    assert [edit.instruction for edit in window.page.project.editor.state.edit_stack] == ["Warm the light"]
    assert not row.add.isEnabled()
    window.do("undo")
    assert len(window.page.project.editor.state.edit_stack) == 0


async def test_a_check_shows_each_edit_with_its_verdict(window, engine):
    project = window.page.project
    await project.place([photo()])
    with_edits(project.editor, "turn it green", "add steam")
    await project.runs.finished(project.runs.submit())
    card = await opened(window, "check_edits")
    press(card.ask_button)
    await until(lambda: card.answer.findChildren(VerdictRow))
    rows = [row.accessibleName() for row in card.answer.findChildren(VerdictRow)]
    assert rows == ["turn it green: seen, 90 % sure", "add steam: not seen, 60 % sure"]
    assert engine.questions[0].before is not None
    run = next(iter(project.runs.runs.values()))
    assert [one.done for one in run.verdicts] == [True, False, True]


async def test_asking_is_cancelled_and_closed_by_escape(window, engine):
    card = await opened(window, "describe_picture")
    engine.let_go.clear()
    press(card.ask_button)
    await until(lambda: engine.questions)
    assert card.ask_button.text() == "Cancel"
    press(card.ask_button)
    await until(lambda: card.ask_button.text() == "Ask" and card.ask_button.isEnabled())
    assert card.answer.empty
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


async def test_a_fault_is_said_on_the_card_and_can_be_tried_again(window, engine):
    card = await opened(window, "describe_picture")
    engine.fault = ServiceError("The service is away.")
    press(card.ask_button)
    await until(lambda: "away" in card.foot.text)
    engine.fault = None
    press(card.ask_button)
    await until(lambda: not card.answer.empty)


async def test_a_missing_key_leads_to_where_it_is_entered(window, engine):
    card = await opened(window, "describe_picture")
    asked: list[str] = []
    card.key_wanted.connect(asked.append)
    engine.info = EngineInfo("on-device", "Scripted", False, False, False, "It needs a key.", needs_key=True)
    press(card.ask_button)
    await until(lambda: card.ask_button.text() == "Enter a key…")
    press(card.ask_button)
    assert asked == ["on-device"]


@pytest.mark.parametrize("consented", [False])
async def test_without_consent_it_asks_for_it_first(window, engine):
    card = await opened(window, "describe_picture")
    asked: list[str] = []
    card.consent_wanted.connect(asked.append)
    press(card.ask_button)
    await until(lambda: card.ask_button.text() == "Allow…")
    press(card.ask_button)
    assert asked == ["on-device"]
    assert not engine.questions


async def test_the_card_stays_within_a_small_window(window, engine):
    card = await opened(window, "suggest_edits")
    press(card.ask_button)
    await until(lambda: not card.answer.empty)
    window.resize(880, 600)
    await asyncio.sleep(0)
    assert window.page.canvas.rect().contains(card.geometry())


async def test_another_question_begins_anew(window, engine):
    card = await opened(window, "describe_picture")
    press(card.ask_button)
    await until(lambda: not card.answer.empty)
    card.tabs.choose(0)
    await until(lambda: card.answer.empty and card.ask_button.text() == "Ask" and card.ask_button.isEnabled())
    card.tabs.choose(2)
    await until(lambda: "no answer to compare" in card.foot.text)
    assert not card.ask_button.isEnabled()
