"""The factors of our scenes, by what is registered, and which of their values a scene or a frame has.

Light is the family of looks that a scene asks for, also where its lighting was chosen from the atlas. Weather is told
by the road, of a frame by the air.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from scenes.coverage import Factor, Impossible, Space
from scenes.errors import InputError
from scenes.spec.party import Phase
from scenes.spec.place import PlaceKind
from scenes.spec.scene import SceneSpec

NO_CRASH = "none"
ROADS = ("dry", "wet", "snowy")
AIRS = ("clear", "fog", "rain", "snow")
_WET, _SNOWY, _FOGGY_M = 0.3, 0.25, 1000.0
"""Wetness and snow as for looks (`render.develop.preset`); fog is less than 1 km of visibility (WMO)."""


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class CoverageSettings:
    """The `coverage` section of the config.

    Args:
        cover: `pairwise` draws scenes for the pairs that the round lacks, `none` by weights alone.
        tries: draws for one wanted cell before it is given up.
        impossible: rules, each with its reason.
    """

    cover: Literal["none", "pairwise"] = "none"
    tries: int = 300
    impossible: tuple[Impossible, ...] = ()

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise InputError("coverage.tries", "must be at least 1", got=self.tries)


def scene_space(
    scenarios: Iterable[str], cameras: Iterable[str], families: Iterable[str], rules: Sequence[Impossible] = ()
) -> Space:
    """Return the cells that a scene decides.

    Args:
        scenarios: names in `scenes.scenario.SCENARIOS`.
        cameras: names of rigs.
        families: of looks.
        rules: of what is impossible.
    """
    return _space(tuple(families), ROADS, scenarios, cameras, rules)


def frame_space(
    scenarios: Iterable[str], cameras: Iterable[str], families: Iterable[str], rules: Sequence[Impossible] = ()
) -> Space:
    """Return the cells that a frame decides; arguments as of `scene_space`, whose rules about roads are passed over."""
    kept = [rule for rule in map(_of_frames, rules) if rule is not None]
    return _space(tuple(families), AIRS, scenarios, cameras, kept)


def _of_frames(rule: Impossible) -> Impossible | None:
    """Return what a rule about scenes says of frames, whose weather is in the air; None if nothing."""
    only = {name: values for name, values in rule.only.items() if name != "weather"}
    if "weather" in rule.when or (rule.only and not only):
        return None
    return replace(rule, only=only)


def _space(
    light: Sequence[str],
    weather: Sequence[str],
    scenarios: Iterable[str],
    cameras: Iterable[str],
    rules: Sequence[Impossible],
) -> Space:
    values: dict[str, Iterable[str]] = {
        "light": light,
        "weather": weather,
        "place": get_args(PlaceKind),
        "pre_crash": scenarios,
        "phase": (NO_CRASH, *get_args(Phase)),
        "camera": cameras,
    }
    kept = [rule for rule in (_known(rule, {"light": light, "weather": weather}) for rule in rules) if rule]
    return Space(tuple(Factor(name=name, values=tuple(told)) for name, told in values.items()), tuple(kept))


def _known(rule: Impossible, values: Mapping[str, Sequence[str]]) -> Impossible | None:
    """Return what a rule says where other values of light and weather are registered than it was written for."""
    only = {name: told for name, told in rule.only.items() if name not in values or set(told) & set(values[name])}
    return None if rule.only and not only else replace(rule, only=only)


def scene_case(spec: SceneSpec, space: Space) -> dict[str, str]:
    """Return the values that a scene has."""
    street = spec.street
    told: dict[str, Sequence[str]] = {
        "light": [spec.lighting],
        "weather": [road_state(street.wetness, street.snow)],
        "place": [street.kind],
        "pre_crash": [spec.scenario],
        "phase": [next((vehicle.crash.phase for vehicle in spec.vehicles if vehicle.crash), NO_CRASH)],
        "camera": [spec.cameras[0].name],
    }
    return _chosen(told, space)


def frame_case(record: Mapping[str, Any], spec: SceneSpec, space: Space) -> dict[str, str]:
    """Return the values that a frame has, by its record and its scene."""
    conditions = record.get("conditions") or {}
    own: dict[str, Sequence[str]] = {"weather": [air_state(conditions), *_roads(conditions)]}
    view = str(record.get("view", "0")).partition("t")[0]
    camera = spec.cameras[int(view)].name if view.isdigit() and int(view) < len(spec.cameras) else ""
    own["camera"] = [camera]
    return {**scene_case(spec, space), **_chosen(own, space)}


def road_state(wetness: float, snow: float) -> str:
    """Return a road's state as one of `ROADS`."""
    return "snowy" if snow > _SNOWY else "wet" if wetness > _WET else "dry"


def air_state(conditions: Mapping[str, Any]) -> str:
    """Return what is in the air as one of `AIRS`, by the `conditions` of a record."""
    falling = (conditions.get("precipitation") or {}).get("kind", "none")
    if falling in ("rain", "snow"):
        return str(falling)
    visibility_m = conditions.get("visibility_m")
    return "fog" if visibility_m is not None and visibility_m < _FOGGY_M else "clear"


def _roads(conditions: Mapping[str, Any]) -> Iterator[str]:
    road = conditions.get("road")
    if road:
        yield road_state(road["wetness"], road["snow"])


def _chosen(told: Mapping[str, Sequence[str]], space: Space) -> dict[str, str]:
    """Return for each factor the first candidate that it knows, else the last one: a stranger to the ledger."""
    found = {}
    for factor in space.factors:
        candidates = [value for value in told.get(factor.name, ()) if value]
        if candidates:
            found[factor.name] = next((value for value in candidates if value in factor.values), candidates[-1])
    return found
