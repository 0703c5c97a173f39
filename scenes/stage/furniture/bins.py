"""Bins of all sizes, from a hooded bin on a post to a bottle bank."""

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
    walls = [(0.42, 0.56, 0.2), (0.45, 0.6, 0.3), (0.5, 0.66, 1.1), (0.53, 0.685, 1.12), (0.53, 0.685, 1.2)]
    draft.use(_BINS[0] if slot == "plastic_yellow" else slot).loft(
        np.stack([np.column_stack([rounded_box(-x, x, -y, y, 0.08), np.full(16, z)]) for x, y, z in walls])
    )
    angle = np.linspace(0, np.pi, 9)
    lid = np.column_stack([1.2 + 0.24 * np.sin(angle), 0.53 * np.cos(angle)])
    draft.use(slot).extrude(lid[::-1], -0.69, 0.69, axis="y", bevel_m=0.02)
    for x, y in ((-0.38, -0.5), (-0.38, 0.5), (0.38, -0.5), (0.38, 0.5)):
        draft.use("rubber", "wheel").extrude(
            regular(16, 0.1, centre=(0.1, x)), y - 0.02, y + 0.02, axis="y", bevel_m=0.006
        )
        draft.use("galvanised", "frame").block((x - 0.05, y - 0.04, 0.12), (x + 0.05, y + 0.04, 0.22), 0.005)
    for y in (-0.7, 0.7):
        draft.use("galvanised", "frame").bar((-0.06, y, 1.05), (0.06, y, 1.05), 0.04)
    return draft.asset("recycling container")


def _wheelie_finish(variant: int) -> dict[str, Surface]:
    return {**PALETTE, "plastic_black": surface("moulded", colour=(0.02 + 0.005 * (variant % 3),) * 3, dirt=0.6)}


BINS = {
    "bin": Furniture(geometry=street_bin, finish=plain_finish, footprint_m=(0.52, 0.52), variants=3),
    "litter_bin": Furniture(geometry=litter_bin, finish=plain_finish, footprint_m=(0.4, 0.44), variants=4),
    "wheelie_bins": Furniture(geometry=wheelie_bins, finish=_wheelie_finish, footprint_m=(0.85, 2.05), variants=9),
    "recycling_container": Furniture(geometry=recycling, finish=plain_finish, footprint_m=(1.45, 1.45), variants=8),
}
