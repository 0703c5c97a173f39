"""What keeps vehicles and people on their side: steel rails, concrete, railings, fences and walls; all run along x."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE, plain_finish
from scenes.stage.mesh import Points
from scenes.stage.surface import Surface, surface

_WAVE = (
    (0.0, 0.0),
    (0.0, 0.02),
    (0.081, 0.085),
    (0.081, 0.125),
    (0.02, 0.155),
    (0.081, 0.185),
    (0.081, 0.225),
    (0.0, 0.29),
    (0.0, 0.31),
)
"""Depth and height of the W-beam (310 mm high, 81 mm deep). Source: EN 1317 systems with the A profile."""
_JERSEY = (
    (-0.3, 0.0),
    (0.3, 0.0),
    (0.3, 0.075),
    (0.175, 0.33),
    (0.115, 0.81),
    (-0.115, 0.81),
    (-0.175, 0.33),
    (-0.3, 0.075),
)
"""Section of the New Jersey barrier (600 mm wide, 810 mm high). Source: FHWA F/NJ shapes, EN 1317-2 practice."""


def _beam(draft: Draft, xs: Points, ys: Points, zs: Points) -> None:
    """Draw the W-beam along a path: front and back, 3 mm apart."""
    wave = np.array(_WAVE)
    wave[:, 1] += 0.44
    rows = np.stack(
        [
            np.column_stack([np.full(len(wave), x), y + wave[:, 0], z + wave[:, 1]])
            for x, y, z in zip(xs, ys, zs, strict=True)
        ]
    )
    work = draft.use("galvanised")
    rows[..., 2] = np.maximum(rows[..., 2], 0.0)
    work.grid(rows[::-1])
    work.grid(rows - (0.0, 0.003, 0.0))


def guard_rail(variant: int) -> Asset:  # noqa: ARG001
    """Return 4 m of W-beam at 0.75 m on two C posts, 2 m apart; sections join at x = -2 and 2."""
    draft = Draft()
    _beam(draft, np.array([-2.0, 2.0]), np.zeros(2), np.zeros(2))
    for x in (-1.0, 1.0):
        _post(draft, x)
    draft.use("galvanised").extrude([(0.44, 1.84), (0.44, 1.92), (0.75, 1.92), (0.75, 1.84)], 0.002, 0.004, axis="y")
    return draft.asset("guard rail")


def _post(draft: Draft, x: float, high_m: float = 0.72) -> None:
    work = draft.use("galvanised", "frame")
    work.block((x - 0.05, -0.19, -0.0), (x + 0.05, -0.182, high_m), 0.001)
    work.block((x - 0.05, -0.19, 0.0), (x - 0.042, -0.1, high_m), 0.001)
    work.block((x + 0.042, -0.19, 0.0), (x + 0.05, -0.1, high_m), 0.001)
    work.block((x - 0.03, -0.1, 0.5), (x + 0.03, 0.0, 0.7), 0.004)
    draft.use("sheet_white" if x > 0 else "sheet_red", "plate").block(
        (x - 0.02, 0.022, 0.56), (x + 0.02, 0.03, 0.62), 0.003
    )


def guard_rail_end(variant: int) -> Asset:
    """Return the 4 m that end a rail at x = -2: lowered into the ground, or a flared plate with stripes."""
    draft = Draft()
    xs = np.linspace(-2.0, 2.0, 9)
    if variant % 2 == 0:
        drop = -0.7 * np.clip((xs - 0.5) / 1.5, 0, 1) ** 1.3
        _beam(draft, xs, np.zeros(9), drop)
        _post(draft, -1.0)
    else:
        _beam(draft, xs, -0.5 * np.clip(xs / 2, 0, 1) ** 2, np.zeros(9))
        _post(draft, -1.0)
        with draft.moved(2.0, -0.5):
            draft.use("galvanised").block((0.0, -0.03, 0.4), (0.03, 0.25, 0.8), 0.01)
            for number in range(4):
                z = 0.42 + 0.09 * number
                draft.use("sheet_yellow" if number % 2 else "print_black", "plate").face(
                    [(0.0, z), (0.22, z), (0.22, z + 0.09), (0.0, z + 0.09)], 0.031
                )
    return draft.asset("guard rail end")


def concrete_barrier(variant: int) -> Asset:
    """Return 4 m of New Jersey barrier with lifting slots; variant 1 has a reflector."""
    draft = Draft()
    draft.use("concrete").extrude(np.array(_JERSEY), -1.995, 1.995, bevel_m=0.02)
    for x in (-1.2, 1.2):
        for side in (0.0, 180.0):
            with draft.moved(x, 0.0, 0.0, side):
                draft.use("print_black").face(
                    [(0.0, -0.15), (0.075, -0.15), (0.075, 0.15), (0.0, 0.15)], 0.3012, axis="y"
                )
    if variant % 2:
        draft.use("sheet_yellow", "plate").block((-0.05, -0.02, 0.81), (0.05, 0.02, 0.9), 0.005)
    return draft.asset("concrete barrier")


def crash_cushion(variant: int) -> Asset:  # noqa: ARG001
    """Return a cushion before a nose, looking along +x: 2.6 m of bays with a striped head."""
    draft = Draft()
    for number in range(4):
        x, half = -1.2 + 0.62 * number, 0.42 - 0.05 * number
        draft.use("plastic_yellow").block((x, -half, 0.12), (x + 0.58, half, 0.82), 0.05, 3)
        draft.use("galvanised", "frame").block((x + 0.58, -half - 0.03, 0.0), (x + 0.62, half + 0.03, 0.86), 0.01)
    draft.use("rubber").block((1.28, -0.3, 0.1), (1.34, 0.3, 0.9), 0.02)
    draft.use("sheet_yellow", "plate").face(rounded_box(-0.28, 0.28, 0.14, 0.88, 0.03), 1.342)
    for number in range(4):
        z = 0.2 + 0.17 * number
        for shape in (
            [(-0.26, z), (0.0, z + 0.09), (0.0, z + 0.17), (-0.26, z + 0.08)],
            [(0.0, z + 0.09), (0.26, z), (0.26, z + 0.08), (0.0, z + 0.17)],
        ):
            draft.use("print_black", "plate").face(shape, 1.3435)
    for y in (-0.45, 0.45):
        draft.use("galvanised", "frame").block((-1.3, y - 0.03, 0.0), (1.3, y + 0.03, 0.06), 0.01)
    return draft.asset("crash cushion")


def railing(variant: int) -> Asset:
    """Return 2 m of railing for people, 1.0 m high: upright bars, two level bars, or a cross."""
    draft = Draft()
    slot = ("galvanised", "enamel_green", "enamel_anthracite")[variant % 3]
    work = draft.use(slot, "frame")
    for x in (-0.97, 0.97):
        work.bar((x, 0.0, 0.0), (x, 0.0, 1.0), 0.024)
    for z in (0.98, 0.15):
        work.bar((-1.0, 0.0, z), (1.0, 0.0, z), 0.021)
    if variant % 3 == 1:
        work.bar((-0.97, 0.0, 0.15), (0.97, 0.0, 0.98), 0.014)
        work.bar((-0.97, 0.0, 0.98), (0.97, 0.0, 0.15), 0.014)
    else:
        for x in np.linspace(-0.85, 0.85, 15):
            work.bar((x, 0.0, 0.15), (x, 0.0, 0.98), 0.008, segments=6)
    return draft.asset("pedestrian railing")


def picket(variant: int) -> Asset:
    """Return 2 m of wooden fence, 0.95 m high, with pointed pales that differ a little."""
    draft, rng = Draft(), np.random.default_rng([81, variant])
    work = draft.use(("wood_grey", "enamel_white", "wood")[variant % 3])
    for z in (0.25, 0.72):
        work.block((-1.0, -0.03, z), (1.0, 0.0, z + 0.07), 0.004)
    for x in np.arange(-0.93, 0.98, 0.133):
        top, tilt = 0.95 + rng.uniform(-0.015, 0.015), rng.uniform(-0.008, 0.008)
        work.extrude(
            [
                (0.06, x - 0.04),
                (top - 0.06, x - 0.04 + tilt),
                (top, x + tilt),
                (top - 0.06, x + 0.04 + tilt),
                (0.06, x + 0.04),
            ][::-1],
            0.0,
            0.02,
            axis="y",
        )
    work.block((-1.0, -0.1, 0.0), (-0.92, -0.03, 1.0), 0.008)
    return draft.asset("picket fence")


def chain_link(variant: int) -> Asset:
    """Return 3 m of netting between posts, 1.8 m high; variant 1 carries barbed wire on bent arms."""
    draft = Draft()
    work = draft.use(("galvanised", "enamel_green")[variant % 2], "frame")
    for x in (-1.5,):
        work.pipe([(x, 0, 0), (x, 0, 1.85), *([(x, -0.25, 2.15)] if variant % 2 else [])], 0.024)
    for z in (0.06, 0.9, 1.8):
        work.bar((-1.5, 0.0, z), (1.5, 0.0, z), 0.003 if z < 1.7 else 0.016, segments=5)
    for number in range(3 * (variant % 2)):
        y, z = -0.08 * (number + 1), 1.85 + 0.1 * (number + 1)
        work.bar((-1.5, y, z), (1.5, y, z), 0.003, segments=4)
    draft.use("wire_mesh").face([(0.05, -1.5), (1.8, -1.5), (1.8, 1.5), (0.05, 1.5)], 0.026, axis="y")
    return draft.asset("chain link fence")


def steel_fence(variant: int) -> Asset:
    """Return 2.5 m of palisade fence, 1.6 m high, with spear heads or flat tops."""
    draft = Draft()
    work = draft.use(("enamel_black", "enamel_green", "galvanised")[variant % 3], "frame")
    for z in (0.18, 1.35):
        work.block((-1.25, -0.018, z), (1.25, 0.018, z + 0.04), 0.003)
    work.block((-1.25, -0.04, 0.0), (-1.17, 0.04, 1.65), 0.005)
    for x in np.arange(-1.05, 1.24, 0.125):
        work.pipe(
            [(x, 0, 0.08), (x, 0, 1.5), (x, 0, 1.52), (x, 0, 1.62)],
            [0.009, 0.009, 0.018 if variant % 3 != 2 else 0.009, 0.001],
            segments=6,
        )
    return draft.asset("steel fence")


def low_wall(variant: int) -> Asset:
    """Return 3 m of wall, 0.8 m high, with a coping: brick, plastered or stone."""
    draft = Draft()
    draft.use(("brick", "plaster", "stone")[variant % 3]).block((-1.5, -0.12, 0.0), (1.5, 0.12, 0.74), 0.004)
    draft.use("concrete_pale").extrude(
        [(-0.16, 0.74), (0.16, 0.74), (0.16, 0.78), (0.0, 0.82), (-0.16, 0.78)], -1.5, 1.5
    )
    return draft.asset("low wall")


def _wall_finish(variant: int) -> dict[str, Surface]:
    rgb = ((0.5, 0.45, 0.36), (0.55, 0.54, 0.5), (0.42, 0.33, 0.24))[variant // 3 % 3]
    return {**PALETTE, "plaster": surface("wall", colour=rgb, kind="plaster")}


RAILS = {
    "guard_rail": Furniture(geometry=guard_rail, finish=plain_finish, footprint_m=(4.0, 0.3)),
    "guard_rail_end": Furniture(geometry=guard_rail_end, finish=plain_finish, footprint_m=(4.0, 0.8), variants=2),
    "concrete_barrier": Furniture(geometry=concrete_barrier, finish=plain_finish, footprint_m=(4.0, 0.6), variants=2),
    "crash_cushion": Furniture(geometry=crash_cushion, finish=plain_finish, footprint_m=(2.7, 1.0)),
    "pedestrian_railing": Furniture(geometry=railing, finish=plain_finish, footprint_m=(2.0, 0.06), variants=3),
    "fence_picket": Furniture(geometry=picket, finish=plain_finish, footprint_m=(2.0, 0.15), variants=3),
    "fence_chain_link": Furniture(geometry=chain_link, finish=plain_finish, footprint_m=(3.0, 0.3), variants=2),
    "fence_steel": Furniture(geometry=steel_fence, finish=plain_finish, footprint_m=(2.5, 0.1), variants=3),
    "wall_low_brick": Furniture(geometry=low_wall, finish=_wall_finish, footprint_m=(3.0, 0.32), variants=6),
}
