"""Structures of a road by name, and what their faces show; x runs along the road, y = 0 is its middle."""

from __future__ import annotations

import numpy as np

from scenes.errors import InputError
from scenes.stage.buildings import house_finish
from scenes.stage.buildings.bridge import bridge, overpass
from scenes.stage.buildings.canopy import bus_station, car_park_canopy, petrol_station
from scenes.stage.buildings.railway import railway_track
from scenes.stage.buildings.tunnel import portal, tunnel
from scenes.stage.lamps import TRACE_GAIN, kelvin_rgb
from scenes.stage.surface import Surface, surface

__all__ = [
    "NAMES",
    "bridge",
    "bus_station",
    "car_park_canopy",
    "finish",
    "overpass",
    "petrol_station",
    "portal",
    "railway_track",
    "tunnel",
]

NAMES = (
    "tunnel",
    "portal",
    "bridge",
    "overpass",
    "car_park_canopy",
    "petrol_station",
    "railway_track",
    "bus_station",
)
"""Structures that `finish` knows."""

_LAMP_KELVIN = (3000.0, 4000.0, 5000.0, 2200.0)
_SAFETY_CD_M2 = 200.0  # assumed; EN 1838 asks for 2 at least
_PAINTS = ((0.03, 0.12, 0.07), (0.22, 0.24, 0.25), (0.12, 0.02, 0.02), (0.03, 0.07, 0.16), (0.3, 0.3, 0.28))
_BRANDS = ((0.5, 0.02, 0.02), (0.02, 0.08, 0.4), (0.02, 0.25, 0.08), (0.6, 0.35, 0.02), (0.0, 0.2, 0.25))


def finish(name: str, model: int) -> dict[str, Surface]:
    """Return what each slot of a structure shows.

    Raises:
        InputError: no such structure.
    """
    if name not in NAMES:
        raise InputError("structure", f"must be one of {', '.join(NAMES)}", got=name)
    rng = np.random.default_rng([NAMES.index(name), model, 2])
    house = house_finish.finish("warehouse", model) if name == "petrol_station" else {}
    return {**house, **_stone(rng), **_steel(rng), **_details(rng)}


def _stone(rng: np.random.Generator) -> dict[str, Surface]:
    def cast(colour: tuple[float, float, float], kind: str = "plaster", dirt: float = 0.8) -> Surface:
        return surface("wall", colour=colour, kind=kind, dirt=dirt, second=(0.16, 0.15, 0.14))

    stone = str(rng.choice(["ashlar", "concrete", "rustic"]))
    tone = (0.36, 0.33, 0.28) if stone != "concrete" else (0.36, 0.355, 0.34)
    return {
        "headwall": cast(tone, stone),
        "abutment": cast(tone, stone),
        "voussoir": cast((0.42, 0.39, 0.33), dirt=0.5),
        "coping": cast((0.4, 0.38, 0.34)),
        "vault": cast((0.16, 0.155, 0.145), "concrete", 0.9),
        "lining": cast((0.5, 0.49, 0.44), "cladding", 0.7),
        "kerb": cast((0.33, 0.325, 0.31), dirt=0.6),
        "edge": cast((0.36, 0.355, 0.335), dirt=0.9),
        "sleeper_concrete": cast((0.36, 0.35, 0.32), dirt=0.5),
        "panel": cast((0.09, 0.088, 0.085), dirt=0.4),
        "apron": cast((0.07, 0.068, 0.066), dirt=0.2),
        "kiosk": cast((0.5, 0.49, 0.46), "cladding", 0.3),
        "ballast": surface("heap", colour=(0.17, 0.155, 0.14)),
        "earth": surface("ground", colour=(0.075, 0.095, 0.03), make="plain", grain_m=0.05, patchy=0.5),
        "sleeper_wood": surface("planks", colour=(0.1, 0.075, 0.055)),
        "bench": surface("planks", colour=(0.22, 0.13, 0.07)),
    }


def _steel(rng: np.random.Generator) -> dict[str, Surface]:
    paint = _PAINTS[int(rng.integers(len(_PAINTS)))]
    brand = _BRANDS[int(rng.integers(len(_BRANDS)))]

    def painted(colour: tuple[float, ...], wear: float = 0.2, dirt: float = 0.5) -> Surface:
        return surface("enamel", colour=colour, wear=wear, dirt=dirt)

    return {
        "steel": painted(paint, 0.35),
        "girder": painted(paint, 0.3),
        "rail": surface("galvanised", dirt=0.5) if rng.random() < 0.5 else painted(paint),
        "housing": painted((0.3, 0.31, 0.31)),
        "tray": surface("galvanised", dirt=0.6),
        "duct": surface("galvanised", dirt=0.6),
        "sos": painted((0.55, 0.2, 0.02), 0.1, 0.6),
        "exit": painted((0.01, 0.25, 0.1), 0.1, 0.4),
        "trim": painted((0.5, 0.5, 0.48), 0.1),
        "pipe": painted((0.3, 0.02, 0.02), 0.2),
        "metal": surface("galvanised", dirt=0.4),
        "fascia": painted((0.58, 0.58, 0.57), 0.02, 0.3),
        "stripe": painted(brand, 0.02, 0.2),
        "stripe_second": painted((0.55, 0.42, 0.03), 0.1, 0.3),
        "pump": painted(brand, 0.1, 0.4),
        "ceiling": painted((0.58, 0.58, 0.56), 0.0, 0.2),
        "sign_red": painted((0.45, 0.01, 0.01), 0.0, 0.1),
        "sign_white": painted((0.62, 0.62, 0.6), 0.0, 0.1),
        "tactile": painted((0.5, 0.47, 0.4), 0.0, 0.6),
        "roof_sheet": surface("wall", colour=(0.34, 0.36, 0.37), kind="sheet", dirt=0.5, second=(0.28, 0.29, 0.3)),
    }


def _details(rng: np.random.Generator) -> dict[str, Surface]:
    kelvin = _LAMP_KELVIN[int(rng.integers(len(_LAMP_KELVIN)))]
    dark = surface("plain", colour=(0.015, 0.015, 0.016), roughness=0.6)
    return {
        "lamp": surface("luminaire", colour=kelvin_rgb(kelvin), gain=TRACE_GAIN["street"]),
        "safety_sign": surface(
            "shop_sign",
            ground=(0.01, 0.4, 0.15),
            ink=(0.8, 0.8, 0.8),
            luminance_cd_m2=_SAFETY_CD_M2 * TRACE_GAIN["street"],
        ),
        "reflector": surface("sheeting", colour=(0.6, 0.6, 0.6)),
        "cable": dark,
        "dark": dark,
        "rubber": dark,
        "joint": dark,
        "nozzle": surface("plain", colour=(0.02, 0.15, 0.05), roughness=0.4),
        "steel_worn": surface("plain", colour=(0.3, 0.29, 0.28), roughness=0.35, metallic=0.9),
        "rail_head": surface("plain", colour=(0.5, 0.48, 0.46), roughness=0.18, metallic=1.0),
        "rust": surface("plain", colour=(0.11, 0.055, 0.03), roughness=0.85),
        "solar": surface("plain", colour=(0.008, 0.012, 0.03), roughness=0.12, coat=1.0),
        "poster": surface("poster", seed=float(rng.integers(100))),
    }
