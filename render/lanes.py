"""Lanes as polylines: their middle and both edges, in the world and in the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from render.silhouette import View
from scenes.site.layout import layout
from scenes.site.plan import Lane
from scenes.spec.place import Street

Floats = npt.NDArray[np.float64]
_STEP_M = 1.0
_FARTHEST_M = 150.0
_NEAREST_M = 0.5
_STRAIGHT_PX = 0.1
_SHORTEST_PX = 2.0


def lane_records(street: Street, view: View) -> list[dict[str, Any]]:
    """Return the lanes that a picture shows; what stands on the road does not interrupt them.

    Args:
        street: the place.
        view: the camera as rendered.

    Returns:
        For each piece inside the picture: number and role of its lane (`same`, `oncoming`, `crossing`, `ring`), kind
        (`centre`, `edge`), side of an edge seen along the lane (`left`, `right`), xy in pixel edges and xyz_m of the
        whole line in the world, in the lane's direction of travel.
    """
    return [
        record
        for number, lane in enumerate(layout(street).lanes)
        for side in ("centre", "left", "right")
        for record in _records(number, lane, side, view)
    ]


def _records(number: int, lane: Lane, side: str, view: View) -> Iterator[dict[str, Any]]:
    middle = shapely.segmentize(shapely.LineString(lane.path_m), _STEP_M)
    aside_m = {"centre": 0.0, "left": lane.width_m / 2, "right": -lane.width_m / 2}[side]
    flat = shapely.get_coordinates(_beside(middle, aside_m))
    world = np.column_stack([flat, np.zeros(len(flat))])
    told = {"lane": number, "role": lane.role, "kind": "centre" if side == "centre" else "edge", "side": side}
    shown = _near(world, view)
    for piece in _in_picture(shown, view):
        yield {
            **told,
            "xyz_m": np.round(_straightened(world), 3).tolist(),
            "xy": np.round(piece, 2).tolist(),
        }


def _beside(line: shapely.LineString, aside_m: float) -> shapely.LineString:
    """Shift a line to its left."""
    if not aside_m:
        return line
    points = shapely.get_coordinates(line)
    ahead = np.gradient(points, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-12
    return shapely.LineString(points + aside_m * np.column_stack([-ahead[:, 1], ahead[:, 0]]))


def _straightened(world: Floats) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.simplify(shapely.LineString(world), 0.005), include_z=True))


def _near(world: Floats, view: View) -> Floats:
    """Return the points in the camera's frame."""
    return np.asarray(world @ view.world_to_camera[:3, :3].T + view.world_to_camera[:3, 3])


def _in_picture(in_camera: Floats, view: View) -> Iterator[Floats]:
    """Project what lies ahead and near enough, and cut it at the picture's edges."""
    width, height = view.resolution_wh
    frame = shapely.box(0, 0, width, height)
    ahead = (in_camera[:, 2] > _NEAREST_M) & (in_camera[:, 2] < _FARTHEST_M)
    starts = np.flatnonzero(np.diff(np.concatenate([[False], ahead, [False]]).astype(np.int8)))
    for first, after in starts.reshape(-1, 2):
        image = in_camera[first:after] @ view.K.T
        xy = image[:, :2] / image[:, 2:] + 0.5
        if len(xy) < 2:
            continue
        inside = shapely.intersection(shapely.simplify(shapely.LineString(xy), _STRAIGHT_PX), frame)
        for piece in shapely.get_parts(inside):
            if piece.geom_type == "LineString" and piece.length >= _SHORTEST_PX:
                yield shapely.get_coordinates(piece)
