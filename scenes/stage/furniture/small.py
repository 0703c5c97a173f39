"""Small things of a pavement: benches, bollards, hydrants, boxes, stands and planters."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, regular, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish


def bench(variant: int) -> Asset:
    """Return a bench 1.8 m along y: slats on cast legs with a back, or a slab of concrete and wood."""
    draft = Draft()
    if variant % 3 == 2:
        for y in (-0.7, 0.7):
            draft.use("concrete_pale").block((-0.25, y - 0.12, 0.0), (0.25, y + 0.12, 0.4), 0.015)
        for x in np.linspace(-0.2, 0.2, 5):
            draft.use("wood").block((x - 0.042, -0.95, 0.4), (x + 0.042, 0.95, 0.45), 0.006)
        return draft.asset("bench")
    legs, slats = (("iron", "wood"), ("enamel_green", "wood_grey"))[variant % 2]
    for y in (-0.72, 0.72):
        with draft.moved(0.0, y):
            for path in (
                [(0.24, 0, 0.0), (0.2, 0, 0.2), (0.22, 0, 0.41)],
                [(-0.28, 0, 0.0), (-0.17, 0, 0.22), (-0.2, 0, 0.45), (-0.31, 0, 0.86)],
                [(0.23, 0, 0.4), (0.0, 0, 0.37), (-0.2, 0, 0.38)],
                [(0.2, 0, 0.41), (0.24, 0, 0.62), (0.0, 0, 0.65), (-0.24, 0, 0.64)],
            ):
                draft.use(legs, "frame").pipe(path, 0.018, segments=7)
    for x, z in ((0.19, 0.425), (0.09, 0.41), (-0.01, 0.405), (-0.11, 0.41)):
        draft.use(slats, "seat").block((x - 0.04, -0.9, z - 0.012), (x + 0.04, 0.9, z + 0.014), 0.005)
    for x, z in ((-0.2, 0.55), (-0.23, 0.66), (-0.26, 0.77)):
        with draft.moved(x, 0.0, z), draft.tilted(-14):
            draft.use(slats, "seat").block((-0.004, -0.9, -0.042), (0.02, 0.9, 0.042), 0.005)
    return draft.asset("bench")


def bollard(variant: int) -> Asset:
    """Return a bollard, 0.9 m: cast with rings, steel tube with a band, concrete, or flexible plastic."""
    draft, kind = Draft(), variant % 4
    if kind == 0:
        rows = [
            (0.1, 0.0),
            (0.1, 0.08),
            (0.075, 0.12),
            (0.065, 0.7),
            (0.085, 0.72),
            (0.085, 0.76),
            (0.06, 0.78),
            (0.075, 0.86),
            (0.05, 0.93),
            (0.0, 0.95),
        ]
        draft.use("enamel_black").turned(rows, segments=16)
    elif kind == 1:
        draft.use("galvanised").turned([(0.045, 0.0), (0.045, 0.96), (0.03, 0.985), (0.0, 0.99)], segments=16)
        draft.use("sheet_red").turned([(0.0455, 0.78), (0.0455, 0.9)], segments=16)
    elif kind == 2:
        draft.use("concrete").turned(
            [(0.17, 0.0), (0.15, 0.5), (0.17, 0.56), (0.15, 0.68), (0.08, 0.74), (0.0, 0.76)], segments=18
        )
    else:
        draft.use("plastic_orange").turned(
            [(0.1, 0.0), (0.1, 0.02), (0.045, 0.04), (0.04, 0.72), (0.03, 0.75), (0.0, 0.75)], segments=14
        )
        for z in (0.4, 0.56):
            draft.use("sheet_white").turned([(0.0435, z), (0.0435, z + 0.08)], segments=14)
    return draft.asset("bollard")


def hydrant(variant: int) -> Asset:
    """Return a pillar hydrant, 0.85 m high, with a bonnet, three outlets and bolts."""
    draft, slot = Draft(), ("enamel_red", "enamel_yellow", "enamel_blue")[variant % 3]
    rows = [
        (0.16, 0.0),
        (0.16, 0.04),
        (0.1, 0.05),
        (0.095, 0.5),
        (0.12, 0.52),
        (0.12, 0.56),
        (0.1, 0.57),
        (0.105, 0.66),
        (0.13, 0.67),
        (0.13, 0.7),
        (0.11, 0.76),
        (0.06, 0.81),
        (0.03, 0.82),
        (0.03, 0.86),
        (0.0, 0.86),
    ]
    draft.use(slot).turned(rows, segments=20)
    for heading in (0.0, 90.0, -90.0):
        with draft.moved(0, 0, 0.44 if heading else 0.4, heading):
            draft.use(slot).extrude(regular(14, 0.06 if heading else 0.075), 0.08, 0.16, bevel_m=0.004)
            draft.use("iron").extrude(regular(6, 0.055 if heading else 0.07), 0.16, 0.19, bevel_m=0.006)
            draft.use("iron").extrude(regular(5, 0.018), 0.19, 0.21)
    for angle in range(0, 360, 60):
        with draft.moved(0, 0, 0, angle):
            draft.use("iron").extrude(regular(6, 0.014, centre=(0.14, 0.0)), 0.04, 0.06, axis="z")
    return draft.asset("hydrant")


def post_box(variant: int) -> Asset:
    """Return a letter box: a pillar of 1.5 m with a cap, or a box on a post."""
    draft, slot = Draft(), ("enamel_red", "enamel_yellow", "enamel_blue")[variant % 3]
    if variant % 2 == 0:
        rows = [
            (0.25, 0.0),
            (0.25, 0.1),
            (0.22, 0.12),
            (0.22, 1.32),
            (0.25, 1.35),
            (0.25, 1.4),
            (0.2, 1.48),
            (0.08, 1.53),
            (0.0, 1.54),
        ]
        draft.use(slot).turned(rows, segments=28)
        front = 0.2165
    else:
        draft.use("enamel_anthracite", "frame").bar((0, 0, 0), (0, 0, 0.8), 0.045)
        draft.use(slot).block((-0.17, -0.22, 0.75), (0.17, 0.22, 1.3), 0.04, 4)
        draft.use(slot).block((-0.18, -0.23, 1.28), (0.2, 0.23, 1.36), 0.05, 4)
        front = 0.166
    draft.use("print_black").block((front - 0.01, -0.13, 1.2), (front + 0.014, 0.13, 1.235), 0.004)
    draft.use(slot).block((front - 0.02, -0.15, 1.235), (front + 0.04, 0.15, 1.25), 0.006)
    draft.use("sheet_white", "plate").block((front - 0.01, -0.07, 0.98), (front + 0.012, 0.07, 1.14), 0.004)
    return draft.asset("post box")


def parking_meter(variant: int) -> Asset:
    """Return a pay machine 1.7 m high with a solar panel, or a single meter on a tube."""
    draft = Draft()
    if variant % 2:
        draft.use("galvanised", "frame").bar((0, 0, 0), (0, 0, 1.15), 0.03)
        draft.use("enamel_grey").extrude(rounded_box(-0.09, 0.09, 1.12, 1.46, 0.085, 6), -0.06, 0.06, bevel_m=0.015)
        draft.use("glass_dark").face(rounded_box(-0.06, 0.06, 1.32, 1.42, 0.045, 4), 0.0605)
        draft.use("print_black").block((0.055, -0.02, 1.2), (0.064, 0.02, 1.28), 0.003)
        return draft.asset("parking meter")
    draft.use("enamel_blue").block((-0.13, -0.17, 0.0), (0.13, 0.17, 1.5), 0.03, 3)
    draft.use("enamel_anthracite").block((0.1, -0.15, 0.9), (0.145, 0.15, 1.42), 0.02)
    draft.use("glass_dark").face(rounded_box(-0.1, 0.1, 1.22, 1.36, 0.01), 0.1455)
    draft.use("galvanised").block((0.14, -0.07, 0.95), (0.16, 0.07, 1.05), 0.005)
    for y in (-0.06, 0.0, 0.06):
        draft.use("plastic_green" if y > 0 else "plastic_grey").extrude(
            regular(10, 0.018, centre=(y, 1.14)), 0.14, 0.152
        )
    draft.use("galvanised", "frame").bar((0, 0, 1.48), (0, 0, 1.75), 0.025)
    with draft.moved(0, 0, 1.78), draft.tilted(25):
        draft.use("glass_dark").block((-0.2, -0.16, 0.0), (0.2, 0.16, 0.02), 0.005)
    draft.use("sheet_white", "plate").face(rounded_box(-0.1, 0.1, 0.55, 0.75, 0.01), 0.131)
    return draft.asset("parking meter")


def bicycle_stand(variant: int) -> Asset:
    """Return three to five hoops, 0.8 m high and 0.8 m apart along y."""
    draft, count = Draft(), 3 + variant % 3
    angle = np.linspace(0, np.pi, 9)
    arch = np.column_stack([0.36 * np.cos(angle), 0 * angle, 0.5 + 0.28 * np.sin(angle)])
    path = np.vstack([[(0.36, 0, 0.0)], arch, [(-0.36, 0, 0.0)]])
    for number in range(count):
        with draft.moved(0.0, 0.8 * (number - (count - 1) / 2)):
            draft.use(("galvanised", "enamel_anthracite")[variant % 2], "frame").pipe(path, 0.024, segments=8)
    return draft.asset("bicycle stand")


def planter(variant: int) -> Asset:
    """Return a tub of concrete, wood or zinc with soil, leaves and flowers."""
    draft, rng = Draft(), np.random.default_rng([112, variant])
    if variant % 2 == 0:
        draft.use(("concrete", "stone")[variant // 2 % 2]).turned(
            [(0.42, 0.0), (0.5, 0.08), (0.58, 0.48), (0.6, 0.5), (0.6, 0.55), (0.52, 0.55), (0.5, 0.47)], segments=26
        )
        draft.use("soil").turned([(0.51, 0.47), (0.0, 0.49)], segments=26)
        spread = (0.45, 0.45)
    else:
        for low, high in ((-0.6, -0.56), (0.56, 0.6)):
            draft.use("wood").block((-0.3, low, 0.06), (0.3, high, 0.5), 0.006)
        for z in (0.06, 0.21, 0.36):
            for x in (-0.3, 0.3):
                draft.use("wood").block((x - 0.015, -0.6, z), (x + 0.015, 0.6, z + 0.14), 0.006)
        for x, y in ((-0.28, -0.56), (-0.28, 0.56), (0.28, -0.56), (0.28, 0.56)):
            draft.use("wood").block((x - 0.04, y - 0.04, 0.0), (x + 0.04, y + 0.04, 0.53), 0.006)
        draft.use("soil").block((-0.28, -0.56, 0.1), (0.28, 0.56, 0.45), 0.01)
        spread = (0.24, 0.5)
    _leafage(draft, rng, spread)
    return draft.asset("planter")


def _leafage(draft: Draft, rng: np.random.Generator, spread: tuple[float, float]) -> None:
    """A low cushion of 260 leaves and 40 flowers as bent quads, each of its own colour."""
    work = draft.use("plant")
    bloom = [(0.6, 0.02, 0.03), (0.7, 0.4, 0.01), (0.6, 0.55, 0.5), (0.3, 0.03, 0.3)][int(rng.integers(4))]
    for number in range(300):
        flower = number >= 260
        angle, share = rng.uniform(0, 2 * np.pi), np.sqrt(rng.uniform())
        dome = 0.46 + (0.32 if flower else rng.uniform(0.02, 0.3)) * (1 - 0.6 * share**2)
        at = np.array([spread[0] * share * np.cos(angle), spread[1] * share * np.sin(angle), dome])
        size = 0.03 if flower else rng.uniform(0.04, 0.08)
        one = rng.normal(size=3)
        one /= np.linalg.norm(one)
        two = np.cross(one, rng.normal(size=3))
        two /= np.linalg.norm(two)
        rgb = bloom if flower else tuple((np.array([0.03, 0.09, 0.015]) * rng.uniform(0.5, 1.5)).tolist())
        work.quad([at - size * one, at + 0.5 * size * two, at + size * one, at - 0.5 * size * two], tint=(*rgb, 1.0))


SMALL = {
    "bench": Furniture(geometry=bench, finish=plain_finish, footprint_m=(0.62, 1.9), variants=3),
    "bollard": Furniture(geometry=bollard, finish=plain_finish, footprint_m=(0.34, 0.34), variants=4),
    "hydrant": Furniture(geometry=hydrant, finish=plain_finish, footprint_m=(0.42, 0.42), variants=3),
    "post_box": Furniture(geometry=post_box, finish=plain_finish, footprint_m=(0.5, 0.5), variants=6),
    "parking_meter": Furniture(geometry=parking_meter, finish=plain_finish, footprint_m=(0.4, 0.36), variants=2),
    "bicycle_stand": Furniture(geometry=bicycle_stand, finish=plain_finish, footprint_m=(0.78, 3.3), variants=6),
    "planter": Furniture(geometry=planter, finish=plain_finish, footprint_m=(1.2, 1.24), variants=8),
}
