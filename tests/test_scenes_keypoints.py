"""Keypoints: wheels where the axles are, lamps and plates at their ends, joints in the body, and left is left."""

from dataclasses import replace
from functools import cache
from typing import get_args

import numpy as np
import pytest
import trimesh

import packs
from scenes.ontology import KIND_CATEGORY, PARTS
from scenes.spec.living import Animal, AnimalKind, Person
from scenes.spec.party import Dent
from scenes.spec.vehicle import Vehicle
from scenes.stage.animals import animal as animals
from scenes.stage.asset import Asset
from scenes.stage.keypoints import with_keypoints
from scenes.stage.mesh_cache import decoded, encoded
from scenes.stage.mounts.seat import Seat
from scenes.stage.people import person as human
from scenes.stage.rolling import rolling
from scenes.stage.vehicle import model_of
from scenes.vehicle import TWO_WHEELERS, model_size

KINDS = [(kind, model) for kind in KIND_CATEGORY for model in (0, 1, 2)]
WITHOUT_PLATE = ("bicycle",)
REAR_ONLY = ("motorcycle", "scooter")
CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")
ON_FOOT = ("standing", "walking", "running", "phoning", "sitting", "crouching", "lying", "wheelchair", "driving")
LIMBS = [
    f"{side}_{joint}" for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle") for side in ("left", "right")
]
COCO = ["nose", "left_eye", "right_eye", "left_ear", "right_ear", *LIMBS]
SEAT = Seat(
    hip_m=(-0.2, 0.0, 0.88),
    hands_m=((0.42, 0.36, 1.02), (0.42, -0.36, 1.02)),
    feet_m=((0.12, 0.17, 0.32), (0.12, -0.17, 0.32)),
    lean_deg=14.0,
)


def vehicle(kind, model=0, **fields):
    place = {"actor_id": 1, "x_m": 0.0, "y_m": 0.0, "heading_deg": 0.0, "seed": 5, "paint_rgb_linear": (0.3, 0.1, 0.1)}
    return Vehicle(kind=kind, model=model, **{**place, **model_size(kind, model), **fields})


def named(asset):
    assert len({point.name for point in asset.keypoints}) == len(asset.keypoints)
    return {point.name: np.array(point.where_m) for point in asset.keypoints}


@cache
def whole(kind, model=0):
    return named(model_of(vehicle(kind, model)))


def struck(kind, **fields):
    made = vehicle(kind)
    point = (0.5 * made.length_m, 0.3 * made.width_m, 0.45 * made.height_m)
    dent = Dent(point_m=point, direction=(-1.0, 0.0, 0.0), depth_m=0.3, width_m=1.2, height_m=0.9)
    return replace(made, dents=(dent,), severity=0.6, **fields)


def surface_of(asset):
    faces = []
    solid = asset.pieces[0].solid
    for start, size in zip(np.cumsum(solid.sizes) - solid.sizes, solid.sizes, strict=True):
        corner = solid.loops[start : start + size]
        faces += [(corner[0], corner[i], corner[i + 1]) for i in range(1, size - 1)]
    return trimesh.Trimesh(solid.vertices, faces, process=False)


def wound(surface, point):
    """How often a surface, open or not, winds around a point: about 0 outside, 1 or more inside.

    Source: Van Oosterom & Strackee, The solid angle of a plane triangle, IEEE Trans. Biomed. Eng. 30 (1983).
    """
    a, b, c = (surface.triangles - point).transpose(1, 0, 2)
    la, lb, lc = (np.linalg.norm(corner, axis=1) for corner in (a, b, c))
    volume = (a * np.cross(b, c)).sum(axis=1)
    spread = la * lb * lc + (a * b).sum(axis=1) * lc + (b * c).sum(axis=1) * la + (c * a).sum(axis=1) * lb
    return 2 * np.arctan2(volume, spread).sum() / (4 * np.pi)


