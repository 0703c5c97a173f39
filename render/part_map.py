"""Which part of an actor each pixel shows, and where it is damaged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from render.silhouette import NEAR_M, Mesh, View, clipped, near_centres, spans

Bytes = npt.NDArray[np.uint8]
Float64 = npt.NDArray[np.float64]


def part_map(ids: npt.NDArray[np.uint16], meshes: Mapping[int, Mesh], view: View) -> Bytes:
    """Return HxW: ids of `scenes.ontology.PARTS`, plus 128 on damaged surfaces, 0 where no actor is.

    The nearest of the actor's own triangles over the middle of a pixel tells; at outlines, where none may be, the
    nearest pixel of the same actor does.

    Args:
        ids: HxW instance ids as rendered.
        meshes: instance id to mesh with parts; one without has part 0.
        view: the camera as rendered.
    """
    parts = np.zeros(ids.shape, np.uint8)
    for instance, box in enumerate(ndimage.find_objects(ids), start=1):
        of = meshes.get(instance)
        if box is None or of is None or of.parts is None:
            continue
        mine = ids[box] == instance
        triangle = nearest_triangle(of, view, left=box[1].start, top=box[0].start, shape=mine.shape)
        found = np.where(triangle >= 0, of.parts[triangle], np.uint8(0))
        parts[box][mine] = _filled(found, mine)[mine]
    return parts


def nearest_triangle(mesh: Mesh, view: View, *, left: int, top: int, shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Return which triangle of a mesh each pixel of a window shows, HxW, -1 for none; clear ones let see through.

    Args:
        mesh: in the world.
        view: the camera.
        left: first column of the window.
        top: first row.
        shape: height and width.
    """
    numbers, corners_m = _before(mesh, view)
    image = corners_m @ view.K.T
    pixels = image[..., :2] / image[..., 2:] - (left, top)
    some = near_centres(pixels)
    numbers, pixels, corners_m = numbers[some], pixels[some], corners_m[some]
    owner, row, first, after = spans(pixels, (shape[1], shape[0]))
    run = after - first
    which = np.repeat(owner, run)
    column = np.arange(len(which)) - np.repeat(np.cumsum(run) - run, run) + np.repeat(first, run)
    nearness = _nearness(pixels, 1 / corners_m[..., 2], which, column, np.repeat(row, run))
    order = np.argsort(nearness, kind="stable")  # of those that fall on one pixel the nearest is written last
    found = np.full(shape, -1, np.int64)
    found[np.repeat(row, run)[order], column[order]] = numbers[which[order]]
    return found


def _before(mesh: Mesh, view: View) -> tuple[npt.NDArray[np.int64], Float64]:
    """Return what is opaque and before the camera: numbers of triangles, (N,), and corners in its frame, (N, 3, 3).

    A triangle that the near plane cuts comes as the one or two pieces that are left.
    """
    points = mesh.vertices_m @ view.world_to_camera[:3, :3].T + view.world_to_camera[:3, 3]
    numbers = np.arange(len(mesh.triangles)) if mesh.clear is None else np.flatnonzero(~mesh.clear)
    ahead = (points[:, 2] >= NEAR_M)[mesh.triangles[numbers]]
    whole, cut = numbers[ahead.all(axis=1)], numbers[ahead.any(axis=1) & ~ahead.all(axis=1)]
    pieces = [clipped(points[mesh.triangles[number]]) for number in cut]
    owners = np.repeat(cut, [len(piece) for piece in pieces])
    return np.concatenate([whole, owners]), np.concatenate([points[mesh.triangles[whole]], *pieces])


def _nearness(
    corners_px: Float64, inverse_m: Float64, which: npt.NDArray[np.int64], x: npt.NDArray[np.int64], y: Float64
) -> Float64:
    """Return one over the depth at pixels of triangles; it is linear over the picture."""
    ab, ac = corners_px[:, 1] - corners_px[:, 0], corners_px[:, 2] - corners_px[:, 0]
    rise_b, rise_c = inverse_m[:, 1] - inverse_m[:, 0], inverse_m[:, 2] - inverse_m[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    area = np.where(np.abs(area) < 1e-12, np.inf, area)  # seen edge-on: the depth of its first corner
    by_x = (rise_b * ac[:, 1] - rise_c * ab[:, 1]) / area
    by_y = (rise_c * ab[:, 0] - rise_b * ac[:, 0]) / area
    from_x, from_y = x - corners_px[which, 0, 0], y - corners_px[which, 0, 1]
    return np.asarray(inverse_m[which, 0] + by_x[which] * from_x + by_y[which] * from_y)


def _filled(found: Bytes, mine: npt.NDArray[np.bool_]) -> Bytes:
    missing = mine & (found == 0)
    if not missing.any() or not found.any():
        return found
    nearest = ndimage.distance_transform_edt(found == 0, return_distances=False, return_indices=True)
    return np.where(missing, found[tuple(nearest)], found)
