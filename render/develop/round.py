"""All frames of a round: every traced view under its looks, resumable, the same bytes for any number of workers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from render import durable, frame_checks, manifest
from render.clips.moment import with_past
from render.clips.stored import in_order
from render.develop import pool
from render.develop.camera import SensorSettings
from render.develop.device import Place
from render.develop.frames import ViewJob, ViewResult, develop_view
from render.develop.preset import LookSettings
from render.develop.traced import lighting_of
from render.visibility import DEFAULT_LABELS, LabelSettings
from scenes.atlas import Atlas
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class DevelopReport:
    """Frames made now (`again`: over those of another camera) and found from before; what was left out, and why."""

    made: tuple[str, ...]
    found: tuple[str, ...]
    again: tuple[str, ...]
    quarantined: dict[str, str]


def develop(
    out: Path,
    *,
    looks: LookSettings,
    sensor: SensorSettings,
    count: int,
    seed: int,
    workers: int,
    labels: LabelSettings = DEFAULT_LABELS,
    lighting: str = "",
    place: Place = "cpu",
    atlas: Atlas | None = None,
) -> DevelopReport:
    """Develop the frames of a round that do not exist yet, or that another camera took.

    Args:
        out: the round's folder, with `scenes/<scene>/<view>.exr` and `.json`.
        looks: presets by lighting family.
        sensor: the camera.
        count: looks per view, >= 1.
        seed: the run's seed.
        workers: processes of one thread each, >= 1.
        labels: what is marked `ignore`.
        lighting: only scenes of this family; all if empty.
        place: from `device.choose`.
        atlas: lightings and weathers for scenes that had them chosen; those that are shipped if None.

    Raises:
        InputError: nothing has been traced, or a file cannot be written.
    """
    for name, value in (("looks", count), ("workers", workers)):
        if value < 1:
            raise InputError(name, "must be at least 1", got=value)
    views = [(scene, view) for scene, view in traced_views(out) if not lighting or lighting_of(out, scene) == lighting]
    jobs = [
        tuple(
            ViewJob(
                out=out,
                scene=scene,
                view=view,
                looks=looks,
                sensor=sensor,
                count=count,
                seed=seed,
                labels=labels,
                place=place,
                atlas=atlas,
            )
            for scene, view in group
        )
        for group in in_order(views)
    ]
    if not jobs:
        raise InputError(out / "scenes", "must hold traced views", got="none", fix="run: rareblend render")
    with durable.locked(out):
        durable.sweep(out)
        results = sorted(_followed(jobs, workers), key=lambda result: result.name)
        manifest.compact(out)
    return DevelopReport(
        made=tuple(frame for result in results for frame in result.made),
        found=tuple(frame for result in results for frame in result.found),
        again=tuple(frame for result in results for frame in result.again),
        quarantined={name: reason for result in results for name, reason in result.faults},
    )


def traced_views(out: Path) -> list[tuple[str, str]]:
    """Return (scene, view) of everything that has been traced and labelled, in a fixed order."""
    bundles = sorted((out / "scenes").glob("*/*.exr"))
    return [(path.parent.name, path.stem) for path in bundles if path.with_suffix(".json").is_file()]


def develop_in_order(jobs: tuple[ViewJob, ...]) -> tuple[ViewResult, ...]:
    """Develop one view, or the frames of one clip, each after what the camera metered before it."""
    return tuple(develop_view(job) for job in with_past(jobs))


def _followed(jobs: list[tuple[ViewJob, ...]], workers: int) -> list[ViewResult]:
    """Run the jobs under a progress bar; what is left out is shown and written down as it happens."""
    columns = (TextColumn("develop"), BarColumn(), MofNCompleteColumn(), TextColumn("frames"), TimeRemainingColumn())
    out, count, results = jobs[0][0].out, jobs[0][0].count, []
    with Progress(*columns) as progress:
        task = progress.add_task("develop", total=sum(map(len, jobs)) * count)
        for result in chain.from_iterable(pool.unordered(develop_in_order, jobs, workers)):
            results.append(result)
            progress.advance(task, count)
            for name, reason in result.faults:
                progress.console.print(f"left out {name}: {reason}", markup=False, highlight=False)
                frame_checks.quarantine(out, name, reason)
            for frame, cpu_s in zip(result.made, result.cpu_s, strict=True):
                durable.append_line(out / "timings.jsonl", {"stage": "develop", "frame": frame, "cpu_s": cpu_s})
    return results
