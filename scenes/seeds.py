"""Child seeds as a pure function of (run seed, purpose, indices), so that worker count never changes a picture."""

from __future__ import annotations

import hashlib

import numpy as np


def child_seed(seed: int, *path: str | int) -> int:
    """Derive a 63-bit seed that depends on nothing but its arguments.

    Args:
        seed: the run's seed, any integer.
        path: purpose and indices, such as `("scene", 3)`; strings and integers never collide.
    """
    text = "/".join([repr(int(seed)), *(repr(step) for step in path)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(seed: int, *path: str | int) -> np.random.Generator:
    """Return a fresh PCG64 generator for `child_seed(seed, *path)`."""
    return np.random.Generator(np.random.PCG64(child_seed(seed, *path)))
