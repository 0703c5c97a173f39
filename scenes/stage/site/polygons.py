"""The ground of a plan as polygons: carriageway, kerbs, pavements, islands and the earth around; no Blender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import LinearRing, LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from scenes.site.plan import BRIDGE_M, Layout, Road
from scenes.spec.place import Street
from scenes.stage.mesh import MeshBuilder, Points

KERB_M = 0.15
ISLAND_M = 0.12
WORLD_M = 1600.0
_CORNER_M = 6.0
_RIVER_INSET_M = 7.0
_DEEP_M = 0.35


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Polygons of a place; those of a place without pavements are empty.

    Args:
        carriageway: what one drives on.
        kerb: strip of stones around it.
        pavement: what one walks on.
        islands: raised areas in the carriageway.
        earth: everything else.
        river: water under a bridge.
        built: carriageway, kerb and pavement together: what houses and trees keep off.
    """

    carriageway: BaseGeometry
    kerb: BaseGeometry
    pavement: BaseGeometry
    islands: BaseGeometry
    earth: BaseGeometry
    river: BaseGeometry
    built: BaseGeometry


def has_kerbs(street: Street) -> bool:
    """Tell whether a place has kerbs and pavements."""
    return street.kind not in ("rural_road", "dual_carriageway")


def ground_of(street: Street, plan: Layout) -> Ground:
    """Return the polygons of a plan."""
    islands = shapely.union_all([Polygon(ring) for ring in plan.islands])
    road = shapely.union_all([_strip(each) for each in plan.roads])
    if len(plan.roads) > 1 and has_kerbs(street):
        road = road.buffer(_CORNER_M).buffer(-_CORNER_M)  # rounds the inner corners
    middle = shapely.union_all([Polygon(hole) for hole in _holes(road)])
    carriageway = road.difference(islands)
    walk_m = street.sidewalk_width_m if has_kerbs(street) else 0.0
    covered = shapely.union_all([road, middle])
    kerb = covered.buffer(KERB_M, join_style="mitre").difference(covered) if walk_m else Polygon()
    built = covered.buffer(walk_m, join_style="mitre") if walk_m else covered
    pavement = built.difference(covered).difference(kerb)
    river = _river(street)
    world = shapely.box(-WORLD_M, -WORLD_M, WORLD_M, WORLD_M)
    return Ground(
        carriageway=carriageway,
        kerb=kerb,
        pavement=pavement,
        islands=shapely.union_all([islands, middle]),
        earth=world.difference(built).difference(river),
        river=river,
        built=built,
    )


def _strip(road: Road) -> BaseGeometry:
    if road.closed:
        return LinearRing(road.path_m).buffer(road.half_width_m, quad_segs=24)
    return LineString(road.path_m).buffer(road.half_width_m, cap_style="flat", join_style="mitre")


def _holes(area: BaseGeometry) -> list[Any]:
    return [hole for polygon in polygons(area) for hole in polygon.interiors]


def _river(street: Street) -> BaseGeometry:
    if street.kind != "bridge" or street.feature_x_m is None:
        return Polygon()
    near = street.feature_x_m + _RIVER_INSET_M
    return shapely.box(near, -WORLD_M, near + BRIDGE_M - 2 * _RIVER_INSET_M, WORLD_M)


def polygons(area: BaseGeometry) -> list[Polygon]:
    """Return the polygons of any area."""
    if isinstance(area, Polygon):
        return [] if area.is_empty else [area]
    return [part for part in getattr(area, "geoms", ()) if isinstance(part, Polygon)]


def lay(builder: MeshBuilder, area: BaseGeometry, z_m: float, slot: int = 0) -> None:
    """Add an area as a level surface that faces up (constrained Delaunay triangles)."""
    for polygon in polygons(area):
        triangles = shapely.constrained_delaunay_triangles(polygon)
        corners = np.array([np.asarray(part.exterior.coords)[:3] for part in triangles.geoms])
        if not len(corners):
            continue
        first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        down = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] < 0
        corners[down] = corners[down][:, ::-1]
        points = np.concatenate([corners.reshape(-1, 2), np.full((3 * len(corners), 1), z_m)], axis=1)
        builder.add(points, np.arange(len(points)).reshape(-1, 3), slot)


def wall(builder: MeshBuilder, area: BaseGeometry, z_m: float, slot: int = 0, *, deep_m: float = _DEEP_M) -> None:
    """Add the upright sides of a raised area, from `deep_m` below its top."""
    for polygon in polygons(area):
        for number, ring in enumerate((polygon.exterior, *polygon.interiors)):
            points = np.asarray(ring.coords)[:, :2]
            if ring.is_ccw != (number == 0):
                points = points[::-1]
            _upright(builder, points, z_m, deep_m, slot)


def _upright(builder: MeshBuilder, ring: Points, z_m: float, deep_m: float, slot: int) -> None:
    low = np.concatenate([ring, np.full((len(ring), 1), z_m - deep_m)], axis=1)
    high = np.concatenate([ring, np.full((len(ring), 1), z_m)], axis=1)
    quads = np.stack([low[:-1], low[1:], high[1:], high[:-1]], axis=1)
    builder.add(quads, np.arange(4 * len(quads)).reshape(-1, 4), slot)


def boundaries(area: BaseGeometry) -> list[Points]:
    """Return the outer rings of an area, counter-clockwise, closed."""
    rings = [polygon.exterior for polygon in polygons(area)]
    return [np.asarray(ring.coords)[:, :2][:: 1 if ring.is_ccw else -1] for ring in rings]


def merged(*areas: BaseGeometry) -> BaseGeometry:
    """Return the union."""
    return shapely.union_all([MultiPolygon(polygons(area)) for area in areas])
