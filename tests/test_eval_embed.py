"""Vectors of pictures: in order, once, and a file that is no picture is told."""

import numpy as np
import pytest
from fake_round import backdrop, save

from eval import encoder
from eval.embed import embed, vectors
from scenes.errors import InputError


@pytest.fixture
def paths(tmp_path, monkeypatch):
    network = encoder.load("whole")
    monkeypatch.setattr("eval.feature_cache.cache_dir", lambda: tmp_path / "cache")
    found = [tmp_path / f"{seed}.jpg" for seed in range(3)]
    for seed, path in enumerate(found):
        save(path, backdrop(seed))
    return network, found


def test_vectors_are_the_features_that_are_scored_later(paths):
    network, files = paths
    rows = vectors(files, network)
    again = embed(files[::-1], network)
    assert rows.shape == (3, 1280)
    assert not any(features.fresh for features in again)
    assert np.array_equal(rows[::-1], [features.arrays["pooled"] for features in again])


def test_a_file_that_is_no_picture_is_told(paths, tmp_path):
    network, files = paths
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"broken\.jpg: must be a picture that can be read"):
        vectors([*files, tmp_path / "broken.jpg"], network)
