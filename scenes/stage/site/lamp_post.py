"""Street lamps: a post, an arm over the road, and a lantern of a stated luminous flux."""

from __future__ import annotations

import numpy as np

from scenes.ontology import PARTS
from scenes.spec.place import Street
from scenes.stage.asset import Asset, Piece
from scenes.stage.lamps import TRACE_GAIN, kelvin_rgb
from scenes.stage.mesh import MeshBuilder
from scenes.stage.surface import Surface, surface
from scenes.street_light import ARM_M

_FACE_M = (0.20, 0.54)  # the glowing face, along and across the road


def geometry(height_m: float) -> Asset:
    """Return a lamp whose arm reaches along +x from a post at the origin.

    Args:
        height_m: of the light's centre.
    """
    post, face = MeshBuilder(part=PARTS["frame"]), MeshBuilder(part=PARTS["frame"])
    high = height_m
    path = np.array(
        [
            [0, 0, 0],
            [0, 0, high * 0.6],
            [0, 0, high - 0.5],
            [0.25, 0, high],
            [0.6 * ARM_M, 0, high + 0.14],
            [ARM_M, 0, high + 0.18],
        ]
    )
    post.tube(path, [0.09, 0.07, 0.055, 0.05, 0.045, 0.04], segments=10)
    post.lathe(np.array([(0.13, 0.0), (0.13, 0.9), (0.08, 1.0)]), segments=12)
    along, across = _FACE_M
    x0, y0, z = ARM_M - across / 2, -along / 2, high + 0.12
    post.box((x0 - 0.04, y0 - 0.02, z), (x0 + across + 0.04, y0 + along + 0.02, z + 0.11))
    low = z - 0.004
    face.quad([[x0, y0 + along, low], [x0 + across, y0 + along, low], [x0 + across, y0, low], [x0, y0, low]])
    return Asset(
        pieces=(
            Piece(solid=post.solid("post", ("post",), smooth=True, crease_deg=40)),
            Piece(solid=face.solid("lantern", ("lantern",), light_group="street")),
        )
    )


def finish(street: Street, *, burns: bool = True) -> dict[str, Surface]:
    """Return the post's metal and a Lambertian face of the street's flux and colour, or a dark one."""
    luminance = street.lamp_lm / (np.pi * _FACE_M[0] * _FACE_M[1]) * TRACE_GAIN["street"]
    return {
        "post": surface("plain", colour=(0.05, 0.055, 0.06), roughness=0.45, metallic=0.4),
        "lantern": surface("emission", colour=kelvin_rgb(street.lamp_kelvin), luminance_cd_m2=luminance)
        if burns
        else surface("plain", colour=(0.3, 0.3, 0.29), roughness=0.3),
    }
