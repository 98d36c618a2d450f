"""The whole window, as for its own tests."""

from tests.ui.window.conftest import window

__all__ = ["window"]
