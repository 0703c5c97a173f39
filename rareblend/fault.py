"""Whatever goes wrong, told in one line."""

from __future__ import annotations

import errno
import traceback

from scenes.errors import RareblendError


def line(trouble: Exception) -> str:
    """Return what is wrong and what to do; of a fault of ours the trace is shown first."""
    if isinstance(trouble, RareblendError):
        return str(trouble)
    if isinstance(trouble, OSError) and trouble.errno == errno.ENOSPC:
        where = trouble.filename or "out"
        return f"{where}: the disk is full; make room, and the same command goes on where it stopped"
    if isinstance(trouble, OSError) and trouble.filename:
        return f"{trouble.filename}: {trouble.strerror}"
    if isinstance(trouble, ModuleNotFoundError):
        return f"the package {trouble.name} is missing; get it with: make setup"
    traceback.print_exception(trouble)
    return "this is a fault of rareblend, please report it with the lines above; nothing that was finished is lost"
