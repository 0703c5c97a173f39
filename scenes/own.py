"""The user's own assets and scene script: described by files, drawn like ours, built by the stage.

An asset folder holds `assets.yaml`: a list of entries, each one a file (.glb, .gltf, .obj, .fbx, .ply or .blend) with
what a mesh cannot say: its class, true size, which axis is its front, where its lamps are, and its licence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import yaml
from pydantic import ConfigDict

from scenes.checks import breach
from scenes.errors import InputError
from scenes.ontology import KIND_CATEGORY
from scenes.seeds import generator
from scenes.settings import validated
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle

Axis = Literal["+x", "-x", "+y", "-y", "+z", "-z"]
OwnLamp = Literal["head", "tail", "brake", "indicator_left", "indicator_right"]
SIGNS: Mapping[str, tuple[bool, tuple[bytes, ...]]] = MappingProxyType(
    {
        ".glb": (True, (b"glTF",)),
        ".gltf": (False, (b'"asset"',)),
        ".obj": (False, (b"v ",)),
        ".fbx": (True, (b"Kaydara FBX", b"; FBX")),
        ".ply": (True, (b"ply\n", b"ply\r")),
        ".blend": (True, (b"BLENDER", b"\x28\xb5\x2f\xfd", b"\x1f\x8b")),
    }
)
"""File ending to the marks of such a file, and whether it begins with one (a .blend may be packed by zstd or gzip)."""
_VEHICLES = tuple(dict.fromkeys(KIND_CATEGORY.values()))
_WHEELBASE_SHARE = 0.58
_LARGEST_M = 40.0
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class OwnAsset:
    """One entry of `assets.yaml`.

    Args:
        file: path in the folder.
        category: class of the labels; vehicles join the traffic.
        size_m: true length, width and height; the mesh is scaled to the length and refused if width or height is off by
            more than a tenth.
        front: axis of the mesh that points ahead; up: the one that points up.
        licence: SPDX name or your own words; it goes into the round's record.
        lamps: lamp to places xyz in metres, in our frame (x forward, y left, z up, origin on the ground below the
            centre).
    """

    file: str
    category: str
    size_m: tuple[float, float, float]
    licence: str
    front: Axis = "+x"
    up: Axis = "+z"
    lamps: Mapping[OwnLamp, tuple[tuple[float, float, float], ...]] = field(default_factory=dict)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        where = f"asset {self.file}"
        if Path(self.file).suffix.lower() not in SIGNS:
            raise InputError(f"{where}: file", f"must end in {', '.join(SIGNS)}", got=self.file)
        if self.category not in _VEHICLES:
            raise InputError(f"{where}: category", f"must be one of {', '.join(_VEHICLES)}", got=self.category)
        if not all(0 < side < _LARGEST_M for side in self.size_m):
            raise InputError(
                f"{where}: size_m", f"length, width and height must lie between 0 and {_LARGEST_M:g}", got=self.size_m
            )
        if not self.licence.strip():
            raise InputError(f"{where}: licence", "must be named: pictures of an unlicensed asset cannot be shared")
        if self.front[1] == self.up[1]:
            raise InputError(f"{where}: front", "must not lie along the axis that points up", got=self.front)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An object of a scene script that shall be labelled: its instance id, class and name."""

    actor_id: int
    category: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a folder offers: name (file and content hash) to asset; and entries that are left out, with the reason."""

    folder: Path
    assets: Mapping[str, OwnAsset]
    left_out: Mapping[str, str]

    @property
    def licences(self) -> dict[str, str]:
        """Licence of every asset, by file."""
        return {asset.file: asset.licence for asset in self.assets.values()}


@dataclass(frozen=True, kw_only=True)
class OwnSettings:
    """The `own` section of the config.

    Args:
        assets: folder with `assets.yaml`, or None.
        share: of the bystanding vehicles of a class that are the user's own, in [0, 1].
        script: a scene script, or None: `build(bproc, spec, rng)` that returns BlenderProc mesh objects.
        cc_textures: folder of BlenderProc's ambientCG download; its asphalt and paving replace ours, or None.
    """

    assets: Path | None = None
    share: float = 0.5
    script: Path | None = None
    cc_textures: Path | None = None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise InputError("own.share", "must lie in [0, 1]", got=self.share)
        if self.script is not None and not self.script.is_file():
            raise InputError("own.script", "must be a Python file", got=str(self.script))
        if self.cc_textures is not None and not self.cc_textures.is_dir():
            raise InputError(
                "own.cc_textures", "must be a folder", got=str(self.cc_textures), fix="blenderproc download cc_textures"
            )


def load(folder: Path) -> Catalogue:
    """Read a folder's description; an entry that breaks a rule is left out with its reason.

    Raises:
        InputError: there is no `assets.yaml`, or it is no list.
    """
    path = folder / "assets.yaml"
    if not path.is_file():
        raise InputError(f"own.assets={folder}", "must hold assets.yaml", fix="the README shows one of ten lines")
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise InputError(str(path), f"is no YAML in UTF-8: {str(broken).splitlines()[0]}") from broken
    if not isinstance(entries, list) or not entries:
        raise InputError(str(path), "must be a list with at least one asset", got=type(entries).__name__)
    assets: dict[str, OwnAsset] = {}
    left_out: dict[str, str] = {}
    for number, entry in enumerate(entries):
        name = str(entry.get("file", f"entry {number}")) if isinstance(entry, dict) else f"entry {number}"
        try:
            asset = validated(f"{path.name}: {name}", OwnAsset, entry)
            assets[_named(folder, asset)] = asset
        except InputError as refused:
            left_out[name if name not in left_out else f"{name} (entry {number})"] = str(refused)
    return Catalogue(folder=folder.resolve(), assets=MappingProxyType(assets), left_out=MappingProxyType(left_out))


def with_users_own(spec: SceneSpec, own: OwnSettings, catalogue: Catalogue | None, *, seed: int) -> SceneSpec:
    """Return the scene with the user's assets among the traffic, and with the name of the user's script."""
    if catalogue is not None:
        spec = with_own(spec, catalogue, own.share, generator(seed, "own", spec.scene_id))
    return replace(spec, script=f"{own.script.name}@{_digest(own.script)}") if own.script else spec


def with_own(spec: SceneSpec, catalogue: Catalogue, share: float, rng: np.random.Generator) -> SceneSpec:
    """Return the scene with a share of its bystanding vehicles replaced by own ones of the same class, where they fit.

    Args:
        spec: a valid scene.
        catalogue: what there is.
        share: in [0, 1].
        rng: draws which.
    """
    for index, vehicle in enumerate(spec.vehicles):
        choices = [name for name, asset in catalogue.assets.items() if asset.category == KIND_CATEGORY[vehicle.kind]]
        ridden = any(person.mount == vehicle.actor_id for person in spec.people)
        if not choices or vehicle.crash or vehicle.track or ridden or rng.random() >= share:
            continue
        name = choices[int(rng.integers(len(choices)))]
        swapped = (*spec.vehicles[:index], _swapped(vehicle, name, catalogue.assets[name]), *spec.vehicles[index + 1 :])
        candidate = replace(spec, vehicles=swapped)
        if breach(candidate) is None:
            spec = candidate
    return spec


def _swapped(vehicle: Vehicle, name: str, asset: OwnAsset) -> Vehicle:
    length, width, height = asset.size_m
    fields: dict[str, Any] = {"length_m": length, "width_m": width, "height_m": height}
    return replace(
        vehicle, asset=name, wheelbase_m=round(_WHEELBASE_SHARE * length, 3), livery="none", load="none", **fields
    )


def _named(folder: Path, asset: OwnAsset) -> str:
    path = folder / asset.file
    if not path.is_file():
        raise InputError(f"asset {asset.file}", f"is not in {folder}")
    with path.open("rb") as stream:
        start = stream.read(65536)
    at_once, signs = SIGNS[path.suffix.lower()]
    if not (start.startswith(signs) if at_once else any(sign in start for sign in signs)):
        raise InputError(f"asset {asset.file}", "is broken: it does not begin as a file of its kind does")
    return f"{asset.file}@{_digest(path)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]
