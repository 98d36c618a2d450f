"""Exchanges as they were captured with the real SDK: what was answered, as scenarios.

The files hold what a loopback server answered and the SDK understood, with pictures of a few pixels. In
`chat_two_turns.json`, `asked` is what the SDK's own chat sent, base64 in its URL-safe alphabet.
"""

import json
from pathlib import Path
from typing import Any

from tests.wire.server import Scenario

FOLDER = Path(__file__).parent / "captured"
CASES = sorted(path.stem for path in FOLDER.glob("*.json"))


def exchanges(case: str) -> list[dict[str, Any]]:
    """What was captured: status, headers and body of each answer, in order."""
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{case}.json").read_text("utf-8"))["exchanges"]
    return found


def replays(case: str, number: int = 0) -> Scenario:
    """Answer as it was answered then."""
    exchange = exchanges(case)[number]
    body, headers = exchange["body"], {name.lower(): value for name, value in exchange["headers"].items()}
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    mime = headers.pop("content-type", "application/json")
    more = {name.replace("-", "_"): value for name, value in headers.items()}
    return lambda handler, _: handler.raw(data, exchange["status"], mime, **more)
