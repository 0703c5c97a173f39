"""How a tree branches: boughs that reach for points in the crown, and the tubes that make them wood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.mesh import Indices as Integers
from scenes.stage.mesh import MeshBuilder, Points

_HELPER = np.array([0.31, 0.86, 0.41])
"""Where rings begin; few branches run along it, so tubes hardly twist."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Skeleton:
    """Nodes of a tree, each after its parent.

    Args:
        nodes: (N, 3) metres.
        parents: (N,) index of the node below, -1 for the root.
        radii_m: (N,).
    """

    nodes: Points
    parents: Integers
    radii_m: Points

    def headings(self) -> Points:
        """Return the unit vector from each node's parent to it, (N, 3)."""
        edges = self.nodes - self.nodes[np.maximum(self.parents, 0)]
        edges[0] = (0.0, 0.0, 1.0)
        return np.asarray(edges / (np.linalg.norm(edges, axis=1, keepdims=True) + 1e-9))


def reach(
    trunk: Points, goals: Points, *, first: int, balance: float, thick_m: float, thin_m: float, smooth: int = 3
) -> Skeleton:
    """Grow boughs from a trunk so that every goal is reached over a short way.

    Each goal joins where its distance plus `balance` times the way to the root is least: 0 gives the least wood,
    1 straight ways to the trunk (Cuntz et al. 2010, minimum spanning trees as a model of branching).

    Args:
        trunk: (K, 3) path from the ground up.
        goals: (M, 3) where twigs must come to.
        first: trunk nodes below this one carry no bough.
        balance: in [0, 1].
        thick_m: radius at the foot; between foot and tips, radii follow the number of tips carried.
        thin_m: radius at the tips.
        smooth: how often bends are eased.
    """
    nodes, parents = _join(trunk, goals, first, balance)
    nodes = _eased(nodes, parents, len(trunk), smooth)
    tips = _tips_carried(parents)
    power = np.log(thick_m / thin_m) / np.log(tips[0])
    return Skeleton(nodes=nodes, parents=parents, radii_m=thin_m * tips**power)


def _join(trunk: Points, goals: Points, first: int, balance: float) -> tuple[Points, Integers]:
    count, total = len(trunk), len(trunk) + len(goals)
    nodes = np.concatenate([trunk, np.zeros_like(goals)])
    parents = np.arange(-1, total - 1)
    ways = np.zeros(total)
    ways[1:count] = np.cumsum(np.linalg.norm(np.diff(trunk, axis=0), axis=1))
    apart = np.linalg.norm(goals[:, None] - trunk[None, first:], axis=2)
    costs = apart + balance * ways[first:count]
    nearest = costs.argmin(axis=1)
    cost, source = costs[np.arange(len(goals)), nearest], nearest + first
    left = np.ones(len(goals), dtype=bool)
    for node in range(count, total):
        chosen = int(np.where(left, cost, np.inf).argmin())
        left[chosen] = False
        nodes[node], parents[node] = goals[chosen], source[chosen]
        ways[node] = cost[chosen] + (1 - balance) * ways[source[chosen]]
        onward = np.sqrt(((goals - goals[chosen]) ** 2).sum(axis=1)) + balance * ways[node]
        better = onward < cost
        cost[better], source[better] = onward[better], node
    return nodes, parents


def _eased(nodes: Points, parents: Integers, fixed: int, rounds: int) -> Points:
    """Move each bough's nodes towards their neighbours' mean; trunk and tips stay."""
    children = np.bincount(parents[1:], minlength=len(nodes))[:, None]
    inner = (children[:, 0] > 0) & (np.arange(len(nodes)) >= fixed)
    for _ in range(rounds):
        total = np.zeros_like(nodes)
        np.add.at(total, parents[1:], nodes[1:])
        mean = 0.5 * nodes[parents] + 0.5 * total / np.maximum(children, 1)
        nodes = np.where(inner[:, None], 0.5 * nodes + 0.5 * mean, nodes)
    return np.asarray(nodes)


