"""Zoom and offset of the canvas as one frozen value: where a document pixel lies on the screen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from nanodesk.document.geometry import Rect, Size

MIN_ZOOM = 0.01
MAX_ZOOM = 64.0
NOTCH = math.sqrt(2.0)
"""Factor of one wheel notch; two notches double."""

SNAPS = (0.25, 0.5, 1.0, 2.0)
"""Zooms that a step stops at rather than passing them."""

FIT_MARGIN = 0.085
"""Part of the widget's shorter side that stays free around a fitted document."""

MAX_LEVEL = 7
KEPT_IN_SIGHT = 48.0
"""Logical pixels of the document that no panning pushes out of the widget."""

_SAME = 1.001


@dataclass(frozen=True, slots=True)
class Viewport:
    """How the document lies in the widget.

    Attributes:
        width, height: of the widget, in logical pixels.
        ratio: device pixels a logical pixel.
        document: size of the document, in document pixels.
        zoom: device pixels a document pixel; 1 is 100 %.
        x, y: device pixels from the widget's corner to the document's.
        fitted: whether it follows the widget's size; ended by any zoom or pan.
    """

    width: float = 0.0
    height: float = 0.0
    ratio: float = 1.0
    document: Size = Size(0, 0)
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True

    @property
    def level(self) -> int:
        """The mip level to show: the coarsest that is not coarser than the screen."""
        if self.zoom >= 1.0:
            return 0
        return min(MAX_LEVEL, math.floor(math.log2(1.0 / self.zoom) + 1e-9))

    @property
    def smooth(self) -> bool:
        """Whether pixels are interpolated; from 200 % on each is shown as a square."""
        return self.zoom < 2.0 and abs(self.zoom - 1.0) > 1e-6

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the widget, in logical pixels."""
        return self.width / 2.0, self.height / 2.0

    def to_document(self, x: float, y: float) -> tuple[float, float]:
        """A place in the widget (logical pixels) as a place in the document."""
        left, top = self.origin
        return (x * self.ratio - left) / self.zoom, (y * self.ratio - top) / self.zoom

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """A place in the document as a place in the widget, in logical pixels."""
        left, top = self.origin
        return (x * self.zoom + left) / self.ratio, (y * self.zoom + top) / self.ratio

    @property
    def origin(self) -> tuple[int, int]:
        """The document's corner in whole device pixels, so that 100 % shows pixel for pixel."""
        return round(self.x), round(self.y)

    def device_rect(self, rect: Rect) -> Rect:
        """A rectangle of the document in whole device pixels; neighbours meet without a seam."""
        left, top = self.origin
        x, y = left + round(rect.x * self.zoom), top + round(rect.y * self.zoom)
        right, bottom = left + round(rect.right * self.zoom), top + round(rect.bottom * self.zoom)
        return Rect(x, y, right - x, bottom - y)

    def visible(self) -> Rect:
        """The document pixels that the widget shows, in part or whole."""
        left, top = self.to_document(0.0, 0.0)
        right, bottom = self.to_document(self.width, self.height)
        x, y = math.floor(left), math.floor(top)
        shown = Rect(x, y, math.ceil(right) - x, math.ceil(bottom) - y)
        return shown.intersected(Rect(0, 0, self.document.width, self.document.height))

    def resized(self, width: float, height: float, ratio: float) -> Viewport:
        """In a widget of another size or on another screen: the middle stays in the middle."""
        if (width, height, ratio) == (self.width, self.height, self.ratio):
            return self
        x, y = self.to_document(*self.centre)
        changed = replace(self, width=width, height=height, ratio=ratio)
        return changed.fit() if self.fitted else changed._with_at(x, y, width / 2.0, height / 2.0)._kept()

    def showing(self, document: Size) -> Viewport:
        """With a document of another size."""
        if document == self.document:
            return self
        first = self.document.empty
        changed = replace(self, document=document)
        return changed.fit() if self.fitted or first else changed._kept()

    def over(self, document: Size) -> Viewport:
        """The same zoom and place with a document of another size, as for comparing with a cropped one."""
        return replace(self, document=document)

    def fit(self) -> Viewport:
        """The whole document in sight, at 100 % at most, and kept so when the widget's size changes."""
        zoom = self.fit_zoom()
        x = (self.width * self.ratio - self.document.width * zoom) / 2.0
        y = (self.height * self.ratio - self.document.height * zoom) / 2.0
        return replace(self, zoom=zoom, x=x, y=y, fitted=True)

    def fit_zoom(self) -> float:
        """The zoom at which the whole document is in sight."""
        if self.document.empty or self.width <= 0 or self.height <= 0:
            return 1.0
        margin = 2.0 * max(16.0, FIT_MARGIN * min(self.width, self.height))
        across = max(1.0, self.width - margin) * self.ratio / self.document.width
        down = max(1.0, self.height - margin) * self.ratio / self.document.height
        return min(1.0, MAX_ZOOM, max(MIN_ZOOM, min(across, down)))

    def zoomed(self, zoom: float, x: float, y: float) -> Viewport:
        """At another zoom, the document's place under the widget's place (x, y) staying there."""
        place = self.to_document(x, y)
        limited = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        return replace(self, zoom=limited, fitted=False)._with_at(*place, x, y)._kept()

    def stepped(self, notches: int, x: float, y: float) -> Viewport:
        """Some notches nearer (or, negative, farther), about a place in the widget."""
        zoom = self.zoom
        for _ in range(abs(notches)):
            zoom = next_zoom(zoom, nearer=notches > 0)
        return self.zoomed(zoom, x, y)

    def panned(self, x: float, y: float) -> Viewport:
        """Moved by logical pixels."""
        return replace(self, x=self.x + x * self.ratio, y=self.y + y * self.ratio, fitted=False)._kept()

    def _with_at(self, document_x: float, document_y: float, x: float, y: float) -> Viewport:
        return replace(self, x=x * self.ratio - document_x * self.zoom, y=y * self.ratio - document_y * self.zoom)

    def _kept(self) -> Viewport:
        """With some of the document in sight, wherever it was pushed."""
        across, down = self.document.width * self.zoom, self.document.height * self.zoom
        kept_x = min(KEPT_IN_SIGHT * self.ratio, across, self.width * self.ratio)
        kept_y = min(KEPT_IN_SIGHT * self.ratio, down, self.height * self.ratio)
        x = min(self.width * self.ratio - kept_x, max(kept_x - across, self.x))
        y = min(self.height * self.ratio - kept_y, max(kept_y - down, self.y))
        return replace(self, x=x, y=y)


def next_zoom(zoom: float, *, nearer: bool) -> float:
    """The zoom one notch on, stopping at a snap that would be passed."""
    target = zoom * NOTCH if nearer else zoom / NOTCH
    low, high = (zoom * _SAME, target * _SAME) if nearer else (target / _SAME, zoom / _SAME)
    passed = [snap for snap in SNAPS if low < snap < high]
    if passed:
        return min(passed) if nearer else max(passed)
    return min(MAX_ZOOM, max(MIN_ZOOM, target))
