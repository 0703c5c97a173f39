"""Aligning two pictures: what is a copy of the other's part, and what only looks like it."""

import cv2
import numpy as np
import pytest
from planted import HEIGHT, KINDS, WIDTH, street

from blend.alignment import GREY_SIDE_PX, SAME_SHARE, look, read, shared


def share(one, other, align):
    return shared(look(one), look(other), align)


@pytest.mark.parametrize("align", ["squeeze", "corners"])
@pytest.mark.parametrize("size_wh", [(1, 1), (400, 2), (96, 64)])
def test_a_picture_without_detail_shares_nothing_even_with_itself(size_wh, align):
    flat = np.full((size_wh[1], size_wh[0], 3), 90, np.uint8)
    assert share(flat, flat, align) == 0


@pytest.mark.parametrize("align", ["squeeze", "corners"])
def test_a_picture_shares_all_of_itself_and_of_its_mirror(align):
    rgb = street(1)
    assert share(rgb, rgb, align) == 1
    assert share(rgb, np.ascontiguousarray(rgb[:, ::-1]), align) > 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_copy_shares_half_or_more(kind):
    for seed in range(4):
        copy = KINDS[kind](street(seed), street(seed + 100), np.random.default_rng(seed))
        assert share(street(seed), copy, "corners" if kind == "crop 90 %" else "squeeze") >= SAME_SHARE


def test_a_crop_needs_the_corners():
    crop = cv2.resize(street(2)[30:, 40:], (WIDTH, HEIGHT))
    assert share(street(2), crop, "squeeze") < 0.1 < SAME_SHARE < share(street(2), crop, "corners")


@pytest.mark.parametrize("align", ["squeeze", "corners"])
def test_different_streets_share_nothing_worth_mentioning(align):
    assert max(share(street(seed), street(seed + 50), align) for seed in range(12)) < 0.2


def test_a_strip_that_two_films_share_is_not_enough():
    one, other = street(3), street(4)
    other[-60:] = one[-60:]
    assert share(one, other, "corners") < SAME_SHARE


def test_a_file_is_read_small_and_as_the_picture_that_it_is(tmp_path):
    rgb = cv2.resize(street(6), (1280, 768), interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(tmp_path / "large.jpg"), rgb[..., ::-1])
    found = read(tmp_path / "large.jpg")
    assert found.grey.shape == (HEIGHT, GREY_SIDE_PX)
    assert shared(found, look(rgb), "squeeze") > 0.95


def test_a_deep_picture_is_read_as_the_blend_reads_it(tmp_path):
    rgb = street(7)
    cv2.imwrite(str(tmp_path / "deep.png"), rgb[..., ::-1].astype(np.uint16) * 257)
    assert np.array_equal(read(tmp_path / "deep.png").grey, look(rgb).grey)
