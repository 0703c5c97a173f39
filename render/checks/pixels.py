"""Instance ids and depth against rays: a pixel is right if a ray within half a pixel of its centre agrees.

Where nothing is labelled, whatever stands there must be nearer than the actor that the ray meets; what is labelled must
be met first, at the pixel's depth.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from render.checks.fault import Fault
from render.checks.footprint import Footprint
from render.checks.survey import Closely, Survey
from render.silhouette import Mesh, View

Bool = npt.NDArray[np.bool_]
Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
RELATIVE, ABSOLUTE_M = 1e-3, 1e-3
"""How far a pixel's depth may lie from the ray's."""
LEAST_PIXELS, LEAST_SHARE = 2, 0.01
"""A fault shows in so many sampled pixels of an instance and in such a share of them; of a mask of one pixel, in it."""
SEEN_PIXELS = 4
"""An actor that rays reach in so many sampled pixels must have a label."""
_AROUND_PX = 0.5 * np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)], dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Traced:
    """What the renderer says of a view: HxW instance ids and depth, the meshes, where they fall, and the camera."""

    ids: npt.NDArray[np.uint16]
    depth_m: npt.NDArray[np.float32]
    meshes: Mapping[int, Mesh]
    footprints: Mapping[int, Footprint]
    view: View


@dataclass(frozen=True, kw_only=True)
class Pixels:
    """What a look at pixels gives.

    Args:
        suspects: instances whose masks rays contradict.
        lost: actors that are seen and have no label, with the number of sampled pixels.
        faults: of depth.
        looked_at: how many pixels of the picture were looked at.
    """

    suspects: tuple[int, ...]
    lost: Mapping[int, int]
    faults: tuple[Fault, ...]
    looked_at: int


def compared(traced: Traced, surveyed: Survey, labelled: Collection[int]) -> Pixels:
    """Compare ids and depth with what rays met."""
    index = np.flatnonzero(surveyed.in_frame)
    told = np.asarray(surveyed.at(traced.ids, index), np.int64)
    depth_m = np.asarray(surveyed.at(traced.depth_m, index), np.float64)
    met, met_m = surveyed.instance[index].astype(np.int64), surveyed.depth_m[index]
    visible = (met > 0) & (met_m <= depth_m + _slack(depth_m))
    wrong_id = np.where(told > 0, told != met, (met > 0) & (met_m < depth_m - _slack(depth_m)))
    wrong_depth = (told > 0) & (told == met) & (np.abs(met_m - depth_m) > _slack(met_m))
    positions = surveyed.positions[index]
    doubtful = np.flatnonzero(wrong_id | wrong_depth)
    if len(doubtful):
        excused = _excused(traced, positions[doubtful], told[doubtful], depth_m[doubtful])
        wrong_id[doubtful] &= ~excused
        wrong_depth[doubtful] &= ~excused
    lost = {
        actor: count for actor, count in _counts(met[visible]).items() if actor not in labelled and count >= SEEN_PIXELS
    }
    sampled = _counts(np.where(told > 0, told, met))
    suspects = _enough(np.where(told > 0, told, met)[wrong_id], sampled) | _enough(met[wrong_id & (met > 0)], sampled)
    return Pixels(
        suspects=tuple(sorted(suspects - set(lost))),
        lost=lost,
        faults=tuple(_depth_faults(told, depth_m, met_m, wrong_depth, sampled)),
        looked_at=len(index),
    )


def _slack(depth_m: Float64) -> Float64:
    return RELATIVE * np.minimum(depth_m, 1e9) + ABSOLUTE_M


def _excused(traced: Traced, positions: Int64, told: Int64, depth_m: Float64) -> Bool:
    """Say which pixels some ray within half a pixel agrees with: told instance and depth, or nothing in the way."""
    closely = Closely(traced.meshes, traced.footprints, traced.view, positions)
    around = (positions[:, None, :] + _AROUND_PX).reshape(-1, 2)
    met, met_m = (values.reshape(len(positions), -1) for values in closely.first(around))
    free = (told == 0) & ((met == 0) | (met_m >= (depth_m - _slack(depth_m))[:, None])).any(axis=1)
    same = met == told[:, None]
    low = np.where(same, met_m, np.inf).min(axis=1)
    high = np.where(same, met_m, -np.inf).max(axis=1)
    between = (depth_m >= low - _slack(depth_m)) & (depth_m <= high + _slack(depth_m))
    own = _at_own_surface(traced, closely, positions, told, depth_m)
    untold = [actor for actor, mesh in traced.meshes.items() if mesh.clear is None]
    nothing_before = (depth_m <= met_m.max(axis=1) + _slack(depth_m)) | (np.isin(told, untold) & same.any(axis=1))
    return np.asarray(free | ((told > 0) & (between | (own & nothing_before))))


def _at_own_surface(traced: Traced, closely: Closely, positions: Int64, told: Int64, depth_m: Float64) -> Bool:
    """Say where some surface of the instance, clear or not, lies at the pixel's depth.

    Clear glass swallows more light the flatter a ray meets it, so that it may show in depth and ids after all.
    """
    fits = np.zeros(len(told), np.bool_)
    for actor in np.unique(told[told > 0]):
        mesh = traced.meshes.get(int(actor))
        if mesh is None or (mesh.clear is not None and not mesh.clear.any()):
            continue
        for shift in sorted(_AROUND_PX, key=np.linalg.norm):
            mine = np.flatnonzero((told == actor) & ~fits)
            layers_m = closely.layers_m(int(actor), positions[mine] + shift)
            fits[mine] = (np.abs(layers_m - depth_m[mine, None]) <= _slack(depth_m[mine])[:, None]).any(axis=1)
    return fits


def _depth_faults(
    told: Int64, depth_m: Float64, met_m: Float64, wrong: Bool, sampled: Mapping[int, int]
) -> list[Fault]:
    faults = []
    for actor in sorted(_enough(told[wrong], sampled)):
        mine = wrong & (told == actor)
        worst = int(np.argmax(np.where(mine, np.abs(depth_m - met_m), -1)))
        text = f"has wrong depth in {int(mine.sum())} of {sampled[actor]} pixels, "
        text += f"e.g. {depth_m[worst]:.3f} m for {met_m[worst]:.3f} m"
        faults.append(Fault(name="stale_depth", text=text, instance=actor))
    return faults


def _counts(instances: Int64) -> dict[int, int]:
    found, counts = np.unique(instances[instances > 0], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _enough(instances: Int64, sampled: Mapping[int, int]) -> set[int]:
    """Return which instances are wrong often enough for a fault."""
    return {
        actor
        for actor, count in _counts(instances).items()
        if count >= min(LEAST_PIXELS, sampled.get(actor, 0)) and count >= LEAST_SHARE * sampled.get(actor, 0)
    }
