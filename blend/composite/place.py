"""A place for an actor on the ground of a real picture, or the reason why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import cos, radians, sin
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from blend.composite.cutout import Cutout
from blend.composite.horizon import LENGTH_M, GroundCamera
from blend.composite.refusal import RefusalError
from blend.composite.settings import CompositeSettings
from blend.picture import Annotation

_ELEVATION_OFF_DEG = 4.5
_BEARING_OFF_DEG = 16.0
ON_ROAD = 0.93
_CLEAR_BELOW = 0.85
_GAP_M = 0.7
_ONCOMING_M = 2.6
"""What stands so far over to the other side comes towards the camera."""
_COMMON = MappingProxyType({"car": 3.0, "person": 2.0, "three_wheeler": 1.5, "animal": 0.3})
"""How often a class is tried before the others, 1 where nothing stands."""
Mask = NDArray[np.bool_]
Xyxy = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A real picture as a place: its camera, its free road, what stands on it."""

    camera: GroundCamera
    road: Mask
    boxes: Sequence[Annotation]

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width in px."""
        height, width = self.road.shape
        return height, width


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a cut-out goes.

    Args:
        cutout: which, mirrored or not.
        foot_px: pixel over which the middle of the actor stands on the ground.
        scale: picture px per px of the cut-out.
        xyxy: what the actor covers, about.
        depth_m: distance along the optical axis.
    """

    cutout: Cutout
    foot_px: tuple[float, float]
    scale: float
    xyxy: Xyxy
    depth_m: float


def place(scene: Scene, cutouts: Sequence[Cutout], settings: CompositeSettings, rng: np.random.Generator) -> Placement:
    """Draw places for one class of actors after the other until one is fit.

    Raises:
        RefusalError: no try was fit; the reason is the most frequent one.
    """
    rows, columns = np.nonzero(scene.road)
    why: Counter[str] = Counter()
    for kind in _turns({cutout.category for cutout in cutouts}, rng):
        alike = [cutout for cutout in cutouts if cutout.category == kind]
        for at in rng.integers(rows.size, size=settings.tries).tolist():
            try:
                return fitted(scene, alike, (int(columns[at]), int(rows[at])), settings, rng)
            except RefusalError as refused:
                why[str(refused)] += 1
    raise RefusalError(f"no place: {why.most_common(1)[0][0]}" if why else "no place: no cut-out")


def _turns(kinds: AbstractSet[str], rng: np.random.Generator) -> list[str]:
    """Draw the order in which classes are tried; what is common on roads tends to come first."""
    names = sorted(kinds)
    weights = np.array([_COMMON.get(name, 1.0) for name in names])
    return (
        [str(name) for name in rng.choice(names, size=len(names), replace=False, p=weights / weights.sum())]
        if names
        else []
    )


def fitted(
    scene: Scene,
    cutouts: Sequence[Cutout],
    foot: tuple[int, int],
    settings: CompositeSettings,
    rng: np.random.Generator,
) -> Placement:
    """Fit the view of an actor that suits a place best.

    Raises:
        RefusalError: it would look absurd there.
    """
    x, y = foot
    camera = scene.camera
    if y <= camera.horizon_px + 1:
        raise RefusalError("above the horizon")
    cutout = _view_for(cutouts, scene, foot, settings, rng)
    scale = camera.px_per_m(y) / cutout.px_per_m
    if scale > 1:
        raise RefusalError("too near: the cut-out would be enlarged")
    placed = Placement(
        cutout=cutout, foot_px=(x, y), scale=scale, xyxy=_extent(cutout, camera, x, y), depth_m=camera.depth_m(y)
    )
    _check_picture(placed, scene, settings)
    _check_ground(placed, scene)
    _check_neighbours(placed, scene)
    return placed