def _tips_carried(parents: Integers) -> Points:
    carried = (np.bincount(parents[1:], minlength=len(parents)) == 0).astype(float)
    for node in range(len(parents) - 1, 0, -1):
        carried[parents[node]] += carried[node]
    return np.asarray(carried)


def bent(skeleton: Skeleton, over_m: float) -> Skeleton:
    """Give branches thicker than `over_m` a node halfway, so that they leave their parent in a curve."""
    nodes, parents, radii = skeleton.nodes, skeleton.parents, skeleton.radii_m
    chosen = np.flatnonzero((radii > over_m) & (parents >= 0))
    above = parents[chosen]
    headings = skeleton.headings()
    edges = nodes[chosen] - nodes[above]
    length = np.linalg.norm(edges, axis=1, keepdims=True)
    middle = nodes[above] + 0.5 * edges + 0.12 * length * (headings[above] - headings[chosen])
    order = np.concatenate([np.arange(len(nodes)), chosen - 0.5]).argsort(kind="stable")
    where = np.empty(len(order), dtype=np.int64)
    where[order] = np.arange(len(order))
    new_parents = np.concatenate([parents, above])
    new_parents[chosen] = len(nodes) + np.arange(len(chosen))
    linked = np.where(new_parents >= 0, where[np.maximum(new_parents, 0)], -1)
    taper = 0.5 * (radii[chosen] + np.minimum(radii[above], 1.3 * radii[chosen]))
    return Skeleton(
        nodes=np.concatenate([nodes, middle])[order],
        parents=linked[order],
        radii_m=np.concatenate([radii, taper])[order],
    )


def add_wood(
    builder: MeshBuilder,
    skeleton: Skeleton,
    sides: tuple[tuple[float, int], ...],
    slot: int = 0,
    *,
    below_m: float = np.inf,
) -> None:
    """Add tubes along all branches.

    Args:
        builder: where to.
        skeleton: the branches.
        sides: (least radius in metres, sides of the tube), thickest first.
        slot: what the wood shows.
        below_m: radius below which branches are added.
    """
    radii = skeleton.radii_m
    upper = below_m
    for least, count in sides:
        chosen = np.flatnonzero((radii >= least) & (radii < upper) & (skeleton.parents >= 0))
        upper = least
        if len(chosen):
            _add_tubes(builder, skeleton, chosen, count, slot)


def _add_tubes(builder: MeshBuilder, skeleton: Skeleton, chosen: Integers, sides: int, slot: int) -> None:
    above = skeleton.parents[chosen]
    headings = skeleton.headings()
    onward = headings[above] * (_cosines_lost(headings[above], headings[chosen]) < 0.9)[:, None]
    low = _rings(skeleton.nodes[above], onward + headings[chosen], _low_radii(skeleton, chosen), sides)
    high = _rings(skeleton.nodes[chosen], headings[chosen], skeleton.radii_m[chosen], sides)
    points = np.concatenate([low, high], axis=1)
    ring = np.arange(sides)
    quads = np.stack([ring, np.roll(ring, -1), np.roll(ring, -1) + sides, ring + sides], axis=1)
    faces = quads[None] + (np.arange(len(chosen)) * 2 * sides)[:, None, None]
    builder.add(points.reshape(-1, 3), faces.reshape(-1, 4), slot)


def _cosines_lost(first: Points, second: Points) -> Points:
    return np.asarray(1 - (first * second).sum(axis=1))


def _low_radii(skeleton: Skeleton, chosen: Integers) -> Points:
    radii = skeleton.radii_m
    return np.asarray(np.minimum(radii[skeleton.parents[chosen]], 1.35 * radii[chosen]))


def _rings(centres: Points, headings: Points, radii_m: Points, sides: int) -> Points:
    headings = headings / (np.linalg.norm(headings, axis=1, keepdims=True) + 1e-9)
    across = np.cross(headings, _HELPER)
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    over = np.cross(headings, across)
    angles = np.arange(sides) / sides * 2 * np.pi
    around = np.cos(angles)[:, None] * across[:, None] + np.sin(angles)[:, None] * over[:, None]
    return np.asarray(centres[:, None] + radii_m[:, None, None] * around)
