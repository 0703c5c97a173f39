"""Trace many scenes on this machine; what is already traced is left alone.

A view is committed by the worker that traced it, its label file last. So a farm that is killed at any moment, with all
of its workers, continues where it stood: same call, same folder.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

import packs
from render import durable, frame_checks, manifest
from render.clips.reuse import repeats, share
from render.clips.stored import keep
from render.jobs import Answer, ViewJob
from render.pool import Pool, WorkerSetup
from render.settings import RenderSettings
from scenes.clip import ClipSettings, check
from scenes.errors import InputError
from scenes.lookalikes import shows_bodies
from scenes.own import OwnSettings
from scenes.spec.scene import SceneSpec, dumps, loads

STAGE = "scenes.stage.stage"
GAINS = "scenes.stage.lamps"
_SCRATCH_PREFIX = "rareblend-farm-"
_PICTURE_KEYS = frozenset(asdict(RenderSettings())) - {"view_seconds", "scenes_per_worker"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A view that is not there, and why."""

    name: str
    reason: str


@dataclass(kw_only=True)
class TraceReport:
    """What a call to `trace` did.

    Args:
        traced: views traced now.
        shared: frames of a clip that show what an earlier one shows, and share its bundle.
        resumed: views that were there already.
        unfit: views that were traced and put into quarantine, by this call or an earlier one.
        failed: views that could not be traced; the next call tries them again.
        device: what was traced on, and why; empty if nothing had to be.
        cpu_s: processor time of the views traced now.
    """

    traced: int = 0
    shared: int = 0
    resumed: int = 0
    unfit: list[Failure] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    device: str = ""
    cpu_s: float = 0.0


def trace(
    specs: Sequence[SceneSpec],
    out: Path,
    *,
    settings: RenderSettings,
    workers: int,
    device: str,
    own: OwnSettings | None = None,
    clip: ClipSettings | None = None,
    stage: str | None = None,
    command: Sequence[str] | None = None,
) -> TraceReport:
    """Trace every view of every scene that the folder lacks.

    Args:
        specs: the scenes; one that stands twice is traced once.
        out: the round's folder.
        settings: how to trace.
        workers: processes, >= 1; they share the cores.
        device: `auto`, `cpu` or `gpu`.
        own: the user's assets and script.
        clip: frames of each view; stills if None.
        stage: module that builds the scenes, ours by default.
        command: what to start instead of the Blender worker, for tests.

    Raises:
        InputError: the folder is in use, not writable, or holds views with other settings.
        RareblendError: no scene at all can be traced here.
        KeyboardInterrupt: the user stopped; call again to go on.
    """
    if workers < 1:
        raise InputError("workers", "must be at least 1", got=workers)
    out = out.resolve()
    with durable.locked(out), _scratch() as scratch:
        durable.sweep(out)
        _check_settings(out, settings)
        report = TraceReport()
        wanted = _pending(specs, out, report, clip or ClipSettings())
        repeats = {again for _, again in _repeats(specs, clip or ClipSettings(), out)}
        jobs = [job for job in wanted if job not in repeats]
        if jobs:
            threads = _threads(workers)
            command = command or [
                *_blender_command(specs, settings, stage=stage or STAGE, device=device, threads=threads),
                *_own_options(own or OwnSettings()),
            ]
            setup = WorkerSetup(
                command=command,
                threads=threads,
                scratch=scratch,
                job_seconds=settings.view_seconds,
                jobs_per_worker=settings.scenes_per_worker,
            )
            _run(setup, jobs, out=out, workers=workers, report=report)
        for traced, again in _repeats(specs, clip or ClipSettings(), out) if set(wanted) & repeats else ():
            _share(traced, again, report)
    return report


def _repeats(specs: Sequence[SceneSpec], clip: ClipSettings, out: Path) -> Iterator[tuple[ViewJob, ViewJob]]:
    """Yield the frames that show the same as an earlier one, after that one."""
    for spec in (
        {spec.scene_id: spec for spec in (loads(dumps(spec)) for spec in specs)}.values() if clip.frames else ()
    ):
        told = clip.of(spec)
        for view in range(len(spec.cameras)):
            first = ViewJob(scene=spec.scene_id, view=view, out=str(out), frame=0)
            for again, frame in (repeats(spec, told, view) if told else {}).items():
                yield replace(first, frame=frame), replace(first, frame=again)


def _share(traced: ViewJob, again: ViewJob, report: TraceReport) -> None:
    """Commit a repeated frame with the bundle that is there; it is left out for the reason that the first one is."""
    out = Path(again.out)
    if manifest.is_traced(out, again.scene, again.view_name):
        return
    if manifest.is_traced(out, traced.scene, traced.view_name):
        share(out, traced.scene, traced.view_name, again.view_name, again.told()["time_s"])
        report.shared += 1
        return
    left_out = [failure for failure in (*report.unfit, *report.failed) if failure.name == traced.name]
    report.failed += [Failure(name=again.name, reason=failure.reason) for failure in left_out]


