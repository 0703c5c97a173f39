"""A look: how bright and of what colour each group of lights is, and what lies between street and lens.

A preset is a distribution with ranges, a look is one draw from it. One traced view carries many looks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np
from pydantic import ConfigDict

from render.develop.colour import KELVIN_HIGHEST, KELVIN_LOWEST, thermal_tint
from scenes.errors import InputError
from scenes.ontology import LIGHT_GROUPS
from scenes.seeds import child_seed, generator

LAMP_GROUPS = tuple(group for group in LIGHT_GROUPS if group not in ("sun", "sky"))
GROUPS = LIGHT_GROUPS
CLEAR_AIR_M = 40_000.0  # visibility above which haze within a street cannot be seen
_SHARES = ("veil", "bloom", "spikes", "wiper", "ghosts", "dirt")
_STRICT = ConfigDict(extra="forbid")

Range = tuple[float, float]
Rgb = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Look:
    """One lighting, air and lens state under which a view is developed.

    Args:
        name: the preset it came from.
        sun_lux: illuminance of the sun (or moon) at normal incidence; sun_kelvin: its colour.
        sky_lux: illuminance of the sky on the ground; sky_tint_rgb: its colour, luminance 1.
        weights: per lamp group, a multiple of nominal output, >= 0.
        street_tint_rgb, windows_tint_rgb: colours that multiply the nominal ones.
        visibility_m: meteorological visibility (Koschmieder), > 0.
        ev_bias: what the driver's camera adds to its metering, in stops.
        veil, bloom, spikes, wiper, ghosts: shares of the light that lens and windscreen spread, in [0, 1), sum < 1.
        dirt: contrast of the film on the windscreen, in [0, 1].
        seed: draws noise, lens rotation and codec of the frame.
    """

    name: str
    sun_lux: float
    sun_kelvin: float
    sky_lux: float
    sky_tint_rgb: Rgb
    weights: dict[str, float]
    street_tint_rgb: Rgb = (1.0, 1.0, 1.0)
    windows_tint_rgb: Rgb = (1.0, 1.0, 1.0)
    visibility_m: float = CLEAR_AIR_M
    ev_bias: float = 0.0
    veil: float = 0.0
    bloom: float = 0.0
    spikes: float = 0.0
    wiper: float = 0.0
    ghosts: float = 0.0
    dirt: float = 0.0
    seed: int = 0
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not (self.sun_lux >= 0 and self.sky_lux >= 0):
            raise InputError(f"look.{self.name}", "sun_lux and sky_lux must be >= 0", got=(self.sun_lux, self.sky_lux))
        if not self.visibility_m > 0:
            raise InputError(f"look.{self.name}.visibility_m", "must be > 0", got=self.visibility_m)
        _check_weights(self.name, self.weights)
        shares = {share: getattr(self, share) for share in _SHARES}
        if not all(0 <= value <= 1 for value in shares.values()) or self.scattered >= 1:
            raise InputError(f"look.{self.name}", "scattering shares must lie in [0, 1] and sum to < 1", got=shares)

    @property
    def scattered(self) -> float:
        """Share of the light that does not go where it should."""
        return self.veil + self.bloom + self.spikes + self.wiper + self.ghosts

    @property
    def look_id(self) -> str:
        """First 6 hex digits of the SHA-256 of the canonical JSON, seed included."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:6]


def _check_weights(name: str, weights: dict[str, float]) -> None:
    for group, weight in weights.items():
        if group not in LAMP_GROUPS:
            raise InputError(f"look.{name}.weights", f"groups are {', '.join(LAMP_GROUPS)}", got=group)
        if not 0 <= weight < float("inf"):
            raise InputError(f"look.{name}.weights.{group}", "must be >= 0 and finite", got=weight)


