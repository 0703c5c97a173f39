"""A traced view made ready for looks: what all of them share is done once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from render.carrier import carrier_mask
from render.develop import atmosphere, lamp_faces, sun_disc
from render.develop.smoke import Plume
from render.develop.spray import Wakes
from render.develop.steps import CPU, Steps
from render.develop.viewpoint import Viewpoint, cos_to_sun, sky_mask
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.spec.view import Camera
from scenes.station import STANDS, Stand, stand_of

Image = NDArray[np.float32]
_SKY_DEPTH_M = 1e10


@dataclass(frozen=True)
class View:
    """What all looks of a traced view share: the bundle with clean guides, and where its sun stands.

    `camera` is the spec's, which says what lens it has and what carries it; None for a dashcam without a scene.
    A clip's frame has its number in `when`, which draws what differs between frames, and in `before_cd_m2` what the
    camera went by a frame earlier.
    """

    radiance: Radiance
    viewpoint: Viewpoint
    albedo: Image
    normal: Image
    sky: NDArray[np.bool_]
    lamps: NDArray[np.bool_]
    cos_sun: Image
    sun_share: float
    rays: Image
    plumes: tuple[Plume, ...] = ()
    instance_mps: Mapping[int, tuple[float, float, float]] = field(default_factory=dict)
    wakes: Wakes | None = None
    wetness: float = 0.0
    when: tuple[int, ...] = ()
    before_cd_m2: float | None = None
    camera: Camera | None = None

    @property
    def stand(self) -> Stand:
        """What carries the camera."""
        return stand_of(self.camera) if self.camera else STANDS["windscreen"]

    @property
    def moving_depth_m(self) -> Image:
        """Depth of what passes by, HxW: what is seen of the carrier itself does not, so it lies as far as the sky."""
        depth_m = self.radiance.depth_m
        if self.camera is None or not (own := carrier_mask(self.radiance, self.camera)).any():
            return depth_m
        return np.where(own, np.float32(_SKY_DEPTH_M), depth_m).astype(np.float32)


def prepare(
    radiance: Radiance,
    viewpoint: Viewpoint,
    *,
    plumes: tuple[Plume, ...] = (),
    instance_mps: Mapping[int, tuple[float, float, float]] | None = None,
    steps: Steps = CPU,
) -> View:
    """Do once what all looks of a view share.

    Args:
        radiance: the bundle.
        viewpoint: of the camera.
        plumes: smoke that belongs to the scene.
        instance_mps: instance to velocity in the camera's frame.
        steps: who computes.

    Raises:
        InputError: a layer is not finite, or the picture is too small or of odd size.
    """
    height, width = radiance.ids.shape
    if min(height, width) < 16 or height % 2 or width % 2:
        raise InputError("radiance", "width and height must be even and >= 16 (Bayer pattern)", got=(width, height))
    for name, layer in {**radiance.layers, "albedo": radiance.albedo, "normal": radiance.normal}.items():
        if not np.isfinite(layer).all():
            raise InputError(f"radiance.{name}", "must be finite", got=f"{int((~np.isfinite(layer)).sum())} bad values")
    if not np.isfinite(radiance.depth_m).all():
        raise InputError("radiance.depth_m", "must be finite")
    open_sky = sky_mask(radiance.depth_m)
    shared = sun_disc.without(radiance, open_sky, viewpoint)
    albedo, normal = steps.clean_guides(shared.albedo, shared.normal)
    return View(
        radiance=shared,
        viewpoint=viewpoint,
        albedo=albedo,
        normal=normal,
        sky=open_sky,
        lamps=lamp_faces.lamp_faces(shared.albedo),
        cos_sun=cos_to_sun(viewpoint, open_sky.shape),
        sun_share=sun_disc.seen_share(viewpoint, open_sky),
        rays=atmosphere.level_rays(open_sky.shape, viewpoint.focal_px, viewpoint.center_px, viewpoint.up),
        plumes=plumes,
        instance_mps=instance_mps or {},
    )
