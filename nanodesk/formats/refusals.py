"""Why a picture is not opened: the limits on its size, and plain sentences for what decoders raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.formats.errors import CutOffError, DamagedPictureError, FormatError, TooLargeError, UnsupportedFormatError
from nanodesk.formats.limits import MOST_PIXELS

if TYPE_CHECKING:
    from nanodesk.formats.limits import DecodeLimits

_MILLION = 1_000_000


def subject_of(name: str) -> str:
    """How a sentence about a picture begins."""
    return f"“{name}”" if name else "The picture"


def check_file(data: bytes, limits: DecodeLimits, subject: str) -> None:
    """Refuse an encoded file that is too long.

    Raises:
        TooLargeError: when it is.
    """
    if len(data) > limits.max_file_bytes:
        raise TooLargeError(
            f"{subject} is {len(data) // _MILLION:,} MB, more than the {limits.max_file_bytes // _MILLION:,} MB that "
            "Nanodesk opens; save it smaller first."
        )


def check_size(size: tuple[int, int], limits: DecodeLimits, subject: str) -> None:
    """Refuse a size in pixels that makes no sense, or is too large.

    Raises:
        DamagedPictureError: when there is no pixel in it.
        TooLargeError: with the size.
    """
    width, height = size
    if width < 1 or height < 1:
        raise DamagedPictureError(f"{subject} is damaged: it says that it is {width} × {height} pixels.")
    allowed = min(limits.max_pixels, MOST_PIXELS)
    if width * height > allowed:
        many = f"{allowed // _MILLION:,} million" if allowed >= _MILLION else f"{allowed:,}"
        raise TooLargeError(
            f"{subject} is {width:,} × {height:,} pixels, more than the {many} that Nanodesk opens; make it smaller "
            "in another program first.",
            size,
        )


def cut_off(subject: str, limits: DecodeLimits) -> CutOffError:
    """The end of the file is missing."""
    if limits.accept_cut_off:
        return CutOffError(f"{subject} is cut off so early that nothing of it can be shown; get it again.")
    return CutOffError(f"{subject} is cut off: the end of the file is missing; get it again, or open what there is.")


def explained(error: Exception, subject: str, limits: DecodeLimits) -> FormatError:
    """What a decoder raised, as one of our own kinds."""
    text = str(error).lower()
    if isinstance(error, MemoryError) or "insufficient memory" in text or "alloc_bytes" in text:
        return TooLargeError(f"{subject} needs more memory than Nanodesk gives a picture; save it smaller first.")
    if isinstance(error, EOFError) or "truncat" in text or "end of file" in text:
        return cut_off(subject, limits)
    if isinstance(error, NotImplementedError) or "unknown pixel mode" in text or "unsupported" in text:
        return UnsupportedFormatError(
            f"{subject} holds a kind of pixels that Nanodesk does not open; save it as PNG or JPEG first."
        )
    return DamagedPictureError(f"{subject} is damaged and cannot be opened; get it again from where it came from.")
