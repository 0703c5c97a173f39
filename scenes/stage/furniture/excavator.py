"""A tracked excavator of about 8 tonnes: tracks, turned cab, counterweight, boom, stick, bucket and rams.

Source of dimensions: the 8 t class (2.3 m wide, 2.6 m high cab, tracks 2.9 m long, reach about 6 m).
"""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, regular
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish
from scenes.stage.mesh import Points

Spot = tuple[float, float]


def excavator(variant: int) -> Asset:
    """Return the machine with its tracks along x; variants turn the cab and fold the arm."""
    draft = Draft()
    for side in (-1, 1):
        _track(draft, 0.92 * side)
    draft.use("plastic_black", "chassis").block((-0.9, -0.7, 0.35), (0.9, 0.7, 0.72), 0.05)
    draft.use("plastic_black", "chassis").turned([(0.6, 0.7), (0.6, 0.85), (0.0, 0.85)], segments=24)
    with draft.moved(0, 0, 0, (0.0, 38.0, -65.0)[variant % 3]):
        _house(draft)
        _arm(
            draft, ((2.05, 3.0), (3.6, 2.5), (3.5, 0.75)) if variant % 2 == 0 else ((1.9, 3.2), (3.6, 1.9), (3.0, 0.5))
        )
    return draft.asset("excavator")


def _track(draft: Draft, y: float) -> None:
    ends = [(-1.1, 0.34, 90.0), (1.1, 0.34, -90.0)]
    outline = np.concatenate(
        [
            np.column_stack([x + 0.34 * np.cos(a), z + 0.34 * np.sin(a)])
            for x, z, start in ends[::-1]
            for a in [np.deg2rad(start + np.linspace(0, 180, 9))]
        ]
    )
    flat = outline[:, ::-1][::-1]
    draft.use("rubber", "wheel").extrude(flat, y - 0.22, y + 0.22, axis="y", bevel_m=0.02)
    path = np.vstack([outline, outline[:1]])
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    for at in np.arange(0.0, steps[-1], 0.17):
        x, z = (np.interp(at, steps, path[:, k]) for k in (0, 1))
        outward = np.array([x - np.clip(x, -1.1, 1.1), z - 0.34])
        angle = np.arctan2(outward[0], outward[1])
        with draft.moved(float(x), y, max(float(z), 0.013)), draft.tilted(float(np.rad2deg(angle))):
            draft.use("rubber", "wheel").block((-0.05, -0.225, -0.012), (0.05, 0.225, 0.013), 0.008, 0)
    for x in (-1.1, -0.55, 0.0, 0.55, 1.1):
        radius = 0.26 if abs(x) > 1 else 0.13
        high = 0.34 if abs(x) > 1 else 0.2
        draft.use("steel_worn", "wheel").extrude(
            regular(16, radius, centre=(high, x)), y - 0.23, y + 0.23, axis="y", bevel_m=0.02
        )


def _house(draft: Draft) -> None:
    paint = "enamel_yellow"
    draft.use(paint).block((-1.35, -1.05, 0.85), (1.0, 1.05, 1.08), 0.05)
    draft.use(paint).block((-1.5, -1.08, 1.0), (-0.35, 1.08, 1.75), 0.16, 4)
    draft.use("plastic_black").block((-1.53, -1.0, 0.9), (-1.1, 1.0, 1.25), 0.1, 4)
    draft.use(paint).block((-0.4, -1.05, 1.05), (0.9, -0.25, 1.5), 0.08, 3)
    for z in np.arange(1.2, 1.6, 0.07):
        draft.use("plastic_black").block((-1.0, -1.085, z), (-0.5, -1.07, z + 0.035), 0.002)
    draft.use("plastic_black").bar((-0.7, -0.5, 1.7), (-0.7, -0.5, 2.1), 0.05)
    _cab(draft)


