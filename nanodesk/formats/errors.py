"""What can go wrong with other programs' files; every message is one plain sentence for the designer.

FormatError
├── DecodeError                  a picture could not be opened
│   ├── NotAPictureError         the bytes are no picture at all
│   ├── UnsupportedFormatError   a picture, of a kind that is not opened
│   ├── DamagedPictureError      a picture with broken insides
│   │   └── CutOffError          only its beginning is there; `DecodeLimits.accept_cut_off` opens what there is
│   ├── TooLargeError            more pixels or bytes than the limits allow
│   └── WorkerError              the process that decodes died, hung or talked nonsense
└── WriteError                   a picture could not be written; nothing at its place was touched
    └── UnknownSuffixError       the file's name does not say what to write
"""

from __future__ import annotations


class FormatError(Exception):
    """Something about a file of another program."""


class DecodeError(FormatError):
    """A picture could not be opened."""


class NotAPictureError(DecodeError):
    """The bytes are no picture at all."""


class UnsupportedFormatError(DecodeError):
    """It is a picture or a drawing, of a kind that is not opened."""


class DamagedPictureError(DecodeError):
    """The inside of the picture is broken."""


class CutOffError(DamagedPictureError):
    """Only the beginning of the picture is there."""


class TooLargeError(DecodeError):
    """The picture has more pixels or bytes than the limits allow.

    Attributes:
        size: width and height in pixels; none where the file itself is too large.
    """

    def __init__(self, message: str, size: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.size = size


class WorkerError(DecodeError):
    """The process that decodes pictures died, took too long or talked nonsense; the next picture gets a new one."""


class WriteError(FormatError):
    """A picture could not be written; what was at its place is still there."""


class UnknownSuffixError(WriteError):
    """The end of the file's name is none of those that can be written."""
