"""The measures beside the packages that most papers use: torch-fidelity, prdc, vendi-score."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from eval import diversity, frechet, neighbours
from eval.choices import choose
from eval.fidelity import mmds
from eval.kernel import Cubic


def _features(seed, shape, *, shift=0.0):
    """Return rows as networks give them: positive, correlated, in single precision."""
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(shape[1], shape[1])) / np.sqrt(shape[1])
    return np.maximum(rng.normal(size=shape) @ mixing + 0.2 + shift, 0).astype(np.float32)


@pytest.fixture(scope="module")
def prdc():
    return pytest.importorskip("prdc", reason="prdc is missing (extra dev)").compute_prdc


@pytest.mark.parametrize("shape", [(700, 64), (400, 64), (60, 200)])
def test_frechet_distance_equals_torch_fidelity(shape):
    metric = pytest.importorskip("torch_fidelity.metric_fid", reason="torch-fidelity is missing (extra dev)")
    torch = pytest.importorskip("torch")
    real, frames = _features(1, shape).astype(np.float64), _features(2, shape, shift=0.1).astype(np.float64)
    told = [metric.fid_features_to_statistics(torch.from_numpy(rows)) for rows in (real, frames)]
    expected = metric.fid_statistics_to_metric(*told, verbose=False)[metric.KEY_METRIC_FID]
    tolerance = 1e-6 if shape[0] > shape[1] else 1e-5  # singular covariances: eigenvalues of their product, there
    assert frechet.distance(real, frames) == pytest.approx(expected, rel=tolerance)


def test_kid_equals_torch_fidelity_on_the_whole_sample():
    metric = pytest.importorskip("torch_fidelity.metric_kid", reason="torch-fidelity is missing (extra dev)")
    real, frames = _features(3, (300, 32)), _features(4, (300, 32), shift=0.1)
    kernel = {"kid_kernel": "poly", "kid_kernel_poly_degree": 3, "kid_kernel_poly_gamma": None}
    expected = metric.kernel_mmd(frames.astype(float), real.astype(float), **kernel, kid_kernel_poly_coef0=1)
    both, side = np.concatenate([frames, real]), np.arange(600) < 300
    choices = choose(side, np.arange(600), rng=np.random.default_rng(0), null_draws=10, permutations=10)
    (values,) = mmds(both, [(Cubic(dimension=32), choices)])
    assert values[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("count", "dimension"), [(900, 64), (300, 1280)])
def test_density_and_coverage_equal_prdc(prdc, capsys, count, dimension):
    real, frames = _features(5, (count, dimension)), _features(6, (count, dimension), shift=0.05)
    expected = prdc(real.astype(np.float64), frames.astype(np.float64), nearest_k=5)
    capsys.readouterr()  # prdc prints
    assert 0.05 < expected["coverage"] < 0.999
    assert neighbours.density(real, frames, k=5) == pytest.approx(expected["density"], rel=1e-6)
    assert neighbours.coverage(real, frames, k=5) == pytest.approx(expected["coverage"], rel=1e-6)


def test_radii_and_nearest_neighbours_equal_scikit_learn():
    rows, others = _features(7, (500, 96)).astype(np.float64), _features(8, (200, 96)).astype(np.float64)
    expected = NearestNeighbors(n_neighbors=6, algorithm="brute").fit(rows).kneighbors(rows)[0][:, 5]
    assert np.sqrt(neighbours.radii(rows, k=5)) == pytest.approx(expected, rel=1e-6)
    unit = [side / np.linalg.norm(side, axis=1, keepdims=True) for side in (others, rows)]
    found, cosine = neighbours.most_similar(others, rows, k=3)
    order = np.argsort(-(unit[0] @ unit[1].T), axis=1)[:, :3]
    assert np.array_equal(found, order)
    assert cosine == pytest.approx(np.take_along_axis(unit[0] @ unit[1].T, order, axis=1), rel=1e-6)


@pytest.mark.filterwarnings("ignore:Please import `csr_matrix`:DeprecationWarning")  # inside vendi-score
@pytest.mark.parametrize("shape", [(400, 96), (90, 200)])
def test_vendi_equals_vendi_score(shape):
    vendi = pytest.importorskip("vendi_score.vendi", reason="vendi-score is missing (extra dev)")
    features = _features(9, shape)
    assert diversity.vendi(features) == pytest.approx(vendi.score_dual(features.astype(np.float64)), rel=1e-4)
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    kernel = (rows @ rows.T).astype(np.float64)
    assert diversity.vendi(features) == pytest.approx(vendi.score_K(kernel), rel=1e-4)
