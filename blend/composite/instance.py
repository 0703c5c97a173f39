"""Real instances of one training picture laid into another, at the size that the ground there asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import factorized

from blend.composite.horizon import GroundCamera, camera_of
from blend.composite.place import ON_ROAD, Scene
from blend.composite.refusal import RefusalError
from blend.composite.settings import CompositeSettings
from blend.picture import Annotation, Picture, decode_mask, decode_rgb

_LEAST_PX = 24
_MOST_TURN_DEG = 6.0
_MOST_RISE_DEG = 3.0
_LEVELS = 4
_MARGIN_PX = 12
_AROUND_PX = 7
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Donor:
    """An instance with a mask, whole in its picture."""

    picture: Picture
    box: Annotation


@dataclass(frozen=True, kw_only=True)
class Transplant:
    """An instance at its new size and place.

    Args:
        rgb: uint8 (H, W, 3), the donor's picture moved so that the instance is at its new place.
        mask: (H, W).
        depth_m: distance there.
        scale: new px per old px.
    """

    rgb: NDArray[np.uint8]
    mask: Mask
    depth_m: float
    scale: float


def donors(pictures: Sequence[Picture]) -> list[Donor]:
    """List instances that can be lent: with a mask, whole, large enough."""
    return [
        Donor(picture=picture, box=box)
        for picture in pictures
        for box in picture.annotations
        if box.rle is not None and box.xywh[3] >= _LEAST_PX and _whole(box, picture) and not box.facts.get("iscrowd")
    ]


def _whole(box: Annotation, picture: Picture) -> bool:
    x, y, w, h = box.xywh
    return x > 1 and y > 1 and x + w < picture.width - 1 and y + h < picture.height - 1


def transplant(donor: Donor, scene: Scene, settings: CompositeSettings, rng: np.random.Generator) -> Transplant:
    """Move an instance to free road of another picture, where it is seen under about the same angle.

    Raises:
        RefusalError: no place is fit.
    """
    rgb = decode_rgb(donor.picture.path)
    before = camera_of(rgb, donor.picture.annotations)
    x, y, w, h = donor.box.xywh
    foot = (x + w / 2, y + h)
    if y + h <= before.horizon_px + 2:
        raise RefusalError("no place: the donor floats above its ground")
    rows, columns = np.nonzero(scene.road)
    for at in rng.integers(rows.size, size=settings.tries).tolist():
        where = float(columns[at]), float(rows[at])
        if _fits(donor, before, foot, where=where, scene=scene, settings=settings):
            scale = scene.camera.px_per_m(where[1]) / before.px_per_m(foot[1])
            return _moved(rgb, donor, foot=foot, where=where, scale=scale, scene=scene)
    raise RefusalError("no place: a real instance would be enlarged, turned or off the road")


def _fits(
    donor: Donor,
    before: GroundCamera,
    foot: tuple[float, float],
    *,
    where: tuple[float, float],
    scene: Scene,
    settings: CompositeSettings,
) -> bool:
    camera, (_, _, w, h) = scene.camera, donor.box.xywh
    if where[1] <= camera.horizon_px + 1:
        return False
    scale = camera.px_per_m(where[1]) / before.px_per_m(foot[1])
    half, tall = w * scale / 2, h * scale
    width = scene.size_hw[1]
    left, right = int(where[0] - half), int(where[0] + half) + 1
    if scale > 1 or tall < settings.least_px or left < 2 or right > width - 2 or where[1] - tall < 2:
        return False
    turned = abs(camera.off_road_deg(where[0]) - before.off_road_deg(foot[0]))
    risen = abs(camera.elevation_deg(where[1]) - before.elevation_deg(foot[1]))
    if turned > _MOST_TURN_DEG or risen > _MOST_RISE_DEG:
        return False
    ground = scene.road[int(where[1] - 0.15 * tall) : int(where[1] + 0.2 * tall) + 2, left:right]
    return bool(ground.mean() >= ON_ROAD)


def _moved(
    rgb: NDArray[np.uint8],
    donor: Donor,
    *,
    foot: tuple[float, float],
    where: tuple[float, float],
    scale: float,
    scene: Scene,
) -> Transplant:
    height, width = scene.size_hw
    matrix = np.array([[scale, 0, where[0] - scale * foot[0]], [0, scale, where[1] - scale * foot[1]]])
    assert donor.box.rle is not None
    soft = cv2.GaussianBlur(rgb, (0, 0), max(0.45 / scale - 0.45, 0.01))
    moved = cv2.warpAffine(soft, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpAffine(decode_mask(donor.box.rle).astype(np.float32), matrix, (width, height)) >= 0.5
    if not mask.any():
        raise RefusalError("no place: nothing of the instance is left")
    return Transplant(
        rgb=np.asarray(moved, dtype=np.uint8), mask=mask, depth_m=scene.camera.depth_m(where[1]), scale=scale
    )


def blended(
    rgb: NDArray[np.uint8], moved: NDArray[np.uint8], mask: Mask, seam: Literal["poisson", "pyramid"]
) -> NDArray[np.uint8]:
    """Blend what is inside a mask into a picture; pixels a margin away from the mask stay.

    Args:
        rgb: uint8 (H, W, 3), not changed.
        moved: the same size, what comes in.
        mask: (H, W), not empty.
        seam: `poisson` keeps gradients and takes over the tone around, `pyramid` blends bands of frequencies.

    Source:
        Pérez, Gangnet and Blake, "Poisson image editing" (SIGGRAPH 2003); Burt and Adelson, "A multiresolution spline"
        (ACM TOG 1983).
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left = max(0, rows[0] - _MARGIN_PX), max(0, columns[0] - _MARGIN_PX)
    window = slice(top, rows[-1] + 1 + _MARGIN_PX), slice(left, columns[-1] + 1 + _MARGIN_PX)
    here, there, inside = rgb[window], moved[window], mask[window]
    made = rgb.copy()
    made[window] = (_poisson if seam == "poisson" else _pyramid)(here, there, inside)
    return made


