"""Boxes of vehicles without tracing, against closed forms."""

import pytest

from scenes.image_box import Extent, ImageBox, hidden_share, image_box
from scenes.spec import Camera

LEVEL = Camera(name="eye", x_m=0, y_m=0, z_m=1.0, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=90)
FLAT = Extent(0.0, 2.0, 1.5)


def test_nothing_hides_nothing():
    assert hidden_share(ImageBox(0.2, 0.2, 0.4, 0.4, 10.0), []) == 0


def test_a_board_ahead_is_as_large_as_the_pinhole_says():
    box = image_box(LEVEL, (10.0, 0.0), 0.0, FLAT, taller_by=0.5)
    assert (box.left, box.right) == pytest.approx((0.45, 0.55))
    assert (box.top, box.bottom) == pytest.approx((0.45, 0.6))


def test_what_is_behind_or_beside_has_no_box():
    assert image_box(LEVEL, (-10.0, 0.0), 0.0, FLAT, taller_by=0.5) is None
    assert image_box(LEVEL, (5.0, 20.0), 0.0, FLAT, taller_by=0.5) is None


def test_two_boxes_over_each_other_hide_what_they_hide_once():
    half = ImageBox(0.0, 0.0, 0.5, 1.0, 2.0)
    assert hidden_share(ImageBox(0.0, 0.0, 1.0, 1.0, 9.0), [half, half]) == pytest.approx(0.5)
