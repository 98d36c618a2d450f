"""The icons: Lucide's outlines in a colour of the theme, sharp at every scale."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from nanodesk.resources import resource_path
from nanodesk.ui import theme


@cache
def _outline(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text("utf-8")


def pixmap(name: str, role: str = "text", size: int = 18, device_pixel_ratio: float = 1.0) -> QPixmap:
    """An icon of resources/icons by its name.

    Args:
        role: a field of the theme's colours.
        size: of the edge, in device-independent pixels.
        device_pixel_ratio: of the screen that it is shown on.
    """
    colour: QColor = getattr(theme.colours(), role)
    return _drawn(name, colour.name(), size, device_pixel_ratio)


@cache
def _drawn(name: str, colour: str, size: int, device_pixel_ratio: float) -> QPixmap:
    # QtSvg paints currentColor black, and knows nothing of the palette.
    outline = _outline(name).replace("currentColor", colour).replace('stroke-width="2"', 'stroke-width="1.7"')
    edge = max(1, round(size * device_pixel_ratio))
    drawn = QPixmap(edge, edge)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(outline.encode())).render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    drawn.setDevicePixelRatio(device_pixel_ratio)
    return drawn


def icon(name: str, role: str = "text", size: int = 18) -> QIcon:
    """The same for buttons and menus, dim where they are disabled."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, role, size, ratio))
        made.addPixmap(pixmap(name, "dim", size, ratio), QIcon.Mode.Disabled)
    return made
