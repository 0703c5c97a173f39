"""Light adds up: any weighting of the traced light groups is the exact picture under that light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from render.develop.colour import thermal_tint, unit_tint
from render.develop.look import WHITE, Look
from render.radiance import Radiance, relit
from scenes.errors import InputError
from scenes.ontology import LIGHT_GROUPS

_ALWAYS_TRACED = tuple(group for group in ("sun", "sky", "overcast", "ego", "ego_high") if group in LIGHT_GROUPS)
"""Groups that every scene has; a bundle that lacks another one comes from a scene without such lamps."""


def gains(look: Look) -> dict[str, NDArray[np.float32]]:
    """Return the RGB factor of every light group under a look.

    The sun layer is per lux at normal incidence, the skies' per lux on the ground, lamps are at nominal output.
    """
    factors = {
        group: np.float32(look.weights.get(group, 0.0)) * np.asarray(look.tints.get(group, WHITE), np.float32)
        for group in LIGHT_GROUPS
    }
    factors["sun"] = sun_rgb_lux(look)
    factors["sky"] = sky_rgb_lux(look) * np.float32(1 - look.overcast)
    factors["overcast"] = sky_rgb_lux(look) * np.float32(look.overcast)
    return factors


def sky_rgb_lux(look: Look) -> NDArray[np.float32]:
    """Return the illuminance of clear and covered sky on level ground as linear RGB."""
    return np.float32(look.sky_lux) * unit_tint(look.sky_tint_rgb)


def sun_rgb_lux(look: Look) -> NDArray[np.float32]:
    """Return the sun's illuminance at normal incidence as linear RGB."""
    return np.float32(look.sun_lux) * thermal_tint(look.sun_kelvin)


def relight(radiance: Radiance, look: Look) -> NDArray[np.float32]:
    """Return the picture under a look, HxWx3 float32, cd/m²: the sum of weight × tint × layer.

    Raises:
        InputError: the bundle has a layer that no look can weigh, or lacks one that this look lights.
    """
    factors = gains(look)
    unknown = sorted(set(radiance.layers) - set(factors))
    if unknown:
        raise InputError("radiance.layers", f"light groups are {', '.join(factors)}", got=", ".join(unknown))
    lacking = [group for group in _ALWAYS_TRACED if factors[group].any() and group not in radiance.layers]
    if lacking:
        rule = f"must hold what look {look.name} lights ({', '.join(lacking)})"
        raise InputError("radiance.layers", rule, got=", ".join(radiance.layers), fix="trace the view again")
    return np.maximum(relit(radiance, factors), 0.0)
