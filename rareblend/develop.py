"""`rareblend develop`: traced views become frames, under other looks without tracing again."""

from __future__ import annotations

from pathlib import Path

from rareblend import traced_light
from rareblend.job import Job, Step
from rareblend.wish import atlas
from render.develop import device
from render.develop.camera import SensorSettings
from render.develop.match.fitted_camera import camera_of
from render.develop.preset import LookSettings
from render.develop.round import develop
from render.frame_checks import checked
from render.ledger import check, held, line, spaces, write
from render.visibility import LabelSettings
from scenes.atlas import Atlas
from scenes.cells import CoverageSettings
from scenes.errors import InputError
from scenes.spec.scene import SceneSpec


def step(job: Job) -> Step:
    """Return the development of a round's views.

    Raises:
        InputError: a setting or a file of the round breaks a rule, or a lighting or weather is chosen in vain.
        RareblendError: a GPU is demanded and not there.
    """
    told = job.round
    looks, sensor = job.section("look", LookSettings), job.section("sensor", SensorSettings)
    labels, rules = job.section("labels", LabelSettings), job.section("coverage", CoverageSettings).impossible
    spaces(rules)
    check(told.out)
    place, known = device.choose(told.device), atlas(job)
    images = job.config["real"].get("images")
    real = Path(images) if images else None
    alone = job.command == "develop"  # after tracing, as a part of `run`, there may be scenes in what is chosen
    if alone:
        traced_light.check(_traced(told.out, known), known)

    def go() -> int:
        lines = [*traced_light.kept(_traced(told.out, known), known), *(traced_light.settled(known) if alone else ())]
        for told_line in lines:
            print(f"develop: {told_line}")
        camera = camera_of(told.out, real, looks=looks, sensor=sensor, seed=told.seed)
        done = develop(
            told.out,
            looks=looks,
            sensor=camera,
            count=told.looks,
            seed=told.seed,
            workers=told.workers,
            labels=labels,
            place=place,
            atlas=known,
        )
        for view, why in done.quarantined.items():
            print(f"left out: {view}: {why}")
        on_gpu = "; on a GPU" if place == "cuda" else ""
        again = f" ({len(done.again)} anew: the camera or the rules for labels changed)" if done.again else ""
        print(f"develop: {len(done.made)} frames made{again}, {len(done.found)} were here{on_gpu}")
        if not done.made and not done.found:
            raise InputError(told.out / "scenes", "must hold a view that can be developed", got="none")
        print(f"labels: {checked(told.out, pictures=False).line}")
        print(f"coverage: {line(write(told.out, rules)['frames'])}")
        return 0

    return go


def _traced(out: Path, known: Atlas) -> list[SceneSpec]:
    """Return the traced scenes of a round; they are not read where no lighting or weather is chosen."""
    return [scene.spec for scene in held(out) if scene.traced] if known.chosen else []
