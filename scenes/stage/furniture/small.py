"""Small things of a pavement: bins, benches, bollards, hydrants, boxes, stands, planters and covers."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, regular, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE, plain_finish
from scenes.stage.surface import Surface, surface

_BINS = ("plastic_black", "plastic_green", "plastic_blue", "plastic_brown", "plastic_yellow")


def street_bin(variant: int) -> Asset:
    """Return a round bin 0.9 m high with slats or a drum, a dark mouth and a rim."""
    draft = Draft()
    skin = ("enamel_anthracite", "wood", "enamel_green")[variant % 3]
    if variant % 3 == 1:
        draft.use("plastic_black").turned([(0.2, 0.0), (0.2, 0.8)], segments=20)
        for angle in np.arange(0, 360, 20):
            with draft.moved(0, 0, 0, float(angle)):
                draft.use("wood").block((0.215, -0.03, 0.06), (0.235, 0.03, 0.78), 0.004)
        for z in (0.12, 0.72):
            draft.use("galvanised", "frame").turned(
                [(0.236, z), (0.24, z + 0.002), (0.24, z + 0.038), (0.236, z + 0.04)], segments=20
            )
    else:
        draft.use(skin).turned([(0.2, 0.0), (0.21, 0.05), (0.23, 0.1), (0.24, 0.82)], segments=24)
    draft.use(skin if variant % 3 != 1 else "enamel_anthracite").turned(
        [(0.24, 0.78), (0.26, 0.8), (0.26, 0.88), (0.2, 0.9), (0.19, 0.86)], segments=24
    )
    draft.use("plastic_black").turned([(0.2, 0.7), (0.0, 0.7)], segments=24)
    return draft.asset("bin")


def litter_bin(variant: int) -> Asset:
    """Return a small bin on a post, 1.1 m high, with a hood."""
    draft = Draft()
    draft.use("galvanised", "frame").bar((-0.14, 0, 0), (-0.14, 0, 1.15), 0.03)
    slot = ("plastic_green", "plastic_orange", "enamel_anthracite", "plastic_red")[variant % 4]
    rows = [(0.13, 0.17, 0.5), (0.15, 0.2, 0.54), (0.16, 0.21, 0.95)]
    draft.use(slot).loft(
        np.stack([np.column_stack([rounded_box(-x + 0.03, x + 0.03, -y, y, 0.06), np.full(16, z)]) for x, y, z in rows])
    )
    draft.use("plastic_black").block((-0.1, -0.18, 0.955), (0.16, 0.18, 0.965), 0.004)
    for y in (-0.19, 0.19):
        draft.use(slot).block((-0.12, y - 0.012, 0.94), (0.15, y + 0.012, 1.1), 0.008)
    draft.use(slot).block((-0.14, -0.215, 1.08), (0.2, 0.215, 1.13), 0.03)
    draft.use("sheet_white", "plate").face(rounded_box(-0.06, 0.06, 0.7, 0.82, 0.01), 0.1935)
    return draft.asset("litter bin")


def _wheelie(draft: Draft, slot: str, lid: str, open_deg: float, scale: float) -> None:
    """One two-wheeled bin. Source: EN 840-1, 240 l: 580 by 740 mm, 1,070 mm high."""
    s = scale
    rows = [
        (-0.2, 0.2, 0.2, 0.02),
        (-0.25, 0.24, 0.23, 0.3),
        (-0.32, 0.31, 0.27, 0.94),
        (-0.34, 0.34, 0.29, 0.95),
        (-0.34, 0.34, 0.29, 1.0),
    ]
    draft.use(slot).loft(
        np.stack(
            [
                np.column_stack([rounded_box(s * a, s * b, -s * y, s * y, 0.05), np.full(16, s * z)])
                for a, b, y, z in rows
            ]
        )
    )
    with draft.moved(-0.33 * s, 0.0, 1.0 * s), draft.tilted(-open_deg):
        draft.use(lid).block((-0.02, -0.3 * s, 0.0), (0.68 * s, 0.3 * s, 0.055), 0.04, 3)
    draft.use(slot).bar((-0.38 * s, -0.22 * s, 0.98 * s), (-0.38 * s, 0.22 * s, 0.98 * s), 0.016)
    for y in (-0.2, 0.2):
        draft.use(slot).block((-0.4 * s, (y - 0.02) * s, 0.95 * s), (-0.3 * s, (y + 0.02) * s, 1.0 * s), 0.01)
    for y in (-0.27, 0.27):
        draft.use("rubber", "wheel").extrude(
            regular(18, 0.1, centre=(0.1, -0.24 * s)), y * s - 0.025, y * s + 0.025, axis="y", bevel_m=0.01
        )
        draft.use("plastic_grey", "wheel").extrude(
            regular(12, 0.05, centre=(0.1, -0.24 * s)), y * s - 0.028, y * s + 0.028, axis="y"
        )


def wheelie_bins(variant: int) -> Asset:
    """Return one to three wheeled bins, askew; fuller ones stand open."""
    draft, rng = Draft(), np.random.default_rng([111, variant])
    count = 1 + variant % 3
    for number in range(count):
        slot = _BINS[int(rng.integers(3))]
        with draft.moved(
            float(rng.uniform(-0.06, 0.06)), 0.68 * (number - (count - 1) / 2), 0.0, float(rng.normal(0, 6))
        ):
            lid = _BINS[int(rng.integers(len(_BINS)))] if rng.random() < 0.5 else slot
            _wheelie(draft, slot, lid, 18.0 if rng.random() < 0.3 else 0.0, 1.0 if rng.random() < 0.7 else 0.9)
    return draft.asset("wheelie bins")


def recycling(variant: int) -> Asset:
    """Return a four-wheeled container (EN 840-3, 1,100 l: 1.37 by 1.07 by 1.45 m) or a bottle bank."""
    draft = Draft()
    if variant % 2:
        slot = ("plastic_green", "plastic_white", "plastic_blue")[variant // 2 % 3]
        rows = [(0.6, 0.0), (0.66, 0.1), (0.72, 0.9), (0.7, 1.3), (0.5, 1.6), (0.2, 1.72), (0.0, 1.74)]
        draft.use(slot).turned(rows, segments=28)
        for heading in (0.0, 180.0):
            with draft.moved(0, 0, 0, heading), draft.moved(0.62, 0.0, 1.38), draft.tilted(-35):
                draft.use("rubber").extrude(regular(16, 0.13), 0.0, 0.05, bevel_m=0.01)
        draft.use("galvanised", "frame").bar((0, 0, 1.7), (0, 0, 1.85), 0.04)
        return draft.asset("bottle bank")
    slot = ("plastic_grey", "plastic_green", "plastic_blue", "plastic_yellow")[variant // 2 % 4]
    rows = [(0.42, 0.56, 0.2), (0.45, 0.6, 0.3), (0.5, 0.66, 1.1), (0.53, 0.685, 1.12), (0.53, 0.685, 1.2)]
    draft.use(_BINS[0] if slot == "plastic_yellow" else slot).loft(
        np.stack([np.column_stack([rounded_box(-x, x, -y, y, 0.08), np.full(16, z)]) for x, y, z in rows])
    )
    angle = np.linspace(0, np.pi, 9)
    lid = np.column_stack([1.2 + 0.24 * np.sin(angle), 0.53 * np.cos(angle)])
    draft.use(slot).extrude(lid[::-1][:, ::1], -0.69, 0.69, axis="y", bevel_m=0.02)
    for x, y in ((-0.38, -0.5), (-0.38, 0.5), (0.38, -0.5), (0.38, 0.5)):
        draft.use("rubber", "wheel").extrude(
            regular(16, 0.1, centre=(0.1, x)), y - 0.02, y + 0.02, axis="y", bevel_m=0.006
        )
        draft.use("galvanised", "frame").block((x - 0.05, y - 0.04, 0.12), (x + 0.05, y + 0.04, 0.22), 0.005)
    for y in (-0.7, 0.7):
        draft.use("galvanised", "frame").bar((-0.06, y, 1.05), (0.06, y, 1.05), 0.04)
    return draft.asset("recycling container")


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


def manhole(variant: int) -> Asset:
    """Return a cover 0.7 m wide in its frame, 8 mm proud: round with a raised pattern, or square."""
    draft = Draft()
    if variant % 3 == 2:
        draft.use("iron").block((-0.32, -0.32, 0.0), (0.32, 0.32, 0.006), 0.002)
        for x in np.linspace(-0.24, 0.24, 7):
            for y in np.linspace(-0.24, 0.24, 7):
                draft.use("iron").block((x - 0.022, y - 0.022, 0.006), (x + 0.022, y + 0.022, 0.009), 0.002, 0)
        return draft.asset("manhole cover")
    draft.use("concrete" if variant % 3 else "iron").turned([(0.4, 0.0), (0.395, 0.004), (0.335, 0.004)], segments=32)
    draft.use("iron").turned([(0.33, 0.002), (0.328, 0.006), (0.0, 0.006)], segments=32)
    for count, radius in ((6, 0.08), (12, 0.17), (20, 0.26)):
        for angle in np.linspace(0, 360, count, endpoint=False):
            with draft.moved(0, 0, 0.006, float(angle)):
                draft.use("iron").block((radius - 0.03, -0.018, 0.0), (radius + 0.03, 0.018, 0.003), 0.002, 0)
    return draft.asset("manhole cover")


def drain(variant: int) -> Asset:
    """Return a gully grate 0.5 by 0.4 m with dark slots between bars, its long side along x."""
    draft = Draft()
    draft.use("print_black").face([(-0.24, -0.19), (0.24, -0.19), (0.24, 0.19), (-0.24, 0.19)], 0.001, axis="z")
    for low, high in (
        ((-0.26, -0.21), (0.26, -0.17)),
        ((-0.26, 0.17), (0.26, 0.21)),
        ((-0.26, -0.21), (-0.22, 0.21)),
        ((0.22, -0.21), (0.26, 0.21)),
        ((-0.26, -0.015), (0.26, 0.015)),
    ):
        draft.use("iron").block((*low, 0.0), (*high, 0.008), 0.002, 1)
    for x in np.arange(-0.195, 0.2, 0.047 if variant % 2 == 0 else 0.06):
        draft.use("iron").block((x - 0.011, -0.19, 0.0), (x + 0.011, 0.19, 0.007), 0.002, 0)
    return draft.asset("drain gully")


def _wheelie_finish(variant: int) -> dict[str, Surface]:
    return {**PALETTE, "plastic_black": surface("moulded", colour=(0.02 + 0.005 * (variant % 3),) * 3, dirt=0.6)}


SMALL = {
    "bin": Furniture(geometry=street_bin, finish=plain_finish, footprint_m=(0.52, 0.52), variants=3),
    "litter_bin": Furniture(geometry=litter_bin, finish=plain_finish, footprint_m=(0.4, 0.44), variants=4),
    "wheelie_bins": Furniture(geometry=wheelie_bins, finish=_wheelie_finish, footprint_m=(0.85, 2.05), variants=9),
    "recycling_container": Furniture(geometry=recycling, finish=plain_finish, footprint_m=(1.45, 1.45), variants=8),
    "bench": Furniture(geometry=bench, finish=plain_finish, footprint_m=(0.62, 1.9), variants=3),
    "bollard": Furniture(geometry=bollard, finish=plain_finish, footprint_m=(0.34, 0.34), variants=4),
    "hydrant": Furniture(geometry=hydrant, finish=plain_finish, footprint_m=(0.42, 0.42), variants=3),
    "post_box": Furniture(geometry=post_box, finish=plain_finish, footprint_m=(0.5, 0.5), variants=6),
    "parking_meter": Furniture(geometry=parking_meter, finish=plain_finish, footprint_m=(0.4, 0.36), variants=2),
    "bicycle_stand": Furniture(geometry=bicycle_stand, finish=plain_finish, footprint_m=(0.78, 3.3), variants=6),
    "planter": Furniture(geometry=planter, finish=plain_finish, footprint_m=(1.2, 1.24), variants=8),
    "drain_gully": Furniture(geometry=drain, finish=plain_finish, footprint_m=(0.52, 0.42), variants=2),
    "manhole_cover": Furniture(geometry=manhole, finish=plain_finish, footprint_m=(0.8, 0.8), variants=3),
}
