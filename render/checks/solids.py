"""3D boxes, distances, headings and velocities of labels against the meshes, the camera and each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from render.checks.fault import Fault
from render.silhouette import NEAR_M, Mesh, View

Record = Mapping[str, Any]
Float64 = npt.NDArray[np.float64]
WHEELED = frozenset({"car", "truck", "bus", "motorcycle", "bicycle", "three_wheeler"})
OVER_M = np.array((0.9, 1.3, 0.9))
"""How far a vehicle's mesh may reach over its box in length, width and height: loads, open doors and lids, mirrors."""
SHORT_M, SHORT_SHARE = 0.12, 0.03
"""How far it may fall short of its box, in metres and as a share of the size: the box is that of its body."""
CRUSHED_M, CRUSHED_SHARE = 0.6, 0.15
"""Likewise for a vehicle that a crash has crushed."""
MEASURED_M = 0.03
"""How far the boxes of people and animals, which are measured, may be off on either side."""
TURNED_DEG, CRUSHED_DEG = 5.0, 12.0
"""Angle between the heading of a vehicle and the long axis of its mesh that is a fault, and after a crash."""
LONG = 2.5
"""A mesh has a long axis if its points vary so much more along it (ratio of variances)."""
SIDEWAYS_MPS, SIDEWAYS_SHARE = 0.3, 0.1
"""Velocity across the heading that a wheel allows: rounding, and the side slip of a turning car."""
_CORNERS = np.array([(i, j, k) for i in (-0.5, 0.5) for j in (-0.5, 0.5) for k in (-0.5, 0.5)])


@dataclass(frozen=True, kw_only=True, eq=False)
class Solid:
    """A label's 3D box beside its mesh.

    Args:
        told: the label.
        center_m, size_m: of the box.
        axes: 3x3, columns are its forward, left and up in the world.
        low_m, high_m: the mesh's extent in the box's frame, from its centre.
        turned_deg: from the heading to the long axis of the mesh's points in plan, in (-90, 90]; 0 if it has none.
    """

    told: Record
    center_m: Float64
    size_m: Float64
    axes: Float64
    low_m: Float64
    high_m: Float64
    turned_deg: float

    def corners_m(self) -> Float64:
        """Return the 8 corners of the box that holds both, in the world."""
        low, high = np.minimum(self.low_m, -self.size_m / 2), np.maximum(self.high_m, self.size_m / 2)
        return np.asarray(self.center_m + ((low + high) / 2 + _CORNERS * (high - low)) @ self.axes.T)


def solid(told: Record, mesh: Mesh) -> Solid:
    """Put a label's box and its mesh side by side."""
    box = told["box3d"]
    axes = upright(box["heading_deg"])
    center_m = np.array(box["center_m"], dtype=np.float64)
    own = mesh.vertices_m @ axes - center_m @ axes
    used = np.zeros(len(own), np.bool_)
    used[mesh.triangles] = True
    if not used.all():
        own = own[used]
    return Solid(
        told=told,
        center_m=center_m,
        size_m=np.array(box["size_m"], dtype=np.float64),
        axes=axes,
        low_m=own.min(axis=0),
        high_m=own.max(axis=0),
        turned_deg=_turned_deg(own),
    )


def upright(heading_deg: float) -> Float64:
    """Return forward, left and up of an upright box as columns."""
    cos, sin = np.cos(np.radians(heading_deg)), np.sin(np.radians(heading_deg))
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def solid_faults(objects: Sequence[Record], meshes: Mapping[int, Mesh], view: View) -> list[Fault]:
    """Check every label's 3D box, distance, heading and velocity."""
    faults: list[Fault] = []
    for told in objects:
        mesh = meshes.get(told["instance"])
        if mesh is not None and len(mesh.triangles):
            beside = solid(told, mesh)
            faults += [*_turned(beside), *_extent(beside), *_projection(beside, view)]
        faults += [*_distance(told, view), *_frames(told, view), *_velocity(told)]
    return faults


def depth_faults(objects: Sequence[Record], view: View, own_depths_m: Mapping[int, Float64]) -> Iterator[Fault]:
    """Compare distances with the depth that the pixels of each instance have."""
    for told in objects:
        depths_m = own_depths_m.get(told["instance"])
        if depths_m is None or not len(depths_m):
            continue
        box = told["box3d"]
        center_m = (view.world_to_camera @ np.array([*box["center_m"], 1.0]))[2]
        reach_m = float(np.linalg.norm(box["size_m"])) / 2 + float(OVER_M.max())
        median_m = float(np.median(depths_m))
        if abs(median_m - center_m) > reach_m:
            text = f"has its box {center_m:.2f} m ahead, its pixels lie at {median_m:.2f} m"
            yield Fault(name="wrong_distance", text=text, instance=told["instance"])


