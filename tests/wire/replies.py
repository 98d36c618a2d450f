"""What the service answers, as JSON values."""

import base64
import io
from typing import Any

from PIL import Image

from tests.wire.acceptance import MODELS
from tests.wire.asked import Asked

SIGNATURE = base64.b64encode(b"\xfb\xff\xfesigned" + bytes(range(24))).decode()
USAGE = {
    "promptTokenCount": 1324,
    "candidatesTokenCount": 1140,
    "thoughtsTokenCount": 256,
    "totalTokenCount": 2720,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 204}, {"modality": "IMAGE", "tokenCount": 1120}],
    "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
}
TINT = (40, 90, 200)


def png(picture: Image.Image) -> bytes:
    """A picture as PNG bytes."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def plain(colour: tuple[int, int, int] = TINT, side: int = 64) -> bytes:
    """PNG bytes of one colour, with a little noise, so that its text is long enough to be taken apart."""
    picture = Image.effect_noise((side, side), 20).convert("RGB")
    return png(Image.blend(picture, Image.new("RGB", (side, side), colour), 0.8))


def picture_part(data: bytes, mime: str = "image/png", *, url_safe: bool = False, **more: Any) -> dict[str, Any]:
    """A part of an answer."""
    written = base64.urlsafe_b64encode(data) if url_safe else base64.b64encode(data)
    return {"inlineData": {"mimeType": mime, "data": written.decode()}, **more}


def answer(parts: list[dict[str, Any]], finish: str = "STOP", **more: Any) -> dict[str, Any]:
    """A whole answer."""
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}],
        "usageMetadata": USAGE,
        "modelVersion": "gemini-nano-banana-2.1-001",
        "responseId": "r-1",
        **more,
    }


def edited(asked: Asked, tint: tuple[int, int, int] = TINT, long: int = 256) -> Image.Image:
    """What the model makes of the base: all of it a little tinted, in the shape asked for, `long` pixels wide."""
    across, down = (int(side) for side in asked.config["imageConfig"]["aspectRatio"].split(":"))
    size = (long, round(long * down / across)) if across >= down else (round(long * across / down), long)
    pictures = asked.pictures
    base = pictures[-1].convert("RGB").resize(size) if pictures else Image.new("RGB", size, (128, 128, 128))
    return Image.blend(base, Image.new("RGB", size, tint), 0.5)


def listed(names: list[str] | None = None) -> dict[str, Any]:
    """The models as the service lists them."""
    return {"models": [_listed(name) for name in (names if names is not None else list(MODELS))]}


def _listed(name: str) -> dict[str, Any]:
    does = "embedContent" if MODELS.get(name, {}).get("embeds") else "generateContent"
    return {"name": f"models/{name}", "displayName": name, "supportedGenerationMethods": [does]}