def _poisson(here: NDArray[np.uint8], there: NDArray[np.uint8], inside: Mask) -> NDArray[np.uint8]:
    around = np.ones((_AROUND_PX, _AROUND_PX), np.uint8)  # its own surroundings come along, or its edge would be lost
    area = cv2.dilate(inside.astype(np.uint8), around) > 0
    area[[0, -1]] = area[:, [0, -1]] = False
    gap = here.astype(np.float64) - there
    made = there + harmonic(gap, area)
    return np.where(area[..., None], np.clip(np.rint(made), 0, 255), here).astype(np.uint8)


def harmonic(values: NDArray[np.float64], area: Mask) -> NDArray[np.float64]:
    """Fill an area by the values around it, as a membrane would: donor plus membrane is Poisson's solution.

    OpenCV's `seamlessClone` (4.14) gives another result every second time.

    Args:
        values: (H, W, C); what they are in the area does not matter.
        area: (H, W), clear of the picture's edge.
    """
    rows, columns = np.nonzero(area)
    number = np.full(area.shape, -1)
    number[rows, columns] = np.arange(rows.size)
    sides = [(rows + dy, columns + dx) for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1))]
    near = np.stack([number[side] for side in sides])
    known = np.sum([np.where(area[side][:, None], 0.0, values[side]) for side in sides], axis=0)
    own = np.broadcast_to(np.arange(rows.size), near.shape)[near >= 0]
    matrix = sparse.coo_matrix((np.full(own.size, -1.0), (own, near[near >= 0])), shape=(rows.size, rows.size))
    solve = factorized((matrix + sparse.diags(np.full(rows.size, 4.0))).tocsc())
    filled = values.copy()
    filled[rows, columns] = np.stack([solve(known[:, channel]) for channel in range(values.shape[2])], axis=-1)
    return filled


def _pyramid(here: NDArray[np.uint8], there: NDArray[np.uint8], inside: Mask) -> NDArray[np.uint8]:
    weight = inside.astype(np.float32)
    bands = [a + (b - a) * w[..., None] for a, b, w in zip(_bands(here), _bands(there), _lows(weight), strict=True)]
    mixed = bands.pop()
    while bands:
        band = bands.pop()
        mixed = np.asarray(band + cv2.pyrUp(mixed, dstsize=(band.shape[1], band.shape[0])), dtype=np.float32)
    near = cv2.dilate(inside.astype(np.uint8), np.ones((5, 5), np.uint8))[..., None] > 0
    return np.where(near, np.clip(np.rint(mixed), 0, 255), here).astype(np.uint8)


def _lows(image: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    levels = [image]
    for _ in range(_LEVELS - 1):
        levels.append(np.asarray(cv2.pyrDown(levels[-1]), dtype=np.float32))
    return levels


def _bands(image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    lows = _lows(image.astype(np.float32))
    ups = [cv2.pyrUp(low, dstsize=(above.shape[1], above.shape[0])) for above, low in pairwise(lows)]
    return [*(low - up for low, up in zip(lows, ups, strict=False)), lows[-1]]
