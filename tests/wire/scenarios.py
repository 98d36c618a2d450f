"""One scenario for each way in which a request can end."""

import gzip
import json
import threading
from typing import Any

from tests.wire.asked import Asked
from tests.wire.replies import TINT, answer, edited, listed, picture_part, png
from tests.wire.server import Handler, Scenario

PER_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel"
PER_DAY = "GenerateRequestsPerDayPerProjectPerModel"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


def answers(*parts: dict[str, Any], finish: str = "STOP", **more: Any) -> Scenario:
    """Exactly these parts."""
    return lambda handler, asked: handler.reply(answer(list(parts), finish, **more))


def edits(*before: dict[str, Any], tint: tuple[int, int, int] = TINT) -> Scenario:
    """These parts and then the edited picture."""
    return lambda handler, asked: handler.reply(answer([*before, picture_part(png(edited(asked, tint)))]))


def returns_the_base(handler: Handler, asked: Asked) -> None:
    """The very picture that was sent last, untouched."""
    mime, data = asked.blobs[-1]
    handler.reply(answer([picture_part(data, mime)]))


def lists(*names: str) -> Scenario:
    """These models."""
    return says(listed(list(names)))


def says(body: Any) -> Scenario:
    """Any JSON with status 200."""
    return lambda handler, _: handler.reply(body)


def sends(data: bytes, code: int = 200, mime: str = "application/json", **headers: str) -> Scenario:
    """Any bytes."""
    return lambda handler, _: handler.raw(data, code, mime, **headers)


def fails(code: int, status: str, message: str = "", details: tuple[Any, ...] = ()) -> Scenario:
    """An error of the service."""
    return lambda handler, _: handler.error(code, status, message or status, details)


def forbids(reason: str = "") -> Scenario:
    """403, with a typed reason where there is one."""
    details = ({"@type": ERROR_INFO, "reason": reason},) if reason else ()
    return fails(403, "PERMISSION_DENIED", "", details)


def blocked(reason: str) -> Scenario:
    """Nothing but a block reason."""
    return says(
        {"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 9, "totalTokenCount": 9}}
    )


def quota(
    *,
    delay: str | None = None,
    quota_id: str = PER_MINUTE,
    value: str | None = "10",
    says: str = "You exceeded your current quota.",
) -> Scenario:
    """429 as captured."""
    violation = {"quotaMetric": "requests", "quotaId": quota_id}
    if value is not None:
        violation["quotaValue"] = value
    details: list[Any] = [{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}]
    if delay is not None:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay})
    return fails(429, "RESOURCE_EXHAUSTED", says, tuple(details))


def redirects(to: str, code: int = 302) -> Scenario:
    """Somewhere else."""
    return sends(b"", code, "text/html", location=to)


def drops(handler: Handler, asked: Asked) -> None:
    """The connection breaks after the request was taken."""
    handler.drop()


def hangs_up(handler: Handler, asked: Asked) -> None:
    """The connection is closed in good order, without an answer."""
    handler.close_connection = True


def drops_in_the_middle(handler: Handler, asked: Asked) -> None:
    """Half of the answer comes."""
    data = json.dumps(answer([picture_part(png(edited(asked)))])).encode()
    handler.head(len(data))
    handler.wfile.write(data[: len(data) // 2])
    handler.wfile.flush()
    handler.drop()


def says_nothing(handler: Handler, asked: Asked) -> None:
    """It never answers."""
    handler.until_hung_up()


def stalls(handler: Handler, asked: Asked) -> None:
    """The answer begins and stops coming."""
    handler.head(100_000)
    handler.wfile.write(b'{"candidates": [')
    handler.wfile.flush()
    handler.until_hung_up()


def trickles(handler: Handler, asked: Asked) -> None:
    """A byte now and then, without end."""
    handler.head(100_000)
    gap = threading.Event()
    for _ in range(3000):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        gap.wait(0.02)


def gzip_bomb(handler: Handler, asked: Asked) -> None:
    """Much out of little: 64 MB out of 64 KB."""
    handler.raw(gzip.compress(b" " * (64 << 20), 9), content_encoding="gzip")


def packs(packing: str, data: bytes | None = None) -> Scenario:
    """A good answer, packed; or these bytes, said to be packed so."""

    def scenario(handler: Handler, asked: Asked) -> None:
        whole = json.dumps(answer([picture_part(png(edited(asked)))])).encode()
        handler.raw(gzip.compress(whole) if data is None else data, content_encoding=packing)

    return scenario


def after(gate: threading.Event, then: Scenario | None = None) -> Scenario:
    """The same once the gate is open."""

    def scenario(handler: Handler, asked: Asked) -> None:
        assert gate.wait(20), "nobody opened the gate"
        (then or edits())(handler, asked)

    return scenario


def writes(data: bytes) -> Scenario:
    """These bytes on the wire, whatever they are, and then the end of the connection."""

    def scenario(handler: Handler, asked: Asked) -> None:
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.close_connection = True

    return scenario
