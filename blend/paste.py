"""Whole objects of other frames, pasted where a camera at this place would see them.

An object is taken if it is whole: nothing hides it, the border does not cut it, nobody sits on it, no crash has shaped
it. It comes from a frame of another scene under the same look. Both frames' cameras say how far away it was and where
on the ground of this frame it would look the same: as large, from the same height, from nearly the same side. It is
refused where it would not stand on the road, where it would cover something that stands nearer, and where it would
hide an object so far that the drop rule takes that away. No shadow of the sun is drawn, only the dark under the object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.ground import Camera, camera_of, semantic_of
from blend.picture import Annotation, Picture, decode_mask, decode_rgb, encode_mask, tight_xywh
from blend.relabel import UNKNOWN, DropRule, covered
from blend.variety import Ids, Rgb
from scenes.ontology import STUFF
from scenes.seeds import generator

Bools = NDArray[np.bool_]
Likeness = tuple[int, int, object, object]
Offer = tuple[Picture, Annotation]
Donors = Mapping[Likeness, Sequence[Offer]]
ROAD = (STUFF["road"], STUFF["marking"])
FOOTWAY = (STUFF["pavement"], STUFF["kerb"])
NEAR_STUFF = tuple(STUFF[name] for name in ("pole", "sign", "signal", "fence", "furniture"))
"""What may stand before an object, and has no depth here."""
STANDS_ON = {
    "car": ROAD, "truck": ROAD, "bus": ROAD, "three_wheeler": ROAD, "person": (*ROAD, *FOOTWAY),
}  # fmt: skip
"""What may be pasted, and on what it stands. Two-wheelers come with riders, who are objects of their own."""
LEAST_PX, MOST_HIDDEN = 250, 0.02
SCALES = (0.65, 1.1)
"""Enlarged more, it is softer than its surroundings; made smaller, it is sharper, and the fog before it thinner."""
MOST_TURN_DEG, MOST_RISE_DEG = 9.0, 2.5
"""By how much it may be seen from another side, and from higher or lower, than it was."""
LEAST_STANDING, MOST_NEAR = 0.95, 0.01
ROOM = 0.12
"""Of its height: as far below what it covers it must stand, lest the two stand in each other."""
TRIES_EACH, TRIES = 12, 30


@dataclass(frozen=True, kw_only=True)
class Pasting:
    """A frame and what has been pasted into it.

    Args:
        rgb: uint8 (H, W, 3).
        ids: uint16 (H, W); annotation at place n has id n + 1.
        frame: as it was.
        annotations: with what has been pasted, last.
        pasted: frame, key, place and scale of each object.
        refused: how often an object or a place was refused, by reason.
    """

    rgb: Rgb
    ids: Ids
    frame: Picture
    annotations: tuple[Annotation, ...]
    pasted: list[dict[str, Any]]
    refused: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """An object cut out: pixels and mask of its box, and where its camera saw it."""

    box: Annotation
    frame: str
    rgb: Rgb
    mask: Bools
    camera: Camera
    foot: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The frame's camera, and what each pixel shows of the scene (`scenes.ontology.STUFF`)."""

    camera: Camera
    shown: NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where an object goes: rows and columns, its mask there, and how much larger it is than it was."""

    window: tuple[slice, slice]
    mask: Bools
    scale: float


def unpasted(rgb: Rgb, ids: Ids, frame: Picture) -> Pasting:
    """Return a frame into which nothing has been pasted."""
    return Pasting(rgb=rgb, ids=ids, frame=frame, annotations=frame.annotations, pasted=[], refused={})


def paste(into: Pasting, donors: Donors, *, most: int, rule: DropRule, seed: int) -> Pasting:
    """Paste one to `most` whole objects of other frames; fewer, or none, where no place is right.

    Args:
        into: the frame.
        donors: what there is to be taken, see `offers`.
        most: objects.
        rule: what may be left of objects that are covered.
        seed: any integer.
    """
    rng, refused = generator(seed, "paste"), Counter[str]()
    camera, shown = camera_of(into.frame), semantic_of(into.frame)
    wanted = int(rng.integers(1, most + 1))
    likely = [one for one in donors.get(_likeness(into.frame), ()) if one[0].group != into.frame.group]
    if camera is None or shown is None or not likely:
        why = "the frame has no camera or semantic map" if likely else "no whole object under the same look"
        return replace(into, refused={why: 1})
    ground = Ground(camera=camera, shown=shown)
    for number in rng.permutation(len(likely))[:TRIES].tolist():
        if len(into.pasted) >= wanted:
            break
        piece = _piece(*likely[number])
        if isinstance(piece, str):
            refused[piece] += 1
            continue
        for _ in range(TRIES_EACH):
            done = _placed(into, piece, ground, rule, rng)
            if isinstance(done, Pasting):
                into = done
                break
            refused[done] += 1
    return replace(into, refused=dict(sorted(refused.items())))


def offers(pictures: Iterable[Picture]) -> Donors:
    """List the objects that their facts call whole, by what a frame must share with theirs."""
    found: dict[Likeness, list[Offer]] = {}
    for picture in pictures:
        found.setdefault(_likeness(picture), []).extend((picture, box) for box in picture.annotations if _whole(box))
    return found


def _likeness(frame: Picture) -> Likeness:
    return (frame.width, frame.height, frame.facts.get("lighting"), frame.facts.get("look_name"))


def _whole(box: Annotation) -> bool:
    facts = box.facts
    odd = any(facts.get(key) for key in ("crash", "carried", "iscrowd", "tipped_deg", "articulation_deg"))
    hidden, cut = facts.get("occlusion"), facts.get("truncation")
    measured = hidden is not None and hidden <= MOST_HIDDEN and cut == 0
    return box.category in STANDS_ON and measured and not odd and box.area_px >= LEAST_PX and box.rle is not None


def _piece(donor: Picture, box: Annotation) -> Piece | str:
    """Cut an object out, or say why not."""
    camera = camera_of(donor)
    if camera is None:
        return "its frame has no camera"
    mask = decode_mask(box.rle or {})
    around = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    if any(other is not box and (decode_mask(other.rle or {}) & around).any() for other in donor.annotations):
        return "it touches another object"
    x, y, w, h = (int(value) for value in box.xywh)
    feet = np.flatnonzero(mask[y + h - 1])
    rgb = decode_rgb(donor.path)[y : y + h, x : x + w]
    foot = (float(feet.mean()) + 0.5, float(y + h))
    return Piece(box=box, frame=donor.name, rgb=rgb, mask=mask[y : y + h, x : x + w], camera=camera, foot=foot)


def _placed(into: Pasting, piece: Piece, ground: Ground, rule: DropRule, rng: np.random.Generator) -> Pasting | str:
    """Try one place; return the frame with the object in it, or why not."""
    spot = _spot(piece, ground.camera, rng)
    if isinstance(spot, str):
        return spot
    height, width = into.ids.shape
    rows, columns = spot.window
    if columns.start < 0 or rows.start < 0 or columns.stop > width or rows.stop > height:
        return "it would reach over the border"
    why = _unsupported(piece, spot, ground) or _crossing(into, spot, rule)
    return why or _put(into, piece, spot)


def _spot(piece: Piece, camera: Camera, rng: np.random.Generator) -> Spot | str:
    """Draw a size and a side, and find the ground where the object would have them."""
    scale, turn_deg = float(rng.uniform(*SCALES)), float(rng.uniform(-MOST_TURN_DEG, MOST_TURN_DEG))
    before_m = piece.camera.depth_m(*piece.foot)
    if not np.isfinite(before_m):
        return "it stands above its horizon"
    x = camera.column(piece.camera.aside_rad(piece.foot[0]) + np.radians(turn_deg))
    depth_m = before_m * camera.focal_px / (piece.camera.focal_px * scale)
    rise = np.arctan(camera.height_m / depth_m) - np.arctan(piece.camera.height_m / before_m)
    if abs(np.degrees(rise)) > MOST_RISE_DEG:
        return "it would be seen from another height"
    high, wide = (max(round(side * scale), 1) for side in piece.mask.shape)
    left = round(x - (piece.foot[0] - piece.box.xywh[0]) * scale)
    bottom = round(camera.row(x, depth_m))
    mask = cv2.resize(piece.mask.astype(np.float32), (wide, high), interpolation=cv2.INTER_AREA) > 0.5
    if mask.sum() < LEAST_PX * SCALES[0] ** 2:
        return "it would be too small"
    return Spot(window=(slice(bottom - high, bottom), slice(left, left + wide)), mask=mask, scale=scale)


def _unsupported(piece: Piece, spot: Spot, ground: Ground) -> str:
    """Say why an object cannot stand at a spot, "" if it can."""
    below, feet = ground.shown[spot.window], spot.mask.copy()
    feet[: -max(spot.mask.shape[0] // 8, 2)] = False
    if not feet.any() or np.isin(below[feet], STANDS_ON[piece.box.category]).mean() < LEAST_STANDING:
        return "it would not stand on the road"
    if np.isin(below[spot.mask], NEAR_STUFF).mean() > MOST_NEAR:
        return "it would cover what may stand before it"
    return ""


def _crossing(into: Pasting, spot: Spot, rule: DropRule) -> str:
    """Say why an object at a spot would be wrong beside those that are there, "" if it would not."""
    ids, room = into.ids[spot.window], ROOM * spot.mask.shape[0]
    for place in np.unique(ids[spot.mask & (ids > 0)]).tolist():
        whole = into.ids == place
        if np.flatnonzero(whole.any(axis=1))[-1] + 1 + room > spot.window[0].stop:
            return "it would cover what stands nearer"
        left_px = int(whole.sum() - (ids[spot.mask] == place).sum())
        if rule.why(into.annotations[place - 1].area_px, left_px):
            return "it would hide an object"
    return ""


def _put(into: Pasting, piece: Piece, spot: Spot) -> Pasting:
    """Paint an object, mark its ids, measure again what it covers."""
    window, mask = spot.window, spot.mask
    way = cv2.INTER_AREA if spot.scale < 1 else cv2.INTER_LINEAR
    pixels = cv2.resize(piece.rgb, mask.shape[::-1], interpolation=way)
    rgb, ids = _darkened(into.rgb, mask, window), into.ids.copy()
    alpha = (cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7) * mask)[..., None]
    rgb[window] = np.rint(rgb[window] * (1 - alpha) + pixels * alpha).astype(np.uint8)
    ids[window][mask] = len(into.annotations) + 1
    before = [covered(box, ids == place) for place, box in enumerate(into.annotations, 1)]
    new = _annotation(piece, ids == len(before) + 1, spot, into.annotations)
    corner = [window[1].start, window[0].start]
    told = {"frame": piece.frame, "key": piece.box.key, "as": new.key, "xy": corner, "scale": round(spot.scale, 6)}
    return replace(into, rgb=rgb, ids=ids, annotations=(*before, new), pasted=[*into.pasted, told])


def _darkened(rgb: Rgb, mask: Bools, window: tuple[slice, slice]) -> Rgb:
    """Darken the ground under an object, where little of the sky's light comes."""
    high, below = max(mask.shape[0] // 10, 2), np.zeros(rgb.shape[:2], np.float32)
    below[window][-high:] = mask[-high:]
    under = cv2.GaussianBlur(below, (0, 0), sigmaX=max(mask.shape[1] * 0.06, 1), sigmaY=max(high * 0.45, 1))
    return np.asarray(np.rint(rgb * (1 - 0.55 * np.minimum(1.4 * under, 1))[..., None]), np.uint8)


def _annotation(piece: Piece, mask: Bools, spot: Spot, others: Sequence[Annotation]) -> Annotation:
    """Give the pasted object an instance of its own and move its joints."""
    instance = 1 + max([int(box.facts.get("instance") or 0) for box in others], default=0)
    facts = {key: None if key in UNKNOWN else value for key, value in piece.box.facts.items()}
    if joints := piece.box.facts.get("keypoints"):
        rows = np.array(joints, float).reshape(-1, 3)
        corner = np.array([spot.window[1].start, spot.window[0].start]) - np.array(piece.box.xywh[:2]) * spot.scale
        moved = np.round(rows[:, :2] * spot.scale + corner, 2)
        facts["keypoints"] = np.column_stack([np.where(rows[:, 2:] > 0, moved, 0), rows[:, 2]]).ravel().tolist()
    facts |= {"instance": instance, "occlusion": 0.0, "pasted": True}
    key = f"pasted {instance}"
    return replace(
        piece.box, key=key, xywh=tight_xywh(mask), area_px=float(mask.sum()), rle=encode_mask(mask), facts=facts
    )
