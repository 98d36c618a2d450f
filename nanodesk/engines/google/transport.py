"""Our own way to the service below the SDK: tees the reply before anybody parses it, and keeps it within bounds."""

from __future__ import annotations

import asyncio
import os
import zlib
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator

    from nanodesk.engines.google.connection import Connection
    from nanodesk.engines.google.parcels import Parcels

_UNPACK_AT_ONCE = 1 << 20
_MUCH = 1 << 20


def trust() -> ssl.SSLContext:
    """Whom this computer trusts; reading all its certificates takes 30 ms, so it is done once."""
    return _trust(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@cache
def _trust(_file: str, _folder: str) -> ssl.SSLContext:
    return httpx2.create_ssl_context()


class RedirectedError(Exception):
    """The service sent us elsewhere; keys and pictures do not follow."""


class TooLargeError(Exception):
    """The reply is larger than any picture."""


class StalledError(Exception):
    """The reply began and stopped coming."""


class UnknownPackingError(Exception):
    """The reply is packed in a way that was not asked for."""


class _Body(httpx2.AsyncByteStream):
    """The request's body in pieces; knows when it has left."""

    def __init__(self, pieces: list[bytes], left: Callable[[], None]) -> None:
        self._pieces = pieces
        self._left = left

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        self._left()


class TeeTransport(httpx2.AsyncBaseTransport):
    """Carries one exchange.

    Attributes:
        sent: whether the whole request has left this computer.
    """

    def __init__(
        self,
        connection: Connection,
        parcels: Parcels,
        received: Callable[[bytes], Awaitable[None]],
        kept: bytes | None = None,
    ) -> None:
        """A transport that hands the reply's body to `received` and waits for it, before the SDK sees anything.

        Args:
            kept: a reply that came before: then nothing is sent, and this is the answer.
        """
        self._connection = connection
        self._parcels = parcels
        self._received = received
        self._inner: httpx2.AsyncBaseTransport
        if kept is not None:
            self._inner = httpx2.MockTransport(lambda _: httpx2.Response(200, content=kept))
        else:
            self._inner = httpx2.AsyncHTTPTransport(verify=trust(), proxy=proxy_for(connection), retries=0)
        self.sent = False

    def _has_left(self) -> None:
        self.sent = True

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it and read the whole reply."""
        pieces = self._parcels.pieces(await request.aread())
        headers = request.headers.copy()
        headers["accept-encoding"] = "gzip"
        if request.method == "POST":
            headers["content-length"] = str(sum(map(len, pieces)))
        limits = self._connection
        timeouts = {
            "connect": limits.connect_s,
            "pool": limits.connect_s,
            "write": limits.stall_s,
            "read": limits.total_s,
        }
        outgoing = httpx2.Request(
            request.method,
            request.url,
            headers=headers,
            stream=_Body(pieces, self._has_left),
            extensions={**request.extensions, "timeout": timeouts},
        )
        async with asyncio.timeout(limits.total_s):  # until the whole answer is here; keeping it may take longer
            response, body = await self._answer(outgoing)
        if response.status_code == httpx2.codes.OK:
            await self._received(body)
        kept = [
            (name, value)
            for name, value in response.headers.raw
            if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
        ]
        return httpx2.Response(response.status_code, headers=kept, content=self._parcels.slim(body))

    async def _answer(self, outgoing: httpx2.Request) -> tuple[httpx2.Response, bytes]:
        response = await self._inner.handle_async_request(outgoing)
        try:
            if 300 <= response.status_code < 400:
                raise RedirectedError
            return response, await self._read(response)
        finally:
            await response.aclose()

    async def _read(self, response: httpx2.Response) -> bytes:
        unpack = _unpacker(response.headers.get("content-encoding", ""))
        parts: list[bytes] = []
        size = 0
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)
        pieces = aiter(stream)
        while True:
            try:
                async with asyncio.timeout(self._connection.stall_s):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                break
            except TimeoutError:
                raise StalledError from None
            for part in unpack(piece):
                parts.append(part)
                size += len(part)
                if size > self._connection.most_bytes:
                    raise TooLargeError
        # Joining many megabytes takes a while, and lets others run meanwhile.
        return b"".join(parts) if size < _MUCH else await asyncio.to_thread(b"".join, parts)

    async def aclose(self) -> None:
        """Close every socket."""
        await self._inner.aclose()


def _unpacker(packing: str) -> Callable[[bytes], Iterable[bytes]]:
    """What turns received bytes into those meant, a bounded piece at a time."""
    match packing.strip().lower():
        case "" | "identity":
            return lambda piece: [piece]
        case "gzip" | "deflate":
            unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
        case _:
            raise UnknownPackingError

    def unpack(piece: bytes) -> Iterator[bytes]:
        while piece:
            yield unpacking.decompress(piece, _UNPACK_AT_ONCE)
            piece = unpacking.unconsumed_tail

    return unpack


def proxy_for(connection: Connection) -> str | None:
    """The proxy chosen, or the one that the system names for the service's host."""
    if connection.proxy:
        return connection.proxy
    try:
        parts = urlsplit(connection.url)
    except ValueError:  # no address at all: said when it is asked for
        return None
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
