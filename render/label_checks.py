"""Labels of a traced view against geometry, by rays of another library than the one that rendered.

The renderer is not trusted: ids and depth are compared with rays that Embree sends at the evaluated meshes. What the
check must believe is the meshes and the camera; a wrong pose of an actor in the spec it cannot see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from render.checks.boxes import amodal_faults, box_faults
from render.checks.cover import cover_faults
from render.checks.fault import Fault, ordered
from render.checks.footprint import Canvas, footprint
from render.checks.keypoints import keypoint_faults, keypoint_pixels
from render.checks.magnification import scale_faults
from render.checks.masks import mask_faults
from render.checks.pixels import Pixels, Traced, compared
from render.checks.record import camera_faults, record_faults, size_faults, unreadable
from render.checks.sample import lattices, scattered
from render.checks.solids import depth_faults, solid_faults
from render.checks.survey import Survey, survey
from render.silhouette import Mesh, View

Record = Mapping[str, Any]
_SEED = 20_261


@dataclass(frozen=True, kw_only=True)
class LabelCheck:
    """What a check of one view found.

    Args:
        faults: causes first.
        annotations: how many labels were checked.
        pixels: how many pixels of the picture rays were sent through.
    """

    faults: tuple[Fault, ...]
    annotations: int
    pixels: int


def check_labels(
    labels: Record,
    *,
    ids: npt.NDArray[np.uint16],
    depth_m: npt.NDArray[np.float32],
    meshes: Mapping[int, Mesh],
    view: View,
    parts: npt.NDArray[np.uint8] | None = None,
) -> LabelCheck:
    """Check the labels of one traced view.

    Args:
        labels: the view record.
        ids: HxW instance ids as rendered.
        depth_m: HxW depth along the optical axis.
        meshes: instance id to the mesh that was rendered, also of actors that nobody sees.
        view: the camera that was rendered.
        parts: HxW part ids, if there are.
    """
    faults = record_faults(labels)
    if unreadable(faults) or (wrong_size := size_faults(labels, ids.shape)):
        sizes = [] if unreadable(faults) else wrong_size
        return LabelCheck(
            faults=tuple(ordered([*faults, *sizes])), annotations=len(labels.get("objects") or ()), pixels=0
        )
    objects = labels["objects"]
    traced = Traced(
        ids=ids,
        depth_m=depth_m,
        meshes=meshes,
        footprints={actor: footprint(mesh, view) for actor, mesh in meshes.items()},
        view=view,
    )
    faults += [*camera_faults(labels, view), *box_faults(objects, ids)]
    faults += amodal_faults(objects, traced.footprints, view.resolution_wh)
    faults += solid_faults(objects, meshes, view)
    surveyed, seen, by_rays = _by_rays(objects, traced)
    faults += by_rays
    if parts is not None:
        faults += _part_faults(traced, surveyed, parts)
    return LabelCheck(faults=tuple(ordered(faults)), annotations=len(objects), pixels=seen.looked_at)


def _by_rays(objects: list[Record], traced: Traced) -> tuple[Survey, Pixels, list[Fault]]:
    labelled = {told["instance"] for told in objects}
    rng = np.random.default_rng(_SEED)
    laid = lattices(traced.footprints, traced.view, labelled, rng)
    wanted = [scattered(traced.ids, rng), keypoint_pixels(objects, traced.view.resolution_wh)]
    wanted += [pixels for lattice in laid.values() for pixels in (lattice.inside, lattice.outside)]
    surveyed = survey(traced.meshes, traced.footprints, traced.view, Canvas(*wanted))
    seen = compared(traced, surveyed, labelled)
    faults = [
        *seen.faults,
        *mask_faults(traced, seen.suspects),
        *(scale_faults(objects, traced) if seen.suspects else []),
    ]
    faults += [
        Fault(name="lost_instance", text=f"is met in {count} sampled pixels and has no label", instance=actor)
        for actor, count in seen.lost.items()
    ]
    faults += cover_faults(objects, traced, surveyed, laid, rng)
    faults += depth_faults(objects, traced.view, _own_depths_m(traced, surveyed, labelled))
    faults += keypoint_faults(objects, traced.view, surveyed, traced.ids)
    return surveyed, seen, faults


def _own_depths_m(traced: Traced, surveyed: Survey, labelled: set[int]) -> dict[int, Any]:
    index = np.flatnonzero(surveyed.in_frame)
    told, depth_m = surveyed.at(traced.ids, index), surveyed.at(traced.depth_m, index)
    return {actor: depth_m[told == actor] for actor in labelled}


def _part_faults(traced: Traced, surveyed: Survey, parts: npt.NDArray[np.uint8]) -> list[Fault]:
    """Compare the part map with the parts of the triangles that rays met; one pixel beside is near enough."""
    index = np.flatnonzero(surveyed.in_frame)
    index = index[(np.asarray(surveyed.at(traced.ids, index)) == surveyed.instance[index]) & (surveyed.part[index] > 0)]
    padded = np.pad(parts, 1, mode="edge")
    columns, rows = surveyed.positions[index].T + 1
    fits = np.any(
        [padded[rows + dy, columns + dx] == surveyed.part[index] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0
    )
    faults = []
    for actor in np.unique(surveyed.instance[index][~fits]):
        mine = surveyed.instance[index] == actor
        wrong = int((mine & ~fits).sum())
        if wrong > max(2, 0.02 * mine.sum()):
            text = f"has the wrong part in {wrong} of {int(mine.sum())} pixels"
            faults.append(Fault(name="wrong_part", text=text, instance=int(actor)))
    return faults