def test_an_asset_without_parts_has_no_keypoints():
    assert with_keypoints(Asset(pieces=())).keypoints == ()


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_wheels_stand_on_the_axles_of_the_spec(kind, model):
    made, points = vehicle(kind, model), whole(kind, model)
    wheels = {name: where for name, where in points.items() if name.startswith("wheel")}
    front, rear = (
        [where for name, where in wheels.items() if name.startswith(f"wheel_{end}")] for end in ("front", "rear")
    )
    assert len(wheels) >= (2 if kind in TWO_WHEELERS else 3)
    for ahead in front:
        for behind in rear:
            assert ahead[0] - behind[0] == pytest.approx(made.wheelbase_m, abs=0.01)
    ends = [front[0][0], rear[0][0]]
    assert all(ends[1] - 0.01 <= where[0] <= ends[0] + 0.01 for where in wheels.values())
    assert all(0.1 < where[2] < 0.6 for where in wheels.values())
    assert all(np.abs(where[1]) <= made.width_m / 2 for where in wheels.values())


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_what_is_called_left_lies_left_and_mirrors_what_is_called_right(kind, model):
    points = {name: where for name, where in whole(kind, model).items() if not name.startswith("plate")}
    for name in [name for name in points if name.endswith("_left")]:
        left, right = points[name], points[name.replace("_left", "_right")]
        assert left[1] > 0.05, name
        np.testing.assert_allclose(left, right * (1, -1, 1), atol=0.03, err_msg=name)
    assert all("left" in name or "right" in name or abs(where[1]) < 0.06 for name, where in points.items())


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_lamps_are_at_the_ends(kind, model):
    made, points = vehicle(kind, model), whole(kind, model)
    heads = [where for name, where in points.items() if name.startswith("headlamp")]
    tails = [where for name, where in points.items() if name.startswith("tail_lamp")]
    assert len(heads) in (1, 2)
    assert len(tails) in (1, 2)
    assert all(where[0] > 0.15 * made.length_m for where in heads)
    assert all(where[0] < -0.12 * made.length_m for where in tails)
    if kind not in TWO_WHEELERS:
        assert all(where[0] > 0.42 * made.length_m for where in heads)
        assert all(where[0] < -0.42 * made.length_m for where in tails)


@pytest.mark.parametrize(("kind", "model"), KINDS)
def test_plates_have_four_corners_as_who_looks_at_them_sees_them(kind, model):
    points = whole(kind, model)
    ends = () if kind in WITHOUT_PLATE else ("rear",) if kind in REAR_ONLY else ("front", "rear")
    if KIND_CATEGORY[kind] == "three_wheeler":
        ends = tuple(end for end in ends if f"plate_{end}_top_left" in points)
        assert "rear" in ends
    plates = {name for name in points if name.startswith("plate")}
    assert plates == {f"plate_{end}_{corner}" for end in ends for corner in CORNERS}
    for end in ends:
        corner = {name: points[f"plate_{end}_{name}"] for name in CORNERS}
        to_right, up = corner["top_right"] - corner["top_left"], corner["top_left"] - corner["bottom_left"]
        toward_reader = np.cross(to_right, up)
        assert up[2] > 0.05
        assert toward_reader[0] * (1 if end == "front" else -1) > 0
        assert 0.1 < np.linalg.norm(to_right) < 0.6
        np.testing.assert_allclose(corner["bottom_right"] - corner["bottom_left"], to_right, atol=1e-3)


def test_a_lorry_names_the_axles_between_its_ends_by_number():
    wheels = [name for name in whole("articulated_truck") if name.startswith("wheel") and name.endswith("left")]
    assert wheels == ["wheel_front_left", "wheel_2_left", "wheel_3_left", "wheel_4_left", "wheel_rear_left"]


@pytest.mark.parametrize("kind", ["sedan", "bus", "motorcycle"])
def test_keypoints_of_parts_lie_on_their_parts(kind):
    asset, points = model_of(vehicle(kind)), whole(kind)
    for part in ("headlamp", "tail_lamp", "plate"):
        corners = [
            piece.solid.vertices[piece.solid.loops[np.repeat(piece.solid.parts == PARTS[part], piece.solid.sizes)]]
            for piece in asset.pieces
        ]
        low, high = np.concatenate(corners).min(axis=0), np.concatenate(corners).max(axis=0)
        for name, where in points.items():
            if name.startswith(part):
                assert (where >= low - 1e-3).all(), name
                assert (where <= high + 1e-3).all(), name


def test_a_lost_wheel_has_no_keypoint_and_the_others_keep_their_names():
    points = named(model_of(struck("sedan", lost=("wheel_front_left",))))
    assert set(whole("sedan")) - set(points) == {"wheel_front_left"}


def test_a_flat_tyre_lowers_its_hub():
    points = named(model_of(vehicle("sedan", flat_tyres=((0, 1),))))
    assert whole("sedan")["wheel_front_left"][2] - points["wheel_front_left"][2] == pytest.approx(0.055, abs=1e-6)
    np.testing.assert_allclose(points["wheel_rear_right"], whole("sedan")["wheel_rear_right"])


def test_lamps_and_plate_move_with_the_dented_front_and_the_rear_stays():
    before, after = whole("sedan"), named(model_of(struck("sedan")))
    moved = {name: after[name] - before[name] for name in before}
    assert moved["headlamp_left"][0] < -0.1
    assert moved["headlamp_left"][0] < moved["headlamp_right"][0]
    assert moved["plate_front_top_right"][0] < -0.05
    assert moved["wheel_rear_left"] == pytest.approx((0, 0, 0))
    for name in ("tail_lamp_left", "plate_rear_top_left"):  # a part that is torn shifts a little as a whole
        assert np.linalg.norm(moved[name]) < 0.02, name


