"""A request as it came in over the wire."""

import base64
import binascii
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

KEY = "test-key-0123456789-loopback-only"


class RefusedError(Exception):
    """The request is not what the service takes."""

    def __init__(self, message: str, code: int = 400, status: str = "INVALID_ARGUMENT", details: Any = ()) -> None:
        super().__init__(message)
        self.code, self.status, self.details = code, status, list(details)


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def model(self) -> str:
        return self.path.rpartition("/")[2].partition(":")[0]

    @property
    def version(self) -> str:
        return next(part for part in self.path.split("/") if part.startswith("v1"))

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Of the last turn."""
        return list(self.body["contents"][-1]["parts"])

    @property
    def kinds(self) -> list[str]:
        return ["text" if "text" in part else "picture" for part in self.parts]

    @property
    def texts(self) -> list[str]:
        return [part["text"] for part in self.parts if "text" in part]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def blobs(self) -> list[tuple[str, bytes]]:
        """Mime and bytes of each picture, in order."""
        return [blob_of(part) for part in self.parts if "text" not in part]

    @property
    def pictures(self) -> list[Image.Image]:
        return [Image.open(io.BytesIO(data)) for _, data in self.blobs]

    @property
    def config(self) -> dict[str, Any]:
        return dict(self.body["generationConfig"])


def blob_of(part: dict[str, Any]) -> tuple[str, bytes]:
    """Mime and bytes of an inline part, in either spelling and either alphabet."""
    blob = part.get("inlineData") or part.get("inline_data")
    if not isinstance(blob, dict):
        raise RefusedError("a part is neither text nor inlineData")
    mime = blob.get("mimeType") or blob.get("mime_type")
    try:
        return str(mime), any_base64(blob["data"])
    except (KeyError, binascii.Error):
        raise RefusedError("the data of a part is no base64") from None


def any_base64(text: str) -> bytes:
    """Bytes of base64 in either alphabet."""
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
