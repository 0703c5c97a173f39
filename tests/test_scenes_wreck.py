"""Wrecks: dents push metal where they struck, parts come off, tyres sag, airbags hang, fire leaves steel."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scenes.ontology import KIND_CATEGORY, PARTS
from scenes.spec.party import Dent
from scenes.spec.vehicle import Vehicle
from scenes.stage.cars.car_shape import CAR_KINDS
from scenes.stage.mesh_cache import decoded, encoded
from scenes.stage.vehicle import FAMILIES
from scenes.stage.wrecks.damage import Deformation
from scenes.stage.wrecks.wreck import is_whole, wrecked, wrecked_finish
from scenes.vehicle import draw_body

ALL_LOST = ("bumper_front", "bumper_rear", "bonnet", "mirror_left", "mirror_right", "wheel_front_left")
CORNERS = [(0, 1), (0, -1), (1, 1), (1, -1)]


@cache
def drawn(kind):
    if kind not in FAMILIES:
        pytest.skip(f"no family builds a {kind} yet")
    body = draw_body(kind, np.random.default_rng([3, list(KIND_CATEGORY).index(kind)]))
    return Vehicle(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, **{**body, "load": "none", "livery": "none"})


@cache
def undamaged(kind):
    return FAMILIES[kind].geometry(drawn(kind))


def dent(vehicle, side, depth_m=0.3):
    where, push = {
        "front": ((0.5, 0.0), (-1.0, 0.0, 0.0)),
        "rear": ((-0.5, 0.0), (1.0, 0.0, 0.0)),
        "left": ((0.05, 0.5), (0.0, -1.0, 0.0)),
        "right": ((0.05, -0.5), (0.0, 1.0, 0.0)),
    }[side]
    point = (where[0] * vehicle.length_m, where[1] * vehicle.width_m, 0.36 * vehicle.height_m)
    return Dent(point_m=point, direction=push, depth_m=depth_m, width_m=1.5, height_m=0.62 * vehicle.height_m)


def struck(kind, side, depth_m=0.3, **damage):
    vehicle = drawn(kind)
    return replace(vehicle, dents=(dent(vehicle, side, depth_m),), **damage)


def wreck_of(vehicle):
    return wrecked(undamaged(vehicle.kind), vehicle)


def placed(piece, matrix):
    return piece.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3]


def is_wheel(piece):
    return (piece.solid.parts == PARTS["wheel"]).all()


def body_points(asset):
    return np.concatenate([placed(piece, piece.matrices[0]) for piece in asset.pieces if not is_wheel(piece)])


def wheels(asset):
    """Return where the middle of each wheel's points is, and its lowest point."""
    found = [placed(piece, matrix) for piece in asset.pieces if is_wheel(piece) for matrix in piece.matrices]
    return [(points.mean(axis=0), points[:, 2].min()) for points in found]


def face_centres(asset, part):
    """Return the middles of all faces of a part, (N, 3)."""
    found = [np.zeros((0, 3))]
    for piece in asset.pieces:
        solid = piece.solid
        starts = np.cumsum(solid.sizes) - solid.sizes
        for matrix in piece.matrices:
            centres = np.add.reduceat(placed(piece, matrix)[solid.loops], starts) / solid.sizes[:, None]
            found.append(centres[solid.parts == PARTS[part]])
    return np.concatenate(found)


def showing(asset, slot):
    """Return how many faces show a slot."""
    solids = [piece.solid for piece in asset.pieces if slot in piece.solid.slot_names]
    return sum(int((solid.slots == solid.slot_names.index(slot)).sum()) for solid in solids)


def copies(asset):
    """Return how many faces stand in the scene, shared meshes counted once for each copy."""
    return sum(len(piece.solid.sizes) * len(piece.matrices) for piece in asset.pieces)


def test_an_undamaged_vehicle_is_the_same_object_with_the_same_finish():
    vehicle = replace(drawn("sedan"), dirt=1.0, rust=1.0, opened=("bonnet",))
    asset, finish = undamaged("sedan"), FAMILIES["sedan"].finish(vehicle)
    assert is_whole(vehicle)
    assert wrecked(asset, vehicle) is asset
    assert wrecked_finish(finish, vehicle) is finish


