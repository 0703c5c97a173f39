"""What road works set out: cones, barrels, boards, lamps, plates, heaps and a fence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, regular, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE, glowing, plain_finish
from scenes.stage.mesh import Points
from scenes.stage.surface import Surface, surface

_CONES_M = (0.75, 0.5, 1.0)


def cone(variant: int, high_m: float | None = None) -> Asset:
    """Return a cone with two bands on a rubber foot. Source: EN 13422 heights 500, 750 and 1,000 mm."""
    draft, high = Draft(), high_m or _CONES_M[variant % 3]
    base, top = 0.19 * high, 0.032 * high / 0.75
    foot = 0.265 * high
    draft.use("rubber").block((-foot, -foot, 0.0), (foot, foot, 0.035), 0.012, 3)
    cuts = (0.035, 0.3, 0.5, 0.62, 0.82, 1.0)
    for number, (low, up) in enumerate(pairwise(cuts)):
        slot = "sheet_white" if number in (1, 3) else "plastic_orange"
        low_z, up_z = low * high if number else 0.03, up * high
        swell = 0.001 if number in (1, 3) else 0.0
        radius = [base + (top - base) * z / high + swell for z in (low_z, up_z)]
        profile = [(radius[0], low_z), (radius[1], up_z)]
        profile += [(top * 0.75, high), (top * 0.7, high - 0.03), (0.0, high - 0.03)] if number == 4 else []
        profile = [(base * 1.12, 0.03), (base * 1.1, 0.045), *profile[1:]] if number == 0 else profile
        draft.use(slot).turned(profile, segments=20)
    return draft.asset("cone")


def barrel(variant: int) -> Asset:
    """Return a channelling drum, 1.0 m high, 0.58 m wide, on a rubber ring; variant 1 carries a lamp."""
    draft = Draft()
    draft.use("rubber").turned([(0.36, 0.0), (0.36, 0.06), (0.3, 0.08), (0.0, 0.08)], segments=20)
    cuts = (0.06, 0.2, 0.36, 0.52, 0.68, 0.84, 0.96)
    for number, (low, up) in enumerate(pairwise(cuts)):
        r0, r1 = 0.29 - 0.06 * low, 0.29 - 0.06 * up
        draft.use("sheet_white" if number in (1, 3) else "plastic_orange").turned(
            [(r0 + 0.012, low), (r0, low + 0.015), (r1, up - 0.015), (r1 + 0.008, up)], segments=20
        )
    draft.use("plastic_orange").turned(
        [(0.24, 0.955), (0.22, 0.985), (0.06, 0.99), (0.05, 1.03), (0.0, 1.03)], segments=20
    )
    if variant % 2:
        with draft.moved(0.0, 0.0, 1.03):
            _lamp(draft)
    return draft.asset("barrel")


def _lamp(draft: Draft) -> None:
    """A battery lamp with an amber roundel to both sides. Source: EN 12352, 180 mm lens, class L6 and L7."""
    draft.use("plastic_yellow").block((-0.045, -0.1, 0.0), (0.045, 0.1, 0.13), 0.02)
    draft.use("plastic_black").extrude(regular(20, 0.1, centre=(0.0, 0.225)), -0.03, 0.03, bevel_m=0.006)
    for side in (0.0, 180.0):
        with draft.moved(0, 0, 0, side):
            draft.use("lamp_works", "indicator", "signal").face(regular(20, 0.085, centre=(0.0, 0.225)), 0.0315)


def _stripes(draft: Draft, half_m: float, low: float, up: float, x_m: float, *, pitch_m: float = 0.28) -> None:
    """Slant red stripes over a white board between two heights."""
    high = up - low
    draft.use("sheet_white", "plate").face([(-half_m, low), (half_m, low), (half_m, up), (-half_m, up)], x_m)
    for start in np.arange(-half_m - high, half_m, pitch_m):
        corners = np.array(
            [(start, low), (start + pitch_m / 2, low), (start + pitch_m / 2 + high, up), (start + high, up)]
        )
        inner = _clipped(corners, half_m, low, up)
        if len(inner) > 2:
            draft.use("sheet_red", "plate").face(inner, x_m + 0.001)


def _clipped(corners: Points, half_m: float, low: float, up: float) -> Points:
    """Cut a slanted stripe off at both ends of its board."""
    for limit, sign in ((-half_m, 1), (half_m, -1)):
        made: list[Points] = []
        source = corners
        for at, after in zip(source, np.roll(source, -1, axis=0), strict=True):
            inside, then = sign * (at[0] - limit) >= 0, sign * (after[0] - limit) >= 0
            if inside:
                made.append(at)
            if inside != then:
                share = (limit - at[0]) / (after[0] - at[0])
                made.append(at + share * (after - at))
        corners = np.array(made).reshape(-1, 2)
        if len(corners) < 3:
            break
    return np.clip(corners, (-half_m, low), (half_m, up)) if len(corners) else corners


def barrier(variant: int) -> Asset:
    """Return a board of red and white, 1.6 m wide and 1.0 m high, on two feet; variants with lamps, or two boards."""
    draft, half = Draft(), 0.8
    boards = ((0.78, 1.0),) if variant % 3 != 2 else ((0.78, 1.0), (0.36, 0.5))
    for low, up in boards:
        draft.use("plastic_white").block((-0.012, -half, low), (0.012, half, up), 0.006)
        for side in (0.0, 180.0):
            with draft.moved(0, 0, 0, side):
                _stripes(draft, half - 0.02, low + 0.01, up - 0.01, 0.0135)
    for y in (-0.55, 0.55):
        draft.use("galvanised", "frame").block((-0.045, y - 0.02, 0.1), (-0.014, y + 0.02, 0.95), 0.004)
        draft.use("rubber").block((-0.4, y - 0.15, 0.0), (0.4, y + 0.15, 0.11), 0.02, 3)
    for y in (-0.55, 0.55)[: (0, 2, 1)[variant % 3]]:
        with draft.moved(0.0, y, 0.99):
            _lamp(draft)
    return draft.asset("works barrier")


def works_lamp(variant: int) -> Asset:
    """Return a lamp on a short post with a foot, or an upright striped beacon with a lamp."""
    draft = Draft()
    draft.use("rubber").block((-0.3, -0.18, 0.0), (0.3, 0.18, 0.11), 0.02, 3)
    if variant % 2:
        draft.use("plastic_white").block((-0.03, -0.125, 0.1), (0.03, 0.125, 1.1), 0.015)
        for side in (0.0, 180.0):
            with draft.moved(0, 0, 0, side):
                _stripes(draft, 0.115, 0.16, 1.08, 0.0315, pitch_m=0.4)
    else:
        draft.use("galvanised", "frame").bar((0, 0, 0.1), (0, 0, 1.1), 0.02)
    with draft.moved(0.0, 0.0, 1.09):
        _lamp(draft)
    return draft.asset("works lamp")


def lamp_finish(variant: int, state: str = "lit") -> dict[str, Surface]:
    """Return the palette; `state` "lit" burns the lamps, "off" does not. Source: EN 12352 L8H, 120 cd."""
    glow = glowing("amber", 6_000.0, "signal", narrow=2.0) if state == "lit" and variant >= 0 else PALETTE["lens_amber"]
    return {**PALETTE, "lamp_works": glow}


def plates(variant: int) -> Asset:
    """Return two or three steel plates over a trench of 2 by 1.5 m, 25 mm thick, askew, with asphalt ramps."""
    draft, rng = Draft(), np.random.default_rng([91, variant])
    for number in range(2 + variant % 2):
        x = -1.55 + 1.52 * number
        with draft.moved(x + 0.75, 0.0, 0.0, float(rng.uniform(-2, 2))):
            draft.use("iron").block((-0.75, -1.0, 0.002), (0.75, 1.0, 0.027), 0.004)
            for y in (-0.7, 0.7):
                draft.use("rubber").face(regular(10, 0.03, centre=(0.5, y)), 0.0275, axis="z")
    reach = 0.75 * (2 + variant % 2)
    for side in (-1, 1):
        rows = np.array(
            [
                [(-1.6, side * (0.95), 0.028), (-1.6 + 2 * reach, side * 0.95, 0.028)],
                [(-1.6, side * 1.35, 0.0), (-1.6 + 2 * reach, side * 1.35, 0.0)],
            ]
        )
        draft.use("patch").grid(rows if side > 0 else rows[::-1])
    return draft.asset("trench plates")


def sand(variant: int) -> Asset:
    """Return a tipped heap 1.0 to 1.5 m high at the angle of repose (34 degrees)."""
    rng = np.random.default_rng([92, variant])
    high = 1.0 + 0.25 * (variant % 3)
    levels, around = np.linspace(0.0, 1.0, 14), np.linspace(0, 2 * np.pi, 33)[:-1]
    reach = high / np.tan(np.deg2rad(34))
    wobble = 1 + sum(rng.uniform(0.02, 0.09) * np.cos(k * around + rng.uniform(0, 6.3)) for k in (1, 2, 3, 5, 8))
    height = high * np.where(levels < 0.12, 1 - 2.2 * levels**2 - 0.5 * levels, 1.03 - 1.03 * levels) + 0.02 * (
        1 - levels
    )
    radius = reach * levels[:, None] * wobble * (1 + 0.12 * levels[:, None] ** 6)
    z = np.maximum(height[:, None] + rng.normal(0, 0.018, (14, 32)) * (levels[:, None] > 0.05) * high, 0.0)
    z[-1] = 0.0
    rings = np.stack([radius * np.cos(around), radius * np.sin(around), z], axis=-1)
    draft = Draft()
    draft.use(("sand", "soil", "sand", "earth")[variant % 4]).loft(rings[::-1], caps=False)
    return draft.asset("sand heap")


def toilet(variant: int) -> Asset:
    """Return a portable cabin, 1.1 by 1.1 by 2.3 m, with a ribbed door, a roof that lets light in and a vent."""
    draft = Draft()
    body, roof = ("plastic_blue", "plastic_green", "plastic_sky", "plastic_grey")[variant % 4], "plastic_white"
    draft.use("plastic_black").block((-0.56, -0.56, 0.0), (0.56, 0.56, 0.16), 0.03)
    draft.use(body).block((-0.53, -0.53, 0.14), (0.53, 0.53, 2.05), 0.05, 3)
    for y in np.linspace(-0.42, 0.42, 8):
        for side in (-1, 1):
            draft.use(body).block(
                (y - 0.025, side * 0.535 - 0.012, 0.3), (y + 0.025, side * 0.535 + 0.012, 1.75), 0.01, 0
            )
        draft.use(body).block((-0.547, y - 0.025, 0.3), (-0.523, y + 0.025, 1.75), 0.01, 0)
    draft.use(roof, "door").block((0.51, -0.4, 0.2), (0.55, 0.4, 1.98), 0.012)
    draft.use(body, "door").block((0.54, -0.32, 0.35), (0.56, 0.32, 1.0), 0.015)
    draft.use("plastic_black").block((0.55, 0.27, 1.05), (0.58, 0.35, 1.2), 0.01)
    draft.use("sheet_white", "plate").face(rounded_box(-0.12, 0.12, 1.45, 1.7, 0.02), 0.552)
    rows = [(0.57, 2.03), (0.57, 2.08), (0.5, 2.2), (0.3, 2.27), (0.05, 2.29)]
    draft.use(roof, "roof").loft(
        np.stack([np.column_stack([rounded_box(-r, r, -r, r, 0.1 * r / 0.57 + 0.02), np.full(16, z)]) for r, z in rows])
    )
    draft.use("plastic_grey").bar((-0.4, 0.4, 2.05), (-0.4, 0.4, 2.42), 0.045)
    for z in (1.82, 1.88, 1.94):
        draft.use("plastic_black").block((-0.3, -0.532, z), (0.3, 0.532, z + 0.03), 0.001)
    return draft.asset("portable toilet")


def site_fence(variant: int) -> Asset:
    """Return a mobile panel, 3.45 by 2.0 m, in two concrete or plastic feet; variant 1 is hung with sheeting."""
    draft = Draft()
    work = draft.use("galvanised", "frame")
    frame = [(-1.7, 0, 0.12), (-1.7, 0, 2.0), (1.7, 0, 2.0), (1.7, 0, 0.12)]
    for start, end in zip(frame, [*frame[1:], frame[0]], strict=True):
        work.bar(start, end, 0.02)
    draft.use("wire_panel").face([(0.14, -1.69), (1.98, -1.69), (1.98, 1.69), (0.14, 1.69)], 0.0, axis="y")
    for x in (-1.72, 1.72):
        draft.use(("concrete_pale", "plastic_orange")[variant % 2]).block(
            (x - 0.12, -0.36, 0.0), (x + 0.12, 0.36, 0.13), 0.03
        )
    if variant % 2:
        across = np.linspace(-1.67, 1.67, 25)
        rows = np.stack(
            [
                np.column_stack([across, 0.03 + 0.02 * np.sin(5 * across + z) * (0.4 + 0.6 * (2 - z)), np.full(25, z)])
                for z in (0.5, 1.0, 1.5, 1.95)
            ]
        )
        draft.use("sheeting_cloth").grid(np.swapaxes(rows, 0, 1)[::-1])
    return draft.asset("site fence")


def _plain(variant: int) -> dict[str, Surface]:
    cloth = ((0.03, 0.12, 0.06), (0.6, 0.6, 0.58))[variant // 2 % 2]
    return {
        **plain_finish(variant),
        "sheeting_cloth": surface("tarpaulin", colour=cloth, dirt=0.5),
        "patch": surface("heap", colour=(0.035, 0.034, 0.033)),
    }


WORKS = {
    "cone": Furniture(geometry=cone, finish=plain_finish, footprint_m=(0.53, 0.53), variants=3),
    "barrel": Furniture(geometry=barrel, finish=lamp_finish, footprint_m=(0.72, 0.72), variants=2),
    "works_barrier": Furniture(geometry=barrier, finish=lamp_finish, footprint_m=(0.8, 1.6), variants=3),
    "works_lamp": Furniture(geometry=works_lamp, finish=lamp_finish, footprint_m=(0.6, 0.36), variants=2),
    "trench_plates": Furniture(geometry=plates, finish=_plain, footprint_m=(4.65, 2.7), variants=4),
    "sand_heap": Furniture(geometry=sand, finish=plain_finish, footprint_m=(5.6, 5.2), variants=6),
    "portable_toilet": Furniture(geometry=toilet, finish=plain_finish, footprint_m=(1.15, 1.12), variants=4),
    "site_fence": Furniture(geometry=site_fence, finish=_plain, footprint_m=(3.7, 0.72), variants=4),
}
