"""Features of many pictures, each computed once and kept under the hash of its bytes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import decode_rgb
from eval import feature_cache
from eval.encoder import Network, Outputs, load
from eval.launcher import Launcher, run_each
from scenes.errors import InputError

Progress = Callable[[Iterator["Features | None"], int], Iterator["Features | None"]]


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
    paths: Sequence[Path],
    network: Network,
    *,
    workers: int = 1,
    launcher: Launcher = "local",
    progress: Progress | None = None,
) -> list[Features | None]:
    """Return the features of each picture, in order; None where a picture cannot be decoded.

    Args:
        paths: picture files.
        network: the frozen network.
        workers: pictures in work at once on this machine; the result does not depend on it.
        launcher: "ray" for the processes of a Ray cluster, which all see the same files and cache.
        progress: wraps the iterator of results, given their number.
    """
    results = run_each(partial(_features, network=network), paths, workers=workers, launcher=launcher)
    return list(progress(results, len(paths)) if progress else results)


def vectors(paths: Sequence[Path], network: Network, *, workers: int = 1) -> NDArray[np.float32]:
    """Return the vector of each picture, (n, 1280), in order; the cache serves what is scored later too.

    Raises:
        InputError: a picture cannot be decoded.
    """
    found = embed(paths, network, workers=workers)
    rows = []
    for path, features in zip(paths, found, strict=True):
        arrays = network.run(_slowly_decoded(path)) if features is None else features.arrays
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


def _features(path: Path, network: Network) -> Features | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest = hashlib.sha256(content).hexdigest()
    known = feature_cache.read(network.label, digest)
    if known is not None:
        return Features(arrays=known, digest=digest, fresh=False)
    bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    if bgr is None:
        return None
    rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    arrays = {name: _compact(value) for name, value in network.run(rgb).items()}
    arrays["light"] = _light(rgb)
    if feature_cache.finite(arrays):
        feature_cache.write(network.label, digest, arrays)
    return Features(arrays=arrays, digest=digest, fresh=True)


def _compact(value: NDArray[np.float32]) -> NDArray[np.float32]:
    # maps are many and only feed a linear probe, so half precision is enough
    return value if value.ndim == 1 else value.astype(np.float16).astype(np.float32)


def _light(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.array([luma.mean(), luma.std()], dtype=np.float32)
