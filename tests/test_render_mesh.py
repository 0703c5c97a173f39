"""Meshes of actors keep what they tell of their triangles when they are joined."""

import numpy as np
import pytest

from render.silhouette import DAMAGED, Mesh
from scenes.errors import InputError
from scenes.ontology import PARTS


def triangle(**told):
    return Mesh(vertices_m=np.eye(3), triangles=np.array([[0, 1, 2]]), **told)


def test_meshes_that_tell_nothing_join_to_one_that_tells_nothing():
    joined = Mesh.joined([triangle(), triangle()])
    assert joined.parts is None
    assert joined.clear is None
    np.testing.assert_array_equal(joined.triangles, [[0, 1, 2], [3, 4, 5]])


def test_parts_and_clearness_stay_with_their_triangles_and_what_is_not_told_is_none_and_opaque():
    door = triangle(parts=np.array([DAMAGED + 4], np.uint8), clear=np.array([False]))
    joined = Mesh.joined([door, triangle(), triangle(parts=np.array([7], np.uint8), clear=np.array([True]))])
    np.testing.assert_array_equal(joined.parts, [132, 0, 7])
    np.testing.assert_array_equal(joined.clear, [False, False, True])
    assert (joined.parts.dtype, joined.clear.dtype) == (np.uint8, np.bool_)


def test_a_mesh_that_tells_of_fewer_triangles_than_it_has_is_refused():
    with pytest.raises(InputError, match=r"mesh\.parts: must have one value for each triangle"):
        triangle(parts=np.zeros(2, np.uint8))


def test_every_part_leaves_the_bit_of_damage_free():
    assert max(PARTS.values()) < DAMAGED
