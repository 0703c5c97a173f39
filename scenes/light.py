"""Lightings: what `conf/lighting` says, what it gives in lux, and its part in a scene that is drawn.

A lighting has two parts. The scene's is settled before a trace: where the sun stands, which places suit, which lamps
burn. The look's weighs light that has been traced (`render.develop.atlas`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import radians, sin
from typing import Any, Literal

import numpy as np
from pydantic import ConfigDict

from scenes.daylight import clear_sky_lux, covered_sky_lux, full_moon_lux, sun_lux, twilight_lux
from scenes.draws import check_weights, one_of
from scenes.errors import InputError
from scenes.site.layout import PLACE_SHARES, draw_place
from scenes.spec.place import PlaceKind, Street, Surroundings
from scenes.spec.view import Sun
from scenes.street_light import mean_lux

Range = tuple[float, float]
Family = Literal["day", "night", "low_sun"]
Daylight = Literal["clear", "covered", "twilight", "moon", "given"]
_STRICT = ConfigDict(extra="forbid")
_OFF = 0.15
_LAMP_LM = (800.0, 25_000.0)
"""Flux that lanterns of streets have, from a weak side street's to a main road's."""


@dataclass(frozen=True, kw_only=True)
class Lux:
    """What a lighting states of its brightness.

    Args:
        of: `open_ground` is level ground in the open by sun, moon and sky, without weather; `street_lamps` the mean of
            the carriageway by street lamps; `tunnel_lamps` that of a tunnel's.
        range: lux.
        source: the physics or standard of the numbers.
    """

    of: Literal["open_ground", "street_lamps", "tunnel_lamps"]
    range: Range
    source: str
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 < self.range[0] <= self.range[1]:
            raise InputError("lighting.lux.range", "must be [lo, hi] with 0 < lo <= hi", got=self.range)


@dataclass(frozen=True, kw_only=True)
class LightScene:
    """What a lighting settles when a scene is drawn.

    Args:
        family: of looks, for sorting.
        sun_elevation_deg_range: of the sun, or of the moon.
        sun_bearing_deg_ranges: one of them is chosen; counter-clockwise from the heading, 0 is ahead.
        places: kind to weight.
        surroundings: of streets in towns, to choose from; as such streets have them if empty.
        feature_m_range: where the junction or portal stands ahead; as the place draws it if None.
        tree_spacing_m_range: of an alley; as the place draws it if None.
        lamp_spacing_m_range, lamp_height_m_range: as the place draws them if None; a spacing of 0 leaves no lamps.
        lamps_out_range: share of the lamps that have failed.
        lit_window_share_range: as the place draws it if None.
        wetness_range, puddles_range: of the road where no weather is chosen.
        speed_mps_range: of the camera.
        parking: whether cars may be parked at the kerb.
        dark: vehicles have their lamps on.
        high_beams: oncoming vehicles have not dipped theirs.
        emergency: a vehicle with beacons stands ahead.
        covered: the camera is under a roof that keeps weather out.
        storm: needs a thundercloud; lightning strikes at the sun's bearing.
    """

    family: Family
    sun_elevation_deg_range: Range
    sun_bearing_deg_ranges: tuple[Range, ...] = ((-180.0, 180.0),)
    places: dict[PlaceKind, float] = field(
        default_factory=lambda: {kind: share for kind, share in PLACE_SHARES.items() if kind != "tunnel"}
    )
    surroundings: tuple[Surroundings, ...] = ()
    feature_m_range: Range | None = None
    tree_spacing_m_range: Range | None = None
    lamp_spacing_m_range: Range | None = None
    lamp_height_m_range: Range | None = None
    lamps_out_range: Range = (0.0, 0.0)
    lit_window_share_range: Range | None = None
    wetness_range: Range = (0.0, 0.25)
    puddles_range: Range = (0.0, 0.0)
    speed_mps_range: Range = (2.0, 13.0)
    parking: bool = True
    dark: bool = False
    high_beams: bool = False
    emergency: bool = False
    covered: bool = False
    storm: bool = False
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for name, (low, high) in _ranges(self):
            if low > high:
                raise InputError(f"lighting.scene.{name}", "must be [lo, hi] with lo <= hi", got=(low, high))
        low, high = self.sun_elevation_deg_range
        if not (low >= -90 and high <= 90):
            raise InputError("lighting.scene.sun_elevation_deg_range", "must lie in [-90, 90]", got=(low, high))
        for name in ("lamps_out_range", "wetness_range", "puddles_range", "lit_window_share_range"):
            told = getattr(self, name)
            if told and not (told[0] >= 0 and told[1] <= 1):
                raise InputError(f"lighting.scene.{name}", "must lie in [0, 1]", got=told)
        check_weights("lighting.scene.places", self.places)
        if self.covered and set(self.places) != {"tunnel"}:
            raise InputError("lighting.scene.covered", "only a tunnel has a roof", got=sorted(self.places))


def _ranges(scene: LightScene) -> Iterator[tuple[str, Range]]:
    for name in LightScene.__dataclass_fields__:
        value = getattr(scene, name)
        if name.endswith("_ranges"):
            yield from ((name, each) for each in value)
        elif name.endswith("_range") and value is not None:
            yield name, value


@dataclass(frozen=True, kw_only=True)
class Lighting:
    """One file of `conf/lighting`.

    Args:
        name: that of its file.
        sentence: what one sees.
        lux: what it states, tested in the render.
        daylight: what lights open ground: `clear`, `covered` and `twilight` follow the sun's elevation, `moon` that of
            a full moon (`scenes.daylight`), `given` leaves it to the look's `sky_lux_range` and `sun_lux_range`.
        factor_range: multiplies it: clearer or duller air than the model's.
        scene: what is settled when a scene is drawn.
        look: fields of `render.develop.preset.LookPreset`.
    """

    name: str
    sentence: str
    lux: Lux
    daylight: Daylight = "given"
    factor_range: Range = (0.9, 1.1)
    scene: LightScene
    look: dict[str, Any]
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        given = sorted({"sky_lux_range", "sun_lux_range"} & set(self.look))
        if (self.daylight == "given") != ("sky_lux_range" in self.look) or (given and self.daylight != "given"):
            rule = "must state sky_lux_range if, and only if, daylight is given"
            raise InputError(f"lighting.{self.name}.look", rule, got=given)
        low, high = self.scene.sun_elevation_deg_range
        if self.daylight in ("clear", "covered", "moon") and low <= 0:
            raise InputError(f"lighting.{self.name}.scene", f"{self.daylight} needs a sun above the horizon", got=low)
        if self.daylight == "twilight" and not (low >= -18 and high <= 5):
            rule = "twilight needs a sun in [-18, 5] degrees"
            raise InputError(f"lighting.{self.name}.scene", rule, got=(low, high))
        if self.hard_sun and self.look.get("overcast_range", (0, 0))[0] >= 1:
            raise InputError(f"lighting.{self.name}.look", "a closed cloud lets no hard sun through", got=self.daylight)
        self._check_lux()

    def _check_lux(self) -> None:
        """Refuse a stated illuminance that its own light does not give."""
        if self.lux.of != "open_ground":
            return
        elevations = np.linspace(*self.scene.sun_elevation_deg_range, 9)
        ends = [end for high in elevations for end in self.open_ground_lux_range(float(high))]
        told, gives = self.lux.range, (min(ends), max(ends))
        if any(abs(one / other - 1) > _OFF for one, other in zip(told, gives, strict=True)):
            rule = f"must be what its light gives, [{gives[0]:.3g}, {gives[1]:.3g}]"
            raise InputError(f"lighting.{self.name}.lux.range", rule, got=told)

    @property
    def hard_sun(self) -> bool:
        """Whether the sun (or moon) itself throws shadows."""
        return self.daylight in ("clear", "moon")

    def sun_and_sky_lux(self, elevation_deg: float) -> tuple[Range, Range]:
        """Return what its sun gives at normal incidence and its sky on level ground, lux, without weather."""
        if self.daylight == "given":
            low, high = self.look.get("sun_lux_range", (0.0, 0.0))
            dark, bright = self.look["sky_lux_range"]
            return (low, high), (dark, bright)
        sun, sky = {
            "clear": lambda: (sun_lux(elevation_deg), clear_sky_lux(elevation_deg)),
            "covered": lambda: (0.0, covered_sky_lux(elevation_deg)),
            "twilight": lambda: (0.0, twilight_lux(elevation_deg)),
            "moon": lambda: full_moon_lux(elevation_deg),
        }[self.daylight]()
        low, high = self.factor_range
        return (sun * low, sun * high), (sky * low, sky * high)

    def open_ground_lux_range(self, elevation_deg: float) -> Range:
        """Return the illuminance of level open ground by sun and sky, lux, without weather."""
        (low, high), (dark, bright) = self.sun_and_sky_lux(elevation_deg)
        up = max(sin(radians(elevation_deg)), 0.0)
        return low * up + dark, high * up + bright


def draw_sun(scene: LightScene, rng: np.random.Generator) -> Sun:
    """Draw where the sun stands."""
    bearing = rng.uniform(*one_of(scene.sun_bearing_deg_ranges, rng))
    elevation = rng.uniform(*scene.sun_elevation_deg_range)
    return Sun(elevation_deg=round(float(elevation), 2), azimuth_deg=round(float(bearing), 2))


def draw_site(
    lighting: Lighting,
    rng: np.random.Generator,
    *,
    left_share: float = 0.0,
    places: Mapping[PlaceKind, float] | None = None,
) -> Street:
    """Draw a place that suits a lighting, with the lamps that it asks for.

    Args:
        lighting: which.
        rng: the scene's generator.
        left_share: how often traffic keeps to the left.
        places: kind to weight; the lighting's own if None.
    """
    scene = lighting.scene
    towns = {"towns": dict.fromkeys(scene.surroundings, 1.0)} if scene.surroundings else {}
    street = draw_place(rng, kinds=places or scene.places, wetness=scene.wetness_range, left_share=left_share, **towns)
    changes: dict[str, Any] = {
        "puddles": _drawn(scene.puddles_range, rng, 3),
        "lamps_out": _drawn(scene.lamps_out_range, rng, 3),
        "parking_lane": street.parking_lane and scene.parking,
    }
    for name in ("tree_spacing_m", "lamp_spacing_m", "lamp_height_m", "lit_window_share"):
        told = getattr(scene, f"{name}_range")
        if told is not None:
            changes[name] = _drawn(told, rng, 3)
    if scene.feature_m_range is not None and street.feature_x_m is not None:
        changes["feature_x_m"] = _drawn(scene.feature_m_range, rng, 2)
    street = replace(street, **changes)
    return _lit(street, lighting, rng) if lighting.lux.of == "street_lamps" else street


def _lit(street: Street, lighting: Lighting, rng: np.random.Generator) -> Street:
    """Give the lamps the flux that lays the stated lux on the road."""
    wanted, given = float(rng.uniform(*lighting.lux.range)), mean_lux(replace(street, lamp_lm=1000.0))
    flux = 1000.0 * wanted / given if given > 0 else float("inf")
    if not _LAMP_LM[0] <= flux <= _LAMP_LM[1]:
        rule = f"its lamps would need a flux outside {_LAMP_LM[0]:.0f} to {_LAMP_LM[1]:.0f} lm"
        raise InputError(f"lighting.{lighting.name}.lux.range", rule, got=f"{flux:.0f} lm in a {street.kind}")
    return replace(street, lamp_lm=float(round(flux)))


def _drawn(bounds: Range, rng: np.random.Generator, digits: int) -> float:
    return round(float(rng.uniform(*bounds)), digits)
