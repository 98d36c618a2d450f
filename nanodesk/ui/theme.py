"""Colours and type of the window: neutral grey around the picture, one accent; dark and light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from nanodesk.resources import resource_path

Scheme = Literal["dark", "light"]
Choice = Literal["system", "dark", "light"]
FontRole = Literal["body", "secondary", "strip", "section", "strong"]


@dataclass(frozen=True, slots=True)
class Colours:
    """What each part of the window is painted in.

    Attributes:
        window, panel, raised: from the back to the front.
        line: the few lines there are.
        text, dim: words, and words of less weight.
        canvas: around the picture.
        accent, ink: the main action, what is selected, what is on; and what is written on it.
        accent_text: the accent where it is words.
        good, attention: verdicts.
    """

    window: QColor
    panel: QColor
    raised: QColor
    line: QColor
    text: QColor
    dim: QColor
    canvas: QColor
    accent: QColor
    ink: QColor
    good: QColor
    attention: QColor
    accent_text: QColor


def _colours(*names: str) -> Colours:
    return Colours(*(QColor(f"#{name}") for name in names))


DARK = _colours(
    "1B1C1E",
    "232427",
    "2C2E31",
    "38393D",
    "E8E8EA",
    "9A9CA3",
    "3A3B3E",
    "F2C230",
    "1B1C1E",
    "6FCF8F",
    "F0A35E",
    "F2C230",
)
LIGHT = _colours(
    "E9E9EB",
    "F5F5F6",
    "FFFFFF",
    "D5D6DA",
    "202124",
    "666870",
    "C6C7CA",
    "E0AC00",
    "1B1C1E",
    "1F8A4C",
    "B8621B",
    "7A5C00",
)

FAMILY = "Inter"
_SIZES = {"body": 13, "secondary": 11, "strip": 12, "section": 11, "strong": 13}
_WEIGHTS = {"section": QFont.Weight.DemiBold, "strip": QFont.Weight.Medium, "strong": QFont.Weight.DemiBold}


_chosen: Choice = "system"


def scheme() -> Scheme:
    """Which of the two is shown now: the one chosen, or the system's; dark where the system does not say."""
    if _chosen != "system":
        return _chosen
    return "light" if QApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"


def colours() -> Colours:
    """The colours of the scheme shown now."""
    return LIGHT if scheme() == "light" else DARK


def font(role: FontRole) -> QFont:
    """The type of a role; numbers are tabular."""
    chosen = QFont(QApplication.font())
    chosen.setPixelSize(_SIZES[role])
    chosen.setWeight(_WEIGHTS.get(role, QFont.Weight.Normal))
    return chosen


def choose(choice: Choice) -> None:
    """Follow the system, or be dark or light whatever it says."""
    global _chosen  # one process has one theme, and not every platform lets Qt keep it
    _chosen = choice
    hints = QApplication.styleHints()
    match choice:
        case "dark":
            hints.setColorScheme(Qt.ColorScheme.Dark)
        case "light":
            hints.setColorScheme(Qt.ColorScheme.Light)
        case "system":
            hints.unsetColorScheme()
    _paint_application()


def install(application: QApplication, choice: Choice = "system") -> None:
    """Give the application our type, palette and style, and keep them right when the system's scheme changes."""
    application.setStyle("Fusion")
    for weight in ("Regular", "Medium", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resource_path("fonts", f"Inter-{weight}.ttf")))
    base = QFont(FAMILY if FAMILY in QFontDatabase.families() else application.font().family())
    base.setPixelSize(_SIZES["body"])
    base.setFeature(QFont.Tag("tnum"), 1)
    base.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    application.setFont(base)
    application.styleHints().colorSchemeChanged.connect(_paint_application)
    choose(choice)


def _paint_application() -> None:
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.setPalette(palette(colours()))
        application.setStyleSheet(style_sheet(colours()))


def palette(one: Colours) -> QPalette:
    """Qt's palette of our colours."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, one.panel),
        (role.WindowText, one.text),
        (role.Base, one.raised),
        (role.AlternateBase, one.panel),
        (role.Text, one.text),
        (role.PlaceholderText, one.dim),
        (role.Button, one.raised),
        (role.ButtonText, one.text),
        (role.BrightText, one.attention),
        (role.ToolTipBase, one.raised),
        (role.ToolTipText, one.text),
        (role.Highlight, one.accent),
        (role.HighlightedText, one.ink),
        (role.Link, one.accent_text),
        (role.Accent, one.accent),
        (role.Mid, one.line),
        (role.Dark, one.line),
        (role.Midlight, one.raised),
        (role.Light, one.raised),
        (role.Shadow, one.window),
    ):
        made.setColor(where, colour)
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, one.dim)
    return made


def style_sheet(one: Colours) -> str:
    """The few shapes that the palette cannot say: radii, menus, tool tips, scroll bars, the focus ring."""
    return f"""
    QToolTip {{ background: {one.raised.name()}; color: {one.text.name()}; border: 1px solid {one.line.name()};
        padding: 4px 6px; }}
    QMenu {{ background: {one.raised.name()}; color: {one.text.name()}; border: 1px solid {one.line.name()};
        padding: 4px; }}
    QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {one.line.name()}; }}
    QMenu::item:disabled {{ color: {one.dim.name()}; }}
    QMenu::separator {{ height: 1px; background: {one.line.name()}; margin: 4px 8px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {one.line.name()}; border-radius: 3px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 28px; }}
    QScrollBar::handle:horizontal {{ min-width: 28px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSplitter::handle {{ background: {one.line.name()}; }}
    QPushButton {{ background: {one.raised.name()}; color: {one.text.name()}; border: 1px solid {one.line.name()};
        border-radius: 6px; padding: 5px 12px; min-height: 18px; }}
    QPushButton:hover {{ border-color: {one.dim.name()}; }}
    QPushButton:focus {{ border-color: {one.accent.name()}; }}
    QPushButton:disabled {{ color: {one.dim.name()}; }}
    QPushButton[main="true"] {{ background: {one.accent.name()}; color: {one.ink.name()};
        border-color: {one.accent.name()}; font-weight: 600; }}
    QLineEdit {{ background: {one.raised.name()}; color: {one.text.name()};
        border: 1px solid {one.line.name()}; border-radius: 6px; padding: 4px 8px; min-height: 18px;
        selection-background-color: {one.accent.name()}; selection-color: {one.ink.name()}; }}
    QLineEdit:focus {{ border-color: {one.accent.name()}; }}
    """


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.1)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())
