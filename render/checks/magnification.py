"""Tell a camera with another focal length from masks that are wrong one by one: every edge is off alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from render.checks.fault import Fault
from render.checks.pixels import Traced

Record = Mapping[str, Any]
PLAIN_OCCLUSION = 0.25
"""Boxes of labels that are hidden no more than this end where their meshes do, or nearly."""
LEAST_SCALE, LEAST_OBJECTS = 0.01, 2


def scale_faults(objects: Sequence[Record], traced: Traced) -> list[Fault]:
    """Fit one magnification to the boxes of all labels that stand whole in the picture.

    It is told if it differs from 1, fits to a pixel, and explains most of what the boxes are off.
    """
    plain = [
        (told["bbox_xyxy"], seen.xyxy)
        for told in objects
        if told["occlusion"] <= PLAIN_OCCLUSION and told["truncation"] == 0
        if (seen := traced.footprints.get(told["instance"])) is not None and seen.xyxy is not None and not seen.cut
    ]
    if len(plain) < LEAST_OBJECTS:
        return []
    middle = np.tile(traced.view.K[:2, 2] + 0.5, 2)
    given, true = (np.array(boxes, dtype=np.float64) - middle for boxes in zip(*plain, strict=True))
    scale = float((given * true).sum() / (true**2).sum())
    off_px, left_px = (float(np.sqrt(np.mean((given - by * true) ** 2))) for by in (1.0, scale))
    if abs(scale - 1) < LEAST_SCALE or left_px > min(1.0, 0.6 * off_px):
        return []
    return [Fault(name="wrong_intrinsics", text=f"the picture is {scale:.3f} times as large as the focal length gives")]
