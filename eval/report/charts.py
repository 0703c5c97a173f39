"""Charts as inline SVG whose colours are the page's own variables, so that they follow light and dark."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MAX_POINTS = 1500
"""Points of one kind on the map; more would only make the page heavy."""
_INK, _SYNTHETIC, _REAL = "#010203", "#010204", "#010205"
_VARIABLES = ((_INK, "currentColor"), (_SYNTHETIC, "var(--synthetic)"), (_REAL, "var(--real)"))
_BINS = 24


def plane(synthetic_xy: Floats, real_xy: Floats) -> Markup:
    """Draw pictures as points on two principal components, n x 2 each."""
    figure, axes = _figure()
    for xy, colour, marker, label in ((real_xy, _REAL, "o", "real"), (synthetic_xy, _SYNTHETIC, "D", "synthetic")):
        if len(xy):
            shown = xy[np.unique(np.linspace(0, len(xy) - 1, min(len(xy), MAX_POINTS)).astype(int))]
            axes.scatter(
                shown[:, 0], shown[:, 1], s=15, c=colour, marker=marker, alpha=0.6, linewidths=0,
                label=f"{label} ({len(xy)})",
            )  # fmt: skip
    axes.set_xlabel("first component")
    axes.set_ylabel("second component")
    return _svg(figure, axes, "plane")


def histogram(synthetic: Floats, real: Floats, *, xlabel: str, name: str, ticks: Sequence[str] = ()) -> Markup:
    """Draw two samples as shares per bin over a common range.

    Args:
        synthetic: n values.
        real: m values; may be empty.
        xlabel: axis title with unit.
        name: of the chart, unique on the page.
        ticks: names for 0, -1, -2 and so on, where the values are logarithms.
    """
    figure, axes = _figure()
    edges = np.histogram_bin_edges(np.concatenate([synthetic, real]), bins=_BINS)
    for values, colour, label in ((real, _REAL, "real"), (synthetic, _SYNTHETIC, "synthetic")):
        if len(values):
            shares = np.histogram(values, bins=edges)[0] / len(values) * 100
            axes.stairs(shares, edges, color=colour, fill=True, alpha=0.25)
            axes.stairs(shares, edges, color=colour, linewidth=1.4, label=f"{label} ({len(values)})")
    if ticks:
        axes.set_xticks([-float(place) for place in range(len(ticks))], list(ticks))
        axes.set_xlim(edges[0], edges[-1])
    axes.set_xlabel(xlabel)
    axes.set_ylabel("share, %")
    return _svg(figure, axes, name)


def _figure() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(4.4, 3.3), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    figure.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    axes.tick_params(color=_INK, labelcolor=_INK, labelsize=10, width=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set(color=_INK, linewidth=0.6)
    return figure, axes


def _svg(figure: Figure, axes: Axes, name: str) -> Markup:
    for text in (axes.xaxis.label, axes.yaxis.label):
        text.set(color=_INK, fontsize=10)
    figure.legend(*axes.get_legend_handles_labels(), frameon=False, labelcolor=_INK, loc="outside upper left", ncols=2)
    content = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
    drawn = content.getvalue()
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn[drawn.index("<svg") :], flags=re.DOTALL)
    drawn = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", drawn)  # ids of two charts must not meet
    for colour, variable in _VARIABLES:
        drawn = drawn.replace(colour, variable)
    return Markup(drawn)  # noqa: S704  drawn here from numbers
