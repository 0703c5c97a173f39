"""Sky, sun and the camera's place under them."""

from __future__ import annotations

import bpy
import numpy as np

from scenes.spec.view import Sun
from scenes.stage import bolt
from scenes.stage.lamps import TRACE_GAIN
from scenes.stage.materials import base as materials
from scenes.stage.mesh import MeshBuilder, Points

SUN_DIAMETER_DEG = 0.533
_SUN_DISTANCE_M = 3000.0
_HEIGHT_PX = 256
_FROM_BELOW = 0.12
"""Light from below the horizon against the horizon's own: the ground far off."""
_COVER_M, _COVER_SIDES = 2900.0, 48


def sky_dome(sun: Sun, seed: int) -> Points:
    """Return an equirectangular sky that gives 1 lux on level ground, linear Rec. 709.

    Args:
        sun: where the sun stands; below the horizon counts as at it.
        seed: draws the clouds.

    Returns:
        (256, 512, 3) float array in cd/m² per lux; row 0 is the nadir, column 256 looks along +x.

    Source:
        CIE S 011:2003 (ISO 15469), sky type 12 (clear).
    """
    rows, columns = _HEIGHT_PX, 2 * _HEIGHT_PX
    elevation = (np.arange(rows) + 0.5) / rows * np.pi - np.pi / 2
    azimuth = np.pi - (np.arange(columns) + 0.5) / columns * 2 * np.pi
    elevation, azimuth = np.meshgrid(elevation, azimuth, indexing="ij")
    up = np.sin(np.clip(elevation, np.deg2rad(0.5), None))
    to_sun = _cos_to_sun(elevation, azimuth, sun)
    angle = np.arccos(np.clip(to_sun, -1, 1))
    clear = (1 - np.exp(-0.32 / up)) * (1 + 10 * (np.exp(-3 * angle) - np.exp(-3 * np.pi / 2)) + 0.45 * to_sun**2)
    clear /= clear[elevation > 0].mean()
    zenith, horizon, glow = np.array([0.33, 0.55, 1.0]), np.array([0.86, 0.93, 1.0]), np.array([1.0, 0.86, 0.66])
    share = np.exp(-3.2 * up)[..., None]
    colour = zenith * (1 - share) + horizon * share
    warm = (np.exp(-2.4 * angle) * np.exp(-2.0 * up))[..., None]
    blue = clear[..., None] * (colour * (1 - warm) + glow * warm)
    cover = _clouds(elevation, azimuth, seed) * np.clip((up - 0.03) / 0.2, 0, 1)
    lit = (0.55 + 1.6 * np.exp(-2.2 * angle)) * (0.8 + 0.5 * (1 - cover))
    grey = (0.9 * lit * (1 + 2 * up) / 1.9)[..., None] * np.array([1.0, 0.99, 0.97])
    sky = blue * (1 - cover[..., None]) + grey * cover[..., None]
    sky = np.where(elevation[..., None] > 0, sky, _FROM_BELOW * sky[rows // 2 + 1].mean(axis=0))
    luminance = sky @ np.array([0.2126, 0.7152, 0.0722])
    solid = np.cos(elevation) * (np.pi / rows) * (2 * np.pi / columns)
    lux = (luminance * np.clip(np.sin(elevation), 0, None) * solid).sum()
    return np.asarray(sky / lux)


def _cos_to_sun(elevation: Points, azimuth: Points, sun: Sun) -> Points:
    high, across = np.deg2rad(max(sun.elevation_deg, 0.0)), np.deg2rad(sun.azimuth_deg)
    return np.asarray(np.sin(elevation) * np.sin(high) + np.cos(elevation) * np.cos(high) * np.cos(azimuth - across))


def _clouds(elevation: Points, azimuth: Points, seed: int) -> Points:
    """Return cloud cover in [0, 1]: sums of waves on a plane overhead, so that clouds flatten to the horizon."""
    rng = np.random.default_rng(seed)
    far = 1 / np.clip(np.tan(np.clip(elevation, 0.03, None)), 0.05, None)
    x, y = far * np.cos(azimuth), far * np.sin(azimuth)
    field = np.zeros_like(x)
    warp_x, warp_y = 0.0 * x, 0.0 * x
    for octave in range(7):
        scale = 0.55 * 1.9**octave
        for _ in range(5):
            heading, phase = rng.uniform(0, 2 * np.pi, 2)
            wave = np.sin(scale * ((x + warp_x) * np.cos(heading) + (y + warp_y) * np.sin(heading)) + phase)
            fade = np.exp(-((scale * far / 60) ** 2))
            field += wave * fade * 0.55**octave
            warp_x, warp_y = warp_x + 0.12 / scale * wave, warp_y + 0.12 / scale * np.roll(wave, 7, axis=1)
    field = (field - field.mean()) / field.std()
    edge = rng.uniform(0.2, 1.2)
    return np.asarray(0.9 / (1 + np.exp(-3.0 * (field - edge))))


def add_sky(sun: Sun, seed: int) -> None:
    """Light the world with `sky_dome`, as light group `sky`."""
    dome = sky_dome(sun, seed)
    rows, columns = dome.shape[:2]
    image = bpy.data.images.new("sky", columns, rows, float_buffer=True)
    image.colorspace_settings.name = "Linear Rec.709"
    image.pixels.foreach_set(np.concatenate([dome, np.ones((rows, columns, 1))], axis=-1).astype(np.float32).ravel())
    image.pack()
    world = bpy.context.scene.world
    world.use_nodes = True
    world.lightgroup = "sky"
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = _HEIGHT_PX  # what the picture holds; the default costs 2.5 s
    tree = world.node_tree
    background = next(node for node in tree.nodes if node.type == "BACKGROUND")
    texture = tree.nodes.new("ShaderNodeTexEnvironment")
    texture.image = image
    texture.interpolation = "Cubic"
    tree.links.new(texture.outputs[0], background.inputs["Color"])
    background.inputs["Strength"].default_value = TRACE_GAIN["sky"]


def add_overcast() -> None:
    """Hang a closed cloud cover of 1 lux on level ground over the scene, as light group `overcast`.

    It is a sphere that glows and lets through the clear sky behind it, so that both are groups of one trace. No ray is
    aimed at it: what leaves a surface at random meets so even a light soon enough.

    Source:
        CIE S 011:2003 (ISO 15469), sky type 16 (traditional overcast), L = Lz (1 + 2 sin γ) / 3, with E = 7π/9 Lz.
    """
    material = materials.cloud_cover("overcast", TRACE_GAIN["overcast"] * 9 / (7 * np.pi), below=_FROM_BELOW)
    elevation = np.linspace(-np.pi / 2, np.pi / 2, _COVER_SIDES // 2 + 1)
    builder = MeshBuilder()
    builder.lathe(_COVER_M * np.stack([np.cos(elevation), np.sin(elevation)], axis=-1), segments=_COVER_SIDES)
    cover = builder.build("overcast", [material], stuff="sky", light_group="overcast")
    cover.visible_shadow = False  # the sun and the clear sky are sampled through it


def add_sun(sun: Sun) -> None:
    """Add a sun of 1 lux at normal incidence and its disc, as light group `sun`.

    The lamp lights the scene; the disc, seen by the camera alone, has the luminance of that lamp.
    """
    light = bpy.data.lights.new("sun", "SUN")
    light.energy = TRACE_GAIN["sun"]
    light.angle = np.deg2rad(SUN_DIAMETER_DEG)
    made = bpy.data.objects.new("sun", light)
    made.rotation_euler = (0.0, np.deg2rad(90 - sun.elevation_deg), np.deg2rad(sun.azimuth_deg))
    made.lightgroup = "sun"
    bpy.context.scene.collection.objects.link(made)
    if sun.elevation_deg > 0:
        _add_disc(sun)


def _add_disc(sun: Sun) -> None:
    high, across = np.deg2rad(sun.elevation_deg), np.deg2rad(sun.azimuth_deg)
    toward = np.array([np.cos(high) * np.cos(across), np.cos(high) * np.sin(across), np.sin(high)])
    side = np.array([-np.sin(across), np.cos(across), 0.0])
    over = np.cross(toward, side)
    radius = _SUN_DISTANCE_M * np.tan(np.deg2rad(SUN_DIAMETER_DEG / 2))
    angles = np.linspace(0, 2 * np.pi, 33)[:-1, None]
    ring = toward * _SUN_DISTANCE_M + radius * (np.cos(angles) * side - np.sin(angles) * over)
    luminance = 1 / (np.pi * np.sin(np.deg2rad(SUN_DIAMETER_DEG / 2)) ** 2)
    builder = MeshBuilder()
    builder.add(ring, [tuple(range(32))])
    glow = materials.emission("sun disc", (1, 1, 1), luminance * TRACE_GAIN["sun"])
    disc = builder.build("sun disc", [glow], stuff="sky", light_group="sun")
    for ray in ("diffuse", "glossy", "transmission", "volume_scatter", "shadow"):
        setattr(disc, f"visible_{ray}", False)


def add_bolt(azimuth_deg: float, seed: int) -> None:
    """Stand a stroke of lightning at the horizon, as light group `fire`; it is seen and mirrored, and lights nothing.

    What it lays on the ground is part of the flash that the look's sky gives.
    """
    quads = bolt.ribbons(seed)
    across = np.deg2rad(azimuth_deg)
    toward, left = np.array([np.cos(across), np.sin(across), 0.0]), np.array([-np.sin(across), np.cos(across), 0.0])
    builder = MeshBuilder()
    for corners in quads:
        places = [bolt.FAR_M * toward - x * left + z * np.array([0.0, 0.0, 1.0]) for x, z in corners]
        builder.quad(places)
    glow = materials.emission("bolt", (0.82, 0.9, 1.25), bolt.luminance_cd_m2(quads) * TRACE_GAIN["fire"])
    glow.cycles.emission_sampling = "NONE"
    stroke = builder.build("bolt", [glow], stuff="sky", light_group="fire")
    for ray in ("diffuse", "transmission", "volume_scatter", "shadow"):
        setattr(stroke, f"visible_{ray}", False)