@pytest.mark.parametrize(
    "damage", [{"severity": 0.1}, {"flat_tyres": ((0, 1),)}, {"airbags": True}, {"burnt": 0.2}, {"lost": ("bonnet",)}]
)
def test_any_single_damage_makes_a_vehicle_a_wreck(damage):
    assert not is_whole(replace(drawn("sedan"), **damage))


@pytest.mark.parametrize("kind", CAR_KINDS)
def test_a_front_dent_pushes_the_front_back_and_leaves_the_rear_where_it_was(kind):
    vehicle = struck(kind, "front", 0.4)
    before, after = body_points(undamaged(kind)), body_points(wreck_of(vehicle))
    moved = after - before
    assert moved[:, 0].min() < -0.5 * 0.4
    assert moved[:, 0].max() < 1e-4
    np.testing.assert_allclose(moved[before[:, 0] < -0.1 * vehicle.length_m], 0, atol=1e-6)
    far = np.abs(before[:, 1]) > 1.5 * vehicle.dents[0].width_m
    assert np.abs(moved[far]).max(initial=0) < 0.02


@pytest.mark.parametrize("side", ["front", "rear", "left", "right"])
def test_a_dent_moves_only_the_side_that_was_struck(side):
    vehicle = struck("hatchback", side)
    axis, sign = {"front": (0, 1), "rear": (0, -1), "left": (1, 1), "right": (1, -1)}[side]
    before = body_points(undamaged("hatchback"))
    moved = body_points(wreck_of(vehicle)) - before
    reach = sign * before[:, axis] / np.abs(before[:, axis]).max()
    assert (sign * moved[:, axis]).min() < -0.1
    assert np.linalg.norm(moved[reach < -0.75], axis=1).max() < 1e-3


def test_what_is_torn_at_the_front_does_not_shift_the_rear():
    vehicle = struck("sedan", "front", 0.5, severity=1.0)
    before = face_centres(undamaged("sedan"), "boot")
    after = face_centres(wreck_of(vehicle), "boot")
    np.testing.assert_allclose(after, before, atol=0.01)


def test_a_deeper_dent_moves_more_and_breaks_more_lamps():
    before = body_points(undamaged("suv"))
    wrecks = [wreck_of(struck("suv", "front", depth)) for depth in (0.05, 0.2, 0.5)]
    moved = [np.linalg.norm(body_points(asset) - before, axis=1).sum() for asset in wrecks]
    broken = [showing(asset, "lamp_broken") for asset in wrecks]
    assert moved[0] < moved[1] < moved[2]
    assert broken[0] <= broken[1] <= broken[2]
    assert broken[0] < broken[2]


def test_a_rear_dent_breaks_tail_lamps_and_no_headlamps():
    asset = wreck_of(struck("sedan", "rear", 0.5, severity=0.6))
    for piece in asset.pieces:
        names = piece.solid.slot_names
        if "lamp_broken" in names:
            broken = piece.solid.slots == names.index("lamp_broken")
            assert PARTS["headlamp"] not in piece.solid.parts[broken]
    assert showing(asset, "lamp_broken") > 0


@pytest.mark.parametrize("side", ["front", "left"])
def test_a_more_severe_blow_leaves_less_whole_glass_and_more_scuffs(side):
    vehicles = [struck("hatchback", side, 0.35, severity=severity) for severity in (0.1, 0.5, 0.95)]
    wrecks = [wreck_of(vehicle) for vehicle in vehicles]
    whole = [len(face_centres(asset, "glass")) - showing(asset, "glass_cracked") for asset in wrecks]
    scuffs = [sum((1 - piece.solid.tints[:, 3]).sum() for piece in asset.pieces) for asset in wrecks]
    assert whole[0] >= whole[1] >= whole[2]
    assert whole[0] > whole[2]
    assert scuffs[0] < scuffs[1] < scuffs[2]
    paints = [dict(wrecked_finish(FAMILIES["hatchback"].finish(v), v)["paint"].values)["scuffs"] for v in vehicles]
    assert paints == [0.1, 0.5, 0.95]