@dataclass(frozen=True, kw_only=True)
class LookPreset:
    """A distribution of looks; every `x_range` is drawn evenly (in the logarithm for light), `*_tints` are choices.

    Fields are those of `Look`; sun_kelvin follows sun_lux, as a lower sun is both weaker and redder.
    """

    name: str
    sun_lux_range: Range = (0.0, 0.0)
    sun_kelvin_range: Range = (5500.0, 5500.0)
    sky_lux_range: Range
    sky_kelvin_range: Range = (9000.0, 12000.0)
    street_range: Range = (0.0, 0.0)
    windows_range: Range = (0.0, 0.0)
    ego_range: Range = (0.0, 0.0)
    head_range: Range = (0.0, 0.0)
    tail_range: Range = (0.0, 0.0)
    signal_range: Range = (1.0, 1.0)
    indicator_range: Range = (1.0, 1.0)
    emergency_range: Range = (1.0, 1.0)
    street_tints: tuple[Rgb, ...] = ((1.0, 1.0, 1.0),)
    windows_tints: tuple[Rgb, ...] = ((1.0, 1.0, 1.0),)
    visibility_m_range: Range = (CLEAR_AIR_M, CLEAR_AIR_M)
    ev_bias_range: Range = (-0.2, 0.2)
    veil_range: Range = (0.006, 0.015)
    bloom_range: Range = (0.012, 0.026)
    spikes_range: Range = (0.0008, 0.003)
    wiper_range: Range = (0.0, 0.002)
    ghosts_range: Range = (0.00004, 0.0002)
    dirt_range: Range = (0.0, 0.2)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for item in fields(self):
            if item.name.endswith("_range"):
                self._check_range(item.name)
        for name in ("sun_kelvin_range", "sky_kelvin_range"):
            low, high = getattr(self, name)
            if low < KELVIN_LOWEST or high > KELVIN_HIGHEST:
                rule = f"must lie in [{KELVIN_LOWEST:.0f}, {KELVIN_HIGHEST:.0f}]"
                raise InputError(f"look.{self.name}.{name}", rule, got=(low, high))

    def _check_range(self, name: str) -> None:
        low, high = getattr(self, name)
        signed = name == "ev_bias_range"
        if not (low <= high and (signed or low >= 0)):
            raise InputError(f"look.{self.name}.{name}", "must be [lo, hi] with 0 <= lo <= hi", got=(low, high))
        if name == "visibility_m_range" and low <= 0:
            raise InputError(f"look.{self.name}.{name}", "must be > 0", got=(low, high))


@dataclass(frozen=True, kw_only=True)
class LookSettings:
    """Presets by the lighting family that a scene names."""

    day: tuple[LookPreset, ...] = field(default=())
    night: tuple[LookPreset, ...] = field(default=())
    showcase: tuple[LookPreset, ...] = field(default=())
    low_sun: tuple[LookPreset, ...] = field(default=())
    __pydantic_config__ = _STRICT

    def presets(self, lighting: str) -> tuple[LookPreset, ...]:
        """Return the presets of a family.

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
        return found


def draw(settings: LookSettings, lighting: str, n: int, *, seed: int, scene: str) -> list[Look]:
    """Draw n looks for one view; each preset of the family is used once before any is used twice.

    Args:
        settings: presets.
        lighting: family, such as `night` or `low_sun`.
        n: number of looks, >= 0; the first k of n looks are those drawn for k.
        seed: the run's seed.
        scene: name of the view, so that scenes differ.
    """
    presets = settings.presets(lighting)
    order = generator(seed, "look", scene, "order").permutation(len(presets))
    picks = [presets[order[index % len(presets)]] for index in range(n)]
    return [draw_one(preset, seed=child_seed(seed, "look", scene, index)) for index, preset in enumerate(picks)]


def draw_one(preset: LookPreset, *, seed: int) -> Look:
    """Draw one look from a preset."""
    rng = generator(seed, "draw")
    sun_share = rng.random()
    sky_kelvin = _between(preset.sky_kelvin_range, rng.random())
    return Look(
        name=preset.name,
        sun_lux=_short(_log_between(preset.sun_lux_range, sun_share)),
        sun_kelvin=_short(_between(preset.sun_kelvin_range, 0.8 * sun_share + 0.2 * rng.random())),
        sky_lux=_short(_log_between(preset.sky_lux_range, rng.random())),
        sky_tint_rgb=_rgb(thermal_tint(sky_kelvin)),
        weights={group: _short(_between(getattr(preset, f"{group}_range"), rng.random())) for group in LAMP_GROUPS},
        street_tint_rgb=preset.street_tints[rng.integers(len(preset.street_tints))],
        windows_tint_rgb=preset.windows_tints[rng.integers(len(preset.windows_tints))],
        visibility_m=_short(_log_between(preset.visibility_m_range, rng.random())),
        ev_bias=_short(_between(preset.ev_bias_range, rng.random())),
        seed=seed,
        **{share: _short(_between(getattr(preset, f"{share}_range"), rng.random())) for share in _SHARES},
    )


def _between(bounds: Range, share: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * share


def _log_between(bounds: Range, share: float) -> float:
    low, high = bounds
    return float(low * (high / low) ** share) if low > 0 else _between(bounds, share)


def _short(value: float) -> float:
    """Keep six significant digits, so that records read well and hash alike everywhere."""
    return float(f"{value:.6g}")


def _rgb(values: Sequence[float] | np.ndarray[Any, Any]) -> Rgb:
    red, green, blue = (_short(float(value)) for value in values)
    return (red, green, blue)
