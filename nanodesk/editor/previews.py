"""The small pictures that lie in a project file, to be shown before anything else is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.geometry import Size
from nanodesk.storage.batch import Preview

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.editor.pixel_store import PixelStore

MERGED = Size(2048, 2048)
THUMBNAIL = Size(256, 256)


def previews(document: Document, pixels: PixelStore) -> tuple[Preview, ...]:
    """The merged preview and the thumbnail, in sRGB; none of an empty document. Slow, for a thread."""
    from nanodesk.imaging.codec import encode_jpeg, encode_png, is_opaque
    from nanodesk.imaging.colour import to_srgb
    from nanodesk.imaging.resample import resize
    from nanodesk.imaging.thumbnail import document_thumbnail, fitted

    if document.size.empty:
        return ()
    merged = to_srgb(document_thumbnail(document, pixels.tile, MERGED), document.profile)
    small = resize(merged, fitted(document.size, THUMBNAIL))
    mime = "image/jpeg" if is_opaque(merged) else "image/png"
    data = encode_jpeg(merged, 85) if mime == "image/jpeg" else encode_png(merged)
    return (
        Preview("merged", mime, merged.shape[1], merged.shape[0], data),
        Preview("thumbnail", "image/png", small.shape[1], small.shape[0], encode_png(small)),
    )
