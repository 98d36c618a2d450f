"""What a drop or a paste brings: files, pictures as bytes, projects, addresses on the web; the same for both."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import Enum
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from PySide6.QtCore import QUrl

from nanodesk.editor.intake import PictureSource
from nanodesk.ui.qt_images import png_of

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

PROJECT_SUFFIX = ".nanodesk"
SVG_SUFFIXES = frozenset({".svg", ".svgz"})
PICTURE_FORMATS = (
    "image/png",
    "image/webp",
    "image/tiff",
    "image/avif",
    "image/heif",
    "image/heic",
    "image/jxl",
    "image/jpeg",
    "image/gif",
    "image/bmp",
)
"""Encoded pictures, best first: those that keep transparency and profile before those that do not."""

MAX_BYTES = 512 * 1024 * 1024
_MAX_PATHS = 64
_QT_IMAGE = "application/x-qt-image"
_SVG_REFUSED = "SVG drawings cannot be taken in: save “{}” as PNG and drop that."
_NETWORK = "This picture lies on the web and needs the network: save it to this computer and drop the file."
_NOTHING = "There is no picture in what was dropped or pasted."


@dataclass(frozen=True, slots=True)
class Intake:
    """What a drop or a paste holds, for the editor to take in.

    Attributes:
        files: pictures as files, in the order given.
        pictures: pictures as encoded bytes, with a name.
        projects: project files, to be opened.
        urls: addresses on the web; they are named and not fetched.
        message: one sentence on what is left out; empty where everything is usable.
    """

    files: tuple[Path, ...] = ()
    pictures: tuple[tuple[bytes, str], ...] = field(default=(), repr=False)
    projects: tuple[Path, ...] = ()
    urls: tuple[str, ...] = ()
    message: str = ""

    @property
    def usable(self) -> bool:
        """Whether there is anything to take in or open."""
        return bool(self.files or self.pictures or self.projects)

    def sources(self) -> tuple[PictureSource, ...]:
        """The pictures, for `Project.place` and `Project.add_references`."""
        files = tuple(PictureSource(path.name, path=path) for path in self.files)
        return files + tuple(PictureSource(name, data=data) for data, name in self.pictures)


class Kind(Enum):
    """What a drag seems to bring, judged by its formats and names alone."""

    PICTURES = "pictures"
    PROJECT = "project"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What can be said while something is still being dragged, without reading it.

    Attributes:
        count: how many pictures.
        message: why it is refused; empty otherwise.
    """

    kind: Kind
    count: int = 0
    message: str = ""


def glimpse(mime: QMimeData) -> Glimpse:
    """What a drag brings, as far as formats and file names tell; quick, reads no picture."""
    files, projects, refused, urls = _sorted(_local_paths(mime), _addresses(mime))
    if projects and not files:
        return Glimpse(Kind.PROJECT, len(projects))
    if files:
        return Glimpse(Kind.PICTURES, len(files))
    if _picture_format(mime) or mime.hasFormat(_QT_IMAGE) or "data:image/" in _html_start(mime):
        return Glimpse(Kind.PICTURES, 1)
    if refused:
        return Glimpse(Kind.REFUSED, 0, _SVG_REFUSED.format(refused[0]))
    if urls or "<img" in _html_start(mime):
        return Glimpse(Kind.REFUSED, 0, _NETWORK)
    return Glimpse(Kind.PICTURES, 1) if _paths_in_text(mime) else Glimpse(Kind.NOTHING)


def intake(mime: QMimeData) -> Intake:
    """What a drop or a paste holds; the first of these that brings something usable.

    Local files; an encoded picture; a picture that only Qt has, as PNG; a `data:` picture in HTML; a path as text.
    """
    files, projects, refused, urls = _sorted(_local_paths(mime), _addresses(mime))
    left_out = _SVG_REFUSED.format(refused[0]) if refused else ""
    if files or projects:
        return Intake(files, (), projects, urls, left_out)
    picture = _picture(mime) or _picture_in_html(mime)
    if picture is not None:
        return Intake(pictures=(picture,), urls=urls)
    in_text = _sorted(_paths_in_text(mime), ())
    if in_text[0] or in_text[1]:
        return Intake(in_text[0], (), in_text[1], urls)
    refused = refused or in_text[2] or _svg_picture(mime)
    if refused:
        return Intake(urls=urls, message=_SVG_REFUSED.format(refused[0]))
    urls = urls or _addresses_in_html(mime)
    return Intake(urls=urls, message=_NETWORK if urls else _NOTHING)


