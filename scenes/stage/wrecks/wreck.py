"""Damage to a finished asset: sheet metal moved by dents, parts torn off, glass and lamps broken, fire.

The asset comes from an undamaged builder. Part ids say what a face is, so any vehicle can be wrecked; `damage`
moves points, this module decides what breaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scenes.ontology import PARTS
from scenes.spec.vehicle import Lost, Vehicle
from scenes.stage.asset import Array, Asset, Finish, Piece, Solid
from scenes.stage.mesh import MeshBuilder
from scenes.stage.surface import Surface, surface
from scenes.stage.wrecks.damage import Deformation
from scenes.stage.wrecks.wreck_keypoints import Bent, follow
from scenes.stage.wrecks.wreck_wheels import NO_TYRES_BURNT, SINK_FLAT_M, hurt_hubs, hurt_wheels

_WHEEL, _GLASS = PARTS["wheel"], PARTS["glass"]
_LAMPS = [PARTS[name] for name in ("headlamp", "tail_lamp", "indicator")]
_LOST_PARTS = MappingProxyType(
    {"bumper_front": "bumper", "bumper_rear": "bumper", "bonnet": "bonnet", "mirror_left": "mirror"}
    | {"mirror_right": "mirror"}
)
_LAMP_BREAKS_M = 0.05
_SINK_LOST_M = 0.11
_DAMAGED_M, _TOUCHED_M = 0.01, 0.002
"""A face is damaged if it went further than the first, the second of it pushed by a dent: what hangs together with a
crushed part and only shifts with it is whole."""
_NO_GLASS_BURNT = 0.4


def is_whole(vehicle: Vehicle) -> bool:
    """Tell whether a vehicle has no damage at all."""
    damage = (vehicle.dents, vehicle.severity, vehicle.lost, vehicle.flat_tyres, vehicle.airbags, vehicle.burnt)
    return not any(damage)


def wrecked(asset: Asset, vehicle: Vehicle) -> Asset:
    """Return the asset as the damage in the spec left it; the same object if there is none.

    Args:
        asset: undamaged, in the vehicle's frame.
        vehicle: `dents`, `severity`, `lost`, `flat_tyres`, `airbags` and `burnt` say what happened.
    """
    if is_whole(vehicle):
        return asset
    deform = Deformation(vehicle)
    wheels = [piece for piece in asset.pieces if _is_wheel(piece.solid)]
    bent = [_bent(piece, vehicle, deform) for piece in asset.pieces if not _is_wheel(piece.solid)]
    pieces = hurt_wheels(wheels, vehicle, deform, tyres=vehicle.burnt <= NO_TYRES_BURNT)
    pieces += [Piece(solid=solid) for body in bent if (solid := _broken(body, vehicle)) is not None]
    if vehicle.burnt > 0:
        pieces = [replace(piece, solid=_singed(piece.solid)) for piece in pieces]
    if vehicle.airbags:
        pieces.append(_airbags(vehicle))
    hubs = [point for point in asset.keypoints if point.name.startswith("wheel")]
    fixed = [point for point in asset.keypoints if not point.name.startswith("wheel")]
    keypoints = (*hurt_hubs(hubs, vehicle, deform), *follow(fixed, bent))
    made = Asset(pieces=tuple(pieces), beams=asset.beams, keypoints=keypoints)
    return made if vehicle.burnt <= NO_TYRES_BURNT else _set_down(made)


def _set_down(asset: Asset) -> Asset:
    """Lower a vehicle whose tyres are gone onto its rims."""
    down = np.eye(4)
    down[2, 3] = -float(asset.points()[:, 2].min())
    pieces = (
        Piece(solid=piece.solid, matrices=tuple(down @ matrix for matrix in piece.matrices)) for piece in asset.pieces
    )
    lower = [replace(point, where_m=(*point.where_m[:2], point.where_m[2] + down[2, 3])) for point in asset.keypoints]
    return Asset(pieces=tuple(pieces), beams=asset.beams, keypoints=tuple(lower))


def wrecked_finish(finish: Finish, vehicle: Vehicle) -> Finish:
    """Return the finish with what only wrecks show: cracked glass, broken lamps, airbags, scuffs and fire."""
    if is_whole(vehicle):
        return finish
    shown: dict[str, Surface] = dict(finish)
    for slot, made in finish.items():
        if made.recipe == "car_paint":
            shown[slot] = Surface(
                recipe="car_paint", values=tuple(sorted((*made.values, ("scuffs", round(vehicle.severity, 3)))))
            )
        if vehicle.burnt > 0 and "lamp" not in slot:
            shown[slot] = _charred(slot, made, vehicle.burnt)
    return {
        **shown,
        "glass_cracked": surface("cracked_glass"),
        "lamp_broken": surface("plain", colour=(0.03, 0.03, 0.032), roughness=0.35),
        "airbag": surface("plain", colour=(0.62, 0.61, 0.58), roughness=0.9),
    }


def _charred(slot: str, made: Surface, burnt: float) -> Surface:
    if "glass" in slot and burnt <= _NO_GLASS_BURNT:
        return surface("plain", colour=(0.01, 0.009, 0.008), roughness=0.5)
    return surface("burnt", colour=dict(made.values).get("colour", (0.1, 0.1, 0.1)), amount=burnt)


def _is_wheel(solid: Solid) -> bool:
    return bool((solid.parts == _WHEEL).all())


def _bent(piece: Piece, vehicle: Vehicle, deform: Deformation) -> Bent:
    """Deform a solid that stands once; its vertices come back in the vehicle's frame."""
    matrix, solid = piece.matrices[0], piece.solid
    before = solid.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    dented = deform(before)
    pushed_m = np.linalg.norm(dented - before, axis=1)
    torn = _torn(dented, solid, pushed_m, vehicle)
    moved_m = solid.face_means(np.stack([pushed_m, np.linalg.norm(torn - before, axis=1)], axis=1))
    hurt = (moved_m[:, 1] > _DAMAGED_M) & (moved_m[:, 0] > _TOUCHED_M)
    solid = replace(solid, vertices=_sunk(torn, vehicle).astype(np.float32), damaged=hurt)
    return Bent(solid=solid, before=before, pushed_m=pushed_m)


