"""What every tool of the canvas is, and what the canvas offers to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from nanodesk.document.geometry import Point
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.masking import Masking
    from nanodesk.editor.notice import NoticeKind
    from nanodesk.ui.canvas.dragging import Dragging
    from nanodesk.ui.canvas.viewport import Viewport


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse is, in logical pixels of the widget, with the keys held and the pressure of a pen (0 to 1)."""

    x: float
    y: float
    shift: bool = False
    control: bool = False
    pressure: float = 1.0


class Stage(Protocol):
    """The canvas as its tools see it."""

    @property
    def viewport(self) -> Viewport:
        """How the document lies in the widget."""
        ...

    @property
    def editor(self) -> Editor:
        """The one way to change the document."""
        ...

    @property
    def masking(self) -> Masking:
        """What works on masks."""
        ...

    @property
    def active_layer(self) -> LayerId | None:
        """The layer that tools act on."""
        ...

    def pick_layer(self, at: Point) -> None:
        """Make the top-most layer that shows at a document pixel the active one, as soon as it is known."""
        ...

    def pan(self, x: float, y: float) -> None:
        """Move the document by logical pixels."""
        ...

    def start_dragging(self, layer_id: LayerId) -> Dragging:
        """Show a layer apart from the others, so that it can be moved quickly."""
        ...

    def stop_dragging(self, *, kept: bool) -> None:
        """Go back to the document; `kept` tells that it was changed to what is shown."""
        ...

    def colour_under(self, x: float, y: float) -> tuple[int, int, int, int] | None:
        """Red, green, blue and alpha at a place of the widget."""
        ...

    def took_colour(self, colour: tuple[int, int, int, int]) -> None:
        """A colour was chosen."""
        ...

    def tell(self, message: str, kind: NoticeKind) -> None:
        """Show one plain sentence."""
        ...

    def refresh(self) -> None:
        """Paint again what the tool draws."""
        ...


class Tool:
    """A tool that does nothing; each of the others overrides what it needs.

    Attributes:
        name: stable, as actions and the tool rail know it.
    """

    name = ""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @property
    def busy(self) -> bool:
        """Whether something was begun that Esc would take back."""
        return False

    def cursor(self) -> QCursor:
        """The cursor over the canvas."""
        return QCursor(Qt.CursorShape.ArrowCursor)

    def press(self, pointer: Pointer) -> None:
        """The left button went down."""

    def drag(self, pointer: Pointer) -> None:
        """The mouse moved with the button down."""

    def release(self, pointer: Pointer) -> None:
        """The button came up."""

    def hover(self, pointer: Pointer | None) -> None:
        """The mouse moved with no button down; none when it has left."""

    def nudge(self, x: int, y: int) -> bool:
        """An arrow key, in document pixels; whether it meant something to this tool."""
        return False

    def cancel(self) -> None:
        """Take back what was begun."""

    def paint(self, painter: QPainter) -> None:
        """Draw over the document, in logical pixels of the widget."""
