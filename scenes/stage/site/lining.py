"""What lines a place: houses, trees, lamps, furniture, and structures over and under the road."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely

from scenes.site.layout import layout
from scenes.site.plan import Item, Lane, Layout, Pose
from scenes.spec.place import Obstacle, Street
from scenes.spec.scene import SceneSpec
from scenes.stage.buildings import house, structures
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.library import Library
from scenes.stage.nature import far_world, terrain, tree
from scenes.stage.nature.season import season_of
from scenes.stage.people import mannequin
from scenes.stage.site import background, lamp_post
from scenes.stage.site.dolls import fill_window, stand_doll
from scenes.stage.site.frontage import Plot, plots
from scenes.stage.site.gardens import enclose, wire
from scenes.stage.site.line import Lining
from scenes.stage.site.polygons import Ground, boundaries, has_kerbs
from scenes.street_light import BACK_M, burning, stations_m

_TREE_KINDS = MappingProxyType(
    {
        "city": ("plane", "lime", "maple", "street_sapling"),
        "suburb": ("maple", "birch", "lime", "spruce"),
        "industrial": ("poplar", "birch", "street_sapling"),
        "rural": ("oak", "poplar", "birch", "pine"),
    }
)
_TOWN_PIECES = "litter_bin bollard parking_meter post_box hydrant sign_order sign_info planter bench bicycle_stand"
_KERBSIDE = MappingProxyType(
    {
        "city": (*_TOWN_PIECES.split(), "phone_cabinet", "advertising_column", "bus_stop", "litter", "bin"),
        "suburb": ("wheelie_bins", "hydrant", "post_box", "litter_bin", "sign_order", "bus_stop", "phone_cabinet"),
        "industrial": ("hydrant", "sign_order", "litter", "phone_cabinet", "recycling_container", "wheelie_bins"),
        "rural": ("kilometre_post",),
    }
)
_NEAR_M = (4.0, 120.0)
_ALIKE_AROUND = ("utility_pole", "bollard")


Circle = tuple[float, float, float]


def build_street(
    spec: SceneSpec,
    ground: Ground,
    library: Library,
    *,
    post_m: Circle | None = None,
    treeless_m: Sequence[Circle] = (),
) -> None:
    """Line a place with all that its plan and its surroundings ask for, and with what a crash runs into.

    Args:
        spec: names the place, what else stands there, and ground that is to be kept clear.
        ground: its polygons.
        library: where meshes are kept.
        post_m: circle (x, y, radius) where a camera's post leaves no room for anything else.
        treeless_m: circles without trees, which would hide what a camera watches.
    """
    street = spec.street
    plan = layout(street)
    lining = Lining(street, library, np.random.default_rng([street.seed, 17]))
    lining.taken += spec.cleared_m
    lining.taken += [post_m] if post_m else []
    level = street.kerb_height_m if has_kerbs(street) else 0.0
    for item in (*plan.items, *(item for row in plan.rows for item in row.items())):
        on_road = bool(shapely.contains_xy(ground.carriageway, item.x_m, item.y_m))
        lining.taken.append((item.x_m, item.y_m, 0.8))
        lining.furnish(item, 0.0 if on_road or not has_kerbs(street) else level)
    for obstacle in spec.obstacles:
        _obstacle(obstacle, lining, ground, level)
    _structures(plan, lining)
    _surroundings(lining, plan)
    _lamps(lining, plan, ground, level)
    for plot in plots(street, plan, ground):
        _house(lining, plot, level)
        enclose(lining, plot, ground, level)
    wire(lining, plan)
    lining.taken += treeless_m
    _trees(lining, plan, ground, level)
    lining.taken = [circle for circle in lining.taken if circle not in treeless_m]
    _kerbside(lining, ground, level)
    _drains(lining, plan)


def _obstacle(obstacle: Obstacle, lining: Lining, ground: Ground, level_m: float) -> None:
    """Stand a pole, tree or bollard where a crash runs into it, or a hoarding."""
    where = Pose(obstacle.x_m, obstacle.y_m, obstacle.heading_deg)
    lining.taken.append((obstacle.x_m, obstacle.y_m, 1.0))
    level = 0.0 if shapely.contains_xy(ground.carriageway, obstacle.x_m, obstacle.y_m) else level_m
    if obstacle.kind == "lamp_post":
        high = lining.street.lamp_height_m
        finish = lamp_post.finish(lining.street)
        lining.stand("lamp", (high,), lambda: lamp_post.geometry(high), finish, where, z_m=level)
        return
    if obstacle.kind == "mannequin":
        stand_doll(lining, where, obstacle.seed % mannequin.DOLLS, level)
        return
    if obstacle.kind != "tree":
        faces = 0.0 if obstacle.kind in _ALIKE_AROUND else where.heading_deg
        item = Item(name=obstacle.kind, x_m=where.x_m, y_m=where.y_m, heading_deg=faces, variant=obstacle.seed % 64)
        lining.furnish(item, level)
        if obstacle.kind == "doll_window":
            fill_window(lining, where, obstacle.seed, level)
        return
    season = season_of(lining.street)
    kinds = _TREE_KINDS["rural" if lining.street.surroundings == "industrial" else lining.street.surroundings]
    kind, model = kinds[obstacle.seed % 2], obstacle.seed % 4
    build = partial(tree.geometry, kind, model, season)
    lining.stand(f"tree {kind}", (kind, model, season), build, tree.finish(kind, model, season), where, z_m=level)


def _structures(plan: Layout, lining: Lining) -> None:
    model = lining.street.seed % 5
    for item in plan.structures:
        told = (item.length_m, item.half_width_m, item.height_m, model)
        builds = {
            "tunnel": lambda i=item: structures.tunnel(i.length_m, i.half_width_m, i.height_m, model),
            "portal": lambda i=item: structures.portal(i.half_width_m, i.height_m, model),
            "bridge": lambda i=item: structures.bridge(i.length_m, i.half_width_m, model),
            "railway_track": lambda i=item: structures.railway_track(i.length_m, model, i.half_width_m),
        }
        finish = structures.finish(item.name, model)
        where = Pose(item.x_m, item.y_m, item.heading_deg)
        lining.stand(item.name, told, builds[item.name], finish, where)


def _surroundings(lining: Lining, plan: Layout) -> None:
    """Lay the land, stand rows of houses and trees behind the frontage, and close the horizon."""
    street, season, here = lining.street, season_of(lining.street), Pose(0.0, 0.0, 0.0)
    land = (street.kind, street.surroundings, street.feature_x_m, street.seed, street.road_half_width_m)
    build = partial(terrain.terrain_geometry, street)
    lining.stand("terrain", land, build, terrain.terrain_finish(street, season), here)
    model, river = street.seed % terrain.MODELS, street.kind == "bridge"
    far = partial(far_world.geometry, street.surroundings, model, river=river)
    finish = far_world.finish(street.surroundings, model, season)
    lining.stand("far world", (street.surroundings, model, river), far, finish, here)
    told = background.around(street, plan)
    rows = partial(background.geometry, told)
    lining.stand("background", tuple(told), rows, background.finish(street), here)


def _lamps(lining: Lining, plan: Layout, ground: Ground, level_m: float) -> None:
    """Stand lamps in turn on either side of every road that is no ring."""
    street = lining.street
    if street.lamp_spacing_m <= 0:
        return
    finishes = {burns: lamp_post.finish(street, burns=burns) for burns in (True, False)}
    for road in plan.roads:
        if road.closed:
            continue
        line = Lane(path_m=road.path_m, width_m=1.0, role="same")
        for number, along in enumerate(stations_m(line.length_m, street.lamp_spacing_m)):
            x, y, heading = line.at(along)
            side = 1 if number % 2 else -1
            turn = np.deg2rad(heading + 90.0 * side)
            reach = road.half_width_m + BACK_M
            x, y = x + reach * float(np.cos(turn)), y + reach * float(np.sin(turn))
            if _on_road(ground, x, y, 0.3) or _covered(plan, x, "tunnel") or not lining.free(x, y, 0.4):
                continue
            where = Pose(x, y, heading - 90.0 * side)
            high, finish = street.lamp_height_m, finishes[burning(street.seed, street.lamps_out, number)]
            lining.stand("lamp", (high,), lambda high=high: lamp_post.geometry(high), finish, where, z_m=level_m)


def _covered(plan: Layout, x_m: float, *names: str) -> bool:
    """Tell whether a structure takes this stretch of the road."""
    return any(i.name in names and i.x_m - 5.0 < x_m < i.x_m + i.length_m + 5.0 for i in plan.structures)


def _on_road(ground: Ground, x_m: float, y_m: float, margin_m: float) -> bool:
    """Tell whether a place lies on the carriageway, whose corners at junctions are round, or nearer to it than that."""
    return bool(ground.carriageway.distance(shapely.Point(x_m, y_m)) < margin_m)


def _house(lining: Lining, plot: Plot, level_m: float) -> None:
    street = lining.street
    told = (plot.style, plot.width_m, plot.depth_m, plot.height_m, plot.model, street.lit_window_share)
    lining.stand(
        f"house {plot.style}",
        told,
        lambda: house.geometry(*told),
        house.finish(plot.style, plot.model),
        plot.where,
        z_m=level_m - 0.02,
    )


def _trees(lining: Lining, plan: Layout, ground: Ground, level_m: float) -> None:
    """Plant a row along the kerbs, or along the verges and in the fields of open country."""
    street, rng = lining.street, lining.rng
    if street.tree_spacing_m <= 0:
        return
    kinds, season = _TREE_KINDS[street.surroundings], season_of(street)
    if street.surroundings == "city" and season == "summer" and street.seed % 8 == 0:
        kinds = ("palm",)
    chosen = [(kinds[int(rng.integers(len(kinds)))], int(rng.integers(4))) for _ in range(3)]
    away = 1.0 if has_kerbs(street) else float(rng.uniform(3.5, 7.0))
    spots = [spot for ring in boundaries(ground.carriageway.buffer(away)) for spot in _along(ring, street, rng)]
    if not has_kerbs(street):
        spots += [(float(rng.uniform(10, 260)), float(rng.choice([-1, 1]) * rng.uniform(18, 120))) for _ in range(46)]
    for x, y in spots:
        taken = _on_road(ground, x, y, 0.7) or _covered(plan, x, "tunnel", "bridge")
        if rng.random() < 0.15 or taken or not lining.free(x, y, 1.0):
            continue
        kind, model = chosen[int(rng.integers(len(chosen)))]
        where = Pose(x, y, float(rng.uniform(0, 360)))
        lining.stand(
            f"tree {kind}",
            (kind, model, season),
            partial(tree.geometry, kind, model, season),
            tree.finish(kind, model, season),
            where,
            z_m=level_m - 0.02,
        )


def _along(ring: Any, street: Street, rng: np.random.Generator) -> list[tuple[float, float]]:
    line = shapely.LineString(ring)
    starts = np.arange(float(rng.uniform(0, 8)), line.length, street.tree_spacing_m)
    points = [line.interpolate(along + float(rng.uniform(-1, 1))) for along in starts.tolist()]
    return [(point.x, point.y) for point in points]


def _kerbside(lining: Lining, ground: Ground, level_m: float) -> None:
    """Stand furniture between kerb and walkway, as dense as the street's clutter says."""
    street, rng = lining.street, lining.rng
    names = _KERBSIDE[street.surroundings]
    if not has_kerbs(street) or street.kind in ("tunnel", "bridge"):
        return
    for _ in range(int(70 * street.clutter)):
        x, side = float(rng.uniform(*_NEAR_M)), int(rng.choice([-1, 1]))
        y = side * (street.road_half_width_m + float(rng.uniform(0.55, 0.75)))
        name = names[int(rng.integers(len(names)))]
        if street.kind == "car_park" or _on_road(ground, x, y, 0.35):
            continue
        if lining.free(x, y, max(FURNITURE[name].footprint_m) / 2 + 0.3):
            variant = int(rng.integers(64))
            facing = -90.0 * side if rng.random() < 0.5 else 180.0
            lining.furnish(Item(name=name, x_m=x, y_m=y, heading_deg=facing, variant=variant), level_m)


def _drains(lining: Lining, plan: Layout) -> None:
    """Set gullies into the gutter and manholes into the lanes."""
    street, rng = lining.street, lining.rng
    if not has_kerbs(street):
        return
    for x in np.arange(6.0, 80.0, 17.0).tolist():
        for side in (1, -1):
            y = side * (street.road_half_width_m - 0.3)
            if street.kind == "street":
                lining.furnish(Item(name="drain_gully", x_m=x, y_m=y, heading_deg=90.0 * side), 0.0)
    lanes = [lane for lane in plan.lanes if lane.role in ("same", "oncoming")]
    for _ in range(5):
        lane = lanes[int(rng.integers(len(lanes)))]
        x, y, heading = lane.at(float(rng.uniform(0.2, 0.6)) * lane.length_m)
        lining.furnish(Item(name="manhole_cover", x_m=x, y_m=y + float(rng.normal(0, 0.4)), heading_deg=heading), 0.001)
