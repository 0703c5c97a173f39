"""Blender and BlenderProc in one ordinary Python process.

BlenderProc 2.8 expects to be launched inside Blender's own interpreter, where it installs packages with pip and
rewrites `sys.path` and `sys.argv`. `start` imports both from this environment instead and leaves all of that untouched.
A process that called `start` must end with `finish`: with both libraries loaded, an ordinary exit dies in a static
destructor.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from scenes.errors import MissingPieceError

_LAUNCHED_OUTSIDE = "OUTSIDE_OF_THE_INTERNAL_BLENDER_PYTHON_ENVIRONMENT_BUT_IN_RUN_SCRIPT"
_INSIDE = "INSIDE_OF_THE_INTERNAL_BLENDER_PYTHON_ENVIRONMENT"
_started: list[Path] = []


def start() -> None:
    """Import bpy and blenderproc and initialise an empty scene; a second call does nothing.

    Raises:
        MissingPieceError: bpy or blenderproc cannot be imported.
    """
    if _started:
        return
    scratch = Path(tempfile.mkdtemp(prefix="rareblend-bproc-"))
    try:
        setup = _import_blenderproc()
    except ImportError as missing:
        shutil.rmtree(scratch, ignore_errors=True)
        raise _missing(missing) from missing
    setup.setup_utility_paths(str(scratch))
    _started.append(scratch)
    empty_scene()


def empty_scene() -> None:
    """Throw away every datablock and leave one scene with a black world, an active camera and Cycles."""
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.frame_start = scene.frame_end = 0  # BlenderProc appends camera poses as keyframes from here
    scene.frame_set(0)
    scene.world = bpy.data.worlds.new("World")
    scene.world["category_id"] = 0
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    scene.collection.objects.link(camera)
    scene.camera = camera


def finish(code: int = 0) -> NoReturn:
    """Flush, remove the temporary folder and leave without running destructors."""
    for folder in _temporary_folders():
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _temporary_folders() -> list[Path]:
    if not _started:
        return []
    import bpy

    return [*_started, Path(bpy.app.tempdir)]


def _import_blenderproc() -> Any:
    import bpy  # noqa: F401  # bpy must be loaded first

    with _restored(_LAUNCHED_OUTSIDE, value="1"):
        import blenderproc
        from blenderproc.python.utility.SetupUtility import SetupUtility
    SetupUtility.setup_pip = staticmethod(lambda *_args, **_kwargs: "")
    SetupUtility.main_setup_called = True
    paths, python_path = list(sys.path), os.environ.get("PYTHONPATH")
    sys.path.append(str(Path(blenderproc.__file__).parent.parent))
    try:
        with _restored(_INSIDE, value="1"):
            importlib.reload(blenderproc)
            _mark_initialised()
    finally:
        sys.path[:] = paths
        if python_path is not None:
            os.environ["PYTHONPATH"] = python_path
    return SetupUtility


def _mark_initialised() -> None:
    from blenderproc.python.utility.GlobalStorage import GlobalStorage

    GlobalStorage.add("bproc_init_complete", True)  # what bproc.init(), which we cannot call, would do


@contextlib.contextmanager
def _restored(variable: str, *, value: str) -> Iterator[None]:
    before = os.environ.get(variable)
    os.environ[variable] = value
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(variable, None)
        else:
            os.environ[variable] = before


def _missing(error: ImportError) -> MissingPieceError:
    text = str(error)
    if ".so" in text:  # bpy links against libraries that a minimal system lacks
        libraries = "libx11-6 libxrender1 libxxf86vm1 libxfixes3 libxi6 libxkbcommon0 libsm6 libgl1"
        return MissingPieceError(text.partition(":")[0], "Blender links against it", f"apt-get install {libraries}")
    return MissingPieceError(error.name or text, "scenes are traced with Blender", "make setup")