def _cab(draft: Draft) -> None:
    side = np.array(
        [(1.05, 0.95), (1.02, 1.05), (1.75, 1.12), (2.55, 0.85), (2.6, 0.75), (2.6, -0.35), (2.5, -0.42), (1.05, -0.42)]
    )
    with draft.moved(0.0, 0.6):
        draft.use("enamel_anthracite").extrude(side, -0.42, 0.42, axis="y", bevel_m=0.03)
        panes = [
            np.array([(1.75, 1.02), (2.45, 0.79), (2.45, 0.3), (1.35, 0.3), (1.35, 0.95)]),
            np.array([(1.35, 0.24), (2.45, 0.24), (2.45, -0.3), (1.35, -0.3)]),
        ]
        for pane in panes:
            draft.use("glass_dark", "glass").face(pane, 0.4215, axis="y")
            draft.use("glass_dark", "glass").face(pane[::-1], -0.4215, axis="y")
        front = [
            (1.095, -0.36, 1.2),
            (1.095, 0.36, 1.2),
            (1.135, 0.36, 1.72),
            (0.885, 0.36, 2.5),
            (0.885, -0.36, 2.5),
            (1.135, -0.36, 1.72),
        ]
        work = draft.use("glass_dark", "glass")
        work.add(np.array(front), [(0, 1, 2, 5), (5, 2, 3, 4)])
        draft.use("plastic_white", "roof").block((-0.4, -0.36, 2.59), (0.8, 0.36, 2.64), 0.03)
        draft.use("lens_amber", "light_bar").turned(
            [(0.06, 2.63), (0.06, 2.72), (0.03, 2.76), (0.0, 2.76)], segments=12
        )


def _arm(draft: Draft, joints: tuple[Spot, Spot, Spot]) -> None:
    """Build boom, stick, bucket and rams in the plane y = -0.1 through joints given as (x, z)."""
    foot = (0.85, 1.15)
    knee, wrist, tip = joints
    middle = ((foot[0] + knee[0]) / 2 - 0.25, (foot[1] + knee[1]) / 2 + 0.35)
    with draft.moved(0.0, -0.1):
        _girder(draft, [foot, middle, knee], [0.2, 0.34, 0.22], 0.13)
        back = (knee[0] - 0.3 * (wrist[0] - knee[0]), knee[1] - 0.3 * (wrist[1] - knee[1]) + 0.1)
        _girder(draft, [back, knee, wrist], [0.16, 0.3, 0.16], 0.11)
        _ram(draft, (middle[0] + 0.15, middle[1] + 0.24), back)
        _ram(draft, (0.95, 0.95), (middle[0] + 0.1, middle[1] - 0.1))
        _ram(draft, (knee[0] + 0.1, knee[1] + 0.2), (wrist[0] + 0.12, wrist[1] + 0.1))
        _bucket(draft, wrist, tip)


def _girder(draft: Draft, line: list[Spot], deep: list[float], half: float) -> None:
    points = np.array(line)
    ahead = np.gradient(points, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    up = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    tall = np.array(deep)[:, None] / 2
    outline = np.concatenate([points - up * tall, (points + up * tall)[::-1]])
    draft.use("enamel_yellow", "trailer").extrude(outline[:, ::-1][::-1], -half, half, axis="y", bevel_m=0.015)
    for x, z in (line[0], line[-1]):
        draft.use("steel_worn", "trailer").extrude(
            regular(12, 0.09, centre=(z, x)), -half - 0.03, half + 0.03, axis="y", bevel_m=0.01
        )


def _ram(draft: Draft, start: Spot, end: Spot) -> None:
    first, last = np.array([start[0], 0, start[1]]), np.array([end[0], 0, end[1]])
    middle = first + 0.6 * (last - first)
    draft.use("plastic_black", "trailer").bar(first, middle, 0.06, segments=10)
    draft.use("mirror", "trailer").bar(middle, last, 0.032, segments=8)


def _bucket(draft: Draft, wrist: Spot, tip: Spot) -> None:
    """A curled shell with side plates and teeth, open towards the cab."""
    angle = np.deg2rad(np.linspace(60, -150, 10))
    arc = np.column_stack([wrist[0] + 0.05 + 0.42 * np.cos(angle), wrist[1] - 0.32 + 0.42 * np.sin(angle)])
    shell: Points = np.stack([np.column_stack([arc[:, 0], np.full(10, y), arc[:, 1]]) for y in (-0.4, 0.4)], axis=1)
    work = draft.use("steel_worn", "trailer")
    work.grid(shell)
    work.grid(
        (shell - (wrist[0] + 0.05, 0, wrist[1] - 0.32))[::-1] * (0.95, 1, 0.95) + (wrist[0] + 0.05, 0, wrist[1] - 0.32)
    )
    for y, step in ((-0.4, 1), (0.4, -1)):
        work.extrude(arc[:, ::-1][::step] if step < 0 else arc[:, ::-1], y - 0.01, y + 0.01, axis="y")
    for y in np.linspace(-0.34, 0.34, 5):
        work.bar((arc[-1, 0], y, arc[-1, 1]), (arc[-1, 0] - 0.02, y, arc[-1, 1] + 0.14), 0.03, segments=5)
    assert tip is not None


EXCAVATOR = {
    "excavator": Furniture(geometry=excavator, finish=plain_finish, footprint_m=(5.7, 2.3), variants=6),
}
