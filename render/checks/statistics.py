"""What a round's labels hold: how many of each class, how large, how hidden; and what never occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scenes.ontology import CATEGORIES

Record = Mapping[str, Any]
SIZES_PX = {"tiny": (0, 8), "small": (8, 32), "medium": (32, 96), "large": (96, 1 << 20)}
"""Square root of the area in pixels, from and below; 32 and 96 are COCO's, under 8 nobody annotates."""
OCCLUSIONS = {"none": (0.0, 0.01), "light": (0.01, 0.3), "half": (0.3, 0.7), "heavy": (0.7, 1.01)}
"""Share of the silhouette that is hidden, from and below."""


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Counts over labels.

    Args:
        classes, sizes, occlusions: how many labels of each.
        truncated: labels that the picture cuts.
        absent: classes, sizes and occlusions that never occur, in words.
    """

    classes: Mapping[str, int]
    sizes: Mapping[str, int]
    occlusions: Mapping[str, int]
    truncated: int
    absent: tuple[str, ...]


def statistics(records: Iterable[Record]) -> Statistics:
    """Count the labels of view or frame records; labels that lack a field are not counted for it."""
    objects = [told for record in records for told in record.get("objects") or ()]
    found = Counter(str(told.get("category")) for told in objects)
    classes = {name: found.get(name, 0) for name in CATEGORIES}
    sizes = _histogram((float(told["area_px"]) ** 0.5 for told in objects if "area_px" in told), SIZES_PX)
    occlusions = _histogram((float(told["occlusion"]) for told in objects if "occlusion" in told), OCCLUSIONS)
    groups = (("class", classes), ("size", sizes), ("occlusion", occlusions))
    return Statistics(
        classes=classes,
        sizes=sizes,
        occlusions=occlusions,
        truncated=sum(float(told.get("truncation", 0)) > 0 for told in objects),
        absent=tuple(f"{kind} {name}" for kind, counts in groups for name, count in counts.items() if not count),
    )


def _histogram(values: Iterable[float], bins: Mapping[str, tuple[float, float]]) -> dict[str, int]:
    counts = dict.fromkeys(bins, 0)
    for value in values:
        for name, (low, high) in bins.items():
            if low <= value < high:
                counts[name] += 1
    return counts
