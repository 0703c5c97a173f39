"""Attacks on what was trained: membership from losses, ε from canaries; a memoriser is found out, noise holds."""

import json
from functools import partial

import numpy as np
import pytest
from scipy.stats import binom

from eval.privacy import canary, head, losses, membership, training
from eval.privacy.canary import CanarySettings
from eval.privacy.losses import Losses
from scenes.errors import InputError

WIDTH, CLASSES = 40, 4


def drawn(rng, count=240, width=WIDTH):
    """Inputs and labels that hang together a little, and takes of three."""
    features = np.abs(rng.normal(size=(count, width))) + 0.2
    y = ((features - features.mean(0)) @ rng.normal(size=(width, CLASSES)) + 3 * rng.normal(size=(count, CLASSES))) > 0
    return head.inputs(features), y.astype(np.float64), np.arange(count) // 3


def attacked(fit, *, pairs=3):
    rng = np.random.default_rng(0)
    x, y, groups = drawn(rng, width=200)
    member = groups % 2 == 0
    return losses.under_references(
        head.picture_losses(fit(x[member], y[member]), x, y),
        lambda rows: head.picture_losses(fit(x[rows], y[rows]), x, y),
        groups=groups,
        member=member,
        pairs=pairs,
        rng=rng,
    )


def told(**changes):
    rng = np.random.default_rng(0)
    plain = {
        "loss": rng.exponential(size=8),
        "member": np.arange(8) < 4,
        "reference_loss": rng.exponential(size=(2, 8)),
        "reference_member": np.zeros((2, 8), dtype=bool),
    }
    return Losses(**(plain | changes))


def test_ratios_are_those_of_the_paper():
    found = told(
        loss=np.log([2.0] * 8),
        reference_loss=np.log([[4.0] * 8, [1.0] * 8]),
        reference_member=np.array([[False] * 8, [True] * 8]),
    )
    assert membership.likelihood_ratios(found, slope=1.0) == pytest.approx(np.full(8, 2.0))
    assert membership.likelihood_ratios(found, slope=0.5) == pytest.approx(np.full(8, 0.5 / ((1.5 * 0.25 + 0.5) / 2)))


def test_ratios_put_pictures_in_the_order_of_the_scores_of_the_paper():
    rng = np.random.default_rng(1)
    ratios, population = rng.lognormal(size=60), rng.lognormal(size=200)
    scores = np.array([np.mean([x / z >= 2 for z in population]) for x in ratios])
    assert membership.rmia(ratios, population) == pytest.approx(scores)
    assert np.all(np.diff(scores[np.argsort(ratios)]) >= 0)


def test_rate_is_told_at_a_threshold_of_the_non_members():
    scores = np.concatenate([np.full(30, 2.0), np.full(20, 0.0), np.linspace(0, 1, 198), [3.0, 4.0]])
    found = membership.rate_at(scores, np.arange(250) < 50, 0.01)
    assert (found.hits, found.members, found.alarms, found.non_members) == (30, 50, 2, 200)
    low, high = found.interval
    assert binom.sf(29, 50, low) == pytest.approx(0.025)
    assert binom.cdf(30, 50, high) == pytest.approx(0.025)


def test_swapped_sides_are_not_found_out():
    scores = np.concatenate([np.ones(200), np.zeros(200)])
    assert membership.rate_at(scores, np.arange(400) < 200, 0.01).value == 1
    assert membership.rate_at(scores, np.arange(400) >= 200, 0.01).value == 0


@pytest.mark.parametrize(("rate", "said"), [(0.01, "insufficient: 99 of 100"), (0.001, "insufficient: 99 of 1000")])
def test_too_few_non_members_are_told(rate, said):
    assert membership.rate_at(np.arange(149.0), np.arange(149) < 50, rate) == f"{said} non-members"


def test_a_head_that_remembers_is_found_out_and_one_that_cannot_is_not():
    remembers = attacked(partial(head.fit, settings=head.HeadSettings(ridge=1e-4)))
    ratios = membership.likelihood_ratios(remembers)
    found = membership.rate_at(ratios, remembers.member, 0.01)
    assert found.interval[0] > 0.05
    assert np.mean(membership.null_rates(remembers, 0.02)) < 0.15
    learns_nothing = attacked(lambda x, y: np.zeros((x.shape[1], y.shape[1])))
    assert membership.rate_at(membership.likelihood_ratios(learns_nothing), learns_nothing.member, 0.01).value == 0