def _extent(beside: Solid) -> Iterator[Fault]:
    told = beside.told
    over, short = _allowed_m(beside)
    gaps = np.stack([-beside.size_m / 2 - beside.low_m, beside.high_m - beside.size_m / 2])
    beyond = np.maximum(gaps - over, -gaps - short).max(axis=0)
    if (beyond <= 0).all():
        return
    where = int(np.argmax(beyond))
    text = (
        f"has a 3D box of {told['box3d']['size_m']} m; its mesh ends {gaps[0, where]:+.2f} and {gaps[1, where]:+.2f} m "
        f"outside of it along its {('length', 'width', 'height')[where]}"
    )
    yield Fault(name="wrong_box3d", text=text, instance=told["instance"])


def _allowed_m(beside: Solid) -> tuple[Float64, Float64]:
    """Return how far the mesh may reach over and fall short of the box along its three axes."""
    told, size_m = beside.told, beside.size_m
    if told["category"] not in WHEELED:
        return np.full(3, MEASURED_M), np.full(3, MEASURED_M)
    if told.get("crash") or told.get("damaged_px"):
        return OVER_M, CRUSHED_M + CRUSHED_SHARE * size_m
    return OVER_M, SHORT_M + SHORT_SHARE * size_m


def _turned_deg(own: Float64) -> float:
    x, y = own[:, 0] - own[:, 0].mean(), own[:, 1] - own[:, 1].mean()
    xx, yy, xy = x @ x, y @ y, x @ y
    spread = np.hypot(xx - yy, 2 * xy)
    if xx + yy - spread <= 0 or (xx + yy + spread) / (xx + yy - spread) < LONG:
        return 0.0
    return float(np.degrees(0.5 * np.arctan2(2 * xy, xx - yy)))


def _turned(beside: Solid) -> Iterator[Fault]:
    told = beside.told
    allowed_deg = (CRUSHED_DEG if told.get("crash") else TURNED_DEG) + abs(told.get("articulation_deg", 0.0))
    if told["category"] in WHEELED and abs(beside.turned_deg) > allowed_deg:
        text = (
            f"has heading {told['box3d']['heading_deg']}, its mesh is turned by {beside.turned_deg:.0f} deg from that"
        )
        yield Fault(name="wrong_heading", text=text, instance=told["instance"])


def _projection(beside: Solid, view: View) -> Iterator[Fault]:
    points = beside.corners_m() @ view.world_to_camera[:3, :3].T + view.world_to_camera[:3, 3]
    if (points[:, 2] < NEAR_M).any():
        return
    pixels = points @ view.K.T
    pixels = pixels[:, :2] / pixels[:, 2:] + 0.5
    x0, y0, x1, y1 = beside.told["amodal_xyxy"]
    over = max(*(pixels.min(axis=0) - (x0, y0)), *((x1, y1) - pixels.max(axis=0)))
    if over > 1.0:
        text = f"has an amodal box that reaches {over:.2f} px out of its projected 3D box"
        yield Fault(name="box3d_projection", text=text, instance=beside.told["instance"])


def _distance(told: Record, view: View) -> Iterator[Fault]:
    center = view.world_to_camera @ np.array([*told["box3d"]["center_m"], 1.0])
    true_m = float(np.linalg.norm(center[:3]))
    if abs(true_m - told["distance_m"]) > 0.01 + 1e-3 * true_m:
        text = f"has distance {told['distance_m']} m, its box stands {true_m:.3f} m away"
        yield Fault(name="wrong_distance", text=text, instance=told["instance"])


def _frames(told: Record, view: View) -> Iterator[Fault]:
    in_camera = told.get("box3d_camera")
    if in_camera is None:
        return
    rotation = view.world_to_camera[:3, :3]
    center = (view.world_to_camera @ np.array([*told["box3d"]["center_m"], 1.0]))[:3]
    shift_m = float(np.abs(center - in_camera["center_m"]).max())
    expected = rotation @ upright(told["box3d"]["heading_deg"])
    given = np.array(in_camera["rotation"], dtype=np.float64)
    if shift_m > 0.01 + 1e-4 * float(np.linalg.norm(center)):
        text = f"has its 3D box {shift_m:.3f} m apart in camera and world frame"
        yield Fault(name="box3d_frames", text=text, instance=told["instance"])
    if given.shape != (3, 3) or np.abs(given - expected).max() > 2e-3:
        angle = np.degrees(np.arccos(np.clip(given[:, 0] @ expected[:, 0], -1, 1))) if given.shape == (3, 3) else np.nan
        text = f"heads {angle:.1f} deg elsewhere in the camera frame than in the world"
        yield Fault(name="wrong_heading", text=text, instance=told["instance"])


def _velocity(told: Record) -> Iterator[Fault]:
    velocity, crash = told.get("velocity_mps"), told.get("crash")
    if velocity is None or told["category"] not in WHEELED or (crash and crash.get("phase") != "approach"):
        return
    along = np.array(velocity, dtype=np.float64)[:2] @ upright(told["box3d"]["heading_deg"])[:2, :2]
    speed = float(np.linalg.norm(along))
    if abs(along[1]) > SIDEWAYS_MPS + SIDEWAYS_SHARE * speed:
        text = f"moves at {speed:.1f} m/s, {abs(along[1]):.1f} of it across its heading"
        yield Fault(name="velocity_against_heading", text=text, instance=told["instance"])
