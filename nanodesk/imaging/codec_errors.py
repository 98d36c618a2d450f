"""What can go wrong between bytes and pixels; every message is one plain sentence."""

from __future__ import annotations


class CodecError(Exception):
    """Bytes could not be turned into pixels, or pixels into bytes."""


class DamagedPictureError(CodecError):
    """The bytes are no complete picture of the kind they claim to be."""


class DamagedTileError(CodecError):
    """The bytes of a packed tile are not what was written."""


class PictureTooLargeError(CodecError):
    """The picture has more pixels than the caller, or the format, allows."""


class ColourProfileError(CodecError):
    """A colour profile is damaged, or cannot be used for this kind of picture."""