Sorted = tuple[tuple[Path, ...], tuple[Path, ...], tuple[str, ...], tuple[str, ...]]


def _sorted(paths: tuple[Path, ...], urls: tuple[str, ...]) -> Sorted:
    """Pictures, projects, the names of what is refused, addresses."""
    projects = tuple(path for path in paths if path.suffix.lower() == PROJECT_SUFFIX)
    refused = tuple(path.name for path in paths if path.suffix.lower() in SVG_SUFFIXES)
    files = tuple(path for path in paths if path not in projects and path.name not in refused)
    return files, projects, refused, urls


def _local_paths(mime: QMimeData) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile() and url.toLocalFile())


def _addresses(mime: QMimeData) -> tuple[str, ...]:
    return tuple(url.toString() for url in mime.urls() if url.scheme() in {"http", "https"})


def _picture_format(mime: QMimeData) -> str | None:
    offered = set(mime.formats())
    return next((kind for kind in PICTURE_FORMATS if kind in offered), None)


def _picture(mime: QMimeData) -> tuple[bytes, str] | None:
    kind = _picture_format(mime)
    if kind is not None:
        data = bytes(mime.data(kind).data())
        if data and len(data) <= MAX_BYTES and not looks_like_svg(data):
            return data, _name_of(mime)
    if mime.hasFormat(_QT_IMAGE) or mime.hasImage():
        data = png_of(mime.imageData()) or b""
        if data:
            return data, _name_of(mime)
    return None


def _svg_picture(mime: QMimeData) -> tuple[str, ...]:
    return (_name_of(mime),) if mime.hasFormat("image/svg+xml") or "data:image/svg" in _html_start(mime) else ()


def _name_of(mime: QMimeData) -> str:
    """What the picture is called: the last part of its address where there is one."""
    for address in (*_addresses(mime), *_addresses_in_html(mime)):
        name = urlsplit(address).path.rpartition("/")[2]
        if re.fullmatch(r"[\w .()+-]{1,80}\.[A-Za-z0-9]{2,5}", name):
            return name
    return "Pasted picture"


def looks_like_svg(data: bytes) -> bool:
    """Whether bytes are an SVG drawing, plain or packed; Qt's reader of those would open files it names."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or data[:2] == b"\x1f\x8b"


class _PictureSources(HTMLParser):
    """Collects what `<img>` elements show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found += [value.strip() for name, value in attrs if name == "src" and value]


def _html_start(mime: QMimeData) -> str:
    return mime.html()[:65536].lower() if mime.hasHtml() else ""


def _pictures_named_in_html(mime: QMimeData) -> list[str]:
    if not mime.hasHtml():
        return []
    html = mime.html()
    if len(html) > MAX_BYTES:
        return []
    parser = _PictureSources()
    parser.feed(html)
    return parser.found


def _addresses_in_html(mime: QMimeData) -> tuple[str, ...]:
    named = _pictures_named_in_html(mime)
    return tuple(address for address in named if address.lower().startswith(("http://", "https://")))


def _picture_in_html(mime: QMimeData) -> tuple[bytes, str] | None:
    for address in _pictures_named_in_html(mime):
        data = decoded_data_url(address)
        if data:
            return data, "Pasted picture"
    return None


def decoded_data_url(address: str) -> bytes | None:
    """The bytes of a `data:image/…` address; none for anything else, for SVG, and for one that is damaged."""
    head, comma, body = address.partition(",")
    kind = head.lower()
    if not comma or not kind.startswith("data:image/") or kind.startswith("data:image/svg"):
        return None
    raw = unquote_to_bytes(body)
    if kind.endswith(";base64"):
        try:
            raw = base64.b64decode(re.sub(rb"\s+", b"", raw), validate=True)
        except binascii.Error:
            return None
    return None if not raw or looks_like_svg(raw) else raw


def _paths_in_text(mime: QMimeData) -> tuple[Path, ...]:
    """Files that plain text names, where every line of it does."""
    text = mime.text().strip() if mime.hasText() else ""
    lines = [line.strip().strip("\"'") for line in text.splitlines() if line.strip()]
    if not lines or len(lines) > _MAX_PATHS or any(len(line) > 4096 or "\0" in line for line in lines):
        return ()
    paths = [_path_of(line) for line in lines]
    known = tuple(path for path in paths if path is not None)
    return known if len(known) == len(lines) else ()


def _path_of(line: str) -> Path | None:
    if line.lower().startswith("file:"):
        line = QUrl(line).toLocalFile()
    path = Path(line)
    try:
        return path if path.is_absolute() and path.is_file() else None
    except OSError:
        return None
