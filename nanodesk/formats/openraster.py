"""OpenRaster (openraster.org, baseline 0.0.6), taken apart and put together: a ZIP of PNGs and one XML of their order.

Nothing is ever extracted to disk: members are read by their exact names, each with a limit.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree  # to write; what comes from outside is read by defusedxml

from nanodesk.document.blend import BlendMode
from nanodesk.formats.blend_names import OPENRASTER, from_openraster
from nanodesk.formats.errors import DamagedPictureError, TooLargeError
from nanodesk.formats.picture import PictureLayer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from nanodesk.formats.limits import DecodeLimits

MIMETYPE = b"image/openraster"
MERGED = "mergedimage.png"
THUMBNAIL = "Thumbnails/thumbnail.png"
_STACK = "stack.xml"
_MOST_XML = 16 << 20
_DEEPEST = 64
_WRITTEN = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the same picture gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the stack: a layer without its pixels, and the member that holds them."""

    layer: PictureLayer
    source: str = ""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Stack:
    """What `stack.xml` says.

    Attributes:
        rows: groups before what is in them, siblings bottom first.
        size: width and height in pixels.
        dpi: pixels an inch; none where it says nothing believable.
        notes: what is shown in another way than it was meant, one sentence each.
    """

    rows: list[Entry]
    size: tuple[int, int]
    dpi: float | None
    notes: list[str]


class Archive:
    """An OpenRaster file, or another ZIP with a merged picture at its root (Krita's).

    Raises:
        DamagedPictureError: when it cannot be read as a ZIP.
    """

    def __init__(self, data: bytes, limits: DecodeLimits, subject: str) -> None:
        self._limits = limits
        self._subject = subject
        self._left = limits.max_file_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise self._damaged() from error
        self._names = frozenset(self._zip.namelist())

    def _damaged(self) -> DamagedPictureError:
        return DamagedPictureError(
            f"{self._subject} is damaged and cannot be opened; get it again from where it came from."
        )

    def has(self, name: str) -> bool:
        """Whether there is a member of exactly that name."""
        return name in self._names

    def member(self, name: str, most: int | None = None) -> bytes:
        """The bytes of a member.

        Raises:
            TooLargeError: when it unpacks to more than is left of the limit for the whole file.
            DamagedPictureError: when it is not there, or broken.
        """
        allowed = min(self._left, most or self._left)
        if name not in self._names:
            raise self._damaged()
        try:
            if self._zip.getinfo(name).file_size > allowed:
                raise self._too_large()
            with self._zip.open(name) as file:
                data = file.read(allowed + 1)
        except TooLargeError:
            raise
        except Exception as error:  # a broken ZIP raises a dozen kinds, of zlib, struct and its own
            raise self._damaged() from error
        if len(data) > allowed:
            raise self._too_large()
        self._left -= len(data)
        return data

    def _too_large(self) -> TooLargeError:
        return TooLargeError(
            f"{self._subject} unpacks to more than the {self._limits.max_file_bytes // 1_000_000:,} MB that Nanodesk "
            "opens; save it smaller first."
        )

    def stack(self) -> Stack:
        """The layer stack.

        Raises:
            DamagedPictureError: when it is no sound XML.
            TooLargeError: when there are too many rows.
        """
        from defusedxml import ElementTree as Careful
        from defusedxml.common import DefusedXmlException

        try:
            root = Careful.fromstring(self.member(_STACK, _MOST_XML), forbid_dtd=True)
        except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError) as error:
            raise self._damaged() from error
        top = root.find("stack")
        if root.tag != "image" or top is None:
            raise self._damaged()
        dpi = _number(root, "xres", 0.0)
        size = (round(_number(root, "w", 0)), round(_number(root, "h", 0)))
        stack = Stack([], size, dpi if 10 <= dpi <= 100_000 else None, [])
        self._add_rows(top, None, stack)
        return stack

    def _add_rows(self, stack: Element, group: int | None, into: Stack, depth: int = 0) -> None:
        """XML has the top-most first."""
        if depth > _DEEPEST:
            raise self._damaged()
        for element in reversed(stack):
            if element.tag not in ("layer", "stack"):
                into.notes.append("A part of another kind than layer and group was left out.")
                continue
            if len(into.rows) >= self._limits.max_layers:
                raise TooLargeError(
                    f"{self._subject} has more than the {self._limits.max_layers:,} layers that Nanodesk opens."
                )
            is_group = element.tag == "stack"
            into.rows.append(Entry(_row(element, group, into.notes), element.get("src", ""), is_group))
            if is_group:
                self._add_rows(element, len(into.rows) - 1, into, depth + 1)


