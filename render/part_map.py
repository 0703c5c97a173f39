"""Which part of an actor each pixel shows, and where it is damaged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from render.rays import Rays
from render.silhouette import Mesh, View

Bytes = npt.NDArray[np.uint8]


def part_map(ids: npt.NDArray[np.uint16], meshes: Mapping[int, Mesh], view: View) -> Bytes:
    """Return HxW: ids of `scenes.ontology.PARTS`, plus 128 on damaged surfaces, 0 where no actor is.

    A ray through the middle of each labelled pixel asks the actor's own mesh; at outlines, where it may pass by, the
    nearest pixel of the same actor tells.

    Args:
        ids: HxW instance ids as rendered.
        meshes: instance id to mesh with parts; one without has part 0.
        view: the camera as rendered.
    """
    parts = np.zeros(ids.shape, np.uint8)
    rotation = view.world_to_camera[:3, :3]
    eye_m = -rotation.T @ view.world_to_camera[:3, 3]
    rays = Rays(meshes, eye_m)
    to_camera = np.linalg.inv(view.K)
    for instance, box in enumerate(ndimage.find_objects(ids), start=1):
        of = meshes.get(instance)
        if box is None or of is None or of.parts is None:
            continue
        mine = ids[box] == instance
        rows, columns = np.nonzero(mine)
        pixels = np.column_stack([columns + box[1].start, rows + box[0].start, np.ones(len(rows))])
        directions = pixels @ to_camera.T @ rotation
        triangle, _ = rays.alone(instance, np.broadcast_to(eye_m, directions.shape), directions)
        found = np.zeros(mine.shape, np.uint8)
        found[rows, columns] = np.where(triangle >= 0, of.parts[triangle], 0)
        parts[box][mine] = _filled(found, mine)[mine]
    return parts


def _filled(found: Bytes, mine: npt.NDArray[np.bool_]) -> Bytes:
    missing = mine & (found == 0)
    if not missing.any() or not found.any():
        return found
    nearest = ndimage.distance_transform_edt(found == 0, return_distances=False, return_indices=True)
    return np.where(missing, found[tuple(nearest)], found)
