"""Loose pieces as rigid bodies: Blender's physics carries them from where they came off to where they lie.

They fly against the hulls and wheels of crash parties on their way, against parked cars and posts, against kerbs and
each other. The same pieces come to the same places, bit by bit, in every process on one machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix
from scipy.spatial import ConvexHull

from scenes.crashes.fragments import BODY_SHARE, CLEARANCE_M, SLIDING
from scenes.friction import tyre_friction
from scenes.spec.remains import Debris, Hull, Launch
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Array
from scenes.stage.mesh import Points

_RATE_HZ, _SUBSTEPS, _LONGEST_S = 60, 4, 4.5
_LEAD = 4
"""Frames in which a piece is led at its velocity before it is let go."""
_LOOKS, _RESTS_M = 15, 0.003
"""Every so many frames it is seen whether any piece has still moved so far."""
_HIDDEN_M = -60.0
_RESTITUTION, _DAMPING = 0.2, 0.1
_SPIN_RAD_S = 5.0
_KG_PER_M2, _LEAST_KG = 4.0, 0.05
_WHEEL_M = (0.31, 0.1)
"""Radius and half of the width of what stands for a wheel."""
_POST_M = {"utility_pole": 0.15, "lamp_post": 0.1, "tree": 0.2, "bollard": 0.08}
_FARTHEST_M = 45.0
_LIES_M = 0.05
_BOX = np.array([(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
_BOX_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def settled(pieces: Mapping[int, tuple[Debris, Points]], spec: SceneSpec, kerbs: Sequence[Any]) -> dict[int, Array]:
    """Return where pieces are at the scene's moment.

    Args:
        pieces: number to piece with a launch, and the (N, 3) points of its shape, to scale.
        spec: the scene that they are in.
        kerbs: Blender meshes of what stands up from the road, in the world.

    Returns:
        Number to (4, 4) matrix of its shape in the world; those that have left the place are not there.
    """
    launched = {number: (piece.launch, points) for number, (piece, points) in pieces.items() if piece.launch}
    if not launched:
        return {}
    world = _World(friction=tyre_friction(spec.street))
    try:
        world.ground(kerbs)
        for vehicle, hull in _hulls(spec):
            world.vehicle(vehicle, hull)
        for post in spec.obstacles:
            if radius := _POST_M.get(post.kind):
                world.still(radius * np.array([1, 1, 0]) + (0, 0, 1.5), (post.x_m, post.y_m, 1.5))
        for number, (launch, points) in launched.items():
            world.piece(number, launch, points, pieces[number][0].seed)
        shown = min(max(launch.shown_s for launch, _ in launched.values()), _LONGEST_S)
        return {number: _grounded(at, launched[number][1]) for number, at in world.run(shown) if _near(at, spec)}
    finally:
        world.remove()


def _hulls(spec: SceneSpec) -> Iterator[tuple[Vehicle, Hull | None]]:
    """Yield crash parties with their way, and what is parked."""
    ways = {hull.actor_id: hull for hull in spec.hulls}
    for vehicle in spec.vehicles:
        if vehicle.actor_id in ways:
            yield vehicle, ways[vehicle.actor_id]
        elif not vehicle.crash and not vehicle.driver and not any(vehicle.velocity_mps):
            yield vehicle, None


def _near(at: Array, spec: SceneSpec) -> bool:
    """Return whether a piece is still about: has neither fallen through the ground nor flown off."""
    about = [(hull.x_m[0], hull.y_m[0]) for hull in spec.hulls] or [(at[0, 3], at[1, 3])]
    far = np.linalg.norm(at[:2, 3] - np.mean(about, axis=0))
    return bool(np.isfinite(at).all() and at[2, 3] > -_LIES_M and far < _FARTHEST_M)


def _grounded(at: Array, points: Points) -> Array:
    """Return a matrix whose shape does not dip into the road, nor hang a finger's breadth above it."""
    low = float((points @ at[2, :3] + at[2, 3]).min())
    if abs(low) < _LIES_M:
        at[2, 3] -= low
    return at


