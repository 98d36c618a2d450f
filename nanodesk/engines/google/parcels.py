"""Keeps pictures out of JSON: the SDK sees a short mark in place of each, the transport puts the bytes in and out.

Encoding or parsing a large picture as part of a JSON text would stall the window's thread for as long as it takes
(0.1 s for 8 MB); so the base64 text is made and taken apart in a thread, piece by piece.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 3 * (1 << 16)
"""So many bytes are encoded at once; others run in between."""

SHORTEST = 1024
"""A string of the reply shorter than this stays where it is."""

_KEYS = re.compile(rb'"(?:data|bytesBase64Encoded)"')
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class NotBase64Error(ValueError):
    """What should be a picture is no base64 text."""


def encoded(data: bytes) -> bytes:
    """Base64 of bytes; slow where they are many, for a thread."""
    return b"".join(base64.b64encode(data[start : start + PIECE]) for start in range(0, len(data), PIECE))


def decoded(text: bytes | memoryview) -> bytes:
    """The bytes of a base64 text in either alphabet, as it stands in JSON; slow where it is long, for a thread.

    Raises:
        NotBase64Error: when it is none.
    """
    try:
        return b"".join(_decoded(text))
    except ValueError:
        raise NotBase64Error("What was sent as a picture is damaged.") from None


def _decoded(text: bytes | memoryview) -> Iterator[bytes]:
    """Piece by piece: the interpreter is held for a millisecond at a time."""
    whole, left, ended = memoryview(text), b"", False
    for start in range(0, len(whole), PIECE):
        piece = left + bytes(whole[start : start + PIECE])
        piece, cut = (piece, b"") if start + PIECE >= len(whole) else _to_whole_escapes(piece)
        if b"\\" in piece:
            piece = str(json.loads(b'"' + piece + b'"', strict=False)).encode("ascii")
        piece = piece.translate(_URL_SAFE, b"\r\n \t")
        if start + PIECE >= len(whole):
            piece += b"=" * (-len(piece) % 4)
        if piece and ended:
            raise ValueError("There is more after the end.")
        size = len(piece) // 4 * 4
        yield binascii.a2b_base64(piece[:size], strict_mode=True)
        ended, left = ended or piece[:size].endswith(b"="), piece[size:] + cut


def _to_whole_escapes(piece: bytes) -> tuple[bytes, bytes]:
    """A piece of a JSON text up to an escape that may be cut off at its end, and the beginning of that."""
    place = piece.rfind(b"\\", max(0, len(piece) - 5))
    return (piece, b"") if place < 0 else (piece[:place], piece[place:])


class LostPictureError(RuntimeError):
    """A picture's mark is not in the request that the SDK made: it would have left without the picture."""


@dataclass
class Parcels:
    """The pictures of one exchange, by mark."""

    _nonce: bytes = field(default_factory=lambda: secrets.token_bytes(12))
    _out: dict[bytes, bytes] = field(default_factory=dict)
    _in: dict[bytes, memoryview] = field(default_factory=dict)

    def _mark(self) -> bytes:
        return self._nonce + f"{len(self._out) + len(self._in):06d}".encode()

    def put(self, text: bytes) -> bytes:
        """Keep the base64 text of a picture; the mark to give the SDK in its place."""
        mark = self._mark()
        self._out[mark] = text
        return mark

    def pieces(self, body: bytes) -> list[bytes]:
        """The request's body with every mark replaced by what it stands for, in pieces.

        Raises:
            LostPictureError: when a mark is not there.
        """
        found: list[tuple[int, bytes, bytes]] = []
        for mark, text in self._out.items():
            places = [
                (body.find(written), written) for written in (base64.urlsafe_b64encode(mark), base64.b64encode(mark))
            ]
            place, written = max(places)
            if place < 0:
                raise LostPictureError
            found.append((place, written, text))
        pieces, start = [], 0
        for place, written, text in sorted(found, key=lambda one: one[0]):
            pieces += [body[start:place], text]
            start = place + len(written)
        return [*pieces, body[start:]]

    def slim(self, body: bytes) -> bytes:
        """A reply's body with every long string of a picture taken out and a mark in its place."""
        pieces, start = [], 0
        for first, last in _data_strings(body):
            if last - first >= SHORTEST:
                mark = self._mark()
                self._in[mark] = memoryview(body)[first:last]  # a copy of tens of megabytes would be felt
                pieces += [body[start:first], base64.b64encode(mark)]
                start = last
        return b"".join([*pieces, body[start:]])

    def take(self, mark: bytes) -> memoryview | None:
        """The base64 text that a mark of the reply stands for; none when the bytes are no mark."""
        return self._in.get(mark)


def _data_strings(body: bytes) -> Iterator[tuple[int, int]]:
    """Where the text of each string under a key for pictures begins and ends."""
    key = _KEYS.search(body)
    while key is not None:
        place, after = key.span()
        first = _string_start(body, after) if body[place - 1 : place] != b"\\" else -1
        if first >= 0:
            last = body.find(b'"', first)
            if last < 0:
                return
            yield first, last
            after = last + 1
        key = _KEYS.search(body, after)


def _string_start(body: bytes, place: int) -> int:
    """Where a string begins after a key: past the colon and the quote; -1 when none follows."""
    head = body[place : place + 64].lstrip()
    if not head.startswith(b":"):
        return -1
    rest = head[1:].lstrip()
    if not rest.startswith(b'"'):
        return -1
    return body.index(b'"', body.index(b":", place)) + 1
