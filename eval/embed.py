"""Features of many pictures, each computed once and kept under the hash of its bytes.

The cache is a folder of small files named by content, so that the same real pictures cost nothing in the next round,
an interrupted run goes on where it stopped, and two processes that write the same file write the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import decode_rgb
from eval.encoder import Encoder, Outputs, load
from packs import cache_dir
from scenes.errors import InputError

Progress = Callable[[Iterator["Features | None"], int], Iterator["Features | None"]]


class Describer(Protocol):
    """What turns a picture into arrays; `label` names it with all that its arrays depend on, and keys the cache."""

    @property
    def label(self) -> str:
        """Name and hash."""

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return the arrays of one picture, uint8 RGB (HWC)."""


@dataclass(frozen=True, kw_only=True)
class Features:
    """What one picture gave.

    Args:
        arrays: the encoder's outputs, plus `light` = (mean, standard deviation) of the luma in [0, 255].
        digest: SHA-256 of the picture's bytes.
        fresh: whether the network ran, rather than the cache answering.
    """

    arrays: Outputs
    digest: str
    fresh: bool


def embed(
    paths: Sequence[Path], encoder: Describer, *, workers: int = 1, progress: Progress | None = None
) -> list[Features | None]:
    """Return the features of each picture, in order; None where a picture cannot be decoded.

    Args:
        paths: picture files.
        encoder: the frozen network.
        workers: pictures in work at once; the result does not depend on it.
        progress: wraps the iterator of results, given their number.
    """
    with ThreadPoolExecutor(max_workers=workers) as pool:
        results: Iterator[Features | None] = pool.map(lambda path: _features(path, encoder), paths)
        return list(progress(results, len(paths)) if progress else results)


def vectors(paths: Sequence[Path], encoder: Encoder, *, workers: int = 1) -> NDArray[np.float32]:
    """Return the vector of each picture, (n, 1280), in order; the cache serves what is scored later too.

    Raises:
        InputError: a picture cannot be decoded.
    """
    found = embed(paths, encoder, workers=workers)
    rows = []
    for path, features in zip(paths, found, strict=True):
        arrays = encoder.run(_slowly_decoded(path)) if features is None else features.arrays
        rows.append(arrays["pooled"])
    return np.stack(rows)


def told_vectors(workers: int) -> Callable[[Sequence[Path]], NDArray[np.float32]]:
    """Return what gives pictures their `vectors` of the network for whole pictures, and tells what that took."""
    network = load("whole")

    def told(paths: Sequence[Path]) -> NDArray[np.float32]:
        start = time.perf_counter()
        found = vectors(paths, network, workers=workers)
        print(f"blend: {len(paths)} pictures embedded for near-duplicates in {time.perf_counter() - start:.1f} s")
        return found

    return told


def _slowly_decoded(path: Path) -> NDArray[np.uint8]:
    """Read what OpenCV cannot, but the blend can."""
    try:
        return decode_rgb(path)
    except ValueError as error:
        raise InputError(path, "must be a picture that can be read", got=str(error)) from None


def _features(path: Path, encoder: Describer) -> Features | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest = hashlib.sha256(content).hexdigest()
    store = cache_dir() / "features" / encoder.label / digest[:2] / f"{digest}.npz"
    known = _read(store)
    if known is not None:
        return Features(arrays=known, digest=digest, fresh=False)
    bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    if bgr is None:
        return None
    rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    arrays = {name: _compact(value) for name, value in encoder.run(rgb).items()}
    arrays["light"] = _light(rgb)
    _write(store, arrays)
    return Features(arrays=arrays, digest=digest, fresh=True)


def _compact(value: NDArray[np.float32]) -> NDArray[np.float32]:
    # maps are many and only feed a linear probe, so half precision is enough
    return value if value.ndim == 1 else value.astype(np.float16).astype(np.float32)


def _light(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.array([luma.mean(), luma.std()], dtype=np.float32)


def _read(store: Path) -> Outputs | None:
    try:
        with store.open("rb") as file, np.load(file) as arrays:
            return {name: arrays[name].astype(np.float32) for name in arrays.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None  # absent, or cut short by a full disk: computed again


def _write(store: Path, arrays: Outputs) -> None:
    part = store.with_name(f".{store.stem}.{os.getpid()}.{threading.get_ident()}.part")
    halves = {name: value.astype(np.float16) if value.ndim > 1 else value for name, value in arrays.items()}
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, **halves)  # type: ignore[arg-type]  # the stub takes allow_pickle for one of the arrays
        part.replace(store)
    except OSError:
        part.unlink(missing_ok=True)  # a cache that cannot be written only costs time
