"""Whether a pipeline keeps labels on their objects: it is run on a drawn figure whose answer the pixels give.

The figure is asymmetric: discs, each in a colour of its own, with an id and a keypoint in its middle. After each
transform the colours say where every disc went; ids and keypoints must say the same. So swapped axes, a mirror that
keypoints do not follow, ids that are mixed, lost or hidden, and objects drawn twice at the border are found.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.pipeline import Pipeline, composed, spatial
from blend.variety import MIRRORED, Ids, Joints, Rgb, apply, no_joints
from scenes.errors import InputError

WIDTH, HEIGHT, RADIUS = 200, 120, 9
CENTRES = ((46, 31), (84, 24), (151, 35), (64, 74), (120, 46), (36, 95), (114, 90), (160, 76))
"""Of the discs, px from the left and the top: no mirror, turn or swap of axes maps them on each other."""
TRIES = 12
ROOM_PX = 4.0
"""A bent disc, or one with a hole at its rim, has its middle off by half of that; a mirror or a swap by 18 or more."""
SAME = 0.85
"""Share of a disc's pixels that must agree; the rest is its blurred edge."""
ID_STEP = 37
"""Between the ids of two discs, so that a mixture of two is none."""
SMALLEST = 60
"""Pixels below which a disc is too cut to be judged."""


def figure() -> tuple[Rgb, Ids, Joints]:
    """Draw the discs; return picture, ids, and the discs' middles in pixel centres (N, 2)."""
    hues = np.array([[[22 * place, 255, 255] for place in range(len(CENTRES))]], np.uint8)
    colours = cv2.cvtColor(hues, cv2.COLOR_HSV2RGB)[0]
    rgb, ids = np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint16)
    for place, centre in enumerate(CENTRES):
        disc = cv2.circle(np.zeros((HEIGHT, WIDTH), np.uint8), centre, RADIUS, 1, -1) > 0
        rgb[disc], ids[disc] = colours[place], ID_STEP * (place + 1)
    return rgb, ids, np.array(CENTRES, dtype=np.float64)


@lru_cache(maxsize=16)
def check(pipeline: Pipeline) -> None:
    """Run every spatial transform of a pipeline alone and all together, each under several seeds.

    Raises:
        InputError: a transform fails, or takes labels from their objects; the line says which and how.
    """
    compose = composed(pipeline)
    for transform in spatial(compose):
        fault = next((found for seed in range(TRIES) if (found := _fault(transform, seed))), "")
        if fault:
            raise InputError(pipeline.name, f"{type(transform).__name__} must keep labels on their objects", got=fault)
    rgb, ids, _ = figure()
    for seed in range(TRIES):
        try:
            apply(rgb, ids, _person(), pipeline=pipeline, seed=seed)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a transform raises on an ordinary picture
            raise InputError(pipeline.name, "must run on an 8-bit picture", got=_line(error)) from None


def _person() -> Joints:
    joints = no_joints()
    return np.full((1, len(MIRRORED), joints.shape[2]), 40.0)


def _fault(transform: Any, seed: int) -> str:
    """Say what a transform breaks under a seed, "" if nothing."""
    rgb, ids, points = figure()
    transform.set_random_seed(seed)
    numbered = np.column_stack([points, np.zeros((len(points), 3)), np.arange(len(points))]).astype(np.float32)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            done = transform(image=rgb, mask=ids, keypoints=numbered, force_apply=True)
    except Exception as error:  # noqa: BLE001 - whatever a transform raises on an ordinary picture
        return f"it cannot run: {_line(error)}"
    after, mask, moved = done["image"], np.asarray(done["mask"]), np.asarray(done["keypoints"], float)
    if mask.shape != after.shape[:2]:
        return f"a mask of {mask.shape} for a picture of {after.shape[:2]}"
    if not set(np.unique(mask)) <= set(range(0, ID_STEP * len(CENTRES) + 1, ID_STEP)):
        return "ids that no object had (mask_interpolation must be 0, nearest)"
    painted = _painted(after)
    return next((fault for place in range(len(CENTRES)) if (fault := _of_disc(place, painted, mask, moved))), "")


def _painted(rgb: Rgb) -> NDArray[np.int_]:
    """Read from colours alone which disc each pixel shows, 0 for none; hue is what interpolation at an edge keeps."""
    hue, _, value = np.moveaxis(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV).astype(int), -1, 0)
    return np.where(value > 127, np.rint(hue / 22).astype(int) % len(CENTRES) + 1, 0)


def _of_disc(place: int, painted: NDArray[np.int_], mask: Any, moved: Joints) -> str:
    shown, labelled = painted == place + 1, mask == ID_STEP * (place + 1)
    if max(shown.sum(), labelled.sum()) < SMALLEST:
        return ""
    if not labelled.any():
        return f"object {place + 1} is in the picture and its id is lost"
    common = int((shown & labelled).sum())
    if common < SAME * labelled.sum():
        return "a mask that shows pixels which the object has not (moved apart, or hidden: dropouts need fill_mask 0)"
    if common < SAME * shown.sum():
        return "pixels of an object that its mask has not"
    count, _, stats, middles = cv2.connectedComponentsWithStats(labelled.astype(np.uint8))
    whole = [number for number in range(1, count) if _is_disc(stats[number])]
    if len(whole) > 1:
        return "an object twice (border_mode must be 0, constant)"
    rows = moved[np.rint(moved[:, -1]).astype(int) == place]
    return _of_point(place, rows, middles[whole[0]] if count == 2 and whole else None, labelled)


def _is_disc(stat: Any) -> bool:
    """Tell a whole disc, also a bent one, from what a hole or a border leaves of it."""
    width, height, area = (int(stat[column]) for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    return 0.6 < width / height < 1 / 0.6 and 0.68 < area / (width * height) < 0.88 and area >= SMALLEST


def _of_point(place: int, rows: Joints, middle: Any, labelled: NDArray[np.bool_]) -> str:
    """Compare a keypoint with the middle of its disc, where that is whole and away from the border."""
    touches = labelled[0].any() or labelled[-1].any() or labelled[:, 0].any() or labelled[:, -1].any()
    if middle is None or touches:
        return ""
    if not len(rows):
        return f"keypoint {place + 1} is lost though its object is whole"
    off = float(np.hypot(*(rows[0, :2] - middle)))
    size = np.sqrt(labelled.sum() / np.pi) / RADIUS
    return f"keypoint {place + 1} is {off:.0f} px off its object" if off > ROOM_PX * max(size, 1) else ""


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:160]
