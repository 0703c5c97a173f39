"""What the faces of houses show: walls and roofs of each style, colours by model."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.stage.lamps import TRACE_GAIN
from scenes.stage.surface import Surface, surface

Colour = tuple[float, float, float]

_PLASTER: tuple[Colour, ...] = (
    (0.56, 0.49, 0.36),
    (0.62, 0.58, 0.5),
    (0.5, 0.42, 0.27),
    (0.55, 0.38, 0.28),
    (0.42, 0.46, 0.44),
    (0.6, 0.6, 0.57),
    (0.47, 0.4, 0.35),
    (0.5, 0.3, 0.22),
    (0.38, 0.42, 0.48),
)
_BRICK: tuple[Colour, ...] = (
    (0.3, 0.11, 0.065),
    (0.24, 0.1, 0.07),
    (0.38, 0.24, 0.13),
    (0.42, 0.33, 0.2),
    (0.17, 0.09, 0.07),
)
_STONE: tuple[Colour, ...] = ((0.46, 0.42, 0.34), (0.38, 0.36, 0.32), (0.5, 0.45, 0.35))
_GAUDY: tuple[Colour, ...] = (
    (0.5, 0.46, 0.36),
    (0.3, 0.45, 0.42),
    (0.52, 0.4, 0.18),
    (0.5, 0.32, 0.3),
    (0.3, 0.38, 0.52),
    (0.48, 0.48, 0.44),
    (0.42, 0.5, 0.3),
)
_SHEET: tuple[Colour, ...] = (
    (0.34, 0.37, 0.38),
    (0.12, 0.2, 0.3),
    (0.42, 0.42, 0.39),
    (0.1, 0.19, 0.13),
    (0.36, 0.3, 0.22),
)
_TILES: tuple[Colour, ...] = (
    (0.33, 0.115, 0.06),
    (0.26, 0.1, 0.065),
    (0.2, 0.13, 0.09),
    (0.11, 0.105, 0.1),
    (0.38, 0.17, 0.08),
)
_DOORS: tuple[Colour, ...] = (
    (0.05, 0.1, 0.07),
    (0.16, 0.05, 0.03),
    (0.04, 0.06, 0.14),
    (0.12, 0.07, 0.035),
    (0.1, 0.1, 0.1),
)
_SOBER: tuple[Colour, ...] = (
    (0.02, 0.05, 0.035),
    (0.015, 0.03, 0.08),
    (0.12, 0.015, 0.02),
    (0.03, 0.03, 0.032),
    (0.5, 0.47, 0.4),
    (0.1, 0.06, 0.03),
    (0.2, 0.22, 0.22),
    (0.02, 0.12, 0.16),
)
_BRIGHT: tuple[Colour, ...] = (
    (0.5, 0.03, 0.025),
    (0.03, 0.1, 0.4),
    (0.02, 0.22, 0.09),
    (0.6, 0.4, 0.03),
    (0.55, 0.55, 0.52),
    (0.03, 0.03, 0.035),
    (0.45, 0.14, 0.02),
    (0.02, 0.25, 0.3),
)
_SIGN_CD_M2 = 180.0  # assumed: readable without glare; no measurement behind it
_MASONRY = MappingProxyType(
    {
        "terrace": ("plaster", "plaster", "plaster", "brick", "english_brick", "ashlar"),
        "apartment": ("plaster", "plaster", "concrete", "brick"),
        "office": ("concrete", "cladding"),
        "shop_house": ("plaster", "plaster", "concrete"),
        "detached": ("plaster", "brick", "brick", "timber", "plaster"),
        "farm": ("plaster", "brick", "ashlar"),
        "industrial": ("brick",),
        "warehouse": ("concrete",),
    }
)
"""Style to the kinds of wall it is built of."""


def finish(style: str, model: int) -> dict[str, Surface]:
    """Return what every slot of a house of this style and model shows."""
    rng = np.random.default_rng([list(_MASONRY).index(style), model, 1])
    dirt = float(rng.uniform(0.25, 0.6)) + 0.3 * (style == "shop_house")
    return {
        **_walls(style, rng, dirt),
        **_roofs(style, rng, dirt),
        **_fittings(style, rng),
        **_signs(style, rng),
    }


def _one(rng: np.random.Generator, colours: tuple[Colour, ...], low: float = 0.85, high: float = 1.12) -> Colour:
    red, green, blue = np.clip(np.array(colours[int(rng.integers(len(colours)))]) * rng.uniform(low, high), 0, 0.8)
    return float(red), float(green), float(blue)


def _mortar(rng: np.random.Generator) -> Colour:
    return _one(rng, ((0.24, 0.22, 0.19), (0.14, 0.13, 0.12), (0.2, 0.18, 0.14)))


def _masonry(kind: str, style: str, rng: np.random.Generator) -> Colour:
    if "brick" in kind:
        return _one(rng, _BRICK)
    if kind in ("ashlar", "concrete", "cladding"):
        return _one(rng, _STONE if kind == "ashlar" else ((0.36, 0.35, 0.33), (0.44, 0.43, 0.4), (0.3, 0.29, 0.28)))
    if kind == "timber":
        return _one(
            rng, ((0.5, 0.48, 0.43), (0.16, 0.1, 0.06), (0.24, 0.27, 0.28), (0.4, 0.36, 0.2), (0.2, 0.06, 0.04))
        )
    return _one(rng, _GAUDY if style == "shop_house" else _PLASTER)


def _walls(style: str, rng: np.random.Generator, dirt: float) -> dict[str, Surface]:
    kinds = _MASONRY[style]
    kind, second = (str(rng.choice(kinds)) for _ in range(2))
    tone, tone_second, mortar = _masonry(kind, style, rng), _masonry(second, style, rng), _mortar(rng)
    pale = _one(rng, ((0.47, 0.44, 0.38), (0.4, 0.37, 0.32), (0.52, 0.5, 0.46)))
    grey = (0.34, 0.33, 0.31)
    wall = surface("wall", colour=tone, kind=kind, dirt=dirt, second=mortar)
    base = str(rng.choice(["rustic", "plaster", "ashlar", "plaster"])) if style == "terrace" else "plaster"
    base_tone = pale if style == "terrace" else _one(rng, (grey, tone, (0.2, 0.19, 0.18)))
    gable = tone if rng.random() < 0.5 else _one(rng, ((0.4, 0.37, 0.32), (0.32, 0.3, 0.27)))
    sheet, panel = _one(rng, _SHEET), _one(rng, ((0.5, 0.51, 0.5), (0.34, 0.36, 0.38), (0.56, 0.54, 0.48)))
    return {
        "wall": wall,
        "wall_second": surface("wall", colour=tone_second, kind=second, dirt=dirt, second=mortar),
        "wall_ground": surface(
            "wall", colour=base_tone, kind=base, dirt=dirt + 0.15, second=tuple(0.6 * v for v in pale)
        ),
        "gable": surface(
            "wall", colour=gable, kind=kind if "brick" in kind else "plaster", dirt=dirt + 0.2, second=mortar
        ),
        "parapet": surface("wall", colour=gable, kind="plaster", dirt=0.8),
        "stone": surface("wall", colour=pale, kind="plaster", dirt=dirt),
        "reveal": surface("wall", colour=pale if "brick" in kind else tone, kind="plaster", dirt=0.2),
        "slab": surface("wall", colour=_one(rng, ((0.46, 0.45, 0.42), (0.55, 0.53, 0.49))), kind="plaster", dirt=0.7),
        "plinth": surface("wall", colour=grey, kind="plaster", dirt=0.8),
        "step": surface("wall", colour=(0.37, 0.36, 0.33), kind="plaster", dirt=0.6),
        "chimney": surface("wall", colour=_one(rng, _BRICK), kind="brick", dirt=0.8, second=mortar),
        "cheek": surface("wall", colour=(0.16, 0.165, 0.17), kind="slate", dirt=0.4, second=(0.05, 0.05, 0.05)),
        "sheet": surface("wall", colour=sheet, kind="sheet", dirt=0.6, second=tuple(0.8 * v for v in sheet)),
        "plinth_wall": surface(
            "wall", colour=_masonry("brick", style, rng), kind=str(rng.choice(["brick", "block"])), dirt=0.8
        ),
        "panel_wall": surface("wall", colour=panel, kind="cladding", dirt=0.45, second=tuple(0.4 * v for v in panel)),
        "barn": surface(
            "wall",
            colour=_one(rng, ((0.2, 0.055, 0.035), (0.15, 0.11, 0.075), (0.1, 0.075, 0.05))),
            kind="planks",
            dirt=0.6,
        ),
        "barn_gate": surface(
            "wall",
            colour=_one(rng, ((0.13, 0.09, 0.055), (0.06, 0.1, 0.07), (0.2, 0.05, 0.035))),
            kind="planks",
            dirt=0.5,
        ),
        "spandrel": surface(
            "wall", colour=_masonry(kind, "office", rng), kind=kind if style == "office" else "plaster", dirt=0.35
        ),
    }


def _roofs(style: str, rng: np.random.Generator, dirt: float) -> dict[str, Surface]:
    kind = str(rng.choice(["tiles", "tiles", "slate"] if style != "farm" else ["tiles", "sheet"]))
    if style == "terrace":
        kind = str(rng.choice(["tiles", "slate"]))
    tone = _one(rng, _TILES) if kind == "tiles" else _one(rng, ((0.13, 0.135, 0.145), (0.18, 0.175, 0.17)))
    moss = (0.1, 0.105, 0.06) if kind == "tiles" else (0.05, 0.05, 0.05)
    sheet = _one(rng, _SHEET)
    return {
        "roof": surface("wall", colour=tone, kind=kind, dirt=dirt, second=moss),
        "deck": surface("wall", colour=(0.19, 0.185, 0.18), kind="felt", dirt=0.2, second=(0.12, 0.12, 0.12)),
        "roof_sheet": surface("wall", colour=sheet, kind="sheet", dirt=0.5, second=tuple(0.8 * v for v in sheet)),
        "soffit": surface("plain", colour=(0.4, 0.38, 0.35), roughness=0.8),
    }


def _fittings(style: str, rng: np.random.Generator) -> dict[str, Surface]:
    white, brown, anthracite = (0.62, 0.62, 0.6), (0.12, 0.075, 0.04), (0.06, 0.065, 0.07)
    frame = _one(rng, (white, white, white, brown, anthracite))
    metal = _one(rng, ((0.04, 0.045, 0.05), (0.2, 0.21, 0.22), (0.03, 0.06, 0.045), (0.3, 0.29, 0.27)))
    door = _one(rng, _DOORS)
    colours: dict[str, tuple[Colour, float]] = {
        "frame": (frame, 0.45),
        "trim": (_one(rng, (white, white, brown, anthracite)), 0.5),
        "shop_frame": (_one(rng, (anthracite, (0.3, 0.31, 0.32), (0.05, 0.03, 0.02), *_DOORS)), 0.4),
        "riser": (_one(rng, (*_DOORS, (0.3, 0.3, 0.29))), 0.5),
        "mullion": (_one(rng, ((0.3, 0.31, 0.32), (0.05, 0.05, 0.055), (0.5, 0.5, 0.49))), 0.35),
        "pot": ((0.28, 0.12, 0.06), 0.8),
        "dark": ((0.012, 0.012, 0.013), 0.8),
        "rubber": ((0.015, 0.015, 0.015), 0.7),
    }
    painted: dict[str, tuple[Colour, float, float]] = {
        "metal": (metal, 0.15, 0.3),
        "pipe": (_one(rng, (metal, (0.36, 0.36, 0.35), (0.16, 0.1, 0.06))), 0.2, 0.5),
        "door": (door, 0.05, 0.3),
        "garage": (_one(rng, (white, (0.4, 0.4, 0.39), door)), 0.08, 0.4),
        "shutter": (_one(rng, ((0.06, 0.14, 0.09), (0.1, 0.2, 0.28), (0.2, 0.08, 0.05), (0.4, 0.4, 0.38))), 0.1, 0.3),
        "unit": ((0.5, 0.5, 0.47), 0.15, 0.6),
        "tank": (_one(rng, ((0.02, 0.02, 0.022), (0.05, 0.1, 0.3), (0.4, 0.4, 0.4))), 0.1, 0.6),
        "panel": (_one(rng, (*_PLASTER, (0.5, 0.5, 0.49))), 0.05, 0.5),
        "stripe": (_one(rng, _BRIGHT), 0.05, 0.3),
        "hazard": ((0.55, 0.38, 0.02), 0.3, 0.5),
    }
    roller = (0.32, 0.33, 0.33) if rng.random() < 0.6 else _one(rng, _SOBER, 1.0, 1.5)
    return {
        **{name: surface("plain", colour=tone, roughness=rough) for name, (tone, rough) in colours.items()},
        **{name: surface("enamel", colour=tone, wear=wear, dirt=dirt) for name, (tone, wear, dirt) in painted.items()},
        "roller": surface("slats", colour=roller, pitch_m=0.075 if style != "apartment" else 0.05),
        "rust": surface("plain", colour=(0.12, 0.05, 0.025), roughness=0.9),
        "duct": surface("galvanised", dirt=0.5),
        "chrome": surface("plain", colour=(0.6, 0.6, 0.6), roughness=0.2, metallic=1.0),
        "window": surface("window", tinted=0.75 if style == "office" else 0.0),
        "spandrel_glass": surface("window", tinted=1.0),
        "balcony_glass": surface("pane", through=0.6),
        "shop_glass": surface("pane", through=0.85),
        "lit": surface("lit_window", tinted=0.75 if style == "office" else 0.0),
        "goods": surface("goods"),
        "shop_lit": surface("goods"),
        "shop_lamp": surface("goods", sampled=True),
        "plant": surface("tinted", roughness=0.7),
        "awning": surface("cloth_sheet", colour=_one(rng, _BRIGHT, 0.7, 1.0)),
        "awning_second": surface("cloth_sheet", colour=(0.55, 0.53, 0.48)),
    }


def _signs(style: str, rng: np.random.Generator) -> dict[str, Surface]:
    made = {}
    for name in ("sign_a", "sign_b", "sign_c"):
        colours = _BRIGHT if style in ("shop_house", "warehouse") or rng.random() < 0.25 else _SOBER
        ground = colours[int(rng.integers(len(colours)))]
        pale = float(np.dot(ground, (0.2126, 0.7152, 0.0722))) < 0.2
        inks: tuple[Colour, ...] = (
            ((0.6, 0.58, 0.52), (0.6, 0.5, 0.2)) if pale else ((0.03, 0.03, 0.04), (0.4, 0.03, 0.03))
        )
        ink = inks[int(rng.integers(len(inks)))]
        made[name] = surface("shop_sign", ground=ground, ink=ink)
        made[f"{name}_lit"] = surface(
            "shop_sign", ground=ground, ink=ink, luminance_cd_m2=_SIGN_CD_M2 * TRACE_GAIN["windows"]
        )
    return made
