"""Which materials there are: the name that a `Surface` gives, to the function that makes the Blender material."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from scenes.stage.materials import (
    base,
    cargo,
    cloth,
    fire,
    fur,
    furniture,
    ground,
    nature,
    skin,
    terrain,
    vehicle,
    wall,
    window,
    wreck,
)

Recipe = Callable[..., Any]

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "plain": base.plain,
        "ground": ground.ground,
        "road_paint": ground.road_paint,
        "tyre_mark": ground.tyre_mark,
        "spilt": wreck.spilt,
        "car_paint": vehicle.car_paint,
        "tinted_glass": vehicle.tinted_glass,
        "lamp_lens": vehicle.lamp_lens,
        "number_plate": vehicle.number_plate,
        "tyre_rubber": vehicle.tyre_rubber,
        "cracked_glass": wreck.cracked_glass,
        "burnt": wreck.burnt,
        "flame": fire.flame,
        "glass": base.glass,
        "lens": base.lens,
        "emission": base.emission,
        "wall": wall.wall,
        "slats": wall.slats,
        "cloth_sheet": wall.cloth_sheet,
        "window": window.window,
        "lit_window": window.lit_window,
        "goods": window.goods,
        "shop_sign": window.shop_sign,
        "luminaire": window.luminaire,
        "leaf": nature.leaf,
        "bark": nature.bark,
        "field": nature.field,
        "water": nature.water,
        "far_facade": nature.far_facade,
        "far_light": nature.far_light,
        "coach_paint": cargo.coach_paint,
        "pane": cargo.pane,
        "tarpaulin": cargo.tarpaulin,
        "timber": cargo.timber,
        "gravel": cargo.gravel,
        "skin": skin.skin,
        "hair": skin.hair,
        "cloth": cloth.cloth,
        "leather": cloth.leather,
        "retroreflective": cloth.retroreflective,
        "sheeting": furniture.sheeting,
        "galvanised": furniture.galvanised,
        "enamel": furniture.enamel,
        "moulded": furniture.moulded,
        "cast_iron": furniture.cast_iron,
        "cast_concrete": furniture.cast_concrete,
        "planks": furniture.planks,
        "heap": furniture.heap,
        "tinted": furniture.tinted,
        "wire_mesh": furniture.wire_mesh,
        "poster": furniture.poster,
        "fur": fur.fur,
        "terrain": terrain.terrain,
        "skyline_facade": terrain.skyline_facade,
        "far_wood": terrain.far_wood,
        "far_window": terrain.far_window,
    }
)
"""Recipe name to `recipe(material_name, **values)`."""
