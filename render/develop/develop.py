"""One frame: a radiance bundle, a look and a camera make a JPEG, the same bytes every time."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.develop import atmosphere, codec, lamp_faces, relight, sky, windscreen
from render.develop.camera import LensSettings, SensorSettings, capture, exposed, process
from render.develop.chromatic import fringed
from render.develop.defocus import defocus
from render.develop.denoise import Quality
from render.develop.distortion import Distortion
from render.develop.lens import Glare
from render.develop.look import EGO_BEAM_CD, EGO_HIGH_BEAM_CD, Look, Rgb
from render.develop.match.finish import finished
from render.develop.optics import Moving, Warp, blurred, warp_of
from render.develop.photometry import ground_lux, is_night, open_sky_lux
from render.develop.precipitation import fall
from render.develop.smoke import through_smoke
from render.develop.spray import spray
from render.develop.steps import CPU, Steps
from render.develop.view import View
from scenes.seeds import generator

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Developed:
    """A finished frame: the file's bytes, its pixels, and what was drawn and chosen on the way."""

    jpeg: bytes
    rgb: NDArray[np.uint8]
    facts: dict[str, Any]
    warp: Warp


def relit(view: View, look: Look, quality: Quality, steps: Steps = CPU) -> Image:
    """Return the scene under a look, HxWx3 cd/m², without the noise of tracing."""
    traced = relight.relight(view.radiance, look)
    lamps = lamp_faces.shining(traced, view.lamps)
    clean = steps.denoise(lamp_faces.without(traced, lamps), view.albedo, view.normal, quality=quality)
    return lamp_faces.put_back(clean, traced, lamps)


def through_air(clean: Image, view: View, look: Look, steps: Steps = CPU) -> Image:
    """Return a relit picture as it is seen under cloud, through smoke, fog and haze, HxWx3 cd/m²."""
    factors, eye, depth_m = relight.gains(look), view.viewpoint, view.radiance.depth_m
    image = sky.clouded(clean, view.sky, look.overcast, rays=view.rays, seed=look.seed % 2**32)
    around = _around_rgb(image, view, look)
    for plume in sorted((*view.plumes, *look.plumes), key=lambda plume: -plume.center_m[2]):
        image = through_smoke(
            image,
            depth_m,
            plume,
            ambient_rgb=around,
            sun_rgb_lux=factors["sun"],
            cos_sun=view.cos_sun,
            focal_px=eye.focal_px,
            center_px=eye.center_px,
        )
    dipped, high = beams_rgb_cd(look, len(view.stand.lamps_m))
    return steps.through_air(
        image,
        depth_m,
        look.air,
        sky_rgb=around,
        sun_rgb_lux=factors["sun"],
        cos_sun=view.cos_sun,
        focal_px=eye.focal_px,
        ego_rgb_cd=dipped,
        high_rgb_cd=high,
        rays=view.rays,
    )


def _around_rgb(image: Image, view: View, look: Look) -> Image:
    """Return the radiance that comes from all round: the sky's, and in the dark that of lamps."""
    sky_rgb = relight.sky_rgb_lux(look) / np.float32(np.pi)
    dark = is_night(look, view.viewpoint.sun_elevation_deg)
    return np.asarray(sky_rgb + atmosphere.ambient_rgb(image) if dark else sky_rgb, np.float32)


def behind_wheels(rgb_linear: Image, view: View, look: Look) -> Image:
    """Return the picture with the spray of vehicles on a wet road, HxWx3 cd/m²."""
    if not view.wakes or view.wetness <= 0:
        return rgb_linear
    red, green, blue = (float(part) for part in _around_rgb(rgb_linear, view, look))
    return spray(
        rgb_linear,
        view.radiance.depth_m,
        view.wakes,
        wetness=view.wetness,
        focal_px=view.viewpoint.focal_px,
        center_px=view.viewpoint.center_px,
        ambient_rgb=(red, green, blue),
        rng=generator(look.seed, "spray", *view.when),
    )


def beams_rgb_cd(look: Look, lamps: int = 2) -> tuple[Rgb, Rgb]:
    """Return the peak intensities of all own dipped beams together, and of all main beams."""
    factors = relight.gains(look)
    dipped, high = lamps * EGO_BEAM_CD * factors["ego"], lamps * EGO_HIGH_BEAM_CD * factors["ego_high"]
    return (float(dipped[0]), float(dipped[1]), float(dipped[2])), (float(high[0]), float(high[1]), float(high[2]))


def through_rain(rgb_linear: Image, view: View, look: Look, camera: SensorSettings, steps: Steps = CPU) -> Image:
    """Return the picture with what falls between street and windscreen, HxWx3 cd/m²."""
    if look.precipitation.kind == "none":
        return rgb_linear
    red, green, blue = (low + high for low, high in zip(*beams_rgb_cd(look, len(view.stand.lamps_m)), strict=True))
    return fall(
        rgb_linear,
        view.radiance.depth_m,
        look.precipitation,
        focal_px=view.viewpoint.focal_px,
        shutter_s=exposed(rgb_linear, look, camera, before_cd_m2=view.before_cd_m2).shutter_s,
        speed_mps=view.viewpoint.speed_mps,
        rng=generator(look.seed, "precipitation", *view.when),
        ego_rgb_cd=(red, green, blue),
        heading_px=view.viewpoint.heading_px,
        draw=steps.cover,
    )


