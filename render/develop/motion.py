"""What moves while the shutter is open: optical flow, motion blur along it, and the rolling shutter's shear.

Source: Longuet-Higgins and Prazdny, Proc. R. Soc. B 208 (1980), 385, for the flow; McGuire et al., "A reconstruction
filter for plausible motion blur", I3D 2012, for the gather.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.sampling import Sampling
from scenes.errors import InputError

Image = NDArray[np.float32]
Floats = NDArray[np.float64]
NEAREST_M = 0.3
LEAST_PX = 0.5  # below this a blur drowns in the lens's own
_LONGEST_PX = 48.0
_TILE_PX = 16
_SAMPLES = (8, 16)
NEARER = 0.97  # of the depth: surfaces closer together than this are one


@dataclass(frozen=True, kw_only=True)
class Motion:
    """How the camera moves, and how its sensor reads.

    Args:
        velocity_mps: of the camera, in its own frame: right, down, ahead.
        yaw_rate_radps: about the camera's downward axis; positive turns right.
        readout_s: from the first row to the last; 0 is a global shutter.
    """

    velocity_mps: tuple[float, float, float] = (0.0, 0.0, 0.0)
    yaw_rate_radps: float = 0.0
    readout_s: float = 0.0
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not np.isfinite((*self.velocity_mps, self.yaw_rate_radps)).all():
            raise InputError("motion", "must be finite", got=(self.velocity_mps, self.yaw_rate_radps))
        if not 0 <= self.readout_s <= 0.1:
            raise InputError("motion.readout_s", "must be in [0, 0.1]", got=self.readout_s)


def flow_px(
    depth_m: Image,
    ids: NDArray[np.uint16],
    K: Floats,
    motion: Motion,
    *,
    time_s: float,
    instance_mps: Mapping[int, tuple[float, float, float]] | None = None,
) -> Image:
    """Return how far each pixel's surface moves in the picture, HxWx2 px (right, down), to first order.

    Args:
        depth_m: HxW along the optical axis; 1e10 in the sky.
        ids: HxW instance ids.
        K: 3x3 intrinsics, pixel centres at whole numbers.
        motion: of the camera.
        time_s: shutter time, or 1 for a rate.
        instance_mps: instance to velocity over ground in the camera's frame; the rest of the scene stands.
    """
    rows, columns = depth_m.shape
    x = ((np.arange(columns) - K[0, 2]) / K[0, 0]).astype(np.float32)[None, :]
    y = ((np.arange(rows) - K[1, 2]) / K[1, 1]).astype(np.float32)[:, None]
    inverse = np.float32(1) / np.maximum(depth_m, np.float32(NEAREST_M))
    table = np.zeros((int(ids.max(initial=0)) + 1, 3), np.float32)
    for instance, velocity in (instance_mps or {}).items():
        if 0 < instance < len(table):
            table[instance] = velocity
    table -= np.asarray(motion.velocity_mps, np.float32)
    relative = [table[:, axis][ids] if len(table) > 1 else table[0, axis] for axis in range(3)]
    right, down, ahead = (part * inverse for part in relative)
    turn = np.float32(motion.yaw_rate_radps)
    across = right - x * ahead - turn * (1 + x * x)
    along = down - y * ahead - turn * x * y
    return np.stack([across * np.float32(K[0, 0] * time_s), along * np.float32(K[1, 1] * time_s)], axis=-1)


@dataclass(frozen=True)
class Paths:
    """Which way pixels are gathered, and how far.

    Args:
        lead: HxWx2 px, of what sweeps over each pixel; reach: HxW, its length.
        speed: HxW px, of the pixel itself.
        steps: (N,) moments of the shutter time, in (-0.5, 0.5).
    """

    lead: Image
    reach: Image
    speed: Image
    steps: Image


def led(flow: Image) -> Paths | None:
    """Return the paths of a flow, HxWx2 px; None if nothing moves far enough to be seen."""
    speed = np.hypot(flow[..., 0], flow[..., 1])
    if float(speed.max(initial=0.0)) <= LEAST_PX:
        return None
    limit = np.minimum(1, _LONGEST_PX / np.maximum(speed, 1e-6))
    flow, speed = flow * limit[..., None], speed * limit
    lead = _leading(flow, speed)
    reach = np.hypot(lead[..., 0], lead[..., 1])
    count = int(np.clip(np.ceil(reach.max()), *_SAMPLES))
    steps = (np.arange(count, dtype=np.float32) + np.float32(0.5)) / count - np.float32(0.5)
    return Paths(lead, reach, speed, np.asarray(steps, np.float32))


def blur_along(rgb_linear: Image, depth_m: Image, flow: Image) -> Image:
    """Blur a picture, HxWx3, along the flow of the shutter time, HxWx2 px, centred in time.

    A sharp foreground keeps its edge, a moving one spreads over what stands behind it. A sample in front
    counts if its own path reaches the pixel, one behind if the pixel's path reaches it; weights are normalised, so an
    even field stays even, and light is conserved wherever neighbours move alike.
    """
    paths = led(flow)
    if paths is None:
        return rgb_linear
    lead, reach, speed = paths.lead, paths.reach, paths.speed
    rows, columns = speed.shape
    x, y = np.arange(columns, dtype=np.float32)[None, :], np.arange(rows, dtype=np.float32)[:, None]
    near = np.ascontiguousarray(np.stack([1 / np.maximum(depth_m, np.float32(NEAREST_M)), speed], -1), np.float32)
    total, weights = np.zeros_like(rgb_linear), np.zeros((rows, columns), np.float32)
    for step in paths.steps:
        map_x, map_y = x + step * lead[..., 0], y + step * lead[..., 1]
        there = cv2.remap(near, map_x, map_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        colour = cv2.remap(rgb_linear, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        gone = abs(step) * reach
        own = np.clip(there[..., 1] / 2 - gone + np.float32(0.5), 0, 1)
        mine = np.clip(speed / 2 - gone + np.float32(0.5), 0, 1)
        weight = np.where(there[..., 0] * np.float32(NEARER) > near[..., 0], own, np.maximum(own, mine))
        weight = np.where(there[..., 0] < near[..., 0] * np.float32(NEARER), mine, weight)
        total += colour * cv2.merge([weight] * 3)
        weights += weight
    blurred = total / np.maximum(weights, np.float32(1e-6))[..., None]
    return np.where((reach > LEAST_PX)[..., None] & (weights > 0)[..., None], blurred, rgb_linear)


def _leading(flow: Image, speed: Image) -> Image:
    """Return each pixel's own flow or, where a neighbour is twice as fast, the fastest one's; HxWx2."""
    rows, columns = speed.shape
    down, over = -(-rows // _TILE_PX), -(-columns // _TILE_PX)
    padding = ((0, down * _TILE_PX - rows), (0, over * _TILE_PX - columns))
    tiles = np.pad(speed, padding).reshape(down, _TILE_PX, over, _TILE_PX).swapaxes(1, 2).reshape(down, over, -1)
    best = tiles.argmax(axis=-1)
    row = np.minimum(np.arange(down)[:, None] * _TILE_PX + best // _TILE_PX, rows - 1)
    column = np.minimum(np.arange(over)[None, :] * _TILE_PX + best % _TILE_PX, columns - 1)
    vectors = np.pad(flow[row, column], ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = np.stack([vectors[i : i + down, j : j + over] for i in range(3) for j in range(3)])
    fastest = (around**2).sum(axis=-1).argmax(axis=0)
    chosen = np.take_along_axis(around, fastest[None, ..., None], axis=0)[0]
    full = np.repeat(np.repeat(chosen, _TILE_PX, axis=0), _TILE_PX, axis=1)[:rows, :columns]
    quicker = np.hypot(full[..., 0], full[..., 1]) > 2 * speed + 1
    return np.asarray(np.where(quicker[..., None], full, flow), np.float32)


def roll(flow_pxps: Image, readout_s: float) -> Sampling | None:
    """Return where a rolling shutter's pixels come from in the picture of its middle row's time; None if global.

    Args:
        flow_pxps: HxWx2, `flow_px` for one second.
        readout_s: from the first row to the last.
    """
    rows, columns = flow_pxps.shape[:2]
    time_s = (((np.arange(rows) + 0.5) / rows - 0.5) * readout_s).astype(np.float32)[:, None]
    shift = np.clip(flow_pxps * time_s[..., None], -_LONGEST_PX, _LONGEST_PX).astype(np.float32)
    if float(np.abs(shift).max(initial=0.0)) < 0.05:
        return None
    x, y = np.arange(columns, dtype=np.float32)[None, :], np.arange(rows, dtype=np.float32)[:, None]
    first = Sampling(x - shift[..., 0], y - shift[..., 1])
    shift = first.nearest(flow_pxps.astype(np.float32)) * time_s[..., None]
    shift = np.clip(shift, -_LONGEST_PX, _LONGEST_PX)
    return Sampling(x - shift[..., 0], y - shift[..., 1])
