"""Cards that lie over the canvas."""
