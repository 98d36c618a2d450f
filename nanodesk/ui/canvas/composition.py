"""Puts a frame together: which picture is painted where, and what lies over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBitmap, QBrush, QColor, QImage, QPainter, QPainterPath, QRegion, QTransform

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.selection import MaskSelection, Selection
from nanodesk.ui import tasks
from nanodesk.ui.canvas.compare import CompareMode, line_at
from nanodesk.ui.canvas.hit_testing import shown_part
from nanodesk.ui.canvas.mask_overlay import MaskOverlay
from nanodesk.ui.canvas.overlays import (
    BADGE_INSET,
    paint_badge,
    paint_divider,
    paint_focus,
    paint_outline,
    selection_path,
)
from nanodesk.ui.canvas.painting import checkerboard, in_device_pixels, paint_parts, paint_picture, paint_surround
from nanodesk.ui.canvas.tools.mask_brush import MaskBrushTool
from nanodesk.ui.qt_images import image_of

if TYPE_CHECKING:
    import asyncio

    from nanodesk.ui.canvas.picture import Picture
    from nanodesk.ui.canvas.stage import CanvasStage
    from nanodesk.ui.canvas.tools.tool import Tool
    from nanodesk.ui.canvas.viewport import Viewport

MASK_OUTLINE = Size(1024, 1024)
"""A selection by mask is outlined from a copy of at most this size."""


class Composition:
    """Paints what the stage shows."""

    def __init__(self, stage: CanvasStage) -> None:
        self._stage = stage
        self._outline: QPainterPath | None = None
        self._outlined: object = None
        self._outlining: asyncio.Task[None] | None = None
        self._hidden = MaskOverlay(stage)

    def paint(self, painter: QPainter, exposed: QRect, canvas: QColor) -> None:
        """The surround and the document within what was exposed, in logical pixels of the widget."""
        stage = self._stage
        painter.save()
        in_device_pixels(painter, stage.viewport.ratio)
        held = stage.compare.mode is CompareMode.HELD and stage.before is not None
        alone = stage.before if held else stage.preview
        frame = stage.viewport if alone is None else stage.viewport.over(alone.document_size)
        paint_surround(painter, frame, canvas)
        if not stage.viewport.document.empty or stage.preview is not None:
            board = checkerboard(canvas, stage.viewport.ratio)
            self._paint_document(painter, exposed, board)
        painter.restore()

    def _paint_document(self, painter: QPainter, exposed: QRect, board: QBrush) -> None:
        stage = self._stage
        if stage.before is None or stage.compare.mode is CompareMode.OFF:
            self._paint_after(painter, exposed, board)
            return
        if stage.before.document_size == stage.live.document_size and not stage.before.complete:
            self._paint_after(painter, exposed, board)
        if stage.compare.mode is CompareMode.HELD:
            self._paint_other(painter, stage.before, exposed, board)
            return
        line = round(line_at(stage.compare.position, shown_part(stage.viewport)))
        device = self._device(exposed)
        painter.save()
        painter.setClipRect(QRect(device.x, device.y, line - device.x, device.height), Qt.ClipOperation.IntersectClip)
        self._paint_other(painter, stage.before, exposed, board)
        painter.restore()
        painter.save()
        painter.setClipRect(QRect(line, device.y, device.right - line, device.height), Qt.ClipOperation.IntersectClip)
        self._paint_after(painter, exposed, board)
        painter.restore()

    def _paint_after(self, painter: QPainter, exposed: QRect, board: QBrush) -> None:
        stage = self._stage
        dragging, viewport = stage.dragging, stage.viewport
        if stage.preview is None or stage.preview.document_size == stage.live.document_size:
            covers = dragging is not None and dragging.parts is not None
            if not (covers and dragging and dragging.parts and dragging.parts.visible.contains(viewport.visible())):
                paint_picture(painter, viewport, stage.live, self._part(exposed, viewport), board)
        if stage.preview is not None:
            self._paint_other(painter, stage.preview, exposed, board)
        elif dragging is not None and dragging.exact is not None:
            paint_picture(painter, viewport, dragging.exact, self._part(exposed, viewport), board)
        elif dragging is not None and dragging.parts is not None:
            place = (dragging.by.x, dragging.by.y, dragging.opacity)
            paint_parts(painter, viewport, dragging.parts, place, board)

    def _paint_other(self, painter: QPainter, picture: Picture, exposed: QRect, board: QBrush) -> None:
        viewport = self._stage.viewport.over(picture.document_size)
        paint_picture(painter, viewport, picture, self._part(exposed, viewport), board)

    def _device(self, exposed: QRect) -> Rect:
        ratio = self._stage.viewport.ratio
        left, top = int(exposed.left() * ratio) - 1, int(exposed.top() * ratio) - 1
        width, height = int(exposed.width() * ratio) + 3, int(exposed.height() * ratio) + 3
        return Rect(left, top, width, height)

    def _part(self, exposed: QRect, viewport: Viewport) -> Rect:
        """The document pixels under what was exposed, and one more to each side."""
        left, top = viewport.to_document(exposed.left(), exposed.top())
        right, bottom = viewport.to_document(exposed.left() + exposed.width(), exposed.top() + exposed.height())
        x, y = int(left // 1) - 1, int(top // 1) - 1
        return Rect(x, y, int(right // 1) + 2 - x, int(bottom // 1) + 2 - y).intersected(viewport.visible())

    def paint_over(self, painter: QPainter, tool: Tool, selection: Selection | None) -> None:
        """Selection, what the tool draws, the line and the badges of a comparison; in logical pixels."""
        stage = self._stage
        viewport = stage.viewport
        if viewport.document.empty:
            return
        if selection is not None and not tool.busy:
            paint_outline(painter, selection_path(viewport, selection, self._outline))
        if isinstance(tool, MaskBrushTool) and tool.overlay:
            self._hidden.paint(painter)
        tool.paint(painter)
        if stage.before is None or stage.compare.mode is CompareMode.OFF:
            return
        device, ratio = shown_part(viewport), viewport.ratio
        shown = QRectF(device.x / ratio, device.y / ratio, device.width / ratio, device.height / ratio)
        corner = shown.topLeft() + QPointF(BADGE_INSET, BADGE_INSET)
        if stage.compare.mode is CompareMode.HELD:
            paint_badge(painter, stage.compare.before_label, corner)
            return
        line = line_at(stage.compare.position, device) / ratio
        paint_divider(painter, line, shown)
        self._paint_labels(painter, shown, line)

    def _paint_labels(self, painter: QPainter, shown: QRectF, line: float) -> None:
        """Each label stays on its own side of the line, and goes where there is no room for it."""
        compare = self._stage.compare
        corner = QPointF(BADGE_INSET, BADGE_INSET)
        painter.save()
        painter.setClipRect(QRectF(shown.left(), shown.top(), line - shown.left() - 1.0, shown.height()))
        paint_badge(painter, compare.before_label, shown.topLeft() + corner)
        painter.setClipRect(QRectF(line + 1.0, shown.top(), shown.right() - line - 1.0, shown.height()))
        paint_badge(painter, compare.after_label, shown.topRight() + QPointF(-corner.x(), corner.y()), right=True)
        painter.restore()

    def paint_focus(self, painter: QPainter, zone: QRectF) -> None:
        """The ring that shows that the keyboard acts here."""
        paint_focus(painter, zone)

    def selection_changed(self, selection: Selection | None) -> None:
        """Have the outline of a selection by mask made, if it is one."""
        shape = None if selection is None else selection.shape
        self._outlined = shape
        self._outline = None
        if isinstance(shape, MaskSelection):
            self._outlining = tasks.spawn(self._outline_mask(shape))

    def close(self) -> None:
        """Make nothing more."""
        self._hidden.close()
        if self._outlining is not None:
            self._outlining.cancel()

    async def _outline_mask(self, shape: MaskSelection) -> None:
        mask = await self._stage.mask_picture(shape, MASK_OUTLINE)
        if self._outlined is not shape or mask.size == 0:
            return
        outline = mask_outline(image_of(mask))
        size = shape.grid.size
        scale = QTransform.fromTranslate(shape.offset.x, shape.offset.y)
        scale.scale(size.width / mask.shape[1], size.height / mask.shape[0])
        self._outline = scale.map(outline)
        self._stage.refresh()


def mask_outline(mask: QImage) -> QPainterPath:
    """The line around all that is at least half selected, in the mask's own pixels."""
    # In a one-bit picture of Qt's a set bit is what is dark.
    inverted = mask.convertToFormat(QImage.Format.Format_Grayscale8)
    inverted.invertPixels()
    bits = inverted.convertToFormat(QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither)
    region = QRegion(QBitmap.fromImage(bits))
    path = QPainterPath()
    path.addRegion(region)
    return path.simplified()
