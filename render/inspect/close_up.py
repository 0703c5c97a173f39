"""The part of a frame where its small objects stand, enlarged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from render.inspect.boxes import boxes_panel
from render.inspect.frame import Frame, Record
from render.inspect.panel import Panel

_SMALL = 1 / 12  # of the picture's height: what is lower is hard to make out on the sheet's first panel
_WINDOW = (1 / 2, 1 / 8)  # of the picture's width: how much of it is enlarged

Window = tuple[int, int, int, int]


def close_up_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel | None:
    """Draw the boxes of the window that holds most small objects; None if there are none."""
    window = window_of(frame)
    if window is None:
        return None
    cut = cropped(frame, window)
    panel = boxes_panel(cut, width_px, tallest_px)
    x0, y0, x1, y1 = window
    return replace(panel, title=f"Close-up of pixels {x0} to {x1} across, {y0} to {y1} down", keys=())


def window_of(frame: Frame) -> Window | None:
    """Return the window in which most small objects have their middle, pixel edges."""
    height, width = frame.rgb.shape[:2]
    boxes = np.array([labelled["bbox_xyxy"] for labelled in frame.record["objects"]], np.float64).reshape(-1, 4)
    small = boxes[boxes[:, 3] - boxes[:, 1] < _SMALL * height]
    if not len(small):
        return None
    middles = (small[:, :2] + small[:, 2:]) / 2
    size = np.array([round(width * _WINDOW[0]), round(width * _WINDOW[1])])
    inside = (np.abs(middles[:, None] - middles[None]) <= size / 2).all(axis=-1)
    together = middles[inside[int(inside.sum(axis=1).argmax())]]
    centre = (together.min(axis=0) + together.max(axis=0)) / 2
    x0, y0 = (
        np.clip(np.rint(centre - size / 2), 0, np.maximum(np.array([width, height]) - size, 0)).astype(int).tolist()
    )
    return x0, y0, min(x0 + int(size[0]), width), min(y0 + int(size[1]), height)


def cropped(frame: Frame, window: Window) -> Frame:
    """Return a frame that ends at a window, with the objects that it shows; its 3D labels stay as they are."""
    x0, y0, x1, y1 = window
    shown = [labelled for labelled in frame.record["objects"] if _meets(labelled["bbox_xyxy"], window)]
    objects = [{**labelled, **_shifted(labelled, (x0, y0))} for labelled in shown]
    return replace(
        frame,
        rgb=frame.rgb[y0:y1, x0:x1],
        ids=frame.ids[y0:y1, x0:x1],
        record={**frame.record, "objects": objects},
    )


def _meets(box: list[float], window: Window) -> bool:
    return box[0] < window[2] and box[2] > window[0] and box[1] < window[3] and box[3] > window[1]


def _shifted(labelled: Record, corner: tuple[int, int]) -> Record:
    moved: Record = {}
    for key in ("bbox_xyxy", "amodal_xyxy"):
        if key in labelled:
            moved[key] = [float(edge) - corner[axis % 2] for axis, edge in enumerate(labelled[key])]
    return moved
