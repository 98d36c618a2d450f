"""The process that decodes pictures from outside: `python -m nanodesk.formats.decode_worker FILE`.

It reads requests from standard input and answers on standard output; pixels go through FILE, the number of an
inherited file descriptor, or a path where descriptors are not inherited. A frame on a pipe is a length of 8 bytes,
that much JSON, and the bytes whose lengths the JSON lists. Layers follow the picture one by one, each when the one
before was taken, so that no more than one lies in the shared memory. It ends when its input ends.

A frozen program runs this by `main()` when its first argument is `WORKER_FLAG`.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.formats.layered import Part
    from nanodesk.formats.limits import DecodeLimits
    from nanodesk.formats.picture import DecodedPicture, PictureLayer

    Block = NDArray[np.uint8]

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


def write_all(descriptor: int, *blocks: memoryview) -> None:
    """Make the blocks the whole content of an open file."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    for block in blocks:
        data = block
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
        serve(header, parts, Channel(sys.stdin.buffer, answers, descriptor))


def _load() -> None:
    """Import what every picture needs while the first one is still being sent, and leave both cores to the editor."""
    import cv2

    import nanodesk.formats.layered  # noqa: F401 - loaded before the limits tighten

    cv2.setNumThreads(1)


@dataclass(frozen=True, slots=True)
class Channel:
    """The two pipes, and the file for pixels."""

    requests: IO[bytes]
    answers: IO[bytes]
    descriptor: int

    def give(self, header: dict[str, Any], blocks: Sequence[Block], extras: Sequence[bytes] = ()) -> None:
        """Send pixels and what is to be said of them."""
        write_all(self.descriptor, *(block.reshape(-1).data for block in blocks))
        send(self.answers, header, extras)


def serve(header: dict[str, Any], parts: list[bytes], channel: Channel) -> None:
    """Answer one request, part by part."""
    from nanodesk.formats.errors import DecodeError
    from nanodesk.formats.layered import parts as parts_of
    from nanodesk.formats.limits import DecodeLimits
    from nanodesk.formats.picture import Wanted

    limits = DecodeLimits(**header["limits"])
    tighten(limits)
    try:
        for part in parts_of(parts.pop(), limits, header["name"], Wanted(header["wanted"])):
            _give(part, channel)
            receive(channel.requests, 0)  # it was taken
    except DecodeError as error:
        size = getattr(error, "size", None)
        send(channel.answers, {"error": type(error).__name__, "message": str(error), "size": size})
        return
    send(channel.answers, {"end": True})


def _give(part: Part, channel: Channel) -> None:
    from nanodesk.formats.picture import PictureLayer

    if isinstance(part, str):
        send(channel.answers, {"note": part})
    elif isinstance(part, PictureLayer):
        blocks = [] if part.pixels is None else [part.pixels]
        channel.give(_layer_described(part), blocks if part.mask is None else [*blocks, part.mask.values])
    else:
        channel.give(_described(part), [part.pixels], [part.profile or b"", part.exif or b""])


def _layer_described(layer: PictureLayer) -> dict[str, Any]:
    mask = layer.mask
    return {
        "layer": layer.name,
        "size": None if layer.pixels is None else layer.pixels.shape[1::-1],
        "group": layer.group,
        "place": (layer.x, layer.y),
        "opacity": layer.opacity,
        "blend_mode": layer.blend_mode.value,
        "visible": layer.visible,
        "locked": layer.locked,
        "mask": None
        if mask is None
        else {
            "size": mask.values.shape[1::-1],
            "place": (mask.x, mask.y),
            "outside": mask.outside,
            "enabled": mask.enabled,
        },
    }


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
        "source_type": picture.source_type,
    }


def tighten(limits: DecodeLimits) -> None:
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
        resource.RLIMIT_FSIZE: 5 * limits.max_pixels,  # a layer and its mask
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
