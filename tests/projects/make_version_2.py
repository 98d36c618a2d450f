"""Makes `version-2.nanodesk`, a project with everything that a file of schema version 2 can hold.

It was run once, and the file is never made again: every later version must open it.
    python -m tests.projects.make_version_2
"""

import json
from functools import partial
from pathlib import Path

from nanodesk.document.edit import Role
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.identity import LayerId, RunId
from nanodesk.document.journal import JournalEntry, SentPicture
from nanodesk.document.layer import Layer, Unknown
from nanodesk.document.operations.layers import add_layer
from nanodesk.imaging.tile_codec import pack
from nanodesk.storage.batch import Batch, Reply
from nanodesk.storage.saving import save_new
from tests.projects import make_version_1

PATH = Path(__file__).with_name("version-2.nanodesk")
SCENE = LayerId("scene")
REPLIES = {0: b'{"candidates": [{"content": {"parts": [{"text": "Done."}]}}]}', 1: bytes(range(256)) * 40}


def make():
    """The story of version 1, and on its newest branch a layer of a later version that names a picture of its own."""
    story = make_version_1.make()
    grid = story.grid(300, 260, 11)
    story.named = grid
    data = json.dumps({"kind": "scene", "parts": [{"depth": 2.5, "picture": {"grid": grid.id}}], "name": "kept"})
    story.document(
        "Something later", lambda document: add_layer(document, Layer(SCENE, "Scene", Unknown("scene", data)))
    )
    return story


def journal():
    """What left and what came back: a reply with a picture, one that was no answer, one that never came."""
    run, where = RunId("run1"), ("gemini", "a model", "example.com", "a mark")
    base = SentPicture("photo", None, Size(600, 400), "image/png", 31_000, "ab" * 32)
    style = SentPicture("style.png", Role.STYLE, Size(100, 80), "image/jpeg", 2_000, "cd" * 32)
    return (
        JournalEntry(
            *(run, 0, *where, "make it warmer", (base, style)),
            sent=1.7e9,
            answered=1.7e9 + 8,
            reply_bytes=len(REPLIES[0]),
            taken=True,
            frame=Rect(0, 0, 600, 400),
            clip=Rect(0, 70, 600, 260),
        ),
        JournalEntry(
            *(run, 1, *where, "make it warmer", (base,)),
            sent=1.7e9 + 9,
            answered=1.7e9 + 10,
            reply_bytes=len(REPLIES[1]),
        ),
        JournalEntry(run, 2, *where, sent=1.7e9 + 11, several=True),
    )


if __name__ == "__main__":
    made = make()
    sent, offered = make_version_1.runs(made)
    save_new(
        PATH,
        Batch(
            lambda tile_id: pack(made.tiles[tile_id]),
            made.history.current,
            made.history.visited,
            made.records,
            sent,
            offered,
            tuple(make_version_1.previews()),
            journal(),
            [Reply(RunId("run1"), number, partial(REPLIES.get, number)) for number in REPLIES],
            grid={made.named.id: made.named}.get,
        ),
    )