def through_glass(
    rgb_linear: Image, view: View, look: Look, settings: LensSettings, steps: Steps = CPU
) -> tuple[Image, Glare]:
    """Return the light on the sensor, still as scene luminance, HxWx3 cd/m², and the glare that was drawn."""
    rng = generator(look.seed, "lens")
    glare = Glare(
        veil=look.veil,
        bloom=look.bloom,
        spikes=look.spikes,
        wiper=look.wiper,
        ghosts=look.ghosts,
        lines=int(rng.integers(settings.star_lines[0], settings.star_lines[1] + 1)),
        star_rad=float(rng.uniform(0, math.pi)),
        wiper_rad=float(rng.normal(math.pi / 2, 0.35)),
    )
    half = (rgb_linear.shape[0] // 2, rgb_linear.shape[1] // 2)
    light = steps.through_lens(
        rgb_linear,
        glare,
        eye=view.viewpoint,
        sun_rgb_lux=relight.sun_rgb_lux(look) * np.float32(view.sun_share),
        sky=view.sky,
        film=windscreen.film(half, look.windscreen.dirt, rng, wiped=view.stand.behind_windscreen),
        corners=settings.vignette,
        soften_px=settings.soften,
    )
    return light, glare


def distortion_of(view: View, settings: LensSettings) -> Distortion:
    """Return how the lens bends the picture: as the sensor's settings say, or, if they say nothing, as the scene's."""
    lens_shape = view.camera.lens if view.camera else None
    if settings.distortion.model != "none" or lens_shape is None:
        return settings.distortion
    return Distortion(model=lens_shape.model, k=lens_shape.k, p=lens_shape.p)


def landed(
    clean: Image, view: View, look: Look, camera: SensorSettings, steps: Steps = CPU
) -> tuple[Image, Glare, Warp]:
    """Return the light on the sensor, HxWx3 cd/m², the glare that was drawn, and how pixels were moved."""
    scene = behind_wheels(through_air(clean, view, look, steps), view, look)
    eye, depth_m, lens_settings = view.viewpoint, view.radiance.depth_m, camera.lens
    moving = Moving(view.moving_depth_m, view.radiance.ids, eye, view.instance_mps, lens_settings.readout_s)
    shutter_s = exposed(scene, look, camera, before_cd_m2=view.before_cd_m2).shutter_s
    scene = blurred(scene, moving, shutter_s, steps)
    scene = defocus(scene, depth_m, lens_settings.focus, focal_px=eye.focal_px)
    scene = through_rain(scene, view, look, camera, steps)
    scene = windscreen.through_windscreen(
        scene, look.windscreen, focal_px=eye.focal_px, rng=generator(look.seed, "windscreen")
    )
    on_sensor, glare = through_glass(scene, view, look, lens_settings, steps)
    warp = warp_of(moving, distortion_of(view, lens_settings))
    on_sensor = fringed(warp.picture(on_sensor), lens_settings.chromatic)
    return on_sensor, glare, warp


def develop(
    view: View, look: Look, camera: SensorSettings, *, noise_seed: int | None = None, steps: Steps = CPU
) -> Developed:
    """Develop one frame; the same arguments give the same bytes.

    Args:
        view: from `prepare`.
        look: light, weather and glass.
        camera: lens, sensor and processing.
        noise_seed: draws the sensor's noise; the look's own seed if None.
        steps: who computes; a GPU's name stands in the facts.
    """
    clean = relit(view, look, camera.denoise, steps)
    on_sensor, glare, warp = landed(clean, view, look, camera, steps)
    exposure = exposed(on_sensor, look, camera, before_cd_m2=view.before_cd_m2)
    noise = generator(look.seed if noise_seed is None else noise_seed, "noise", *view.when)
    rgb, gains = process(capture(on_sensor, camera, exposure, noise), look, camera, exposure.gain, steps)
    rng = generator(look.seed, "codec")
    video, still = (
        int(rng.integers(low, high + 1))
        for low, high in (camera.codec.video_quality_range, camera.codec.jpeg_quality_range)
    )
    night = is_night(look, view.viewpoint.sun_elevation_deg)
    rgb = finished(rgb, camera.finish, generator(look.seed, "finish", *view.when), night=night)
    rgb = codec.video_frame(rgb, video, camera.codec.video)
    open_lux = open_sky_lux(look, view.viewpoint.sun_elevation_deg)
    radiance = view.radiance
    lux = ground_lux(clean, radiance.albedo, radiance.normal, radiance.ids, open_lux=open_lux)
    facts = {
        "open_sky_lux": float(f"{open_lux:.4g}"),
        "ground_lux": lux,
        "ev100": round(exposure.ev100, 4),
        "exposure": {key: float(f"{value:.6g}") for key, value in asdict(exposure).items()},
        "white_balance": [round(float(gain), 5) for gain in gains],
        "glare": {key: float(f"{value:.6g}") for key, value in asdict(glare).items()},
        "sun_share": round(view.sun_share, 4) if look.sun_lux > 0 else None,
        "video_quality": video,
        "jpeg_quality": still,
        **({"device": steps.device} if steps.device else {}),
    }
    return Developed(codec.jpeg(rgb, still), rgb, facts, warp)
