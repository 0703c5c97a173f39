"""A dressed person from the people pack: shaped, posed, clothed and equipped, as an asset and its finish."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from scenes.ontology import PARTS
from scenes.spec.living import Person
from scenes.stage.asset import Asset, Keypoint, Piece, Solid
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.mounts.seat import Seat
from scenes.stage.people import clothes, face, hair, headwear
from scenes.stage.people.body import BaseBody, load_base
from scenes.stage.people.carried import carried
from scenes.stage.people.garment import Cloth, compact
from scenes.stage.people.landmarks import landmarks
from scenes.stage.people.poses import posed
from scenes.stage.people.shape import shaped
from scenes.stage.people.shoes import shoes
from scenes.stage.people.skeleton import Rest, Stance, skinned
from scenes.stage.people.skirts import skirt
from scenes.stage.people.tailoring import Cage, cage_of
from scenes.stage.people.wardrobe import Look, look_of
from scenes.stage.surface import Surface, surface

_GROUNDED = ("standing", "walking", "running", "crossing", "phoning", "sitting", "directing", "pushing", "crouching")
_PRESSED_M = 0.012  # how far a body that lies gives way to the ground


def geometry(person: Person, folder: Path, seat: Seat | None = None) -> Asset:
    """Return a person's meshes in the frame of the body: x ahead, origin on the ground below the hips.

    Args:
        person: who; place and heading are not read.
        folder: of the unpacked people pack.
        seat: where a rider sits, in the mount's frame, which is then the asset's.
    """
    base = load_base(folder)
    vertices = shaped(base, folder, person)
    rest = _rest(base, vertices)
    look = look_of(person)
    rng = np.random.default_rng([person.seed, 4])
    holds = frozenset(person.carries)
    stance = posed(rest, person.pose, rng, seat=seat, holds=holds, gone=person.stride)
    cage = cage_of(base, vertices, rest)
    body = skinned(stance, cage.points, cage.weights)
    patches, free = _figure(base, vertices, cage, body, stance, look)
    solids = [_solid(base, patches, free)]
    if extra := carried(stance, person.carries, person.pose, body):
        solids.append(extra)
    up_m, floor_m = _settling(solids[0], person.pose)
    joints = landmarks(stance, vertices)
    pieces = tuple(Piece(solid=_shifted(solid, up_m, floor=floor_m)) for solid in solids)
    return Asset(pieces=pieces, keypoints=tuple(_raised(point, up_m, floor_m) for point in joints))


def _rest(base: BaseBody, vertices: Points) -> Rest:
    joints = {name: vertices[own].mean(axis=0) for name, own in base.joints.items()}
    skin = vertices[: int(base.skin.max()) + 1]
    joints["sole"] = np.array([0.0, 0.0, skin[:, 2].min()])
    joints["crown"] = np.array([joints["head"][0], 0.0, skin[:, 2].max()])
    down = joints["sole"][2]
    moved = {name: place - np.array([0.0, 0.0, down]) for name, place in joints.items()}
    vertices[:, 2] -= down
    return Rest(base=base, joints=moved)


def _figure(  # noqa: PLR0917
    base: BaseBody, vertices: Points, cage: Cage, body: Points, stance: Stance, look: Look
) -> tuple[list[Cloth], list[Cloth]]:
    """Return patches that the bones took into the pose, and what was made in the pose."""
    skin = cage_of(base, vertices, cage.rest, skin=True)
    rng = np.random.default_rng([look.seed, 5])
    worn = clothes.dressed(cage, skin, look, rng, _bends(stance))
    at_rest = [_bare(base, skin, worn.hidden), *worn.patches, shoes(cage, look.shoes)]
    at_rest += _head(skin, vertices, look, rng)
    taken = [patch.moved(skinned(stance, patch.points, patch.weights)) for patch in at_rest]
    return taken, [skirt(cage, body, stance, cutting, rng) for cutting in worn.skirts]


def _bare(base: BaseBody, skin: Cage, hidden: Points) -> Cloth:
    """Return the skin that clothes leave free, with lips."""
    whole = Cloth(
        points=skin.points,
        normals=skin.normals,
        weights=skin.weights,
        faces=skin.faces,
        slots=np.full(len(skin.faces), "skin", dtype=object),
        uvs=skin.uvs,
    )
    lips = base.lips[np.unique(base.skin)]
    free = np.asarray((hidden <= 0)[whole.faces].any(axis=1))
    made, kept = compact(whole, free), np.unique(whole.faces[free])
    return face.with_lips(made, lips[kept])


def _head(skin: Cage, vertices: Points, look: Look, rng: np.random.Generator) -> list[Cloth]:
    head = hair.Head(skin)
    eyes, centres = face.eyes(head, vertices)
    made = [eyes, face.lashes(head, vertices), face.brows(head, centres)]
    if not headwear.covers_hair(look.headwear):
        made += hair.hair(head, look.hair, rng, under_hat=look.headwear != "none")
    made += headwear.headwear(head, look.headwear, rng)
    if look.beard:
        made.append(face.beard(head))
    return made


def _bends(stance: Stance) -> dict[str, float]:
    """Return how sharply elbows, knees and hips are bent, in [0, 1]."""
    made = {}
    for side in ("l", "r"):
        for joint, above, below in (
            (f"lowerarm_{side}", f"upperarm_{side}", f"hand_{side}"),
            (f"calf_{side}", f"thigh_{side}", f"foot_{side}"),
        ):
            first = stance.place(joint) - stance.place(above)
            second = stance.place(below) - stance.place(joint)
            cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second) + 1e-9)
            made[joint] = float(np.clip((1 - cosine) / 1.2, 0, 1))
        made[f"upperarm_{side}"] = 0.5
    return made


def _solid(base: BaseBody, patches: list[Cloth], free: list[Cloth]) -> Solid:
    names = sorted({str(slot) for patch in (*patches, *free) for slot in patch.slots})
    builder = MeshBuilder()
    of_bone = _part_of_bone(base)
    for patch in patches:
        parts = of_bone[patch.weights[patch.faces[:, 0]].argmax(axis=1)]
        hairy = np.isin(patch.slots.astype(str), ("hair", "brow"))
        parts = np.where(hairy, PARTS["hair"], parts)
        parts = np.where(np.isin(patch.slots.astype(str), ("headwear", "visor")), PARTS["headwear"], parts)
        _add(builder, patch, names, parts)
    for patch in free:
        _add(builder, patch, names, np.full(len(patch.faces), PARTS["leg"]))
    return builder.solid("person", names, smooth=True, crease_deg=75)


def _add(builder: MeshBuilder, patch: Cloth, names: list[str], parts: np.ndarray) -> None:
    slots = np.searchsorted(names, patch.slots.astype(str))
    builder.add(patch.points, patch.faces, slots, uv=patch.uvs, part=parts)


def _part_of_bone(base: BaseBody) -> np.ndarray:
    kinds = (
        ("head", ("head", "neck")),
        ("arm", ("upperarm", "lowerarm")),
        ("hand", ("hand", "index", "middle", "ring", "pinky", "thumb")),
        ("leg", ("thigh", "calf")),
        ("foot", ("foot", "ball")),
    )
    made = np.full(len(base.bones), PARTS["torso"])
    for part, starts in kinds:
        made[[bone.startswith(starts) for bone in base.bones]] = PARTS[part]
    return made


def _settling(body: Solid, pose: str) -> tuple[float, float]:
    """Return how far up a body goes to stand or lie on the ground, and below which height it is pressed flat."""
    if pose in _GROUNDED:
        return -float(body.vertices[:, 2].min()), -np.inf
    if pose == "lying":
        return -float(np.quantile(body.vertices[:, 2], 0.004)) - _PRESSED_M, 0.0
    return 0.0, -np.inf


def _shifted(solid: Solid, up_m: float, *, floor: float) -> Solid:
    vertices = solid.vertices.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2] + up_m, floor)
    return replace(solid, vertices=vertices)


def _raised(point: Keypoint, up_m: float, floor_m: float) -> Keypoint:
    x, y, z = point.where_m
    return replace(point, where_m=(x, y, max(z + up_m, floor_m)))


def finish(person: Person) -> dict[str, Surface]:
    """Return what every slot of a person shows."""
    look = look_of(person)
    weave = 0.0028 if look.top in ("sweater", "hoodie") else 0.0012
    top = surface(
        "cloth", colour=look.top_rgb, second=look.top_second_rgb, pattern=look.pattern, weave_m=weave, folds=1.0
    )
    denim = surface(
        "cloth",
        colour=look.bottom_rgb,
        second=tuple(v * 1.7 + 0.01 for v in look.bottom_rgb),
        pattern="denim",
        weave_m=0.0015,
        folds=0.9,
    )
    bottom = surface(
        "cloth", colour=look.bottom_rgb, second=look.top_second_rgb, pattern="plain", weave_m=0.001, folds=1.0
    )
    if look.bottom == "leathers":
        top = surface("leather", colour=look.top_rgb, polish=0.45)
        bottom = surface("leather", colour=look.bottom_rgb, polish=0.45)
    red, green, blue = look.skin_rgb
    return {
        "skin": surface("skin", colour=look.skin_rgb),
        "lips": surface("skin", colour=(min(1.0, red * 0.95), green * 0.58, blue * 0.62)),
        "eye_white": surface("plain", colour=(0.62, 0.59, 0.56), roughness=0.25, coat=0.6),
        "iris": surface("plain", colour=look.iris_rgb, roughness=0.2, coat=1.0),
        "pupil": surface("plain", colour=(0.003, 0.003, 0.003), roughness=0.15, coat=1.0),
        "brow": surface("plain", colour=tuple(v * 0.7 for v in look.hair_rgb), roughness=0.8),
        "hair": surface("hair", colour=look.hair_rgb),
        "top": top,
        "shirt": surface(
            "cloth", colour=look.shirt_rgb, second=look.shirt_rgb, pattern="plain", weave_m=0.0009, folds=0.5
        ),
        "bottom": {"gown": top}.get(look.bottom, denim if look.denim else bottom),
        "seam": surface("plain", colour=tuple(value * 0.25 for value in look.top_rgb), roughness=0.9),
        "belt": surface("leather", colour=(0.012, 0.011, 0.01), polish=0.5),
        "shoe": surface("leather", colour=look.shoe_rgb, polish=0.2 if look.shoes == "sneakers" else 0.7),
        "sole": surface("plain", colour=look.sole_rgb, roughness=0.8),
        "vest": surface("cloth", colour=look.vest_rgb, second=look.vest_rgb, pattern="plain", weave_m=0.002, folds=0.7),
        "headwear": _hat_surface(look),
        "visor": surface("glass"),
        "bag": surface("leather", colour=look.bag_rgb, polish=0.3),
        "bag_trim": surface("leather", colour=(0.014, 0.013, 0.012), polish=0.3),
        "metal": surface("plain", colour=(0.55, 0.55, 0.56), roughness=0.3, metallic=1.0),
        "rubber": surface("plain", colour=(0.012, 0.012, 0.012), roughness=0.8),
        "canopy": surface("plain", colour=look.canopy_rgb, roughness=0.55),
        "wood": surface("plain", colour=(0.10, 0.045, 0.018), roughness=0.45),
        "phone": surface("plain", colour=(0.008, 0.008, 0.009), roughness=0.15, coat=1.0),
        "retro": surface("retroreflective", colour=(0.72, 0.73, 0.74)),
    }


def _hat_surface(look: Look) -> Surface:
    if look.headwear in ("helmet", "bicycle_helmet", "hard_hat"):
        return surface("plain", colour=look.headwear_rgb, roughness=0.3, coat=0.8)
    return surface("cloth", colour=look.headwear_rgb, second=look.headwear_rgb, weave_m=0.002, folds=0.6)
