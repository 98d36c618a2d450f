"""What leaves this computer in one request, exactly and in order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.edit import Role
    from nanodesk.document.geometry import Size


@dataclass(frozen=True, slots=True)
class OutgoingPicture:
    """A picture as it is sent.

    Attributes:
        label: what the model is told it is ("Image 1, style reference “Packshot”").
        name: what the designer calls it.
        role: of a reference; none for the base.
        reference: its place in the request's references; none for the base.
        size: pixels, as sent.
        data: the encoded bytes, free of metadata.
    """

    label: str
    name: str
    role: Role | None
    reference: int | None
    size: Size
    mime: str
    data: bytes = field(repr=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the bytes sent, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request as it is sent; several candidates are as many of it.

    Attributes:
        parts: texts and pictures in sending order.
        host: where it goes.
        input_tokens, output_tokens: estimated, for one request.
        cost: US dollars for all candidates, estimated; none where the price is not known.
        candidates: how many such requests are sent.
        ratio: what shape is asked for ("3:2").
        image_size: what size class is asked for ("2K"); empty where the model has but one.
    """

    parts: tuple[str | OutgoingPicture, ...] = field(repr=False)
    model: str = ""
    model_name: str = ""
    host: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    candidates: int = 1
    ratio: str = ""
    image_size: str = ""

    @property
    def pictures(self) -> tuple[OutgoingPicture, ...]:
        """The pictures in sending order."""
        return tuple(part for part in self.parts if isinstance(part, OutgoingPicture))

    @property
    def text(self) -> str:
        """Every word that is sent, a line for each picture's label among them."""
        return "\n\n".join(part for part in self.parts if isinstance(part, str))

    @property
    def size_bytes(self) -> int:
        """Of the pictures and words of one request, before they are wrapped for the way."""
        return sum(len(part.data) if isinstance(part, OutgoingPicture) else len(part.encode()) for part in self.parts)
