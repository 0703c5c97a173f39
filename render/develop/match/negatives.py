"""Frames of ours before the camera: what is dear is done once, then any camera prints them in a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop import codec, lens
from render.develop.camera import SensorSettings, capture, exposed, process
from render.develop.develop import landed, relit
from render.develop.look import Look
from render.develop.match.distance import Sample
from render.develop.match.finish import Finish, finished
from render.develop.match.statistics import light_level, measure
from render.develop.photometry import is_night
from render.develop.view import View
from scenes.seeds import generator

Image = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Negative:
    """The light behind a lens that neither darkens corners nor softens, HxWx3 cd/m², and where it comes from.

    Args:
        light: the picture; look: what was developed; scene: what it shows.
        focal_px: of the lens.
        night: whether lamps light it, see `photometry.is_night`.
    """

    light: Image
    look: Look
    focal_px: float
    scene: str
    night: bool = False


def negative(view: View, look: Look, camera: SensorSettings, *, scene: str) -> Negative:
    """Develop a look up to the sensor, with vignette and softness left for `printed`."""
    open_lens = replace(camera, lens=replace(camera.lens, vignette=0.0, soften=0.0))
    light, _, _ = landed(relit(view, look, camera.denoise), view, look, open_lens)
    eye = view.viewpoint
    night = is_night(look, eye.sun_elevation_deg)
    return Negative(light=light, look=look, focal_px=eye.focal_px, scene=scene, night=night)


def printed(frame: Negative, camera: SensorSettings, finish: Finish) -> NDArray[np.uint8]:
    """Return the frame that a camera makes of a negative, HxWx3 uint8, decoded from its file."""
    light = lens.soften(lens.vignette(frame.light, frame.focal_px, camera.lens.vignette), camera.lens.soften)
    exposure = exposed(light, frame.look, camera)
    raw = capture(light, camera, exposure, generator(frame.look.seed, "noise"))
    rgb, _ = process(raw, frame.look, camera, exposure.gain)
    rgb = finished(rgb, finish, generator(frame.look.seed, "finish"), night=frame.night)
    rng = generator(frame.look.seed, "codec")
    video, still = (
        int(rng.integers(low, high + 1))
        for low, high in (camera.codec.video_quality_range, camera.codec.jpeg_quality_range)
    )
    stored = np.frombuffer(codec.jpeg(codec.video_frame(rgb, video, camera.codec.video), still), np.uint8)
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR_RGB), np.uint8)


def sampled(frame: Negative, camera: SensorSettings, finish: Finish) -> Sample:
    """Print a negative and measure it."""
    rgb = printed(frame, camera, finish)
    return Sample(measured=measure(rgb), level=light_level(rgb, night=frame.night), group=frame.scene)
