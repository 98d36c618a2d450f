"""Every way in which an answer can end without a picture, each with its own sentence."""

from __future__ import annotations

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.errors import EngineError, RefusedError, ServiceError

_CHARGES = {
    Charged.NO: "Nothing was charged.",
    Charged.MAYBE: "It may have been charged.",
    Charged.YES: "It was charged.",
}

REWORD, AGAIN, OTHER = Remedy.REWORD, Remedy.RUN_AGAIN, Remedy.OTHER_MODEL

_REFUSED: dict[str, tuple[str, Remedy]] = {
    "SAFETY": ("The model refused for safety. Reword the edits.", REWORD),
    "IMAGE_SAFETY": ("The picture that the model made was held back for safety. Reword the edits.", REWORD),
    "PROHIBITED_CONTENT": ("The model refused: the words or pictures are not allowed there.", REWORD),
    "IMAGE_PROHIBITED_CONTENT": ("The picture that the model made is not allowed there and was held back.", REWORD),
    "BLOCKLIST": ("The edits hold a word that the service blocks. Reword them.", REWORD),
    "SPII": ("The answer was held back because it may show personal data.", REWORD),
    "RECITATION": ("The answer was held back because it repeats a known work. Reword the edits.", REWORD),
    "IMAGE_RECITATION": ("The picture was held back because it repeats a known work. Reword the edits.", REWORD),
    "LANGUAGE": ("The model does not work in the language of the edits. Write them in another one.", REWORD),
    "NO_IMAGE": ("The model sent no picture. Say plainly what should be seen, or run it again.", AGAIN),
    "IMAGE_OTHER": ("The model could not make the picture and does not say why. Run it again or reword it.", AGAIN),
    "OTHER": ("The model stopped and does not say why. Run it again or reword it.", AGAIN),
    "MODEL_ARMOR": ("The organisation's own filter held the answer back.", REWORD),
    "ESCALATION": ("The service passed the request on for review and sent no picture.", REWORD),
    "PUP_LIMITED_DISABLED": ("The service has limited what this account may make.", OTHER),
}
_BROKEN: dict[str, tuple[str, Remedy]] = {
    "MAX_TOKENS": ("The answer grew too long before there was a picture. Choose a smaller size or fewer edits.", AGAIN),
    "MALFORMED_RESPONSE": ("The model's answer came out broken. Run it again.", AGAIN),
    "MALFORMED_FUNCTION_CALL": ("The model tried to use a tool that it does not have. Run it again.", AGAIN),
    "UNEXPECTED_TOOL_CALL": ("The model tried to use a tool that it does not have. Run it again.", AGAIN),
    "TOO_MANY_TOOL_CALLS": ("The model lost itself in tools that it does not have. Run it again.", AGAIN),
    "MISSING_THOUGHT_SIGNATURE": (
        "The model could not go on from that answer. Run it without going on from it.",
        AGAIN,
    ),
    "CONTINUATION": ("The model stopped half-way through its answer. Run it again.", AGAIN),
}
_BLOCKED: dict[str, tuple[str, Remedy]] = {
    "SAFETY": ("The words or pictures sent were blocked for safety. Reword the edits.", REWORD),
    "IMAGE_SAFETY": ("A picture sent was blocked for safety. Leave it out, or use another.", REWORD),
    "BLOCKLIST": ("The edits hold a word that the service blocks. Reword them.", REWORD),
    "PROHIBITED_CONTENT": ("The words or pictures sent are not allowed there.", REWORD),
    "MODEL_ARMOR": ("The organisation's own filter blocked what was sent.", REWORD),
    "JAILBREAK": ("What was sent was taken for an attempt to trick the model. Reword the edits.", REWORD),
}
_UNBLOCKED = ("What was sent was blocked, and the service does not say why. Reword the edits.", REWORD)


def told(sentence: str, charged: Charged) -> str:
    """A sentence with what is known of its price."""
    return f"{sentence} {_CHARGES[charged]}"


def blocked(reason: str, charged: Charged, said: str = "") -> EngineError:
    """The service looked at what was sent and did not let the model see it."""
    sentence, remedy = _BLOCKED.get(reason, _UNBLOCKED)
    return RefusedError(told(sentence, charged), charged=charged, remedy=remedy, words=said)


def without_picture(finish: str, words: str, charged: Charged, *, had_draft: bool = False) -> EngineError:
    """The model answered and there is no picture in it.

    Args:
        finish: why it stopped, as the service calls it; one that is not known here is quoted.
        words: what it said instead.
    """
    if finish in _REFUSED:
        sentence, remedy = _REFUSED[finish]
        return RefusedError(told(sentence, charged), charged=charged, remedy=remedy, words=words)
    if finish in _BROKEN:
        sentence, remedy = _BROKEN[finish]
        return ServiceError(told(sentence, charged), charged=charged, remedy=remedy, words=words)
    if finish not in ("", "STOP", "FINISH_REASON_UNSPECIFIED"):
        sentence = f"The model stopped for a reason that is not known here ({finish[:60]})."
        return RefusedError(told(sentence, charged), charged=charged, remedy=AGAIN, words=words)
    if words:
        sentence = "The model answered in words and sent no picture."
        return RefusedError(told(sentence, charged), charged=charged, remedy=REWORD, words=words)
    if had_draft:
        sentence = "The model sent drafts and no finished picture. Run it again."
        return RefusedError(told(sentence, charged), charged=charged, remedy=AGAIN)
    return RefusedError(told("The answer was empty. Run it again.", charged), charged=charged, remedy=AGAIN)
