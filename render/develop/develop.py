"""One frame: a radiance bundle, a look and a camera make a JPEG, the same bytes every time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop import atmosphere, codec, hdr, isp, lamp_faces, lens, relight, sky, sun_disc, windscreen
from render.develop.chromatic import Chromatic, fringed
from render.develop.codec import CodecSettings
from render.develop.defocus import Focus, defocus
from render.develop.denoise import Quality, clean_guides, denoise
from render.develop.distortion import Distortion
from render.develop.exposure import Exposure, ExposureSettings, expose, meter
from render.develop.hdr import HdrSettings
from render.develop.isp import IspSettings
from render.develop.lens import Glare
from render.develop.look import EGO_BEAM_CD, EGO_HIGH_BEAM_CD, Look, Rgb
from render.develop.match.finish import Finish, finished
from render.develop.optics import Moving, Warp, blurred, warp_of
from render.develop.photometry import ground_lux, open_sky_lux
from render.develop.precipitation import fall
from render.develop.sensor import ChipSettings, expected_electrons
from render.develop.smoke import Plume, through_smoke
from render.develop.spray import Wakes, spray
from render.develop.viewpoint import Viewpoint, cos_to_sun, sky_mask
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.seeds import generator

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")
_LAMPS_RULE_LUX = 20.0  # open sky below which lamps light the air more than the sky does


@dataclass(frozen=True, kw_only=True)
class LensSettings:
    """What a lens does to a picture.

    Args:
        vignette: 0 none, 1 natural.
        soften: blur of a moulded lens and the low-pass filter, px.
        star_lines: lines of the aperture's star.
        distortion, focus, chromatic: geometry, depth of field and colour fringes; off by default.
        readout_s: time from the first row to the last of a rolling shutter; 0 is a global one.
    """

    vignette: float = 0.6
    soften: float = 0.45
    star_lines: tuple[int, int] = (3, 4)
    distortion: Distortion = field(default_factory=Distortion)
    focus: Focus = field(default_factory=Focus)
    chromatic: Chromatic = field(default_factory=Chromatic)
    readout_s: float = 0.0
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class SensorSettings:
    """A camera as a whole: `source` tells where its figures come from; a camera fitted to pictures has a `finish`."""

    name: str = "dashcam"
    source: str = ""
    denoise: Quality = "fast"
    lens: LensSettings = field(default_factory=LensSettings)
    chip: ChipSettings = field(default_factory=ChipSettings)
    hdr: HdrSettings = field(default_factory=HdrSettings)
    exposure: ExposureSettings = field(default_factory=ExposureSettings)
    isp: IspSettings = field(default_factory=IspSettings)
    finish: Finish = field(default_factory=Finish)
    codec: CodecSettings = field(default_factory=CodecSettings)
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class View:
    """What all looks of a traced view share: the bundle with clean guides, and where its sun stands.

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


@dataclass(frozen=True)
class Developed:
    """A finished frame: the file's bytes, its pixels, and what was drawn and chosen on the way."""

    jpeg: bytes
    rgb: NDArray[np.uint8]
    facts: dict[str, Any]
    warp: Warp