@pytest.mark.parametrize("kind", ["sedan", "truck"])
def test_corners_of_a_wrecks_plate_are_vertices_of_it(kind):
    asset = model_of(struck(kind))
    plate = [
        piece.solid.vertices[piece.solid.loops[np.repeat(piece.solid.parts == PARTS["plate"], piece.solid.sizes)]]
        for piece in asset.pieces
    ]
    for name, where in named(asset).items():
        if name.startswith("plate"):
            assert np.linalg.norm(np.concatenate(plate) - where, axis=1).min() < 1e-3, name


def test_burnt_tyres_lower_all_keypoints_with_the_vehicle():
    points = named(model_of(vehicle("sedan", burnt=1.0)))
    lower = [whole("sedan")[name][2] - where[2] for name, where in points.items()]
    assert min(lower) > 0.03
    assert max(lower) - min(lower) < 1e-3


def test_keypoints_survive_rolling_and_the_disk_and_equal_vehicles_have_equal_bytes():
    asset = model_of(struck("hatchback"))
    assert rolling(asset, 1.3).keypoints == asset.keypoints
    assert decoded(encoded(asset)).keypoints == asset.keypoints
    assert encoded(asset) == encoded(model_of(struck("hatchback")))


def person(**values):
    told = {"height_m": 1.74, "pose": "standing", "seed": 5, **values}
    mount = 9 if told["pose"] in ("riding", "cycling") else None
    return Person(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, mount=mount, **told)


def body_of(spec):
    folder = packs.find("people")
    if folder is None:
        pytest.skip("the people pack is not there: python -m packs fetch people")
    return human.geometry(spec, folder, SEAT if spec.mount else None)


@pytest.mark.parametrize(("pose", "seed"), [(pose, seed) for pose in (*ON_FOOT, "riding") for seed in (1, 5)])
def test_a_persons_joints_lie_in_the_body(pose, seed):
    asset = body_of(person(pose=pose, seed=seed))
    points = named(asset)
    assert list(points) == COCO
    surface, where = surface_of(asset), np.array(list(points.values()))
    _, away_m, _ = trimesh.proximity.closest_point(surface, where)
    outside = np.array([wound(surface, point) < 0.5 for point in where])
    assert away_m[outside].max(initial=0) < 0.05
    assert away_m.max() < 0.12
    assert away_m[:5].max() < 0.02
    low, high = surface.bounds
    assert (where > low - 0.02).all()
    assert (where < high + 0.02).all()


@pytest.mark.parametrize("pose", ["standing", "walking", "running", "sitting", "riding"])
def test_a_persons_left_is_left_and_the_face_is_ahead(pose):
    points = named(body_of(person(pose=pose)))
    for joint in ("eye", "ear", "shoulder", "hip"):
        assert points[f"left_{joint}"][1] > points[f"right_{joint}"][1], joint
    ears = (points["left_ear"] + points["right_ear"]) / 2
    assert points["nose"][0] > ears[0] + 0.05
    assert points["nose"][2] < points["left_eye"][2]


def test_who_stands_has_the_joints_in_order_and_limbs_keep_their_length_when_they_sit():
    standing, sitting = named(body_of(person())), named(body_of(person(pose="sitting")))
    heights = [standing[f"left_{joint}"][2] for joint in ("ankle", "knee", "hip", "shoulder", "ear")]
    assert heights == sorted(heights)
    assert sitting["left_knee"][2] > sitting["left_hip"][2]
    for side in ("left", "right"):
        for first, second in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")):
            lengths = [np.linalg.norm(p[f"{side}_{first}"] - p[f"{side}_{second}"]) for p in (standing, sitting)]
            assert lengths[0] == pytest.approx(lengths[1], rel=0.02), (side, first)


@pytest.mark.parametrize("kind", get_args(AnimalKind))
@pytest.mark.parametrize("pose", ["standing", "walking", "running"])
def test_an_animals_feet_head_and_nose_are_its_own(kind, pose):
    spec = Animal(actor_id=1, kind=kind, x_m=0, y_m=0, heading_deg=0, height_m=0.9, pose=pose, seed=3)
    asset = animals.geometry(spec)
    points = named(asset)
    feet = ("foot_front_left", "foot_front_right", "foot_rear_left", "foot_rear_right")
    assert set(points) == {"head", "nose", *feet}
    for end in ("front", "rear"):
        assert points[f"foot_{end}_left"][1] > 0 > points[f"foot_{end}_right"][1]
    assert min(points[foot][0] for foot in feet[:2]) > max(points[foot][0] for foot in feet[2:])
    assert min(points[foot][2] for foot in feet) == pytest.approx(0.0, abs=0.02)
    assert points["nose"][0] > points["head"][0] > points["foot_rear_left"][0]
    cloud = asset.points()
    for name, where in points.items():
        assert np.linalg.norm(cloud - where, axis=1).min() < (0.1 if name == "head" else 0.03), name
