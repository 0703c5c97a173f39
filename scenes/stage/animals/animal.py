"""Animals that cross roads: dogs, deer and cattle, from their skin to ears, horns and hooves."""

from __future__ import annotations

import numpy as np

from scenes.ontology import PARTS
from scenes.spec.living import Animal
from scenes.stage.animals.animal_build import Build, Leg, build_of
from scenes.stage.animals.animal_coat import finish_of
from scenes.stage.animals.animal_gait import Gait, bent, gait, going
from scenes.stage.animals.animal_head import add_ears, add_eyes, add_horns, add_muzzle
from scenes.stage.animals.flesh import Limb, Skin, skin
from scenes.stage.asset import Asset, Keypoint, Piece
from scenes.stage.furniture.draft import Draft, rounded_box
from scenes.stage.mesh import Points
from scenes.stage.surface import Surface

_TORSO, _HEAD, _LEG = PARTS["torso"], PARTS["head"], PARTS["leg"]
_WITHERS_X = 0.18
_GAIT = 510
_FEET = ("foot_front_left", "foot_front_right", "foot_rear_left", "foot_rear_right")


def geometry(animal: Animal) -> Asset:
    """Return an animal that faces +x, its feet on the ground and its withers at its shoulder height."""
    build = build_of(animal)
    rng = np.random.default_rng([_GAIT, animal.seed])
    moment = gait(animal.pose, rng) if animal.stride is None else going(animal.pose, animal.stride)
    draft = Draft()
    limbs, feet = _limbs(build, moment)
    flesh = skin(limbs, build.step, build.blend)
    _add_skin(draft, flesh, build)
    frame = _head_frame(moment)
    draft.frame = frame
    for add in (add_ears, add_eyes, add_horns, add_muzzle):
        add(draft, build)
    draft.frame = np.eye(4)
    _add_tail(draft, build, moment)
    for sole, fold, fore in feet:
        _add_foot(draft, build, sole, fold, fore=fore)
    return _scaled(draft, flesh, animal, _landmarks(build, frame, [sole for sole, _, _ in feet]))


