"""What hangs around both legs: skirts, dresses, saris and the lower halves of coats, shaped by the pose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from scenes.stage.mesh import Points
from scenes.stage.people.garment import Cloth, cloth, hemmed
from scenes.stage.people.section import outline, tube_faces
from scenes.stage.people.skeleton import Stance, unit
from scenes.stage.people.tailoring import Cage

_SECTORS = 32


@dataclass(frozen=True, kw_only=True)
class SkirtCut:
    """A skirt's cut.

    Args:
        slot: what it shows.
        top_m: where it begins, metres below the hip joints (negative above).
        hem_m: where it ends, likewise.
        flare: metres of radius gained for each metre of length.
        ease_m: how far it stands off the body.
        pleats_m: depth of its folds at the hem.
    """

    slot: str
    top_m: float
    hem_m: float
    flare: float
    ease_m: float
    pleats_m: float


def skirt(cage: Cage, posed: Points, stance: Stance, cut: SkirtCut, rng: np.random.Generator) -> Cloth:
    """Return a skirt over a posed cage.

    Args:
        cage: the body's cage at rest.
        posed: (N, 3) its points in the pose.
        stance: the pose.
        cut: of the skirt.
        rng: draws its folds.
    """
    stations = np.linspace(cut.top_m, cut.hem_m, max(8, int((cut.hem_m - cut.top_m) / 0.036)))
    body = cage.arm_share < 0.3
    centres = gaussian_filter1d(
        np.stack([_centre(cage, posed, body, at) for at in stations]), 1.0, axis=0, mode="nearest"
    )
    axes = np.gradient(centres, axis=0)
    axes = np.stack([unit(axis) for axis in _smooth(axes)])
    across = stance.rotation("pelvis") @ np.array([0.0, 1.0, 0.0])
    angles = np.linspace(0, 2 * np.pi, _SECTORS, endpoint=False)
    waves = [(int(rng.integers(3, 9)), float(rng.uniform(0, 6.3))) for _ in range(3)]
    rings, hull = [], np.zeros(_SECTORS)
    for row, at in enumerate(stations):
        left = unit(across - axes[row] * (across @ axes[row]))
        front = np.cross(axes[row], left)
        near = body & (np.abs(cage.leg - at) < 0.035)
        flat = (posed[near] - centres[row]) @ np.stack([front, left], axis=1)
        step = 0.0 if row == 0 else at - stations[row - 1]
        tight = outline(flat, np.zeros(2), angles, cut.ease_m)
        hull = np.maximum(tight, hull - 0.30 * step)
        share = row / (len(stations) - 1)
        fold = sum(np.sin(k * angles + phase + share * 0.8) for k, phase in waves) / 3
        radius = hull + cut.flare * (at - cut.top_m) + cut.pleats_m * share * fold
        ring = _evenly(radius[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1))
        rings.append(centres[row] + ring @ np.stack([front, left]))
    points = np.concatenate(list(gaussian_filter1d(np.stack(rings), 0.9, axis=0, mode="nearest")))
    uvs = np.stack([np.tile(angles * 0.16, len(stations)), -np.repeat(stations, _SECTORS)], axis=1)
    faces = tube_faces(len(stations), _SECTORS)
    weights = np.zeros((len(points), 1), dtype=np.float32)
    return hemmed(cloth(points, weights, faces, cut.slot, uvs), 0.005, lining_m=0.04)


def _evenly(ring: Points) -> Points:
    """Return as many points on a closed line, equally far apart along it."""
    closed = np.concatenate([ring, ring[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    wanted = np.linspace(0, along[-1], len(ring), endpoint=False)
    return np.stack([np.interp(wanted, along, closed[:, axis]) for axis in (0, 1)], axis=1)


def _centre(cage: Cage, posed: Points, body: np.ndarray, at: float) -> Points:
    near = body & (np.abs(cage.leg - at) < 0.045)
    left, right = near & (cage.points[:, 1] > 0), near & (cage.points[:, 1] <= 0)
    low_high = [np.stack([posed[half].min(axis=0), posed[half].max(axis=0)]).mean(axis=0) for half in (left, right)]
    return np.asarray(np.mean(low_high, axis=0))


def _smooth(values: Points) -> Points:
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray((padded[:-2] + padded[1:-1] + padded[2:]) / 3)
