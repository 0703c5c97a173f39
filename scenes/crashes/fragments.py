"""What comes off crash parties at their impact: where, how fast, how large; rigid bodies take it from there.

Source:
    A piece leaves while hulls press into each other, so with a velocity between its vehicle's before and after the
    impact. Its spread, its height, the shares of kinds and the sizes are assumed. Where it would come to lie on an
    empty road is Searle's throw (`scenes.throw`).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Literal

import numpy as np
import numpy.typing as npt

from scenes.crashes.outcome import Outcome
from scenes.spec.remains import Debris, Launch
from scenes.spec.vehicle import Vehicle
from scenes.throw import Throw
from scenes.trajectory import moment

Kind = Literal["glass", "plastic", "trim", "bumper", "wheel"]
Array = npt.NDArray[np.float64]

_PIECES_PER_ROOT, _ENERGY_J, _MOST = 8.0, 10_000.0, 60
_KINDS: tuple[Kind, ...] = ("glass", "plastic", "trim")
_SHARES = (0.3, 0.55, 0.15)
_SIZE_M = {"glass": (0.6, 0.35), "plastic": (0.15, 0.55), "trim": (0.28, 0.5)}
"""Median, and spread of the logarithm; glass lies in carpets of crumbs."""
_LEAST_M, _MOST_M = 0.04, 0.8
_AROUND_M, _HEIGHT_M = 0.5, (0.1, 0.95)
_SPREAD, _RISE = 0.14, 0.12
"""Standard deviation of a piece's own velocity, level and upward, as shares of the closing speed."""
_MOST_RISE_MPS = 4.0
SLIDING = 0.71
"""Friction of plastic, glass and sheet metal on asphalt as a share of tyres': 0.5 where tyres find 0.7 (assumed)."""
_TRIES, _GROWN_M = 24, 0.06
CLEARANCE_M, BODY_SHARE = 0.22, 0.72
"""Below a hull, and how high it stands as a share of the roof's height: pieces fly over bonnets."""
_BELOW_M, _WHEEL_M = 0.1, 0.63


def fragments(told: Outcome, *, friction: float, rng: np.random.Generator) -> tuple[Debris, ...]:
    """Return the pieces that come off, as many as the energy that hulls took asks for, and lost parts.

    Args:
        told: the crash, with tracks.
        friction: of tyres on the road.
        rng: draws all of them.
    """
    torn = [party for party in told.vehicles if party.track and party.crash and party.dents]
    energy = np.array([party.crash.absorbed_energy_j if party.crash else 0.0 for party in torn])
    if not energy.sum():
        return ()
    count = round(min(_PIECES_PER_ROOT * (told.absorbed_j / _ENERGY_J) ** 0.5, _MOST))
    shares = rng.multinomial(count, energy / energy.sum()).tolist()
    return tuple(
        piece
        for party, share in zip(torn, shares, strict=True)
        for piece in _of_party(party, share, torn, SLIDING * friction, rng)
    )


def _of_party(
    party: Vehicle, count: int, torn: list[Vehicle], friction: float, rng: np.random.Generator
) -> Iterator[Debris]:
    """Yield so many pieces of a party, and the parts that it lost."""
    lost = [part for part in (_part(name) for name in party.lost) if part]
    kinds = [*(_KINDS[kind] for kind in rng.choice(len(_KINDS), size=count, p=_SHARES)), *lost]
    sizes = _sizes_m(party, kinds, rng)
    where, velocity = _starts(party, sizes, torn, rng), _velocities(party, len(kinds), rng)
    headings, seeds = rng.uniform(0, 360, len(kinds)), rng.integers(2**31, size=len(kinds))
    rows = zip(kinds, *(a.tolist() for a in (np.round(sizes, 3), headings, seeds, where, velocity)), strict=True)
    for kind, size, heading, seed, (x, y, z), (vx, vy, vz) in rows:
        carpet, way_s = kind == "glass", _way_s((vx, vy, vz), z, friction)
        yield Debris(
            kind=kind,
            x_m=round(x + way_s * vx, 3),
            y_m=round(y + way_s * vy, 3),
            heading_deg=round(heading, 1),
            size_m=size,
            seed=seed,
            thrown_from_m=(x, y) if carpet else None,
            launch=None if carpet else Launch(from_m=(x, y, z), velocity_mps=(vx, vy, vz), made_s=_impact_s(party)),
            paint_rgb_linear=None if carpet else party.paint_rgb_linear,
        )


