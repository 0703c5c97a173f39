"""`rareblend render`: scenes are drawn and traced, and what they cover is counted."""

from __future__ import annotations

from eval.lineage import note
from rareblend.job import Job, Step
from rareblend.wish import wish
from render import cutouts, ledger, tracing_device
from render.agenda import agenda
from render.clips import flow
from render.farm import trace
from render.settings import RenderSettings
from scenes.camera import CameraSettings
from scenes.cells import CoverageSettings
from scenes.clip import ClipSettings
from scenes.errors import TraceError
from scenes.own import OwnSettings, load, with_users_own


def step(job: Job) -> Step:
    """Return the tracing of the scenes that are asked for; they are drawn here, as a draw may be refused.

    Raises:
        InputError: a setting, the user's own asset or a file of the round breaks a rule.
    """
    clip, cameras = job.section("clip", ClipSettings), job.section("camera", CameraSettings)
    told, settings, own = job.round, job.section("render", RenderSettings), job.section("own", OwnSettings)
    library = job.section("cutouts", cutouts.CutoutSettings)
    catalogue, coverage = load(own.assets) if own.assets else None, job.section("coverage", CoverageSettings)
    ledger.spaces(coverage.impossible, cameras)  # a rule that cannot be is told before hours of tracing
    ledger.check(told.out)
    tracing_device.check(told.device)
    drawn = agenda(told.out, wish(job))
    specs = [*drawn.begun, *(with_users_own(spec, own, catalogue, seed=told.seed) for spec in drawn.new)]
    refused = dict(catalogue.left_out) if catalogue else {}

    def go() -> int:
        print(*drawn.lines, sep="\n", end="\n" if drawn.lines else "")
        done = trace(specs, told.out, settings=settings, workers=told.workers, device=told.device, own=own, clip=clip)
        left_out = {**refused, **{view.name: view.reason for view in (*done.unfit, *done.failed)}}
        for name, reason in left_out.items():
            print(f"left out: {name}: {reason}")
        missed = {what: f"not understood ({times})" for what, times in drawn.missed.items()}
        note(told.out, left_out={**missed, **left_out}, licences=catalogue.licences if catalogue else {})
        shared = f", {done.shared} frames share a bundle" if done.shared else ""
        print(
            f"render: {done.traced} views traced{shared}, {done.resumed} were here{done.device and f'; {done.device}'}"
        )
        if not done.traced and not done.resumed:
            raise TraceError("no view could be traced; the reasons stand above")
        print(f"coverage: {ledger.line(ledger.write(told.out, coverage.impossible, cameras=cameras)['scenes'])}")
        if library.count:
            print(cutouts.make(told.out, library, seed=told.seed, workers=told.workers, device=told.device))
        if clip.flow:
            print(f"flow: {flow.write_all(told.out)} pictures written")
        return 0

    return go
