"""Presets: distributions of looks, from `conf/look`; a look is one draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

import numpy as np
from pydantic import ConfigDict

from render.develop.atmosphere import Air
from render.develop.colour import KELVIN_HIGHEST, KELVIN_LOWEST, thermal_tint, unit_tint
from render.develop.draws import Draws, Range, between, even, rgb
from render.develop.hydrometeors import Precipitation
from render.develop.look import LAMP_GROUPS, SHARES, Look, Rgb
from render.develop.smoke import Plume
from render.develop.windscreen import Windscreen
from scenes.errors import InputError
from scenes.seeds import child_seed, generator
from scenes.spec.place import Street

_STRICT = ConfigDict(extra="forbid")
_DARK = ("street", "windows", "ego", "ego_high", "head", "tail")
_INDICATOR_DUTY = 0.5
"""Share of a period that an indicator shines; UNECE R6 asks for 60 to 120 flashes a minute."""
_STROBE_DUTY = 0.35
_WET, _SNOWY = 0.3, 0.25
_NOMINAL_KELVIN = {"windows": 3000.0, "ego": 5500.0, "ego_high": 5500.0, "head": 5000.0}
"""Colour that lamps are built with; street lamps have the spec's."""

Road = Literal["any", "dry", "wet", "snowy"]


@dataclass(frozen=True, kw_only=True)
class LookPreset:
    """A distribution of looks: every `x_range` is drawn evenly, in the logarithm if it spans more than a factor of 4.

    Args:
        name: of the looks.
        road: which roads it suits: rain needs a wet one, snowfall a white one.
        sun_lux_range, sun_kelvin_range: of the sun or moon; the colour follows the strength, as a lower sun is both
            weaker and redder.
        sky_lux_range, sky_kelvin_range, overcast_range: of the sky.
        lamps: group to the range of its weight; street, windows, headlights and tail lamps that are not named are off,
            signals, indicators, emergency lamps and flames burn as they are.
        tints: group to colours to choose from, which multiply the lamps' own; kelvins: group to a range of colour
            temperatures that the lamps take instead of their own.
        flashes: indicators and emergency lamps are caught at a random moment, so some are dark.
        dazzling: headlamps may exceed the law.
        air, plumes, precipitation, windscreen: `x` or `x_range` or `x_choices` for each `x` of `Air`, of each
            `Plume`, of `Precipitation` and of `Windscreen`.
        ev_bias_range, veil_range ...: as in `Look`.
    """

    name: str
    road: Road = "any"
    sun_lux_range: Range = (0.0, 0.0)
    sun_kelvin_range: Range = (5500.0, 5500.0)
    sky_lux_range: Range
    sky_kelvin_range: Range = (9000.0, 12000.0)
    overcast_range: Range = (0.0, 0.0)
    lamps: dict[str, Range] = field(default_factory=dict)
    tints: dict[str, tuple[Rgb, ...]] = field(default_factory=dict)
    kelvins: dict[str, Range] = field(default_factory=dict)
    flashes: bool = True
    dazzling: bool = False
    air: dict[str, Any] = field(default_factory=dict)
    plumes: tuple[dict[str, Any], ...] = ()
    precipitation: dict[str, Any] = field(default_factory=dict)
    windscreen: dict[str, Any] = field(default_factory=dict)
    ev_bias_range: Range = (-0.2, 0.2)
    veil_range: Range = (0.006, 0.015)
    bloom_range: Range = (0.012, 0.026)
    spikes_range: Range = (0.0008, 0.003)
    wiper_range: Range = (0.0, 0.002)
    ghosts_range: Range = (0.00004, 0.0002)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for item in fields(self):
            if item.name.endswith("_range"):
                _check_range(self.name, item.name, getattr(self, item.name), signed=item.name == "ev_bias_range")
        for part in ("air", "precipitation", "windscreen"):
            for name, bounds in getattr(self, part).items():
                if name.endswith("_range"):
                    _check_range(self.name, f"{part}.{name}", bounds, signed=True)
        self._check_groups()
        for share in (0.0, 1.0):  # both ends must make a look
            _look(self, {}, seed=0, share=share)

    def _check_groups(self) -> None:
        for group in (*self.lamps, *self.tints, *self.kelvins):
            if group not in LAMP_GROUPS:
                raise InputError(f"look.{self.name}.lamps", f"groups are {', '.join(LAMP_GROUPS)}", got=group)
        for group, bounds in self.lamps.items():
            _check_range(self.name, f"lamps.{group}", bounds)
        for group in self.kelvins:
            if group != "street" and group not in _NOMINAL_KELVIN:
                rule = f"only {', '.join(('street', *_NOMINAL_KELVIN))} have one"
                raise InputError(f"look.{self.name}.kelvins", rule, got=group)
        named = {f"kelvins.{group}": bounds for group, bounds in self.kelvins.items()}
        named |= {name: getattr(self, name) for name in ("sun_kelvin_range", "sky_kelvin_range")}
        for name, (low, high) in named.items():
            if low < KELVIN_LOWEST or high > KELVIN_HIGHEST:
                rule = f"must lie in [{KELVIN_LOWEST:.0f}, {KELVIN_HIGHEST:.0f}]"
                raise InputError(f"look.{self.name}.{name}", rule, got=(low, high))


