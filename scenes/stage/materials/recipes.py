"""Which materials there are: the name that a `Surface` gives, to the function that makes the Blender material."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from scenes.stage.materials import base, nature

Recipe = Callable[..., Any]

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "plain": base.plain,
        "car_paint": base.car_paint,
        "glass": base.glass,
        "lens": base.lens,
        "emission": base.emission,
        "wet_ground": base.wet_ground,
        "wall": base.wall,
        "lit_window": base.lit_window,
        "foliage": nature.foliage,
        "leaf": nature.leaf,
        "bark": nature.bark,
    }
)
"""Recipe name to `recipe(material_name, **values)`."""
