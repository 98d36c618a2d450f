import numpy as np

from nanodesk.document.geometry import Rect
from nanodesk.imaging.leak import MOST_CORNERS, SIDE, outlines


def area(ring):
    """By the shoelace formula."""
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


def test_a_part_is_outlined_along_the_edges_of_its_pixels():
    numbers = np.zeros((20, 30), np.uint8)
    numbers[4:9, 10:22] = 3
    (ring,) = outlines(numbers, np.full_like(numbers, 255), [(3, Rect(10, 4, 12, 5))])[3]
    assert sorted(map(tuple, ring.tolist())) == [(10, 4), (10, 9), (22, 4), (22, 9)]


def test_what_the_mask_does_not_show_is_no_part_of_it():
    numbers = np.full((20, 20), 1, np.uint8)
    outline = np.zeros((20, 20), np.uint8)
    outline[5:10, 5:10] = 200
    (ring,) = outlines(numbers, outline, [(1, Rect(0, 0, 20, 20))])[1]
    assert area(ring) == 25
    assert outlines(numbers, np.zeros_like(outline), [(1, Rect(0, 0, 20, 20))]) == {}
    assert outlines(numbers, outline, [(1, Rect(40, 0, 20, 20))]) == {}


def test_holes_and_pieces_are_rings_of_their_own():
    numbers = np.zeros((60, 60), np.uint8)
    numbers[5:40, 5:40] = 2
    numbers[15:25, 15:25] = 0
    numbers[50:55, 50:55] = 2
    rings = outlines(numbers, np.full_like(numbers, 255), [(2, Rect(5, 5, 50, 50))])[2]
    assert len(rings) == 3
    areas = sorted(map(area, rings))
    assert areas[0] == 25
    assert abs(areas[1] - 100) < 22
    assert areas[2] == 35 * 35


def test_a_large_ragged_part_keeps_its_place_and_has_few_corners():
    random = np.random.default_rng(2)
    numbers = np.zeros((1500, 2 * SIDE), np.uint8)
    numbers[200:1300, 100:1900] = 1
    numbers[190:200, 100:1900] = random.integers(0, 2, (10, 1800), np.uint8)
    rings = outlines(numbers, np.full_like(numbers, 255), [(1, Rect(100, 190, 1800, 1110))])[1]
    largest = max(rings, key=area)
    assert len(largest) <= MOST_CORNERS
    assert abs(area(largest) / (1800 * 1105) - 1) < 0.01
    assert largest[:, 0].min() >= 99
    assert largest[:, 0].max() <= 1901
