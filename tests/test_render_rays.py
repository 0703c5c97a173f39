from __future__ import annotations

import numpy as np
import pytest
import trimesh
from label_scene import met_m

from render.rays import Rays
from render.silhouette import Mesh


def mesh(shape, shift=(0, 0, 0), **fields):
    return Mesh(
        vertices_m=np.asarray(shape.vertices, np.float64) + shift, triangles=np.asarray(shape.faces, np.int64), **fields
    )


def cube(shift=(0, 0, 0)):
    return mesh(trimesh.creation.box(extents=(1, 1, 1)), shift)


def test_no_meshes_are_met_by_no_ray():
    hits = Rays({}).first(np.zeros((2, 3)), np.eye(3)[:2])
    assert hits.instance.tolist() == [0, 0]
    assert hits.triangle.tolist() == [-1, -1]
    assert np.isinf(hits.distance_m).all()


def test_no_rays_meet_nothing():
    hits = Rays({1: cube()}).first(np.zeros((0, 3)), np.zeros((0, 3)))
    assert len(hits.instance) == len(hits.triangle) == len(hits.distance_m) == 0


def test_a_mesh_without_triangles_is_met_by_nothing():
    empty = Mesh(vertices_m=np.zeros((0, 3)), triangles=np.zeros((0, 3), np.int64))
    hits = Rays({3: empty, 4: cube((5, 0, 0))}).first(np.zeros((1, 3)), np.array([[1.0, 0, 0]]))
    assert hits.instance.tolist() == [4]


def test_the_first_of_two_is_met_and_the_distance_is_in_metres_whatever_the_length_of_the_direction():
    rays = Rays({7: cube((5, 0, 0)), 9: cube((8, 0, 0))})
    hits = rays.first(np.zeros((3, 3)), np.array([[1.0, 0, 0], [10.0, 0, 0], [-1.0, 0, 0]]))
    assert hits.instance.tolist() == [7, 7, 0]
    np.testing.assert_allclose(hits.distance_m, [4.5, 4.5, np.inf])


def test_one_instance_is_met_alone_behind_another():
    rays = Rays({7: cube((5, 0, 0)), 9: cube((8, 0, 0))})
    _, distance_m = rays.alone(9, np.zeros((1, 3)), np.array([[1.0, 0, 0]]))
    np.testing.assert_allclose(distance_m, [7.5])
    triangle, distance_m = rays.alone(11, np.zeros((1, 3)), np.array([[1.0, 0, 0]]))
    assert (triangle[0], distance_m[0]) == (-1, np.inf)


def test_clear_triangles_let_rays_pass_and_keep_the_count_of_the_others():
    whole = cube((5, 0, 0))
    near = whole.vertices_m[whole.triangles][..., 0].max(axis=1) < 4.6
    glazed = Mesh(vertices_m=whole.vertices_m, triangles=whole.triangles, clear=near)
    hits = Rays({1: glazed}).first(np.zeros((1, 3)), np.array([[1.0, 0.01, 0.02]]))
    assert hits.distance_m[0] == pytest.approx(5.5 * np.linalg.norm([1, 0.01, 0.02]))
    assert not near[hits.triangle[0]]
    assert Rays({1: Mesh(vertices_m=whole.vertices_m, triangles=whole.triangles, clear=np.ones(12, bool))}).first(
        np.zeros((1, 3)), np.array([[1.0, 0, 0]])
    ).instance.tolist() == [0]


def test_distances_and_triangles_agree_with_a_test_of_every_triangle():
    rng = np.random.default_rng(4)
    sphere = mesh(trimesh.creation.icosphere(subdivisions=2, radius=2.0), (9.0, 1.0, 1.0))
    directions = np.column_stack([np.ones(500), rng.uniform(-0.3, 0.4, 500), rng.uniform(-0.3, 0.3, 500)])
    hits = Rays({1: sphere}, (0, 0, 1.5)).first(np.tile([0, 0, 1.5], (500, 1)), directions)
    expected = met_m(sphere, directions)
    assert 100 < np.isfinite(expected).sum() < 500
    np.testing.assert_array_equal(np.isfinite(hits.distance_m), np.isfinite(expected))
    some = np.isfinite(expected)
    np.testing.assert_allclose(hits.distance_m[some], (expected * np.linalg.norm(directions, axis=1))[some], rtol=1e-9)
    corners = sphere.vertices_m[sphere.triangles[hits.triangle[some]]]
    points = np.array([0, 0, 1.5]) + expected[some, None] * directions[some]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    np.testing.assert_allclose(((points - corners[:, 0]) * normal).sum(axis=1), 0, atol=1e-9)


def test_far_from_the_origin_distances_are_exact_if_the_rays_start_where_the_meshes_are_moved_to():
    away = np.array([4e5, -7e5, 120.0])
    rays = Rays({1: cube(away + np.array([60.0, 0, 0]))}, away)
    hits = rays.first(away[None], np.array([[1.0, 1e-3, 2e-3]]))
    assert hits.distance_m[0] == pytest.approx(59.5 * np.linalg.norm([1, 1e-3, 2e-3]), abs=1e-6)


def test_more_than_2048_instances_are_told_apart():
    far = {number: cube((10.0 + number, 0, 2.0 * number)) for number in range(1, 2502)}
    asked = np.array([1, 700, 2049, 2501])
    origins = np.column_stack([np.zeros(4), np.zeros(4), 2.0 * asked])
    hits = Rays(far).first(origins, np.tile([1.0, 0, 0], (4, 1)))
    assert hits.instance.tolist() == asked.tolist()
    np.testing.assert_allclose(hits.distance_m, 9.5 + asked)
