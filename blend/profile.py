"""A real set in figures: sizes, light, weather (a guess), geometry of boxes, near-duplicates, faults of its labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from blend import duplicates
from blend.duplicates import Fingerprint
from blend.picture import LeftOut, Picture, decode_rgb
from blend.real import RealSet
from blend.removal import removals

DAY_LUMA, NIGHT_LUMA = 100.0, 50.0
LIGHT_RULE = f"luma that a quarter of the pixels exceed (0 to 255): day from {DAY_LUMA:g}, night below {NIGHT_LUMA:g}"
"""Not the mean: trees and bonnets darken it at noon, while a night has few bright pixels however bright its lamps."""

HAZE_DARK, GREY_SATURATION, BRIGHT_SKY = 90.0, 0.12, 140.0
WEATHER_RULE = (
    "a guess from pixels, not a label; not made at night. haze: the darkest channel within 15 px of a picture 320 px "
    f"wide, averaged over its lower two thirds (dark channel, He et al. 2011), is {HAZE_DARK:g} or more. Else by the "
    f"upper fifth, if its mean luma is {BRIGHT_SKY:g} or more: overcast where its mean saturation is under "
    f"{GREY_SATURATION:g}, clear where blue exceeds red by 15. Else unknown. Rain and snow cannot be told this way"
)

DOUBLE_IOU = 0.9
"""Two boxes of one class on one picture that overlap so much are one object labelled twice."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_LINES = 200
"""Lines of one kind of fault that the record keeps; the count is of all."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is measured of one picture.

    Args:
        luma: as `LIGHT_RULE` says, 0 to 255.
        light: day, dim or night.
        weather: a guess by `WEATHER_RULE`.
        print_: for near-duplicates.
    """

    luma: float
    light: str
    weather: str
    print_: Fingerprint


def see(rgb: NDArray[np.uint8]) -> Seen:
    """Measure a picture, uint8 (H, W, 3)."""
    luma = luma_of(rgb)
    light = light_of(luma)
    weather = "unknown" if light == "night" else weather_guess(_small(rgb))
    return Seen(luma=luma, light=light, weather=weather, print_=duplicates.fingerprint(rgb))


def luma_of(rgb: NDArray[np.uint8]) -> float:
    """Measure the luma of a picture, uint8 (H, W, 3), as `LIGHT_RULE` says."""
    return float(np.quantile(cv2.cvtColor(_small(rgb), cv2.COLOR_RGB2GRAY), 0.75))


def light_of(luma: float) -> str:
    """Return day, dim or night by `LIGHT_RULE`."""
    return "day" if luma >= DAY_LUMA else "night" if luma < NIGHT_LUMA else "dim"


