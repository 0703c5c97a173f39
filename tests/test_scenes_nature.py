"""Trees, hedges, ground cover, land and the far world: sizes, ground contact, budgets, and a closed horizon."""

from dataclasses import replace

import numpy as np
import pytest

from scenes.errors import InputError
from scenes.site.layout import draw_place
from scenes.site.plan import BRIDGE_M, TUNNEL_M
from scenes.spec.place import Street
from scenes.stage.mesh_cache import encoded
from scenes.stage.nature import far_world, ground_cover, hedge, terrain, tree
from scenes.stage.nature.relief import FLAT_M
from scenes.stage.nature.season import SEASONS, season_of
from scenes.stage.nature.tree_kinds import TREES

EYES_M = ((0.0, -1.7, 1.2), (0.0, 1.7, 3.0), (-40.0, 0.0, 1.5), (200.0, 0.0, 1.5))
SURROUNDINGS = ("city", "suburb", "industrial", "rural")


def street(kind="rural_road", surroundings="rural", seed=1) -> Street:
    drawn = draw_place(np.random.default_rng(seed), kinds={kind: 1.0})
    return replace(drawn, surroundings=surroundings)


@pytest.mark.parametrize("kind", tree.KINDS)
@pytest.mark.parametrize("season", ["summer", "snow"])
def test_a_tree_stands_on_the_ground_in_its_range_of_heights_within_its_budget(kind, season):
    for model in range(4):
        asset = tree.geometry(kind, model, season)
        points = asset.points()
        assert points[:, 2].min() == pytest.approx(0.0, abs=0.03)
        if kind in TREES:
            low, high = TREES[kind].height_m
            assert 0.9 * low < points[:, 2].max() < 1.12 * high
        at_foot = _wood(asset)
        assert np.linalg.norm(at_foot[at_foot[:, 2] < 0.05, :2], axis=1).max() < 0.9
        assert sum(piece.solid.triangles for piece in asset.pieces) <= 25_500


def _wood(asset):
    """Return the vertices of what is neither leaf nor twig."""
    solid = asset.pieces[0].solid
    wood = np.isin(solid.slots, [solid.slot_names.index(name) for name in ("bark", "stake")])
    return solid.vertices[solid.loops[np.repeat(wood, solid.sizes)]]


@pytest.mark.parametrize("kind", tree.KINDS)
def test_a_tree_s_finish_covers_its_slots_in_every_season(kind):
    for season in SEASONS:
        assert tree.geometry(kind, 0, season).slot_names <= set(tree.finish(kind, 0, season))


def test_broadleaves_are_bare_in_winter_and_conifers_are_not():
    def leaves(kind: str, season: str) -> int:
        solid = tree.geometry(kind, 0, season).pieces[0].solid
        return int((solid.slots == solid.slot_names.index("leaf")).sum())

    assert leaves("oak", "winter") == 0 < leaves("oak", "autumn")
    assert leaves("bare_winter", "summer") == 0
    assert leaves("spruce", "winter") == leaves("spruce", "summer") > 1000


def test_crowns_differ_by_kind():
    def slenderness(kind: str) -> float:
        points = tree.geometry(kind, 1).points()
        return float(np.ptp(points[:, 2]) / np.ptp(points[:, 0]))

    assert slenderness("poplar") > 3.5
    assert slenderness("oak") < 2.2
    top = {kind: tree.geometry(kind, 1).points() for kind in ("spruce", "pine")}
    wide = {kind: p[p[:, 2] > 0.75 * p[:, 2].max(), :2].std() for kind, p in top.items()}
    assert wide["pine"] > 1.8 * wide["spruce"]


def test_an_unknown_kind_or_season_is_refused_with_the_choices():
    with pytest.raises(InputError, match="plane"):
        tree.geometry("larch", 0)
    with pytest.raises(InputError, match="autumn"):
        tree.finish("oak", 0, "spring")
    with pytest.raises(InputError, match="reeds"):
        ground_cover.geometry("moss", 0)
    with pytest.raises(InputError, match="suburb"):
        far_world.geometry("sea", 0)


@pytest.mark.parametrize("size_m", [(1.0, 0.6, 0.4), (9.3, 1.6, 0.8), (30.0, 2.2, 1.0)])
def test_a_hedge_has_the_size_that_was_asked_for(size_m):
    asset = hedge.geometry(*size_m, 1)
    spans = np.ptp(asset.points(), axis=0)
    assert spans == pytest.approx([size_m[0], size_m[2], size_m[1]], abs=0.3)
    assert asset.points()[:, 2].min() == pytest.approx(0.0, abs=0.01)
    assert asset.slot_names <= set(hedge.finish(1))


