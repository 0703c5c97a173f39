"""How the files of a blend get to disk: pictures linked or copied, JSON and folders whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

Link = Literal["hardlink", "symlink", "copy"]
"""How pictures get into the blend's folder.

`hardlink` (default) takes no space and goes on working when the folder is moved or the source is deleted; where the
file system refuses it, the picture is copied. `symlink` shows where a picture comes from but breaks when the source
moves. `copy` is for pictures that some later tool edits in place: the other two would edit the original.
"""

NO_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EACCES})
"""Other file system, protected or foreign file, no such feature, too many links."""


def place(source: Path, target: Path, link: Link) -> None:
    """Put a picture at its place in the blend without changing it."""
    if target.exists():  # a variety is written where it belongs
        return
    if link == "symlink":
        target.symlink_to(source.resolve())
        return
    if link == "hardlink" and _linked(source.resolve(), target):
        return
    shutil.copyfile(source, target)


def _linked(source: Path, target: Path) -> bool:
    try:
        target.hardlink_to(source)
    except OSError as refused:
        if refused.errno not in NO_LINK:
            raise
        return False
    return True


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write JSON whole or not at all, keys in the order given."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def swap(partial: Path, folder: Path) -> None:
    """Put a finished folder in the place of an older one; a kill between leaves no half-written folder."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)  # noqa: PTH105 - the pair of renames reads as one
    os.replace(partial, folder)  # noqa: PTH105 - likewise
    shutil.rmtree(old, ignore_errors=True)
