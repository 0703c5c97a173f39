"""Structures of a road: tunnels, bridges, canopies and tracks; x runs along the road, y = 0 is its middle."""

from __future__ import annotations

from scenes.stage.asset import Asset
from scenes.stage.fabric import GROUND, Fabric
from scenes.stage.surface import Surface, surface

NAMES = (
    "tunnel",
    "portal",
    "bridge",
    "overpass",
    "car_park_canopy",
    "petrol_station",
    "railway_track",
    "bus_station",
)
"""Structures that `finish` knows."""


def tunnel(length_m: float, half_width_m: float, height_m: float, model: int, lumen: float = 9000.0) -> Asset:
    """Return the tube of a tunnel from x = 0 to length_m, lined and lit; its carriageway is the road builder's.

    Args:
        length_m: of the tube.
        half_width_m: from the middle of the road to the kerb.
        height_m: clear height above the kerb.
        model: draws lining and lamps.
        lumen: flux of each of the linear luminaires, which stand in two rows.
    """
    return _slab(length_m, half_width_m, height_m)


def portal(half_width_m: float, height_m: float, model: int) -> Asset:
    """Return a tunnel's headwall in the plane x = 0, seen from -x: 25 m to each side, with sloped wings."""
    return _slab(1.0, half_width_m, height_m)


def bridge(length_m: float, half_width_m: float, model: int, clear_below_m: float = 6.0) -> Asset:
    """Return what makes a road a bridge from x = 0 to length_m: deck edges, parapets, joints, truss or arch, piers."""
    return _slab(length_m, half_width_m, 0.1)


def overpass(half_width_m: float, model: int, clearance_m: float = 5.2) -> Asset:
    """Return a bridge across the road at x = 0, with piers, parapets and a clearance sign."""
    return _slab(10.0, half_width_m, clearance_m)


def car_park_canopy(length_m: float, depth_m: float, model: int) -> Asset:
    """Return a roof on posts over parked cars, x along it, open towards -y."""
    return _slab(length_m, depth_m, 2.6)


def petrol_station(model: int) -> Asset:
    """Return a forecourt, 26 m along x and 18 m deep towards +y: canopy, pumps, kiosk and price board."""
    return _slab(26, 9, 5)


def railway_track(length_m: float, model: int, crossing_half_width_m: float = 0.0) -> Asset:
    """Return a track along y, centred: ballast, sleepers, rails, and panels where a road of that half width crosses."""
    return _slab(3, length_m / 2, 0.2)


def bus_station(length_m: float, model: int) -> Asset:
    """Return an island platform along x with a long canopy and benches."""
    return _slab(length_m, 2, 3)


def finish(name: str, model: int) -> dict[str, Surface]:
    """Return what each slot of a structure shows."""
    return {"concrete": surface("plain", colour=(0.3, 0.3, 0.3), roughness=0.8)}


def _slab(length_m: float, half_m: float, at_m: float) -> Asset:
    fabric = Fabric()
    fabric.boxes(GROUND, (0, -half_m, at_m), (length_m, half_m, at_m + 0.5), "concrete", skip=())
    return fabric.asset("structure")
