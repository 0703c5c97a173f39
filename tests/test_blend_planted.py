"""160 planted copies of six kinds, 60 of them torn over train and test: found by what a blend uses."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from planted import KINDS, LEAKS, NEAR, plant, street

from blend.alignment import look, shared
from blend.duplicates import fingerprint, pairs
from blend.picture import Picture, decode_rgb
from blend.split import joined_groups, leaks

REAL = Path(__file__).parents[2] / "shared" / "real" / "dev_dhaka_drive" / "images"
ORIGINALS = 200


@pytest.fixture(scope="module", params=["painted", "real"])
def planted(request):
    if request.param == "painted":
        return plant([street(seed) for seed in range(ORIGINALS)], seed=1)
    paths = sorted(REAL.glob("*.jpg"))
    if not paths:
        pytest.skip(f"{REAL} is not here")
    chosen = np.random.default_rng(2).permutation(len(paths))[:ORIGINALS]
    return plant([decode_rgb(paths[place]) for place in sorted(chosen)], seed=2)


@pytest.fixture(scope="module")
def found(planted):
    from eval import encoder

    network = encoder.load("whole")
    embeddings = np.stack([network.run(rgb)["pooled"] for rgb in planted.pictures])
    looks = [look(rgb) for rgb in planted.pictures]
    return pairs(
        [fingerprint(rgb) for rgb in planted.pictures],
        embeddings=embeddings,
        shared=lambda first, second, align: shared(looks[first], looks[second], align),
    )


def test_what_was_planted_is_what_was_promised(planted):
    assert (len(planted.kinds), len(planted.leaks)) == (NEAR + LEAKS, LEAKS)
    assert set(Counter(planted.kinds.values())) == set(KINDS)


@pytest.mark.slow
def test_95_of_100_planted_pairs_are_found_and_80_of_100_of_every_kind(planted, found):
    got = {(pair.first, pair.second) for pair in found}
    by_kind = Counter(kind for pair, kind in planted.kinds.items() if pair in got)
    assert len(got & planted.kinds.keys()) >= 0.95 * len(planted.kinds)
    assert len(got & planted.leaks) >= 0.95 * LEAKS
    assert min(by_kind[kind] / count for kind, count in Counter(planted.kinds.values()).items()) >= 0.8


@pytest.mark.slow
def test_one_pair_in_10000_or_less_is_found_that_was_not_planted(planted, found):
    strangers = len(list(combinations(planted.pictures, 2))) - len(planted.kinds)
    wrong = [pair for pair in found if (pair.first, pair.second) not in planted.kinds]
    assert len(wrong) <= 1e-4 * strangers


@pytest.mark.slow
def test_each_leak_that_is_found_is_told_and_joined_groups_have_none(planted, found):
    pictures = [
        Picture(
            name=str(place), path=Path(f"{place}.jpg"), source="real", group=str(place), width=9, height=9,
            sha256=str(place),
        )
        for place in range(len(planted.pictures))
    ]  # fmt: skip
    splits = ["test" if place in planted.test else "train" for place in range(len(pictures))]
    torn = {(p.first, p.second) for p in found if splits[p.first] != splits[p.second]}
    assert len(leaks(pictures, splits, found)) == len(torn) >= 0.95 * LEAKS
    groups = joined_groups(pictures, found)
    assert all(groups[pair.first] == groups[pair.second] for pair in found)