def _impact_s(party: Vehicle) -> float:
    return party.track.impact_s if party.track else 0.0


def _part(name: str) -> Kind | None:
    part = name.partition("_")[0]
    return "bumper" if part == "bumper" else "wheel" if part == "wheel" else None


def _way_s(velocity_mps: tuple[float, float, float], high_m: float, friction: float) -> float:
    """Return how long a piece would need for its whole way at its first level speed."""
    vx, vy, vz = velocity_mps
    level = max(hypot(vx, vy), 1e-9)
    rises_deg = min(degrees(atan2(vz, level)), 80.0)
    throw = Throw(speed_mps=hypot(level, vz), launch_deg=rises_deg, drop_m=high_m, friction=friction)
    return throw.distance_m / level


def _sizes_m(party: Vehicle, kinds: list[Kind], rng: np.random.Generator) -> Array:
    median, spread = np.array([_SIZE_M.get(kind, _SIZE_M["trim"]) for kind in kinds]).reshape(-1, 2).T
    sizes = np.clip(rng.lognormal(np.log(median), spread), _LEAST_M, _MOST_M)
    whole = {"bumper": 0.8 * min(party.width_m, 2.0), "wheel": _WHEEL_M}
    return np.array([whole.get(kind, size) for kind, size in zip(kinds, sizes.tolist(), strict=True)], float)


def _velocities(party: Vehicle, count: int, rng: np.random.Generator) -> Array:
    """Draw (N, 3) velocities of pieces: between their vehicle's before and after the impact, and some of their own."""
    assert party.track is not None
    assert party.crash is not None
    before = np.array(moment(party.track, party.track.contact_s).velocity_mps)
    after = np.array(moment(party.track, party.track.impact_s).velocity_mps)
    share, closing = rng.random((count, 1)), party.crash.closing_speed_mps
    level = (1 - share) * before + share * after + rng.normal(0, _SPREAD * closing, (count, 2))
    rise = np.minimum(np.abs(rng.normal(0.3, _RISE * closing, (count, 1))), _MOST_RISE_MPS)
    return np.round(np.hstack([level, rise]), 3) + 0.0


def _starts(party: Vehicle, sizes_m: Array, torn: list[Vehicle], rng: np.random.Generator) -> Array:
    """Draw (N, 3) places where pieces are free: near the contact, outside of all hulls; below them if nowhere else."""
    assert party.track is not None
    assert party.crash is not None
    at = moment(party.track, party.track.impact_s)
    angle, (ahead, left) = radians(at.heading_deg), party.crash.impact_point_m
    middle = at.x_m + ahead * cos(angle) - left * sin(angle), at.y_m + ahead * sin(angle) + left * cos(angle)
    reach = _AROUND_M + sizes_m[:, None, None] / 2
    spots = np.array(middle) + reach * rng.normal(size=(len(sizes_m), _TRIES, 2))
    heights = rng.uniform(*_HEIGHT_M, spots.shape[:2])
    free = np.ones(heights.shape, dtype=bool)
    for other in torn:
        free &= ~_inside(other, party.track.impact_s, spots, heights, sizes_m[:, None])
    first, row = np.argmax(free, axis=1), np.arange(len(sizes_m))
    high = np.where(free.any(axis=1), heights[row, first], _BELOW_M)
    return np.round(np.column_stack([spots[row, first], high]), 3) + 0.0


def _inside(vehicle: Vehicle, time_s: float, spots: Array, heights: Array, sizes_m: Array) -> npt.NDArray[np.bool_]:
    """Return which places a hull does not leave free for a piece."""
    assert vehicle.track is not None
    at = moment(vehicle.track, time_s)
    angle, grown = radians(at.heading_deg), sizes_m / 2 + _GROWN_M
    x, y = spots[..., 0] - at.x_m, spots[..., 1] - at.y_m
    along, across = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
    beside = (np.abs(along) > vehicle.length_m / 2 + grown) | (np.abs(across) > vehicle.width_m / 2 + grown)
    below = heights + grown < CLEARANCE_M
    return np.asarray(~(beside | below | (heights - grown > BODY_SHARE * vehicle.height_m)))
