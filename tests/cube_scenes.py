"""Specs of boxes on a plane, for `cube_stage`."""

from __future__ import annotations

from dataclasses import replace

from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera, Sun

CAMERA = Camera(name="dash", x_m=0.0, y_m=0.0, z_m=1.5, yaw_deg=0.0, pitch_deg=-4.0, roll_deg=0.0, hfov_deg=60.0)


def box(actor_id: int, x_m: float, y_m: float, heading_deg: float) -> Vehicle:
    return Vehicle(
        actor_id=actor_id,
        kind="sedan",
        x_m=x_m,
        y_m=y_m,
        heading_deg=heading_deg,
        length_m=4.0,
        width_m=1.8,
        height_m=1.5,
        wheelbase_m=2.7,
        mass_kg=1400.0,
        paint_rgb_linear=(0.5, 0.5, 0.5),
        seed=1,
    )


def spec(seed: int = 3, sentence: str = "three boxes") -> SceneSpec:
    """A whole box, one half behind it, and one that the picture cuts."""
    return SceneSpec(
        scenario="boxes",
        sentence=sentence,
        seed=seed,
        lighting="night",
        street=Street(
            lanes_per_direction=1,
            lane_width_m=3.5,
            sidewalk_width_m=2.0,
            kerb_height_m=0.1,
            parking_lane=False,
            feature_x_m=None,
            wetness=0.0,
            puddles=0.0,
            lamp_spacing_m=20.0,
            lamp_height_m=6.0,
            lamp_lm=5000.0,
            lamp_kelvin=3000.0,
            lit_window_share=0.0,
            tree_spacing_m=0.0,
            houses_height_m=10.0,
            seed=1,
        ),
        sun=Sun(elevation_deg=10.0, azimuth_deg=0.0),
        cameras=(CAMERA,),
        vehicles=(box(1, 12.0, 0.5, 20.0), box(2, 18.0, -2.0, 0.0), box(3, 5.0, -3.0, 10.0)),
    )


def specs(count: int) -> list[SceneSpec]:
    return [replace(spec(), seed=seed) for seed in range(count)]
