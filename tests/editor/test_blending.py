import cv2
import numpy as np
import pytest

from nanodesk.document.geometry import Point
from nanodesk.document.layer import Mask
from nanodesk.document.operations.layers import move_layer, set_locked
from nanodesk.document.operations.masks import set_mask
from nanodesk.editor.blending import BlendReport
from nanodesk.imaging.painter import flatten
from tests.editor.scripted import with_picture
from tests.editor.test_fitting import Bench, answering, coffee

HERE = Point(180, 260)


async def pasted(bench, change):
    """A piece of the photo itself, changed, laid over where it came from."""
    piece = coffee()[HERE.y : HERE.y + 90, HERE.x : HERE.x + 120].copy()
    piece[:, :, :3] = np.clip(change(piece[:, :, :3].astype(np.float32)), 0, 255).astype(np.uint8)
    layer = with_picture(bench.editor, bench.pixels, piece, "piece.png")
    bench.editor.apply_document("Move", lambda document: move_layer(document, layer, HERE))
    disc = np.zeros((90, 120), np.uint8)
    cv2.ellipse(disc, (60, 45), (52, 38), 0, 0, 360, (255.0,), -1, cv2.LINE_AA)
    mask = Mask(bench.pixels.add(np.asarray(cv2.GaussianBlur(disc, (0, 0), 6), np.uint8)), HERE)
    bench.editor.apply_document("Mask", lambda document: set_mask(document, layer, mask))
    return layer


async def test_a_part_that_is_too_bright_is_named_and_mended():
    async with Bench(answering()) as bench:
        layer = await pasted(bench, lambda part: part * 1.3 + 70)
        report = await bench.blending.check(layer)
        assert report.trait == "lightness"
        assert "too bright" in report.sentence
        assert report.request.startswith("Darken")
        assert report.blind
        before = flatten(bench.editor.document, bench.pixels.tile)
        await bench.blending.mend(layer, report)
        after = flatten(bench.editor.document, bench.pixels.tile)
        assert after[300, 240, :3].mean() < before[300, 240, :3].mean() - 10
        assert np.array_equal(after[:250], before[:250])
        assert bench.editor.undo_label == "Mend the lightness"


async def test_what_cannot_be_mended_is_said():
    async with Bench(answering()) as bench:
        bench.editor.apply_document("Unlock", lambda document: set_locked(document, bench.photo, False))
        report = await bench.blending.check(bench.photo)
        assert not report.trait
        layer = await pasted(bench, lambda part: part)
        bench.editor.apply_document("Lock", lambda document: set_locked(document, layer, True))
        with pytest.raises(Exception, match="locked"):
            await bench.blending.mend(layer, BlendReport("x", "lightness"))
