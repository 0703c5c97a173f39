"""One sample of each surface that scenes are made of, for the gallery's sheet of materials."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scenes.stage.surface import Surface, surface

_ASPHALT = (0.062, 0.062, 0.065)

SAMPLES: Mapping[str, Surface] = MappingProxyType(
    {
        "clear-coated paint": surface("car_paint", colour=(0.36, 0.015, 0.015), dirt=0.05),
        "metallic paint": surface("car_paint", colour=(0.3, 0.32, 0.34), dirt=0.05, flakes=1.0),
        "dirty paint": surface("car_paint", colour=(0.6, 0.6, 0.58), dirt=1.0),
        "rusty paint": surface("car_paint", colour=(0.03, 0.12, 0.3), dirt=0.5, rust=1.0),
        "burnt metal": surface("burnt", colour=(0.3, 0.02, 0.02), amount=0.8),
        "cracked screen": surface("cracked_glass"),
        "tinted glass": surface("tinted_glass", through=0.5),
        "spilt oil": surface("spilt", through=(0.14, 0.12, 0.10), roughness=0.1, ior=1.47),
        "tyre rubber": surface("tyre_rubber"),
        "chrome": surface("plain", colour=(0.75, 0.75, 0.76), roughness=0.1, metallic=1.0),
        "galvanised steel": surface("galvanised", dirt=0.3),
        "black plastic": surface("plain", colour=(0.012, 0.012, 0.013), roughness=0.55),
        "lamp cover": surface("lamp_lens", colour=(0.35, 0.012, 0.012)),
        "retroreflective sheet": surface("sheeting", colour=(0.6, 0.02, 0.02)),
        "skin": surface("skin", colour=(0.36, 0.19, 0.12)),
        "hair": surface("hair", colour=(0.04, 0.025, 0.015)),
        "denim": surface("cloth", colour=(0.05, 0.08, 0.18), second=(0.1, 0.13, 0.22), pattern="denim"),
        "checked cloth": surface("cloth", colour=(0.3, 0.03, 0.03), second=(0.02, 0.02, 0.03), pattern="checks"),
        "leather": surface("leather", colour=(0.05, 0.025, 0.015)),
        "fur": surface(
            "fur",
            colour=(0.18, 0.09, 0.04),
            second=(0.5, 0.46, 0.4),
            patches=0.4,
            pale=0.3,
            dark=0.2,
            seed=3,
            hair_m=0.02,
        ),
        "asphalt, new": surface("ground", colour=(0.032, 0.032, 0.034)),
        "asphalt, worn": surface("ground", colour=_ASPHALT, make="worn", lane_m=3.4, half_m=7),
        "asphalt, cracked": surface("ground", colour=(0.08, 0.08, 0.083), make="cracked"),
        "asphalt, wet": surface("ground", colour=_ASPHALT, wetness=1.0, puddles=0.6),
        "asphalt, icy": surface("ground", colour=_ASPHALT, ice=0.9),
        "asphalt, snowy": surface("ground", colour=_ASPHALT, snow=0.9),
        "concrete slabs": surface("ground", colour=(0.24, 0.235, 0.225), make="concrete"),
        "paving": surface("ground", colour=(0.2, 0.19, 0.18), make="paving"),
        "road paint, worn": surface("road_paint", wear=0.8),
        "brick": surface("wall", colour=(0.30, 0.12, 0.08), kind="brick"),
        "plaster": surface("wall", colour=(0.5, 0.45, 0.36), kind="plaster"),
        "concrete wall": surface("wall", colour=(0.3, 0.29, 0.28), kind="concrete"),
        "corrugated sheet": surface("slats", colour=(0.2, 0.3, 0.36), pitch_m=0.08),
        "bark": surface("bark", colour=(0.09, 0.065, 0.045)),
        "leaves": surface("leaf", colour=(0.05, 0.11, 0.02), second=(0.08, 0.13, 0.03)),
        "timber": surface("timber", colour=(0.3, 0.2, 0.1)),
        "tarpaulin": surface("tarpaulin", colour=(0.03, 0.1, 0.25), dirt=0.4),
    }
)
"""Name to surface."""
