import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanodesk.document.geometry import Rect, Size
from nanodesk.ui.canvas.viewport import MAX_ZOOM, MIN_ZOOM, Viewport, next_zoom

PHOTO = Size(4000, 3000)


def viewport(width=1000, height=700, ratio=1.0, document=PHOTO) -> Viewport:
    return Viewport().resized(width, height, ratio).showing(document)


def test_the_first_document_is_fitted_and_centred():
    view = viewport()
    rect = view.device_rect(Rect(0, 0, 4000, 3000))
    assert rect.x > 0
    assert rect.y > 0
    assert abs((1000 - rect.right) - rect.x) <= 1
    assert abs((700 - rect.bottom) - rect.y) <= 1


def test_a_small_picture_is_not_blown_up_by_fitting():
    assert viewport(document=Size(64, 64)).zoom == 1.0


def test_fit_follows_the_window_until_somebody_zooms():
    view = viewport()
    assert view.resized(500, 350, 1.0).zoom < view.zoom
    zoomed = view.zoomed(0.5, 500, 350)
    assert zoomed.resized(500, 350, 1.0).zoom == 0.5
    assert zoomed.fit().resized(500, 350, 1.0).zoom < view.zoom


def test_a_resize_keeps_the_middle_in_the_middle():
    view = viewport().zoomed(2.0, 300, 200)
    before = view.to_document(*view.centre)
    after = view.resized(640, 900, 1.0)
    assert after.to_document(*after.centre) == pytest.approx(before, abs=1.0)


@given(st.floats(0.05, 20), st.floats(-4, 4), st.floats(0, 1000), st.floats(0, 700), st.sampled_from([1.0, 1.25, 2.0]))
def test_zooming_keeps_the_place_under_the_cursor(zoom, power, x, y, ratio):
    view = viewport(ratio=ratio).zoomed(zoom, 500, 350)
    before = view.to_document(x, y)
    if not (0 <= before[0] < PHOTO.width and 0 <= before[1] < PHOTO.height):
        return
    after = view.zoomed(view.zoom * 2**power, x, y)
    at = after.to_widget(*before)
    # Whole device pixels for the document's corner: half of one, and half of one before.
    slack = (0.51 + 0.51 * after.zoom / view.zoom) / ratio
    assert at == pytest.approx((x, y), abs=slack + 1e-6)


def test_two_notches_double():
    assert next_zoom(next_zoom(0.6, nearer=True), nearer=True) == pytest.approx(1.0)
    assert next_zoom(next_zoom(3.0, nearer=True), nearer=True) == pytest.approx(6.0)


@pytest.mark.parametrize(("start", "snap"), [(0.2, 0.25), (0.4, 0.5), (0.8, 1.0), (1.7, 2.0)])
def test_steps_stop_at_round_zooms(start, snap):
    assert next_zoom(start, nearer=True) == snap
    assert next_zoom(snap * 1.2, nearer=False) == snap
    assert next_zoom(snap, nearer=True) > snap
    assert next_zoom(snap, nearer=False) < snap


def test_zoom_has_limits():
    view = viewport().stepped(60, 500, 350)
    assert view.zoom == MAX_ZOOM
    assert view.stepped(-90, 500, 350).zoom == MIN_ZOOM


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.sampled_from([0.02, 0.3, 1.0, 7.0]))
def test_no_pan_loses_the_document(x, y, zoom):
    view = viewport().zoomed(zoom, 500, 350).panned(x, y)
    assert not view.visible().empty


@pytest.mark.parametrize(
    ("zoom", "level"), [(4.0, 0), (1.0, 0), (0.51, 0), (0.5, 1), (0.3, 1), (0.25, 2), (0.12, 3), (0.01, 6)]
)
def test_the_level_is_never_coarser_than_the_screen(zoom, level):
    assert viewport().zoomed(zoom, 500, 350).level == level


def test_hundred_percent_is_pixel_for_pixel_on_any_screen():
    for ratio in (1.0, 1.5, 2.0):
        view = viewport(ratio=ratio).zoomed(1.0, 123, 77)
        assert view.device_rect(Rect(256, 512, 256, 100)).size == Size(256, 100)
        assert not view.smooth


def test_pixels_are_squares_from_two_hundred_percent_on():
    assert viewport().zoomed(1.9, 0, 0).smooth
    assert not viewport().zoomed(2.0, 0, 0).smooth
    assert viewport().zoomed(0.6, 0, 0).smooth


@given(st.floats(0.02, 9), st.integers(0, 30))
def test_neighbouring_tiles_meet(zoom, column):
    view = viewport().zoomed(zoom, 311, 207)
    left = view.device_rect(Rect(column * 100, 0, 100, 100))
    right = view.device_rect(Rect(column * 100 + 100, 0, 100, 100))
    assert left.right == right.x


def test_another_screen_keeps_the_zoom_and_the_middle():
    view = viewport().zoomed(1.0, 400, 300)
    moved = view.resized(1000, 700, 2.0)
    assert moved.zoom == 1.0
    assert moved.to_document(*moved.centre) == pytest.approx(view.to_document(*view.centre), abs=1.0)


def test_a_cropped_document_stays_fitted():
    view = viewport().showing(Size(1000, 3000))
    assert view.fitted
    assert view.visible() == Rect(0, 0, 1000, 3000)