def test_every_picture_is_judged_by_as_many_references():
    found = attacked(partial(head.fit, settings=head.HeadSettings(iterations=2)), pairs=2)
    assert np.all(found.reference_member.sum(axis=0) == 2)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"loss": np.array([np.nan] + [1.0] * 7)}, "1 that are not"),
        ({"loss": np.full(8, -1.0)}, "8 that are not"),
        ({"member": np.ones(8, dtype=bool)}, "must name both"),
        ({"reference_loss": np.ones((2, 7))}, "must have the shape"),
        ({"reference_member": np.ones((2, 8), dtype=bool)}, "must leave every picture out"),
    ],
)
def test_impossible_losses_are_refused(changes, said):
    with pytest.raises(InputError, match=said):
        told(**changes)


@pytest.mark.parametrize("kind", ["json", "npz"])
def test_a_team_can_give_its_own_losses(tmp_path, kind):
    expected, path = told(), tmp_path / f"losses.{kind}"
    arrays = {"loss": expected.loss, "member": expected.member, "reference_loss": expected.reference_loss}
    if kind == "npz":
        np.savez(path, **arrays)
    else:
        path.write_text(json.dumps({key: value.tolist() for key, value in arrays.items()}))
    found = losses.read(path)
    assert np.array_equal(found.member, expected.member)
    assert np.allclose(found.reference_loss, expected.reference_loss)
    assert not found.reference_member.any()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[1]", "must be JSON or NPZ"),
        ('{"loss": [1]}', "must be JSON or NPZ"),
        ('{"loss": [NaN, 1], "member": [0, 1], "reference_loss": [[1, 1]]}', "1 that are not"),
        (None, "must be readable"),
    ],
)
def test_a_file_of_losses_that_cannot_be_used_is_told(tmp_path, content, said):
    path = tmp_path / "losses.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=said):
        losses.read(path)


def test_bound_is_that_of_exact_guesses_where_delta_is_0():
    settings = CanarySettings(count=200, delta=0)
    epsilon = canary.epsilon_lower_bound(90, 100, settings=settings)
    assert binom.sf(89, 100, 1 / (1 + np.exp(-epsilon))) == pytest.approx(0.05, rel=1e-4)
    assert canary.epsilon_lower_bound(50, 100, settings=settings) == 0


def test_bound_is_that_of_the_program_in_the_paper():
    def published(m, r, v, eps, delta):  # appendix D of arXiv 2305.08846, term by term
        q = 1 / (1 + np.exp(-eps))
        beta, alpha, total = binom.sf(v - 1, r, q), 0.0, 0.0
        for i in range(1, v + 1):
            total += binom.pmf(v - i, r, q)
            alpha = max(alpha, total / i)
        return min(beta + alpha * delta * 2 * m, 1)

    for right, epsilon in [(80, 1.0), (95, 2.0), (60, 0.2)]:
        ours = canary.p_value(right, 100, epsilon, delta=1e-4, count=400)
        assert ours == pytest.approx(published(400, 100, right, epsilon, 1e-4), rel=1e-9)


def test_ceiling_is_about_the_log_of_a_third_of_the_guesses():
    settings = CanarySettings(count=1000, guessed=1.0, delta=0)
    ceiling = canary.epsilon_lower_bound(1000, 1000, settings=settings)
    assert ceiling == pytest.approx(np.log(1000 / 3), abs=0.02)


def test_a_planted_memoriser_is_bounded_away_from_privacy():
    rng = np.random.default_rng(0)
    found = canary.audit(lambda included: included + 0.1 * rng.normal(size=400), CanarySettings(), rng)
    assert 3 <= found.epsilon <= found.ceiling
    assert (found.right, found.guesses) == (200, 200)


