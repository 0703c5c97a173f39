"""People stand on the ground at their height, reach what they hold, and wear what covers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

import packs
from scenes.ontology import PARTS
from scenes.spec.living import Carried, Outfit, Person, Pose
from scenes.stage.asset import Asset, Solid
from scenes.stage.mesh_cache import encoded
from scenes.stage.mounts.seat import Seat
from scenes.stage.people.person import finish, geometry

ON_FOOT = ("standing", "walking", "running", "crossing", "phoning", "directing", "pushing", "crouching", "sitting")
SEAT = Seat(
    hip_m=(-0.2, 0.0, 0.88),
    hands_m=((0.42, 0.36, 1.02), (0.42, -0.36, 1.02)),
    feet_m=((0.12, 0.17, 0.32), (0.12, -0.17, 0.32)),
    lean_deg=14.0,
)


def _pack() -> Path:
    folder = packs.find("people")
    if folder is None:
        pytest.skip("the people pack is not there: python -m packs fetch people")
    return folder


def _person(**values: Any) -> Person:
    told = {"height_m": 1.74, "pose": "standing", "seed": 5, **values}
    mount = 9 if told["pose"] in ("riding", "cycling") else None
    return Person(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, mount=mount, **told)


def _made(person: Person) -> Asset:
    return geometry(person, _pack(), SEAT if person.mount else None)


def _body(asset: Asset) -> Solid:
    return asset.pieces[0].solid


def _of_part(solid: Solid, *names: str) -> Any:
    corner = np.repeat(np.isin(solid.parts, [PARTS[name] for name in names]), solid.sizes)
    return solid.vertices[np.unique(solid.loops[corner])]


@pytest.mark.parametrize(
    ("sex", "age", "height"), [("male", 30, 1.86), ("female", 44, 1.58), ("female", 7, 1.22), ("male", 82, 1.7)]
)
def test_somebody_who_stands_is_as_tall_as_the_spec_says(sex: str, age: float, height: float) -> None:
    person = _person(sex=sex, age_years=age, height_m=height, seed=3)
    top = float(_of_part(_body(_made(person)), "head", "hair")[:, 2].max())
    assert top == pytest.approx(height, rel=0.02)


@pytest.mark.parametrize("pose", ON_FOOT)
def test_soles_touch_the_ground(pose: str) -> None:
    solid = _body(_made(_person(pose=pose, carries=("pram",) if pose == "pushing" else ())))
    assert abs(float(solid.vertices[:, 2].min())) < 0.01
    assert abs(float(_of_part(solid, "foot")[:, 2].min())) < 0.01


@pytest.mark.parametrize("seed", range(6))
def test_a_casualty_lies_on_the_ground(seed: int) -> None:
    points = _made(_person(pose="lying", seed=seed)).points()
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    assert low == pytest.approx(0.0, abs=0.005)
    assert high < 0.75  # a raised knee is the highest there may be


@pytest.mark.parametrize("pose", get_args(Pose))
@pytest.mark.parametrize("outfit", get_args(Outfit))
def test_every_pose_in_every_outfit_is_whole(pose: str, outfit: str) -> None:
    person = _person(
        pose=pose,
        outfit=outfit,
        seed=len(pose) * 7 + len(outfit),
        sex="female" if outfit in ("sari", "dress") else "male",
    )
    asset = _made(person)
    assert np.isfinite(asset.points()).all()
    assert asset.slot_names <= set(finish(person))
    for piece in asset.pieces:
        assert (piece.solid.parts > 0).all()
    assert _longest_edge_m(_body(asset)) < 0.25


def _longest_edge_m(solid: Solid) -> float:
    assert (solid.sizes == 3).all()
    corner = solid.vertices[solid.loops.reshape(-1, 3)]
    return float(np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2).max())


@pytest.mark.parametrize("thing", get_args(Carried))
def test_what_is_carried_is_there(thing: str) -> None:
    person = _person(pose="pushing" if thing == "pram" else "walking", carries=(thing,))
    asset = _made(person)
    assert [piece.solid.name for piece in asset.pieces] == ["person", "carried"]
    assert set(asset.pieces[1].solid.parts.tolist()) == {PARTS["carried"]}
    assert asset.slot_names <= set(finish(person))


@pytest.mark.parametrize("pose", ["riding", "cycling"])
def test_a_riders_palms_are_at_the_grips_and_the_soles_on_the_pegs(pose: str) -> None:
    solid = _body(_made(_person(pose=pose, height_m=1.72)))
    hands, feet = _of_part(solid, "hand"), _of_part(solid, "foot")
    for grip, peg, sign in zip(SEAT.hands_m, SEAT.feet_m, (1, -1), strict=True):
        own = hands[hands[:, 1] * sign > 0]
        assert np.linalg.norm(own - grip, axis=1).min() < 0.05
        assert np.linalg.norm(own.mean(axis=0) - grip) < 0.08
        over = np.linalg.norm(feet[:, :2] - peg[:2], axis=1) < 0.10
        assert feet[over, 2].min() == pytest.approx(peg[2], abs=0.03)


def test_the_same_person_has_the_same_bytes() -> None:
    person = _person(pose="walking", carries=("backpack",), seed=77)
    assert encoded(_made(person)) == encoded(_made(person))


def test_two_people_differ() -> None:
    assert encoded(_made(_person(seed=1))) != encoded(_made(_person(seed=2)))


def test_a_walker_puts_the_opposite_arm_forward() -> None:
    opposite = []
    for seed in range(8):
        solid = _body(_made(_person(pose="walking", seed=seed)))
        feet, hands = _of_part(solid, "foot"), _of_part(solid, "hand")
        step = feet[feet[:, 1] > 0, 0].mean() - feet[feet[:, 1] < 0, 0].mean()
        swing = hands[hands[:, 1] > 0, 0].mean() - hands[hands[:, 1] < 0, 0].mean()
        if abs(step) > 0.3:
            opposite.append(step * swing < 0)
    assert opposite
    assert all(opposite)


def test_a_heavy_body_is_wider_than_a_thin_one() -> None:
    thin, heavy = (_body(_made(_person(build=build, seed=4))) for build in (-1.0, 1.0))
    assert _of_part(heavy, "torso")[:, 1].std() > 1.05 * _of_part(thin, "torso")[:, 1].std()


def test_a_person_costs_no_more_triangles_than_planned() -> None:
    counts = [sum(piece.solid.triangles for piece in _made(_person(seed=seed)).pieces) for seed in range(6)]
    assert max(counts) < 20_000
