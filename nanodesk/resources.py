"""Where the shipped data lies: icons, fonts, sample pictures, models."""

from pathlib import Path

_INSTALLED = Path(__file__).with_name("_resources")
_CHECKOUT = Path(__file__).parent.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Return the path of a shipped file or folder, in a checkout as well as in an installed package.

    Args:
        *parts: The path below `resources/`, such as `"icons", "crop.svg"`. It need not exist: whoever opens it
            says what is missing.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*parts)
