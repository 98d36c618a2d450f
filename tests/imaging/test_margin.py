import cv2
import numpy as np
import pytest

from nanodesk.document.blend import BlendMode
from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.imaging.margin import Edges, blurred, coloured, mirrored, rounded, shadow
from nanodesk.imaging.overlay import laid_over
from nanodesk.imaging.painter import flatten
from nanodesk.imaging.tiling import split


def block(height=40, width=60):
    made = np.random.default_rng(1).integers(0, 256, (height, width, 4), np.uint8)
    made[..., 3] = 255
    return made


@pytest.mark.parametrize("edges", [Edges(5, 3, 7, 2), Edges(0, 0, 90, 0), Edges(130, 85, 1, 0)])
def test_a_mirrored_rim_is_the_picture_mirrored(edges):
    picture = block()
    sides = ((edges.top, edges.bottom), (edges.left, edges.right), (0, 0))
    wanted = np.pad(picture, sides, mode="symmetric")
    got = mirrored(picture, edges)
    inside = np.zeros(got.shape[:2], bool)
    inside[edges.top : edges.top + 40, edges.left : edges.left + 60] = True
    assert np.array_equal(got[~inside], wanted[~inside])
    assert (got[inside] == 0).all(), "the picture itself shows"


def test_a_coloured_rim_is_of_its_colour():
    got = coloured(block(), Edges(4, 4, 4, 4), (1, 2, 3))
    assert got.shape == (48, 68, 4)
    assert got[0, 0].tolist() == [1, 2, 3, 255]
    assert got[20, 30, 3] == 0


def test_a_blurred_rim_is_smooth():
    picture = block()
    edges = Edges(40, 0, 40, 0)
    smooth, sharp = blurred(picture, edges), mirrored(picture, edges)
    assert (
        np.abs(np.diff(smooth[:, :30, 1].astype(int), axis=0)).mean()
        < 0.5 * np.abs(np.diff(sharp[:, :30, 1].astype(int), axis=0)).mean()
    )


def test_edges_know_whether_they_widen():
    assert Edges(1, 0, 0, 0).widens
    assert not Edges().widens
    assert not Edges(5, -1, 0, 0).widens


def test_round_corners_are_quarter_circles_with_smooth_edges():
    picture = np.full((100, 140, 4), (9, 9, 9, 255), np.uint8)
    got = rounded(picture, 30)
    missing = 1 - got[..., 3].astype(float).mean() / 255
    assert missing * 100 * 140 == pytest.approx((4 - np.pi) * 30**2, rel=0.02)
    assert got[0, 0, 3] == 0
    assert got[50, 70, 3] == got[0, 70, 3] == 255
    assert ((got[..., 3] > 0) & (got[..., 3] < 255)).sum() > 40
    assert np.array_equal(got[..., :3], picture[..., :3])


def test_a_shadow_is_the_shape_moved_and_soft():
    picture = np.zeros((100, 100, 4), np.uint8)
    picture[30:60, 30:60] = (5, 5, 5, 255)
    got = shadow(picture, 3, (8, 12), 0.5)
    assert (got[..., :3] == 0).all()
    cover = got[..., 3].astype(float)
    down, across = np.mgrid[0:100, 0:100]
    assert (cover * down).sum() / cover.sum() == pytest.approx(44.5 + 12, abs=0.3)
    assert (cover * across).sum() / cover.sum() == pytest.approx(44.5 + 8, abs=0.3)
    assert cover.max() == pytest.approx(127.5, abs=2)
    assert cover.sum() == pytest.approx(30 * 30 * 127.5, rel=0.02)


def test_a_wide_shadow_is_the_gaussian_of_the_shape():
    picture = np.zeros((300, 400, 4), np.uint8)
    picture[80:200, 100:300, 3] = 255
    got = shadow(picture, 20, (13, 31), 1.0)[..., 3].astype(float)
    exact = cv2.GaussianBlur(np.roll(picture[..., 3], (31, 13), (0, 1)).astype(np.float64), (0, 0), 20)
    assert np.abs(got - exact).max() <= 3


@pytest.mark.parametrize("mode", [BlendMode.NORMAL, BlendMode.OVERLAY, BlendMode.SCREEN])
@pytest.mark.parametrize("offset", [Point(0, 0), Point(-10, 25), Point(500, 0)])
def test_laid_over_is_what_the_painter_shows(mode, offset):
    below, above = block(300, 80), block(50, 70)
    above[..., 3] = np.arange(70, dtype=np.uint8)[None] * 3
    tiles, layers = {}, {}
    for name, picture, place in (("below", below, Point()), ("above", above, offset)):
        grid, new = split(picture)
        tiles.update(new)
        blend = mode if name == "above" else BlendMode.NORMAL
        layers[LayerId(name)] = Layer(LayerId(name), name, Pixels(grid), place, blend_mode=blend)
    document = Document(Size(80, 300), layers=layers, root=tuple(layers))
    assert np.abs(laid_over(below, above, offset, mode).astype(int) - flatten(document, tiles.__getitem__)).max() <= 1