@dataclass(frozen=True, kw_only=True)
class LookSettings:
    """Presets by the lighting family that a scene names; the last four are the gallery's."""

    day: tuple[LookPreset, ...] = field(default=())
    night: tuple[LookPreset, ...] = field(default=())
    showcase: tuple[LookPreset, ...] = field(default=())
    low_sun: tuple[LookPreset, ...] = field(default=())
    looks: tuple[LookPreset, ...] = field(default=())
    weather: tuple[LookPreset, ...] = field(default=())
    snow: tuple[LookPreset, ...] = field(default=())
    __pydantic_config__ = _STRICT

    def presets(self, lighting: str, street: Street | None = None) -> tuple[LookPreset, ...]:
        """Return the presets of a family that suit a road; all of them where none does.

        Raises:
            InputError: no such family, or it is empty.
        """
        families = {item.name: getattr(self, item.name) for item in fields(self)}
        if not families.get(lighting):
            filled = ", ".join(name for name, presets in families.items() if presets)
            raise InputError(
                "scene.lighting", f"must be a family with presets ({filled or 'none has any'})", got=lighting
            )
        found: tuple[LookPreset, ...] = families[lighting]
        return tuple(preset for preset in found if street is None or _suits(preset.road, street)) or found


def _suits(road: Road, street: Street) -> bool:
    state = "snowy" if street.snow > _SNOWY else "wet" if street.wetness > _WET else "dry"
    return road in ("any", state)


def draw(
    settings: LookSettings, lighting: str, n: int, *, seed: int, scene: str, street: Street | None = None
) -> list[Look]:
    """Draw n looks for one view; each preset of the family is used once before any is used twice.

    Args:
        settings: presets.
        lighting: family, such as `night` or `low_sun`.
        n: number of looks, >= 0; the first k of n looks are those drawn for k.
        seed: the run's seed.
        scene: name of the view, so that scenes differ.
        street: the road in the picture, whose state some presets need.
    """
    presets = settings.presets(lighting, street)
    order = generator(seed, "look", scene, "order").permutation(len(presets))
    picks = [presets[order[index % len(presets)]] for index in range(n)]
    seeds = [child_seed(seed, "look", scene, index) for index in range(n)]
    lamp_kelvin = street.lamp_kelvin if street else 4000.0
    return [draw_one(preset, seed=one, lamp_kelvin=lamp_kelvin) for preset, one in zip(picks, seeds, strict=True)]


def draw_one(preset: LookPreset, *, seed: int, lamp_kelvin: float = 4000.0) -> Look:
    """Draw one look from a preset; `lamp_kelvin` is the colour that street lamps were traced with."""
    look = _look(preset, _caught(preset, generator(seed, "flash")), seed=seed, share=None)
    own = {
        group: thermal_tint(lamp_kelvin if group == "street" else _NOMINAL_KELVIN[group]) for group in preset.kelvins
    }
    turned = {group: rgb(unit_tint(np.asarray(look.tints[group]) / colour)) for group, colour in own.items()}
    return replace(look, tints={**look.tints, **turned})


def _look(preset: LookPreset, caught: Mapping[str, float], *, seed: int, share: float | None) -> Look:
    """Draw a look; with a `share` every range is taken there instead of drawn."""
    where = f"look.{preset.name}"
    draws = {name: Draws(generator(seed, "draw", name), share) for name in ("light", "lamps", "lens", "parts")}
    light, lamps, lens, parts = draws.values()
    sun_share = light.share()
    weights = {group: preset.lamps.get(group, (0.0, 0.0) if group in _DARK else (1.0, 1.0)) for group in LAMP_GROUPS}
    return Look(
        name=preset.name,
        sun_lux=between(preset.sun_lux_range, sun_share),
        sun_kelvin=even(preset.sun_kelvin_range, 0.8 * sun_share + 0.2 * light.share()),
        sky_lux=light.between(preset.sky_lux_range),
        sky_tint_rgb=rgb(thermal_tint(light.between(preset.sky_kelvin_range))),
        overcast=light.between(preset.overcast_range),
        weights={group: lamps.even(bounds) * caught.get(group, 1.0) for group, bounds in weights.items()},
        tints=_tints(preset, lamps),
        dazzling=preset.dazzling,
        air=parts.build(Air, preset.air, f"{where}.air"),
        plumes=tuple(parts.build(Plume, plume, f"{where}.plumes") for plume in preset.plumes),
        precipitation=parts.build(Precipitation, preset.precipitation, f"{where}.precipitation"),
        windscreen=parts.build(Windscreen, preset.windscreen, f"{where}.windscreen"),
        ev_bias=lens.even(preset.ev_bias_range),
        seed=seed,
        **{share: lens.even(getattr(preset, f"{share}_range")) for share in SHARES},
    )


def _tints(preset: LookPreset, lamps: Draws) -> dict[str, Rgb]:
    chosen = {group: lamps.choose(colours) for group, colours in preset.tints.items()}
    return chosen | {group: rgb(thermal_tint(lamps.even(bounds))) for group, bounds in preset.kelvins.items()}


def _caught(preset: LookPreset, rng: np.random.Generator) -> dict[str, float]:
    """Return which flashing lamps the shutter meets lit: 1 or 0. The two halves of a light bar flash in turn."""
    if not preset.flashes:
        return {}
    phase = rng.random(2)
    return {"indicator": float(phase[0] < _INDICATOR_DUTY), **strobes(float(phase[1]))}


def strobes(phase: float) -> dict[str, float]:
    """Return which halves of a light bar shine at a phase in [0, 1) of their period: 1 or 0."""
    return {
        "emergency": float(phase < _STROBE_DUTY or phase > 0.9),
        "emergency_alternate": float(0.45 < phase < 0.45 + _STROBE_DUTY or phase > 0.9),
    }


def _check_range(preset: str, name: str, bounds: Range, *, signed: bool = False) -> None:
    low, high = bounds
    if not (low <= high and (signed or low >= 0)):
        rule = "must be [lo, hi] with lo <= hi" if signed else "must be [lo, hi] with 0 <= lo <= hi"
        raise InputError(f"look.{preset}.{name}", rule, got=(low, high))
