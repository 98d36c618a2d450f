"""Asking a text model what it sees: sent, waited for and journalled like a request for a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.base import Progress, ReplyReceived, Sending, UsageReported
from nanodesk.engines.errors import EngineError, RefusedError
from nanodesk.engines.gemini.models import Model, text_models
from nanodesk.engines.gemini.questions import AFTER, ALONE, BEFORE, advice_of, schema_for, words_for
from nanodesk.engines.google.endings import blocked, told
from nanodesk.engines.google.faults import fault_of, told_without
from nanodesk.engines.outgoing import Outgoing, OutgoingPicture

if TYPE_CHECKING:
    from google.genai import types

    from nanodesk.document.advice import Advice
    from nanodesk.engines.advice import Question
    from nanodesk.engines.base import RequestPicture
    from nanodesk.engines.gemini.asking import Line
    from nanodesk.engines.gemini.exchange import Exchange


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """A question ready to leave."""

    question: Question
    outgoing: Outgoing
    models: tuple[Model, ...]


def prepared_question(question: Question, host: str) -> PreparedQuestion:
    """Everything that a question sends, encoded; slow, for a thread."""
    from nanodesk.engines.gemini.pricing import expected

    models = tuple(_model(row) for row in _ids(question.model))
    words = words_for(question.kind, question.edits)
    parts: list[str | OutgoingPicture] = []
    if question.before is not None:
        parts += [BEFORE, _sent(BEFORE, question.before, question.profile)]
    label = AFTER if question.before is not None else ALONE
    parts += [label, _sent(label, question.picture, question.profile), words]
    pictures = 1 if question.before is None else 2
    estimate = expected(models[0], "1K", pictures, len(words))
    outgoing = Outgoing(tuple(parts), models[0].id, models[0].name, host, estimate.input_tokens, 300)
    return PreparedQuestion(question, outgoing, models)


def _ids(chosen: str) -> list[tuple[str, str]]:
    rows = list(text_models())
    return [row for row in rows if row[0] == chosen] or ([(chosen, chosen)] if chosen else rows)


def _model(row: tuple[str, str]) -> Model:
    return Model(row[0], row[1], role="check")


def _sent(label: str, picture: RequestPicture, profile: bytes | None) -> OutgoingPicture:
    from nanodesk.engines.gemini.pictures import reference_as_sent

    sent = reference_as_sent(picture.pixels, profile)
    return OutgoingPicture(label, picture.name, None, None, sent.size, sent.mime, sent.data)


async def advised(line: Line, prepared: PreparedQuestion) -> Advice:
    """Ask, again where that is safe and with the next model where one is gone.

    Raises:
        EngineError: when there was no answer.
    """
    from nanodesk.engines.gemini.asking import FaultyError, wait_out

    models, attempt = list(prepared.models), 0
    while True:
        try:
            return await _once(line, prepared, models[0], attempt)
        except FaultyError as error:
            fault = error.fault
        if fault.other_version and len(line.versions) > 1:
            line.versions.pop(0)
        elif fault.other_version and len(models) > 1:
            models.pop(0)
            line.versions[:] = line.connection.versions
        elif fault.wait_s is not None:
            await wait_out(line, fault)
            attempt += 1
        else:
            raise fault.error


async def _once(line: Line, prepared: PreparedQuestion, model: Model, attempt: int) -> Advice:
    from nanodesk.engines.gemini.asking import FaultyError, opened

    number = line.number()

    async def received(body: bytes) -> None:
        await line.outbox.put(ReplyReceived(number, body))

    outgoing = prepared.outgoing
    exchange = await opened(line.connection, line.key, line.versions[0], received)
    try:
        contents = await _contents(prepared, exchange)
        account = line.connection.account(line.key)
        await line.outbox.put(Sending(number, outgoing.pictures, outgoing.text, model.id, outgoing.host, account))
        await line.outbox.put(Progress(None, f"Waiting for {model.name}"))
        response = await exchange.ask(model.id, contents, _config(prepared.question))
        return await _read(line, prepared, model, response)
    except Exception as error:
        fault = fault_of(error, model, line.connection.host, sent=exchange.sent, attempt=attempt)
        raise FaultyError(told_without(fault, line.key.reveal())) from error
    finally:
        await exchange.aclose()


async def _contents(prepared: PreparedQuestion, exchange: Exchange) -> list[types.Content]:
    from google.genai import types

    return [types.Content(role="user", parts=await exchange.parts(prepared.outgoing.parts))]


def _config(question: Question) -> types.GenerateContentConfig:
    from google.genai import types

    return types.GenerateContentConfig(
        response_mime_type="application/json",
        response_json_schema=schema_for(question.kind, question.edits),
        automatic_continuation=False,
    )


async def _read(
    line: Line, prepared: PreparedQuestion, model: Model, response: types.GenerateContentResponse
) -> Advice:
    from nanodesk.engines.gemini.answer import counted_in
    from nanodesk.engines.gemini.pricing import total

    question = prepared.question
    usage = total([counted_in(response.usage_metadata)], model)
    await line.outbox.put(UsageReported(usage, response.model_version or model.id))
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise blocked(str(feedback.block_reason.value), Charged.MAYBE)
    text = "".join(_spoken(response))
    if not text:
        raise _silent(response)
    return advice_of(question.kind, text, len(question.edits), response.model_version or model.id, usage.cost)


def _spoken(response: types.GenerateContentResponse) -> list[str]:
    candidates = response.candidates or []
    content = candidates[0].content if candidates else None
    parts = (content.parts if content is not None else None) or []
    return [part.text for part in parts if part.text and not part.thought]


def _silent(response: types.GenerateContentResponse) -> EngineError:
    reason = response.candidates[0].finish_reason if response.candidates else None
    why = "" if reason is None or reason.value == "STOP" else f" ({reason.value[:60]})"
    sentence = told(f"The model said nothing about the picture{why}.", Charged.MAYBE)
    return RefusedError(sentence, charged=Charged.MAYBE, remedy=Remedy.RUN_AGAIN)
