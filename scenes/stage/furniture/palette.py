"""The surfaces that street furniture shares; slots are named for what they show."""

from __future__ import annotations

from types import MappingProxyType

from scenes.stage.surface import Surface, surface

Rgb = tuple[float, float, float]

RED: Rgb = (0.55, 0.012, 0.015)
YELLOW: Rgb = (0.78, 0.43, 0.01)
BLUE: Rgb = (0.008, 0.06, 0.32)
GREEN: Rgb = (0.005, 0.16, 0.07)
ORANGE: Rgb = (0.85, 0.16, 0.012)
WHITE: Rgb = (0.78, 0.79, 0.78)
BLACK: Rgb = (0.012, 0.012, 0.013)
BROWN: Rgb = (0.16, 0.05, 0.015)
GREY: Rgb = (0.33, 0.34, 0.35)

_SHEETS = {"white": WHITE, "red": RED, "yellow": YELLOW, "blue": BLUE, "green": GREEN, "orange": ORANGE, "brown": BROWN}
_ENAMELS = {
    "grey": (0.2, 0.21, 0.22),
    "anthracite": (0.035, 0.037, 0.04),
    "green": (0.012, 0.06, 0.03),
    "black": (0.012, 0.012, 0.013),
    "white": (0.7, 0.7, 0.68),
    "red": (0.42, 0.012, 0.012),
    "yellow": (0.7, 0.38, 0.012),
    "blue": (0.015, 0.07, 0.26),
    "brown": (0.09, 0.035, 0.018),
}
_PLASTICS = {
    "orange": (0.82, 0.13, 0.012),
    "white": (0.72, 0.72, 0.7),
    "black": (0.014, 0.014, 0.015),
    "grey": (0.13, 0.135, 0.14),
    "green": (0.015, 0.09, 0.03),
    "blue": (0.012, 0.06, 0.25),
    "yellow": (0.72, 0.4, 0.012),
    "brown": (0.07, 0.03, 0.014),
    "red": (0.5, 0.015, 0.012),
    "sky": (0.03, 0.18, 0.32),
}

PALETTE = MappingProxyType(
    {
        **{f"sheet_{name}": surface("sheeting", colour=rgb) for name, rgb in _SHEETS.items()},
        "print_black": surface("plain", colour=BLACK, roughness=0.5),
        **{f"enamel_{name}": surface("enamel", colour=rgb, wear=0.25, dirt=0.4) for name, rgb in _ENAMELS.items()},
        **{f"plastic_{name}": surface("moulded", colour=rgb, dirt=0.5) for name, rgb in _PLASTICS.items()},
        "galvanised": surface("galvanised", dirt=0.4),
        "aluminium": surface("galvanised", dirt=0.2, bright=0.62),
        "steel_worn": surface("enamel", colour=(0.12, 0.115, 0.11), wear=0.7, dirt=0.6),
        "iron": surface("cast_iron"),
        "concrete": surface("cast_concrete", colour=(0.34, 0.33, 0.31)),
        "concrete_pale": surface("cast_concrete", colour=(0.46, 0.45, 0.42)),
        "stone": surface("cast_concrete", colour=(0.3, 0.28, 0.25)),
        "brick": surface("wall", colour=(0.26, 0.085, 0.05), kind="brick"),
        "wood": surface("planks", colour=(0.25, 0.15, 0.075)),
        "wood_grey": surface("planks", colour=(0.22, 0.195, 0.165)),
        "wood_tarred": surface("planks", colour=(0.075, 0.05, 0.033)),
        "rubber": surface("plain", colour=(0.014, 0.014, 0.014), roughness=0.8),
        "cable": surface("plain", colour=(0.012, 0.012, 0.012), roughness=0.5),
        "glass": surface("pane", through=0.9),
        "glass_dark": surface("glass"),
        "mirror": surface("plain", colour=(0.85, 0.86, 0.88), roughness=0.04, metallic=1.0),
        "porcelain": surface("plain", colour=(0.24, 0.13, 0.07), roughness=0.15, coat=1.0),
        "earth": surface("gravel", colour=(0.13, 0.085, 0.05)),
        "sand": surface("heap", colour=(0.42, 0.31, 0.18)),
        "soil": surface("heap", colour=(0.045, 0.03, 0.02)),
        "plant": surface("tinted", roughness=0.6),
        "tinted": surface("tinted", roughness=0.75),
        "wire_mesh": surface("wire_mesh", colour=(0.4, 0.41, 0.42), pitch_m=0.06),
        "wire_panel": surface("wire_mesh", colour=(0.45, 0.46, 0.47), pitch_m=0.1, upright=True),
        "lens_clear": surface("lens", colour=(0.8, 0.82, 0.85)),
        "lens_amber": surface("lens", colour=(0.6, 0.2, 0.02)),
        "lens_red": surface("lens", colour=(0.4, 0.015, 0.012)),
        "lens_green": surface("lens", colour=(0.015, 0.2, 0.12)),
    }
)
"""Slot name to surface; a finish is this, with what differs replaced."""

_GLOW: dict[str, Rgb] = {
    "red": (1.0, 0.03, 0.012),
    "amber": (1.0, 0.33, 0.02),
    "green": (0.05, 1.0, 0.55),
    "white": (1.0, 0.95, 0.88),
}


def glowing(colour: str, luminance_cd_m2: float, group: str, *, narrow: float = 0.0) -> Surface:
    """Return a lamp that burns: "red", "amber", "green" or "white" at a luminance, in a light group."""
    from scenes.stage.lamps import TRACE_GAIN

    return surface("emission", colour=_GLOW[colour], luminance_cd_m2=luminance_cd_m2 * TRACE_GAIN[group], narrow=narrow)


def plain_finish(variant: int) -> dict[str, Surface]:  # noqa: ARG001  # a finish takes its variant
    """Return the palette for furniture whose slots are all in it."""
    return dict(PALETTE)
