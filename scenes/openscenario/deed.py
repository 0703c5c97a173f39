"""What a vehicle of a storyboard does: a change of speed or of lanes, as a script's event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scenes.openscenario.document import Document, Node
from scenes.openscenario.position import beside
from scenes.openscenario.road import Road

_KMH = 3.6
_MPS2 = (0.1, 10.0)
_OVER_S = (0.5, 20.0)
_SPEED, _LANE = "PrivateAction/LongitudinalAction/SpeedAction", "PrivateAction/LateralAction/LaneChangeAction"


@dataclass(kw_only=True)
class Driving:
    """A vehicle as the storyboard goes on: its road, lane and speed after what it has been told so far."""

    road: Road
    lane: int
    speed_mps: float


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Fields of a script's event, and how long it lasts."""

    fields: dict[str, Any]
    lasts_s: float


def initial_speed_mps(document: Document, private: Node) -> float | None:
    """Return the speed that an Init action of an entity gives, m/s."""
    document.every(private, f"{_SPEED}/SpeedActionDynamics")  # at time 0 a speed is simply there
    aims = document.every(private, f"{_SPEED}/SpeedActionTarget/AbsoluteTargetSpeed")
    return document.number(aims[-1], "value") if aims else None


def deed(document: Document, action: Node, name: str, everybody: dict[str, Driving]) -> Deed | None:
    """Return what an action makes a vehicle do, and let it have done so; None if that was not understood.

    Args:
        document: the storyboard's.
        action: the Action element.
        name: of the vehicle.
        everybody: all vehicles of the storyboard.
    """
    own = everybody[name]
    if action.find(f"{_SPEED}/SpeedActionTarget/AbsoluteTargetSpeed") is not None:
        return _changed_speed(document, document.first(action, _SPEED), own)
    if action.find(f"{_LANE}/LaneChangeTarget") is not None:
        return _changed_lane(document, document.first(action, _LANE), own, everybody)
    for kind in ("LongitudinalAction", "LateralAction"):
        document.first(action, f"PrivateAction/{kind}")  # so that what lies in it is what is named
    return None


def _changed_speed(document: Document, node: Node, own: Driving) -> Deed | None:
    aim = document.number(document.first(node, "SpeedActionTarget/AbsoluteTargetSpeed"), "value")
    before, own.speed_mps = own.speed_mps, aim
    change = abs(aim - before)
    if change == 0:
        return None
    mps2 = _mps2(document, document.first(node, "SpeedActionDynamics"), before, aim)
    held = min(max(mps2, _MPS2[0]), _MPS2[1])
    if held != mps2:
        document.note(f"change of speed outside {_MPS2[0]:g} to {_MPS2[1]:g} m/s²: held there")
    fields = {"does": "brake" if aim < before else "accelerate", "to_kmh": aim * _KMH, "mps2_range": (held, held)}
    return Deed(fields=fields, lasts_s=change / held)


def _mps2(document: Document, dynamics: Node | None, before: float, aim: float) -> float:
    if dynamics is None or dynamics.get("dynamicsShape") == "step":
        return float("inf")
    value, dimension = document.number(dynamics, "value"), dynamics.get("dynamicsDimension")
    if dimension == "rate":
        return abs(value)
    if value <= 0:
        return float("inf")
    return abs(aim - before) / value if dimension == "time" else abs(aim**2 - before**2) / (2 * value)


def _changed_lane(document: Document, node: Node, own: Driving, everybody: dict[str, Driving]) -> Deed | None:
    lane = _target(document, node, everybody)
    order = None if lane is None else own.road.order(lane)
    if lane is None or order is None or lane == own.lane:
        return None
    before, own.lane = own.lane, lane
    wide_m = abs(own.road.across_m(lane) - own.road.across_m(before))
    over_s = _over_s(document, document.first(node, "LaneChangeActionDynamics"), wide_m, own.speed_mps)
    held = min(max(over_s, _OVER_S[0]), _OVER_S[1])
    if held != over_s:
        document.note(f"change of lanes outside {_OVER_S[0]:g} to {_OVER_S[1]:g} s: held there")
    return Deed(fields={"does": "change_lane", "to_lane": own.road.way(lane) * order, "over_s": held}, lasts_s=held)


def _target(document: Document, node: Node, everybody: dict[str, Driving]) -> int | None:
    if (there := document.first(node, "LaneChangeTarget/AbsoluteTargetLane")) is not None:
        return int(document.number(there, "value"))
    there = document.first(node, "LaneChangeTarget/RelativeTargetLane")
    if there is None:
        return None
    other = everybody.get(str(there.get("entityRef")))
    if other is None:
        return None
    return beside(other.lane, other.road.way(other.lane) * int(document.number(there, "value")))


def _over_s(document: Document, dynamics: Node | None, wide_m: float, speed_mps: float) -> float:
    if dynamics is None or dynamics.get("dynamicsShape") == "step":
        return 0.0
    value, dimension = document.number(dynamics, "value"), dynamics.get("dynamicsDimension")
    if dimension == "time" or value <= 0:
        return value
    if dimension == "rate":
        return wide_m / value
    return value / speed_mps if speed_mps > 0 else float("inf")
