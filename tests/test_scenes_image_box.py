"""Boxes of vehicles without tracing, against closed forms."""

import numpy as np
import pytest

from scenes.image_box import ImageBox, hidden_share, image_box, projected
from scenes.outline import Outline
from scenes.spec.view import Camera

LEVEL = Camera(name="eye", x_m=0, y_m=0, z_m=1.0, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=90)
AROUND = np.array([(0, 1), (1, 3), (2, 3), (0, 2)])
FLAT = Outline(np.array([(0.0, y, z) for y in (-1.0, 1.0) for z in (0.0, 1.5)]), AROUND)
FENCE = Outline(np.array([(x, 0.0, z) for x in (-4.5, 4.5) for z in (0.5, 1.5)]), AROUND)


def test_nothing_hides_nothing():
    assert hidden_share(ImageBox(0.2, 0.2, 0.4, 0.4, 10.0), []) == 0


def test_a_board_ahead_is_as_large_as_the_pinhole_says():
    box = image_box(LEVEL, (10.0, 0.0), 0.0, FLAT, taller_by=0.5)
    assert (box.left, box.right) == pytest.approx((0.45, 0.55))
    assert (box.top, box.bottom) == pytest.approx((0.45, 0.6))


def test_what_the_edge_of_the_picture_cuts_is_as_high_as_it_is_there():
    box = image_box(LEVEL, (5.5, -2.0), 0.0, FENCE, taller_by=0.5)  # from 1 m ahead on; seen from 2 m on
    assert (box.left, box.right, box.top, box.bottom) == pytest.approx((0.6, 1.0, 0.25, 0.75))
    under = image_box(LEVEL, (5.5, -2.0), 180.0, FENCE, taller_by=0.5)
    assert under == pytest.approx(box)


def test_what_reaches_past_the_lens_is_cut_before_it():
    found = projected(LEVEL, (2.5, -2.0), 0.0, FENCE, taller_by=0.5)
    assert found[:, 0].max() == pytest.approx(0.5 + 2 / 0.3 / 2)
    assert projected(LEVEL, (-10.0, 0.0), 0.0, FENCE, taller_by=0.5) is None


def test_what_is_behind_or_beside_has_no_box():
    assert image_box(LEVEL, (-10.0, 0.0), 0.0, FLAT, taller_by=0.5) is None
    assert image_box(LEVEL, (5.0, 20.0), 0.0, FLAT, taller_by=0.5) is None


def test_two_boxes_over_each_other_hide_what_they_hide_once():
    half = ImageBox(0.0, 0.0, 0.5, 1.0, 2.0)
    assert hidden_share(ImageBox(0.0, 0.0, 1.0, 1.0, 9.0), [half, half]) == pytest.approx(0.5)