def _broken(body: Bent, vehicle: Vehicle) -> Solid | None:
    """Break lamps and glass, scratch paint, take off what is lost."""
    solid = body.solid
    centres, moved_m = solid.face_means(body.before), solid.face_means(body.pushed_m[:, None])[:, 0]
    solid = _scuffed(_broken_lamps(solid, moved_m), moved_m, vehicle)
    keep = ~_lost(solid, centres, vehicle.lost)
    solid, gone = _broken_glass(solid, centres, vehicle)
    return solid.kept(keep & ~gone)


def _singed(solid: Solid) -> Solid:
    """Mark all that fire chars, which is what `wrecked_finish` shows as burnt."""
    lamps = [number for number, slot in enumerate(solid.slot_names) if "lamp" in slot]
    return replace(solid, damaged=_damaged(solid) | ~np.isin(solid.slots, lamps))


def _damaged(solid: Solid) -> Array:
    return np.zeros(len(solid.sizes), dtype=bool) if solid.damaged is None else solid.damaged


def _torn(points: Array, solid: Solid, moved_m: Array, vehicle: Vehicle) -> Array:
    """Shift every part of a crushed zone a little against its neighbours, so that gaps and edges open."""
    rng = np.random.default_rng([vehicle.model, 5])
    torn = points.copy()
    part_of = np.zeros(len(points), dtype=np.int64)
    part_of[solid.loops] = np.repeat(solid.parts, solid.sizes)
    for part in np.unique(solid.parts):
        mine = part_of == part
        hurt = float(moved_m[mine].mean()) if mine.any() else 0.0
        torn[mine] += rng.normal(size=3) * np.array([0.10, 0.08, 0.10]) * hurt * vehicle.severity
    return torn


def _sunk(points: Array, vehicle: Vehicle) -> Array:
    """Tilt the body over the diagonal towards wheels that are flat or gone."""
    lowered = points.copy()
    for x_sign, y_sign, sink_m in _sinking(vehicle):
        along = x_sign * points[:, 0] / (vehicle.wheelbase_m / 2)
        across = y_sign * points[:, 1] / (vehicle.width_m / 2)
        lowered[:, 2] -= sink_m * np.clip((along + across) / 2, -0.6, 1.1)
    return lowered


def _sinking(vehicle: Vehicle) -> Iterable[tuple[int, int, float]]:
    for axle, side in vehicle.flat_tyres:
        yield (1 if axle == 0 else -1), side, SINK_FLAT_M
    for lost in vehicle.lost:
        if lost.startswith("wheel"):
            yield (1 if "front" in lost else -1), (1 if "left" in lost else -1), _SINK_LOST_M


