"""What we add around the model's own time: a 12 megapixel document with 4 references, sent to a server on loopback.

From Run to the head and to the whole request at the server, and from the first and last byte of a 4K answer to a
decoded candidate; beside them the bare calls that this cannot do without, in the same run, and the longest stall of
the loop's thread. The server is a process of its own; both read the same clock.
"""

import asyncio
import base64
import json
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from nanodesk.document.edit import Role
from nanodesk.document.identity import RunId
from nanodesk.engines.base import (
    CandidateOffered,
    EditRequest,
    EncodedPicture,
    OfferedPicture,
    RequestEdit,
    RequestPicture,
)
from nanodesk.engines.gemini.engine import GeminiEngine
from nanodesk.engines.google.connection import Connection
from nanodesk.formats.decode_client import DecodeWorker
from nanodesk.imaging.codec import jpeg_buffer
from nanodesk.resources import resource_path

RUNS = 5
ROOT = Path(__file__).parents[2]
Block = NDArray[np.uint8]


class Key:
    def reveal(self) -> str:
        from tests.wire.asked import KEY

        return KEY


def photo(sample: str, width: int, height: int) -> Block:
    """A shipped sample at this size, with grain."""
    small = np.asarray(cv2.imread(str(resource_path("samples", sample))))
    large = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.int16)
    large = large + np.random.default_rng(0).normal(0, 3, large.shape).astype(np.int16)
    block = np.full((height, width, 4), 255, np.uint8)
    block[..., :3] = np.clip(large, 0, 255)
    return block


def serve() -> None:
    """Answer every request with the same 4K picture; print when a request was whole and when its answer had left."""
    from tests.wire.asked import Asked
    from tests.wire.replies import answer, picture_part
    from tests.wire.server import Handler, serving

    data = cv2.imencode(".png", photo("coffee.jpg", 4800, 3584)[..., :3], [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes()
    body = json.dumps(answer([{"text": "Here it is."}, picture_part(data)])).encode()

    stamps: list[float] = []

    class Stamped(Handler):
        def do_POST(self) -> None:
            stamps[:] = [time.perf_counter()]
            super().do_POST()

        def _serve(self, body: dict[str, Any]) -> None:
            stamps.append(time.perf_counter())
            super()._serve(body)

    def scenario(handler: Handler, asked: Asked) -> None:
        stamps.append(time.perf_counter())
        handler.raw(body)
        print(json.dumps([*stamps, time.perf_counter()]), flush=True)

    with serving() as server:
        server.RequestHandlerClass = Stamped
        server.always(scenario)
        print(server.url, len(data), len(body), flush=True)
        sys.stdin.read()


class Ticker:
    """Wakes every millisecond; the longest time between two is what the loop's thread was held for."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - 0.001)
            last = now


async def one(engine: GeminiEngine, request: EditRequest, worker: DecodeWorker, lines: IO[str]) -> dict[str, float]:
    ticker = Ticker()
    ticking = asyncio.create_task(ticker.run())
    await asyncio.sleep(0.02)
    ticker.longest = 0.0
    started = time.perf_counter()
    async for event in engine.run(request):
        if isinstance(event, CandidateOffered):
            offer = event.offers[0]
            assert isinstance(offer, OfferedPicture)
            assert isinstance(offer.picture, EncodedPicture)
            await worker.decode(offer.picture.data)
    done = time.perf_counter()
    ticking.cancel()
    with suppress(asyncio.CancelledError):
        await ticking
    begun, whole, answering, left = json.loads(await asyncio.to_thread(lines.readline))
    return {
        "run: head of the request at the server": begun - started,
        "run: whole request at the server": whole - started,
        "answer: 1st byte leaves to decoded candidate": done - answering,
        "answer: last byte left to decoded candidate": done - left,
        "longest stall of the loop's thread": ticker.longest,
    }


async def bare(request: EditRequest, picture: bytes, worker: DecodeWorker) -> dict[str, float]:
    """The calls that none can do without, in threads as well."""

    def encode() -> None:
        assert request.base is not None
        small = cv2.resize(request.base.pixels, (3072, 2304), interpolation=cv2.INTER_AREA)
        base64.b64encode(jpeg_buffer(np.asarray(small, np.uint8), 93, full_colour=True).tobytes())
        for reference in request.references:
            small = cv2.resize(reference.pixels, (2048, 1536), interpolation=cv2.INTER_AREA)
            base64.b64encode(jpeg_buffer(np.asarray(small, np.uint8), 93, full_colour=True).tobytes())

    text = base64.b64encode(picture)
    started = time.perf_counter()
    await asyncio.to_thread(encode)
    encoded = time.perf_counter()
    await asyncio.to_thread(base64.b64decode, text)
    await worker.decode(picture)
    return {
        "bare: resize, JPEG and base64 of all five": encoded - started,
        "bare: base64 and decoding of the answer": time.perf_counter() - encoded,
    }


async def measure(url: str, lines: IO[str], picture: bytes) -> None:
    engine = GeminiEngine(Key, lambda: Connection(url))
    base = RequestPicture(photo("coffee.jpg", 4000, 3000), "base")
    reference = photo("astronaut.jpg", 2800, 2100)
    references = tuple(RequestPicture(reference, f"R{number}", Role.STYLE) for number in range(4))
    request = EditRequest(RunId("run"), (RequestEdit("Make it evening"),), base, references)
    worker = DecodeWorker()
    worker.start()
    taken: dict[str, list[float]] = {}
    try:
        for number in range(RUNS + 1):
            row = await bare(request, picture, worker) | await one(engine, request, worker, lines)
            for name, value in row.items() if number else ():  # the first round loads what is loaded once
                taken.setdefault(name, []).append(value)
    finally:
        await worker.close()
    for name, values in taken.items():
        spread = f"[{min(values) * 1e3:.1f}-{max(values) * 1e3:.1f}]"
        print(f"{name:52s} {statistics.median(values) * 1e3:9.1f} ms  {spread}")


def main() -> None:
    if sys.argv[1:] == ["serve"]:
        serve()
        return
    command = [sys.executable, str(Path(__file__)), "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        url, picture_size, body_size = server.stdout.readline().split()
        print(f"answer: a picture of {int(picture_size) / 1e6:.1f} MB in {int(body_size) / 1e6:.1f} MB of JSON")
        data = cv2.imencode(".png", photo("coffee.jpg", 4800, 3584)[..., :3], [cv2.IMWRITE_PNG_COMPRESSION, 3])[1]
        asyncio.run(measure(url, server.stdout, data.tobytes()))
        server.stdin.close()


if __name__ == "__main__":
    main()
