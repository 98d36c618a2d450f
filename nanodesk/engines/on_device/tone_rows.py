"""Rows of the operation table: light and colour, all pointwise."""

from __future__ import annotations

from nanodesk.engines.on_device.row import Kind, Range, Row, percent

_LIGHT = percent(30, 12, 60, 100)
_TONES = percent(50, 20, 80, 100)


def _row(name: str, more: str, less: str, strength: Range | None, *examples: str) -> Row:
    return Row(name, Kind.POINTWISE, more, less, strength, examples=examples)


TONE_ROWS = (
    _row(
        "brightness",
        "Brighter",
        "Darker",
        _LIGHT,
        "Make it brighter",
        "Make it slightly darker",
        "Brighten the subject",
        "Brightness +20 %",
    ),
    _row(
        "exposure",
        "More exposure",
        "Less exposure",
        Range("stops", "EV", -5, 5, 0.7, 0.3, 1.5, 3),
        "Increase the exposure",
        "Exposure +1 stop",
    ),
    _row("contrast", "More contrast", "Less contrast", _LIGHT, "More contrast", "Reduce the contrast slightly"),
    _row("shadows", "Lifted shadows", "Deeper shadows", _TONES, "Lift the shadows", "Deepen the shadows a bit"),
    _row("midtones", "Brighter midtones", "Darker midtones", _TONES, "Brighten the midtones"),
    _row("highlights", "Brighter highlights", "Softer highlights", _TONES, "Bring down the highlights"),
    _row("blacks", "Lifted blacks", "Deeper blacks", _TONES, "Crush the blacks", "Lift the blacks a bit"),
    _row("whites", "Brighter whites", "Softer whites", _TONES, "Tone down the whites"),
    _row("levels", "Levels", "", None, "Levels 10 to 240", "Gamma 1.2"),
    _row("auto-levels", "Levels found", "", None, "Auto levels"),
    _row("haze", "Haze", "Haze removed", percent(40, 18, 70, 100), "Remove the haze", "Add some haze"),
    _row("warmth", "Warmer", "Cooler", percent(35, 15, 65, 100), "Make it warmer", "Make it slightly cooler"),
    _row("tint", "Greener", "More magenta", percent(30, 12, 60, 100), "Remove the green tint", "More magenta"),
    _row("white-balance", "White balance", "", Range("kelvin", "K", 1700, 20000), "White balance 4000 K"),
    _row("auto-white-balance", "Light made neutral", "", None, "Auto white balance", "Remove the colour cast"),
    _row(
        "saturation",
        "More saturated",
        "Less saturated",
        _LIGHT,
        "More saturated",
        "Desaturate the background",
        "Make the colours pop",
    ),
    _row("vibrance", "More vibrant", "Less vibrant", percent(40, 15, 70, 100), "More vibrance"),
    _row("hue", "Hues shifted", "", Range("degrees", "°", -180, 180, 30, 12, 60, 120), "Shift the hue by 30 degrees"),
    _row(
        "black-and-white",
        "Black and white",
        "",
        percent(100, 40, 100, 100, 0),
        "Make it black and white",
        "Make the background black and white",
        "Black and white with a red filter",
    ),
    _row("sepia", "Sepia", "", percent(80, 40, 100, 100, 0), "Make it sepia"),
    _row("colourise", "Tinted", "", percent(35, 15, 65, 100, 0), "Tint it blue"),
    _row("duotone", "Duotone", "", None, "Duotone in navy and orange"),
    _row("invert", "Inverted", "", None, "Invert the colours"),
    _row("posterise", "Posterised", "", Range("levels", "", 2, 64, 6, 10, 4, 2), "Posterise to 5 levels"),
    _row("threshold", "Threshold", "", Range("percent", "%", 1, 99, 50), "Threshold at 50 %"),
    _row("look", "Look", "", percent(100, 50, 100, 100, 0), "1980s film look", "Faded look", "Teal and orange look"),
    _row("recolour", "Recoloured", "", None, "Turn the orange parts blue"),
)
