"""Every way in which a run can end badly: what the server does, and what is said of it."""

import json
from dataclasses import dataclass

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.errors import EngineError, MissingKeyError, RefusedError, ServiceError
from tests.wire import scenarios as wire
from tests.wire.replies import answer, picture_part, plain
from tests.wire.server import Scenario

NO, MAYBE, YES = Charged.NO, Charged.MAYBE, Charged.YES
CHARGES = {NO: "Nothing was charged.", MAYBE: "It may have been charged.", YES: "It was charged."}
DEEP = b'{"candidates":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
CUT = json.dumps(answer([picture_part(plain())])).encode()[:-300]
BROKEN_PICTURE = answer([{"inlineData": {"mimeType": "image/png", "data": "!!!!" * 600}}])
SHORT_BROKEN_PICTURE = answer([{"inlineData": {"mimeType": "image/png", "data": "A"}}])


@dataclass(frozen=True)
class Ending:
    """What one scenario comes to.

    Attributes:
        says: a part of the sentence.
        requests: how many the server counts.
    """

    scenario: Scenario
    says: str
    charged: Charged
    kind: type[EngineError] = ServiceError
    remedy: Remedy = Remedy.RUN_AGAIN
    requests: int = 1


ENDINGS = {
    # the service says no
    "bad request": Ending(
        wire.fails(400, "INVALID_ARGUMENT", "Bad\n  aspect ratio"),
        "It says: “Bad aspect ratio”",
        NO,
        remedy=Remedy.OTHER_MODEL,
    ),
    "bad key": Ending(
        wire.fails(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
        "The key is not valid",
        NO,
        MissingKeyError,
        Remedy.KEY,
    ),
    "country": Ending(
        wire.fails(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        "does not offer this model in your country",
        NO,
        remedy=Remedy.NONE,
    ),
    "unknown to them": Ending(
        wire.fails(401, "UNAUTHENTICATED"), "The key is not valid", NO, MissingKeyError, Remedy.KEY
    ),
    "bad key, as 403": Ending(wire.forbids("API_KEY_INVALID"), "The key is not valid", NO, MissingKeyError, Remedy.KEY),
    "forbidden": Ending(wire.forbids(), "does not let this key use Nano Banana 2.1", NO, MissingKeyError, Remedy.KEY),
    "switched off": Ending(wire.forbids("SERVICE_DISABLED"), "is not switched on", NO, MissingKeyError, Remedy.KEY),
    "restricted": Ending(
        wire.forbids("API_KEY_IP_ADDRESS_BLOCKED"), "The key is restricted", NO, MissingKeyError, Remedy.KEY
    ),
    "gone": Ending(
        wire.fails(404, "NOT_FOUND"), "The service knows no model", NO, remedy=Remedy.OTHER_MODEL, requests=2
    ),
    "too large a request": Ending(
        wire.sends(b"too large", 413, "text/plain"), "larger than the service takes", NO, remedy=Remedy.REWORD
    ),
    "proxy wants a password": Ending(
        wire.sends(b"", 407, "text/html"), "The proxy asks for a name and password", NO, remedy=Remedy.CONNECTION
    ),
    "teapot": Ending(wire.fails(418, "TEAPOT", "short and stout"), "refused the request (error 418)", NO),
    "today's quota": Ending(
        wire.quota(delay="43200s", quota_id=wire.PER_DAY), "Today's quota", NO, remedy=Remedy.OTHER_MODEL
    ),
    "today's quota, by the wait alone": Ending(
        wire.quota(delay="43200s"), "Today's quota", NO, remedy=Remedy.OTHER_MODEL
    ),
    "no quota at all": Ending(
        wire.quota(delay="2.5s", value="0"), "no quota for Nano Banana 2.1", NO, remedy=Remedy.KEY
    ),
    "no quota at all, zero left out": Ending(
        wire.quota(quota_id=f"{wire.PER_MINUTE}-FreeTier", value=None), "no quota for", NO, remedy=Remedy.KEY
    ),
    "no quota at all, said in words": Ending(
        wire.quota(value=None, says="You exceeded your quota, limit: 0"), "no quota for", NO, remedy=Remedy.KEY
    ),
    "a long wait": Ending(wire.quota(delay="90s"), "takes no more requests for 90 s", NO),
    # the connection
    "redirect": Ending(
        wire.redirects("http://127.0.0.1:9/elsewhere"), "which was refused", NO, remedy=Remedy.CONNECTION
    ),
    "redirect, 307": Ending(wire.redirects("/v1/x", 307), "which was refused", NO, remedy=Remedy.CONNECTION),
    "reset": Ending(wire.drops, "broke before the whole answer was here", MAYBE, remedy=Remedy.ASK_AGAIN),
    "closed": Ending(wire.hangs_up, "broke before the whole answer was here", MAYBE, remedy=Remedy.ASK_AGAIN),
    "cut": Ending(wire.drops_in_the_middle, "broke before the whole answer", MAYBE, remedy=Remedy.ASK_AGAIN),
    # an answer that is none
    "page": Ending(
        wire.sends(b"<html>Log in</html>", 200, "text/html"), "a proxy may have changed", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    "broken JSON": Ending(wire.sends(CUT), "The answer was cut or is not", MAYBE, remedy=Remedy.ASK_AGAIN),
    "no text": Ending(wire.sends(b'{"a": "\xff\xfe'), "The answer was cut or is not", MAYBE, remedy=Remedy.ASK_AGAIN),
    "deep JSON": Ending(wire.sends(DEEP), "not in the form", MAYBE, remedy=Remedy.ASK_AGAIN),
    "wrong types": Ending(
        wire.says({"candidates": [{"content": {"parts": "x"}}]}), "not in the form", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    "unknown packing": Ending(
        wire.packs("br", b"x"), "packed in a way that cannot be read", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    "broken packing": Ending(
        wire.packs("gzip", b"no gzip"), "packed in a way that cannot be read", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    # answers without a picture
    "empty": Ending(wire.says({}), "The answer was empty", MAYBE, RefusedError),
    "nothing at all": Ending(wire.sends(b""), "The answer was empty", MAYBE, RefusedError),
    "no parts": Ending(wire.answers(), "The answer was empty", YES, RefusedError),
    "words": Ending(wire.answers({"text": "Which of them?"}), "answered in words", YES, RefusedError, Remedy.REWORD),
    "thoughts": Ending(
        wire.answers({"text": "Hm.", "thought": True}, finish="STOP"), "The answer was empty", YES, RefusedError
    ),
    "drafts": Ending(
        wire.answers(picture_part(plain(), thought=True)), "drafts and no finished picture", YES, RefusedError
    ),
    "damaged picture": Ending(wire.says(BROKEN_PICTURE), "came out broken", YES),
    "damaged short picture": Ending(wire.says(SHORT_BROKEN_PICTURE), "not in the form", MAYBE, remedy=Remedy.ASK_AGAIN),
}
