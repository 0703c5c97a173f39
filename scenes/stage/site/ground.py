"""The ground of a place in Blender: carriageway, kerbs, pavements, islands, earth, water, paint and tyre marks."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.site.layout import layout
from scenes.site.plan import Layout
from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.stage.mesh import MeshBuilder
from scenes.stage.nature import terrain
from scenes.stage.place import material_of
from scenes.stage.site.markings import PAINT_LIFT_M, build_markings
from scenes.stage.site.polygons import ISLAND_M, Ground, ground_of, has_kerbs, lay, wall
from scenes.stage.surface import Surface, surface

_EARTH_LOW_M = -0.03
_WATER_M = -6.0
_PATCHES = 26
_TONES = MappingProxyType(
    {
        "new": (0.028, 0.038),
        "worn": (0.05, 0.08),
        "cracked": (0.065, 0.095),
        "patched": (0.06, 0.085),
        "concrete": (0.2, 0.27),
    }
)
_MAKES = MappingProxyType(
    {"new": "plain", "worn": "worn", "cracked": "cracked", "patched": "worn", "concrete": "concrete"}
)
_EARTHS = MappingProxyType({"city": "yard", "suburb": "lawn", "industrial": "yard", "rural": "fields"})
_VERGE_M = 7.0  # of grass beside roads in open country
_YARDS_M = 90.0


def build_road(spec: SceneSpec) -> Ground:
    """Build a place's ground with its marks, and return its polygons."""
    street, plan = spec.street, layout(spec.street)
    ground, rng = ground_of(street, plan), np.random.default_rng(street.seed)
    _carriageway(street, ground, rng)
    if has_kerbs(street):
        _pavements(street, ground, rng)
    _earth(street, ground)
    _repairs(street, plan, rng)
    build_markings(street, plan)
    _skid_marks(spec)
    return ground


def asphalt_of(street: Street, tone: float) -> Surface:
    """Return the carriageway's surface in the street's state."""
    return surface(
        "ground",
        colour=(tone, tone, tone * 1.04),
        make=_MAKES[street.asphalt],
        wetness=street.wetness,
        puddles=street.puddles,
        snow=street.snow,
        ice=street.ice,
        lane_m=street.lane_width_m,
        half_m=street.lanes_per_direction * street.lane_width_m,
        **_strewn(street),
    )


def _strewn(street: Street) -> dict[str, float]:
    """Return what lies loose; nothing is told where nothing does, so that surfaces keep their names."""
    return {name: share for name, share in (("leaves", street.leaves), ("sand", street.sand)) if share > 0}


def _carriageway(street: Street, ground: Ground, rng: np.random.Generator) -> None:
    builder = MeshBuilder()
    lay(builder, ground.carriageway, 0.0)
    asphalt = material_of(asphalt_of(street, float(rng.uniform(*_TONES[street.asphalt]))))
    builder.build("road", [asphalt], stuff="road", smooth=True)


def _pavements(street: Street, ground: Ground, rng: np.random.Generator) -> None:
    builder, high = MeshBuilder(), street.kerb_height_m
    lay(builder, ground.pavement, high - 0.004, 0)
    lay(builder, ground.kerb, high, 1)
    wall(builder, ground.kerb, high, 1)
    lay(builder, ground.islands, ISLAND_M, 1 if street.surroundings == "city" else 2)
    wall(builder, ground.islands, ISLAND_M, 1)
    tone = float(rng.uniform(0.16, 0.26))
    state = {"wetness": 0.55 * street.wetness, "puddles": 0.3 * street.puddles, "snow": street.snow, "ice": street.ice}
    state |= _strewn(street)
    make = "paving" if rng.random() < 0.6 else "plain"
    colour = (tone, tone * 0.97, tone * 0.92)
    stone = surface("ground", colour=colour, make=make, grain_m=0.03, patchy=0.25, **state)
    edge = surface("ground", colour=(0.3, 0.29, 0.28), grain_m=0.02, patchy=0.2, **state)
    surfaces = [material_of(item) for item in (stone, edge, _earth_surface(street))]
    builder.build("pavement", surfaces, stuff=("pavement", "kerb", "terrain"))


def _earth(street: Street, ground: Ground) -> None:
    """Lay verges, gardens and yards above the land: level with the pavement in towns, a little below open roads."""
    level = street.kerb_height_m - 0.01 if has_kerbs(street) else _EARTH_LOW_M
    builder = MeshBuilder()
    rural = street.surroundings == "rural"
    land = ground.earth.intersection(ground.built.buffer(_VERGE_M if rural else _YARDS_M, join_style="mitre"))
    lay(builder, land, level)
    wall(builder, land, level, deep_m=level - _WATER_M)
    surfaces = [_earth_surface(street, "lawn" if rural else "")]
    builder.build("earth", [material_of(item) for item in surfaces], stuff="terrain", smooth=True)
    if not ground.river.is_empty:
        _river(ground)


def _river(ground: Ground) -> None:
    stream = MeshBuilder()
    lay(stream, ground.river, _WATER_M + 0.5)
    stream.build("river", [material_of(terrain.river_finish()["water"])], stuff="water", smooth=True)


def _earth_surface(street: Street, make: str = "") -> Surface:
    snow = min(1.0, 1.3 * street.snow)
    return surface("terrain", make=make or _EARTHS[street.surroundings], snow=snow, wetness=street.wetness)


def _repairs(street: Street, plan: Layout, rng: np.random.Generator) -> None:
    """Lay rectangles of younger asphalt where the road was dug up."""
    if street.asphalt not in ("patched", "cracked"):
        return
    builder = MeshBuilder()
    lanes = [lane for lane in plan.lanes if lane.role in ("same", "oncoming")]
    for _ in range(_PATCHES if street.asphalt == "patched" else _PATCHES // 3):
        lane = lanes[int(rng.integers(len(lanes)))]
        x, y, heading = lane.at(float(rng.uniform(0, lane.length_m)))
        long, wide = rng.uniform(0.8, 5.0) / 2, rng.uniform(0.5, lane.width_m * 0.9) / 2
        turn = np.deg2rad(heading + rng.normal(0, 1.5))
        ahead, left = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        corners = [np.array([x, y]) + i * long * ahead + j * wide * left for i, j in signs]
        builder.quad([(*corner, 0.4 * PAINT_LIFT_M) for corner in corners])
    builder.build("repairs", [material_of(asphalt_of(street, float(rng.uniform(0.02, 0.034))))], stuff="road")


def _skid_marks(spec: SceneSpec) -> None:
    builder = MeshBuilder()
    for mark in spec.skid_marks:
        path = np.array(mark.points_m)
        if len(path) < 2:
            continue
        along = np.gradient(path, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
        across = np.stack([-along[:, 1], along[:, 0]], axis=-1) * mark.width_m / 2
        edges = np.stack([path - across, path + across], axis=1)
        lifted = np.concatenate([edges, np.full((*edges.shape[:2], 1), 3 * PAINT_LIFT_M)], axis=-1)
        builder.grid(lifted[:, ::-1])
    if builder:
        builder.build("skid marks", [material_of(surface("tyre_mark", strength=0.85))], stuff="road")
