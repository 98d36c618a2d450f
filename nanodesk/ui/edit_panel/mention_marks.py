"""Shows what a field's sentence names with @ in the accent colour, while it is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.nameable import Nameable

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument


class MentionMarks(QSyntaxHighlighter):
    """Follows the text by itself, and the names when it is told."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._nameable = Nameable()

    def show_names(self, nameable: Nameable) -> None:
        """Mark these names from now on."""
        if nameable.names != self._nameable.names:
            self._nameable = nameable
            self.rehighlight()

    def recolour(self) -> None:
        """Mark them in the colours of the theme as it is now."""
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        look = QTextCharFormat()
        look.setForeground(theme.colours().accent_text)
        for start, length in self._nameable.marks(text):
            self.setFormat(start, length, look)
