"""How much nearer to real pictures do frames come once the camera is fitted to them? Aim: half the distance or less.

Held out: the camera is fitted to one half of the real pictures (by takes) with one half of our scenes, and the distance
is measured on the other halves, light level by light level. Two figures: the mean standardised distance of low-level
statistics (noise, sharpness, luminance, chroma, JPEG), and separability, 2·AUC - 1 of a two-sample classifier on them.
What both give between two samples of real pictures is printed as their floor.

    OMP_NUM_THREADS=1 python benchmarks/sensor_match.py --ours out/round [out/night ...] --real DIR [DIR ...]
        [--looks 4] [--pictures 200] [--in-sample] [--sheet sheet.png]
"""

from __future__ import annotations

import argparse
import collections
import json
import time
from pathlib import Path

import cv2
import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
_CLEAR_M = 1_000.0


def main() -> None:
    """Fit to each folder of real pictures and print the distance before and after."""
    options = _options()
    cv2.setNumThreads(1)
    start = time.process_time()
    frames, camera = _negatives(options.ours, options.looks, weather=options.weather)
    print(f"{len(frames)} frames of {len({frame.scene for frame in frames})} scenes, {_since(start)} CPU-s to relight")
    for folder in options.real:
        _compare(folder, frames, camera, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", type=Path, nargs="+", required=True, help="rounds with traced scenes")
    parser.add_argument("--real", type=Path, nargs="+", required=True, help="folders of real pictures")
    parser.add_argument("--looks", type=int, default=4, help="of a day view; others get twice as many")
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--weather", action="store_true", help="fog, rain and snow too; the real sets have hardly any")
    parser.add_argument(
        "--in-sample", action="store_true", help="fit to all and measure on the same, as a user's fit does"
    )
    parser.add_argument("--sheet", type=Path, help="write frames before, after, and real pictures side by side")
    return parser.parse_args()


def _since(start: float) -> str:
    return f"{time.process_time() - start:.0f}"


def _negatives(rounds: list[Path], looks: int, *, weather: bool):
    from pydantic import TypeAdapter

    from render.develop.camera import SensorSettings
    from render.develop.preset import LookSettings

    conf = ROOT / "conf"
    presets, camera = (
        TypeAdapter(kind).validate_python(yaml.safe_load((conf / path).read_text(encoding="utf-8")))
        for kind, path in ((LookSettings, "look/standard.yaml"), (SensorSettings, "sensor/dashcam.yaml"))
    )
    bundles = {path.parent.name: path for out in rounds for path in sorted((out / "scenes").glob("*/0.exr"))}
    frames = []
    for scene, path in bundles.items():
        frames += _of_view(scene, path, looks=looks, presets=presets, camera=camera, weather=weather)
    return frames, camera


def _of_view(scene: str, path: Path, *, looks: int, presets, camera, weather: bool):
    """Return the negatives of a view; it is read without its spec's other fields, so that old rounds serve too."""
    from render.develop.match.negatives import negative
    from render.develop.preset import draw
    from render.develop.view import prepare
    from render.develop.viewpoint import viewpoint
    from render.radiance import read
    from scenes.errors import InputError
    from scenes.spec.view import Sun

    spec = json.loads((path.parent / "spec.json").read_text(encoding="utf-8"))
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["camera"]
    view = prepare(read(path), viewpoint(told["K"], told["world_to_camera"], Sun(**spec["sun"])))
    wanted = looks if spec["lighting"] == "day" else 2 * looks
    made = []
    drawn = draw(presets, spec["lighting"], 6 * wanted, seed=7, scene=f"{scene}-0")
    for look in (look for look in drawn if weather or _clear(look)):
        if len(made) == wanted:
            break
        try:
            made.append(negative(view, look, camera, scene=scene))
        except InputError as lacking:  # a look may need a light group that an old bundle has not
            print(f"left out: {scene} {look.name}: {lacking}")
    return made


def _clear(look) -> bool:
    """Tell looks whose weather leaves contrast and detail to the camera."""
    return look.precipitation.kind == "none" and look.air.visibility_m >= _CLEAR_M and not look.plumes


def _compare(folder: Path, frames, camera, options) -> None:
    from render.develop.match import pictures
    from render.develop.match.distance import distance
    from render.develop.match.finish import Finish
    from render.develop.match.fit import fit
    from render.develop.match.negatives import sampled

    start = time.process_time()
    real = pictures.read(folder, count=options.pictures)
    seen, kept = _halves(real.pictures, lambda picture: picture.group)
    floor = distance(seen, kept)
    ours, others = _halves(frames, lambda frame: frame.scene)
    if options.in_sample:
        seen, kept, ours, others = real.pictures, real.pictures, frames, frames
    fitted = fit(seen, ours, camera)
    print(f"\n{folder.parent.name}/{folder.name}: fitted to {len(seen)} pictures with {len(ours)} frames", end=" ")
    told = "the same" if options.in_sample else "none seen before"
    print(f"in {_since(start)} CPU-s; measured on {len(kept)} pictures and {len(others)} frames, {told}")
    before = [sampled(frame, camera, Finish()) for frame in others]
    after = [sampled(frame, fitted.camera, fitted.finish) for frame in others]
    _tell(distance(before, kept), distance(after, kept), floor)
    levels = [dict(collections.Counter(sample.level for sample in side)) for side in (before, after, kept)]
    print(f"  light levels: before {levels[0]}, after {levels[1]}, real {levels[2]}")
    print(f"  by gradient boosting: before {_boosted(before, kept):.3f}, after {_boosted(after, kept):.3f}")
    if options.sheet:
        _sheet(options.sheet.with_stem(f"{options.sheet.stem}_{folder.parent.name}"), folder, others, camera, fitted)


def _halves(items, group):
    """Split by groups, every other one in a drawn order."""
    names = sorted({group(item) for item in items})
    order = np.random.default_rng(0).permutation(len(names))
    first = {names[place] for place in order[::2]}
    return [item for item in items if group(item) in first], [item for item in items if group(item) not in first]


def _tell(before, after, floor) -> None:
    from render.develop.match.statistics import GROUPS

    rows = {group: [told.of_group(group) for told in (before, after, floor)] for group in GROUPS}
    rows["mean standardised"] = [told.mean for told in (before, after, floor)]
    rows["separability"] = [told.separability for told in (before, after, floor)]
    print(f"  {'':<20}{'before':>8}{'after':>8}{'ratio':>8}{'real to real':>14}")
    for name, (first, last, least) in rows.items():
        print(f"  {name:<20}{first:8.3f}{last:8.3f}{last / max(first, 1e-9):8.2f}{least:14.3f}")
    worst = sorted(after.standardised, key=lambda name: -after.standardised[name])[:4]
    print("  farthest after: " + ", ".join(f"{name} {after.standardised[name]:.2f}" for name in worst))


def _boosted(ours, real) -> float:
    """Return 2·|AUC - 0.5| of gradient boosting, another classifier than the one that the tool uses."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    from render.develop.match.statistics import matrix

    both = [*ours, *real]
    label = np.array([0] * len(ours) + [1] * len(real))
    level = np.array([sample.level for sample in both])
    weight = np.array(
        [0.5 / max(((level == one) & (label == side)).sum(), 1) for one, side in zip(level, label, strict=True)]
    )
    groups = [f"{side}{sample.group}" for sample, side in zip(both, label, strict=True)]
    folds = StratifiedGroupKFold(n_splits=5, shuffle=True, random_state=0)
    model = HistGradientBoostingClassifier(max_depth=3, max_iter=80, min_samples_leaf=8, random_state=0)
    told = matrix([sample.measured for sample in both])
    score = cross_val_predict(model, told, label, groups=groups, cv=folds, method="predict_proba")[:, 1]
    shared = [one in set(level[label == 0]) & set(level[label == 1]) for one in level]
    return abs(2 * roc_auc_score(label[shared], score[shared], sample_weight=weight[shared]) - 1)


def _sheet(path: Path, folder: Path, frames, camera, fitted) -> None:
    """Write eight rows: before, after, and a real picture."""
    from render.develop.match.finish import Finish
    from render.develop.match.negatives import printed

    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in {".jpg", ".jpeg", ".png"})
    rows = []
    for index in np.linspace(0, len(frames) - 1, 8).round().astype(int):
        frame = frames[index]
        height, width = frame.light.shape[:2]
        real = cv2.imread(str(files[index * (len(files) - 1) // len(frames)]), cv2.IMREAD_COLOR_RGB)
        shown = [printed(frame, camera, Finish()), printed(frame, fitted.camera, fitted.finish)]
        rows.append(np.hstack([*shown, cv2.resize(real, (width, height))]))
    cv2.imwrite(str(path), np.vstack(rows)[..., ::-1])


if __name__ == "__main__":
    main()
