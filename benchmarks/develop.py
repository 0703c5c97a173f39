"""What does a further look cost against tracing the same view again? Aim: at most a tenth.

Both run here, one thread each, on the same scene: the peer is the trace itself, which is what any renderer without
light groups pays for another lighting. Prints CPU-seconds a stage (median) and the ratio.

    OMP_NUM_THREADS=1 python benchmarks/develop.py [--scenario low_sun_traffic] [--looks 5]
    OMP_NUM_THREADS=1 python benchmarks/develop.py --bundle out/round/scenes/x/0.exr --trace-cpu-s 22
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import yaml

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Trace one view, develop it under many looks, and print what each costs."""
    options = _options()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as folder:
        if options.bundle is None:
            bundle, trace_s = _trace(options.scenario, Path(folder))
        else:
            bundle, trace_s = options.bundle, options.trace_cpu_s
        stages, looks, once_s = _develop(bundle, options.looks)
    print(f"{len(looks)} looks, CPU-seconds, one thread, median")
    for stage, seconds in stages.items():
        print(f"  {stage:<24}{statistics.median(seconds):8.3f}")
    look_s = statistics.median(looks)
    print(f"  {'a further look':<24}{look_s:8.3f}   (min {min(looks):.3f}, max {max(looks):.3f})")
    print(f"  {'once a view (read, guides)':<24}{once_s:6.3f}")
    if trace_s:
        print(f"  {'its trace':<24}{trace_s:8.3f}")
        print(f"ratio: a further look costs {100 * look_s / trace_s:.1f} % of its trace (aim: at most 10 %)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="low_sun_traffic")
    parser.add_argument("--looks", type=int, default=5)
    parser.add_argument("--bundle", type=Path, help="a traced bundle instead of a trace")
    parser.add_argument("--trace-cpu-s", type=float, default=0.0, help="what that bundle's trace cost")
    return parser.parse_args()


def _trace(scenario: str, out: Path) -> tuple[Path, float]:
    from render.farm import trace
    from render.settings import RenderSettings
    from scenes.scenario import sample

    report = trace([sample(scenario, seed=7, index=0)], out, settings=RenderSettings(), workers=1, device="cpu")
    return next(out.glob("scenes/*/0.exr")), report.cpu_s


def _timed(store: dict[str, list[float]], stage: str, work: Callable):
    start = time.process_time()
    result = work()
    store.setdefault(stage, []).append(time.process_time() - start)
    return result


def _develop(bundle: Path, count: int) -> tuple[dict[str, list[float]], list[float], float]:
    from render import radiance
    from render.develop import codec, develop, relight
    from render.develop.denoise import denoise
    from render.develop.viewpoint import Viewpoint

    start = time.process_time()
    read = radiance.read(bundle)
    width, height = read.resolution_wh
    sun_ahead = Viewpoint(focal_px=0.87 * width, center_px=(width / 2, height / 2), sun=(0.03, -0.12, 0.99))
    view = develop.prepare(read, sun_ahead)
    once_s = time.process_time() - start
    presets, camera = _settings()
    stages: dict[str, list[float]] = {}
    whole = []
    for look in presets(count + 1)[1:]:
        relit = _timed(stages, "relight", lambda look=look: relight.relight(view.radiance, look))
        _timed(stages, "denoise", lambda relit=relit: denoise(relit, view.albedo, view.normal, quality=camera.denoise))
        glass = lambda relit=relit, look=look: develop.through_glass(relit, view, look, camera.lens)  # noqa: E731
        sensed, _ = _timed(stages, "glare and lens", glass)
        exposure = _timed(stages, "exposure", lambda sensed=sensed, look=look: develop.exposed(sensed, look, camera))
        rng = np.random.default_rng(look.seed)
        take = lambda sensed=sensed, exposure=exposure, rng=rng: develop.capture(sensed, camera, exposure, rng)  # noqa: E731
        raw = _timed(stages, "sensor", take)
        show = lambda raw=raw, look=look, gain=exposure.gain: develop.process(raw, look, camera, gain)  # noqa: E731
        rgb, _ = _timed(stages, "ISP", show)
        _timed(stages, "JPEG", lambda rgb=rgb: codec.jpeg(rgb, 90))
        start = time.process_time()
        develop.develop(view, look, camera)
        whole.append(time.process_time() - start)
    return stages, whole, once_s


def _settings():
    from pydantic import TypeAdapter

    from render.develop.develop import SensorSettings
    from render.develop.preset import LookSettings, draw

    read = [
        yaml.safe_load((ROOT / "conf" / name).read_text()) for name in ("look/standard.yaml", "sensor/dashcam.yaml")
    ]
    looks = TypeAdapter(LookSettings).validate_python(read[0])
    camera = TypeAdapter(SensorSettings).validate_python(read[1])
    return (lambda n: draw(looks, "low_sun", n, seed=7, scene="bench")), camera


if __name__ == "__main__":
    main()
