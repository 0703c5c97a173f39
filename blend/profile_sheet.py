"""The sheet of a profile: pictures from dark to bright with their boxes, and six charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from blend.picture import Picture, decode_rgb
from blend.profile import DAY_LUMA, NIGHT_LUMA, Seen, boxes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 6
BLUE, GREY, INK = "#2f6f9f", "#c9ced6", "#20242a"
NO_BOXES = "no boxes"


def draw(path: Path, pictures: Sequence[Picture], seen: Sequence[Seen], record: dict[str, Any]) -> Path:
    """Draw the sheet as a JPEG or PNG, by the suffix of its path."""
    figure = Figure(figsize=(15, 8.6), dpi=100, layout="constrained", facecolor="white")
    told = record["pictures"]
    figure.suptitle(f"{told['looked_at']} of {told['found']} pictures, {told['labelled']} labelled", color=INK)
    grid = figure.add_gridspec(2, 1, height_ratios=(1, 2.8))
    top, bottom = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
    frames = top.subplots(1, COLUMNS)
    order = np.argsort([entry.luma for entry in seen], kind="stable")
    for column, place in enumerate(order[np.linspace(0, len(order) - 1, COLUMNS).round().astype(int)]):
        _picture(frames[column], pictures[place], seen[place])
    axes = bottom.subplots(2, 3).ravel()
    boxes = boxes_of(pictures)
    _light(axes[0], seen)
    _bars(axes[1], "boxes of each class", record["classes"]["ours"])
    _counts(axes[2], pictures)
    _places(axes[3], boxes)
    _areas(axes[4], boxes)
    _bars(axes[5], "faults", {name: entry["count"] for name, entry in record["faults"].items() if entry["count"]})
    figure.savefig(path)
    return path


def _picture(axes: Axes, picture: Picture, seen: Seen) -> None:
    axes.imshow(decode_rgb(picture.path))
    for box in picture.annotations:
        x, y, w, h = box.xywh
        axes.add_patch(Rectangle((x, y), w, h, fill=False, edgecolor="#ffd23f", linewidth=0.9))
    weather = "" if seen.weather == "unknown" else f", perhaps {seen.weather}"
    axes.set_title(f"{seen.light}{weather}; luma {seen.luma:.0f}", fontsize=9, color=INK)
    axes.set_axis_off()


def _titled(axes: Axes, title: str, x: str = "") -> None:
    axes.set_title(title, fontsize=10, color=INK)
    axes.set_xlabel(x, fontsize=9, color=INK)
    axes.tick_params(labelsize=8, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)


def _light(axes: Axes, seen: Sequence[Seen]) -> None:
    axes.hist([entry.luma for entry in seen], bins=np.arange(0, 261, 10).tolist(), color=BLUE)
    for luma, name in ((NIGHT_LUMA, "night | dim"), (DAY_LUMA, "dim | day")):
        axes.axvline(luma, color=INK, linewidth=1, linestyle=":")
        axes.text(luma, 1.0, name, transform=axes.get_xaxis_transform(), ha="center", va="bottom", fontsize=7)
    _titled(axes, "light\n", "luma that a quarter of the pixels exceed")
    axes.set_ylabel("pictures", fontsize=9, color=INK)


def _bars(axes: Axes, title: str, counts: dict[str, int]) -> None:
    names = list(counts)[::-1]
    axes.barh(names, [counts[name] for name in names], color=BLUE)
    for place, name in enumerate(names):
        axes.text(counts[name], place, f" {counts[name]}", va="center", fontsize=8, color=INK)
    _titled(axes, title)
    axes.margins(x=0.15)
    axes.set_xticks([])
    if not names:
        _none(axes, "none")


def _counts(axes: Axes, pictures: Sequence[Picture]) -> None:
    counts = [len(picture.annotations) for picture in pictures if picture.labelled]
    _titled(axes, "boxes a labelled picture", "boxes")
    if counts:
        axes.hist(counts, bins=(np.arange(min(max(counts), 60) + 2) - 0.5).tolist(), color=BLUE)
    else:
        _none(axes, "no labelled picture")


def _places(axes: Axes, boxes: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    _titled(axes, "where boxes stand", "bottom edge (0 top of the picture, 1 bottom)")
    axes.set_ylabel("height of box, share of picture", fontsize=9, color=INK)
    if len(boxes):
        axes.scatter(boxes[:, 1] + boxes[:, 3], boxes[:, 3], s=6, alpha=0.35, color=BLUE, linewidths=0)
        axes.set_xlim(0, 1.02)
    else:
        _none(axes, NO_BOXES)


def _areas(axes: Axes, boxes: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    _titled(axes, "size of boxes", "square root of the area's share of the picture")
    if len(boxes):
        axes.hist(np.sqrt(boxes[:, 2] * boxes[:, 3]), bins=30, color=BLUE)
    else:
        _none(axes, NO_BOXES)


def _none(axes: Axes, text: str) -> None:
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", color=GREY, fontsize=14)
    axes.set_xticks([])
    axes.set_yticks([])