def test_a_head_that_remembers_its_canaries_is_bounded_away_from_privacy():
    rng = np.random.default_rng(0)
    x, y, _ = drawn(rng)
    inputs, labels = head.canaries(200, 401, CLASSES, rng)
    wide = np.hstack([x, np.zeros((len(x), 401 - x.shape[1]))])

    def train(included):
        fitted = np.vstack([wide, inputs[included]]), np.vstack([y, labels[included]])
        weights = head.fit(*fitted, head.HeadSettings(ridge=1e-5))
        return -head.picture_losses(weights, inputs, labels)

    found = canary.audit(train, CanarySettings(count=200, guessed=1.0), rng)
    assert found.epsilon >= 3


@pytest.mark.parametrize("guessed", [0.25, 1.0])
def test_randomised_response_at_epsilon_2_stays_below_2_in_95_percent_of_audits(guessed):
    rng, truth = np.random.default_rng(3), 1 / (1 + np.exp(-2.0))
    settings = CanarySettings(count=300, guessed=guessed, delta=0)

    def respond(included):
        return np.where(rng.random(300) < truth, included, ~included) + 1e-6 * rng.random(300)

    bounds = np.array([canary.audit(respond, settings, rng).epsilon for _ in range(400)])
    assert np.mean(bounds <= 2) >= 0.95
    assert np.median(bounds) > 1.2  # the bound is not empty either


def test_noise_of_a_gaussian_at_epsilon_2_stays_below_2_in_95_percent_of_audits():
    rng, settings = np.random.default_rng(4), CanarySettings(count=300, delta=1e-5)
    sigma = training.TrainingSettings(epsilon=2.0, steps=1, sampling_rate=1.0).mechanism().noise_multiplier
    bounds = [
        canary.audit(lambda included: included + sigma * rng.normal(size=300), settings, rng).epsilon
        for _ in range(200)
    ]
    assert np.mean(np.array(bounds) <= 2) >= 0.95


def test_a_head_trained_at_epsilon_2_stays_below_2():
    pytest.importorskip("opacus")
    rng = np.random.default_rng(5)
    x, y, _ = drawn(rng, count=100)
    settings = training.TrainingSettings(epsilon=2.0, steps=20)
    mechanism = settings.mechanism()
    inputs, labels = head.canaries(60, x.shape[1], CLASSES, rng)

    def train(included):
        fitted = np.vstack([x, inputs[included]]), np.vstack([y, labels[included]])
        return -head.picture_losses(training.fit_privately(*fitted, settings, mechanism), inputs, labels)

    found = [canary.audit(train, CanarySettings(count=60, guessed=1.0), rng).epsilon for _ in range(20)]
    assert sum(epsilon > 2 for epsilon in found) <= 1


def test_private_training_learns_where_pictures_are_many():
    pytest.importorskip("opacus")
    rng = np.random.default_rng(6)
    x, y, _ = drawn(rng, count=4000)
    settings = training.TrainingSettings(epsilon=8.0, steps=60, rate=2.0)
    weights = training.fit_privately(x, y, settings, settings.mechanism())
    assert head.picture_losses(weights, x, y).mean() < CLASSES * np.log(2) - 0.02


def test_steps_without_a_single_picture_only_add_noise():
    pytest.importorskip("opacus")
    settings = training.TrainingSettings(epsilon=2.0, steps=5, sampling_rate=1e-6)
    weights = training.fit_privately(np.ones((3, 4)), np.ones((3, 2)), settings, settings.mechanism())
    assert np.isfinite(weights).all()
    assert weights.any()


@pytest.mark.parametrize("scores", [np.full(50, np.nan), np.zeros(49)])
def test_canaries_without_a_score_are_told(scores):
    with pytest.raises(InputError, match="one finite score per canary"):
        canary.audit(lambda _: scores, CanarySettings(count=50), np.random.default_rng(0))


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: CanarySettings(count=3),
        lambda: CanarySettings(guessed=0),
        lambda: CanarySettings(delta=1),
        lambda: CanarySettings(confidence=1),
        lambda: training.TrainingSettings(epsilon=-1),
        lambda: training.TrainingSettings(sampling_rate=0),
        lambda: training.TrainingSettings(delta=0),
        lambda: training.TrainingSettings(steps=0),
        lambda: training.TrainingSettings().mechanism(),
        lambda: head.HeadSettings(ridge=0),
    ],
)
def test_impossible_settings_are_refused(impossible):
    with pytest.raises(InputError):
        impossible()
