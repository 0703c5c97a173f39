"""Traffic without lanes: everybody takes a gap that is wide enough, wherever on the carriageway it is.

The carriageway of a direction is looked at across, in narrow strips. Large vehicles are placed first; whoever comes
finds the strips in which its body and the room around it touch nothing, and takes one of the gaps that they make. So
two-wheelers filter through what others leave, and slow ones keep to the kerb.

Sources:
    Strips instead of lanes: Mathew, Munigety and Bajpai, Journal of Computing in Civil Engineering 29 (2015), 04014069.
    Following off the leader's line: Gunay, Transportation Research Part B 41 (2007), 722.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import cos, hypot, radians, sin
from typing import Any

import numpy as np

from scenes.checks import footprint, touches
from scenes.draws import Refused, drawn
from scenes.headway import spaced
from scenes.mixed_traffic import MANNERS, PARKED, MixedTraffic, ahead_m, aside_m, draw_of, greenshields_mps
from scenes.site.plan import Lane, Role
from scenes.spec.place import Street
from scenes.spec.vehicle import LampName
from scenes.spec.view import Camera
from scenes.station import stand_of
from scenes.traffic import Traffic
from scenes.vehicle import TWO_WHEELERS

_REACH_M: dict[Role, tuple[float, float]] = {"same": (-7.0, 66.0), "oncoming": (4.0, 66.0)}
"""Stretch of x that is filled; on the side roads, all that is in it."""
_STRIP_M, _EDGE_M, _KERB_M = 0.15, 0.12, 0.25
_TRIES = 30
_ENOUGH = 0.75
"""Of the wanted density: a draw that reaches less is drawn again."""
_PARKING_M = 2.3
_SLOW_MPS = 6.5
_STOPPING = ("bus", "minibus", "auto_rickshaw", "battery_rickshaw", "cycle_rickshaw")
_WEAVES_DEG, _HOLDS_DEG = 3.5, 1.2
_SPREAD = 0.15
"""Of free speeds, about the mean."""
_BRAKES, _DAYTIME_LAMPS = 0.45, 0.15
_PARKED_SHARE = 0.35


@dataclass(frozen=True, kw_only=True)
class Carriageway:
    """What one direction of a road has: its innermost lane, and how far right of that lane's middle it reaches.

    Args:
        lane: that follows the direction.
        inner_m, outer_m: edges, to the right of the lane's middle where traffic keeps right, else to its left.
        outward: 1 if `outer_m` lies to the left, -1 to the right.
        stretch_m: x from and to that is filled.
    """

    lane: Lane
    inner_m: float
    outer_m: float
    outward: int
    stretch_m: tuple[float, float]

    @property
    def area_m2(self) -> float:
        """Area of the stretch."""
        return (self.stretch_m[1] - self.stretch_m[0]) * (self.outer_m - self.inner_m)

    def at(self, x_m: float, off_m: float) -> tuple[float, float, float]:
        """Return place and heading, `off_m` outward of the innermost lane's middle."""
        first = self.lane.path_m[0][0]
        x, y, heading = self.lane.at(abs(x_m - first))
        turn, left = radians(heading), off_m * self.outward
        return x - left * sin(turn), y + left * cos(turn), heading


def carriageways(traffic: Traffic) -> list[Carriageway]:
    """Return the carriageways of a place that run along the ego's road."""
    lanes = [lane for lane in traffic.plan.lanes if lane.role in _REACH_M]
    made = list[Carriageway]()
    for _, bundle in groupby(sorted(lanes, key=_bundle), key=_bundle):
        made += _joined(list(bundle), traffic.street)
    return [road for road in made if road.stretch_m[1] - road.stretch_m[0] > 5]


def _bundle(lane: Lane) -> tuple[Role, int, int]:
    ends = [round(path[0] / 4) for path in (lane.path_m[0], lane.path_m[-1])]
    return lane.role, min(ends), max(ends)


