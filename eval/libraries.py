"""System libraries that Blender, OpenCV and mongod link against, and how this machine gets what it lacks.

python -m eval.libraries    with apt-get as root on Debian or Ubuntu, else one line to paste
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from types import MappingProxyType

PACKAGE_OF = MappingProxyType(
    {
        "libX11.so.6": "libx11-6",
        "libXrender.so.1": "libxrender1",
        "libXxf86vm.so.1": "libxxf86vm1",
        "libXfixes.so.3": "libxfixes3",
        "libXi.so.6": "libxi6",
        "libxkbcommon.so.0": "libxkbcommon0",
        "libSM.so.6": "libsm6",
        "libGL.so.1": "libgl1",
        "libgthread-2.0.so.0": "libglib2.0-0",
        "libcurl.so.4": "libcurl4",
        "libssl.so.3": "libssl3",
    }
)
"""Library to Debian package: the first eight for bpy, libGL and glib for opencv-python, the last two for mongod."""


def missing() -> tuple[str, ...]:
    """Return the Debian packages whose library the loader does not find; empty on anything but Linux."""
    if sys.platform != "linux":
        return ()
    return tuple(package for library, package in PACKAGE_OF.items() if not _loads(library))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def advice(packages: Iterable[str]) -> str:
    """Return the line to paste that installs the packages."""
    return f"sudo apt-get install -y {' '.join(packages)}"


def install() -> int:
    """Install what is missing if this process may; returns 0 when nothing is missing afterwards, else 2."""
    packages = missing()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_get("update", "-qq")
        _apt_get("install", "-y", "-qq", "--no-install-recommends", *packages)
        packages = missing()
    if packages:
        print(f"system libraries are missing (Blender, OpenCV and mongod need them); get them with: {advice(packages)}")
        return 2
    return 0


def _apt_get(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([shutil.which("apt-get") or "apt-get", *arguments], env=environment, check=False)


if __name__ == "__main__":
    sys.exit(install())
