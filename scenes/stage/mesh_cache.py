"""Geometry that is built once: in memory for this process, on disk between runs.

A file is named by its parameters and by the code that makes geometry, so a changed builder never meets old meshes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from scenes.errors import InputError
from scenes.stage.asset import Asset, Beam, Keypoint, Piece, Solid

_ARRAYS = ("vertices", "loops", "sizes", "slots", "parts", "tints", "uvs")
_DAMAGED = "damaged"  # an array that whole solids lack
_KEPT = 256  # assets in memory; about 3 MB each at most


class MeshCache:
    """Remembers assets by their parameters.

    Args:
        folder: where files go; None keeps them in memory only.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder / code_version() if folder else None
        self._assets: dict[str, Asset] = {}

    def get(self, family: str, parameters: object, build: Callable[[], Asset]) -> tuple[str, Asset]:
        """Return the key and the asset that `build` makes from `parameters`, building it at most once.

        Args:
            family: which builder.
            parameters: everything that the geometry depends on; JSON can say it.
            build: makes the asset.
        """
        text = json.dumps(parameters, sort_keys=True, default=str)
        key = f"{family}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        asset = self._assets.get(key) or self._read(key)
        if asset is None:
            asset = build()
            self._write(key, asset)
        if key not in self._assets and len(self._assets) >= _KEPT:
            self._assets.pop(next(iter(self._assets)))
        self._assets[key] = asset
        return key, asset

    def _read(self, key: str) -> Asset | None:
        if self.folder is None or not (path := self.folder / f"{key}.npz").exists():
            return None
        try:
            return decoded(path.read_bytes())
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, InputError):
            return None  # cut short or from elsewhere: built again and replaced

    def _write(self, key: str, asset: Asset) -> None:
        if self.folder is None:
            return
        partial = self.folder / f"{key}.{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(encoded(asset))
            partial.replace(self.folder / f"{key}.npz")
        except OSError:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            self.folder = None  # a full or read-only disk costs time, not the scene


@cache
def code_version() -> str:
    """Return 12 hex digits over the source of everything that makes geometry."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def encoded(asset: Asset) -> bytes:
    """Return an asset as the bytes of an npz archive; equal assets give equal bytes."""
    arrays: dict[str, Any] = {}
    told: list[dict[str, Any]] = []
    for number, piece in enumerate(asset.pieces):
        for name in _ARRAYS:
            arrays[f"{number}.{name}"] = getattr(piece.solid, name)
        if piece.solid.damaged is not None:
            arrays[f"{number}.{_DAMAGED}"] = piece.solid.damaged
        arrays[f"{number}.matrices"] = np.stack(piece.matrices)
        plain = (item.name for item in fields(Solid) if item.name not in (*_ARRAYS, _DAMAGED))
        told.append({name: getattr(piece.solid, name) for name in plain})
    beams, keypoints = ([asdict(item) for item in several] for several in (asset.beams, asset.keypoints))
    record = json.dumps({"solids": told, "beams": beams, "keypoints": keypoints})
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, record=np.array(record), **arrays)
    return stream.getvalue()


def decoded(data: bytes) -> Asset:
    """Return the asset that `encoded` wrote.

    Raises:
        ValueError, KeyError, zipfile.BadZipFile, InputError: the bytes are no such archive.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        record = json.loads(str(archive["record"]))
        pieces = [_piece(archive, number, told) for number, told in enumerate(record["solids"])]
    beams = [Beam(**{**told, "where_m": tuple(told["where_m"]), "rgb": tuple(told["rgb"])}) for told in record["beams"]]
    keypoints = [Keypoint(name=told["name"], where_m=tuple(told["where_m"])) for told in record["keypoints"]]
    return Asset(pieces=tuple(pieces), beams=tuple(beams), keypoints=tuple(keypoints))


def _piece(archive: Any, number: int, told: dict[str, Any]) -> Piece:
    arrays = {name: archive[f"{number}.{name}"] for name in _ARRAYS}
    if f"{number}.{_DAMAGED}" in archive:
        arrays[_DAMAGED] = archive[f"{number}.{_DAMAGED}"]
    solid = Solid(**{**told, "slot_names": tuple(told["slot_names"])}, **arrays)
    return Piece(solid=solid, matrices=tuple(archive[f"{number}.matrices"]))
