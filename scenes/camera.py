"""Where the picture is taken from."""

from __future__ import annotations

import numpy as np

from scenes.spec import Camera


def draw_dashcam(rng: np.random.Generator, *, lane_y_m: float, speed_mps: tuple[float, float] = (2.0, 13.0)) -> Camera:
    """Draw a camera behind the windscreen, a little off level, 58 to 78 degrees wide, in a car of town speed."""
    return Camera(
        name="dashcam",
        x_m=-0.9,
        y_m=round(lane_y_m + float(rng.normal(0, 0.25)), 3),
        z_m=round(float(rng.uniform(1.18, 1.48)), 3),
        yaw_deg=round(float(rng.normal(0, 1.5)), 2),
        pitch_deg=round(float(rng.normal(-1.5, 1.2)), 2),
        roll_deg=round(float(rng.normal(0, 0.6)), 2),
        hfov_deg=round(float(rng.uniform(58, 78)), 1),
        speed_mps=round(float(rng.uniform(*speed_mps)), 2),
    )