def prepare(
    radiance: Radiance,
    viewpoint: Viewpoint,
    *,
    plumes: tuple[Plume, ...] = (),
    instance_mps: Mapping[int, tuple[float, float, float]] | None = None,
) -> View:
    """Do once what all looks of a view share.

    Args:
        radiance: the bundle.
        viewpoint: of the camera.
        plumes: smoke that belongs to the scene.
        instance_mps: instance to velocity in the camera's frame.

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
    albedo, normal = clean_guides(shared.albedo, shared.normal)
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


def relit(view: View, look: Look, quality: Quality) -> Image:
    """Return the scene under a look, HxWx3 cd/m², without the noise of tracing."""
    traced = relight.relight(view.radiance, look)
    lamps = lamp_faces.shining(traced, view.lamps)
    clean = denoise(lamp_faces.without(traced, lamps), view.albedo, view.normal, quality=quality)
    return lamp_faces.put_back(clean, traced, lamps)


def through_air(clean: Image, view: View, look: Look) -> Image:
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
    dipped, high = beams_rgb_cd(look)
    return atmosphere.through_air(
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
    dark = open_sky_lux(look, view.viewpoint.sun_elevation_deg) < _LAMPS_RULE_LUX
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


def beams_rgb_cd(look: Look) -> tuple[Rgb, Rgb]:
    """Return the peak intensities of both own dipped beams together, and of both main beams."""
    factors = relight.gains(look)
    dipped, high = 2 * EGO_BEAM_CD * factors["ego"], 2 * EGO_HIGH_BEAM_CD * factors["ego_high"]
    return (float(dipped[0]), float(dipped[1]), float(dipped[2])), (float(high[0]), float(high[1]), float(high[2]))


def through_rain(rgb_linear: Image, view: View, look: Look, camera: SensorSettings) -> Image:
    """Return the picture with what falls between street and windscreen, HxWx3 cd/m²."""
    if look.precipitation.kind == "none":
        return rgb_linear
    red, green, blue = (low + high for low, high in zip(*beams_rgb_cd(look), strict=True))
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
    )


def through_glass(rgb_linear: Image, view: View, look: Look, settings: LensSettings) -> tuple[Image, Glare]:
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
    shape = rgb_linear.shape[:2]
    half = lens.halve(rgb_linear)
    pixel_rad = 2.0 / view.viewpoint.focal_px
    spread = lens.Spread(glare, half.shape[:2], pixel_rad)
    kernel, norms = spread.kernel()
    scattered = lens.convolve(half, kernel)
    sun = relight.sun_rgb_lux(look) * np.float32(view.sun_share)
    position, disc = view.viewpoint.sun_px, np.float32(sun_disc.DISC_CD_M2_PER_LUX)
    if position is not None and sun.any():
        flux = sun / np.float32(pixel_rad**2)
        scattered += spread.point(position[0] / 2, position[1] / 2, norms) * flux
        half += sun_disc.coverage(view.viewpoint, half.shape[:2], 0.5)[..., None] * sun * disc
    scattered += lens.ghosts(half, glare.ghosts, pixel_rad)
    scattered *= windscreen.film(half.shape[:2], look.windscreen.dirt, rng)[..., None]
    sharp = np.float32(1 - look.scattered)
    image = rgb_linear * sharp + lens.enlarge(scattered, shape)
    if position is not None and sun.any():
        image += (sun_disc.coverage(view.viewpoint, shape, 1.0) * view.sky)[..., None] * sun * (sharp * disc)
    image = lens.vignette(image, view.viewpoint.focal_px, settings.vignette)
    return lens.soften(image, settings.soften), glare


def exposed(rgb_linear: Image, look: Look, camera: SensorSettings, *, before_cd_m2: float | None = None) -> Exposure:
    """Return what the camera's exposure chooses for a picture, HxWx3 cd/m²; `before_cd_m2` is what it went by."""
    chip = camera.chip
    return expose(
        meter(rgb_linear),
        camera.exposure,
        ev_bias=look.ev_bias,
        scale_per_cd_s=chip.electrons_per_cd_s / chip.well_e,
        f_number=chip.f_number,
        clip_lux_s=chip.well_e / chip.electrons_per_lux_s,
        before_cd_m2=before_cd_m2,
        deviate=float(generator(look.seed, "metering").standard_normal()),
    )


def capture(rgb_linear: Image, camera: SensorSettings, exposure: Exposure, rng: np.random.Generator) -> Image:
    """Read the sensor out, HxW mosaic in [0, 1]."""
    electrons = expected_electrons(rgb_linear, camera.chip, exposure.shutter_s)
    gain, shutter_s = exposure.gain, exposure.shutter_s
    merged = hdr.read_out_merged(electrons, camera.chip, gain, camera.hdr, rng, shutter_s=shutter_s)
    return hdr.compress(merged, camera.chip, camera.hdr.top)


