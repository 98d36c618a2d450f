"""The process that decodes pictures from outside: `python -m nanodesk.formats.decode_worker FILE`.

It reads requests from standard input and answers on standard output; pixels go through FILE, the number of an
inherited file descriptor, or a path where descriptors are not inherited. A frame on a pipe is a length of 8 bytes,
that much JSON, and the bytes whose lengths the JSON lists. It ends when its input ends.

A frozen program runs this by `main()` when its first argument is `WORKER_FLAG`.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.formats.limits import DecodeLimits
    from nanodesk.formats.picture import DecodedPicture

WORKER_FLAG = "--decode-worker"

_LENGTH = struct.Struct("<Q")
_MOST_HEADER = 1 << 20


def send(pipe: IO[bytes], header: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Write one frame: the header, with the lengths of the parts, and the parts."""
    text = json.dumps({**header, "parts": [len(part) for part in parts]}).encode()
    pipe.write(_LENGTH.pack(len(text)))
    pipe.write(text)
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe: IO[bytes], most: int) -> tuple[dict[str, Any], list[bytes]]:
    """Read one frame whose parts are at most `most` bytes together.

    Raises:
        EOFError: when the pipe ends first.
        ValueError: when it is no frame, or too long a one.
    """
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if length > _MOST_HEADER:
        raise ValueError("The header is too long.")
    header = json.loads(_exactly(pipe, length))
    lengths = header.get("parts") if isinstance(header, dict) else None
    if not isinstance(lengths, list) or not all(isinstance(n, int) and n >= 0 for n in lengths):
        raise ValueError("The header is not understood.")
    if sum(lengths) > most:
        raise ValueError("The parts are too long.")
    return header, [_exactly(pipe, n) for n in lengths]


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) != length:
        raise EOFError
    return data


def write_all(descriptor: int, data: memoryview) -> None:
    """Make `data` the whole content of an open file."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    while data:
        data = data[os.write(descriptor, data[: 1 << 28]) :]


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer requests until the input ends."""
    place = (sys.argv[1:] if arguments is None else arguments)[-1]
    descriptor = int(place) if place.isdigit() else os.open(place, os.O_RDWR | getattr(os, "O_BINARY", 0))
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _load()
    while True:
        try:
            header, parts = receive(sys.stdin.buffer, 1 << 40)
        except EOFError:
            return 0
        send(answers, *_answer(header, parts, descriptor))


def _load() -> None:
    """Import what every picture needs while the first one is still being sent, and leave both cores to the editor."""
    import cv2

    import nanodesk.formats.decode  # noqa: F401 - loaded before the limits tighten

    cv2.setNumThreads(1)


def _answer(header: dict[str, Any], parts: list[bytes], descriptor: int) -> tuple[dict[str, Any], list[bytes]]:
    from nanodesk.formats.decode import decode
    from nanodesk.formats.errors import DecodeError
    from nanodesk.formats.limits import DecodeLimits

    limits = DecodeLimits(**header["limits"])
    _tighten(limits)
    try:
        picture = decode(parts[0], limits, header["name"])
        parts.clear()
        write_all(descriptor, picture.pixels.reshape(-1).data)
    except DecodeError as error:
        size = getattr(error, "size", None)
        return {"error": type(error).__name__, "message": str(error), "size": size}, []
    return _described(picture), [picture.profile or b"", picture.exif or b""]


def _described(picture: DecodedPicture) -> dict[str, Any]:
    return {
        "width": picture.width,
        "height": picture.height,
        "dpi": picture.dpi,
        "notes": picture.notes,
        "format": picture.format,
        "mode": picture.mode,
        "bits": picture.bits,
        "orientation": picture.orientation,
    }


def _tighten(limits: DecodeLimits) -> None:
    """Limit address space, processor time and file size for the next picture, where the system knows how."""
    if sys.platform == "win32":
        return  # the job object of `nanodesk.formats.child` does it
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    # The parent watches the clock; this ends a worker whose parent is gone. Some decoders use every core.
    seconds = int(used.ru_utime + used.ru_stime + limits.seconds * (os.cpu_count() or 1)) + 1
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 4 * limits.max_pixels,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):
            continue  # macOS refuses some of them; the parent's time limit stands


if __name__ == "__main__":
    sys.exit(main())
