"""One class for each pixel: what is no actor by `scenes.ontology.STUFF`, actors by their category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scenes.ontology import CATEGORIES

ACTORS_FROM = 100
"""Value of an actor's pixel is this plus its COCO category id; lower values are stuff."""
Bytes = npt.NDArray[np.uint8]


def semantic_map(ids: npt.NDArray[np.uint16], stuff: Bytes, objects: Sequence[Mapping[str, Any]]) -> Bytes:
    """Return HxW classes; with the instance mask beside it, it is a panoptic labelling.

    Args:
        ids: HxW instance ids.
        stuff: HxW classes of what is no actor, 0 for actors.
        objects: labels of the picture; an actor without one keeps 0, no class.
    """
    classes = np.zeros(int(ids.max(initial=0)) + 1, np.uint8)
    for labelled in objects:
        if labelled["instance"] < len(classes):
            classes[labelled["instance"]] = ACTORS_FROM + CATEGORIES[labelled["category"]]
    return np.where(ids > 0, classes[ids], stuff).astype(np.uint8)
