"""Traffic signals: heads of three aspects with visors and a board, heads for walkers, poles and gantries.

Source: EN 12368: 200 mm roundels; performance level 3 asks for 400 cd on the axis, level 2 for 200 cd. 300 cd over
0.0314 m² are 9,500 cd/m². Lower edge of a head at 2.1 m beside, 5.5 m above a road.
"""

from __future__ import annotations

import numpy as np

from scenes.errors import InputError
from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, regular, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE, glowing
from scenes.stage.furniture.symbols import INFORMATION
from scenes.stage.surface import Surface

ASPECT_CD_M2 = 9_500.0
_WALKER_CD_M2 = 4_000.0
_STATES = {
    "red": ("red",),
    "red_amber": ("red", "amber"),
    "amber": ("amber",),
    "green": ("green",),
    "off": (),
}
STATES = tuple(_STATES)
_LENS_M = 0.1


def head(draft: Draft, aspects: tuple[str, ...] = ("red", "amber", "green"), *, board: bool = True) -> None:
    """Build a vehicle head whose top stands at the frame's origin, looking along +x; 0.3 m for each aspect."""
    high = 0.3 * len(aspects)
    draft.use("plastic_black").block((-0.12, -0.15, -high), (0.06, 0.15, 0.0), 0.03, 3)
    if board:
        outline = rounded_box(-0.3, 0.3, -high - 0.13, 0.13, 0.06)
        draft.use("enamel_black").extrude(outline, -0.03, -0.02)
        draft.use("sheet_white", "plate").face(outline, -0.0195)
        draft.use("enamel_black").face(rounded_box(-0.27, 0.27, -high - 0.1, 0.1, 0.05), -0.0185)
    for number, aspect in enumerate(aspects):
        with draft.moved(0.06, 0.0, -0.15 - 0.3 * number):
            _roundel(draft, f"aspect_{aspect}", _LENS_M)


def _roundel(draft: Draft, slot: str, radius_m: float) -> None:
    """Add a domed lens in a ring under a visor that is open below."""
    rings = np.linspace(1.0, 0.0, 4)
    around = regular(20, 1.0)
    dome = np.stack([np.column_stack([np.full(20, 0.004 + 0.02 * (1 - r**2)), radius_m * r * around]) for r in rings])
    draft.use(slot, "headlamp", "signal").loft(dome, caps=False)
    angle = np.deg2rad(np.linspace(-50, 230, 19))
    visor = []
    for r in (radius_m * 1.12, radius_m * 1.17):
        rim = np.column_stack([0 * angle, r * np.cos(angle), r * np.sin(angle)])
        front = rim + np.column_stack([0.05 + 0.17 * (np.sin(angle) * 0.5 + 0.5), 0 * angle, 0 * angle])
        visor.append(np.stack([rim, front], axis=1))
    work = draft.use("plastic_black")
    work.grid(visor[1])
    work.grid(visor[0][::-1])


def walkers(draft: Draft) -> None:
    """Build a head for people on foot: a standing figure in red above a walking one in green."""
    draft.use("plastic_black").block((-0.1, -0.15, -0.6), (0.06, 0.15, 0.0), 0.03, 3)
    for number, aspect in enumerate(("walker_red", "walker_green")):
        with draft.moved(0.0, 0.0, -0.15 - 0.3 * number):
            draft.use("glass_dark").face(regular(20, 0.11), 0.062)
            for layer, shape in enumerate(INFORMATION[1][:6]):
                wide = 0.1 if number else 0.085
                draft.use(aspect, "headlamp", "signal").face(shape * (wide, 0.1), 0.064 + 0.0002 * layer)
            for y in (-0.12, 0.12):
                draft.use("plastic_black").block((0.06, y - 0.005, -0.11), (0.16, y + 0.005, 0.12), 0.004)
            draft.use("plastic_black").block((0.06, -0.125, 0.115), (0.18, 0.125, 0.125), 0.004)


