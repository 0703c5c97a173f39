"""Features on disk under the hash of what they were computed from and the label of what computed them.

A folder of small files, so that the same real pictures cost nothing in the next round, an interrupted run goes on where
it stopped, and two processes that write the same file write the same bytes. A damaged file counts as absent.
"""

from __future__ import annotations

import os
import threading
import zipfile
from pathlib import Path

import numpy as np

from eval.encoder import Outputs
from packs import cache_dir


def read(label: str, digest: str) -> Outputs | None:
    """Return what is kept, None where there is nothing, or a file that was cut short or holds no finite numbers."""
    try:
        with _place(label, digest).open("rb") as file, np.load(file) as arrays:
            found = {name: arrays[name].astype(np.float32) for name in arrays.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None
    return found if found and finite(found) else None


def write(label: str, digest: str, arrays: Outputs) -> None:
    """Keep features; maps in half precision. A cache that cannot be written only costs time."""
    store = _place(label, digest)
    part = store.with_name(f".{store.stem}.{os.getpid()}.{threading.get_ident()}.part")
    halves = {name: value.astype(np.float16) if value.ndim > 1 else value for name, value in arrays.items()}
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, **halves)  # type: ignore[arg-type]  # the stub takes allow_pickle for one of the arrays
        part.replace(store)
    except OSError:
        part.unlink(missing_ok=True)


def finite(arrays: Outputs) -> bool:
    """Return whether every number is finite."""
    return all(bool(np.isfinite(value).all()) for value in arrays.values())


def _place(label: str, digest: str) -> Path:
    return cache_dir() / "features" / label / digest[:2] / f"{digest}.npz"
