"""An engine that does what a test tells it, and pictures to feed it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

import numpy as np

from nanodesk.document.document import Document
from nanodesk.document.geometry import Size
from nanodesk.document.identity import EditId, LayerId, new_id
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.canvas import set_document_frame
from nanodesk.document.operations.edits import add_edit
from nanodesk.document.operations.layers import add_layer
from nanodesk.document.state import State
from nanodesk.editor.editor import Editor
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.engines.base import EditRequest, Event, KeptReply, Outline, Plan, PlannedEdit
from nanodesk.engines.info import EngineInfo

Script = Callable[[EditRequest], AsyncIterator[Event]]


class ScriptedEngine:
    """Understands every sentence without the word “dragon”, and runs the script it was given."""

    def __init__(self, script: Script, *, engine_id: str = "on-device", generative: bool = False) -> None:
        self.info = EngineInfo(engine_id, "Scripted", True, generative, generative)
        self.requests: list[EditRequest] = []
        self.closed = 0
        self._script = script

    def outgoing(self, request: EditRequest) -> None:
        del request

    async def recover(self, kept: KeptReply) -> tuple[Event, ...]:
        del kept
        return ()

    def plan(self, instructions: Sequence[str], outline: Outline | None = None) -> Plan:
        del outline
        return Plan(self.info.id, tuple(self._planned(one) for one in instructions))

    @staticmethod
    def _planned(sentence: str) -> PlannedEdit:
        if "dragon" in sentence:
            return PlannedEdit(sentence, False, reason="A dragon cannot be added here.", nearest=("make it warmer",))
        return PlannedEdit(sentence, True, summary=sentence.capitalize())

    async def run(self, request: EditRequest) -> AsyncIterator[Event]:
        self.requests.append(request)
        try:
            async for event in self._script(request):
                yield event
        finally:
            self.closed += 1
            await asyncio.sleep(0)


def picture(width: int = 300, height: int = 270, value: int = 90) -> np.ndarray:
    """An opaque BGRA gradient."""
    block = np.empty((height, width, 4), np.uint8)
    block[..., 0] = value
    block[..., 1] = np.linspace(0, 200, width, dtype=np.uint8)
    block[..., 2] = np.linspace(20, 220, height, dtype=np.uint8)[:, None]
    block[..., 3] = 255
    return block


def with_picture(editor: Editor, pixels: PixelStore, block: np.ndarray, name: str = "photo.jpg") -> LayerId:
    """Make the document of one picture."""
    layer = Layer(LayerId(new_id()), name, Pixels(pixels.add(block)))

    def operation(document: Document) -> Document:
        if document.size.empty:
            document = set_document_frame(document, Size(block.shape[1], block.shape[0]), 72.0, None)
        return add_layer(document, layer)

    editor.apply_document(f"Add {name}", operation)
    return layer.id


def with_edits(editor: Editor, *sentences: str) -> None:
    """Put sentences into the stack."""
    for sentence in sentences:
        editor.apply("Add edit", partial(_with_edit, sentence=sentence))


def _with_edit(state: State, sentence: str) -> State:
    return add_edit(state, EditId(new_id()), sentence)
