"""What two- and three-wheelers are painted and covered with, and how brightly their lamps burn.

Sources:
    Lamps: UNECE R113 (motorcycle dipped beams), R50 (tail 4 to 12 cd, brake 40 to 185 cd, indicators 90 to 700 cd),
    over lenses of 0.005 to 0.02 m².
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.lamps import MAIN_BEAM_FACE
from scenes.stage.surface import Surface, surface

_RED, _AMBER, _WHITE = (1.0, 0.03, 0.012), (1.0, 0.33, 0.02), (1.0, 0.93, 0.82)
_HEAD_CD_M2, _TAIL_CD_M2, _BRAKE_CD_M2, _INDICATOR_CD_M2 = 1.2e5, 900.0, 8_000.0, 30_000.0


def two_wheeler_finish(vehicle: Vehicle) -> dict[str, Surface]:
    """Return a surface for every slot that two- and three-wheelers have."""
    rng = np.random.default_rng([vehicle.seed, 77])
    return {**_metals(vehicle, rng), **_soft(vehicle, rng), **_paints(vehicle, rng), **_lamps(vehicle)}


def _paints(vehicle: Vehicle, rng: np.random.Generator) -> dict[str, Surface]:
    second = ((0.5, 0.5, 0.5), (0.012, 0.012, 0.014), (0.55, 0.33, 0.02), (0.4, 0.02, 0.02))[int(rng.integers(4))]
    ground = ((0.7, 0.7, 0.68), (0.65, 0.5, 0.06))[int(rng.integers(2))]
    worn = {"dirt": 0.7 * vehicle.dirt, "rust": vehicle.rust}
    return {
        "paint": surface("car_paint", colour=vehicle.paint_rgb_linear, **worn),
        "paint_second": surface("car_paint", colour=second, **worn),
        "plate": surface("number_plate", ground=ground, ink=(0.02, 0.02, 0.02), number=float(rng.integers(10_000))),
    }


def _metals(vehicle: Vehicle, rng: np.random.Generator) -> dict[str, Surface]:
    alloy = (0.5, 0.3, 0.02, 0.02)[int(rng.integers(4))] if vehicle.kind in ("motorcycle", "scooter") else 0.5
    shine = 0.12 + 0.3 * vehicle.dirt
    return {
        "alloy": surface("plain", colour=(alloy,) * 3, roughness=0.3 + 0.2 * vehicle.dirt, metallic=0.9),
        "chrome": surface("plain", colour=_dulled(0.75, vehicle.dirt), roughness=shine, metallic=1.0),
        "steel": surface("plain", colour=_dulled(0.42, vehicle.dirt), roughness=0.38, metallic=1.0),
        "engine": surface("plain", colour=_dulled(0.25, vehicle.dirt), roughness=0.5, metallic=0.8),
        "frame": surface("plain", colour=(0.014, 0.014, 0.015), roughness=0.35, coat=0.5),
    }


def _soft(vehicle: Vehicle, rng: np.random.Generator) -> dict[str, Surface]:
    tone = float(rng.uniform(0.008, 0.03))
    seat = ((tone,) * 3, (0.07, 0.035, 0.018), (0.12, 0.015, 0.015))[int(rng.choice(3, p=(0.75, 0.17, 0.08)))]
    canopy = ((0.03, 0.03, 0.032), (0.5, 0.32, 0.02), (0.02, 0.12, 0.05), (0.03, 0.06, 0.2))[int(rng.integers(4))]
    return {
        "rubber": surface("tyre_rubber", dirt=round(vehicle.dirt, 1)),
        "dark": surface("plain", colour=_dusty((0.02,) * 3, vehicle.dirt), roughness=0.5),
        "seat": surface("leather", colour=seat, polish=0.35),
        "canopy": surface("plain", colour=canopy, roughness=0.8),
        "interior": surface("plain", colour=(0.06, 0.06, 0.062), roughness=0.8),
        "load": surface("plain", colour=(0.16, 0.1, 0.05), roughness=0.8),
        "glass": surface("tinted_glass", through=0.8, dirt=vehicle.dirt),
        "glass_dark": surface("tinted_glass", through=0.25, dirt=vehicle.dirt),
    }


def _lamps(vehicle: Vehicle) -> dict[str, Surface]:
    burning = set(vehicle.lamps)
    head_cd_m2 = _HEAD_CD_M2 * (MAIN_BEAM_FACE if "high_beam" in burning else 1.0)
    return {
        "lamp_head": _lamp("head", head_cd_m2, _WHITE, burns=bool(burning & {"head", "high_beam"}), narrow=4.0),
        "lamp_tail": _lamp("tail", _TAIL_CD_M2, _RED, burns=bool(burning & {"tail", "brake"})),
        "lamp_brake": _lamp("tail", _BRAKE_CD_M2, _RED, burns="brake" in burning)
        if not burning & {"tail"} or "brake" in burning
        else _lamp("tail", _TAIL_CD_M2, _RED, burns=True),
        "lamp_indicator_left": _lamp("indicator", _INDICATOR_CD_M2, _AMBER, burns="indicator_left" in burning),
        "lamp_indicator_right": _lamp("indicator", _INDICATOR_CD_M2, _AMBER, burns="indicator_right" in burning),
    }


def _lamp(group: str, cd_m2: float, rgb: Sequence[float], *, burns: bool, narrow: float = 1.0) -> Surface:
    from scenes.stage.lamps import TRACE_GAIN

    if burns:
        return surface("emission", colour=rgb, luminance_cd_m2=cd_m2 * TRACE_GAIN[group], narrow=narrow)
    cover = {"head": (0.8, 0.82, 0.84), "tail": (0.35, 0.012, 0.01), "indicator": (0.6, 0.2, 0.02)}[group]
    return surface("lamp_lens", colour=cover)


def _dulled(tone: float, dirt: float) -> tuple[float, float, float]:
    return (tone * (1 - 0.4 * dirt), tone * (1 - 0.43 * dirt), tone * (1 - 0.48 * dirt))


def _dusty(colour: Sequence[float], dirt: float) -> tuple[float, ...]:
    dust = (0.1, 0.09, 0.075)
    return tuple(value + 0.25 * dirt * (grey - value) for value, grey in zip(colour, dust, strict=True))
