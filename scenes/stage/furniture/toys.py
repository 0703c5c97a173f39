"""Toy cars: rides for children, toys in a shop's window, and an inflatable one as large as a car. None is a car."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.displays import DEEP_M, FLOOR_M, display, display_finish
from scenes.stage.furniture.draft import Draft, regular, rounded
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish
from scenes.stage.furniture.signs import words

_COLOURS = ("plastic_red", "plastic_blue", "plastic_yellow", "plastic_green", "plastic_orange")
_RIDE_M, _INFLATED_M = 1.25, 4.3
_BODY = ((0.10, -0.5), (0.10, 0.5), (0.27, 0.52), (0.36, 0.42), (0.38, -0.46), (0.30, -0.52))
_CABIN = ((0.33, -0.36), (0.33, 0.24), (0.60, 0.08), (0.62, -0.26))
_PANE = ((0.38, -0.30), (0.38, 0.18), (0.55, 0.06), (0.56, -0.24))
_HALF_M, _CABIN_HALF_M, _WHEEL_M = 0.27, 0.22, 0.135


def toy(draft: Draft, long_m: float, paint: str, trim: str, *, fine: bool = True) -> None:
    """Add a round toy car with fat wheels, which looks along +x and stands on z = 0; a `fine` one has a face."""
    before = draft.frame
    draft.frame = before @ np.diag([long_m, long_m, long_m, 1.0])
    corners, bevel = (3, 0.06) if fine else (1, 0.0)
    out = _CABIN_HALF_M + 0.004
    draft.use(paint).extrude(rounded(_BODY, 0.07, corners), -_HALF_M, _HALF_M, axis="y", bevel_m=bevel)
    draft.use(paint).extrude(rounded(_CABIN, 0.07, corners), -_CABIN_HALF_M, _CABIN_HALF_M, axis="y", bevel_m=bevel)
    draft.use("plastic_sky").extrude(rounded(_PANE, 0.04, corners), -out, out, axis="y", bevel_m=bevel / 3)
    for x in (-0.3, 0.3):
        for side in (1, -1):
            _wheel(draft, x, side, trim, sides=24 if fine else 10, bevel_m=bevel / 2.5)
    if fine:
        _face(draft, trim)
    draft.frame = before


def _wheel(draft: Draft, x_m: float, side: int, trim: str, *, sides: int, bevel_m: float) -> None:
    centre = (_WHEEL_M, x_m)
    low, high = sorted((side * (_HALF_M - 0.06), side * (_HALF_M + 0.04)))
    hub = sorted((side * _HALF_M, side * (_HALF_M + 0.055)))
    draft.use("plastic_black").extrude(regular(sides, _WHEEL_M, centre=centre), low, high, axis="y", bevel_m=bevel_m)
    draft.use(trim).extrude(regular(sides // 2 + 1, 0.07, centre=centre), *hub, axis="y", bevel_m=bevel_m / 3)


def _face(draft: Draft, trim: str) -> None:
    """Add a windscreen, eyes in the place of lamps, a mouth, and bumpers."""
    pane = [(-0.17, 0.385), (0.17, 0.385), (0.15, 0.55), (-0.15, 0.55)]
    slope = [(0.252 - 0.593 * (z - 0.33), y, z) for y, z in pane]
    draft.use("plastic_sky").add(np.array(slope), [(0, 1, 2, 3)])
    for side in (1, -1):
        y = side * 0.15
        draft.use("plastic_white").extrude(regular(20, 0.075, centre=(y, 0.30)), 0.40, 0.525, axis="x", bevel_m=0.02)
        pupil = regular(16, 0.035, centre=(0.9 * y, 0.30))
        draft.use("plastic_black").extrude(pupil, 0.5, 0.535, axis="x", bevel_m=0.008)
    mouth = [(-0.07, 0.17), (0.07, 0.17), (0.11, 0.205), (-0.11, 0.205)]
    draft.use("plastic_black").extrude(mouth, 0.46, 0.525, axis="x")
    for x in (-0.53, 0.50):
        draft.use(trim).block((x - 0.03, -0.24, 0.09), (x + 0.03, 0.24, 0.15), 0.025)


def toy_ride(variant: int) -> Asset:
    """Return a coin-operated ride: a toy car 1.25 m long on a plinth, and a box on a post that takes coins."""
    draft, paint, trim = Draft(), _COLOURS[variant % 5], _COLOURS[(variant + 2) % 5]
    draft.use("plastic_grey").block((-0.6, -0.42, 0.0), (0.6, 0.42, 0.17), 0.06, 3)
    draft.use("aluminium").bar((0.0, 0.0, 0.17), (0.0, 0.0, 0.42), 0.07)
    with draft.moved(z_m=0.3):
        toy(draft, _RIDE_M, paint, trim)
    with draft.moved(-0.72, -0.3):
        draft.use("enamel_anthracite").bar((0.0, 0.0, 0.0), (0.0, 0.0, 0.7), 0.03)
        draft.use(trim).block((-0.11, -0.14, 0.68), (0.11, 0.14, 1.12), 0.03, 2)
        words(draft, "1", 0.2, "sheet_white", 0.114, centre=(0.0, 0.92))
    return draft.asset("toy ride")


def inflatable_car(variant: int) -> Asset:
    """Return an inflated toy car 4.3 m long, of the size of a car, tied down by ropes."""
    draft, paint, trim = Draft(), _COLOURS[variant % 5], _COLOURS[(variant + 3) % 5]
    toy(draft, _INFLATED_M, paint, trim)
    for x in (-1.5, 1.5):
        for side in (1, -1):
            draft.use("cable").bar((x, side * 1.15, 1.2), (1.45 * x, side * 2.3, 0.02), 0.012, segments=5)
    return draft.asset("inflatable car")


def toy_window(variant: int) -> Asset:
    """Return a shop's display window with a large toy car and shelves of small ones."""
    draft, wide = Draft(), 4.2
    display(draft, wide, "KIDS", "enamel_red" if variant % 2 else "enamel_blue")
    middle = -DEEP_M / 2
    with draft.moved(middle, -0.95, FLOOR_M, 72.0):
        toy(draft, 0.86, _COLOURS[variant % 5], _COLOURS[(variant + 1) % 5])
    for row, (height, start) in enumerate(((0.0, 0.5), (0.62, 0.5), (1.2, -1.6))):
        if height:
            low, high = (-DEEP_M + 0.06, start - 0.3, FLOOR_M + height - 0.02), (-0.2, start + 1.4, FLOOR_M + height)
            draft.use("glass").block(low, high)
        for place in range(3):
            number = 3 * row + place
            with draft.moved(middle, start + 0.55 * place, FLOOR_M + height, 15.0 + 37 * number % 110):
                toy(draft, 0.46, _COLOURS[(variant + number) % 5], _COLOURS[(variant + number + 2) % 5], fine=False)
    return draft.asset("toy window")


TOYS = {
    "toy_ride": Furniture(geometry=toy_ride, finish=plain_finish, footprint_m=(1.6, 0.9), variants=5),
    "toy_window": Furniture(geometry=toy_window, finish=display_finish, footprint_m=(DEEP_M + 0.06, 4.2), variants=10),
    "inflatable_car": Furniture(geometry=inflatable_car, finish=plain_finish, footprint_m=(5.1, 4.7), variants=5),
}
"""Toy cars."""
