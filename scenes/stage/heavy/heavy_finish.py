"""The surfaces of a heavy vehicle's slots: paint by livery, dirt, and lamps that burn or not."""

from __future__ import annotations

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.heavy.coachwork import SLOT_NAMES
from scenes.stage.lamps import MAIN_BEAM_FACE, TRACE_GAIN
from scenes.stage.surface import Surface, surface

Rgb = tuple[float, float, float]

_RED = (1.0, 0.03, 0.012)
_AMBER = (1.0, 0.33, 0.02)
_BLUE = (0.02, 0.12, 1.0)
_WHITE = (1.0, 0.95, 0.88)
_LAMPS = {
    "lamp_head": (("head", "high_beam"), "head", _WHITE, 1.2e5, 4.0),
    "lamp_tail": (("tail",), "tail", _RED, 900.0, 1.0),
    "lamp_brake": (("brake",), "tail", _RED, 7_000.0, 1.0),
    "lamp_reversing": (("reversing",), "tail", _WHITE, 8_000.0, 1.0),
    "lamp_indicator_left": (("indicator_left",), "indicator", _AMBER, 12_000.0, 1.0),
    "lamp_indicator_right": (("indicator_right",), "indicator", _AMBER, 12_000.0, 1.0),
    "light_bar": (("light_bar",), "emergency", _BLUE, 14_000.0, 0.0),
}
"""Slot to the lamps that light it, its group, colour, cd/m² and how narrowly it throws.

UNECE R148 allows 17 cd for a tail lamp, 260 cd for a brake lamp and 500 to 700 cd for indicators; a unit has 0.01 to
0.06 m². UNECE R65 asks for at least 230 cd from a blue beacon at night.
"""

_UNLIT = {
    "lamp_head": (0.8, 0.82, 0.85),
    "lamp_tail": (0.40, 0.012, 0.012),
    "lamp_brake": (0.46, 0.02, 0.015),
    "lamp_reversing": (0.75, 0.76, 0.78),
    "lamp_indicator_left": (0.65, 0.22, 0.02),
    "lamp_indicator_right": (0.65, 0.22, 0.02),
    "light_bar": (0.02, 0.06, 0.45),
}
_SECOND: tuple[Rgb, ...] = (
    (0.72, 0.72, 0.71),
    (0.02, 0.10, 0.36),
    (0.40, 0.02, 0.02),
    (0.55, 0.36, 0.02),
    (0.03, 0.20, 0.09),
    (0.10, 0.105, 0.11),
    (0.50, 0.15, 0.01),
    (0.02, 0.22, 0.30),
)


def finish(vehicle: Vehicle) -> dict[str, Surface]:
    """Return a surface for every slot that a heavy vehicle of any kind shows."""
    rng = np.random.default_rng([vehicle.seed, 11])
    made = {**_fixed(vehicle), **_drawn(vehicle, rng), **_lamps(vehicle)}
    missing = set(SLOT_NAMES) - set(made)
    assert not missing, missing
    return made


def _paint(vehicle: Vehicle, colour: Rgb, **values: object) -> Surface:
    return surface("coach_paint", colour=colour, dirt=vehicle.dirt, rust=vehicle.rust, **values)


def _second_colour(vehicle: Vehicle, rng: np.random.Generator) -> Rgb:
    if vehicle.livery == "fire":
        return (0.62, 0.55, 0.05)
    if vehicle.livery == "ambulance":
        return (0.42, 0.02, 0.02)
    if vehicle.livery == "none":
        red, green, blue = vehicle.paint_rgb_linear
        return (0.8 * red, 0.8 * green, 0.8 * blue)
    return _SECOND[int(rng.integers(len(_SECOND)))]


