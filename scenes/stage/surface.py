"""What a face is made of, as data: the name of a material recipe and its values; no Blender in here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from scenes.errors import InputError

Value = float | str | bool | tuple[float, ...]
PASSES = "rareblend_passes"
"""Custom property of a material: share of the light that goes straight through a face met head-on, mean of RGB."""


@dataclass(frozen=True, kw_only=True)
class Surface:
    """One material of a scene; equal surfaces are one Blender material.

    Args:
        recipe: a key of `scenes.stage.materials.recipes.RECIPES`.
        values: the recipe's keyword arguments, sorted by name.
    """

    recipe: str
    values: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        names = [name for name, _ in self.values]
        if names != sorted(set(names)):
            raise InputError(f"surface {self.recipe}", "values must be sorted by name, each once", got=names)

    @property
    def key(self) -> str:
        """Name of its Blender material: the recipe and 10 hex digits over the values."""
        text = json.dumps(self.values, sort_keys=True, default=str)
        return f"{self.recipe} {hashlib.sha256(text.encode()).hexdigest()[:10]}"


def surface(recipe: str, **values: object) -> Surface:
    """Return a surface; numbers are rounded to 5 decimals, so that equal looks are equal surfaces."""
    return Surface(recipe=recipe, values=tuple((name, _plain(values[name])) for name in sorted(values)))


def _plain(value: object) -> Value:
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (tuple, list)):
        return tuple(round(float(part), 5) for part in value)
    return round(float(value), 5)  # type: ignore[arg-type]  # numpy's scalars know float()
