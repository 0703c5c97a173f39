"""Pictograms of plain shapes for signs and posters; generic drawings, no country's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.stage.furniture.draft import regular
from scenes.stage.mesh import Points

Shapes = list[Points]


def stroke(path: Sequence[Sequence[float]], width: float) -> Points:
    """Return a polyline of even width as one counter-clockwise polygon."""
    line = np.asarray(path, dtype=np.float64)
    ahead = np.diff(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    both = np.vstack([normal[:1], normal[1:] + normal[:-1], normal[-1:]])
    both /= np.maximum(
        (both * both).sum(axis=1, keepdims=True) / np.where(np.arange(len(line)) % (len(line) - 1), 2, 1)[:, None], 0.5
    )
    return np.concatenate([line - both * width / 2, (line + both * width / 2)[::-1]])


def arrow(path: Sequence[Sequence[float]], width: float = 0.16) -> Shapes:
    """Return a line with an arrowhead at its end."""
    line = np.asarray(path, dtype=np.float64)
    ahead = line[-1] - line[-2]
    ahead /= np.linalg.norm(ahead)
    side = np.array([-ahead[1], ahead[0]])
    tip, base = line[-1] + ahead * width, line[-1] - ahead * width * 1.2
    head = np.array([tip, base + side * width * 1.5, base - side * width * 1.5])
    return [stroke([*line[:-1].tolist(), base.tolist()], width), head]


def _walker() -> Shapes:
    return [
        regular(12, 0.11, centre=(0.02, 0.78)),
        stroke([(0.0, 0.62), (-0.02, 0.1)], 0.24),
        stroke([(-0.02, 0.12), (0.22, -0.3), (0.26, -0.78)], 0.16),
        stroke([(-0.02, 0.12), (-0.16, -0.32), (-0.42, -0.72)], 0.16),
        stroke([(0.06, 0.58), (0.3, 0.28), (0.44, 0.24)], 0.1),
        stroke([(-0.06, 0.58), (-0.3, 0.3), (-0.34, 0.06)], 0.1),
    ]


def _car() -> Shapes:
    shell = [
        (-0.8, -0.2),
        (0.8, -0.2),
        (0.8, 0.08),
        (0.45, 0.14),
        (0.25, 0.42),
        (-0.4, 0.42),
        (-0.62, 0.12),
        (-0.8, 0.08),
    ]
    return [np.array(shell), regular(14, 0.17, centre=(-0.48, -0.22)), regular(14, 0.17, centre=(0.46, -0.22))]


def _cattle() -> Shapes:
    trunk = [
        (-0.6, -0.08),
        (0.45, -0.12),
        (0.5, 0.12),
        (0.78, 0.3),
        (0.84, 0.16),
        (0.92, 0.24),
        (0.8, 0.48),
        (0.56, 0.44),
        (0.4, 0.32),
        (-0.62, 0.34),
        (-0.7, 0.2),
    ]
    legs = [
        stroke([(x, 0.0), (x + d, -0.55)], 0.11) for x, d in ((-0.54, 0.02), (-0.36, -0.06), (0.3, 0.08), (0.42, -0.02))
    ]
    return [np.array(trunk), *legs, stroke([(-0.66, 0.28), (-0.8, -0.1)], 0.06)]


def _digger() -> Shapes:
    heap = [(0.15, -0.6), (0.85, -0.6), (0.5, -0.2)]
    return [
        *_walker()[:1],
        stroke([(-0.1, 0.6), (-0.2, 0.1)], 0.22),
        stroke([(-0.2, 0.1), (-0.5, -0.6)], 0.16),
        stroke([(-0.2, 0.1), (0.05, -0.6)], 0.14),
        stroke([(-0.05, 0.5), (0.4, -0.1)], 0.08),
        np.array(heap),
    ]


def _bump() -> Shapes:
    around = np.linspace(0, np.pi, 12)
    hump = np.column_stack([0.45 * np.cos(around), -0.4 + 0.4 * np.sin(around)])
    return [hump, np.array([(-0.8, -0.5), (0.8, -0.5), (0.8, -0.4), (-0.8, -0.4)])]


def _bed() -> Shapes:
    return [
        stroke([(-0.7, -0.4), (-0.7, 0.4)], 0.12),
        stroke([(-0.7, -0.15), (0.75, -0.15)], 0.2),
        stroke([(0.7, -0.4), (0.7, -0.1)], 0.12),
        regular(12, 0.12, centre=(-0.45, 0.08)),
    ]


def _cup() -> Shapes:
    return [
        np.array([(-0.35, -0.4), (0.25, -0.4), (0.35, 0.3), (-0.45, 0.3)]),
        stroke([(0.3, 0.2), (0.6, 0.1), (0.5, -0.2), (0.28, -0.2)], 0.1),
    ]


def _letter_p() -> Shapes:
    return [
        stroke([(-0.3, -0.7), (-0.3, 0.7)], 0.24),
        stroke([(-0.3, 0.6), (0.15, 0.6), (0.38, 0.42), (0.38, 0.12), (0.15, -0.06), (-0.3, -0.06)], 0.22),
    ]


def _mirrored(shapes: Shapes) -> Shapes:
    return [(shape * (-1, 1))[::-1] for shape in shapes]


WARNINGS: tuple[Shapes, ...] = (
    arrow([(-0.2, -0.6), (-0.2, 0.0), (0.2, 0.25), (0.2, 0.6)]),
    _walker(),
    [stroke([(0, 0.7), (0, -0.25)], 0.22), regular(10, 0.13, centre=(0, -0.55))],
    _bump(),
    _cattle(),
    _digger(),
    [regular(14, 0.17, centre=(0, y)) for y in (0.5, 0.05, -0.4)],
    [stroke([(0, -0.65), (0, 0.65)], 0.2), stroke([(-0.6, 0.0), (0.6, 0.0)], 0.14)],
)
"""Bend, walkers, danger, bump, cattle, works, signals, crossroads."""

INFORMATION: tuple[Shapes, ...] = (
    _letter_p(),
    [
        *_walker(),
        *(np.array([(x, -0.98), (x + 0.16, -0.98), (x + 0.1, -0.8), (x - 0.02, -0.8)]) for x in (-0.7, -0.3, 0.1, 0.5)),
    ],
    _bed(),
    _cup(),
    arrow([(0.0, -0.75), (0.0, 0.6)], 0.24),
    _car(),
)
"""Parking, crossing, hotel, refreshments, one way, motor road."""

ARROWS: tuple[Shapes, ...] = (
    arrow([(0.0, -0.6), (0.0, 0.55)], 0.22),
    arrow([(-0.35, -0.55), (-0.35, 0.1), (-0.1, 0.3), (0.45, 0.3)], 0.2),
    _mirrored(arrow([(-0.35, -0.55), (-0.35, 0.1), (-0.1, 0.3), (0.45, 0.3)], 0.2)),
    arrow([(-0.4, 0.45), (0.35, -0.4)], 0.22),
)
"""Ahead, to the right as seen, to the left, keep to a side."""
