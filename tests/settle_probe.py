"""Runs inside its own process: settles the pieces of a crash twice and prints what a test wants to know, as JSON."""

import hashlib
import json
import time

import numpy as np

from render.blender import bootstrap

bootstrap.start()

import bpy  # noqa: E402

from scenes.scenario import sample  # noqa: E402
from scenes.stage.site.ground import build_road  # noqa: E402
from scenes.stage.wrecks import debris, rigid  # noqa: E402

SCENES = (("departure_into_pole", 0), ("pile_up", 0))


def settled(name, index):
    spec = sample(name, seed=3, index=index)
    bootstrap.empty_scene()
    build_road(spec)
    loose = {
        number: (piece, debris.scale_of(piece) * debris.geometry(piece.kind, debris.model_of(piece)).points())
        for number, piece in enumerate(spec.debris)
        if piece.launch
    }
    kerbs = [item.data for item in bpy.data.objects if item.name.startswith("pavement")]
    before, start = len(bpy.data.objects), time.process_time()
    lies = rigid.settled(loose, spec, kerbs)
    seconds = time.process_time() - start
    low = [float((loose[number][1] @ at[2, :3] + at[2, 3]).min()) for number, at in lies.items()]
    moved = [
        float(np.hypot(at[0, 3] - loose[n][0].launch.from_m[0], at[1, 3] - loose[n][0].launch.from_m[1]))
        for n, at in lies.items()
    ]
    return {
        "digest": hashlib.sha256(np.array([lies[number] for number in sorted(lies)]).tobytes()).hexdigest(),
        "launched": len(loose),
        "low_m": low,
        "moved_m": moved,
        "left_over": len(bpy.data.objects) - before + len(bpy.data.scenes) - 1,
        "cpu_s": seconds,
    }


print("RESULT" + json.dumps([settled(name, index) for name, index in SCENES]), flush=True)
bootstrap.finish(0)
