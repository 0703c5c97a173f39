"""The surfaces of a car's slots: paint by livery, dirt and rust, glass, and lamps that burn or not."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.cars.car_shape import draw_shape
from scenes.stage.lamps import MAIN_BEAM_FACE, TRACE_GAIN, lamp_colour
from scenes.stage.surface import Surface, surface

Rgb = tuple[float, float, float]
_RED, _AMBER, _BLUE = (1.0, 0.03, 0.012), (1.0, 0.33, 0.02), (0.02, 0.10, 1.0)
_LAMPS = MappingProxyType(
    {
        "lamp_head": (("head", "high_beam"), "head", None, 2.0e5, 4.0),
        "lamp_day": (("head", "high_beam"), "head", None, 2.0e4, 1.0),
        "lamp_tail": (("tail",), "tail", _RED, 500.0, 1.0),
        "lamp_brake": (("brake",), "tail", _RED, 7_000.0, 1.0),
        "lamp_reversing": (("reversing",), "tail", (1.0, 0.95, 0.88), 8_000.0, 1.0),
        "lamp_indicator_left": (("indicator_left",), "indicator", _AMBER, 14_000.0, 1.0),
        "lamp_indicator_right": (("indicator_right",), "indicator", _AMBER, 14_000.0, 1.0),
        "light_bar": (("light_bar",), "emergency", _BLUE, 14_000.0, 0.0),
    }
)
"""Slot to the lamps that light it, group, colour (None: the headlamps'), cd/m² and how narrowly it throws.

Source: UNECE R148 allows 17 cd for a tail lamp, 260 cd for a brake lamp, 500 cd for a rear indicator; units have 0.01
to 0.04 m². UNECE R65 asks for 230 cd at least from a blue beacon at night.
"""
_UNLIT = MappingProxyType(
    {
        "lamp_tail": (0.30, 0.006, 0.006),
        "lamp_brake": (0.38, 0.012, 0.010),
        "lamp_reversing": (0.40, 0.40, 0.41),
        "lamp_indicator_left": (0.62, 0.19, 0.02),
        "lamp_indicator_right": (0.62, 0.19, 0.02),
        "light_bar": (0.02, 0.06, 0.5),
    }
)
_CLEAR: Rgb = (0.42, 0.24, 0.17)
"""An unlit indicator with an amber bulb behind a nearly clear cover."""
_FIXED = MappingProxyType(
    {
        "frit": surface("plain", colour=(0.006, 0.006, 0.007), roughness=0.12),
        "chrome": surface("plain", colour=(0.72, 0.72, 0.73), roughness=0.1, metallic=1.0),
        "mirror": surface("plain", colour=(0.8, 0.81, 0.82), roughness=0.01, metallic=1.0),
        "underside": surface("plain", colour=(0.006, 0.006, 0.006), roughness=0.9),
        "lamp_housing": surface("plain", colour=(0.05, 0.05, 0.055), roughness=0.25, metallic=0.6),
        "lamp_cover": surface("tinted_glass", through=0.93, dirt=0.0),
    }
)
_SKIN: tuple[Rgb, ...] = ((0.45, 0.26, 0.18), (0.30, 0.16, 0.09), (0.12, 0.06, 0.035), (0.52, 0.33, 0.24))
_SECOND: tuple[Rgb, ...] = (
    (0.02, 0.09, 0.34),
    (0.40, 0.02, 0.02),
    (0.55, 0.34, 0.02),
    (0.03, 0.20, 0.08),
    (0.07, 0.075, 0.08),
    (0.5, 0.13, 0.01),
)


def finish(vehicle: Vehicle) -> dict[str, Surface]:
    """Return a surface for every slot that a car shows.

    Args:
        vehicle: paint, `seed` (interior tones, plate), `livery`, `dirt`, `rust` and `lamps`.
    """
    rng = np.random.default_rng([vehicle.seed, 23])
    return {**_FIXED, **_paints(vehicle, rng), **_plain(vehicle, rng), **_lamps(vehicle)}


def _paints(vehicle: Vehicle, rng: np.random.Generator) -> dict[str, Surface]:
    flakes = float(rng.choice([0.0, 0.35, 0.6], p=[0.35, 0.4, 0.25]))
    second = _SECOND[int(rng.integers(len(_SECOND)))]
    colour: Rgb = vehicle.paint_rgb_linear
    second = {"police": (0.02, 0.10, 0.40), "ambulance": (0.45, 0.015, 0.012)}.get(vehicle.livery, second)
    if vehicle.livery == "taxi":
        taxis = (((0.72, 0.42, 0.01), (0.012, 0.012, 0.014)), ((0.62, 0.55, 0.38), (0.012, 0.012, 0.014)))
        colour, second = taxis[vehicle.model % 2]
    state = {"dirt": vehicle.dirt, "rust": vehicle.rust, "axles_m": draw_shape(vehicle).axles_m}
    tyres = surface("tyre_rubber", dirt=round(vehicle.dirt, 1))
    return {
        "paint": surface("car_paint", colour=colour, flakes=flakes if max(colour) < 0.6 else 0.0, **state),
        "paint_second": surface("car_paint", colour=second, flakes=0.0, **state),
        "rubber": tyres,
    }


def _plain(vehicle: Vehicle, rng: np.random.Generator) -> dict[str, Surface]:
    tone = float(rng.choice([0.012, 0.03, 0.16], p=[0.55, 0.3, 0.15]))
    rim = float(rng.choice([0.55, 0.3, 0.03], p=[0.6, 0.22, 0.18])) * (1 - 0.4 * vehicle.dirt)
    cloth = tuple(float(value) for value in rng.uniform(0.02, 0.5) * rng.uniform(0.5, 1.0, 3))
    white = bool(rng.random() < 0.7)
    grey = 0.018 + 0.02 * vehicle.dirt
    load = tuple(float(value) for value in (0.02, 0.02, 0.022))
    dusty = round(vehicle.dirt, 1)
    return {
        "dark": surface("plain", colour=(grey, grey, grey), roughness=0.5),
        "alloy": surface("plain", colour=(rim, rim, rim), roughness=0.26 + 0.2 * vehicle.dirt, metallic=0.9),
        "steel": surface("plain", colour=(0.32, 0.32, 0.33), roughness=0.35, metallic=1.0),
        "glass": surface("tinted_glass", through=0.5, dirt=dusty),
        "glass_dark": surface("tinted_glass", through=0.12, dirt=dusty),
        "interior": surface("plain", colour=(0.6 * tone + 0.008,) * 3, roughness=0.7),
        "seat": surface("plain", colour=(tone + 0.01,) * 3, roughness=0.8),
        "skin_driver": surface("plain", colour=_SKIN[int(rng.integers(4))], roughness=0.55),
        "hair_driver": surface("plain", colour=(0.025, 0.017, 0.012), roughness=0.6),
        "cloth_driver": surface("plain", colour=cloth, roughness=0.85),
        "plate": surface(
            "number_plate",
            ground=(0.72, 0.72, 0.70) if white else (0.68, 0.50, 0.04),
            ink=(0.012, 0.012, 0.014),
            number=float(rng.integers(1, 5000)),
        ),
        "load": surface("plain", colour=load, roughness=0.3, coat=0.3),
        "cargo": surface("plain", colour=(0.34, 0.22, 0.12), roughness=0.85),
    }


def _lamps(vehicle: Vehicle) -> dict[str, Surface]:
    modern = draw_shape(vehicle).boxy < 0.5
    made = {name: surface("lamp_lens", colour=colour) for name, colour in _UNLIT.items()}
    if modern:
        made |= dict.fromkeys(("lamp_indicator_left", "lamp_indicator_right"), surface("lamp_lens", colour=_CLEAR))
    glassy = surface("plain", colour=(0.62, 0.64, 0.67), roughness=0.06, metallic=0.6, coat=1.0)
    made |= {"lamp_head": glassy, "lamp_day": surface("plain", colour=(0.6, 0.6, 0.62), roughness=0.25, coat=1.0)}
    for slot, (names, group, colour, level, narrow) in _LAMPS.items():
        if set(names) & set(vehicle.lamps):
            shade = colour or lamp_colour(vehicle.model)
            blaze = MAIN_BEAM_FACE if slot == "lamp_head" and "high_beam" in vehicle.lamps else 1.0
            made[slot] = _burning(shade, level * blaze, group, narrow)
    made["sign"] = _burning((1.0, 0.86, 0.5), 600.0, "windows", 0.0)
    return made


def _burning(colour: Rgb, luminance_cd_m2: float, group: str, narrow: float) -> Surface:
    level = luminance_cd_m2 * TRACE_GAIN[group]
    return surface("emission", colour=colour, luminance_cd_m2=level, narrow=narrow)
