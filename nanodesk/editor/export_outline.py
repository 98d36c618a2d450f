"""What an exported file will be and say, in plain sentences, before it is written; quick, looks at no pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.layer import Adjustment, Group, Text, Unknown
from nanodesk.editor.exporting import ExportFormat, ExportOptions, camera_data, source_type

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.layer import Layer

_MADE = {
    None: "It says nothing of generative models: none made a visible layer.",
    "compositeWithTrainedAlgorithmicMedia": "It says that a generative model made parts of it (IPTC digital source).",
    "trainedAlgorithmicMedia": "It says that a generative model made it (IPTC digital source).",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """What there is to be carried along.

    Attributes:
        camera: make, date, settings or author of the lowest photo.
        place: where it was taken.
    """

    camera: bool
    place: bool


def carried(document: Document) -> Carried:
    """Whether the document's photos said anything that could be carried along."""
    from nanodesk.formats.metadata import exif_says

    return Carried(*exif_says(camera_data(document)))


def outline(document: Document, kind: ExportFormat, options: ExportOptions) -> tuple[str, ...]:
    """What the file will be, and what it will say besides the picture."""
    size = options.size or document.size
    shape = f"{size.width} × {size.height} pixels"
    if kind.layers:
        first = f"{_counted(document)}, {shape}."
    else:
        loses = kind.quality and not (kind.lossless and options.lossless)
        first = f"One picture, {shape}, {'with some loss of detail' if loses else 'every pixel exact'}."
    second = [] if kind.transparency else ["What is transparent becomes white."]
    losses = _losses(document, kind) if kind.layers else []
    says = [f"Colour profile: {_profile_name(document)}."]
    if kind.resolution:
        says.append(f"{document.dpi:g} dpi.")
    return (first, *second, *losses, " ".join(says), _MADE[source_type(document)])


def _profile_name(document: Document) -> str:
    from nanodesk.imaging.colour import describe

    return describe(document.profile)


def _number(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def _counted(document: Document) -> str:
    every = [layer for layer, _ in document.walk()]
    groups = sum(isinstance(layer.content, Group) for layer in every)
    words = _number(len(every) - groups, "layer")
    return words if groups == 0 else f"{words} in {_number(groups, 'group')}"


def _losses(document: Document, kind: ExportFormat) -> list[str]:
    from nanodesk.editor.carrying import BY_FORMAT

    carries = BY_FORMAT[kind.name]
    every = [layer for layer, _ in document.walk()]

    def counted(what: str, becomes: str, found: list[Layer]) -> list[str]:
        if not found:
            return []
        return [f"{_number(len(found), what)} {becomes if len(found) == 1 else becomes.replace('becomes', 'become')}."]

    adjustments = [one for one in every if isinstance(one.content, Adjustment)]
    foreign = [one for one in every if one.blend_mode not in carries.modes and one not in adjustments]
    masked = [one for one in every if one.mask is not None and one.mask.enabled and one not in adjustments]
    return [
        *counted("adjustment", "becomes a picture of what it makes of all below it", adjustments),
        *(
            [f"{_number(len(foreign), 'layer')}: a blend mode that the format lacks, so a picture with all below."]
            if foreign
            else []
        ),
        *counted("text", "becomes pixels", [one for one in every if isinstance(one.content, Text)]),
        *([] if carries.masks else counted("mask", "becomes part of its layer’s pixels", masked)),
        *counted("part", "of a newer version is left out", [one for one in every if isinstance(one.content, Unknown)]),
    ]
