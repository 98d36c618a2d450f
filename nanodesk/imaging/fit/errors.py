"""What can end a fit before it has a result."""

from __future__ import annotations


class FitCancelledError(Exception):
    """Whoever asked for the fit no longer wants it."""
