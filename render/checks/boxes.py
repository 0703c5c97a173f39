"""2D boxes and areas of labels against the picture of instance ids and against where the meshes fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from render.checks.fault import Fault
from render.checks.footprint import Footprint

Record = Mapping[str, Any]
Box = tuple[int, int, int, int]
AMODAL_PX = 0.6
"""A mask of whole pixels reaches up to half a pixel over its outline; the rest is rounding."""


def measured(ids: npt.NDArray[np.uint16]) -> dict[int, tuple[Box, int]]:
    """Return tight box in pixel edges and area of every instance in a picture."""
    from scipy import ndimage  # noqa: PLC0415  # slow to load

    areas = np.bincount(ids.ravel())
    return {
        number: ((where[1].start, where[0].start, where[1].stop, where[0].stop), int(areas[number]))
        for number, where in enumerate(ndimage.find_objects(ids.astype(np.int32)), start=1)
        if where is not None
    }


def box_faults(objects: Sequence[Record], ids: npt.NDArray[np.uint16]) -> list[Fault]:
    """Compare boxes and areas with the pixels, and the pixels with the list of objects."""
    found = measured(ids)
    labelled = {told["instance"] for told in objects}
    faults = [
        Fault(name="id_without_object", text=f"has {area} pixels and no object", instance=instance)
        for instance, (_, area) in found.items()
        if instance not in labelled
    ]
    for told in objects:
        owner = _owner(told, found)
        if owner != told["instance"]:
            text = f"has box and area of the pixels of instance {owner}"
            faults.append(Fault(name="wrong_id", text=text, instance=told["instance"]))
        if told["instance"] not in found:
            faults.append(Fault(name="label_without_pixels", text="has no pixel", instance=told["instance"]))
        else:
            faults += _against_pixels(told, *found[told["instance"]])
        faults += _against_frame(told, ids.shape[1], ids.shape[0])
    return faults


def amodal_faults(
    objects: Sequence[Record], footprints: Mapping[int, Footprint], frame_wh: tuple[int, int]
) -> list[Fault]:
    """Compare amodal boxes with the projected meshes, up to three by three pictures."""
    limits = np.array(
        [(-frame_wh[0], -frame_wh[1], -frame_wh[0], -frame_wh[1]), np.tile((2 * frame_wh[0], 2 * frame_wh[1]), 2)]
    )
    return [
        fault
        for told in objects
        if told["instance"] in footprints
        for fault in _against_footprint(told, footprints[told["instance"]], limits)
    ]


def _owner(told: Record, found: Mapping[int, tuple[Box, int]]) -> int:
    """Return whose box and area a label has: its own instance if they fit that or nobody."""
    given = (tuple(told["bbox_xyxy"]), told["area_px"])
    instance = int(told["instance"])
    if found.get(instance) == given:
        return instance
    return next((other for other, measures in found.items() if measures == given), instance)


def _against_pixels(told: Record, box: Box, area: int) -> Iterator[Fault]:
    x0, y0, x1, y1 = box
    given, instance = tuple(told["bbox_xyxy"]), told["instance"]
    swapped = {(x0, y0, x0 + y1 - y0, y0 + x1 - x0), (y0, x0, y1, x1)} - {box}
    if given in swapped:
        yield Fault(name="swapped_size", text=f"has box {list(given)}, the mask's is {list(box)}", instance=instance)
    elif given != box:
        yield Fault(name="box_not_tight", text=f"has box {list(given)}, the mask's is {list(box)}", instance=instance)
    if told["area_px"] != area:
        yield Fault(name="wrong_area", text=f"has {told['area_px']} px, the mask {area}", instance=instance)


def _against_frame(told: Record, width: int, height: int) -> Iterator[Fault]:
    x0, y0, x1, y1 = told["bbox_xyxy"]
    if not (0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height):
        text = f"has box {told['bbox_xyxy']} in a picture of {width} x {height} px"
        yield Fault(name="box_outside_picture", text=text, instance=told["instance"])
    a0, b0, a1, b1 = told["amodal_xyxy"]
    over = max(a0 - x0, b0 - y0, x1 - a1, y1 - b1)
    if over > AMODAL_PX:
        text = f"has a visible box that reaches {over:.2f} px out of the amodal one"
        yield Fault(name="box_outside_amodal", text=text, instance=told["instance"])


def _against_footprint(told: Record, seen: Footprint, limits: npt.NDArray[np.int64]) -> Iterator[Fault]:
    if seen.xyxy is None or seen.whole_xyxy is None:
        return
    given = np.array(told["amodal_xyxy"], dtype=np.float64)
    least, most = (np.clip(box, limits[0], limits[1]) for box in (seen.xyxy, seen.whole_xyxy))
    outward = np.array((-1, -1, 1, 1))
    short = (outward * (least - given)).max()
    wide = -np.inf if seen.cut else (outward * (given - most)).max()
    if max(short, wide) > AMODAL_PX:
        text = (
            f"has amodal box {told['amodal_xyxy']}, off by {max(short, wide):.2f} px from {np.round(most, 2).tolist()}"
        )
        yield Fault(name="wrong_amodal_box", text=text, instance=told["instance"])
