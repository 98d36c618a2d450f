import numpy as np
import pytest

from nanodesk.document.geometry import Point
from nanodesk.document.layer import Mask
from nanodesk.document.operations.layers import set_locked
from nanodesk.document.operations.masks import set_mask
from nanodesk.editor.editor import Editor
from nanodesk.editor.errors import EditorError
from nanodesk.editor.masking import Brush, Masking
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.work import Work
from tests.editor.scripted import picture, with_picture


class Bench:
    def __init__(self, width=700, height=600):
        self.work, self.editor, self.pixels = Work(), Editor(), PixelStore()
        self.masking = Masking(self.editor, self.pixels, self.work)
        self.layer = with_picture(self.editor, self.pixels, picture(width, height))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.work.close()

    def mask(self):
        return self.editor.document.layer(self.layer).mask

    def shown(self, x, y):
        """What the mask says of a document pixel."""
        mask = self.mask()
        inner = (y - mask.offset.y, x - mask.offset.x)
        block = self.pixels.block(mask.grid)
        inside = 0 <= inner[0] < block.shape[0] and 0 <= inner[1] < block.shape[1]
        return int(block[inner]) if inside else mask.outside

    def limit(self, value, x, y, width, height, outside=0):
        block = np.full((height, width), value, np.uint8)
        mask = Mask(self.pixels.add(block), Point(x, y), outside)
        self.editor.apply_document("Mask", lambda document: set_mask(document, self.layer, mask))


HARD = Brush(40, 1.0, 1.0)
ERASER = Brush(40, 1.0, 1.0, erase=True)


async def test_erasing_makes_a_mask_and_hides_what_was_painted_over_as_one_step():
    async with Bench() as bench:
        steps = len(bench.editor.history.steps)
        await bench.masking.stroke(bench.layer, [(100, 100), (300, 100)], [1, 1], ERASER)
        assert len(bench.editor.history.steps) == steps + 1
        assert bench.editor.undo_label == "Erase from mask"
        assert bench.shown(200, 100) == 0
        assert bench.shown(200, 130) == 255
        bench.editor.undo()
        assert bench.mask() is None


async def test_painting_shows_again_and_touches_only_the_tiles_under_the_stroke():
    async with Bench(1600, 1200) as bench:
        bench.limit(0, 0, 0, 1600, 1200)
        await bench.masking.stroke(bench.layer, [(700, 700)], [1], HARD)
        before = bench.pixels.added
        await bench.masking.stroke(bench.layer, [(720, 700)], [1], HARD)
        assert bench.pixels.added - before == 1
        assert bench.shown(700, 700) == 255
        assert bench.shown(760, 700) == 0


async def test_opacity_and_hardness_are_shares():
    async with Bench() as bench:
        bench.limit(0, 0, 0, 700, 600)
        await bench.masking.stroke(bench.layer, [(100, 100)], [1], Brush(80, 0.0, 0.5))
        assert 120 <= bench.shown(100, 100) <= 128
        assert 20 < bench.shown(120, 100) < 110
        await bench.masking.stroke(bench.layer, [(100, 100)], [1], Brush(80, 0.0, 0.5))
        assert bench.shown(100, 100) > 185


async def test_a_pen_pressed_less_draws_a_thinner_line():
    async with Bench() as bench:
        bench.limit(0, 0, 0, 700, 600)
        points = [(100 + 10 * n, 200) for n in range(40)]
        await bench.masking.stroke(bench.layer, points, [n / 40 for n in range(40)], Brush(60, 1.0))
        assert bench.shown(150, 222) == 0
        assert bench.shown(470, 222) == 255
        assert all(bench.shown(100 + 5 * n, 200) == 255 for n in range(4, 78))


async def test_a_stroke_beside_a_small_mask_widens_it_as_far_as_the_layer_reaches():
    async with Bench() as bench:
        bench.limit(255, 50, 50, 100, 100)
        await bench.masking.stroke(bench.layer, [(300, 300), (690, 590), (900, 900)], [1, 1, 1], HARD)
        assert bench.shown(300, 300) == 255
        assert bench.shown(100, 100) == 255
        assert bench.shown(200, 100) == 0
        mask = bench.mask()
        assert (mask.offset.x, mask.offset.y) == (50, 50)
        assert mask.grid.size.width <= 650
        with pytest.raises(EditorError, match="lies there"):
            await bench.masking.stroke(bench.layer, [(5000, 5000)], [1], HARD)
        assert bench.mask() is mask


async def test_strokes_asked_for_at_once_follow_each_other():
    import asyncio

    async with Bench() as bench:
        one = bench.masking.stroke(bench.layer, [(100, 100)], [1], ERASER)
        two = bench.masking.stroke(bench.layer, [(300, 100)], [1], ERASER)
        await asyncio.gather(one, two)
        assert bench.shown(100, 100) == bench.shown(300, 100) == 0


async def test_a_stroke_lands_on_a_document_that_changed_meanwhile():
    import asyncio

    async with Bench() as bench:
        landing = asyncio.ensure_future(bench.masking.stroke(bench.layer, [(100, 100)], [1], ERASER))
        await asyncio.sleep(0)
        other = with_picture(bench.editor, bench.pixels, picture(20, 20), "small.png")
        await landing
        assert other in bench.editor.document.layers
        assert bench.shown(100, 100) == 0


@pytest.mark.parametrize(("change", "inside", "outside"), [(20, (255, 255), 0), (-20, (0, 255), 0)])
async def test_the_edge_grows_and_shrinks_by_pixels(change, inside, outside):
    async with Bench() as bench:
        bench.limit(255, 200, 200, 100, 100)
        await bench.masking.edge(bench.layer, grow=change)
        assert (bench.shown(205, 250), bench.shown(250, 250)) == inside
        assert bench.shown(185, 250) == (255 if change > 0 else 0)
        assert bench.shown(170, 250) == outside


async def test_feathering_softens_and_inverting_turns_round():
    async with Bench() as bench:
        bench.limit(255, 200, 200, 200, 200)
        await bench.masking.edge(bench.layer, feather=8)
        assert 0 < bench.shown(196, 300) < 128 < bench.shown(204, 300) < 255
        assert bench.editor.undo_label == "Feather mask"
        await bench.masking.invert(bench.layer)
        assert bench.shown(300, 300) == 0
        assert bench.shown(10, 10) == 255


async def test_refining_draws_the_edge_to_what_is_seen():
    async with Bench() as bench:
        block = picture(700, 600)
        block[:, :, :3] = 40
        block[200:400, 200:400, :3] = 220
        bench.layer = with_picture(bench.editor, bench.pixels, block, "square.png")
        bench.limit(255, 192, 192, 216, 216)
        assert bench.shown(195, 300) == 255
        await bench.masking.refine(bench.layer, 16)
        assert bench.shown(195, 300) < 60
        assert bench.shown(206, 300) > 200
        assert bench.shown(300, 300) == 255
        assert bench.shown(150, 300) == 0


async def test_what_cannot_be_painted_is_said():
    async with Bench() as bench:
        assert "Choose a layer" in bench.masking.why_not(None)
        assert "shows already" in bench.masking.why_not(bench.layer, erase=False)
        with pytest.raises(EditorError, match="has no mask"):
            await bench.masking.edge(bench.layer, grow=3)
        with pytest.raises(EditorError, match="has no mask"):
            await bench.masking.refine(bench.layer)
        bench.editor.apply_document("Lock", lambda document: set_locked(document, bench.layer, True))
        with pytest.raises(EditorError, match="locked"):
            await bench.masking.stroke(bench.layer, [(1, 1)], [1], ERASER)
