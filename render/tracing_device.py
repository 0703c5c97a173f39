"""Whether Blender finds the GPU that a user demands, asked before a round is begun."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scenes.errors import RareblendError


def check(device: str) -> None:
    """Refuse to trace on a GPU that is not there; who demands one waits the seconds that Blender takes to answer.

    Args:
        device: `auto`, `cpu` or `gpu`.

    Raises:
        RareblendError: `gpu`, and Blender finds none or cannot be asked.
    """
    if device != "gpu":
        return
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    asked = subprocess.run(
        [sys.executable, "-m", "render.blender.devices"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        last = asked.stderr.strip().rpartition("\n")[2]
        raise RareblendError(last or "device: Blender did not say whether there is a GPU")