def clean_name(name: str, otherwise: str) -> str:
    """A layer's name from outside as one line of plain text."""
    plain = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(plain.split())[:200] or otherwise


def _number(element: Element, name: str, otherwise: float) -> float:
    try:
        value = float(element.get(name, otherwise))
    except ValueError:
        return otherwise
    return value if -1e6 < value < 1e6 else otherwise


def _row(element: Element, group: int | None, notes: list[str]) -> PictureLayer:
    is_group = element.tag == "stack"
    name = clean_name(element.get("name", ""), "Group" if is_group else "Layer")
    operation = element.get("composite-op", "")
    mode = from_openraster(operation)
    if mode is None:
        shown = clean_name(operation, "?")[:40]
        notes.append(f"“{name}” has a blend mode that Nanodesk does not have ({shown}); it is shown as Normal.")
    return PictureLayer(
        name=name,
        group=group,
        # Krita and GIMP write a place for groups too, and do not mean it.
        x=0 if is_group else round(_number(element, "x", 0)),
        y=0 if is_group else round(_number(element, "y", 0)),
        opacity=min(1.0, max(0.0, _number(element, "opacity", 1.0))),
        blend_mode=mode or BlendMode.NORMAL,
        visible=element.get("visibility", "visible") != "hidden",
        locked=element.get("edit-locked", "false") == "true",
    )


# ---------------------------------------------------------------------------------------------------------- writing


def stack_xml(layers: Sequence[PictureLayer], size: tuple[int, int], dpi: float | None) -> tuple[bytes, dict[int, str]]:
    """`stack.xml` for layers, and the name of the member for the pixels of each that has any.

    Masks and exclusion are not in the format: layers must come without.
    """
    attributes = {"version": "0.0.6", "w": str(size[0]), "h": str(size[1])}
    if dpi:
        attributes |= {"xres": str(round(dpi)), "yres": str(round(dpi))}
    image = ElementTree.Element("image", attributes)
    top = ElementTree.SubElement(image, "stack")
    stacks: dict[int | None, Element] = {None: top}
    sources: dict[int, str] = {}
    for place, layer in enumerate(layers):
        element = ElementTree.Element("stack" if layer.pixels is None else "layer", _attributes(layer))
        if layer.pixels is None:
            element.set("isolation", "isolate")
            stacks[place] = element
        else:
            sources[place] = f"data/layer{place:04}.png"
            element.set("src", sources[place])
        stacks[layer.group].insert(0, element)  # the top-most stands first
    return ElementTree.tostring(image, "utf-8", xml_declaration=True), sources


def _attributes(layer: PictureLayer) -> dict[str, str]:
    values = {
        "name": layer.name,
        "opacity": f"{layer.opacity:.6g}",
        "visibility": "visible" if layer.visible else "hidden",
        "composite-op": OPENRASTER[layer.blend_mode],
    }
    if layer.pixels is not None:
        values |= {"x": str(layer.x), "y": str(layer.y)}
    if layer.locked:
        values["edit-locked"] = "true"
    return values


def packed(xml: bytes, members: Iterable[tuple[str, bytes]]) -> memoryview:
    """The file: the type first and stored, the stack, and PNGs, which are packed already."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _WRITTEN), MIMETYPE)
        stack = zipfile.ZipInfo(_STACK, _WRITTEN)
        stack.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(stack, xml)
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, _WRITTEN), data)
    return out.getbuffer()
