"""The atlas: every lighting and every weather of `conf`, which of them cannot go together and why, and joint draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import numpy as np
import yaml
from pydantic import ConfigDict

from scenes.draws import check_weights, drawn
from scenes.errors import InputError
from scenes.light import Lighting
from scenes.pairing import broken
from scenes.seeds import generator
from scenes.settings import validated
from scenes.weather import Weather

T = TypeVar("T", Lighting, Weather)
_STRICT = ConfigDict(extra="forbid")
_TRIES = 200


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A choice of several files of a group: name to weight, >= 0; empty is none at all."""

    mix: dict[str, float]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A lighting, and a weather or none."""

    lighting: Lighting
    weather: Weather | None = None


Suits = Callable[[Pair], str | None]
"""Why a scene cannot have a pair, or None if it can."""


@dataclass(frozen=True, kw_only=True)
class Atlas:
    """All lightings and weathers by name, and the weights by which a round draws them; none are drawn if empty."""

    lightings: Mapping[str, Lighting]
    weathers: Mapping[str, Weather]
    lighting_mix: Mapping[str, float] = field(default_factory=dict)
    weather_mix: Mapping[str, float] = field(default_factory=dict)

    @property
    def chosen(self) -> bool:
        """Whether the round draws from it."""
        return bool(self.lighting_mix or self.weather_mix)


@cache
def shipped() -> Atlas:
    """Read `conf/lighting` and `conf/weather`; nothing is chosen."""
    return Atlas(lightings=_files("lighting", Lighting), weathers=_files("weather", Weather))


def _files(group: str, kind: type[T]) -> dict[str, T]:
    found = {}
    for entry in sorted(resources.files("conf").joinpath(group).iterdir(), key=lambda entry: entry.name):
        told = yaml.safe_load(entry.read_text(encoding="utf-8")) if entry.name.endswith(".yaml") else {"mix": {}}
        if "mix" not in told:
            found[entry.name.removesuffix(".yaml")] = validated(group, kind, told)
    return found


def chosen(lighting: Mapping[str, Any], weather: Mapping[str, Any]) -> Atlas:
    """Return the atlas with what the config's two sections choose from it, and with their overrides.

    Raises:
        InputError: a section breaks a rule, names what is not there, or no chosen pair is possible.
    """
    atlas = shipped()
    lightings, lighting_mix = _section("lighting", Lighting, lighting, atlas.lightings)
    weathers, weather_mix = _section("weather", Weather, weather, atlas.weathers)
    made = replace(atlas, lightings=lightings, weathers=weathers, lighting_mix=lighting_mix, weather_mix=weather_mix)
    _check_pairs(made)
    return made


def _section(
    group: str, kind: type[T], told: Mapping[str, Any], known: Mapping[str, T]
) -> tuple[Mapping[str, T], Mapping[str, float]]:
    if "mix" not in told:
        one = validated(group, kind, told)
        return {**known, one.name: one}, {one.name: 1.0}
    mix = validated(group, Weights, told).mix
    if unknown := [name for name in mix if name not in known]:
        raise InputError(f"{group}.mix", f"must name files of {', '.join(known)}", got=unknown[0])
    if mix:
        check_weights(f"{group}.mix", mix)
    return known, {name: weight for name, weight in mix.items() if weight > 0}


def _check_pairs(atlas: Atlas) -> None:
    reasons = [
        broken(atlas.lightings[light], atlas.weathers[weather])
        for light in atlas.lighting_mix
        for weather in atlas.weather_mix
    ]
    if reasons and None not in reasons:
        lights, weathers = ", ".join(atlas.lighting_mix), ", ".join(atlas.weather_mix)
        raise InputError("weather", f"must go with lighting={lights}", got=weathers, fix=str(reasons[0]))


def impossible(lighting: str, weather: str) -> str | None:
    """Return why a lighting and a weather of `conf` cannot go together, or None if they can.

    Raises:
        InputError: there is no such file.
    """
    atlas = shipped()
    for group, name, known in (("lighting", lighting, atlas.lightings), ("weather", weather, atlas.weathers)):
        if name not in known:
            raise InputError(group, f"must be one of {', '.join(known)}", got=name)
    return broken(atlas.lightings[lighting], atlas.weathers[weather])


def draw_pairs(
    atlas: Atlas, count: int, *, seed: int, families: Collection[str] = (), suits: Sequence[Suits] = ()
) -> tuple[list[Pair], Counter[str]]:
    """Draw lightings and weathers for the scenes of a round; the first n of a longer list are the list of n.

    A lighting is drawn by its weight and kept if any weather of the mix goes with it and with the scene; weathers are
    drawn until one does.

    Args:
        atlas: with weights; without weights for lightings, those of the families are as likely.
        count: >= 0.
        seed: the run's seed.
        families: of lightings, where none is weighed; all if empty.
        suits: of each scene, why it cannot have a pair, or None; every scene can have every pair if empty.

    Returns:
        The pairs, and how many draws were refused, by reason.

    Raises:
        InputError: no pair is possible.
    """
    weights = atlas.lighting_mix or {
        name: 1.0 for name, item in atlas.lightings.items() if not families or item.scene.family in families
    }
    refused: Counter[str] = Counter()
    pairs = [
        _pair(atlas, weights, generator(seed, "conditions", index), refused, suits[index] if suits else _suits_all)
        for index in range(count)
    ]
    return pairs, refused


def _suits_all(pair: Pair) -> str | None:  # noqa: ARG001  # as every `Suits`
    return None


def _pair(
    atlas: Atlas, weights: Mapping[str, float], rng: np.random.Generator, refused: Counter[str], suits: Suits
) -> Pair:
    for _ in range(_TRIES):
        lighting = atlas.lightings[drawn(weights, rng)]
        if not atlas.weather_mix:
            reason = suits(Pair(lighting=lighting))
            if reason is None:
                return Pair(lighting=lighting)
            refused[reason] += 1
            continue
        pairs = {name: Pair(lighting=lighting, weather=atlas.weathers[name]) for name in atlas.weather_mix}
        reasons = {name: broken(lighting, atlas.weathers[name]) or suits(pair) for name, pair in pairs.items()}
        if None not in reasons.values():
            refused[str(next(iter(reasons.values())))] += 1
            continue
        while (reason := reasons[name := drawn(atlas.weather_mix, rng)]) is not None:
            refused[reason] += 1
        return Pair(lighting=lighting, weather=atlas.weathers[name])
    told, fix = ", ".join(refused), "choose a lighting=NAME that it goes with"
    raise InputError(
        "weather", "must go with a lighting of the scenarios", got=", ".join(atlas.weather_mix), fix=f"{told}; {fix}"
    )
