"""What a crash leaves on the road: pieces and the ways that they fly against, liquids, tyre marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.spec.party import LONG_AFTER_S

_STRICT = ConfigDict(extra="forbid")

Liquid = Literal["coolant", "oil", "fuel"]


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How a piece comes off a hull; from then on the stage's rigid bodies carry it.

    Args:
        from_m: world xyz, outside of all hulls.
        velocity_mps: world xyz.
        made_s: when, since the first impact, >= 0.
        shown_s: when the picture is taken, since the first impact, >= `made_s`.
    """

    from_m: tuple[float, float, float]
    velocity_mps: tuple[float, float, float]
    made_s: float = 0.0
    shown_s: float = LONG_AFTER_S
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.made_s <= self.shown_s:
            raise InputError("launch", "must have 0 <= made_s <= shown_s", got=(self.made_s, self.shown_s))


@dataclass(frozen=True, kw_only=True)
class Hull:
    """A crash party's way since the first impact, for the pieces that fly against it.

    Args:
        actor_id: of the vehicle, whose sizes it has.
        times_s: seconds since the first impact, ascending, at least one.
        x_m, y_m, heading_deg, tipped_deg: pose at each of them.
    """

    actor_id: int
    times_s: tuple[float, ...]
    x_m: tuple[float, ...]
    y_m: tuple[float, ...]
    heading_deg: tuple[float, ...]
    tipped_deg: tuple[float, ...]
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name)) for name in ("times_s", "x_m", "y_m", "heading_deg", "tipped_deg")}
        if len(lengths) != 1 or not self.times_s:
            raise InputError("hull", "every field must have the same number of entries, at least one", got=lengths)


@dataclass(frozen=True, kw_only=True)
class Spill:
    """What has run out of a vehicle: a pool that creeps downhill, and drips on the way to it.

    Args:
        liquid: what it is.
        actor_id: who leaks.
        x_m, y_m: where it drips at rest, world xy.
        litres: what has run out, > 0.
        downhill_deg: where the road's crossfall leads it.
        trail_m: world xy of the way along which it dripped; empty if it leaks at rest only.
        seed: draws the outline.
    """

    liquid: Liquid
    actor_id: int
    x_m: float
    y_m: float
    litres: float
    downhill_deg: float
    trail_m: tuple[tuple[float, float], ...] = ()
    seed: int
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not self.litres > 0:
            raise InputError("spill.litres", "must be > 0", got=self.litres)


@dataclass(frozen=True, kw_only=True)
class Debris:
    """A loose piece on the road: what a crash left, what fell off a lorry, or what rescuers and workers set out.

    `thrown_from_m` is where, at the impact of a clip, it came off. A piece with a `launch` comes to lie where rigid
    bodies take it; `x_m` and `y_m` then say where it would come on an empty, level road. `paint_rgb_linear` is that of
    the vehicle that it belonged to; the seed draws it if None.
    """

    kind: Literal["glass", "plastic", "trim", "bumper", "wheel", "tyre", "box", "cone", "triangle", "barrier", "barrel"]
    x_m: float
    y_m: float
    heading_deg: float
    size_m: float
    seed: int
    thrown_from_m: tuple[float, float] | None = None
    launch: Launch | None = None
    paint_rgb_linear: tuple[float, float, float] | None = None
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class SkidMark:
    """A tyre mark as a ground polyline; `strength` in [0, 1] is the share of rubber left.

    `times_s` says when each point is marked in a clip, the impact at 0; empty if the mark is there all the time.
    """

    points_m: tuple[tuple[float, float], ...]
    width_m: float
    strength: float
    times_s: tuple[float, ...] = ()
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if self.times_s and len(self.times_s) != len(self.points_m):
            raise InputError("skid_mark.times_s", "must be empty or have a time for each point", got=len(self.times_s))