def test_a_blow_to_the_left_breaks_the_glass_of_the_left():
    glass = face_centres(wreck_of(struck("sedan", "left", 0.4, severity=0.8)), "glass")
    whole = face_centres(undamaged("sedan"), "glass")
    left, right = (glass[:, 1] > 0.5).sum(), (glass[:, 1] < -0.5).sum()
    assert left < 0.6 * (whole[:, 1] > 0.5).sum()
    assert left < right


def test_a_lost_mirror_is_gone_on_its_own_side_alone():
    whole = face_centres(undamaged("sedan"), "mirror")[:, 1]
    for lost, sign in (("mirror_left", 1), ("mirror_right", -1)):
        mirror = face_centres(wreck_of(replace(drawn("sedan"), lost=(lost,))), "mirror")[:, 1]
        assert len(mirror) == (sign * whole < 0).sum() > 0
        assert (sign * mirror < 0).all()


@pytest.mark.parametrize("kind", CAR_KINDS)
def test_a_lost_bumper_or_bonnet_is_gone_and_the_rest_stays(kind):
    whole, asset = undamaged(kind), wreck_of(replace(drawn(kind), lost=("bumper_front", "bonnet")))
    assert len(face_centres(whole, "bumper")) > len(face_centres(asset, "bumper")) > 0
    assert face_centres(asset, "bumper")[:, 0].max() < 0
    assert len(face_centres(asset, "bonnet")) == 0
    for part in ("boot", "door", "roof", "wheel", "glass", "mirror"):
        assert len(face_centres(asset, part)) == len(face_centres(whole, part))


@pytest.mark.parametrize("kind", CAR_KINDS)
def test_a_lost_wheel_is_gone_at_its_corner_and_the_car_leans_onto_it(kind):
    vehicle = replace(drawn(kind), lost=("wheel_front_left",))
    before, asset = body_points(undamaged(kind)), wreck_of(vehicle)
    assert len(wheels(asset)) == len(wheels(undamaged(kind))) - 1
    assert not any(middle[0] > 0 and middle[1] > 0 for middle, _ in wheels(asset))
    sunk = before[:, 2] - body_points(asset)[:, 2]
    corner = (before[:, 0] > 0.3 * vehicle.length_m) & (before[:, 1] > 0.3 * vehicle.width_m)
    assert sunk[corner].min() > 0.03
    assert asset.points()[:, 2].min() > -0.01


@pytest.mark.parametrize("kind", CAR_KINDS)
@pytest.mark.parametrize("corner", CORNERS)
def test_a_flat_tyre_touches_the_ground_at_its_corner_and_spreads(kind, corner):
    axle, side = corner
    asset = wreck_of(replace(drawn(kind), flat_tyres=(corner,)))
    assert len(wheels(asset)) == len(wheels(undamaged(kind)))
    for middle, lowest in wheels(asset):
        assert -1e-6 <= lowest <= 0.01, middle
    (flat,) = [piece for piece in asset.pieces if is_wheel(piece) and len(piece.matrices) == 1]
    points = placed(flat, flat.matrices[0])
    assert (points[:, 0].mean() > 0) == (axle == 0)
    assert (points[:, 1].mean() > 0) == (side == 1)
    foot, top = points[points[:, 2] < 0.03], points[points[:, 2] > 0.4]
    assert len(foot) > 8
    assert np.ptp(foot[:, 1]) > 0.9 * np.ptp(top[:, 1])
    assert asset.points()[:, 2].min() > -0.01


SIGNS = "_wheels tells wheels apart by the signs of x and y alone"


@pytest.mark.parametrize(
    ("kind", "corner"),
    [
        ("truck", (1, -1)),
        ("bus", (0, 1)),
        ("bicycle", (0, 1)),
        ("three_wheeler", (0, 1)),
        ("articulated_truck", (0, 1)),
    ],
)
def test_one_flat_tyre_lowers_one_wheel_however_many_there_are(kind, corner):
    def heights(asset):
        return sorted(round(float(middle[2]), 4) for middle, _ in wheels(asset))

    before, after = heights(undamaged(kind)), heights(wreck_of(replace(drawn(kind), flat_tyres=(corner,))))
    assert len(after) == len(before)
    assert sum(height < min(before) - 0.005 for height in after) == 1


