"""Level crossings, railway signals and what lights a tunnel."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, regular, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE, glowing
from scenes.stage.furniture.symbols import stroke
from scenes.stage.mesh import Points
from scenes.stage.surface import Surface

_CD_M2 = 9_500.0  # EN 12368 as for road signals
_TUNNEL_CD_M2 = 12_000.0  # CIE 88: luminaires of 4 to 8 klm; 6 klm from 0.16 m² of diffuse cover


def crossing_barrier(variant: int) -> Asset:
    """Return a half barrier whose arm reaches 4.5 m along +y: even variants are closed, odd ones open."""
    draft = Draft()
    draft.use("concrete_pale").block((-0.35, -0.5, 0.0), (0.35, 0.4, 0.12), 0.02)
    draft.use("enamel_grey").block((-0.22, -0.3, 0.1), (0.22, 0.25, 1.15), 0.04, 3)
    draft.use("enamel_grey").block((-0.26, -0.34, 1.13), (0.26, 0.29, 1.2), 0.03)
    with draft.moved(0.0, 0.0, 1.0), draft.tilted(0.0 if variant % 2 == 0 else 82.0, "x"):
        _arm(draft)
    return draft.asset("level crossing barrier")


def _arm(draft: Draft) -> None:
    for side in (-1, 1):
        draft.use("enamel_grey").block((side * 0.27 - 0.02, -0.75, -0.07), (side * 0.27 + 0.02, 0.5, 0.07), 0.01)
        draft.use("iron").block((side * 0.27 - 0.06, -0.95, -0.2), (side * 0.27 + 0.06, -0.62, 0.2), 0.03)
    draft.use("enamel_grey").block((-0.29, 0.35, -0.05), (0.29, 0.5, 0.05), 0.01)
    for number in range(9):
        low, up = 0.5 + 0.5 * number, 1.0 + 0.5 * number
        half = 0.07 - 0.004 * number
        draft.use(("sheet_red", "sheet_white")[number % 2]).block((-0.02, low, -half), (0.02, up, half), 0.002)
    for y in (1.8, 3.4, 4.9):
        draft.use("lamp_0", "indicator", "signal").block((-0.035, y - 0.03, 0.06), (0.035, y + 0.03, 0.11), 0.01)


def _saltire(draft: Draft, high_m: float) -> None:
    """The St Andrew's cross of the Vienna Convention (sign A28a), white with red ends."""
    for angle in (32.0, -32.0):
        with draft.moved(0.0, 0.0, high_m), draft.tilted(angle, "x"):
            draft.use("sheet_white", "plate").block((0.0, -0.6, -0.07), (0.012, 0.6, 0.07), 0.003)
            for side in (-1, 1):
                draft.use("sheet_red", "plate").face(
                    [
                        (side * 0.48 - 0.1, -0.069),
                        (side * 0.48 + 0.1, -0.069),
                        (side * 0.48 + 0.1, 0.069),
                        (side * 0.48 - 0.1, 0.069),
                    ],
                    0.0135,
                )


def crossing_lights(variant: int) -> Asset:
    """Return the cross above two red lamps that flash in turn, and a bell; variants light the left or the right."""
    draft = Draft()
    draft.use("galvanised", "frame").turned(
        [(0.09, 0.0), (0.09, 0.5), (0.055, 0.55), (0.055, 3.2), (0.0, 3.23)], segments=12
    )
    with draft.moved(0.07):
        _saltire(draft, 2.75)
    draft.use("galvanised", "frame").bar((0.0, -0.4, 2.1), (0.0, 0.4, 2.1), 0.025)
    for number, y in enumerate((-0.38, 0.38)):
        with draft.moved(0.05, y, 2.1):
            draft.use("plastic_black").extrude(regular(24, 0.24), -0.06, -0.04)
            draft.use("plastic_black").extrude(regular(16, 0.13), -0.1, 0.03, bevel_m=0.02)
            draft.use(f"lamp_{(number + variant) % 2}", "headlamp", "signal").face(regular(20, 0.105), 0.032)
            _hood(draft)
    draft.use("iron").turned([(0.11, 3.22), (0.1, 3.28), (0.05, 3.33), (0.0, 3.34)], segments=14)
    return draft.asset("level crossing lights")


def _hood(draft: Draft) -> None:
    angle = np.deg2rad(np.linspace(-30, 210, 15))
    rim = np.column_stack([np.full(15, 0.03), 0.13 * np.cos(angle), 0.13 * np.sin(angle)])
    front = rim + np.column_stack([0.06 + 0.14 * (np.sin(angle) * 0.5 + 0.5), 0 * angle, 0 * angle])
    shell: Points = np.stack([rim, front], axis=1)
    work = draft.use("plastic_black")
    work.grid(shell)
    work.grid((shell * (1, 0.97, 0.97))[::-1])


