"""What people carry, push and hold: built in the pose, around the hands and the back that bear it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.asset import Solid
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.people import wheelchair
from scenes.stage.people.posture import palm_of
from scenes.stage.people.pram import pram
from scenes.stage.people.skeleton import Stance, unit

SLOTS = ("bag", "bag_trim", "metal", "rubber", "canopy", "wood", "phone")
BAG, TRIM, METAL, RUBBER, CANOPY, WOOD, PHONE = range(7)


def carried(stance: Stance, things: tuple[str, ...], pose: str, body: Points) -> Solid | None:
    """Return what is carried, in the frame of the posed body, or None if it is nothing.

    Args:
        stance: the pose.
        things: of `scenes.spec.living.Carried`.
        pose: of the person.
        body: (N, 3) the posed cage, which backpacks lie against.
    """
    builder = MeshBuilder(part=PARTS["carried"])
    ground = float(body[:, 2].min()) - 0.02
    for thing in things:
        if thing == "pram":
            if pose == "pushing":
                pram(builder, stance, ground)
        elif pose in _BEARERS[thing]:
            _MAKERS[thing](builder, stance, body, ground)
    if "phone" in stance.props:
        _phone(builder, stance)
    if pose == "wheelchair":
        wheelchair.wheelchair(builder)
    return builder.solid("carried", SLOTS, smooth=True, crease_deg=40) if builder else None


def palm(stance: Stance, side: str) -> Points:
    """Return where the middle of a palm is."""
    return stance.point(f"hand_{side}", palm_of(stance.rest, side))


def _cushion(
    builder: MeshBuilder, centre: Points, turned: Points, size: Points, slot: int, *, square: float = 4.0
) -> None:
    """Add a box with rounded edges; `size` holds its half axes."""
    rows, columns = 13, 20
    tilt = np.linspace(-np.pi / 2, np.pi / 2, rows)
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    power = 2.0 / square

    def bent(value: Points) -> Points:
        return np.asarray(np.sign(value) * np.abs(value) ** power)

    flat, up = bent(np.cos(tilt)), bent(np.sin(tilt))
    shape = np.stack(
        [
            np.outer(bent(np.cos(angle)), flat),
            np.outer(bent(np.sin(angle)), flat),
            np.outer(np.ones(columns), up),
        ],
        axis=-1,
    )
    builder.grid(centre + (shape * size) @ turned.T, slot, closed=True)


def _backpack(builder: MeshBuilder, stance: Stance, body: Points, ground: float) -> None:
    del ground
    chest = stance.rotation("spine_03")
    scale = sum(stance.rest.arm_m("l")) / 0.53
    middle = (stance.place("spine_02") + stance.place("neck_01")) / 2
    local = (body - middle) @ chest
    near = (np.abs(local[:, 1]) < 0.12 * scale) & (np.abs(local[:, 2]) < 0.2 * scale)
    back = float(local[near, 0].min()) - 0.015
    half = np.array([0.085, 0.150, 0.215]) * scale
    _cushion(builder, middle + chest @ np.array([back - half[0] * 0.85, 0.0, -0.03 * scale]), chest, half, BAG)
    pocket = np.array([0.035, 0.115, 0.11]) * scale
    _cushion(builder, middle + chest @ np.array([back - half[0] * 1.75, 0.0, -0.10 * scale]), chest, pocket, BAG)
    for side in (1.0, -1.0):
        front = float(local[near, 0].max())
        path = (
            np.array(
                [
                    [back - 0.01, 0.085, 0.17],
                    [back * 0.45, 0.098, 0.232],
                    [0.0, 0.105, 0.225],
                    [front * 0.75, 0.105, 0.13],
                    [front * 1.05 + 0.012, 0.110, 0.02],
                    [front * 0.8, 0.140, -0.10],
                    [0.0, 0.165, -0.17],
                    [back - 0.01, 0.12, -0.2],
                ]
            )
            * [1.0, side, 1.0]
            * [1.0, scale, scale]
        )
        builder.tube(middle + path @ chest.T, [0.013 * scale] * len(path), segments=6, slot=TRIM)


def _handbag(builder: MeshBuilder, stance: Stance, body: Points, ground: float) -> None:
    """Hang a bag from the left shoulder at the hip."""
    del ground
    scale = sum(stance.rest.arm_m("l")) / 0.53
    hips, shoulder = stance.hips, stance.place("upperarm_l") + np.array([-0.005, -0.055, 0.062]) * scale
    near = np.abs(body[:, 2] - hips[2]) < 0.12 * scale
    trunk = near & (np.abs(body[:, 1] - hips[1]) < 0.24 * scale) & (np.abs(body[:, 0] - hips[0]) < 0.2 * scale)
    out = float(np.quantile(body[trunk, 1], 0.97)) + 0.065 * scale
    centre = np.array([hips[0] - 0.06 * scale, out, hips[2] + 0.07 * scale])
    half = np.array([0.15, 0.05, 0.105]) * scale
    _cushion(builder, centre, np.eye(3), half, BAG, square=5)
    for end in (-0.11, 0.11):
        start = centre + np.array([end * scale, -0.01, half[2] * 0.9])
        middle = (start + shoulder) / 2 + np.array([0.1 * end, 0.03, 0.0])
        builder.tube(np.stack([start, middle, shoulder]), [0.009 * scale] * 3, segments=6, slot=TRIM)


def _shopping(builder: MeshBuilder, stance: Stance, body: Points, ground: float) -> None:
    del body
    grip = palm(stance, "r")
    deep = min(0.36, grip[2] - ground - 0.20)
    half = np.array([0.155, 0.065])
    rings = []
    for share, grow in ((0.0, 0.02), (0.0, 0.86), (0.05, 0.95), (0.5, 1.08), (0.9, 1.0), (1.0, 0.96)):
        angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        square = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        square = np.sign(square) * np.abs(square) ** 0.45 * half * grow
        z = grip[2] - 0.17 - deep + deep * share
        rings.append(np.stack([grip[0] + square[:, 0], grip[1] - 0.02 + square[:, 1], np.full(20, z)], axis=1))
    builder.grid(np.stack(rings, axis=1), BAG, closed=True)
    for side in (-1, 1):
        top = grip[2] - 0.17
        y = grip[1] - 0.02 + side * half[1] * 0.9
        ends = [[grip[0] - 0.07, y, top], [grip[0] - 0.03, grip[1], grip[2] - 0.02]]
        path = np.array([*ends, [grip[0] + 0.03, grip[1], grip[2] - 0.02], [grip[0] + 0.07, y, top]])
        builder.tube(path, [0.005] * 4, segments=6, slot=TRIM)


def _suitcase(builder: MeshBuilder, stance: Stance, body: Points, ground: float) -> None:
    """Pull a wheeled case on its telescopic handle."""
    del body
    grip = palm(stance, "r")
    foot = np.array([grip[0] - 0.55, grip[1] - 0.03, ground + 0.045])
    up = unit(grip - foot)
    side = unit(np.cross(up, np.array([1.0, 0.0, 0.0])))
    turned = np.stack([np.cross(side, up), side, up], axis=1)
    half = np.array([0.12, 0.19, 0.28])
    _cushion(builder, foot + up * (half[2] + 0.02) + turned[:, 0] * -half[0] * 0.6, turned, half, BAG, square=7)
    for end in (-1, 1):
        base = foot + side * end * 0.07 + up * 0.55
        builder.tube(np.stack([base, grip + side * end * 0.07]), [0.007, 0.007], segments=6, slot=METAL)
        wheel = foot + side * end * 0.15
        ring = MeshBuilder()
        ring.lathe(
            np.array([[0.0, -0.015], [0.04, -0.015], [0.045, 0.0], [0.04, 0.015], [0.0, 0.015]]), segments=14, axis="y"
        )
        builder.merge(ring, np.concatenate(ring.vertices) + wheel, RUBBER)
    builder.tube(np.stack([grip - side * 0.075, grip + side * 0.075]), [0.012, 0.012], segments=8, slot=TRIM)


def _umbrella(builder: MeshBuilder, stance: Stance, body: Points, ground: float) -> None:
    """Hold an open umbrella of eight ribs over the head."""
    del body, ground
    grip = palm(stance, "r")
    head = stance.place("head")
    top = np.array([0.35 * grip[0] + 0.65 * head[0], 0.55 * grip[1] + 0.45 * head[1], head[2] + 0.46])
    axis = unit(top - grip)
    builder.tube(np.stack([grip - axis * 0.09, top + axis * 0.04]), [0.006, 0.005], segments=8, slot=METAL)
    builder.tube(np.stack([grip - axis * 0.12, grip + axis * 0.03]), [0.013, 0.012], segments=8, slot=TRIM)
    side = unit(np.cross(axis, np.array([1.0, 0.0, 0.0])))
    front = np.cross(side, axis)
    angle = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    sag = 0.5 - 0.5 * np.cos(8 * angle)
    rings: list[Points] = []
    for share in (0.01, 0.25, 0.5, 0.75, 1.0, 0.985, 0.5, 0.01):
        radius = 0.52 * share * (1 - 0.055 * sag * share)
        inner = 0.0 if len(rings) < 5 else -0.006
        drop = -0.27 * share**2 + inner
        ring = top + radius[:, None] * (np.cos(angle)[:, None] * front + np.sin(angle)[:, None] * side)
        rings.append(ring + axis * drop)
    builder.grid(np.stack(rings, axis=1)[::-1], CANOPY, closed=True)


def _stick(builder: MeshBuilder, stance: Stance, body: Points, ground: float) -> None:
    del body
    grip = palm(stance, "r")
    foot = np.array([grip[0] + 0.04, grip[1] - 0.02, ground])
    builder.tube(np.stack([foot, foot + 0.05 * unit(grip - foot), grip]), [0.012, 0.009, 0.010], segments=8, slot=WOOD)
    builder.tube(
        grip + np.array([[0.06, 0, 0.0], [0.0, 0, 0.012], [-0.06, 0, 0.0]]),
        [0.011, 0.013, 0.010],
        segments=8,
        slot=WOOD,
    )


def _phone(builder: MeshBuilder, stance: Stance) -> None:
    turned = stance.rotation("hand_r")
    joints = stance.rest.joints
    along = unit(turned @ (joints["middle_01_r"] - joints["hand_r"]))
    row = unit(turned @ (joints["pinky_01_r"] - joints["index_01_r"]))
    flat = unit(np.cross(along, row))
    axes = np.stack([unit(np.cross(row, flat)), row, flat], axis=1)
    _cushion(builder, palm(stance, "r") + along * 0.02, axes, np.array([0.074, 0.036, 0.005]), PHONE, square=9)


_WALKERS = ("standing", "walking", "crossing")
_BEARERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "backpack": (
            *_WALKERS,
            "running",
            "riding",
            "cycling",
            "phoning",
            "directing",
            "pushing",
            "sitting",
            "crouching",
        ),
        "handbag": (*_WALKERS, "phoning"),
        "shopping": _WALKERS,
        "suitcase": _WALKERS,
        "umbrella": _WALKERS,
        "stick": _WALKERS,
    }
)
_MAKERS: Mapping[str, Callable[[MeshBuilder, Stance, Points, float], None]] = MappingProxyType(
    {
        "backpack": _backpack,
        "handbag": _handbag,
        "shopping": _shopping,
        "suitcase": _suitcase,
        "umbrella": _umbrella,
        "stick": _stick,
    }
)