def _joined(lanes: list[Lane], street: Street) -> Iterator[Carriageway]:
    """Join lanes that lie side by side."""
    ordered = sorted(lanes, key=lambda lane: abs(_near(lane)[1]))
    while ordered:
        inner = ordered.pop(0)
        many = 1
        while ordered and abs(abs(_near(ordered[0])[1] - _near(inner)[1]) - many * inner.width_m) < 1.0:
            ordered.pop(0)
            many += 1
        ends = sorted(path[0] for path in (inner.path_m[0], inner.path_m[-1]))
        low, high = _REACH_M[inner.role]
        yield Carriageway(
            lane=inner,
            inner_m=-inner.width_m / 2 + _EDGE_M,
            outer_m=(many - 0.5) * inner.width_m - _KERB_M + (_PARKING_M if street.parking_lane else 0.0),
            outward=-1 if street.drive_on == "right" else 1,
            stretch_m=(max(low, ends[0] + 1), min(high, ends[1] - 1)),
        )


def _near(lane: Lane) -> tuple[float, float]:
    return min(lane.path_m)


def fill(
    traffic: Traffic, told: MixedTraffic, camera: Camera, rng: np.random.Generator, *, load: float, dark: bool
) -> None:
    """Fill a street with mixed traffic.

    Args:
        traffic: the street.
        told: what traffic is like.
        camera: of the scene; its vehicle takes room.
        rng: the scene's generator.
        load: density over that of a jam, in [0, 1].
        dark: whether all use their lamps.

    Raises:
        Refused: no gaps were left for three quarters of the density.
    """
    stand = stand_of(camera)
    ego = footprint(camera.x_m + stand.middle_m, camera.y_m, 0.0, stand.length_m + 1.0, stand.width_m + 0.6)
    traffic.keep_clear([ego])
    traffic.park(share=_PARKED_SHARE * (1 - 0.6 * load), kinds=PARKED)
    filling = _Filling(traffic=traffic, told=told, rng=rng, load=load, dark=dark)
    for road in carriageways(traffic):
        filling.flow(road)
    traffic.vehicles = spaced(traffic.vehicles)


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """Somebody who looks for a gap: a key of `MANNERS`, a body, a speed, and whether it stands to let people on."""

    name: str
    body: dict[str, Any]
    speed_mps: float
    stops: bool

    @property
    def area_m2(self) -> float:
        return float(self.body["length_m"] * self.body["width_m"])

    @property
    def clear_m(self) -> tuple[float, float]:
        return ahead_m(self.speed_mps), aside_m(self.name, self.speed_mps)

    @property
    def narrow(self) -> bool:
        return self.body["kind"] in TWO_WHEELERS


