"""Plots of a round as inline SVG whose colours are CSS variables, so that they follow light and dark."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

_VARIABLES = MappingProxyType(
    {"ink": "#010101", "muted": "#020202", "line": "#030303", "real": "#040404", "synthetic": "#050505"}
)
"""CSS variable to the stand-in colour that matplotlib draws with; each is replaced in the finished SVG."""

_SIZE_IN = (4.6, 3.2)

_STYLE: Mapping[str, Any] = MappingProxyType(
    {
        "svg.fonttype": "none",
        "font.size": 10.5,
        "axes.edgecolor": _VARIABLES["line"],
        "axes.labelcolor": _VARIABLES["muted"],
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": _VARIABLES["line"],
        "ytick.color": _VARIABLES["line"],
        "xtick.labelcolor": _VARIABLES["muted"],
        "ytick.labelcolor": _VARIABLES["muted"],
        "text.color": _VARIABLES["ink"],
    }
)


def histogram(name: str, groups: Mapping[str, Floats], *, edges: Floats, label: str, log: bool = False) -> str:
    """Draw two or more samples as shares per bin over common edges.

    Args:
        name: of the plot, unique on the page (it salts the ids inside the SVG).
        groups: "real" and "synthetic" to their values.
        edges: of the bins.
        label: of the x axis, with unit.
        log: whether x is logarithmic.

    Returns:
        An `<svg>` element.
    """
    with mpl.rc_context(_style(name)):
        plot, axes = _canvas()
        for source, values in groups.items():
            if len(values):
                _steps(axes, source, np.clip(values, edges[0], edges[-1]), edges)
        if log:
            axes.set_xscale("log", base=2)
            axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(1.0, decimals=0))
        axes.set_xlabel(label)
        _legend(axes)
        return _svg(plot, name)


def _steps(axes: Axes, source: str, values: Floats, edges: Floats) -> None:
    share = np.histogram(values, edges)[0] / len(values)
    axes.stairs(share, edges, fill=True, alpha=0.22, color=_VARIABLES[source])
    axes.stairs(share, edges, color=_VARIABLES[source], linewidth=1.4, label=f"{source} (n = {len(values)})")


def scatter(name: str, groups: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """Draw groups of points in the plane.

    Args:
        name: of the plot, unique on the page.
        groups: "real" and "synthetic" to n x 2 coordinates.

    Returns:
        An `<svg>` element.
    """
    with mpl.rc_context(_style(name)):
        plot, axes = _canvas()
        for source, points in groups.items():
            xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
            mark = {"real": "o", "synthetic": "D"}[source]
            axes.scatter(
                xy[:, 0], xy[:, 1], s=16, marker=mark, alpha=0.65, linewidths=0, color=_VARIABLES[source],
                label=f"{source} (n = {len(xy)})",
            )  # fmt: skip
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_xlabel("first principal component")
        axes.set_ylabel("second")
        axes.margins(0.06)
        _legend(axes)
        return _svg(plot, name)


def trend(name: str, places: Sequence[int], values: Sequence[float], ends: Sequence[tuple[float, float]]) -> str:
    """Draw a score with its intervals over the numbers of its measurements.

    Args:
        name: of the plot, unique on the page.
        places: n, numbers of the measurements.
        values: n.
        ends: n, low and high.

    Returns:
        An `<svg>` element.
    """
    with mpl.rc_context(_style(name)):
        plot, axes = _canvas()
        low, high = np.array(ends, dtype=np.float64).T
        axes.vlines(places, low, high, color=_VARIABLES["synthetic"], alpha=0.35, linewidth=3)
        axes.plot(places, values, color=_VARIABLES["synthetic"], marker="o", markersize=4, linewidth=1.4)
        axes.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True))
        axes.set_xlabel("measurement")
        axes.margins(x=0.06)
        return _svg(plot, name)


def _style(name: str) -> Any:
    # matplotlib types the keys of its settings one by one, which a mapping of plain strings does not meet
    return {**_STYLE, "svg.hashsalt": name}


def _legend(axes: Axes) -> None:
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (-0.02, 1.0), "borderpad": 0.0}
    axes.legend(frameon=False, labelcolor=_VARIABLES["ink"], ncols=2, handlelength=1.4, columnspacing=1.4, **place)


def _canvas() -> tuple[Figure, Axes]:
    plot = Figure(figsize=_SIZE_IN, layout="constrained")
    FigureCanvasSVG(plot)
    plot.patch.set_alpha(0)
    axes = plot.add_subplot()
    axes.patch.set_alpha(0)
    return plot, axes


def _svg(plot: Figure, name: str) -> str:
    content = io.StringIO()
    plot.savefig(content, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = content.getvalue()
    text = text[text.index("<svg") :]
    for variable, stand_in in _VARIABLES.items():
        text = text.replace(stand_in, f"var(--{variable})")
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"font: ([0-9.]+px) [^;\"]+", r"font: \1 var(--sans)", text)
    # ids of two plots on one page must not meet
    text = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', text)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", text)