@pytest.mark.parametrize("kind", CAR_KINDS)
def test_airbags_hang_inside_the_body(kind):
    vehicle = replace(drawn(kind), airbags=True)
    bags = face_centres(wreck_of(vehicle), "airbag")
    assert len(face_centres(undamaged(kind), "airbag")) == 0
    assert len(bags) > 100
    half = np.array([vehicle.length_m / 2, vehicle.width_m / 2])
    assert (np.abs(bags[:, :2]) < half).all()
    assert bags[:, 2].min() > 0.3
    assert bags[:, 2].max() < vehicle.height_m
    assert (bags[:, 1] > 0).any()
    assert (bags[:, 1] < 0).any()


@pytest.mark.parametrize("kind", CAR_KINDS)
def test_burnt_out_is_without_glass_and_tyres_and_every_slot_has_a_surface(kind):
    vehicle = replace(drawn(kind), burnt=1.0, severity=0.6)
    asset = wreck_of(vehicle)
    shown = wrecked_finish(FAMILIES[kind].finish(vehicle), vehicle)
    assert len(face_centres(asset, "glass")) == 0
    assert showing(undamaged(kind), "rubber") > 0
    assert showing(asset, "rubber") == 0
    assert len(wheels(asset)) == len(wheels(undamaged(kind)))
    assert asset.slot_names <= set(shown)
    assert shown["paint"].recipe == "burnt"


@pytest.mark.parametrize("kind", ["hatchback", "suv"])
def test_a_burnt_out_car_stands_on_its_rims(kind):
    asset = wreck_of(replace(drawn(kind), burnt=1.0, severity=0.6))
    for _, lowest in wheels(asset):
        assert lowest == pytest.approx(0, abs=0.01)


def test_a_scorched_car_keeps_its_blackened_glass_and_its_tyres():
    vehicle = replace(drawn("sedan"), burnt=0.3)
    asset, finish = wreck_of(vehicle), FAMILIES["sedan"].finish(vehicle)
    assert len(face_centres(asset, "glass")) == len(face_centres(undamaged("sedan"), "glass"))
    assert showing(asset, "rubber") == showing(undamaged("sedan"), "rubber")
    assert wrecked_finish(finish, vehicle)["glass"] != finish["glass"]


@pytest.mark.parametrize("kind", KIND_CATEGORY)
def test_a_wreck_of_any_kind_is_finite_covered_and_the_same_twice(kind):
    vehicle = struck(kind, "front", 0.4, severity=0.8, lost=ALL_LOST, flat_tyres=((1, -1),), airbags=True, burnt=0.2)
    asset, again = wreck_of(vehicle), wreck_of(vehicle)
    assert np.isfinite(asset.points()).all()
    assert encoded(asset) == encoded(again)
    assert asset.slot_names <= set(wrecked_finish(FAMILIES[kind].finish(vehicle), vehicle))
    for piece in asset.pieces:
        assert (piece.solid.parts > 0).all(), piece.solid.name
        assert piece.solid.loops.max() < len(piece.solid.vertices)
        assert piece.solid.sizes.sum() == len(piece.solid.loops)
        assert (piece.solid.tints[:, 3] <= 1).all()


@pytest.mark.parametrize("kind", KIND_CATEGORY)
def test_a_scratch_takes_no_face_off_any_kind(kind):
    vehicle = struck(kind, "front", 0.02, severity=0.05)
    assert copies(wreck_of(vehicle)) == copies(undamaged(kind))


def loose_points():
    return np.random.default_rng(4).uniform(-1, 1, (400, 3)) * (2.3, 0.9, 0.7) + (0, 0, 0.7)


def test_no_dents_move_nothing():
    np.testing.assert_array_equal(Deformation(drawn("sedan"))(loose_points()), loose_points())


def test_where_a_point_goes_depends_on_no_other_point():
    deform, points = Deformation(struck("sedan", "front", 0.5)), loose_points()
    np.testing.assert_allclose(deform(points[::-1])[::-1], deform(points), atol=1e-9)


