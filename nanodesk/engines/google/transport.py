"""Our own way to the service below the SDK: tees the reply before anybody parses it, and keeps it within bounds."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from nanodesk.engines.google.connection import Connection
    from nanodesk.engines.google.parcels import Parcels

_UNPACK_AT_ONCE = 1 << 20


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
            self._inner = httpx2.AsyncHTTPTransport(proxy=proxy_for(connection), retries=0)
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
        response = await self._inner.handle_async_request(outgoing)
        try:
            if 300 <= response.status_code < 400:
                raise RedirectedError
            body = await self._read(response)
        finally:
            await response.aclose()
        if response.status_code == httpx2.codes.OK:
            await self._received(body)
        kept = [
            (name, value)
            for name, value in response.headers.raw
            if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
        ]
        return httpx2.Response(response.status_code, headers=kept, content=self._parcels.slim(body))

    async def _read(self, response: httpx2.Response) -> bytes:
        unpack = _unpacker(response.headers.get("content-encoding", ""))
        whole = bytearray()
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
                whole += part
                if len(whole) > self._connection.most_bytes:
                    raise TooLargeError
        return bytes(whole)

    async def aclose(self) -> None:
        """Close every socket."""
        await self._inner.aclose()


def _unpacker(packing: str) -> Callable[[bytes], list[bytes]]:
    """What turns received bytes into those meant, a bounded piece at a time."""
    match packing.strip().lower():
        case "" | "identity":
            return lambda piece: [piece]
        case "gzip" | "deflate":
            unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
        case _:
            raise UnknownPackingError

    def unpack(piece: bytes) -> list[bytes]:
        parts = []
        while piece:
            parts.append(unpacking.decompress(piece, _UNPACK_AT_ONCE))
            piece = unpacking.unconsumed_tail
            if len(parts) > 256:
                raise TooLargeError  # a quarter of a gigabyte out of one piece
        return parts

    return unpack


def proxy_for(connection: Connection) -> str | None:
    """The proxy chosen, or the one that the system names for the service's host."""
    if connection.proxy:
        return connection.proxy
    parts = urlsplit(connection.url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
