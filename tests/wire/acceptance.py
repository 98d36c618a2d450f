"""What the service takes and what it refuses, and what we never want to send."""

import io
import re
from typing import Any

from PIL import Image

from tests.wire.asked import Asked, RefusedError, any_base64, blob_of

TEN = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}
FOURTEEN = TEN | {"1:4", "4:1", "1:8", "8:1"}
MODELS: dict[str, dict[str, Any]] = {
    "gemini-nano-banana-2.1": {
        "ratios": FOURTEEN,
        "sizes": {"1K", "2K", "4K"},
        "thinking": {"MINIMAL", "MEDIUM", "HIGH"},
    },
    "gemini-3-pro-image": {"ratios": TEN, "sizes": {"1K", "2K", "4K"}, "thinking": None},
    "gemini-3.1-flash-lite-image": {"ratios": TEN, "sizes": None, "thinking": {"MINIMAL", "HIGH"}},
    "gemini-3.1-flash-image": {"ratios": FOURTEEN, "sizes": {"512", "1K", "2K", "4K"}, "thinking": {"MINIMAL", "HIGH"}},
    "gemini-2.5-flash-image": {"ratios": TEN, "sizes": None, "thinking": None},
    "nano-next-picture": {"ratios": TEN, "sizes": None, "thinking": None},
    "gemini-3.8-flash": {"text": True},
    "gemini-embedding-9": {"embeds": True},
}
PATH = re.compile(r"(?:/gw)?/(v1|v1beta)/models(?:/([\w.\-]+):generateContent|(\?pageSize=\d+(?:&pageToken=\w+)?)?)")


def check_key(asked: Asked, key: str) -> None:
    """The key travels in its header and nowhere else."""
    given = asked.headers.get("x-goog-api-key")
    elsewhere = [value for name, value in asked.headers.items() if name != "x-goog-api-key" and key in value]
    if given != key or key in asked.path or elsewhere or key in repr(asked.body):
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
        raise RefusedError("API key not valid. Please pass a valid API key.", details=details)


def check_path(asked: Asked, only_version: str) -> None:
    """A known method of a known version."""
    found = PATH.fullmatch(asked.path)
    if found is None or (asked.method == "POST") != bool(found[2]):
        raise RefusedError(f"no such method {asked.method} {asked.path}", 404, "NOT_FOUND")
    if only_version and found[1] != only_version:
        raise RefusedError('Invalid JSON payload received. Unknown name "imageConfig": Cannot find field.')


def check_generate(asked: Asked) -> None:
    """A request to a model: only fields that it takes, turns in order, pictures free of metadata."""
    known = MODELS.get(asked.model)
    if known is None or known.get("embeds"):
        raise RefusedError(f"models/{asked.model} is not found for API version {asked.version}", 404, "NOT_FOUND")
    if asked.headers.get("content-type") != "application/json":
        raise RefusedError("content-type")
    if set(asked.body) - {"contents", "generationConfig"}:
        raise RefusedError(f"unexpected fields {sorted(asked.body)}")
    roles = [content.get("role") for content in asked.body["contents"]]
    if roles != (["user", "model"] * len(roles))[: len(roles)] or len(roles) % 2 == 0:
        raise RefusedError(f"turns out of order: {roles}")
    if known.get("text"):
        _check_words(asked.config)
        return
    _check_config(asked.config, known)
    _check_parts(asked)
    for content in asked.body["contents"][:-1]:
        _check_turn(content)


def _check_words(config: dict[str, Any]) -> None:
    if config.get("responseMimeType") != "application/json" or "responseJsonSchema" not in config:
        raise RefusedError("a text model is asked for JSON")


def _check_config(config: dict[str, Any], known: dict[str, Any]) -> None:
    if set(config) - {"responseModalities", "imageConfig", "thinkingConfig"}:
        raise RefusedError(f"unexpected settings {sorted(config)}")
    if config.get("responseModalities") != ["TEXT", "IMAGE"]:
        raise RefusedError("modalities")
    shape = config.get("imageConfig", {})
    if set(shape) - {"aspectRatio", "imageSize"} or shape.get("aspectRatio") not in known["ratios"]:
        raise RefusedError(f"ratio {shape}")
    if known["sizes"] is None and "imageSize" in shape:
        raise RefusedError("this model takes no imageSize")
    if known["sizes"] is not None and shape.get("imageSize") not in known["sizes"]:
        raise RefusedError(f"size {shape.get('imageSize')}")
    thinking = config.get("thinkingConfig")
    if thinking is not None:
        level = thinking.get("thinking_level") or thinking.get("thinkingLevel")
        if known["thinking"] is None or (level is not None and level not in known["thinking"]):
            raise RefusedError(f"thinking {level}")


def _check_parts(asked: Asked) -> None:
    parts = asked.parts
    if "text" not in parts[0] or "text" not in parts[-1]:
        raise RefusedError("the request begins and ends in words")
    for part in parts:
        if set(part) == {"text"}:
            continue
        mime, data = blob_of(part)
        picture = Image.open(io.BytesIO(data))
        if mime != Image.MIME[picture.format or ""] or mime not in ("image/png", "image/jpeg"):
            raise RefusedError(f"mime {mime} of a {picture.format}")
        picture.load()
        carried = set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        if carried or picture.getexif() or picture.mode not in ("RGB", "L"):
            raise RefusedError(f"metadata or alpha left the computer: {carried} {picture.mode}")


def _check_turn(content: dict[str, Any]) -> None:
    for part in content["parts"]:
        if "text" not in part:
            blob_of(part)
        signature = part.get("thoughtSignature") or part.get("thought_signature")
        if signature is not None and not any_base64(signature):
            raise RefusedError("Corrupted thought signature.")
