"""Flames of a burning vehicle: wavy sheets that only shine, and the lamps that light the street for them."""

from __future__ import annotations

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset, Beam, Finish, Piece
from scenes.stage.lamps import TRACE_GAIN, kelvin_rgb
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.surface import surface

_SHEETS = 5
_ROWS, _COLUMNS = 10, 8
_BASE_CD_M2 = 16_000.0
"""Luminance of one sheet at a flame's root; up to five add up. A black body of 1,700 K has 52,000 cd/m² (Planck)."""
_MOST_CD = 18_000.0
"""Of one whole fire: some m² of flame at about 8,000 cd/m²."""
_GLOW_KELVIN = 1_700.0


def flames(vehicle: Vehicle) -> Asset | None:
    """Return the flames of a vehicle in its own frame, None if it does not burn.

    They carry no part and no instance id: a flame is not the vehicle, and hides nothing.

    Args:
        vehicle: `flames` in (0, 1] says how large the fire is.
    """
    if vehicle.flames <= 0:
        return None
    rng = np.random.default_rng(vehicle.seed + 2)
    seat_x_m = _drawn_seat_m(vehicle, rng)
    builder = MeshBuilder()
    for number in range(_SHEETS):
        builder.grid(_sheet(vehicle, seat_x_m, np.pi * number / _SHEETS, rng))
        builder.uvs[-1] = _unit_grid()
    solid = builder.solid("flames", ["flame"], smooth=True, light_group="fire")
    return Asset(pieces=(Piece(solid=solid),), beams=_glow(vehicle, seat_x_m))


def seat_m(vehicle: Vehicle) -> float:
    """Return where a vehicle burns, ahead of its middle."""
    return _drawn_seat_m(vehicle, np.random.default_rng(vehicle.seed + 2))


def _drawn_seat_m(vehicle: Vehicle, rng: np.random.Generator) -> float:
    return float(rng.choice([0.30, 0.0, -0.25])) * vehicle.length_m  # engine, cabin or boot


def flames_finish(vehicle: Vehicle) -> Finish:
    """Return the surface of `flames`."""
    gain = TRACE_GAIN["fire"]
    return {"flame": surface("flame", luminance_cd_m2=_BASE_CD_M2 * gain, seed=float(vehicle.seed % 97))}


def _sheet(vehicle: Vehicle, seat_x_m: float, heading_rad: float, rng: np.random.Generator) -> Points:
    """Return a (rows, columns, 3) sheet that stands on the body and sways more the higher it is."""
    along, across = 0.26 * vehicle.length_m, 0.46 * vehicle.width_m
    high_m = (0.5 + 1.9 * vehicle.flames) * rng.uniform(0.7, 1.1)
    up = np.linspace(0, 1, _ROWS)[:, None]
    side = np.linspace(-1, 1, _COLUMNS)[None, :] * (1 - 0.35 * up)
    sway = 0.22 * high_m * up * np.sin(rng.uniform(2.5, 5.0) * up + 2.0 * side + rng.uniform(0, 2 * np.pi))
    x = seat_x_m + rng.normal(0, 0.12) + along * side * np.cos(heading_rad) - sway * np.sin(heading_rad)
    y = rng.normal(0, 0.08) + across * side * np.sin(heading_rad) + sway * np.cos(heading_rad)
    z = np.broadcast_to(0.45 * vehicle.height_m + high_m * up, x.shape)
    return np.stack([x, y, z], axis=-1)


def _unit_grid() -> Points:
    up, side = np.meshgrid(np.linspace(0, 1, _ROWS), np.linspace(0, 1, _COLUMNS), indexing="ij")
    return np.stack([side.ravel(), up.ravel()], axis=-1)


def _glow(vehicle: Vehicle, seat_x_m: float) -> tuple[Beam, ...]:
    """Return the bulbs that light the street; the sheets themselves light nothing, which keeps noise away."""
    reach = 0.45 * vehicle.height_m + 0.5 * (0.5 + 1.9 * vehicle.flames)
    places = ((seat_x_m, 0.0, reach), (seat_x_m + 0.3, 0.45 * vehicle.width_m, reach + 0.2))
    return tuple(
        Beam(
            where_m=where,
            candela=_MOST_CD * vehicle.flames / len(places),
            rgb=kelvin_rgb(_GLOW_KELVIN),
            light_group="fire",
            pattern="all",
        )
        for where in places
    )
