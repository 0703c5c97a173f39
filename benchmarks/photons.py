"""How many samples does a view need until nobody can tell its frames from frames of a 512-spp trace?

Pixel by pixel they never agree: two 512-spp traces of one view differ by more than the sensor's noise where leaves and
lamps are. So the question is put as a test. Each view is traced with few samples and with twice 256, and all traces are
developed under the same looks. Patches of 32 px are told by low-level statistics: energy by octave, noise, what a
median filter takes away, gradients and mean, of lightness and of colour.

odd one: a patch of one half of the reference lies between that of the other half and that of few samples. How often are
the few samples farther from it? 0.5 is a coin: they are as good as another reference. No user of a frame has its twin,
so this is strict.
alone: one patch, and the question whether it is of few samples or of 512. AUC of a classifier that has learnt on all
other views and is asked about one that it has not seen. The row `null` asks the same of the halves of the reference:
what the test reads where there is nothing to tell.
PSNR and SSIM compare frames that have the same sensor noise. Intervals are 95 %, by resampling the places of patches;
two views of a family do not tell how much other views differ.

The last line is a table for `render.auto_spp` in `conf/round.yaml`: for each family the smallest number with which the
odd one is found in at most three of four patches, halfway from a coin to certainty.

    OMP_NUM_THREADS=1 python benchmarks/photons.py [--keep FOLDER]      # traces for about 20 CPU-minutes
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

FAMILIES = {
    "day": (("day_traffic", 0), ("day_traffic", 1)),
    "low_sun": (("low_sun_traffic", 0), ("low_sun_traffic", 1)),
    "night": (("night_rear_end", 0), ("night_intersection", 0)),
}
COUNTS = (2, 4, 6, 8, 12, 16, 24, 32)
SUMS = {48: (16, 32), 64: (8, 24, 32), 96: (2, 4, 6, 12, 16, 24, 32)}
"""Larger numbers, as means of traces that are there already; a single trace spreads its samples a little better."""
HALF_SPP = 256
ENOUGH = 0.75
RESOLUTION_WH = (256, 160)
LOOKS = 8
PATCH_PX = 32
NOISE_PX = 8
"""Side of the squares that `noise_level.residual` tells of."""
FLOOR = 0.02
"""L*, a*, b* below which differences cannot be seen."""
RESAMPLED = 200


@dataclass(frozen=True)
class Arm:
    """Frames of one view with few samples beside its reference.

    Patches are look x place x statistic; `odd` is 1 where ours is farther from one half of the reference than the other
    half is, look x place.
    """

    ours: np.ndarray
    reference: np.ndarray
    odd: np.ndarray
    psnr_db: float
    ssim: float


def main() -> None:
    """Trace (each view in a process of its own), develop, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="folder for the traces; those that are there are not traced again")
    parser.add_argument("--trace", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.trace:
        scenario, index, folder = options.trace
        _trace(scenario, int(index), Path(folder))
        return
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as made:
        folder = options.keep or Path(made)
        views = {f"{family}-{place}": view for family, of in FAMILIES.items() for place, view in enumerate(of)}
        _tell({name: _measured(_traced(folder / name, *view)) for name, view in views.items()})


def _traced(folder: Path, scenario: str, index: int) -> Path:
    command = [sys.executable, __file__, "--trace", scenario, str(index), str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder


def _trace(scenario: str, index: int, folder: Path) -> None:
    """Trace what a view lacks: every count, and twice half of the reference."""
    jobs = [*((spp, 1) for spp in COUNTS), (HALF_SPP, 1), (HALF_SPP, 2)]
    lacking = [job for job in jobs if not _bundle(folder, *job).is_file()]
    if not lacking:
        return
    from packs import fetch
    from render import radiance
    from render.blender import bootstrap, devices, geometry, passes
    from render.label import camera_record
    from render.settings import RenderSettings
    from scenes.scenario import sample
    from scenes.spec.scene import dumps

    bootstrap.start()
    from scenes.stage.lamps import TRACE_GAIN
    from scenes.stage.library import Library
    from scenes.stage.mesh_cache import MeshCache
    from scenes.stage.stage import build

    spec = sample(scenario, seed=11, index=index)
    bootstrap.empty_scene()
    build(spec, 0, resolution_wh=RESOLUTION_WH, library=Library(people_dir=fetch("people"), meshes=MeshCache(None)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spec.json").write_text(dumps(spec))
    for spp, seed in lacking:
        settings, device = RenderSettings(resolution=RESOLUTION_WH, spp=spp), devices.choose("cpu")
        traced = passes.trace(settings, gains=TRACE_GAIN, seed=1000 * seed + spp, threads=1, device=device)
        radiance.write(_bundle(folder, spp, seed), traced.radiance)
        (folder / "camera.yaml").write_text(yaml.safe_dump(camera_record(geometry.view_of_camera())))
    bootstrap.finish(0)


def _bundle(folder: Path, spp: int, seed: int) -> Path:
    """Where a trace stands: named as the only view of a scene, so that the product's own reader finds it."""
    return folder / "scenes" / f"{spp}-{seed}" / "0.exr"


def _measured(folder: Path) -> dict[int, Arm]:
    """Return the arms of a view by samples; that of the half is the null, one half of the reference and the other."""
    from render import radiance

    parts = {spp: [(part, 1) for part in of] for spp, of in SUMS.items()}
    for spp, of in {**parts, 2 * HALF_SPP: [(HALF_SPP, 1), (HALF_SPP, 2)]}.items():
        if not _bundle(folder, spp, 1).is_file():
            traces = [radiance.read(_bundle(folder, *part)) for part in of]
            radiance.write(_bundle(folder, spp, 1), _mean(traces, [part / spp for part, _ in of]))
    whole, half = _developed(folder, 2 * HALF_SPP, 1, noise=1), _developed(folder, HALF_SPP, 1, noise=1)
    near, far = (_told(frames) for frames in (half, _developed(folder, HALF_SPP, 2, noise=2)))
    arms = {}
    for spp, seed in (*((spp, 1) for spp in (*COUNTS, *SUMS)), (HALF_SPP, 2)):
        reference = half if spp == HALF_SPP else whole
        same, ours = (_developed(folder, spp, seed, noise=noise) for noise in (1, 2))
        psnr_db, ssim = _likeness(same, reference)
        told = _told(ours)
        arms[spp] = Arm(told, _told(reference), odd_one(told, near, far), psnr_db, ssim)
    return arms


def _mean(traces, shares):
    """Return the mean of traces of one view; depth and ids are the first one's."""

    def mean(images):
        return sum(np.float32(share) * image for share, image in zip(shares, images, strict=True))

    layers = {group: mean([trace.layers[group] for trace in traces]) for group in traces[0].layers}
    albedo, normal = (mean([getattr(trace, name) for trace in traces]) for name in ("albedo", "normal"))
    return replace(traces[0], layers=layers, albedo=albedo, normal=normal)


def _developed(folder: Path, spp: int, seed: int, *, noise: int) -> list[np.ndarray]:
    """Return the frames of a trace under the looks that a round would draw, each HxWx3 uint8."""
    from render.develop.develop import develop
    from render.develop.preset import draw
    from render.develop.traced import Source, read_view
    from scenes.spec.scene import loads

    spec, camera = loads((folder / "spec.json").read_text()), yaml.safe_load((folder / "camera.yaml").read_text())
    width, height = RESOLUTION_WH
    source = Source(spec=spec, labels={"camera": camera, "width": width, "height": height})
    view = read_view(folder, _bundle(folder, spp, seed).parent.name, "0", source)
    looks, sensor = _settings()
    drawn = draw(looks, spec.lighting, LOOKS, seed=7, scene=folder.name, street=spec.street)
    return [develop(view, look, sensor, noise_seed=100 * noise + place).rgb for place, look in enumerate(drawn)]


@cache
def _settings():
    from render.develop.camera import SensorSettings
    from render.develop.preset import LookSettings
    from scenes.settings import compose, validated

    config = compose("develop", [])
    return validated("look", LookSettings, config["look"]), validated("sensor", SensorSettings, config["sensor"])


def _likeness(frames: list[np.ndarray], reference: list[np.ndarray]) -> tuple[float, float]:
    """Return PSNR in dB and structural similarity, means over frames."""
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    pairs = list(zip(reference, frames, strict=True))
    psnr_db = [peak_signal_noise_ratio(*pair) for pair in pairs]
    return float(np.mean(psnr_db)), float(np.mean([structural_similarity(*pair, channel_axis=2) for pair in pairs]))


def odd_one(ours: np.ndarray, near: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Return where ours is farther from `near` than `far` is, in deviations of what two equal traces differ by."""
    spread = (far - near).std(axis=(0, 1)) + 1e-3
    gap = [np.square((side - near) / spread).mean(axis=2) for side in (ours, far)]
    return (gap[0] > gap[1]) + 0.5 * (gap[0] == gap[1])


def _told(frames: list[np.ndarray]) -> np.ndarray:
    return np.stack([patches(rgb) for rgb in frames])


def patches(rgb: np.ndarray) -> np.ndarray:
    """Return low-level statistics of the patches of a picture, HxWx3 uint8, as places x statistics."""
    from render.develop.match.noise_level import residual
    from render.develop.match.sharpness import octaves
    from render.develop.match.statistics import planes

    told = []
    for plane in planes(rgb):
        *layers, rest = octaves(plane)
        layers = [*layers, rest - cv2.GaussianBlur(rest, (0, 0), 6.4), plane - cv2.medianBlur(plane, 5)]
        told += [np.log(_placed(np.abs(layer)) + FLOOR) for layer in layers]
        told += [np.log(_placed(residual(plane), NOISE_PX) + FLOOR), _placed(plane)]
    for width_px in (0.0, 2.0):
        lightness = planes(rgb)[0]
        smooth = cv2.GaussianBlur(lightness, (0, 0), width_px) if width_px else lightness
        told.append(np.log(_placed(np.hypot(cv2.Sobel(smooth, -1, 1, 0), cv2.Sobel(smooth, -1, 0, 1))) + FLOOR))
    return np.stack(told, axis=1)


def _placed(plane: np.ndarray, pixel: int = 1) -> np.ndarray:
    """Return the mean of each patch of a plane whose samples are `pixel` pixels wide."""
    side = PATCH_PX // pixel
    rows, columns = (length // side for length in plane.shape)
    whole = plane[: rows * side, : columns * side]
    return whole.reshape(rows, side, columns, side).mean(axis=(1, 3)).ravel()


def _tell(views: dict[str, dict[int, Arm]]) -> None:
    """Print the answers by family and samples, and the smallest numbers that suffice."""
    counts = (*COUNTS, *SUMS)
    alone = {spp: _asked({name: arms[spp] for name, arms in views.items()}) for spp in (*counts, HALF_SPP)}
    print("family    spp   odd one               alone                 PSNR dB    SSIM")
    enough = {}
    for family in FAMILIES:
        of = [name for name in views if name.rpartition("-")[0] == family]
        odd = {spp: _interval([partial(_share, views[name][spp].odd) for name in of]) for spp in alone}
        for spp in alone:
            told = (odd[spp], _interval([partial(_auc, *alone[spp][name]) for name in of]))
            shown = "   ".join(f"{mean:.3f} [{low:.3f} {high:.3f}]" for mean, low, high in told)
            psnr_db, ssim = (np.mean([getattr(views[name][spp], key) for name in of]) for key in ("psnr_db", "ssim"))
            print(f"{family:8} {'null' if spp == HALF_SPP else spp:>4}   {shown}   {psnr_db:7.1f}   {ssim:.3f}")
        enough[family] = next((spp for spp in counts if odd[spp][0] <= ENOUGH), f"more than {counts[-1]}")
    print("auto_spp:", enough)


def _asked(arms: dict[str, Arm]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return scores and labels of each view's patches, from a classifier that has learnt on the other views."""
    from render.develop.match.classifier import crossed

    rows = [np.stack([arm.reference, arm.ours]) for arm in arms.values()]  # side x look x place x statistic
    label = [np.broadcast_to(np.array([0.0, 1.0])[:, None, None], part.shape[:3]) for part in rows]
    fold = [np.full(part.shape[:3], number) for number, part in enumerate(rows)]
    flat = np.concatenate([part.reshape(-1, part.shape[3]) for part in rows])
    told, of = (np.concatenate([part.ravel() for part in parts]) for parts in (label, fold))
    score = crossed(flat, told, np.ones(len(told)), of)
    return {
        name: (score[of == number].reshape(side.shape), side)
        for number, (name, side) in enumerate(zip(arms, label, strict=True))
    }


def _interval(views: Sequence[Callable[[np.random.Generator | None], float]]) -> tuple[float, float, float]:
    """Return the mean of a figure over views, and 95 % of it when the places of each view are drawn again."""
    rng = np.random.default_rng(0)
    low, high = np.quantile([np.mean([view(rng) for view in views]) for _ in range(RESAMPLED)], (0.025, 0.975))
    return float(np.mean([view(None) for view in views])), float(low), float(high)


def _often(places: int, rng: np.random.Generator | None) -> np.ndarray:
    """Return how often each place counts."""
    return np.ones(places) if rng is None else np.bincount(rng.integers(0, places, places), minlength=places) * 1.0


def _share(odd: np.ndarray, rng: np.random.Generator | None) -> float:
    return float(np.average(odd.mean(axis=0), weights=_often(odd.shape[1], rng)))


def _auc(score: np.ndarray, label: np.ndarray, rng: np.random.Generator | None) -> float:
    from render.develop.match.classifier import auc

    weight = np.broadcast_to(_often(score.shape[2], rng), score.shape)
    return auc(score.ravel(), label.ravel(), weight.ravel())


if __name__ == "__main__":
    main()
