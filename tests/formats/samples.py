"""Pictures and colour profiles made on the spot: small, right, and then broken on purpose."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageCms

P3_PRIMARIES = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
SRGB_PRIMARIES = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
D65 = (0.3127, 0.3290)
D50 = np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def picture(width: int = 64, height: int = 48, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """A smooth picture with some noise, no two rows or columns alike."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(seed).integers(-6, 7, (height, width, 4))
    ramps = np.stack([x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height), 255 - x * 200 / width], -1)
    values = np.clip(ramps + noise, 0, 255).astype(np.uint8)
    if mode == "RGBA":
        return Image.fromarray(values, "RGBA")
    return Image.fromarray(np.ascontiguousarray(values[..., :3])).convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def bgra(image: Image.Image) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(image.convert("RGBA"))[..., [2, 1, 0, 3]])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(header: tuple[int, int, int, int], rows: bytes, extra: bytes = b"") -> bytes:
    """A PNG from width, height, bit depth, colour type and its filtered rows."""
    width, height, depth, colour = header
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def png16(values: np.ndarray, extra: bytes = b"") -> bytes:
    """A PNG with 16 bits a channel from (h, w) or (h, w, 3) or (h, w, 4) uint16."""
    height, width = values.shape[:2]
    colour = {2: 0, 3: {3: 2, 4: 6}.get(values.shape[-1], 0)}[values.ndim]
    big = values.astype(">u2")
    rows = b"".join(b"\0" + big[row].tobytes() for row in range(height))
    return png((width, height, 16, colour), rows, extra)


def psd(planes: np.ndarray, layers: int) -> bytes:
    """A PSD whose merged picture is `planes` (channels, h, w); `layers` is the layer count that it claims."""
    channels, height, width = planes.shape
    section = struct.pack(">Ih", 4, layers) + b"\0\0" if layers else b""
    return (
        struct.pack(">4sH6xHIIHH", b"8BPS", 1, channels, height, width, 8, 3)
        + struct.pack(">II", 0, 0)
        + struct.pack(">I", len(section))
        + section
        + b"\0\0"
        + planes.tobytes()
    )


def exif(orientation: int = 1, gps: bool = False) -> bytes:
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = "Maker"
    if gps:
        block.get_ifd(0x8825)[1] = "N"
        block.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    return block.tobytes()


def _s15(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _tag_xyz(values: Any) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_s15(v) for v in values)


def _tag_gamma(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _tag_text(text: str) -> bytes:
    data = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + b"\0" * 78


def icc(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC version 2 profile (ICC.1:2001-04)."""
    at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += padded
    header = bytearray(128)
    header[8:12] = b"\x02\x10\0\0"
    header[12:16], header[16:20], header[20:24] = kind, space, connection
    header[24:36] = struct.pack(">6H", 2020, 1, 1, 0, 0, 0)
    header[36:40] = b"acsp"
    header[68:80] = b"".join(_s15(v) for v in D50)
    whole = bytes(header) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def rgb_profile(
    name: str = "Display P3",
    primaries: Any = P3_PRIMARIES,
    gamma: float = 2.2,
    extra: dict[bytes, bytes] | None = None,
) -> bytes:
    def xyz(point: tuple[float, float]) -> np.ndarray:
        return np.array([point[0] / point[1], 1.0, (1 - point[0] - point[1]) / point[1]])

    columns = np.stack([xyz(p) for p in primaries], axis=1)
    white = xyz(D65)
    matrix = columns * np.linalg.solve(columns, white)
    gains = np.diag((BRADFORD @ D50) / (BRADFORD @ white))
    adapted = np.linalg.inv(BRADFORD) @ gains @ BRADFORD @ matrix
    tags = {b"desc": _tag_text(name), b"wtpt": _tag_xyz(D50)}
    for index, letter in enumerate("rgb"):
        tags[letter.encode() + b"XYZ"] = _tag_xyz(adapted[:, index])
        tags[letter.encode() + b"TRC"] = _tag_gamma(gamma)
    return icc(b"mntr", b"RGB ", b"XYZ ", tags | (extra or {}))


def grey_profile(gamma: float = 1.0) -> bytes:
    tags = {b"desc": _tag_text("Grey of a test"), b"wtpt": _tag_xyz(D50), b"kTRC": _tag_gamma(gamma)}
    return icc(b"mntr", b"GRAY", b"XYZ ", tags)


def cmyk_profile() -> bytes:
    """A CMYK profile whose inks are grey steps: cyan 100 % is L* 20, yellow 100 % is L* 90, paper is white."""
    lightness = {0: 80.0, 1: 40.0, 2: 10.0, 3: 90.0}
    grid = b""
    for corner in range(16):
        light = 100.0
        for ink in range(4):
            if corner >> (3 - ink) & 1:
                light = max(0.0, light - lightness[ink])
        grid += bytes([round(light * 255 / 100), 128, 128])
    linear = bytes(range(256))
    identity = b"".join(_s15(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + linear * 4 + grid + linear * 3
    return icc(b"prtr", b"CMYK", b"Lab ", {b"desc": _tag_text("Inks of a test"), b"A2B0": table})


def lcms_srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