def _view_for(
    cutouts: Sequence[Cutout],
    scene: Scene,
    foot: tuple[int, int],
    settings: CompositeSettings,
    rng: np.random.Generator,
) -> Cutout:
    """Choose among the views that are seen from about the right side and height."""
    (x, y), camera = foot, scene.camera
    near = [c for c in cutouts if abs(c.elevation_deg - camera.elevation_deg(y)) <= _ELEVATION_OFF_DEG]
    if not near:
        raise RefusalError("too near: no view from so high above")
    views = [view for cutout in near for view in (cutout, cutout.mirror())]
    if views[0].is_vehicle:
        if not camera.road_known:
            raise RefusalError("the direction of the road is not known")
        bearing = bearing_deg(camera, x, y, settings)
        views = [view for view in views if _apart(view.bearing_deg, bearing) <= _BEARING_OFF_DEG]
    if not views:
        raise RefusalError("no view of it from that side")
    return views[int(rng.integers(len(views)))]


def bearing_deg(camera: GroundCamera, x: float, y: float, settings: CompositeSettings) -> float:
    """Return from where the camera sees a vehicle that goes along the road, counter-clockwise from its front."""
    off = camera.off_road_deg(x)
    across = camera.aside_m(x, y) - camera.aside_m(camera.vanish_x_px, y)
    oncoming = settings.drive_on is not None and across * (1 if settings.drive_on == "left" else -1) > _ONCOMING_M
    return -off % 360 if oncoming else (180 - off) % 360


def _apart(one_deg: float, other_deg: float) -> float:
    return abs((one_deg - other_deg + 180) % 360 - 180)


def _spans_m(cutout: Cutout) -> tuple[float, float]:
    """Return how wide and how deep an actor is, seen from its bearing."""
    length, width, _ = cutout.size_m
    turn = radians(cutout.bearing_deg)
    return abs(length * sin(turn)) + abs(width * cos(turn)), abs(length * cos(turn)) + abs(width * sin(turn))


def _extent(cutout: Cutout, camera: GroundCamera, x: float, y: float) -> Xyxy:
    wide, deep = _spans_m(cutout)
    scale = camera.px_per_m(y)
    near = camera.row_px(max(camera.depth_m(y) - deep / 2, 0.5))
    tall = max(cutout.size_m[2], 1.6 if len(cutout.objects) > 1 else 0.0)
    return (round(x - wide / 2 * scale), round(y - tall * scale), round(x + wide / 2 * scale), round(near))


def _check_picture(placed: Placement, scene: Scene, settings: CompositeSettings) -> None:
    height, width = scene.size_hw
    x0, y0, x1, y1 = placed.xyxy
    if y1 - y0 < settings.least_px:
        raise RefusalError("too far away")
    if x0 < 2 or x1 > width - 2 or y0 < 2 or y1 > height - 2:
        raise RefusalError("cut by the edge of the picture")
    if y1 - y0 > 0.6 * height or x1 - x0 > 0.5 * width:
        raise RefusalError("too large")


def _check_ground(placed: Placement, scene: Scene) -> None:
    """Want road below the actor and before it; what is before it on no road may be something nearer."""
    x0, y0, x1, y1 = placed.xyxy
    far = scene.camera.row_px(placed.depth_m + _spans_m(placed.cutout)[1] / 2)
    below = scene.road[max(0, int(far)) : y1 + 1, x0 : x1 + 1]
    if below.size == 0 or below.mean() < ON_ROAD:
        raise RefusalError("off the road")
    before = scene.road[y1 : y1 + max(4, (y1 - y0) // 3), x0 : x1 + 1]
    if before.size == 0 or before.mean() < _CLEAR_BELOW:
        raise RefusalError("something may stand before it")


def _check_neighbours(placed: Placement, scene: Scene) -> None:
    """Keep clear of the ground that real objects stand on, and from behind those that hide much of it."""
    camera, (x, y) = scene.camera, placed.foot_px
    wide, deep = _spans_m(placed.cutout)
    aside = camera.aside_m(x, y)
    for box in scene.boxes:
        left, _, across, _ = box.xywh
        foot = box.xywh[1] + box.xywh[3]
        depth = camera.depth_m(foot)
        if not np.isfinite(depth):
            continue
        low, high = camera.aside_m(left, foot), camera.aside_m(left + across, foot)
        in_depth = (
            depth - _GAP_M < placed.depth_m + deep / 2
            and depth + LENGTH_M[box.category] + _GAP_M > placed.depth_m - deep / 2
        )
        if in_depth and low - _GAP_M < aside + wide / 2 and high + _GAP_M > aside - wide / 2:
            raise RefusalError("stands in or against a real object")