def _lost(solid: Solid, centres: Array, lost: tuple[Lost, ...]) -> Array:
    """Mark the faces of parts that came off."""
    gone = np.zeros(len(solid.sizes), dtype=bool)
    for name in lost:
        if name in _LOST_PARTS:
            mine = solid.parts == PARTS[_LOST_PARTS[name]]
            x, y = centres[:, 0], centres[:, 1]
            where = {"front": x > 0, "rear": x < 0, "left": y > 0, "right": y < 0}
            gone |= mine & where.get(name.rpartition("_")[2], np.ones_like(mine))
    return gone


def _broken_lamps(solid: Solid, moved_m: Array) -> Solid:
    broken = np.isin(solid.parts, _LAMPS) & (moved_m > _LAMP_BREAKS_M)
    return _showing(solid, broken, "lamp_broken")


def _broken_glass(solid: Solid, centres: Array, vehicle: Vehicle) -> tuple[Solid, Array]:
    """Crack or empty every pane near the damage: laminated screens crack, tempered panes fall out."""
    panes = solid.parts == _GLASS
    gone = np.zeros(len(solid.sizes), dtype=bool)
    if not panes.any():
        return solid, gone
    rng = np.random.default_rng([vehicle.model, 7])
    islands = _islands(solid)
    cracked = gone.copy()
    for island in np.unique(islands[panes]):
        mine = panes & (islands == island)
        where, chance = centres[mine].mean(axis=0), float(rng.random())
        hurt = _hurt(where, vehicle)
        screen = where[0] > 0.05 * vehicle.length_m and abs(where[1]) < 0.15 * vehicle.width_m
        if vehicle.burnt > _NO_GLASS_BURNT:
            gone |= mine
        elif screen:
            cracked |= mine & (hurt > 0.16 + 0.2 * chance)
        else:
            gone |= mine & (hurt > 0.22 + 0.3 * chance)
    return _showing(solid, cracked & ~gone, "glass_cracked"), gone


def _hurt(where: Array, vehicle: Vehicle) -> float:
    """Return how hard the nearest dent shook a place, in [0, 1]."""
    away_m = [float(np.linalg.norm(where - np.array(dent.point_m))) - 0.5 * dent.width_m for dent in vehicle.dents]
    return vehicle.severity * float(np.exp(-max(0.0, min(away_m)) / 1.4)) if away_m else 0.0


def _islands(solid: Solid) -> Array:
    """Return for each face the number of its connected patch."""
    starts = np.cumsum(solid.sizes) - solid.sizes
    first = np.repeat(solid.loops[starts], solid.sizes)
    count = len(solid.vertices)
    links = coo_array((np.ones(len(first)), (first, solid.loops)), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1][solid.loops[starts]])


def _scuffed(solid: Solid, moved_m: Array, vehicle: Vehicle) -> Solid:
    """Write how much each face was rubbed into its tint's fourth value, 1 for untouched."""
    rubbed = np.clip(moved_m / 0.12, 0, 1) * (0.35 + 0.65 * vehicle.severity)
    tints = solid.tints.copy()
    tints[:, 3] = np.minimum(tints[:, 3], 1 - rubbed)
    return replace(solid, tints=tints)


def _showing(solid: Solid, faces: Array, slot: str) -> Solid:
    if not faces.any():
        return solid
    names = solid.slot_names if slot in solid.slot_names else (*solid.slot_names, slot)
    slots = solid.slots.copy()
    slots[faces] = names.index(slot)
    return replace(solid, slots=slots, slot_names=names, damaged=_damaged(solid) | faces)


def _airbags(vehicle: Vehicle) -> Piece:
    """Return the two front airbags, 0.62 and 0.7 m across, hanging where they burst from wheel and dashboard."""
    builder = MeshBuilder(part=PARTS["airbag"])
    for y, wide, x in ((0.21, 0.31, 0.10), (-0.21, 0.35, 0.12)):
        angles = np.linspace(-np.pi / 2, np.pi / 2, 11)
        builder.lathe(np.stack([wide * np.cos(angles), 0.6 * wide * np.sin(angles)], axis=-1), segments=20)
        ball = builder.vertices[-1][:, [2, 0, 1]]  # flat side to the front
        wrinkles = 1 + 0.05 * np.sin(17 * ball[:, 1:2] + 3) * np.sin(23 * ball[:, 2:3])
        place = (x * vehicle.length_m, y * vehicle.width_m, 0.66 * vehicle.height_m)
        builder.vertices[-1] = ball * wrinkles + np.array(place)
    return Piece(solid=builder.solid("airbags", ("airbag",), smooth=True))
