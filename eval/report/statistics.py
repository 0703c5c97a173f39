"""The plots of a round: where real and synthetic pictures lie, how bright they are, how large their boxes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.report import plots
from eval.report.inputs import Picture, RoundFolder

Floats = NDArray[np.float64]

_LUMA_EDGES = np.linspace(0.0, 255.0, 18)
_SIDE_EDGES_PX = 2.0 ** np.arange(1.0, 9.51, 0.5)


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A plot, or the reason why there is none.

    Args:
        title: what is drawn.
        caption: how to read it.
        svg: the drawing, "" where there is none.
        not_measured: why there is none.
    """

    title: str
    caption: str
    svg: str = ""
    not_measured: str = ""


def all_plots(told: RoundFolder) -> list[Plot]:
    """Return every plot of the page."""
    return [plane(told), luminance(told), box_sides(told)]


def plane(told: RoundFolder) -> Plot:
    """Draw real pictures and frames on the first two principal components of their features."""
    title = "Map of the pictures"
    caption = (
        "First two principal components of the encoder's features. Where diamonds stand alone, no real picture is."
    )
    groups = {source: [p.row["xy"] for p in pictures if p.row.get("xy")] for source, pictures in _sources(told)}
    if not all(groups.values()):
        return Plot(title=title, caption=caption, not_measured=_why(groups, "measured picture"))
    return Plot(title=title, caption=caption, svg=plots.scatter("plane", groups))


def luminance(told: RoundFolder) -> Plot:
    """Draw the mean luma of pictures."""
    title, caption = "Brightness", "Mean luma of each picture. Rare light lies where the real set has little."
    groups = {
        source: np.array([p.row["luminance"] for p in pictures if p.row.get("luminance") is not None], dtype=np.float64)
        for source, pictures in _sources(told)
    }
    if not all(len(values) for values in groups.values()):
        return Plot(title=title, caption=caption, not_measured=_why(groups, "measured picture"))
    svg = plots.histogram("luminance", groups, edges=_LUMA_EDGES, label="mean luma, 0 to 255")
    return Plot(title=title, caption=caption, svg=svg)


def box_sides(told: RoundFolder) -> Plot:
    """Draw the size of boxes, as the side of a square of equal area at a common picture width of 640."""
    title = "Size of boxes"
    caption = "Side of a square of the box's area, on a picture scaled to 640 px width."
    groups = {source: _sides(pictures) for source, pictures in _sources(told)}
    if not all(len(values) for values in groups.values()):
        return Plot(title=title, caption=caption, not_measured=_why(groups, "labelled box"))
    svg = plots.histogram("sides", groups, edges=_SIDE_EDGES_PX, label="side, px", log=True)
    return Plot(title=title, caption=caption, svg=svg)


def _sources(told: RoundFolder) -> list[tuple[str, Sequence[Picture]]]:
    return [("real", told.real), ("synthetic", told.frames)]


def _sides(pictures: Sequence[Picture]) -> Floats:
    sides = [
        float(np.sqrt(box["bbox"][2] * box["bbox"][3])) * 640 / picture.facts["width"]
        for picture in pictures
        for box in picture.boxes
    ]
    return np.array(sides, dtype=np.float64)


def _why(groups: dict[str, list[list[float]]] | dict[str, Floats], thing: str) -> str:
    empty = " and ".join(source for source, values in groups.items() if not len(values))
    return f"the {empty} side has no {thing}"
