"""Outlines of vehicles: the points of body, roof, wheels and mirrors that make the edges of their pictures.

A cuboid's picture is larger than its vehicle's, by a fifteenth for a car and a quarter for a bicycle. The convex hull
of these points is smaller by 1 to 4 % in the median, as each is the mean over models of a kind.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from scenes.spec.vehicle import Vehicle

_FAMILY = MappingProxyType(
    {
        **dict.fromkeys(("sedan", "hatchback", "estate", "suv"), "car"),
        "minibus": "van",
        "coach": "bus",
    }
)
_POINTS = MappingProxyType(
    {
        "car": (
            "31 45 0, -35 47 5, 37 46 5, -43 44 11, 47 8 12, -46 36 13, 50 14 25, 45 47 27, -50 0 34, -47 47 36, "
            "43 46 49, 46 42 49, -46 46 63, 16 58 66, -41 37 86, 12 33 91, -37 0 96, 9 0 97, -11 33 98, -9 29 "
            "100, -9 9 101"
        ),
        "pickup": (
            "31 45 0, -30 48 1, -37 33 7, 39 33 7, 50 14 32, 44 46 33, -50 0 39, -46 47 44, 43 46 55, 46 41 55, "
            "35 49 61, -46 45 62, -49 22 63, -47 41 63, 18 58 66, 14 33 95, 4 34 97, 14 0 97, 4 0 100"
        ),
        "van": (
            "29 46 0, 49 0 10, -49 32 11, -48 46 11, 47 45 11, 47 48 21, 50 13 21, -50 0 26, -48 49 32, 41 51 49, "
            "32 58 58, 26 41 95, -46 41 96, 1 42 96, -4 40 98, 26 0 98, -46 0 99, -4 0 100"
        ),
        "bus": (
            "-22 48 0, 27 47 0, -50 40 9, -49 49 9, 47 48 9, 50 1 9, -50 10 17, -49 50 19, 51 61 61, 52 53 61, 51 "
            "57 85, -48 46 91, -48 35 94, 46 5 94, -22 35 100, -18 11 100"
        ),
        "truck": (
            "-1 48 0, 34 47 0, -50 45 12, 49 1 12, 50 11 14, -50 49 29, -50 5 33, 47 61 51, 48 61 66, 48 56 73, "
            "39 28 88, 34 51 91, -37 47 98, -50 40 100"
        ),
        "articulated_truck": (
            "18 47 0, 41 47 0, -50 45 10, 50 10 10, -50 50 29, -50 6 32, 49 61 50, 49 61 63, 37 48 96, 41 16 97, "
            "-50 49 100, 33 50 100"
        ),
        "motorcycle": (
            "35 0 0, -3 37 3, -38 0 4, -38 5 4, 43 0 4, 42 6 5, -31 37 23, 50 2 37, -41 38 42, -50 13 49, -48 24 "
            "63, -41 31 65, -43 24 69, -40 14 73, -22 38 81, 17 53 88, 21 50 99, 19 29 102, 18 13 103"
        ),
        "scooter": (
            "35 0 0, -40 0 3, -40 4 3, -17 19 3, 42 0 3, 42 6 4, -41 19 17, 51 2 24, -42 26 27, -50 14 30, 36 27 "
            "32, -42 19 68, -45 0 69, -44 15 69, 25 34 84, 10 51 88, 13 45 106, 13 25 109, 14 38 109"
        ),
        "bicycle": (
            "29 0 0, 16 10 1, -40 0 4, 40 0 4, -39 4 5, 39 4 5, -14 28 14, -50 0 32, 50 0 33, -45 11 50, -45 7 "
            "66, -30 0 88, -29 10 88, 16 50 98, 26 43 99, 0 39 100, 27 13 100"
        ),
        "three_wheeler": (
            "38 0 0, -34 46 1, -39 43 2, 43 0 2, 29 35 12, -50 29 17, 50 10 20, 19 51 63, 35 41 63, 35 41 67, 30 "
            "45 73, -47 49 77, 28 37 85, 32 30 87, -47 46 89, 33 1 91, -47 40 93, -13 46 93, -47 0 97, -13 40 97, "
            "4 0 100"
        ),
    }
)
"""Ahead of the middle, to the left and above the ground, in percent of length, width and height; each also right."""


class Outline(NamedTuple):
    """Points (n, 3) ahead of a vehicle's middle, to its left and above the ground, and (k, 2) which of them edges join.

    The edges are those of the convex hull.
    """

    points_m: NDArray[np.float64]
    edges: NDArray[np.intp]


def outline_m(kind: str, *, length_m: float, width_m: float, height_m: float) -> Outline:
    """Return the outline of a vehicle of some size, unloaded and whole."""
    shares, edges = _shares(_FAMILY.get(kind, kind))
    return Outline(shares * (length_m, width_m, height_m), edges)


def outline_of(vehicle: Vehicle) -> Outline:
    """Return the outline of a vehicle, as of `outline_m`."""
    return outline_m(vehicle.kind, length_m=vehicle.length_m, width_m=vehicle.width_m, height_m=vehicle.height_m)


@cache
def _shares(family: str) -> Outline:
    left = np.array([point.split() for point in _POINTS[family].split(", ")], dtype=float) / 100
    return hull(np.concatenate([left, left * (1, -1, 1)]))


def hull(points_m: NDArray[np.float64]) -> Outline:
    """Return the convex hull of points (n, 3)."""
    found = ConvexHull(points_m)
    at = np.full(len(points_m), -1)
    at[found.vertices] = np.arange(len(found.vertices))
    sides = at[found.simplices][:, [(0, 1), (1, 2), (2, 0)]].reshape(-1, 2)
    return Outline(points_m[found.vertices], np.unique(np.sort(sides, axis=1), axis=0))