def _drawn(vehicle: Vehicle, rng: np.random.Generator) -> dict[str, Surface]:
    second = _second_colour(vehicle, rng)
    tone = float(rng.uniform(0.55, 0.78))
    white = (tone, tone, tone * 0.98)
    body = vehicle.paint_rgb_linear if vehicle.livery in ("fire", "ambulance") or rng.random() < 0.2 else white
    curtain = _SECOND[int(rng.integers(len(_SECOND)))]
    sheet = ((0.02, 0.10, 0.06), (0.03, 0.05, 0.16), (0.10, 0.10, 0.09), (0.22, 0.16, 0.08))[int(rng.integers(4))]
    seat = ((0.02, 0.04, 0.12), (0.10, 0.02, 0.025), (0.03, 0.03, 0.033), (0.03, 0.08, 0.07))[int(rng.integers(4))]
    cloth = ((0.03, 0.05, 0.11), (0.3, 0.3, 0.31), (0.02, 0.02, 0.022), (0.45, 0.16, 0.02))[int(rng.integers(4))]
    skin = ((0.50, 0.30, 0.21), (0.30, 0.16, 0.10), (0.10, 0.05, 0.033))[int(rng.integers(3))]
    stone = ((0.30, 0.28, 0.25), (0.22, 0.15, 0.09), (0.12, 0.12, 0.12))[int(rng.integers(3))]
    return {
        "paint": _paint(vehicle, vehicle.paint_rgb_linear),
        "paint_second": _paint(vehicle, second),
        "cargo": _paint(vehicle, body, roughness=0.4),
        "curtain": surface("tarpaulin", colour=curtain, dirt=vehicle.dirt, folds_m=0.03),
        "tarpaulin": surface("tarpaulin", colour=sheet, dirt=vehicle.dirt, folds_m=0.10),
        "seat": surface("plain", colour=seat, roughness=0.9),
        "cloth_driver": surface("plain", colour=cloth, roughness=0.9),
        "skin_driver": surface("plain", colour=skin, roughness=0.5),
        "plate": surface(
            "number_plate",
            ground=(0.72, 0.72, 0.70) if rng.random() < 0.7 else (0.68, 0.50, 0.04),
            ink=(0.012, 0.012, 0.014),
            number=float(rng.integers(1, 5000)),
        ),
        "gravel": surface("gravel", colour=stone),
        "timber": surface("timber", colour=(0.16, 0.10, 0.06)),
    }


def _fixed(vehicle: Vehicle) -> dict[str, Surface]:
    """Return what all have in common; black plastic and steel grey with dirt."""
    dirt = vehicle.dirt
    dark = 0.014 + 0.03 * dirt
    steel = 0.30 - 0.16 * dirt
    return {
        "glass": surface("pane", through=0.62 if vehicle.kind != "coach" else 0.35),
        "glass_dark": surface("plain", colour=(0.008, 0.008, 0.009), roughness=0.06),
        "dark": surface("plain", colour=(dark, dark, dark * 0.98), roughness=0.6),
        "rubber": surface("tyre_rubber", dirt=round(dirt, 1)),
        "alloy": surface("plain", colour=(0.62, 0.62, 0.63), roughness=0.25, metallic=1.0),
        "chrome": surface("plain", colour=(0.78, 0.78, 0.79), roughness=0.08, metallic=1.0),
        "lens": surface("lens", colour=(0.75, 0.77, 0.8)),
        "lens_red": surface("lens", colour=(0.4, 0.012, 0.012)),
        "interior": surface("plain", colour=(0.20, 0.20, 0.195), roughness=0.8),
        "steel": surface("plain", colour=(steel, steel, steel), roughness=0.45, metallic=0.6),
        "load": surface(
            "coach_paint", colour=(1.0, 1.0, 1.0), dirt=dirt, rust=vehicle.rust, roughness=0.6, tinted=True
        ),
        "decal": surface("coach_paint", colour=(1.0, 1.0, 1.0), dirt=dirt, roughness=0.35, tinted=True),
        "contour": surface("plain", colour=(0.80, 0.78, 0.60), roughness=0.3),
        "marker": surface("lens", colour=(0.75, 0.25, 0.02)),
        "reflector": surface("lens", colour=(0.5, 0.012, 0.012)),
        "sign": surface("emission", colour=(1.0, 0.42, 0.04), luminance_cd_m2=2_500.0 * TRACE_GAIN["windows"]),
        "saloon_lamp": _saloon_lamp(vehicle),
    }


def _saloon_lamp(vehicle: Vehicle) -> Surface:
    if vehicle.kind == "bus" and {"head", "tail"} & set(vehicle.lamps):
        return surface("emission", colour=(0.95, 0.98, 1.0), luminance_cd_m2=900.0 * TRACE_GAIN["windows"])
    return surface("plain", colour=(0.6, 0.6, 0.6), roughness=0.5)


def _lamps(vehicle: Vehicle) -> dict[str, Surface]:
    burning = set(vehicle.lamps)
    made = {}
    for slot, (names, group, colour, level, narrow) in _LAMPS.items():
        if burning & set(names):
            blaze = MAIN_BEAM_FACE if slot == "lamp_head" and "high_beam" in burning else 1.0
            strength = level * blaze * TRACE_GAIN[group]
            made[slot] = surface("emission", colour=colour, luminance_cd_m2=strength, narrow=narrow)
        else:
            recipe = "lens" if slot == "lamp_head" else "lamp_lens"
            made[slot] = surface(recipe, colour=_UNLIT[slot])
    return made