@dataclass(frozen=True, kw_only=True)
class _Filling:
    traffic: Traffic
    told: MixedTraffic
    rng: np.random.Generator
    load: float
    dark: bool

    def flow(self, road: Carriageway) -> None:
        """Fill a carriageway to the density, the largest first."""
        goal_m2 = self.load * self.told.jam_occupancy * (road.area_m2 - self._parked_m2(road))
        wishes, left_m2 = list[_Wish](), goal_m2
        while (wish := self._wish()).area_m2 / 2 < left_m2:
            wishes.append(wish)
            left_m2 -= wish.area_m2
        found_m2 = sum(w.area_m2 for w in sorted(wishes, key=lambda w: -w.area_m2) if self._finds(w, road))
        if found_m2 < _ENOUGH * (goal_m2 - left_m2):
            raise Refused("the carriageway has no gaps for the density that was drawn")

    def _parked_m2(self, road: Carriageway) -> float:
        """Return the ground that parked vehicles take from a carriageway."""
        low, high = road.stretch_m
        kerb = [road.at(low, road.outer_m)[1], road.at(low, road.inner_m)[1]]
        parked = (v for v in self.traffic.vehicles if low < v.x_m < high and min(kerb) < v.y_m < max(kerb))
        return sum((v.length_m + 2 * ahead_m(0.0)) * _PARKING_M for v in parked)

    def _wish(self) -> _Wish:
        name = drawn(self.told.shares, self.rng)
        free = MANNERS[name].free_mps * float(np.clip(self.rng.normal(1.0, _SPREAD), 0.6, 1.4))
        stops = name in _STOPPING and self.rng.random() < self.told.stops_share * (1 - self.load)
        speed = 0.0 if stops else greenshields_mps(free, self.load)
        return _Wish(name=name, body=draw_of(name, self.rng), speed_mps=speed, stops=stops)

    def _finds(self, wish: _Wish, road: Carriageway) -> bool:
        """Look for a gap in some places; returns whether there was one."""
        for _ in range(_TRIES):
            x = float(self.rng.uniform(*road.stretch_m))
            turned = float(self.rng.normal(0, _WEAVES_DEG if wish.narrow else _HOLDS_DEG))
            if wish.stops:
                turned = road.outward * abs(turned) * 2
            gaps = self._gaps(wish, road, x, turned)
            if gaps and self._takes(wish, road, x, turned, self._off_m(wish, gaps)):
                return True
        self.traffic.refused[f"no gap for a {wish.name}"] += 1
        return False

    def _gaps(self, wish: _Wish, road: Carriageway, x_m: float, turned_deg: float) -> list[tuple[float, float]]:
        """Return the gaps across the road in which a body's middle may lie, as offsets from and to."""
        length, width = (wish.body[f"{side}_m"] for side in ("length", "width"))
        turn = radians(abs(turned_deg))
        half = (width * cos(turn) + length * sin(turn)) / 2
        length, width = length + 2 * wish.clear_m[0], width + 2 * wish.clear_m[1]
        around = self.traffic.near(x_m, hypot(length, width) / 2)
        gaps, free = list[tuple[float, float]](), False
        for off in np.arange(road.inner_m + half, road.outer_m - half + 1e-6, _STRIP_M).tolist():
            px, py, heading = road.at(x_m, off)
            beside, free = free, not touches(footprint(px, py, heading + turned_deg, length, width), around)
            if free and beside:
                gaps[-1] = (gaps[-1][0], off)
            elif free:
                gaps.append((off, off))
        return gaps

    def _off_m(self, wish: _Wish, gaps: list[tuple[float, float]]) -> float:
        """Choose a gap, the narrow ones first on two wheels and the wide ones on four, and a place in it."""
        if wish.stops or wish.speed_mps < _SLOW_MPS * (1 - self.load):
            low, high = gaps[-1]
            return high - min(high - low, float(self.rng.exponential(0.5)))
        widths = [high - low + 0.3 for low, high in gaps]
        low, high = drawn({gap: 1 / w if wish.narrow else w for gap, w in zip(gaps, widths, strict=True)}, self.rng)
        return float(self.rng.uniform(low, high))

    def _takes(self, wish: _Wish, road: Carriageway, x_m: float, turned_deg: float, off_m: float) -> bool:
        px, py, heading = road.at(x_m, off_m)
        return self.traffic.place(
            wish.body,
            px,
            py,
            heading + turned_deg,
            speed_mps=wish.speed_mps,
            lamps=self._lamps(wish),
            clear_m=wish.clear_m,
            manned=True,
            pillion_share=self.told.pillion_share,
        )

    def _lamps(self, wish: _Wish) -> tuple[LampName, ...]:
        lamps: tuple[LampName, ...] = ("head", "tail") if self.dark or self.rng.random() < _DAYTIME_LAMPS else ()
        if wish.stops or self.rng.random() < _BRAKES * self.load:
            lamps = (*(lamps or ("tail",)), "brake")
        if wish.stops and wish.body["kind"] != "three_wheeler":
            side: LampName = "indicator_left" if self.traffic.street.drive_on == "left" else "indicator_right"
            lamps = (*lamps, side)
        return lamps
