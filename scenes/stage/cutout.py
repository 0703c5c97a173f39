"""The stage of a cut-out: actors on level matt ground of one reflectance, under sun, clear sky and closed cloud."""

from __future__ import annotations

from scenes.own import Placed
from scenes.spec.scene import SceneSpec
from scenes.stage import stage
from scenes.stage.library import Library
from scenes.stage.mesh import MeshBuilder
from scenes.stage.place import material_of
from scenes.stage.sky import add_overcast, add_sky, add_sun
from scenes.stage.surface import surface

GROUND_ALBEDO = 0.18
"""Reflectance of the ground, that of worn asphalt (Albedo of pavements, ACPA 2002: 0.10 to 0.20)."""
_HALF_M = 400.0


def build(spec: SceneSpec, view: int, *, resolution_wh: tuple[int, int], library: Library) -> tuple[Placed, ...]:
    """Build a scene of `scenes.cutouts`; arguments as of `scenes.stage.stage.build`."""
    ground = MeshBuilder()
    ground.quad([[-_HALF_M, -_HALF_M, 0], [_HALF_M, -_HALF_M, 0], [_HALF_M, _HALF_M, 0], [-_HALF_M, _HALF_M, 0]])
    matt = surface("plain", colour=(GROUND_ALBEDO,) * 3, roughness=1.0)
    ground.build("ground", [material_of(matt)], stuff="road", smooth=True)
    stage.add_actors(spec, library)
    add_sky(spec.sun, spec.seed)
    add_overcast()
    add_sun(spec.sun)
    stage.add_camera(spec, view, resolution_wh)
    return ()