def process(raw: Image, look: Look, camera: SensorSettings, gain: float) -> tuple[NDArray[np.uint8], Image]:
    """Run the camera's own processing: mosaic to 8-bit RGB, and the white balance that it used."""
    tuning, chip = camera.isp, camera.chip
    error = generator(look.seed, "white balance").standard_normal(2)
    gains = isp.balance_gains(raw, chip.raw_response, tuning, np.asarray(error, np.float32), chip.bayer)
    rgb = isp.calm_fringes(isp.demosaic(raw, gains, chip.bayer))
    dark = math.log(gain) / math.log(camera.exposure.gain_max) if camera.exposure.gain_max > 1 else 0.0
    rgb = isp.reduce_noise(isp.cast_shadows(rgb, tuning, dark), isp.noise_share(chip, gain), tuning)
    display = isp.tone(isp.lift_shadows(rgb, tuning.shadow_lift), tuning)
    saturation = tuning.saturation + (tuning.night_saturation - tuning.saturation) * dark
    display = isp.sharpen(
        isp.saturate(display, saturation), tuning.sharpen * (1 - 0.5 * dark), tuning.sharpen_px, tuning.halo
    )
    return isp.finish(display), gains


def landed(clean: Image, view: View, look: Look, camera: SensorSettings) -> tuple[Image, Glare, Warp]:
    """Return the light on the sensor, HxWx3 cd/m², the glare that was drawn, and how pixels were moved."""
    scene = behind_wheels(through_air(clean, view, look), view, look)
    eye, depth_m, lens_settings = view.viewpoint, view.radiance.depth_m, camera.lens
    moving = Moving(depth_m, view.radiance.ids, eye, view.instance_mps, lens_settings.readout_s)
    scene = blurred(scene, moving, exposed(scene, look, camera, before_cd_m2=view.before_cd_m2).shutter_s)
    scene = through_rain(defocus(scene, depth_m, lens_settings.focus, focal_px=eye.focal_px), view, look, camera)
    scene = windscreen.through_windscreen(
        scene, look.windscreen, focal_px=eye.focal_px, rng=generator(look.seed, "windscreen")
    )
    on_sensor, glare = through_glass(scene, view, look, lens_settings)
    warp = warp_of(moving, lens_settings.distortion)
    on_sensor = fringed(warp.picture(on_sensor), lens_settings.chromatic)
    return on_sensor, glare, warp


def develop(view: View, look: Look, camera: SensorSettings, *, noise_seed: int | None = None) -> Developed:
    """Develop one frame; the same arguments give the same bytes.

    Args:
        view: from `prepare`.
        look: light, weather and glass.
        camera: lens, sensor and processing.
        noise_seed: draws the sensor's noise; the look's own seed if None.
    """
    clean = relit(view, look, camera.denoise)
    on_sensor, glare, warp = landed(clean, view, look, camera)
    exposure = exposed(on_sensor, look, camera, before_cd_m2=view.before_cd_m2)
    noise = generator(look.seed if noise_seed is None else noise_seed, "noise", *view.when)
    rgb, gains = process(capture(on_sensor, camera, exposure, noise), look, camera, exposure.gain)
    rng = generator(look.seed, "codec")
    video, still = (
        int(rng.integers(low, high + 1))
        for low, high in (camera.codec.video_quality_range, camera.codec.jpeg_quality_range)
    )
    rgb = codec.video_frame(
        finished(rgb, camera.finish, generator(look.seed, "finish", *view.when)), video, camera.codec.video
    )
    lux = ground_lux(clean, view.radiance.albedo, view.radiance.normal, view.radiance.ids)
    facts = {
        "open_sky_lux": float(f"{open_sky_lux(look, view.viewpoint.sun_elevation_deg):.4g}"),
        "ground_lux": lux,
        "ev100": round(exposure.ev100, 4),
        "exposure": {key: float(f"{value:.6g}") for key, value in asdict(exposure).items()},
        "white_balance": [round(float(gain), 5) for gain in gains],
        "glare": {key: float(f"{value:.6g}") for key, value in asdict(glare).items()},
        "sun_share": round(view.sun_share, 4),
        "video_quality": video,
        "jpeg_quality": still,
    }
    return Developed(codec.jpeg(rgb, still), rgb, facts, warp)
