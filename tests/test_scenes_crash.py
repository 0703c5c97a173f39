"""Impact, crush and spin-out against the laws they must obey."""

import numpy as np
import pytest

from scenes import spinout
from scenes.crash import Mover, inertia_kg_m2, pdof_deg, solve
from scenes.crush import STIFFNESS, share
from scenes.spinout import GRAVITY_MPS2, slide


def mover(rng, x=0.0):
    mass = rng.uniform(900, 12000)
    return Mover(
        mass_kg=mass,
        inertia_kg_m2=inertia_kg_m2(mass, rng.uniform(2.3, 6)),
        position_m=np.array([x, 0.0]) + rng.normal(size=2),
        heading_rad=rng.uniform(-3, 3),
        velocity_mps=rng.normal(size=2) * 12,
        yaw_rate_rad_s=rng.normal(),
    )


def random_impacts(count):
    rng = np.random.default_rng(3)
    while count:
        first, second = mover(rng), mover(rng, 4.0)
        angle = rng.uniform(0, 2 * np.pi)
        contact = {
            "point_m": np.array([2.0, 0.0]) + rng.normal(size=2) * 2,
            "normal": np.array([np.cos(angle), np.sin(angle)]),
            "restitution": rng.uniform(0, 1),
            "friction": rng.uniform(0, 1.5),
        }
        try:
            impact = solve(first, second, **contact)
        except ValueError:
            continue
        count -= 1
        yield first, second, contact, impact


def angular(body):
    x, v = body.position_m, body.velocity_mps
    return body.inertia_kg_m2 * body.yaw_rate_rad_s + body.mass_kg * (x[0] * v[1] - x[1] * v[0])


def momentum_scale(first, second):
    return sum(body.mass_kg * np.linalg.norm(body.velocity_mps) for body in (first, second))


def test_5000_random_impacts_conserve_momentum_and_never_gain_energy():
    backed_off = 0
    for first, second, contact, impact in random_impacts(5000):
        before = first.mass_kg * first.velocity_mps + second.mass_kg * second.velocity_mps
        after = impact.first.mass_kg * impact.first.velocity_mps + impact.second.mass_kg * impact.second.velocity_mps
        assert np.allclose(before, after, rtol=1e-9, atol=1e-9 * momentum_scale(first, second))
        turned = angular(first) + angular(second), angular(impact.first) + angular(impact.second)
        assert turned[0] == pytest.approx(turned[1], rel=1e-9, abs=1e-5)
        energy = first.kinetic_j + second.kinetic_j
        assert impact.first.kinetic_j + impact.second.kinetic_j <= energy * (1 + 1e-9)
        assert impact.impulse_ns @ contact["normal"] > 0
        backed_off += impact.restitution < contact["restitution"]
    assert backed_off > 0  # the sample reaches jamming contacts, so the law above was put to the test


def test_bodies_that_part_are_refused():
    rng = np.random.default_rng(0)
    body = mover(rng)
    with pytest.raises(ValueError, match="do not approach"):
        solve(body, body, point_m=np.zeros(2), normal=np.array([1.0, 0.0]), restitution=0.1, friction=0.5)


def test_a_plastic_head_on_impact_of_equals_halves_the_closing_speed():
    def body(x, speed, heading):
        return Mover(
            mass_kg=1500, inertia_kg_m2=2800, position_m=np.array([x, 0.0]), heading_rad=heading,
            velocity_mps=np.array([speed, 0.0]),
        )  # fmt: skip

    impact = solve(
        body(-2, 10, 0),
        body(2, -10, np.pi),
        point_m=np.zeros(2),
        normal=np.array([-1.0, 0.0]),
        restitution=0,
        friction=0.5,
    )
    assert impact.closing_speed_mps == pytest.approx(20)
    assert impact.first.velocity_mps == pytest.approx([0, 0])
    assert impact.absorbed_j == pytest.approx(2 * 0.5 * 1500 * 100)
    assert pdof_deg(impact.impulse_ns, 0.0) == pytest.approx(0)


@pytest.mark.parametrize(("impulse", "expected"), [((-1, 0), 0), ((0, 1), 90), ((1, 0), 180), ((0, -1), 270)])
def test_pdof_is_clockwise_from_straight_ahead(impulse, expected):
    """A push to the left came from the right, which is 90 degrees."""
    assert pdof_deg(np.array(impulse, dtype=float), 0.0) == pytest.approx(expected)


def test_no_energy_leaves_no_crush():
    assert share(0.0, STIFFNESS["front"], STIFFNESS["rear"], width_m=1.5) == ((0.0, 0.0), (0.0, 0.0))


def test_crush_energies_add_up_and_both_hulls_feel_the_same_force():
    front, rear = STIFFNESS["front"], STIFFNESS["rear"]
    (first_j, first_m), (second_j, second_m) = share(90_000.0, front, rear, width_m=1.5)
    assert first_j + second_j == pytest.approx(90_000.0)
    force = front.a_n_m + front.b_n_m2 * first_m
    assert force == pytest.approx(rear.a_n_m + rear.b_n_m2 * second_m)
    assert first_j == pytest.approx(1.5 * force**2 / (2 * front.b_n_m2))


def test_the_softer_side_takes_the_deeper_crush():
    (_, front_m), (_, side_m) = share(90_000.0, STIFFNESS["front"], STIFFNESS["side"], width_m=1.5)
    assert side_m > front_m


@pytest.mark.parametrize(("speed", "friction"), [(8.0, 0.7), (20.0, 0.4)])
def test_locked_wheels_stop_within_v_squared_over_two_mu_g(speed, friction):
    body = Mover(
        mass_kg=1500, inertia_kg_m2=2800, position_m=np.zeros(2), heading_rad=0.0, velocity_mps=np.array([speed, 0.0])
    )
    rest = slide(body, wheelbase_m=2.7, track_m=1.5, friction=friction, braking=1.0)
    assert rest.position_m[0] == pytest.approx(speed**2 / (2 * friction * GRAVITY_MPS2), rel=0.02)
    assert rest.position_m[1] == pytest.approx(0, abs=1e-6)
    assert len(rest.marks_m) == 4


@pytest.mark.parametrize("friction", [0.4, 0.8])
def test_rest_positions_do_not_hang_on_the_step(monkeypatch, friction):
    rng = np.random.default_rng(7)
    bodies = [mover(rng) for _ in range(20)]
    car = {"wheelbase_m": 2.7, "track_m": 1.5, "friction": friction}
    brakings = rng.uniform(0.5, 1.0, 20)
    rests = [slide(body, **car, braking=braking) for body, braking in zip(bodies, brakings, strict=True)]
    monkeypatch.setattr(spinout, "STEP_S", 0.002)
    fine = [slide(body, **car, braking=braking) for body, braking in zip(bodies, brakings, strict=True)]
    errors_m = [np.linalg.norm(a.position_m - b.position_m) for a, b in zip(rests, fine, strict=True)]
    assert np.median(errors_m) < 0.01
    assert max(errors_m) < 0.05
    assert all(rest.seconds < 12 for rest in rests)
