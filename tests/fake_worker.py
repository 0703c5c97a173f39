"""Speaks the worker's protocol and commits as the worker does, but invents its picture: for tests that kill."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from render import manifest
from render.jobs import Answer, Handler, ViewJob, serve
from render.radiance import Radiance


def handle(job: ViewJob) -> Answer:
    spec = job.spec()
    if spec.sentence == "die":
        os._exit(9)
    if spec.sentence == "fail":
        raise ValueError("this scene cannot be built")
    if spec.sentence == "dawdle":
        time.sleep(60)
    time.sleep(0.05)
    rng = np.random.default_rng(spec.seed)
    colour = rng.random((24, 40, 3), dtype=np.float32)
    bundle = Radiance(
        layers={"sky": colour},
        albedo=colour,
        normal=colour,
        depth_m=colour[..., 0],
        ids=(colour[..., 0] > 0.5).astype(np.uint16),
    )
    manifest.commit_view(Path(job.out), bundle, {**job.told(), "objects": []})
    return Answer(status="done")


def prepare() -> tuple[Answer, Handler | None]:
    return Answer(status="ready", text="CPU (fake): it is a test"), handle


if __name__ == "__main__":
    serve(prepare)
