"""One frame: a radiance bundle, a look and a camera make a JPEG, the same bytes every time."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop import atmosphere, codec, isp, lens, relight, sun_disc, windscreen
from render.develop.codec import CodecSettings
from render.develop.denoise import Quality, clean_guides, denoise
from render.develop.exposure import Exposure, ExposureSettings, expose, meter
from render.develop.isp import IspSettings
from render.develop.lens import Glare
from render.develop.look import Look
from render.develop.sensor import ChipSettings, expected_electrons, read_out
from render.develop.viewpoint import Viewpoint, cos_to_sun, sky_mask
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.seeds import generator

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class LensSettings:
    """Vignette (0 none, 1 natural), softness, and the lines of the aperture's star."""

    vignette: float = 0.6
    soften: float = 0.45
    star_lines: tuple[int, int] = (3, 4)
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class SensorSettings:
    """A camera as a whole: `source` tells where its figures come from."""

    name: str = "dashcam"
    source: str = ""
    denoise: Quality = "fast"
    lens: LensSettings = field(default_factory=LensSettings)
    chip: ChipSettings = field(default_factory=ChipSettings)
    exposure: ExposureSettings = field(default_factory=ExposureSettings)
    isp: IspSettings = field(default_factory=IspSettings)
    codec: CodecSettings = field(default_factory=CodecSettings)
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class View:
    """What all looks of a traced view share: the bundle with clean guides, and where its sun stands."""

    radiance: Radiance
    viewpoint: Viewpoint
    albedo: Image
    normal: Image
    sky: NDArray[np.bool_]
    cos_sun: Image
    sun_share: float


@dataclass(frozen=True)
class Developed:
    """A finished frame: the file's bytes, its pixels, and what was drawn and chosen on the way."""

    jpeg: bytes
    rgb: NDArray[np.uint8]
    facts: dict[str, Any]


def prepare(radiance: Radiance, viewpoint: Viewpoint) -> View:
    """Do once what all looks of a view share.

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
    sky = sky_mask(radiance.depth_m)
    shared = sun_disc.without(radiance, sky, viewpoint)
    albedo, normal = clean_guides(shared.albedo, shared.normal)
    share = sun_disc.seen_share(viewpoint, sky)
    return View(shared, viewpoint, albedo, normal, sky, cos_to_sun(viewpoint, sky.shape), share)


def light(view: View, look: Look, quality: Quality) -> Image:
    """Return the light that reaches the windscreen, HxWx3 cd/m²: relit, denoised and seen through the air."""
    clean = denoise(relight.relight(view.radiance, look), view.albedo, view.normal, quality=quality)
    factors = relight.gains(look)
    return atmosphere.haze(
        clean,
        view.radiance.depth_m,
        visibility_m=look.air.visibility_m,
        sky_rgb=np.asarray(factors["sky"] / np.pi, np.float32),
        sun_rgb_lux=factors["sun"],
        cos_sun=view.cos_sun,
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


def capture(rgb_linear: Image, look: Look, camera: SensorSettings) -> tuple[Image, Exposure]:
    """Expose and read out, HxW mosaic in [0, 1], and what the auto-exposure chose."""
    chip = camera.chip
    exposure = expose(
        meter(rgb_linear),
        camera.exposure,
        ev_bias=look.ev_bias,
        scale_per_cd_s=chip.electrons_per_cd_s / chip.well_e,
        f_number=chip.f_number,
        clip_lux_s=chip.well_e / chip.electrons_per_lux_s,
    )
    electrons = expected_electrons(rgb_linear, chip, exposure.shutter_s)
    return read_out(
        electrons, chip, exposure.gain, generator(look.seed, "noise"), shutter_s=exposure.shutter_s
    ), exposure


def process(raw: Image, look: Look, camera: SensorSettings, gain: float) -> tuple[NDArray[np.uint8], Image]:
    """Run the camera's own processing: mosaic to 8-bit RGB, and the white balance that it used."""
    tuning, chip = camera.isp, camera.chip
    error = generator(look.seed, "white balance").standard_normal(2)
    gains = isp.balance_gains(raw, chip.raw_response, tuning, np.asarray(error, np.float32))
    noise = math.sqrt(0.05 * gain / chip.well_e + (gain * chip.binning * chip.read_noise_e / chip.well_e) ** 2)
    rgb = isp.reduce_noise(isp.calm_fringes(isp.demosaic(raw, gains)), noise, tuning)
    display = isp.tone(isp.lift_shadows(rgb, tuning.shadow_lift), tuning)
    dark = math.log(gain) / math.log(camera.exposure.gain_max) if camera.exposure.gain_max > 1 else 0.0
    saturation = tuning.saturation + (tuning.night_saturation - tuning.saturation) * dark
    display = isp.sharpen(isp.saturate(display, saturation), tuning.sharpen * (1 - 0.5 * dark), tuning.sharpen_px)
    return isp.finish(display), gains


def develop(view: View, look: Look, camera: SensorSettings) -> Developed:
    """Develop one frame; the same arguments give the same bytes."""
    on_sensor, glare = through_glass(light(view, look, camera.denoise), view, look, camera.lens)
    raw, exposure = capture(on_sensor, look, camera)
    rgb, gains = process(raw, look, camera, exposure.gain)
    rng = generator(look.seed, "codec")
    video, still = (
        int(rng.integers(low, high + 1))
        for low, high in (camera.codec.video_quality_range, camera.codec.jpeg_quality_range)
    )
    rgb = codec.video_frame(rgb, video)
    facts = {
        "ev100": round(exposure.ev100, 4),
        "exposure": {key: float(f"{value:.6g}") for key, value in asdict(exposure).items()},
        "white_balance": [round(float(gain), 5) for gain in gains],
        "glare": {key: float(f"{value:.6g}") for key, value in asdict(glare).items()},
        "sun_share": round(view.sun_share, 4),
        "video_quality": video,
        "jpeg_quality": still,
    }
    return Developed(codec.jpeg(rgb, still), rgb, facts)
