import base64
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QMimeData, QUrl

from nanodesk.editor.intake import PictureSource
from nanodesk.ui.drop import Kind, decoded_data_url, glimpse, intake
from nanodesk.ui.qt_images import image_of

pytestmark = pytest.mark.usefixtures("qapp")

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>'


def encoded(kind="PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 2), (200, 100, 50)).save(out, kind)
    return out.getvalue()


PNG = encoded()


def mime_of(**formats: object) -> QMimeData:
    mime = QMimeData()
    for name, value in formats.items():
        if name == "urls":
            mime.setUrls([QUrl(str(one)) for one in value])  # type: ignore[attr-defined]  # a list, when it is not bytes
        elif name == "html":
            mime.setHtml(str(value))
        elif name == "text":
            mime.setText(str(value))
    return mime


def with_data(mime: QMimeData, kind: str, data: bytes) -> QMimeData:
    mime.setData(kind, QByteArray(data))
    return mime


def local(*paths: Path | str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_files_come_in_their_order_and_projects_apart():
    took = intake(local("/a/dog.jpg", "/a/Poster.NanoDesk", "/a/cat één.png"))
    assert took.files == (Path("/a/dog.jpg"), Path("/a/cat één.png"))
    assert took.projects == (Path("/a/Poster.NanoDesk"),)
    assert took.message == ""
    assert took.sources()[0] == PictureSource("dog.jpg", path=Path("/a/dog.jpg"))


def test_a_file_managers_copy_means_the_file_and_not_its_icon():
    took = intake(with_data(local("/a/dog.jpg"), "image/png", PNG))
    assert (took.files, took.pictures) == ((Path("/a/dog.jpg"),), ())


def test_an_encoded_picture_is_taken_as_it_is():
    mime = QMimeData()
    mime.setImageData(image_of(np.zeros((4, 4, 4), np.uint8)))
    took = intake(with_data(with_data(mime, "image/jpeg", encoded("JPEG")), "image/png", PNG))
    assert took.pictures == ((PNG, "Pasted picture"),)
    assert took.usable
    assert took.sources()[0].data == PNG


def test_a_picture_only_qt_has_becomes_png():
    mime = QMimeData()
    block = np.full((5, 6, 4), 255, np.uint8)
    mime.setImageData(image_of(block))
    ((data, _name),) = intake(mime).pictures
    assert Image.open(io.BytesIO(data)).size == (6, 5)


def test_a_browsers_picture_is_named_after_its_address():
    mime = with_data(mime_of(urls=["https://example.org/art/sunset.webp?w=200"]), "image/webp", PNG)
    took = intake(mime)
    assert took.pictures == ((PNG, "sunset.webp"),)
    assert took.urls == ("https://example.org/art/sunset.webp?w=200",)
    assert took.message == ""


def test_a_picture_within_html_is_taken():
    address = "data:image/png;base64," + base64.b64encode(PNG).decode()
    took = intake(mime_of(html=f"<p>Look: <IMG alt='x' SRC=\"{address}\"></p>", text="Look:"))
    assert took.pictures == ((PNG, "Pasted picture"),)


def test_a_percent_encoded_picture_is_taken():
    address = "data:image/png," + "".join(f"%{byte:02X}" for byte in PNG)
    assert decoded_data_url(address) == PNG


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,%%%",
        "data:image/png;base64,",
        "data:text/html;base64,QUJD",
        "data:image/svg+xml;base64," + base64.b64encode(SVG).decode(),
        "data:image/png;base64," + base64.b64encode(SVG).decode(),
        "data:image/png",
        "http://example.org/a.png",
    ],
)
def test_what_is_no_picture_in_an_address_is_left(address):
    assert decoded_data_url(address) is None


def test_a_path_as_text_is_a_file(tmp_path):
    one, two = tmp_path / "a b.png", tmp_path / "poster.nanodesk"
    one.write_bytes(PNG)
    two.write_bytes(b"")
    assert intake(mime_of(text=f'"{one}"')).files == (one,)
    assert intake(mime_of(text=f"{QUrl.fromLocalFile(str(one)).toString()}\r\n{two}")).projects == (two,)
    assert glimpse(mime_of(text=str(one))).kind is Kind.PICTURES


@pytest.mark.parametrize(
    "text", ["make it warmer", "/no/such/file.png", "relative.png", "a\0b", "x" * 9000, "", "/etc"]
)
def test_other_text_is_no_picture(text):
    took = intake(mime_of(text=text))
    assert not took.usable
    assert took.message == "There is no picture in what was dropped or pasted."
    assert glimpse(mime_of(text=text)).kind is Kind.NOTHING


@pytest.mark.parametrize(
    "mime",
    [
        lambda: mime_of(urls=["https://example.org/cat.png"]),
        lambda: mime_of(html='<img src="https://example.org/cat.png">'),
        lambda: mime_of(urls=["https://example.org/cat.png"], html='<img src="https://example.org/cat.png">'),
    ],
)
def test_an_address_on_the_web_is_named_and_not_fetched(mime):
    took = intake(mime())
    assert took.urls == ("https://example.org/cat.png",)
    assert not took.usable
    assert "needs the network" in took.message
    assert glimpse(mime()).kind is Kind.REFUSED


@pytest.mark.parametrize(
    "mime",
    [
        lambda: local("/a/logo.svg"),
        lambda: local("/a/logo.SVGZ"),
        lambda: with_data(QMimeData(), "image/svg+xml", SVG),
        lambda: mime_of(html='<img src="data:image/svg+xml;utf8,%3Csvg%3E">'),
    ],
)
def test_svg_is_refused_by_name(mime):
    took = intake(mime())
    assert not took.usable
    assert "SVG" in took.message


@pytest.mark.parametrize("data", [SVG, gzip.compress(SVG), b"\xef\xbb\xbf  <svg/>"])
def test_svg_that_calls_itself_png_is_refused(data):
    assert not intake(with_data(QMimeData(), "image/png", data)).usable


def test_pictures_beside_a_drawing_still_come():
    took = intake(local("/a/logo.svg", "/a/cat.png"))
    assert took.files == (Path("/a/cat.png"),)
    assert "logo.svg" in took.message


def test_nothing_at_all_has_its_sentence():
    took = intake(QMimeData())
    assert not took.usable
    assert took.message
    assert glimpse(QMimeData()).kind is Kind.NOTHING


def test_an_empty_picture_is_no_picture():
    assert not intake(with_data(QMimeData(), "image/png", b"")).usable


def test_a_glimpse_counts_without_reading():
    assert glimpse(local("/a/cat.png", "/a/dog.png")).count == 2
    assert glimpse(local("/a/a.nanodesk", "/a/b.nanodesk")).kind is Kind.PROJECT
    assert glimpse(with_data(QMimeData(), "image/png", PNG)).kind is Kind.PICTURES
