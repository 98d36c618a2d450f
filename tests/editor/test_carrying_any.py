"""Any document, carried to either format with layers, looks as it did."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanodesk.document.blend import BlendMode
from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Adjustment, AdjustmentStep, Content, Group, Layer, Mask, Pixels
from nanodesk.editor.carrying import OPENRASTER, PHOTOSHOP, carried_layers
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.formats.merging import merged
from nanodesk.imaging.painter import flatten
from tests.formats import samples

SIZE = Size(40, 30)


def block(draw, mode="RGBA"):
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 30))
    return samples.bgra(samples.picture(width, height, mode, draw(st.integers(0, 20))))


@st.composite
def documents(draw):
    """Up to six layers, groups and adjustments in any order, with any mode, mask and opacity."""
    pixels = PixelStore()
    layers: dict[LayerId, Layer] = {}

    def mask():
        if not draw(st.booleans()):
            return None
        values = np.ascontiguousarray(block(draw)[..., 1])
        place = Point(draw(st.integers(-10, 30)), draw(st.integers(-10, 20)))
        return Mask(pixels.add(values), place, draw(st.sampled_from((0, 255))), draw(st.booleans()))

    def content(kind, depth) -> Content:
        if kind == "group":
            return Group(siblings(depth + 1))
        if kind == "adjustment":
            return Adjustment((AdjustmentStep("brightness", (("amount", 40),)),))
        return Pixels(pixels.add(block(draw, draw(st.sampled_from(("RGB", "RGBA"))))))

    def siblings(depth):
        made = []
        for _ in range(draw(st.integers(0, 3))):
            if len(layers) >= 6:
                break
            kind = draw(st.sampled_from(("picture", "picture", "adjustment", "group") if depth < 2 else ("picture",)))
            name = LayerId(f"{len(layers)} {depth}")
            layers[name] = Layer(name, name, Group())  # takes its place in the count
            layers[name] = Layer(
                name,
                name,
                content(kind, depth),
                Point(draw(st.integers(-10, 30)), draw(st.integers(-10, 20))) if kind == "picture" else Point(),
                draw(st.sampled_from((0.0, 0.3, 1.0))),
                draw(st.sampled_from(BlendMode)),
                draw(st.booleans()),
                mask=mask(),
            )
            made.append(name)
        return tuple(made)

    root = siblings(0)
    return Document(SIZE, layers=layers, root=root), pixels


@pytest.mark.parametrize("carries", [PHOTOSHOP, OPENRASTER])
@given(made=documents())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_carried_looks_like_the_document(carries, made):
    document, pixels = made
    layers, _ = carried_layers(document, pixels, carries)
    for layer in layers:
        assert layer.blend_mode in carries.modes
        assert layer.mask is None or carries.masks
    ours = flatten(document, pixels.tile).astype(int)
    theirs = merged(layers, (SIZE.width, SIZE.height)).astype(int)
    assert np.abs(theirs[..., 3] - ours[..., 3]).max() <= 2
    # Colour counts as much as it covers: what is nearly transparent may be rounded to any colour.
    assert (np.abs(theirs[..., :3] - ours[..., :3]) * ours[..., 3:] / 255).max() <= 3
