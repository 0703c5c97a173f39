"""Keypoints of whole vehicles, read off the parts and slots of a finished asset: wheels, lamps, corners of plates.

Wheels: `wheel_front_left`, `wheel_rear_right`, axles between them from the front as `wheel_2_left`; without a side if
it runs in the middle. Lamps: `headlamp_left`, `tail_lamp_right`; without a side if there is one lamp. Plates:
`plate_front_top_left` and so on, left and right as whoever reads the plate sees them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.asset import Array, Asset, Keypoint, Solid
from scenes.stage.wrecks.wreck_wheels import axles_of

_MIDDLE_M = 0.08
"""A wheel that is nearer to the vehicle's middle has no side."""
_ONE_UNIT_M = 0.5
"""Lamps further than this from the outermost end of the vehicle belong to another of its parts, as a tractor's own."""
_ONE_LAMP_M, _APART_M = 0.4, 0.02
"""What is narrower and shines in the vehicle's middle is one lamp; two are at least this far from the middle."""
_LIT = MappingProxyType({"headlamp": ("lamp_head",), "tail_lamp": ("lamp_tail",)})
_CORNERS = MappingProxyType(
    {"bottom_left": (0.0, 0.0), "bottom_right": (1.0, 0.0), "top_right": (1.0, 1.0), "top_left": (0.0, 1.0)}
)
"""Corner of a plate to its UV; a plate's UVs run over it once as it is read."""


def with_keypoints(asset: Asset) -> Asset:
    """Return an undamaged vehicle with its keypoints, in its frame."""
    found = (*_wheels(asset), *_lamps(asset, "headlamp", ahead=1), *_lamps(asset, "tail_lamp", ahead=-1))
    return replace(asset, keypoints=(*found, *_plates(asset)))


def _wheels(asset: Asset) -> Iterator[Keypoint]:
    whole = [piece for piece in asset.pieces if (piece.solid.parts == PARTS["wheel"]).all()]
    hubs = sorted((tuple(matrix[:3, 3].tolist()) for piece in whole for matrix in piece.matrices), reverse=True)
    axles_m = axles_of([hub[0] for hub in hubs])
    for hub in hubs:
        axle = int(np.argmin(np.abs(np.array(axles_m) - hub[0])))
        name = {0: "front", len(axles_m) - 1: "rear"}.get(axle, str(axle + 1))
        side = "" if abs(hub[1]) < _MIDDLE_M else "_left" if hub[1] > 0 else "_right"
        yield Keypoint(name=f"wheel_{name}{side}", where_m=hub)


def _lamps(asset: Asset, part: str, *, ahead: int) -> Iterator[Keypoint]:
    """Yield the middle of what shines of a lamp, of one in the vehicle's middle or of the outermost on each side."""
    centres, areas = (np.concatenate(values) for values in zip(*_lit_faces(asset, part), strict=True))
    if not len(centres):
        return
    end = float((ahead * centres[:, 0]).max())
    own = ahead * centres[:, 0] > end - _ONE_UNIT_M
    centres, areas = centres[own], areas[own]
    sides = [centres[:, 1] > 0, centres[:, 1] < 0]
    reach = [float(np.abs(centres[side, 1]).max(initial=0.0)) for side in sides]
    across = sum(reach) < _ONE_LAMP_M and float(np.abs(centres[:, 1]).min()) < _APART_M
    if min(reach) < _APART_M or across:
        yield _middle(part, centres, areas)
        return
    for name, side, far in zip(("left", "right"), sides, reach, strict=True):
        outer = side & (np.abs(centres[:, 1]) > far / 2)
        yield _middle(f"{part}_{name}", centres[outer], areas[outer])


def _middle(name: str, centres: Array, areas: Array) -> Keypoint:
    """Return the face nearest to the middle of all: a lamp that runs round a corner has its middle inside the body."""
    middle = np.average(centres, axis=0, weights=areas)
    x, y, z = (float(value) for value in centres[np.linalg.norm(centres - middle, axis=1).argmin()])
    return Keypoint(name=name, where_m=(x, y, z))


def _lit_faces(asset: Asset, part: str) -> Iterator[tuple[Array, Array]]:
    """Yield middles (N, 3) and areas (N,) of a lamp's faces that shine."""
    yield np.zeros((0, 3)), np.zeros(0)
    for piece in asset.pieces:
        solid = piece.solid
        slots = [number for number, slot in enumerate(solid.slot_names) if slot in _LIT[part]]
        shines = np.isin(solid.slots, slots) & (solid.parts == PARTS[part])
        for matrix in piece.matrices if shines.any() else ():
            points = _placed(solid, matrix)
            yield solid.face_means(points)[shines], _areas(solid, points)[shines]


def _areas(solid: Solid, points: Array) -> Array:
    """Return the area of each face, (F,), exact for flat ones."""
    centre = np.repeat(solid.face_means(points), solid.sizes, axis=0)
    starts = np.cumsum(solid.sizes) - solid.sizes
    after = np.arange(len(solid.loops)) + 1
    after[starts + solid.sizes - 1] = starts
    corners = points[solid.loops]
    doubled = np.linalg.norm(np.cross(corners - centre, corners[after] - centre), axis=1)
    return np.asarray(np.add.reduceat(doubled, starts) / 2)


def _plates(asset: Asset) -> Iterator[Keypoint]:
    """Yield the corners of the foremost and of the hindmost plate that are read from ahead and from behind."""
    found = {"front": _foremost(asset, ahead=1), "rear": _foremost(asset, ahead=-1)}
    for end, plate in found.items():
        for corner, where in plate.items():
            yield Keypoint(name=f"plate_{end}_{corner}", where_m=where)


def _foremost(asset: Asset, *, ahead: int) -> dict[str, tuple[float, float, float]]:
    best: dict[str, tuple[float, float, float]] = {}
    for plate in _readable(asset):
        across = np.array(plate["bottom_right"]) - np.array(plate["bottom_left"])
        reads_ahead = across[1] * ahead > 0  # whoever looks back at a vehicle has its right side on their left
        x = plate["bottom_left"][0] * ahead
        if reads_ahead and x > 0 and (not best or x > best["bottom_left"][0] * ahead):
            best = plate
    return best


def _readable(asset: Asset) -> Iterator[dict[str, tuple[float, float, float]]]:
    """Yield the corners of each plate's face by name."""
    for piece in asset.pieces:
        solid = piece.solid
        if "plate" not in solid.slot_names:
            continue
        shown = (solid.parts == PARTS["plate"]) & (solid.slots == solid.slot_names.index("plate"))
        starts = np.cumsum(solid.sizes) - solid.sizes
        points = _placed(solid, piece.matrices[0])
        for face in np.flatnonzero(shown & (solid.sizes == len(_CORNERS))):
            own = solid.loops[starts[face] : starts[face] + len(_CORNERS)]
            nearest = {name: own[np.linalg.norm(solid.uvs[own] - uv, axis=1).argmin()] for name, uv in _CORNERS.items()}
            yield {name: _told(points[vertex]) for name, vertex in nearest.items()}


def _placed(solid: Solid, matrix: Array) -> Array:
    return np.asarray(solid.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3])


def _told(point: Array) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in point)
    return x, y, z
