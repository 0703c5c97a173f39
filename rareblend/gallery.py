"""`rareblend gallery`: contact sheets of everything that the stage can build."""

from __future__ import annotations

from rareblend.job import Job, Step
from render import gallery, tracing_device
from render.develop.camera import SensorSettings
from render.develop.preset import LookSettings
from render.settings import RenderSettings
from scenes.camera import CameraSettings


def step(job: Job) -> Step:
    """Return the drawing of the sheets that are asked for.

    Raises:
        InputError: a setting breaks a rule, or a sheet is not there.
        RareblendError: a GPU is demanded and not there.
    """
    told, settings = job.round, job.section("render", RenderSettings)
    looks, sensor = job.section("look", LookSettings), job.section("sensor", SensorSettings)
    cameras = job.section("camera", CameraSettings)
    sheets = _listed(job.config["sheets"])
    gallery.cells_on(sheets, cameras)  # a sheet that is not there is told before anything is written
    tracing_device.check(told.device)

    def go() -> int:
        done = gallery.draw(
            told.out,
            settings=settings,
            looks=looks,
            sensor=sensor,
            workers=told.workers,
            device=told.device,
            seed=told.seed,
            cameras=cameras,
            sheets=sheets,
        )
        for caption, why in done.missing.items():
            print(f"left out: {caption}: {why}")
        print(f"gallery: {len(done.sheets)} sheets in {told.out}")
        return 0

    return go


def _listed(told: object) -> tuple[str, ...]:
    """Return names that were told as a list, or a single one."""
    return tuple(str(name) for name in (told if isinstance(told, list) else [told]))
