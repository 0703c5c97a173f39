"""`python farm_main.py OUT COUNT WORKERS fake|cube`: a main process that tests can kill."""

from __future__ import annotations

import sys
from pathlib import Path

import cube_scenes

from render import farm
from render.settings import RenderSettings

HERE = Path(__file__).parent
FAKE = (sys.executable, str(HERE / "fake_worker.py"))
TINY = RenderSettings(resolution=(160, 96), spp=4)

if __name__ == "__main__":
    out, count, workers, kind = sys.argv[1:]
    farm.STAGE = farm.GAINS = "cube_stage"
    command = FAKE if kind == "fake" else None
    specs = cube_scenes.specs(int(count))
    report = farm.trace(specs, Path(out), settings=TINY, workers=int(workers), device="cpu", command=command)
    print(report)