def _landmarks(build: Build, head: Points, soles: list[Points]) -> dict[str, Points]:
    """Return the middle of the head, the tip of the muzzle and the soles of all feet."""
    stations = _chain(build.head, head)
    middle, muzzle = stations[len(stations) // 2], stations[-1]
    tip = muzzle[:3] + muzzle[4] * head[:3, 0]
    return {"head": middle[:3], "nose": tip, **dict(zip(_FEET, soles, strict=True))}


def finish(animal: Animal) -> dict[str, Surface]:
    """Return coat, horn, hooves, eyes and nose, drawn from kind and seed."""
    return finish_of(animal, build_of(animal))


def _scaled(draft: Draft, flesh: Skin, animal: Animal, marks: dict[str, Points]) -> Asset:
    """Return the asset with its lowest foot on the ground and its withers at the spec's height."""
    trunk = flesh.vertices[(flesh.regions == _TORSO) & (np.abs(flesh.vertices[:, 0] - _WITHERS_X) < 0.05)]
    lowest = min(float(points[:, 2].min()) for work in draft.works.values() for points in work.vertices)
    hump = build_of(animal).hump
    high = float(trunk[:, 2].max()) - lowest
    if hump:
        behind = flesh.vertices[(flesh.regions == _TORSO) & (np.abs(flesh.vertices[:, 0] - 0.08) < 0.04)]
        high = float(behind[:, 2].max()) - lowest
    share = animal.height_m / high
    for work in draft.works.values():
        work.vertices = [(points - (0.0, 0.0, lowest)) * share for points in work.vertices]
    solids = [work.solid("animal", work.names, smooth=True, crease_deg=60.0) for work in draft.works.values()]
    placed = {name: (where - (0.0, 0.0, lowest)) * share for name, where in marks.items()}
    keypoints = tuple(Keypoint(name=n, where_m=(float(x), float(y), float(z))) for n, (x, y, z) in placed.items())
    return Asset(pieces=tuple(Piece(solid=solid) for solid in solids), keypoints=keypoints)


def _pitched(moment: Gait) -> Points:
    return _turned(moment.pitch_deg, (-0.1, 0.8))


def _head_frame(moment: Gait) -> Points:
    return _pitched(moment) @ _turned(-moment.nod_deg, (0.32, 0.86))


def _turned(degrees: float, about: tuple[float, float]) -> Points:
    """Return the 4x4 turn, nose up, about a point of the xz plane."""
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    matrix, centre = np.eye(4), np.array([about[0], 0.0, about[1]])
    matrix[:3, :3] = [[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]]
    matrix[:3, 3] = centre - matrix[:3, :3] @ centre
    return matrix


def _chain(stations: object, frame: Points) -> Points:
    flat = np.array(stations)
    where = np.column_stack([flat[:, 0], 0 * flat[:, 0], flat[:, 1], np.ones(len(flat))]) @ frame.T
    return np.column_stack([where[:, :3], flat[:, 2:]])


def _limbs(build: Build, moment: Gait) -> tuple[list[Limb], list[tuple[Points, float, bool]]]:
    body, ahead = _pitched(moment), _head_frame(moment)
    neck = _chain(build.neck, ahead)
    neck[:1] = _chain(build.neck[:1], body)
    neck[1, :3] = (neck[1, :3] + _chain(build.neck[1:2], body)[0, :3]) / 2
    limbs = [
        Limb(nodes=_chain(build.trunk, body), region=_TORSO),
        Limb(nodes=neck, region=_HEAD),
        Limb(nodes=_chain(build.head, ahead), region=_HEAD),
        *(Limb(nodes=nodes, region=_TORSO) for nodes in _extras(build, body)),
    ]
    feet = []
    for number, (leg, side) in enumerate(((build.fore, 1), (build.fore, -1), (build.hind, 1), (build.hind, -1))):
        root = body @ np.array([leg.root[0], side * leg.root[1], leg.root[2], 1.0])
        joints, sole, fold = bent(leg, build, side, moment.steps[number], root[:3])
        limbs += _leg_limbs(leg, build, joints, side)
        feet.append((sole, fold, not leg.hock_back))
    return limbs, feet


def _leg_limbs(leg: Leg, build: Build, joints: Points, side: int) -> list[Limb]:
    """Return shoulder or haunch, and the leg below, with calf and cannon between the joints."""
    width = np.array(leg.flesh)
    if leg.hock_back:
        hip, stifle, hock, fetlock, sole = joints
        line = [hip, (hip + stifle) / 2, stifle, stifle + 0.4 * (hock - stifle), hock, (hock + fetlock) / 2, fetlock]
        size = [
            width[0],
            (width[0] + width[1]) / 2,
            width[1],
            (width[1] + 1.4 * width[2]) / 2.1,
            width[2],
            width[3],
            width[4],
        ]
    else:
        elbow, knee, fetlock, sole = joints
        blade = elbow + np.array([-0.02, -0.01 * side, 0.26])
        point = elbow + np.array([0.065, 0.0, 0.14])
        line = [blade, point, elbow, elbow + 0.35 * (knee - elbow), knee, (knee + fetlock) / 2, fetlock]
        size = [width[0] * (0.7, 0.8), width[0], width[0] * (0.9, 0.95), width[1], width[2], width[3], width[4]]
    nodes = np.column_stack([np.array(line), np.array(size)])
    foot = (
        _paw(fetlock, sole, width)
        if not build.claws
        else np.array([[*fetlock, *width[4]], [*(fetlock + 0.75 * (sole - fetlock)), *(width[5] * 0.9)]])
    )
    return [Limb(nodes=nodes, region=_LEG), Limb(nodes=foot, region=_LEG, smooth=False)]


def _paw(fetlock: Points, sole: Points, width: Points) -> Points:
    """A pad with toes: from the wrist's end forward along the ground."""
    heel, toe = sole + np.array([-0.01, 0.0, width[5][1]]), sole + np.array([0.055, 0.0, width[5][1] * 0.92])
    return np.array([[*fetlock, *width[4]], [*heel, *width[5]], [*toe, width[5][0] * 1.08, width[5][1] * 0.88]])


def _extras(build: Build, body: Points) -> list[Points]:
    """Return hump, dewlap, udder and hip bones of cattle."""
    made = []
    if build.hump:
        high = build.hump
        made.append(
            _chain(
                [
                    (0.2, 0.93, 0.05, 0.07),
                    (0.29, 0.96 + high * 0.45, 0.06, 0.05 + high * 0.5),
                    (0.35, 0.93, 0.05, 0.08),
                ],
                body,
            )
        )
    if build.dewlap:
        low = build.dewlap
        made.append(
            _chain([(0.4, 0.5, 0.045, 0.06 + low), (0.52, 0.62, 0.038, 0.06 + low), (0.68, 0.82, 0.036, 0.05)], body)
        )
    if build.udder:
        made.append(_chain([(-0.42, 0.47, 0.09, 0.07), (-0.32, 0.45, 0.1, 0.075), (-0.24, 0.48, 0.07, 0.05)], body))
    return made


def _add_skin(draft: Draft, flesh: Skin, build: Build) -> None:
    """Add the skin with two masks as UVs: how pale the underside is, and how dark legs, muzzle and tail are."""
    corners = flesh.vertices[flesh.faces]
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    facing = np.zeros(len(flesh.vertices))
    weight = np.full(len(flesh.vertices), 1e-9)
    for k in range(4):
        np.add.at(facing, flesh.faces[:, k], normal[:, 2])
        np.add.at(weight, flesh.faces[:, k], np.linalg.norm(normal, axis=1))
    x, z = flesh.vertices[:, 0], flesh.vertices[:, 2]
    pale = np.clip(0.15 - 0.9 * facing / weight, 0, 1)
    if build.rump:
        pale = np.maximum(pale, np.clip((-0.48 - x) / 0.08, 0, 1) * np.clip((z - 0.62) / 0.1, 0, 1))
    muzzle = np.clip((x - build.head[-2][0] + 0.03) / 0.06, 0, 1) * (flesh.regions == _HEAD)
    dark = np.where(
        flesh.regions == _LEG, np.clip((0.5 - z) / 0.3, 0, 1), np.maximum(muzzle, 0.12 * (flesh.regions == _HEAD))
    )
    part = flesh.regions[flesh.faces[:, 0]].copy()
    part[(part == _LEG) & (corners[:, :, 2].mean(axis=1) < 0.07)] = PARTS["foot"]
    draft.use("coat", "torso").add(flesh.vertices, flesh.faces, uv=np.column_stack([pale, dark]), part=part)


def _add_tail(draft: Draft, build: Build, moment: Gait) -> None:
    body = _pitched(moment)
    path = np.array([(x, 0.0, z, 1.0) for x, z in build.tail]) @ body.T
    line = Limb(
        nodes=np.column_stack([path[:, :3], np.array(build.tail_m)[:, None].repeat(2, axis=1)]), region=1
    ).fine()
    draft.use("tail", "torso").pipe(line[:, :3], line[:, 3].tolist(), segments=9)
    if build.claws and len(build.tail) > 3:
        rows = np.array([(0.014, 0.02), (0.03, -0.05), (0.028, -0.12), (0.004, -0.2)])
        tuft = line[-1, :3] + rows[:, 1:] * np.array([0.0, 0.0, 1.0])
        draft.use("tuft", "torso").pipe(tuft, rows[:, 0].tolist(), segments=9)


def _add_foot(draft: Draft, build: Build, sole: Points, fold_deg: float, *, fore: bool) -> None:
    """Add two claws, or leave a paw as it is."""
    if not build.claws:
        return
    half = 1.3 * (build.fore if fore else build.hind).flesh[-1][0]
    with draft.moved(*(float(v) for v in sole)), draft.tilted(fold_deg):
        for side in (-1, 1):
            rows = ((0.0, 1.0, 1.0), (0.018, 0.95, 0.98), (0.06, 0.72, 0.85))
            rings = []
            for z, long, wide in rows:
                ring = rounded_box(
                    -1.15 * half * long, 1.75 * half * long, 0.04 * half, 1.02 * half * wide, 0.45 * half, 2
                )
                rings.append(np.column_stack([ring[:, 0] - 0.35 * z, ring[:, 1] * 1.0, np.full(len(ring), z)]))
            claw = np.stack(rings)
            if side < 0:
                claw = claw[:, ::-1] * (1, -1, 1)
            draft.use("hoof", "foot").loft(claw)