def test_bushes_and_ground_cover_lie_on_the_ground_within_their_patch():
    for asset in (hedge.bush(3), *(ground_cover.geometry(kind, 1) for kind in ground_cover.COVERS)):
        points = asset.points()
        assert 0.0 <= points[:, 2].min() < 0.12
        assert points[:, 2].max() < 2.8
        assert np.abs(points[:, :2]).max() < 1.9
        assert asset.pieces[0].solid.triangles < 10_000
    for kind in ground_cover.COVERS:
        for season in SEASONS:
            assert ground_cover.geometry(kind, 0).slot_names <= set(ground_cover.finish(kind, 0, season))


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_the_land_lies_below_the_road_wherever_roads_may_lie_and_reaches_a_mile(surroundings):
    place = street(surroundings=surroundings)
    land = terrain.terrain_geometry(place)
    points = land.points()
    corridor = points[(np.abs(points[:, 1]) < FLAT_M) & (np.abs(points[:, 0] - 80) < 800)]
    assert corridor[:, 2] == pytest.approx(-terrain.BELOW_M, abs=1e-4)
    assert (np.abs(points[:, :2]).max(axis=0) >= 1500).all()
    assert land.slot_names <= set(terrain.terrain_finish(place))


def test_the_land_opens_for_a_river_and_covers_a_tunnel_with_open_mouths():
    bridge = street("bridge", "suburb")
    middle = np.array([[bridge.feature_x_m + BRIDGE_M / 2, 300.0]])
    assert terrain.heights_m(middle, bridge)[0] < -6.0
    tunnel = street("tunnel", "suburb")
    over = np.array([[tunnel.feature_x_m + x, 0.0] for x in (TUNNEL_M / 2, -5.0, TUNNEL_M + 5.0)])
    assert terrain.heights_m(over, tunnel) == pytest.approx([20.0, -0.08, -0.08], abs=4.0)
    assert _blocked(terrain.terrain_geometry(tunnel), tunnel) == 0


def _blocked(land, tunnel: Street) -> int:
    """Count the faces that a driver through the tunnel would meet."""
    solid = land.pieces[0].solid
    faces = solid.vertices[solid.loops.reshape(-1, 4)]
    inside = (np.abs(faces[..., 1]).min(axis=1) < tunnel.road_half_width_m) & (np.ptp(faces[..., 0], axis=1) < 0.5)
    return int((inside & (np.ptp(faces[..., 2], axis=1) > 1.0)).sum())


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_the_far_world_closes_the_horizon_half_a_degree_above_the_eye_all_around(surroundings):
    asset = far_world.geometry(surroundings, 2)
    assert asset.slot_names <= set(far_world.finish(surroundings, 2))
    horizon = next(piece.solid for piece in asset.pieces if piece.solid.name == "horizon")
    for eye in EYES_M:
        away = horizon.vertices - np.array(eye)
        azimuth = np.rad2deg(np.arctan2(away[:, 1], away[:, 0])) % 360
        elevation = np.rad2deg(np.arctan2(away[:, 2], np.hypot(away[:, 0], away[:, 1])))
        seen = [elevation[np.abs((azimuth - at + 180) % 360 - 180) < 2.0].max() for at in range(0, 360, 2)]
        assert min(seen) > 0.5


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_land_and_far_world_stay_within_their_budget_and_off_the_road(surroundings):
    asset = far_world.geometry(surroundings, 1)
    land = terrain.terrain_geometry(street(surroundings=surroundings))
    assert sum(piece.solid.triangles for part in (asset, land) for piece in part.pieces) < 60_000
    assert sum(len(piece.matrices) for piece in asset.pieces) < 160
    for piece in asset.pieces:
        for matrix in piece.matrices:
            points = piece.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3]
            on_road = (np.abs(points[:, 1]) < 30) & (points[:, 0] > -60) & (points[:, 0] < 620) & (points[:, 2] < 15)
            assert not on_road.any(), piece.solid.name


def test_the_far_world_of_a_bridge_leaves_its_river_clear():
    clear = far_world.geometry("suburb", 1, river=True)
    skyline = next(piece.solid.vertices for piece in clear.pieces if piece.solid.name == "skyline")
    assert not ((skyline[:, 0] > -15) & (skyline[:, 0] < 90)).any()


def test_the_same_parameters_give_the_same_bytes():
    builders = (
        lambda: tree.geometry("oak", 3, "winter"),
        lambda: hedge.geometry(8.0, 1.4, 0.7, 2),
        lambda: ground_cover.geometry("meadow", 2),
        lambda: terrain.terrain_geometry(street()),
        lambda: far_world.geometry("industrial", 5),
    )
    for build in builders:
        assert encoded(build()) == encoded(build())


def test_snow_on_the_street_means_snow_on_the_trees():
    assert season_of(replace(street(), snow=0.6)) == "snow"
    drawn = {season_of(street(seed=seed)) for seed in range(40)}
    assert drawn == {"summer", "autumn", "winter"}
