"""Measures on pairs of thumbnails, and that chunks do not matter."""

import cv2
import numpy as np
import pytest
from planted import pasted, street

from blend import thumbnail

NONE = np.empty((0, 2), np.int64)


def thumbs_of(*pictures):
    return np.stack([thumbnail.thumbnail(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)) for rgb in pictures])


def places(*pairs):
    return np.array(pairs, dtype=np.int64)


def test_no_pairs_give_no_measures():
    thumbs = thumbs_of(street(1))
    for measure in (thumbnail.correlations, thumbnail.level_differences, thumbnail.same_blocks):
        assert measure(thumbs, NONE).shape == (0,)
    assert [side.shape for side in thumbnail.window_correlations(thumbs, NONE)] == [(0,), (0,)]


def test_a_picture_and_its_mirror_are_alike_by_every_measure():
    rgb = street(1)
    thumbs, pairs = thumbs_of(rgb, rgb[:, ::-1], street(2)), places((0, 0), (0, 1), (0, 2))
    whole, window = thumbnail.window_correlations(thumbs, pairs)
    for measure in (thumbnail.correlations(thumbs, pairs), thumbnail.same_blocks(thumbs, pairs), whole, window):
        assert measure[:2] == pytest.approx(1, abs=0.01)
        assert measure[2] < 0.8


def test_correlation_is_that_of_numpy():
    thumbs = thumbs_of(street(1), street(2))
    plain, mirrored = (np.corrcoef(thumbs[0].ravel(), side.ravel())[0, 1] for side in (thumbs[1], thumbs[1][:, ::-1]))
    assert thumbnail.correlations(thumbs, places((0, 1))) == pytest.approx(max(plain, mirrored), abs=1e-5)


def test_levels_differ_by_what_was_added():
    thumbs = np.stack([np.full((64, 64), level, np.uint8) for level in (10, 13)])
    assert thumbnail.level_differences(thumbs, places((0, 1), (1, 0), (1, 1))).tolist() == [3, 3, 0]


def test_a_flat_picture_is_like_no_other():
    flat = np.full((96, 160, 3), 7, np.uint8)
    thumbs, pairs = thumbs_of(flat, street(1)), places((0, 0), (0, 1))
    assert thumbnail.flat(thumbs).tolist() == [True, False]
    measures = thumbnail.correlations(thumbs, pairs), thumbnail.same_blocks(thumbs, pairs)
    assert not np.any([*measures, *thumbnail.window_correlations(thumbs, pairs)])


@pytest.mark.parametrize("share", [0.8, 0.87, 0.9, 0.95])
def test_a_crop_fits_a_window_whichever_comes_first_and_a_stranger_fits_none(share):
    rgb = street(3)
    crop = rgb[: round(192 * share), -round(320 * share) :]
    thumbs = thumbs_of(rgb, crop, crop[:, ::-1], street(4))
    whole, window = thumbnail.window_correlations(thumbs, places((0, 1), (1, 0), (2, 0), (0, 3)))
    assert window[0] == pytest.approx(window[1], abs=1e-6)
    assert min(window[:3]) > 0.9 > window[3]
    assert min(window[:3] - whole[:3]) > 0.02


def test_a_pasted_object_changes_a_minority_of_blocks():
    copy = pasted(street(5), street(6), np.random.default_rng(0))
    assert 0.5 < thumbnail.same_blocks(thumbs_of(street(5), copy), places((0, 1)))[0] < 1


def test_chunks_do_not_matter(monkeypatch):
    thumbs, pairs = thumbs_of(*map(street, range(6))), places(*((a, b) for a in range(6) for b in range(a)))
    at_once = thumbnail.same_blocks(thumbs, pairs)
    monkeypatch.setattr(thumbnail, "_CHUNK", 4)
    assert np.array_equal(thumbnail.same_blocks(thumbs, pairs), at_once)