class _World:
    """A scene of its own that holds nothing but bodies, so that stepping it is cheap."""

    def __init__(self, *, friction: float) -> None:
        self.friction = friction
        self.scene = bpy.data.scenes.new("rigid bodies")
        self.scene.render.fps = _RATE_HZ
        with bpy.context.temp_override(scene=self.scene, view_layer=self.scene.view_layers[0]):
            bpy.ops.rigidbody.world_add()
        self.world = self.scene.rigidbody_world
        self.world.substeps_per_frame, self.world.solver_iterations = _SUBSTEPS, 10
        self.world.collection = bpy.data.collections.new("rigid bodies")
        last = _LEAD + int(_LONGEST_S * _RATE_HZ) + 1
        self.world.point_cache.frame_start, self.world.point_cache.frame_end = 0, last
        self.pieces: dict[int, tuple[Any, Array]] = {}
        self.ways: dict[int, list[tuple[Any, Array, Array]]] = {}
        self.freed: dict[int, list[Any]] = {}
        self.made: list[Any] = []

    def ground(self, kerbs: Sequence[Any]) -> None:
        self.still(np.array([400.0, 400.0, 5.0]), (0.0, 0.0, -5.0))
        for mesh in kerbs:
            body = self._linked(bpy.data.objects.new("kerb", mesh), "PASSIVE", "MESH")
            body.rigid_body.mesh_source = "BASE"

    def still(self, half_m: Array, where_m: Sequence[float]) -> None:
        """Add a box that does not move."""
        self._body(half_m * _BOX, _BOX_FACES, "PASSIVE", "BOX").location = where_m

    def vehicle(self, vehicle: Vehicle, hull: Hull | None) -> None:
        """Add a body and wheels that go the vehicle's way."""
        high = BODY_SHARE * vehicle.height_m
        half = np.array([vehicle.length_m, vehicle.width_m, high - CLEARANCE_M]) / 2
        raised = np.array([0.0, 0.0, CLEARANCE_M + half[2]])
        parts = [self._body(half * _BOX + raised, _BOX_FACES, "PASSIVE", "CONVEX_HULL")]
        radius, wide = _WHEEL_M
        angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        rim = np.column_stack([radius * np.cos(angle), np.full(16, wide), radius * np.sin(angle)])
        for ahead in (0.5, -0.5):
            for side in (1, -1):
                middle = (ahead * vehicle.wheelbase_m, side * (vehicle.width_m / 2 - wide - 0.03), radius)
                points = np.concatenate([rim, rim * (1, -1, 1)]) + middle
                parts.append(self._body(points, (), "PASSIVE", "CONVEX_HULL"))
        for part in parts:
            part.rigid_body.kinematic = True
            if hull:
                self._on_its_way(part, hull, vehicle)
            else:
                part.matrix_world = Matrix(_pose(vehicle.x_m, vehicle.y_m, vehicle.heading_deg).tolist())

    def piece(self, number: int, launch: Launch, points: Points, seed: int) -> None:
        """Add a piece that is led at its velocity until it comes off."""
        shell = points[ConvexHull(points, qhull_options="QJ").vertices]
        centre = shell.mean(axis=0)
        made = self._body(shell - centre, (), "ACTIVE", "CONVEX_HULL")
        extent = np.ptp(points, axis=0)
        made.rigid_body.mass = max(_KG_PER_M2 * float(extent[0] * extent[1]), _LEAST_KG)
        made.rigid_body.linear_damping, made.rigid_body.angular_damping = 0.0, _DAMPING
        rng = np.random.default_rng(seed)
        turn, spin = rng.uniform(-np.pi, np.pi, 3) * (0.5, 0.5, 1), rng.normal(0, _SPIN_RAD_S, 3)
        off = _LEAD + round(launch.made_s * _RATE_HZ)
        start, velocity = np.array(launch.from_m), np.array(launch.velocity_mps)
        for frame in range(off - _LEAD, off + 1):
            gone_s = (frame - off) / _RATE_HZ
            self._led(frame, made, start + gone_s * velocity, turn + gone_s * spin)
        if off > _LEAD:
            self._led(0, made, np.array([start[0], start[1], _HIDDEN_M]), turn)
        made.rigid_body.kinematic = True
        self.freed.setdefault(off, []).append(made)
        self.pieces[number] = (made, centre)

    def run(self, shown_s: float) -> Iterator[tuple[int, Array]]:
        """Step to a time since the impact, or until all lie still; yields where each piece is."""
        last, before = _LEAD + round(shown_s * _RATE_HZ), np.zeros(0)
        for frame in range(last + 1):
            for made, where_m, turned in self.ways.get(frame, ()):
                made.location, made.rotation_euler = where_m, turned
            self.scene.view_layers[0].update()  # else places would race against the step in another thread
            self.scene.frame_set(frame)
            for made in self.freed.get(frame, ()):
                made.rigid_body.kinematic = False
            if frame % _LOOKS == 0 and frame > _LEAD:
                now = np.array([at[:3, 3] for at in self._poses()])
                if before.size and np.abs(now - before).max() < _RESTS_M and max(self.ways) < frame:
                    break
                before = now
        for number, at in zip(self.pieces, self._poses(), strict=True):
            at[:3, 3] -= at[:3, :3] @ self.pieces[number][1]
            yield number, at

    def remove(self) -> None:
        for made in self.made:
            mesh = made.data
            bpy.data.objects.remove(made)
            if not mesh.users:
                bpy.data.meshes.remove(mesh)
        collection = self.world.collection
        bpy.data.scenes.remove(self.scene)
        bpy.data.collections.remove(collection)

    def _led(self, frame: int, made: Any, where_m: Array, turned: Array) -> None:
        """Put a body somewhere at a frame; keyed curves would race against the step in another thread."""
        if not frame:
            made.location, made.rotation_euler = where_m, turned
        self.ways.setdefault(frame, []).append((made, where_m, turned))

    def _on_its_way(self, part: Any, hull: Hull, vehicle: Vehicle) -> None:
        """Lead a part along its vehicle's way; one that rolls over turns about its middle and stays on the ground."""
        last = _LEAD + int(np.ceil(min(hull.times_s[-1], _LONGEST_S) * _RATE_HZ))
        frames = np.arange(last + 1)
        x, y, yaw, roll = (
            np.interp((frames - _LEAD) / _RATE_HZ, hull.times_s, values)
            for values in (hull.x_m, hull.y_m, np.deg2rad(hull.heading_deg), -np.deg2rad(hull.tipped_deg))
        )
        high, wide = vehicle.height_m / 2, vehicle.width_m / 2
        middle = np.where(roll == 0, high, np.abs(np.cos(roll)) * high + np.abs(np.sin(roll)) * wide)
        aside, up = -np.sin(roll) * high, np.cos(roll) * high
        where = np.column_stack([x + np.sin(yaw) * aside, y - np.cos(yaw) * aside, middle - up])
        turned = np.column_stack([roll, 0 * roll, yaw])
        for frame in frames.tolist():
            self._led(frame, part, where[frame], turned[frame])

    def _poses(self) -> list[Array]:
        graph = self.scene.view_layers[0].depsgraph
        return [np.array(made.evaluated_get(graph).matrix_world, dtype=float) for made, _ in self.pieces.values()]

    def _body(self, points: Points, faces: Sequence[Sequence[int]], kind: str, shape: str) -> Any:
        mesh = bpy.data.meshes.new("body")
        mesh.from_pydata(points.tolist(), [], faces)
        return self._linked(bpy.data.objects.new("body", mesh), kind, shape)

    def _linked(self, made: Any, kind: str, shape: str) -> Any:
        self.scene.collection.objects.link(made)
        self.world.collection.objects.link(made)
        body = made.rigid_body
        body.type, body.collision_shape = kind, shape
        body.use_margin, body.collision_margin = True, 0.0
        body.friction, body.restitution = sqrt(SLIDING * self.friction), sqrt(_RESTITUTION)  # Bullet multiplies both
        self.made.append(made)
        return made


def _pose(x_m: float, y_m: float, heading_deg: float) -> Array:
    angle = np.deg2rad(heading_deg)
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0, x_m], [s, c, 0, y_m], [0, 0, 1, 0], [0, 0, 0, 1]])
