"""The canvas: the widget that shows the document, and the gestures on it."""
