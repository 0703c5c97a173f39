"""Aligning two pictures: what is a copy of the other's part, and what only looks like it."""

import cv2
import numpy as np
import pytest

from blend.alignment import GREY_SIDE_PX, SAME_SHARE, look, read, shared
from tests.planted import HEIGHT, KINDS, WIDTH, street


def share(one, other, *, moved):
    return shared(look(one), look(other), moved=moved)


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("size_wh", [(1, 1), (400, 2), (96, 64)])
def test_a_picture_without_detail_shares_nothing_even_with_itself(size_wh, moved):
    flat = np.full((size_wh[1], size_wh[0], 3), 90, np.uint8)
    assert share(flat, flat, moved=moved) == 0


@pytest.mark.parametrize("moved", [False, True])
def test_a_picture_shares_all_of_itself_and_of_its_mirror(moved):
    rgb = street(1)
    assert share(rgb, rgb, moved=moved) == 1
    assert share(rgb, np.ascontiguousarray(rgb[:, ::-1]), moved=moved) > 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_copy_shares_half_or_more(kind):
    for seed in range(4):
        copy = KINDS[kind](street(seed), street(seed + 100), np.random.default_rng(seed))
        assert share(street(seed), copy, moved=kind == "crop 90 %") >= SAME_SHARE


def test_a_crop_needs_the_corners():
    crop = cv2.resize(street(2)[30:, 40:], (WIDTH, HEIGHT))
    assert share(street(2), crop, moved=False) < 0.1 < SAME_SHARE < share(street(2), crop, moved=True)


@pytest.mark.parametrize("moved", [False, True])
def test_different_streets_share_nothing_worth_mentioning(moved):
    assert max(share(street(seed), street(seed + 50), moved=moved) for seed in range(12)) < 0.2


def test_a_strip_that_two_films_share_is_not_enough():
    one, other = street(3), street(4)
    other[-60:] = one[-60:]
    assert share(one, other, moved=True) < SAME_SHARE


def test_a_file_is_read_small_and_as_the_picture_that_it_is(tmp_path):
    rgb = cv2.resize(street(6), (1280, 768), interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(tmp_path / "large.jpg"), rgb[..., ::-1])
    found = read(tmp_path / "large.jpg")
    assert found.grey.shape == (HEIGHT, GREY_SIDE_PX)
    assert shared(found, look(rgb), moved=False) > 0.95
