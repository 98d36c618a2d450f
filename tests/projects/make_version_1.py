"""Makes `version-1.nanodesk`, a project with everything that a file of schema version 1 can hold.

It was run once, and the file is never made again: every later version must open it.
    python -m tests.projects.make_version_1
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from nanodesk.document.blend import BlendMode
from nanodesk.document.candidate import AddLayer, Candidate, CandidateState, CropDocument, HideBase, Turn, TurnDocument
from nanodesk.document.change import Change, diff
from nanodesk.document.document import Document
from nanodesk.document.edit import Reference, Role
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.history import History, Step
from nanodesk.document.identity import CandidateId, EditId, LayerId, ReferenceId, RunId, StepId
from nanodesk.document.layer import Adjustment, AdjustmentStep, Layer, Mask, Pixels, Text, Unknown
from nanodesk.document.operations.edits import add_edit, enable_edit
from nanodesk.document.operations.layers import add_layer, move_layer, set_blend_mode, set_content, set_opacity
from nanodesk.document.operations.masks import set_mask
from nanodesk.document.operations.references import add_reference, tick_layer
from nanodesk.document.operations.tree import group_layers
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.document.run import Run, RunState, Usage
from nanodesk.document.selection import LassoSelection, MaskSelection, RectangleSelection, Selection
from nanodesk.document.state import State
from nanodesk.imaging.codec import encode_png
from nanodesk.imaging.tile_codec import pack
from nanodesk.imaging.tiling import split
from nanodesk.storage.batch import Batch, Preview, StepRecord
from nanodesk.storage.saving import save_new

PATH = Path(__file__).with_name("version-1.nanodesk")
PHOTO, BRIGHT, TITLE, TONE, LATER = (LayerId(name) for name in ("photo", "bright", "title", "tone", "later"))


class Story:
    def __init__(self):
        self.tiles = {}
        self.state = State()
        root = Step(StepId("s0"), None, "New document", 1.7e9)
        self.history = History.starting(root)
        self.records = [StepRecord(root, Change(), self.state)]
        self.states = {root.id: self.state}

    def grid(self, width, height, seed, channels=4):
        """A smooth picture with a transparent corner; a mask with a soft edge."""
        y, x = np.mgrid[0:height, 0:width]
        planes = [
            (x + seed * 40) % 256,
            (y + x // 2) % 256,
            (x // 3 + y // 2 + seed) % 256,
            255 - (x * y > 40_000) * 255,
        ]
        block = np.stack(planes, axis=-1).astype(np.uint8)
        grid, tiles = split(block if channels == 4 else np.ascontiguousarray(block[:, :, 1]))
        self.tiles.update(tiles)
        return grid

    def step(self, label, operation, provenance=None):
        after = operation(self.state)
        number = len(self.records)
        step = Step(StepId(f"s{number}"), self.history.current, label, 1.7e9 + number, provenance)
        self.records.append(StepRecord(step, diff(self.state, after), after))
        self.history = self.history.recorded(step)
        self.state = self.states[step.id] = after

    def document(self, label, operation, provenance=None):
        self.step(label, lambda state: replace(state, document=operation(state.document)), provenance)

    def go(self, step_id):
        self.history = self.history.at(step_id)
        self.state = self.states[step_id]


def make():
    story = Story()
    photo = story.grid(600, 400, 0)
    imported = Provenance(Origin.IMPORTED, 1.7e9, "photo.jpg")
    first = Document(Size(600, 400), 300.0, b"an ICC profile", {PHOTO: Layer(PHOTO, "photo", Pixels(photo))}, (PHOTO,))
    story.document("Add photo.jpg", lambda _: first, imported)
    story.step("Add edit", lambda state: add_edit(state, EditId("e1"), "make it warmer"))
    lasso = Selection(LassoSelection(((10.0, 10.0), (200.5, 20.0), (90.0, 180.0))), 4.0)
    story.step("Add edit", lambda state: add_edit(state, EditId("e2"), "blur the sky – slightly", selection=lasso))
    story.step("Switch edit off", lambda state: enable_edit(state, EditId("e2"), False))
    story.step("Use as reference", lambda state: tick_layer(state, PHOTO, Role.STYLE, ReferenceId("r1")))
    own = Reference(ReferenceId("r2"), picture=story.grid(120, 90, 3), name="pose.png", role=Role.POSE, enabled=False)
    story.step("Add reference", lambda state: add_reference(state, own))
    provenance = Provenance(
        Origin.RUN, 1.7e9, "", RunId("run1"), ("make it warmer",), ("photo",), "gemini", "a model", 8.5, 0.04, True
    )
    mask = Mask(story.grid(300, 200, 1, 1), Point(40, 30), 0, True)
    bright = Layer(
        BRIGHT, "Warmer", Pixels(story.grid(300, 200, 2)), Point(40, 30), 0.8, mask=mask, provenance=provenance
    )
    story.document("make it warmer", lambda document: add_layer(document, bright), provenance)
    tone = Adjustment((AdjustmentStep("brightness", (("amount", 0.25), ("steps", 3), ("soft", True), ("by", "luma"))),))
    story.document("Tone", lambda document: add_layer(document, Layer(TONE, "Tone", tone)))
    words = Text("Grüße, 世界", (("font", "Sans"), ("size", 32), ("colour", "#ff8800")), story.grid(200, 40, 4))
    story.document("Text", lambda document: add_layer(document, Layer(TITLE, "Title", words, Point(5, 300))))
    later = Unknown("hologram", '{"kind": "hologram", "depth": [1, 2.5, null], "name": "kept"}')
    story.document("Something later", lambda document: add_layer(document, Layer(LATER, "Later", later)))
    story.document("Group", lambda document: group_layers(document, [TONE, TITLE], LayerId("group"), "Words"))
    for number, mode in enumerate(BlendMode):
        story.document("Blend mode", lambda document, mode=mode: set_blend_mode(document, BRIGHT, mode))
        story.document("Opacity", lambda document, number=number: set_opacity(document, BRIGHT, 1 - number / 20))
    for number in range(25):
        story.document("Move", lambda document, number=number: move_layer(document, BRIGHT, Point(number, -1)))
    story.go(StepId("s8"))
    painted = story.grid(600, 400, 5)
    story.document("Brush", lambda document: set_content(document, PHOTO, Pixels(painted)))
    story.document("Mask", lambda document: set_mask(document, TONE, Mask(story.grid(600, 400, 6, 1), outside=255)))
    marked = Selection(MaskSelection(story.grid(100, 100, 7, 1), Point(20, 20)), 0.0, True)
    story.step("Select", lambda state: replace(state, selection=marked))
    box = Selection(RectangleSelection(Rect(1, 2, 30, 40)))
    story.step("Add edit", lambda state: add_edit(state, EditId("e3"), "remove the cup", selection=box))
    story.go(StepId("s70"))
    return story


def runs(story):
    edits = story.state.edit_stack.edits
    done = Run(
        *(RunId("run1"), 1, edits, "gemini", "a model", RunState.DONE, PHOTO),
        references=("photo",),
        created=1.7e9,
        started=1.7e9 + 1,
        finished=1.7e9 + 9.5,
        progress=1.0,
        edit_messages=((1, "The sky was not found."),),
        notes=("One picture was made smaller.",),
        usage=Usage(0.04, 1200, 1290),
        candidates=(CandidateId("c1"), CandidateId("c2")),
    )
    failed = Run(
        RunId("run2"), 2, edits[:1], "on-device", state=RunState.FAILED, message="The edit was not understood."
    )
    operations = (HideBase(), AddLayer("Warmer", Pixels(story.grid(300, 200, 2)), Point(40, 30)))
    turned = (CropDocument(Rect(0, 0, 300, 300)), TurnDocument(Turn.ROTATE_90))
    accepted = Candidate(CandidateId("c1"), RunId("run1"), operations, words="Done.", state=CandidateState.ACCEPTED)
    waiting = Candidate(CandidateId("c2"), RunId("run1"), turned, preview=story.grid(60, 40, 8))
    return (done, failed), (accepted, waiting)


def previews():
    for kind, width, height in (("merged", 600, 400), ("thumbnail", 96, 64)):
        grey = np.full((height, width, 4), 128, np.uint8)
        yield Preview(kind, "image/png", width, height, encode_png(grey))


if __name__ == "__main__":
    story = make()
    sent, offered = runs(story)
    save_new(
        PATH,
        Batch(
            lambda tile_id: pack(story.tiles[tile_id]),
            story.history.current,
            story.history.visited,
            story.records,
            sent,
            offered,
            tuple(previews()),
        ),
    )