def _small(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height = max(1, round(320 * rgb.shape[0] / rgb.shape[1]))
    return np.asarray(cv2.resize(rgb, (320, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def weather_guess(small: NDArray[np.uint8]) -> str:
    """Guess the weather by `WEATHER_RULE` from a picture of 320 px width."""
    dark = cv2.erode(small.min(axis=2), np.ones((15, 15), np.uint8))
    if dark[len(dark) // 3 :].mean() >= HAZE_DARK:
        return "haze"
    sky = small[: max(1, len(small) // 5)]
    if cv2.cvtColor(sky, cv2.COLOR_RGB2GRAY).mean() < BRIGHT_SKY:
        return "unknown"
    if cv2.cvtColor(sky, cv2.COLOR_RGB2HSV)[..., 1].mean() / 255 < GREY_SATURATION:
        return "overcast"
    return "clear" if float(sky[..., 2].mean()) - float(sky[..., 0].mean()) >= 15 else "unknown"


def see_all(pictures: Sequence[Picture]) -> list[Seen]:
    """Measure pictures in order."""
    return [see(decode_rgb(picture.path)) for picture in track(pictures, description="profile")]


def profile(real_set: RealSet, seen: Sequence[Seen]) -> dict[str, Any]:
    """Put a set's profile together.

    Args:
        real_set: as read; its pictures may be a sample of those found.
        seen: measures of its pictures, in order.
    """
    pictures = real_set.pictures
    faults = [*real_set.left_out, *doubles(pictures)]
    return {
        "schema": 1,
        "pictures": {
            "found": real_set.found,
            "looked_at": len(pictures),
            "labelled": sum(picture.labelled for picture in pictures),
            "groups": len({picture.group for picture in pictures}),
            "converted": sum("converted" in picture.facts for picture in pictures),
        },
        "sizes": dict(Counter(f"{p.width}x{p.height}" for p in pictures).most_common()),
        "light": {
            "rule": LIGHT_RULE,
            "counts": _counts(entry.light for entry in seen),
            "luma": _quantiles([s.luma for s in seen]),
        },
        "weather_guess": {"rule": WEATHER_RULE, "counts": _counts(entry.weather for entry in seen)},
        "classes": {
            "theirs": dict(real_set.classes),
            "unmapped": dict(real_set.unmapped),
            "ours": _per_class(pictures),
        },
        "geometry": geometry(pictures),
        "near_duplicates": near_duplicates(pictures, [entry.print_ for entry in seen]),
        "faults": _faults(faults, clipped=real_set.clipped),
    }


def _counts(names: Any) -> dict[str, int]:
    return dict(Counter(names).most_common())


def _quantiles(values: Sequence[float] | NDArray[np.float64]) -> dict[str, float]:
    if not len(values):
        return {}
    return {f"q{round(100 * q):02d}": round(float(np.quantile(values, q)), 4) for q in QUANTILES}


def _per_class(pictures: Sequence[Picture]) -> dict[str, int]:
    return _counts(box.category for picture in pictures for box in picture.annotations)


def boxes_of(pictures: Sequence[Picture]) -> NDArray[np.float64]:
    """Return boxes as shares of their pictures: left, top, width, height, and width over height in px; (n, 5)."""
    rows = [
        (x / p.width, y / p.height, w / p.width, h / p.height, w / h)
        for p in pictures
        for x, y, w, h in (box.xywh for box in p.annotations)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def geometry(pictures: Sequence[Picture]) -> dict[str, dict[str, float]]:
    """Give quantiles of where and how large boxes are; empty where there is no box."""
    boxes = boxes_of(pictures)
    _, top, width, height, aspect = boxes.T
    return {
        "area_share": _quantiles(width * height),
        "width_over_height": _quantiles(aspect),
        "bottom_edge_share": _quantiles(top + height),
        "boxes_per_labelled_picture": _quantiles([len(p.annotations) for p in pictures if p.labelled]),
    }


def near_duplicates(pictures: Sequence[Picture], prints: Sequence[Fingerprint]) -> dict[str, int]:
    """Count near-duplicate pairs, and the pictures that a blend would leave out for them."""
    linked = [*duplicates.pairs(prints), *duplicates.identical(pictures)]
    return {"pairs": len(linked), "left_out_by_a_blend": len(removals(pictures, prints, linked))}


def doubles(pictures: Sequence[Picture]) -> list[LeftOut]:
    """Find boxes of one class on one picture that are nearly the same."""
    return [
        LeftOut(file=str(p.facts.get("original", p.name)), reason=line, fault="labelled twice")
        for p in pictures
        for line in _double_lines(p)
    ]


def _double_lines(picture: Picture) -> list[str]:
    boxes = np.array([box.xywh for box in picture.annotations], dtype=np.float64).reshape(-1, 4)
    classes = np.array([box.category for box in picture.annotations])
    keys = [box.key for box in picture.annotations]
    return [
        f"{keys[second]} is nearly the same {classes[first]} as {keys[first]}"
        for first in range(len(boxes) - 1)
        for second in first + 1 + np.flatnonzero(
            (_iou(boxes[first], boxes[first + 1 :]) >= DOUBLE_IOU) & (classes[first + 1 :] == classes[first])
        )
    ]  # fmt: skip


def _iou(one: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    low = np.maximum(one[:2], others[:, :2])
    high = np.minimum(one[:2] + one[2:], others[:, :2] + others[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    return np.asarray(shared / (one[2:].prod() + others[:, 2:].prod(axis=1) - shared))


def _faults(entries: Sequence[LeftOut], *, clipped: int) -> dict[str, Any]:
    lines: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        lines[entry.fault].append(f"{entry.file}: {entry.reason}")
    found = {name: {"count": len(told), "lines": told[:MOST_LINES]} for name, told in sorted(lines.items())}
    return {**found, "boxes cut to their picture": {"count": clipped, "lines": []}}


def table(record: dict[str, Any]) -> list[str]:
    """Return a profile as short lines for the terminal."""
    pictures, geometry_ = record["pictures"], record["geometry"]
    looked_at = (
        f"{pictures['looked_at']} of {pictures['found']} looked at, {pictures['labelled']} labelled, "
        f"{pictures['groups']} groups, {pictures['converted']} converted to plain 8-bit RGB"
    )
    twins = record["near_duplicates"]
    lines = [
        f"pictures   {looked_at}",
        f"sizes      {_told(record['sizes'], most=5)}",
        f"light      {_told(record['light']['counts'])}   ({record['light']['rule']})",
        f"weather    {_told(record['weather_guess']['counts'])}   (a guess from pixels; its rule is in profile.json)",
        f"classes    {_told(record['classes']['ours']) or 'no boxes'}",
        *(f"geometry   {name.replace('_', ' ')}: {_told(values)}" for name, values in geometry_.items() if values),
        f"duplicates {twins['pairs']} near-duplicate pairs; a blend would leave {twins['left_out_by_a_blend']} out",
    ]
    faults = {name: entry["count"] for name, entry in record["faults"].items() if entry["count"]}
    lines.append(f"faults     {_told(faults) or 'none'}")
    for name, entry in record["faults"].items():
        lines += [f"           {name}: {line}" for line in entry["lines"][:3]]
    return lines


def _told(values: dict[str, Any], most: int = 12) -> str:
    shown = [f"{name} {value}" for name, value in list(values.items())[:most]]
    return ", ".join([*shown, *([f"{len(values) - most} more"] if len(values) > most else [])])