def _pole(draft: Draft, high_m: float, radius_m: float, *, slot: str = "galvanised") -> None:
    draft.use(slot, "frame").turned(
        [
            (radius_m * 1.5, 0.0),
            (radius_m * 1.5, 0.55),
            (radius_m, 0.6),
            (radius_m * 0.9, high_m),
            (0.0, high_m + 0.02),
        ],
        segments=12,
    )
    draft.use(slot, "frame").turned([(radius_m * 2.6, 0.0), (radius_m * 2.6, 0.02), (0.0, 0.025)], segments=12)


def traffic_signal(variant: int) -> Asset:
    """Return a pole with a vehicle head towards +x, a head for walkers across, and a button box."""
    draft = Draft()
    _pole(draft, 3.45, 0.057, slot=("galvanised", "enamel_anthracite")[variant % 2])
    with draft.moved(0.2, 0.0, 3.35):
        head(draft, board=variant % 3 != 2)
    for z in (2.55, 3.2):
        draft.use("plastic_black", "frame").block((0.0, -0.03, z), (0.12, 0.03, z + 0.04), 0.005)
    with draft.moved(0.0, 0.0, 2.75, 90.0 if variant % 4 < 2 else -90.0), draft.moved(0.18):
        walkers(draft)
    for z in (2.25, 2.6):
        draft.use("plastic_black", "frame").block((-0.03, -0.18, z), (0.03, 0.18, z + 0.03), 0.005)
    draft.use("plastic_yellow").block((-0.06, 0.05, 0.95), (0.06, 0.16, 1.2), 0.02)
    return draft.asset("traffic signal")


def gantry(variant: int) -> Asset:
    """Return a mast whose arm reaches 5 to 7 m over the road along +y, with one or two heads and one on the mast."""
    draft, reach = Draft(), 5.0 + variant % 3
    _pole(draft, 6.1, 0.11)
    path = [(0.0, 0.0, 5.7), (0.0, reach * 0.5, 6.15), (0.0, reach, 6.3)]
    draft.use("galvanised", "frame").pipe(path, [0.085, 0.07, 0.05], segments=10)
    for share in (1.0, 0.55)[: 1 + variant % 2]:
        with draft.moved(0.16, reach * share - 0.2, 6.55 if share == 1 else 6.5):
            head(draft)
            draft.use("galvanised", "frame").block((-0.2, -0.04, -0.6), (-0.1, 0.04, -0.1), 0.01)
    with draft.moved(0.26, 0.0, 3.3):
        head(draft)
        draft.use("plastic_black", "frame").block((-0.2, -0.03, -0.5), (-0.1, 0.03, -0.4), 0.005)
    return draft.asset("signal gantry")


def finish(variant: int, state: str = "red") -> dict[str, Surface]:  # noqa: ARG001
    """Return the palette and the aspects: walkers go while vehicles have red.

    Args:
        variant: of the furniture.
        state: one of `STATES`.

    Raises:
        InputError: no such state.
    """
    if state not in _STATES:
        raise InputError("signal state", f"must be one of {', '.join(STATES)}", got=state)
    made: dict[str, Surface] = {**PALETTE}
    for aspect in ("red", "amber", "green"):
        lit = aspect in _STATES[state]
        made[f"aspect_{aspect}"] = (
            glowing(aspect, ASPECT_CD_M2, "signal", narrow=1.5) if lit else PALETTE[f"lens_{aspect}"]
        )
    for aspect, lit in (("red", state not in ("red", "off")), ("green", state == "red")):
        made[f"walker_{aspect}"] = glowing(aspect, _WALKER_CD_M2, "signal") if lit else PALETTE["glass_dark"]
    return made


SIGNALS = {
    "traffic_signal": Furniture(geometry=traffic_signal, finish=finish, footprint_m=(0.65, 0.7), variants=4),
    "signal_gantry": Furniture(geometry=gantry, finish=finish, footprint_m=(0.6, 0.6), variants=6),
}