def _pending(specs: Sequence[SceneSpec], out: Path, report: TraceReport, clip: ClipSettings) -> list[ViewJob]:
    """Store the specs and list the views that are still to be traced."""
    unfit = {entry["name"]: entry["reason"] for entry in frame_checks.quarantined(out)}
    jobs: list[ViewJob] = []
    stored = [loads(dumps(spec)) for spec in specs]  # as a reader will see it: 3 becomes 3.0, and the id follows
    for spec in {spec.scene_id: spec for spec in stored}.values():
        path = out / "scenes" / spec.scene_id / "spec.json"
        if not path.is_file():
            durable.write_bytes(path, dumps(spec).encode() + b"\n")
        told = clip.of(spec)
        if told:
            check(spec, told)
            keep(out, spec.scene_id, told)
        for view, frame in product(range(len(spec.cameras)), range(told.frames) if told else (None,)):
            job = ViewJob(scene=spec.scene_id, view=view, out=str(out), frame=frame)
            if manifest.is_traced(out, spec.scene_id, job.view_name):
                report.resumed += 1
            elif job.name in unfit:
                report.unfit.append(Failure(name=job.name, reason=unfit[job.name]))
            else:
                jobs.append(job)
    return jobs


def _run(setup: WorkerSetup, jobs: Sequence[ViewJob], *, out: Path, workers: int, report: TraceReport) -> None:
    with _progress() as progress:
        task = progress.add_task("trace", total=len(jobs))

        def tell(job: ViewJob, answer: Answer) -> None:
            _note(job, answer, out=out, report=report)
            progress.advance(task)

        pool = Pool(setup, tell)
        pool.run(jobs, workers)
        report.device = pool.device
    _log.info("traced %d views on %s", report.traced, report.device)


def _note(job: ViewJob, answer: Answer, *, out: Path, report: TraceReport) -> None:
    if answer.status == "done":
        report.traced += 1
        report.cpu_s += answer.cpu_s
        spent = {"scene": job.scene, "view": job.view_name, "stage": "trace"}
        durable.append_line(out / "timings.jsonl", {**spent, "cpu_s": answer.cpu_s, "wall_s": answer.wall_s})
        return
    failure = Failure(name=job.name, reason=answer.text)
    if answer.status == "unfit":
        frame_checks.quarantine(out, job.name, answer.text)
        report.unfit.append(failure)
    else:
        report.failed.append(failure)
    _log.warning("view %s is left out: %s", job.name, answer.text)


def _check_settings(out: Path, settings: RenderSettings) -> None:
    """Refuse to mix views that were traced in different ways."""
    path = out / "scenes" / "settings.json"
    wanted = {key: value for key, value in asdict(settings).items() if key in _PICTURE_KEYS}
    wanted["resolution"] = list(settings.resolution)
    if settings.spp != "auto":
        del wanted["auto_spp"]  # the table says nothing where the number is given
    if not path.is_file():
        durable.write_json(path, wanted)
        return
    there = manifest.read_record(path)
    for key in sorted(wanted, reverse=True):  # spp before the table that hangs on it
        if there.get(key) != wanted[key] and any(out.glob("scenes/*/*.exr")):
            fix = "choose another folder with out=DIR, or the setting as it was"
            raise InputError(f"render.{key}", f"{out} was traced with {there.get(key)}", got=wanted[key], fix=fix)
    durable.write_json(path, wanted)


def _blender_command(
    specs: Sequence[SceneSpec], settings: RenderSettings, *, stage: str, device: str, threads: int
) -> list[str]:
    people = ["--people", str(packs.fetch("people"))] if any(map(shows_bodies, specs)) else []
    options = {"--settings": durable.canonical_json(asdict(settings)), "--device": device, "--threads": str(threads)}
    modules = {"--stage": stage, "--gains": GAINS, "--meshes": str(packs.cache_dir() / "meshes")}
    pairs = [word for pair in (options | modules).items() for word in pair]
    return [sys.executable, "-m", "render.blender.worker", *pairs, *people]


def _own_options(own: OwnSettings) -> list[str]:
    folders = {"--own": own.assets, "--script": own.script, "--cc-textures": own.cc_textures}
    return [word for option, path in folders.items() if path for word in (option, str(path.resolve()))]


def _threads(workers: int) -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    return max(1, cores // workers)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True))


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """Yield a temporary folder for workers; those of farms that were killed are removed first."""
    for stale in Path(tempfile.gettempdir()).glob(f"{_SCRATCH_PREFIX}*"):
        process = stale.name.removeprefix(_SCRATCH_PREFIX).partition("-")[0]
        if process.isdigit() and not durable.is_alive(int(process)):
            shutil.rmtree(stale, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