def railway_signal(variant: int) -> Asset:
    """Return a colour light on a mast with a ladder, 5.2 m high; variants show red, amber or green."""
    draft = Draft()
    draft.use("galvanised", "frame").bar((0, 0, 0), (0, 0, 4.6), 0.07, segments=10)
    for y in (-0.17, 0.17):
        draft.use("galvanised", "frame").bar((-0.35, y, 0.0), (-0.12, y, 4.4), 0.016, segments=6)
    for z in np.arange(0.3, 4.3, 0.3):
        x = -0.35 + 0.23 * z / 4.4
        draft.use("galvanised", "frame").bar((x, -0.17, z), (x, 0.17, z), 0.01, segments=5)
    draft.use("enamel_black").extrude(rounded_box(-0.3, 0.3, 3.9, 5.2, 0.3), 0.08, 0.1)
    draft.use("plastic_black").block((-0.1, -0.18, 4.05), (0.16, 0.18, 5.05), 0.04)
    for number, aspect in enumerate(("red", "amber", "green")):
        lit = number == variant % 3
        with draft.moved(0.13, 0.0, 4.25 + 0.3 * number):
            slot = f"rail_{aspect}" if lit else f"lens_{aspect}"
            draft.use(slot, "headlamp", "signal").face(regular(18, 0.09), 0.034)
            _hood(draft)
    draft.use("sheet_white", "plate").block((0.07, -0.1, 3.0), (0.08, 0.1, 3.45), 0.004)
    for shape in (stroke([(-0.05, 3.12), (0.05, 3.33)], 0.025), stroke([(-0.05, 3.33), (0.05, 3.12)], 0.025)):
        draft.use("print_black", "plate").face(shape, 0.0815)
    return draft.asset("railway signal")


def island(variant: int) -> Asset:
    """Return a bollard of a traffic island, 1.1 m high, lit from inside, with an arrow to both sides."""
    draft = Draft()
    rows = [(0.16, 0.0), (0.16, 0.22), (0.14, 0.25), (0.13, 1.0), (0.1, 1.08), (0.03, 1.1)]
    for number, (slot, low, up) in enumerate(
        (("plastic_black", 0, 3), ("bollard_glow", 2, 4), ("plastic_yellow", 3, 6))
    ):
        rings = np.stack(
            [np.column_stack([rounded_box(-r * 0.75, r * 0.75, -r, r, 0.05), np.full(16, z)]) for r, z in rows[low:up]]
        )
        draft.use(slot, "body", "signal" if number == 1 else "").loft(rings, caps=number != 1)
    for side in (0.0, 180.0):
        with draft.moved(0, 0, 0, side):
            draft.use("sheet_blue", "plate").face(regular(20, 0.1, centre=(0.0, 0.75)), 0.1085)
            shape = np.array(
                [
                    (-0.05, 0.82),
                    (-0.065, 0.805),
                    (0.02, 0.72),
                    (-0.02, 0.68),
                    (0.06, 0.68),
                    (0.06, 0.76),
                    (0.035, 0.735),
                ]
            )
            draft.use("sheet_white", "plate").face(shape, 0.1105)
    assert variant >= 0
    return draft.asset("traffic island bollard")


def tunnel_lamp(variant: int) -> Asset:
    """Return a linear luminaire 1.2 m along x that hangs down from z = 0, the ceiling."""
    draft = Draft()
    for x in (-0.45, 0.45):
        draft.use("galvanised", "frame").block((x - 0.02, -0.03, -0.12), (x + 0.02, 0.03, 0.0), 0.003)
    draft.use("aluminium").block((-0.6, -0.08, -0.21), (0.6, 0.08, -0.11), 0.02)
    draft.use("tube", "headlamp", "street").face(
        [(-0.57, -0.065), (-0.57, 0.065), (0.57, 0.065), (0.57, -0.065)], -0.2115, axis="z"
    )
    assert variant >= 0
    return draft.asset("tunnel lamp")


def finish(variant: int, state: str = "on") -> dict[str, Surface]:
    """Return the palette and the lamps: "on" burns them, "off" does not."""
    made: dict[str, Surface] = {**PALETTE}
    lit = state == "on"
    for number in (0, 1):
        flash = lit and (number == 0 or variant < 0)
        made[f"lamp_{number}"] = glowing("red", _CD_M2, "signal", narrow=1.5) if flash else PALETTE["lens_red"]
    for aspect in ("red", "amber", "green"):
        made[f"rail_{aspect}"] = glowing(aspect, _CD_M2, "signal", narrow=2.0) if lit else PALETTE[f"lens_{aspect}"]
    made["bollard_glow"] = glowing("white", 110.0, "signal") if lit else PALETTE["plastic_white"]
    made["tube"] = glowing("white", _TUNNEL_CD_M2, "street") if lit else PALETTE["lens_clear"]
    return made


RAILWAY = {
    "level_crossing_barrier": Furniture(geometry=crossing_barrier, finish=finish, footprint_m=(0.7, 0.9), variants=2),
    "level_crossing_lights": Furniture(geometry=crossing_lights, finish=finish, footprint_m=(0.4, 1.25), variants=2),
    "railway_signal": Furniture(geometry=railway_signal, finish=finish, footprint_m=(0.75, 0.6), variants=3),
    "traffic_island_bollard": Furniture(geometry=island, finish=finish, footprint_m=(0.24, 0.32)),
    "tunnel_lamp": Furniture(geometry=tunnel_lamp, finish=finish, footprint_m=(1.2, 0.16)),
}