def test_points_that_coincide_stay_together_so_that_seams_do_not_open():
    points = np.repeat(loose_points(), 2, axis=0)
    moved = Deformation(struck("sedan", "front", 0.5))(points)
    np.testing.assert_allclose(moved[::2], moved[1::2], atol=1e-9)


def test_two_dents_far_apart_move_what_each_of_them_does():
    vehicle, points = drawn("sedan"), loose_points()
    front, rear = dent(vehicle, "front"), dent(vehicle, "rear")
    one, other, both = (
        Deformation(replace(vehicle, dents=dents))(points) - points for dents in ((front,), (rear,), (front, rear))
    )
    np.testing.assert_allclose(both, one + other, atol=1e-9)


def damaged_of(asset):
    """Return the middles of damaged faces and of all others, (N, 3) each."""
    hurt, whole = [np.zeros((0, 3))], [np.zeros((0, 3))]
    for piece in asset.pieces:
        solid = piece.solid
        mask = np.zeros(len(solid.sizes), dtype=bool) if solid.damaged is None else solid.damaged
        centres = solid.face_means(placed(piece, piece.matrices[0]))
        hurt.append(centres[mask])
        whole.append(centres[~mask])
    return np.concatenate(hurt), np.concatenate(whole)


@pytest.mark.parametrize("kind", sorted(FAMILIES))
def test_no_face_of_an_undamaged_vehicle_is_damaged(kind):
    assert all(piece.solid.damaged is None for piece in undamaged(kind).pieces)


@pytest.mark.parametrize("side", ["front", "rear", "left", "right"])
def test_damaged_faces_lie_near_the_dent(side):
    vehicle = struck("sedan", side, severity=0.5)
    hurt, whole = damaged_of(wreck_of(vehicle))
    away = [np.linalg.norm(points - np.array(vehicle.dents[0].point_m), axis=1) for points in (hurt, whole)]
    assert len(hurt) > 50
    assert np.quantile(away[0], 0.9) < np.quantile(away[1], 0.5)
    axis, sign = {"front": (0, 1), "rear": (0, -1), "left": (1, 1), "right": (1, -1)}[side]
    far = {"front": vehicle.length_m, "rear": vehicle.length_m}.get(side, vehicle.width_m)
    assert (sign * hurt[:, axis]).min() > -0.45 * far


def test_a_dent_of_less_than_a_centimetre_damages_nothing_and_a_deeper_one_more():
    counts = [len(damaged_of(wreck_of(struck("suv", "front", depth)))[0]) for depth in (0.005, 0.1, 0.4)]
    assert counts[0] == 0
    assert 0 < counts[1] < counts[2]


def test_broken_lamps_cracked_screens_and_flat_tyres_are_damaged():
    vehicle = struck("sedan", "front", 0.5, severity=0.9, flat_tyres=((1, -1),))
    for piece in wreck_of(vehicle).pieces:
        solid = piece.solid
        broken = [number for number, slot in enumerate(solid.slot_names) if slot in ("lamp_broken", "glass_cracked")]
        assert solid.damaged is None or solid.damaged[np.isin(solid.slots, broken)].all()
        if is_wheel(piece):
            assert (solid.damaged is None) == (len(piece.matrices) > 1 or not np.allclose(piece.matrices[0], np.eye(4)))


def test_fire_damages_all_but_lamps():
    asset = wreck_of(replace(drawn("sedan"), burnt=0.6))
    for piece in asset.pieces:
        lamps = np.isin(piece.solid.slots, [n for n, slot in enumerate(piece.solid.slot_names) if "lamp" in slot])
        np.testing.assert_array_equal(piece.solid.damaged, ~lamps)


def test_damage_survives_the_disk_and_is_the_same_each_time():
    asset = wreck_of(struck("hatchback", "left", severity=0.5))
    again = decoded(encoded(asset))
    for one, other in zip(asset.pieces, again.pieces, strict=True):
        np.testing.assert_array_equal(one.solid.damaged, other.solid.damaged)
    assert encoded(asset) == encoded(wreck_of(struck("hatchback", "left", severity=0.5)))
