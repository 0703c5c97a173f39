"""Small buildings and panels of a pavement: bus shelter, kiosk, phone cabinet, hoarding, advertising column."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, opaque, regular, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE, glowing
from scenes.stage.furniture.signs import plate, post, words
from scenes.stage.surface import Surface, surface

_ADVERT_CD_M2 = 350.0  # backlit posters at night: 200 to 500 cd/m²


def bus_stop(variant: int) -> Asset:
    """Return a pole with a flag of a bus and a timetable case."""
    draft = Draft()
    post(draft, 2.75)
    outline = rounded_box(-0.22, 0.22, -0.3, 0.3, 0.04)
    ground = ("sheet_yellow", "sheet_blue", "sheet_green")[variant % 3]
    ink = "print_black" if variant % 3 == 0 else "sheet_white"
    box = rounded_box(-0.15, 0.15, -0.02, 0.2, 0.04)
    layers = [(outline, ground), (box, ink), (rounded_box(-0.125, 0.125, 0.07, 0.17, 0.015), ground)]
    layers += [(regular(12, 0.03, centre=(y, -0.02)), ink) for y in (-0.09, 0.09)]
    plate(draft, outline, 2.4, layers)
    words(draft, str(3 + 14 * variant), 0.12, ink, 0.072, centre=(0.0, 2.23))
    draft.use("enamel_anthracite").block((0.03, -0.16, 1.15), (0.07, 0.16, 1.65), 0.01)
    draft.use("poster_a", "plate").face(rounded_box(-0.14, 0.14, 1.17, 1.63, 0.005), 0.0705, uv=True)
    return draft.asset("bus stop")


def bus_shelter(variant: int) -> Asset:
    """Return a shelter 4.0 by 1.5 m, 2.45 m high: front to +x, glass behind, a bench, a lit poster at one end."""
    draft = Draft()
    steel = ("enamel_anthracite", "galvanised", "enamel_green")[variant % 3]
    for x, y in ((-0.6, -1.9), (-0.6, -0.65), (-0.6, 0.65), (-0.6, 1.9), (0.45, -1.9)):
        draft.use(steel, "frame").block((x - 0.035, y - 0.035, 0.0), (x + 0.035, y + 0.035, 2.3), 0.008)
    _roof(draft, steel, vaulted=variant % 2 == 1)
    for y in (-1.275, 0.0, 1.275):
        draft.use("glass", "glass").block((-0.605, y - 0.56, 0.18), (-0.597, y + 0.56, 2.12), 0.002, 1)
        draft.use(steel, "frame").block((-0.62, y - 0.59, 0.14), (-0.58, y + 0.59, 0.18), 0.004)
        draft.use("sheet_white").block((-0.5958, y - 0.5, 1.3), (-0.5952, y + 0.5, 1.33), 0.0001, 1)
    draft.use("glass", "glass").block((-0.55, -1.905, 0.18), (0.4, -1.897, 2.12), 0.002, 1)
    for x in (-0.4, -0.3, -0.2):
        draft.use(("wood", "galvanised")[variant % 2]).block((x - 0.04, -1.5, 0.44), (x + 0.04, 0.6, 0.47), 0.008)
    for y in (-1.2, 0.3):
        draft.use(steel, "frame").block((-0.6, y - 0.025, 0.39), (-0.15, y + 0.025, 0.44), 0.006)
        draft.use(steel, "frame").block((-0.33, y - 0.025, 0.0), (-0.28, y + 0.025, 0.42), 0.006)
    with draft.moved(-0.05, 1.9):
        _panel(draft, steel)
    return draft.asset("bus shelter")


def _roof(draft: Draft, steel: str, *, vaulted: bool) -> None:
    if vaulted:
        across = np.linspace(-0.72, 0.85, 9)
        z = 2.33 + 0.16 * np.cos((across - 0.065) / 0.785 * np.pi / 2)
        outline = np.concatenate([np.column_stack([z, across]), np.column_stack([z + 0.02, across])[::-1]])
        draft.use("glass_dark", "roof").extrude(outline[::-1], -2.05, 2.05, axis="y")
        for y in (-1.9, -0.65, 0.65, 1.9):
            draft.use(steel, "frame").pipe(np.column_stack([across, np.full(9, y), z - 0.02]), 0.022, segments=6)
    else:
        draft.use(steel, "roof").block((-0.75, -2.05, 2.3), (0.85, 2.05, 2.45), 0.03)
        draft.use("plastic_white", "roof").face([(-0.7, -2.0), (-0.7, 2.0), (0.8, 2.0), (0.8, -2.0)], 2.299, axis="z")
    draft.use("tube", "headlamp", "windows").block((-0.1, -1.0, 2.25), (0.0, 1.0, 2.29), 0.01)


def _panel(draft: Draft, steel: str) -> None:
    """A double-sided poster case across the end, 1.2 by 1.75 m of print."""
    draft.use(steel, "frame").block((-0.66, -0.09, 0.08), (0.66, 0.09, 2.2), 0.03)
    draft.use(steel, "frame").block((-0.5, -0.05, 0.0), (0.5, 0.05, 0.1), 0.01)
    for side, slot in ((90.0, "advert_a"), (-90.0, "advert_b")):
        with draft.moved(0, 0, 0, side):
            draft.use(slot, "plate", "windows").face(
                [(-0.59, 0.3), (0.59, 0.3), (0.59, 2.05), (-0.59, 2.05)], 0.092, uv=True
            )


def advertising_column(variant: int) -> Asset:
    """Return a drum 1.3 m wide and 3.4 m high, pasted over with posters, under a cap."""
    draft, rng = Draft(), np.random.default_rng([101, variant])
    draft.use("concrete").turned([(0.72, 0.0), (0.72, 0.3), (0.66, 0.36), (0.62, 0.38)], segments=28)
    draft.use("concrete_pale").turned([(0.62, 0.38), (0.62, 2.95)], segments=28)
    cap = ("enamel_green", "enamel_anthracite", "concrete_pale")[variant % 3]
    draft.use(cap, "roof").turned(
        [(0.66, 2.9), (0.76, 2.98), (0.76, 3.06), (0.6, 3.2), (0.25, 3.36), (0.0, 3.4)], segments=28
    )
    for row, low in enumerate((0.45, 1.68)):
        for number in range(4):
            start, sweep = number * 90.0 + 40 * row + float(rng.uniform(0, 6)), float(rng.uniform(68, 84))
            high = float(rng.uniform(1.0, 1.2))
            angle = np.deg2rad(np.linspace(start, start + sweep, 9))
            points = np.array([[(0.624 * np.cos(a), 0.624 * np.sin(a), z) for a in angle] for z in (low, low + high)])
            span = np.stack(np.meshgrid(np.linspace(0, 1, 9), (0, 1)), axis=-1).reshape(-1, 2)
            index = np.arange(18).reshape(2, 9)
            quads = np.stack([index[0, :-1], index[0, 1:], index[1, 1:], index[1, :-1]], axis=-1)
            draft.use(f"poster_{'abcd'[(number + row) % 4]}", "plate").add(points.reshape(-1, 3), quads, uv=span)
    return draft.asset("advertising column")


def hoarding(variant: int) -> Asset:
    """Return a billboard 6 by 3 m of print (or 4 by 3) on steel posts, lower edge at 2.2 m, front to +x."""
    draft = Draft()
    half, low, up = (3.0, 2.2, 5.2) if variant % 2 == 0 else (2.0, 2.0, 5.0)
    for y in (-half * 0.6, half * 0.6):
        draft.use("galvanised", "frame").block((-0.35, y - 0.08, 0.0), (-0.17, y + 0.08, up - 0.2), 0.01)
        draft.use("galvanised", "frame").bar((-1.6, y, 0.03), (-0.3, y, low + 1.6), 0.05)
    draft.use("enamel_grey").block((-0.17, -half - 0.12, low - 0.12), (0.0, half + 0.12, up + 0.12), 0.03)
    draft.use("poster_a", "plate").face([(-half, low), (half, low), (half, up), (-half, up)], 0.0012, uv=True)
    for y in np.linspace(-half * 0.7, half * 0.7, 3):
        draft.use("enamel_grey", "frame").pipe(
            [(-0.05, y, up + 0.1), (0.6, y, up + 0.35), (0.9, y, up + 0.3)], 0.02, segments=6
        )
        draft.use("plastic_black").block((0.82, y - 0.15, up + 0.22), (0.98, y + 0.15, up + 0.3), 0.02)
    draft.use("wood_grey").block((-0.1, -half, low - 0.32), (0.25, half, low - 0.28), 0.005)
    return draft.asset("hoarding")


def phone_cabinet(variant: int) -> Asset:
    """Return a glazed cabinet 0.9 by 0.9 by 2.35 m, or a pillar with a hood."""
    draft = Draft()
    slot = ("enamel_red", "enamel_anthracite", "enamel_yellow")[variant % 3]
    for x in (-0.42, 0.42):
        for y in (-0.42, 0.42):
            draft.use(slot, "frame").block((x - 0.03, y - 0.03, 0.0), (x + 0.03, y + 0.03, 2.15), 0.01)
    draft.use(slot, "roof").block((-0.47, -0.47, 2.1), (0.47, 0.47, 2.35), 0.05)
    draft.use("concrete").block((-0.46, -0.46, 0.0), (0.46, 0.46, 0.06), 0.01)
    for heading in (0.0, 90.0, -90.0):
        with draft.moved(0, 0, 0, heading):
            draft.use("glass", "glass").block((0.417, -0.39, 0.3), (0.423, 0.39, 2.1), 0.002, 1)
            for z in (0.08, 0.7, 1.2, 1.7):
                draft.use(slot, "frame").block((0.405, -0.4, z), (0.435, 0.4, z + (0.22 if z < 0.1 else 0.04)), 0.006)
    draft.use(slot).block((-0.43, -0.4, 0.08), (-0.4, 0.4, 2.1), 0.005)
    draft.use("plastic_black").block((-0.4, -0.13, 1.1), (-0.25, 0.13, 1.6), 0.02)
    draft.use("plastic_black").pipe([(-0.24, 0.1, 1.5), (-0.21, 0.1, 1.4), (-0.24, 0.1, 1.3)], 0.022, segments=6)
    draft.use("tube", "headlamp", "windows").face(rounded_box(-0.25, 0.25, -0.2, 0.2, 0.02)[::-1], 2.099, axis="z")
    return draft.asset("phone cabinet")


def kiosk(variant: int) -> Asset:
    """Return a kiosk 2.6 by 2.2 m: counter and shutter to +x, awning, goods behind glass, a lit name board."""
    draft = Draft()
    skin = ("enamel_green", "enamel_blue", "enamel_white", "enamel_red")[variant % 4]
    draft.use("concrete").block((-1.05, -1.3, 0.0), (1.05, 1.3, 0.1), 0.01)
    draft.use(skin).block((-1.0, -1.25, 0.1), (1.0, 1.25, 1.05), 0.02)
    draft.use(skin).block((-1.0, -1.25, 1.05), (0.75, 1.25, 2.4), 0.02)
    for y in (-1.21, 1.21):
        draft.use(skin, "frame").block((0.7, y - 0.04, 1.0), (1.0, y + 0.04, 2.42), 0.01)
    draft.use("tinted").block((0.75, -1.15, 1.12), (0.76, 1.15, 2.1), 0.002)
    rng = np.random.default_rng([102, variant])
    for z in (1.12, 1.45, 1.78):
        for y in np.arange(-1.1, 1.05, 0.13):
            rgb = rng.uniform(0.05, 0.7, 3)
            with draft.moved(0.77, float(y), z):
                work = draft.use("tinted")
                work.quad([(0, 0, 0), (0, 0.11, 0), (0.02, 0.11, 0.26), (0.02, 0, 0.26)], tint=opaque(rgb))
    draft.use("wood").block((0.7, -1.3, 1.03), (1.2, 1.3, 1.07), 0.01)
    draft.use(skin, "roof").block((-1.15, -1.4, 2.4), (1.15, 1.4, 2.62), 0.04)
    draft.use("name_board", "plate", "windows").face(
        [(-1.1, 2.66), (1.1, 2.66), (1.1, 2.95), (-1.1, 2.95)], 1.056, uv=True
    )
    draft.use(skin).block((0.98, -1.15, 2.62), (1.05, 1.15, 2.99), 0.01)
    for number in range(10):
        y = -1.3 + 0.26 * number
        rows = np.array(
            [
                [(1.1, y, 2.42), (1.1, y + 0.26, 2.42)],
                [(1.9, y, 2.1), (1.9, y + 0.26, 2.1)],
                [(1.9, y, 1.97), (1.9, y + 0.26, 1.97)],
            ]
        )
        draft.use(("sheet_white", "plastic_red")[number % 2], "roof").grid(rows)
    draft.use("tube", "headlamp", "windows").face(rounded_box(0.8, 0.95, -0.9, 0.9, 0.02)[::-1], 2.385, axis="z")
    return draft.asset("kiosk")


def finish(variant: int, state: str = "on") -> dict[str, Surface]:
    """Return the palette, posters by variant, and lit panels: "on" at night, "off" when they are dark."""
    from scenes.stage.lamps import TRACE_GAIN

    made: dict[str, Surface] = {**PALETTE}
    light = _ADVERT_CD_M2 * TRACE_GAIN["windows"] if state == "on" else 0.0
    for number, letter in enumerate("abcd"):
        seed = (0.137 * variant + 0.29 * number) % 1.0
        made[f"poster_{letter}"] = surface("poster", seed=seed)
        made[f"advert_{letter}"] = surface("poster", seed=seed, luminance_cd_m2=light)
    made["name_board"] = surface("poster", seed=(0.31 * variant + 0.11) % 1.0, luminance_cd_m2=0.6 * light)
    made["tube"] = glowing("white", 2_500.0, "windows") if state == "on" else PALETTE["lens_clear"]
    return made


SHELTERS = {
    "bus_stop": Furniture(geometry=bus_stop, finish=finish, footprint_m=(0.3, 0.45), variants=6),
    "bus_shelter": Furniture(geometry=bus_shelter, finish=finish, footprint_m=(1.6, 4.1), variants=6),
    "hoarding": Furniture(geometry=hoarding, finish=finish, footprint_m=(2.6, 6.3), variants=8),
    "advertising_column": Furniture(geometry=advertising_column, finish=finish, footprint_m=(1.55, 1.55), variants=6),
    "phone_cabinet": Furniture(geometry=phone_cabinet, finish=finish, footprint_m=(0.95, 0.95), variants=3),
    "kiosk": Furniture(geometry=kiosk, finish=finish, footprint_m=(3.0, 2.8), variants=8),
}
