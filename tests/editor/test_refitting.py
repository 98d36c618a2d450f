"""What a fitted layer shows stays true through undo, copies, mending, scaling and cropping."""

import asyncio

import numpy as np
import pytest

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.operations.canvas import crop_document
from nanodesk.document.operations.layers import duplicate_layer, move_layer, set_blend_mode
from nanodesk.document.run import RunOptions
from nanodesk.editor.blending import BlendReport
from nanodesk.editor.errors import EditorError
from nanodesk.editor.masking import Brush, Masking
from nanodesk.editor.transforming import resized
from tests.editor.test_fitting import BLUE, FAR, GREEN, Bench, answering, equal_fits_are_made_once

__all__ = ["equal_fits_are_made_once"]
BOTH = ((GREEN, (60, 200, 60)), (BLUE, (220, 40, 40)))


async def two_parts(bench):
    """A fitted layer, and the numbers of its green and its blue part."""
    layer = await bench.layer("two balls")
    islands = bench.refitting.fit_of(layer).islands
    numbers = [next(one.number for one in islands if not one.box.intersected(rect).empty) for rect in (GREEN, BLUE)]
    return layer, *numbers


def centre(rect):
    return Rect(rect.x + rect.width // 2 - 5, rect.y + rect.height // 2 - 5, 10, 10)


async def test_undo_takes_the_list_of_parts_along():
    async with Bench(answering(*BOTH)) as bench:
        layer, green, blue = await two_parts(bench)
        everything = set(bench.refitting.kept(layer))
        await bench.refitting.keep_in_layer(layer, everything - {green})
        assert bench.same(centre(GREEN))
        bench.editor.undo()
        assert set(bench.refitting.kept(layer)) == everything
        assert not bench.same(centre(GREEN))
        await bench.refitting.keep_in_layer(layer, everything - {green, blue})
        assert bench.editor.undo_label == "Drop 2 parts"
        await bench.refitting.keep_in_layer(layer, {blue})
        await bench.refitting.keep_in_layer(layer, {green})
        assert bench.editor.undo_label == "Keep other parts"
        assert bench.same(centre(BLUE))


async def test_a_copy_keeps_parts_of_its_own():
    async with Bench(answering(*BOTH)) as bench:
        layer, green, blue = await two_parts(bench)
        bench.editor.apply_document("Duplicate", lambda document: duplicate_layer(document, layer))
        copy = bench.editor.document.root[-1]
        await bench.refitting.keep_in_layer(layer, {green})
        assert {green, blue} <= set(bench.refitting.kept(copy))
        assert bench.refitting.kept(layer) == (green,)


async def test_two_parts_dropped_in_a_hurry_are_both_dropped():
    async with Bench(answering(*BOTH)) as bench:
        layer, green, blue = await two_parts(bench)
        rest = set(bench.refitting.kept(layer)) - {green}
        await asyncio.gather(
            bench.refitting.keep_in_layer(layer, rest), bench.refitting.keep_in_layer(layer, rest - {blue})
        )
        assert bench.same(centre(GREEN))
        assert bench.same(centre(BLUE))
        assert not {green, blue} & set(bench.refitting.kept(layer))


async def test_dropping_a_part_of_the_models_own_picture_goes_back_to_what_changed():
    async with Bench(answering(*BOTH)) as bench:
        layer, green, blue = await two_parts(bench)
        await bench.refitting.own_picture(layer, on=True)
        with pytest.raises(EditorError, match="own picture"):
            await bench.refitting.unbake(layer)
        await bench.refitting.keep_in_layer(layer, {blue})
        assert not bench.refitting.shows_own_picture(layer)
        assert bench.same(FAR)
        assert bench.same(centre(GREEN))
        assert not bench.same(centre(BLUE))
        bench.editor.undo()
        assert bench.refitting.shows_own_picture(layer)
        assert green in bench.refitting.kept(layer)


async def test_a_mended_part_is_not_taken_for_the_models_own_picture():
    async with Bench(answering(*BOTH)) as bench:
        layer, *_ = await two_parts(bench)
        await bench.blending.mend(layer, BlendReport("too bright", "lightness", 80.0, 60.0))
        assert not bench.refitting.shows_own_picture(layer)
        assert bench.refitting.kept(layer)


async def test_after_a_refit_is_undone_the_layer_says_so_and_is_refitted():
    async with Bench(answering(*BOTH)) as bench:
        layer, green, _ = await two_parts(bench)
        bench.editor.apply_document("Move", lambda document: move_layer(document, bench.photo, Point(6, 4)))
        await bench.refitting.refit(layer)
        assert not bench.refitting.stale(layer)
        bench.editor.undo()
        bench.editor.undo()
        assert bench.refitting.fit_of(layer) is None
        assert bench.refitting.kept(layer) == ()
        assert bench.refitting.stale(layer)
        with pytest.raises(EditorError, match="earlier fit"):
            await bench.refitting.keep_in_layer(layer, {green})
        await bench.refitting.refit(layer)
        assert not bench.refitting.stale(layer)
        assert bench.refitting.kept(layer)


@pytest.mark.parametrize("crop", [False, True])
async def test_a_scaled_or_cropped_document_is_refitted(crop):
    async with Bench(answering(*BOTH)) as bench:
        layer, green, _ = await two_parts(bench)
        if crop:
            bench.editor.apply_document("Crop", lambda document: crop_document(document, Rect(30, 40, 540, 340)))
            middle = (GREEN.x + 45 - 30, GREEN.y + 45 - 40)
        else:
            bench.editor.apply_document("Resize", lambda document: resized(document, Size(450, 300), bench.pixels))
            middle = (round((GREEN.x + 45) * 0.75), round((GREEN.y + 45) * 0.75))
            with pytest.raises(EditorError, match="scaled or turned"):
                await bench.refitting.keep_in_layer(layer, {green})
        assert bench.refitting.stale(layer)
        await bench.refitting.refit(layer)
        assert not bench.refitting.stale(layer)
        pixel = bench.seen()[middle[1], middle[0]]
        assert abs(int(pixel[1]) - 200) < 30
        assert bench.refitting.fit_of(layer).outcome.value == "edit"
        assert bench.editor.undo_label == "Refit"


async def test_one_edit_with_several_parts_is_taken_apart_by_part_and_loses_nothing_painted():
    async with Bench(answering(*BOTH)) as bench:
        layer, *_ = await two_parts(bench)
        bench.editor.apply_document("Blend", lambda document: set_blend_mode(document, layer, BlendMode.MULTIPLY))
        rect = bench.editor.document.layers[layer].rect
        masking = Masking(bench.editor, bench.pixels, bench.work)
        spot = (rect.x + rect.width // 2, rect.y + rect.height // 2)
        await masking.stroke(layer, [spot], [1.0], Brush(30.0, 1.0))
        before = bench.seen()
        assert not bench.same(Rect(round(spot[0]) - 4, round(spot[1]) - 4, 8, 8))
        await bench.refitting.unbake(layer)
        document = bench.editor.document
        group = document.layers[layer]
        assert [document.layers[one].name for one in group.children][-1].startswith("Part ")
        assert {document.layers[one].blend_mode for one in group.children} == {BlendMode.NORMAL}
        assert np.abs(bench.seen().astype(int) - before.astype(int)).max() <= 1


async def test_an_answer_is_not_older_for_what_lies_over_where_it_would_go():
    async with Bench(answering(*BOTH)) as bench:
        first = await bench.candidate("two balls")
        run = await bench.queue.finished(bench.queue.submit("gemini", RunOptions()))
        second = bench.queue.candidates[run.candidates[0]]
        await bench.queue.accept_when_ready(first.id)
        assert not bench.refitting.candidate_stale(second.id)
        bench.editor.apply_document("Move", lambda document: move_layer(document, bench.photo, Point(6, 4)))
        assert bench.refitting.candidate_stale(second.id)
        await bench.refitting.refit_candidate(second.id)
        assert not bench.refitting.candidate_stale(second.id)
        await bench.queue.accept_when_ready(second.id)
        layers = bench.editor.document.root
        assert [bench.editor.document.layers[one].provenance is None for one in layers] == [True, False, False]
        assert not bench.refitting.stale(layers[1])
