"""What releases cost together: against closed forms and other accountants; and a ledger that keeps the budget."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from eval.privacy import ledger
from eval.privacy.accounting import Bounded, SampledGaussian, epsilon_of, noise_for
from eval.privacy.ledger import Budget, Release
from scenes.errors import InputError

BUDGET = Budget(epsilon=1.0, delta=1e-5)
DP_ACCOUNTING = [
    # noise multiplier, sampling rate, steps, delta, and epsilon by PLDAccountant of dp-accounting 0.6.0
    (1.0, 0.1, 100, 1e-5, 7.04660287720805),
    (1.0, 1.0, 1, 1e-5, 4.37717810004804),
    (0.7, 0.05, 500, 1e-5, 16.482836933231486),
    (2.0, 0.01, 5000, 1e-6, 1.6829248201859233),
    (4.0, 0.25, 400, 1e-5, 5.8641705681263145),
    (1.1, 0.004, 10000, 1e-5, 1.8410369151727397),
    (10.0, 1.0, 50, 1e-6, 3.3076010244834237),
]


def release(epsilon, what="counts"):
    return Release(what=what, pictures="0" * 64, mechanisms=(Bounded(epsilon=epsilon),))


def test_nothing_released_costs_nothing():
    assert epsilon_of([], 1e-5) == 0


@pytest.mark.parametrize(("noise", "rate", "steps", "delta", "epsilon"), DP_ACCOUNTING)
def test_sampled_gaussians_cost_what_dp_accounting_says(noise, rate, steps, delta, epsilon):
    found = epsilon_of([SampledGaussian(noise_multiplier=noise, sampling_rate=rate, steps=steps)], delta)
    assert found == pytest.approx(epsilon, rel=1e-6)


def test_dp_accounting_says_the_same_of_other_mechanisms():
    pld = pytest.importorskip("dp_accounting.pld", reason="dp-accounting asks for an old attrs")
    loss, common = pld.privacy_loss_distribution, pld.common
    bounded = loss.from_privacy_parameters(common.DifferentialPrivacyParameters(0.3, 1e-7)).self_compose(20)
    both = bounded.compose(loss.from_gaussian_mechanism(2.0)).get_epsilon_for_delta(1e-5)
    ours = [Bounded(epsilon=0.3, delta=1e-7)] * 20 + [SampledGaussian(noise_multiplier=2.0)]
    assert epsilon_of(ours, 1e-5) == pytest.approx(both, rel=1e-3)


def test_opacus_says_the_same_of_its_own_training():
    accountants = pytest.importorskip("opacus.accountants")
    prv = accountants.PRVAccountant()
    prv.history = [(1.3, 0.05, 300)]
    ours = epsilon_of([SampledGaussian(noise_multiplier=1.3, sampling_rate=0.05, steps=300)], 1e-5)
    assert ours == pytest.approx(prv.get_epsilon(1e-5, eps_error=0.005), rel=0.01)


def test_composed_gaussians_are_one_gaussian():
    sigma = 10 / math.sqrt(50)

    def excess(epsilon):  # Balle and Wang 2018, arXiv 1805.06530, theorem 8
        a, b = 1 / (2 * sigma), epsilon * sigma
        return norm.cdf(a - b) - math.exp(epsilon) * norm.cdf(-a - b) - 1e-6

    found = epsilon_of([SampledGaussian(noise_multiplier=10, steps=50)], 1e-6)
    assert found == pytest.approx(brentq(excess, 0, 20), rel=1e-5)


@settings(max_examples=15)
@given(st.floats(0.05, 3), st.floats(0, 1e-3))
def test_one_bounded_mechanism_costs_its_epsilon_and_no_less(epsilon, delta):
    found = epsilon_of([Bounded(epsilon=epsilon, delta=delta)], delta + 1e-12)
    assert epsilon - 1e-4 <= found <= epsilon + 2e-4
    assert epsilon_of([Bounded(epsilon=epsilon, delta=0.01)], 1e-3) == math.inf


def test_composition_costs_less_than_the_sum_and_more_than_the_largest():
    parts = [Bounded(epsilon=0.5)] * 10
    assert 0.5 < epsilon_of(parts, 1e-5) < 5


def test_what_protects_nothing_costs_without_end():
    assert epsilon_of([SampledGaussian(noise_multiplier=0.3, steps=10_000)], 1e-5) == math.inf


def test_noise_reaches_its_epsilon_and_wastes_little():
    noise = noise_for(2.0, 1e-5, sampling_rate=0.25, steps=100)
    found = epsilon_of([SampledGaussian(noise_multiplier=noise, sampling_rate=0.25, steps=100)], 1e-5)
    assert 1.99 <= found <= 2


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: Bounded(epsilon=0),
        lambda: Bounded(epsilon=1, delta=1),
        lambda: SampledGaussian(noise_multiplier=0),
        lambda: SampledGaussian(noise_multiplier=1, sampling_rate=1.5),
        lambda: SampledGaussian(noise_multiplier=1, steps=0),
        lambda: epsilon_of([], 0),
        lambda: noise_for(1e-4, 1e-9, sampling_rate=1, steps=10_000),
        lambda: Budget(epsilon=0, delta=1e-5),
    ],
)
def test_impossible_mechanisms_are_refused(impossible):
    with pytest.raises(InputError):
        impossible()


def test_a_ledger_adds_up_and_refuses_what_would_pass_its_budget(tmp_path):
    path = tmp_path / "ledger.jsonl"
    assert ledger.read(path) is None
    assert ledger.charge(path, BUDGET, release(0.4)) == pytest.approx(0.4, abs=1e-3)
    assert 0.7 < ledger.charge(path, BUDGET, release(0.4)) <= 0.801
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"must stay within its budget of ε = 1 .*nothing was released"):
        ledger.charge(path, BUDGET, release(0.4, "a third table"))
    assert path.read_bytes() == before
    assert [each.what for each in ledger.read(path).releases] == ["counts", "counts"]


def test_a_first_release_above_the_budget_leaves_no_ledger_that_counts(tmp_path):
    with pytest.raises(InputError, match="must stay within"):
        ledger.charge(tmp_path / "ledger.jsonl", BUDGET, release(3))
    assert ledger.read(tmp_path / "ledger.jsonl") is None


def test_a_budget_cannot_be_raised_later(tmp_path):
    ledger.charge(tmp_path / "ledger.jsonl", BUDGET, release(0.4))
    with pytest.raises(InputError, match="fixed when begun"):
        ledger.charge(tmp_path / "ledger.jsonl", Budget(epsilon=8, delta=1e-5), release(0.4))


def _without(line):
    return lambda lines: lines[:line] + lines[line + 1 :]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without(1), "line 2 must follow"),
        (_without(0), "line 1 must follow"),
        (lambda lines: [*lines[:1], lines[1].replace(b"0.3", b"0.1"), *lines[2:]], "line 3 must follow"),
        (lambda lines: [*lines[:2], b"{not json\n"], "line 3 must follow"),
        (lambda lines: [*lines[:2], lines[2][:40]], "must end with a whole line"),
    ],
)
def test_a_ledger_that_was_changed_is_told(tmp_path, change, said):
    path = tmp_path / "ledger.jsonl"
    for _ in range(2):
        ledger.charge(path, BUDGET, release(0.3))
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(InputError, match=said):
        ledger.charge(path, BUDGET, release(0.1))


@pytest.mark.parametrize(
    ("content", "said"),
    [({"schema": 9}, "must be a ledger of version 1"), ({"schema": 1}, "must hold a budget and releases")],
)
def test_a_ledger_of_another_make_is_told(tmp_path, content, said):
    path = tmp_path / "ledger.jsonl"
    path.write_text(json.dumps({"previous": "0" * 64, **content}) + "\n")
    with pytest.raises(InputError, match=said):
        ledger.read(path)
