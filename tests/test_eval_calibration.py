"""Do the measures keep what they promise? False alarms as often as said, and more distance for more damage."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from scipy.stats import kendalltau

from eval import encoder, fidelity
from eval.choices import choose
from eval.kernel import Cubic, median_gaussian

DHAKA = Path(__file__).parents[2] / "shared" / "real" / "dev_dhaka_drive"
needs_real = pytest.mark.skipif(not DHAKA.is_dir(), reason="the development set dev_dhaka_drive is not here")
DAMAGE = {
    "blur": [(lambda rgb, s=s: cv2.GaussianBlur(rgb, (0, 0), s)) for s in (1.0, 1.5, 2.5, 4.0, 7.0)],
    "noise": [(lambda rgb, s=s: _noisy(rgb, s)) for s in (8, 16, 32, 64, 110)],
    "JPEG": [(lambda rgb, q=q: _compressed(rgb, q)) for q in (40, 20, 10, 5, 1)],
}


def _noisy(rgb, deviation):
    noise = np.random.default_rng(deviation).normal(scale=deviation, size=rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


def _compressed(rgb, quality):
    _, content = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(content, cv2.IMREAD_COLOR)


def _alarms(features, groups, resamples, each, kernel_of):
    """Return the share of splits of one set that the permutation test calls different at 0.05."""
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(resamples):
        some = rng.permutation(len(features))[: 2 * each]
        kernel = fidelity._matrix(features[some], kernel_of(features[some]))
        found = fidelity.discrepancy(
            kernel, np.arange(2 * each) < each, groups[some], rng=rng, null_draws=10, permutations=199
        )
        hits += found.p <= 0.05
    return hits / resamples


@pytest.mark.slow
@pytest.mark.parametrize("kernel_of", [median_gaussian, lambda rows: Cubic(dimension=rows.shape[1])])
def test_real_against_real_raises_alarms_as_often_as_said(kernel_of):
    rng = np.random.default_rng(1)
    features = np.maximum(rng.normal(size=(600, 64)) * np.arange(1, 65) ** -0.5 + 0.2, 0)
    assert 0.03 <= _alarms(features, np.arange(600), 500, 60, kernel_of) <= 0.07


def _read(path):
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def _embed(network, pictures):
    return np.array([network.run(rgb)["pooled"] for rgb in pictures])


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAREBLEND_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield encoder.load("whole")


@needs_real
@pytest.mark.slow
def test_halves_of_real_pictures_raise_alarms_as_often_as_said(network):
    features = _embed(network, [_read(path) for path in sorted((DHAKA / "images").iterdir())])
    for kernel_of in (median_gaussian, lambda rows: Cubic(dimension=rows.shape[1])):
        assert 0.03 <= _alarms(features.astype(np.float64), np.arange(len(features)), 500, 100, kernel_of) <= 0.07


@needs_real
@pytest.mark.slow
@pytest.mark.parametrize("kind", DAMAGE)
def test_more_damage_is_more_distance_at_two_hundred_pictures(network, kind):
    paths = sorted((DHAKA / "images").iterdir())
    damaged, real = [_read(path) for path in paths[:400:2]], [_read(path) for path in paths[1:400:2]]
    reference = _embed(network, real)
    kernel = median_gaussian(reference)
    levels = []
    for damage in DAMAGE[kind]:
        both = np.concatenate([_embed(network, map(damage, damaged)), reference])
        choices = choose(
            np.arange(400) < 200, np.arange(400), rng=np.random.default_rng(0), null_draws=10, permutations=10
        )
        tests = [(Cubic(dimension=both.shape[1]), choices), (kernel, choices)]
        levels.append([values[0] for values in fidelity.mmds(both, tests)])
    for values in np.array(levels).T:
        assert kendalltau(range(5), values).statistic >= 0.98, levels
