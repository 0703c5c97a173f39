"""Do matched synthetic pictures pass for real ones more often? Both AUCs of a two-sample classifier, by condition.

The classifier is ridge logistic regression on EfficientNet features, tested on scenes and takes that it has not seen.
Two kinds of features: `whole` (what pictures show as well) and `texture` (means and deviations of the stride-16 map of
the middle at its own scale, nearer to what a camera leaves). Pictures are matched to one half of the real ones, by
takes, and told from the other; what tells the two real halves apart is the floor. 0.5 is a coin, 1 is certainty.

    OMP_NUM_THREADS=1 python benchmarks/matching.py --ours ROUND [ROUND ...] --real DIR [DIR ...]
        [--match auto] [--pictures 400] [--sheets FOLDER]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
SEED = 7
FEWEST = 6
THICK = ("fog", "haze", "dust", "rain", "snow", "smoke", "mist", "sand", "hail", "blizzard", "wet")


def main() -> None:
    """Print both AUCs of every condition and real set."""
    options = _options()
    cv2.setNumThreads(1)
    from blend import synthetic

    frames = [frame for out in options.ours for frame in synthetic.read(out)[0] if _wanted(frame, clear=options.clear)]
    print(f"{len(frames)} frames of {len({frame.group for frame in frames})} scenes")
    for folder in options.real:
        _compare(folder, frames, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", type=Path, nargs="+", required=True, help="rounds with developed frames")
    parser.add_argument("--real", type=Path, nargs="+", required=True, help="folders with images/ and annotations.json")
    parser.add_argument("--match", nargs="+", default=["auto"], help="files of conf/match")
    parser.add_argument("--pictures", type=int, default=400, help="of a real set that are looked at")
    parser.add_argument(
        "--clear", action="store_true", help="no fog, dust, rain, snow, smoke: the real sets have little"
    )
    parser.add_argument("--sheets", type=Path, help="write before, after and real pictures side by side")
    return parser.parse_args()


def _wanted(frame, *, clear: bool) -> bool:
    return not (clear and any(air in str(frame.facts["look_name"]) for air in THICK))


def _compare(folder: Path, frames, options) -> None:
    from blend import real
    from blend.match.condition import condition
    from blend.picture import decode_rgb

    told = {"images": str(folder / "images"), "annotations": str(folder / "annotations.json")}
    found = real.read(real.RealSettings(kind="coco", count=options.pictures, **told), seed=SEED).pictures
    own, held = _halves(found)
    light = {picture.name: condition(decode_rgb(picture.path)) for picture in [*frames, *held, *own]}
    print(f"\n{folder.name}: matched to {len(own)} pictures, told from {len(held)} others")
    seen = {"held": _features(held), "own": _features(own), "before": _features(frames)}
    for name in options.match:
        with tempfile.TemporaryDirectory() as scratch:
            matching, matched = _matched(frames, own, name, Path(scratch))
            seen["after"] = _features(matched)
            for one, choice in matching.choices.items():
                _tell(one, choice, seen, {"before": frames, "after": matched, "held": held, "own": own}, light)
            if options.sheets:
                _sheets(options.sheets / f"{folder.name}_{name}", zip(frames, matched, strict=True), held, light)


def _halves(pictures):
    """Split by takes, every other one in a drawn order."""
    takes = sorted({picture.group for picture in pictures})
    first = {takes[place] for place in np.random.default_rng(SEED).permutation(len(takes))[::2]}
    return [p for p in pictures if p.group in first], [p for p in pictures if p.group not in first]


def _matched(frames, own, name: str, scratch: Path):
    from blend.match.match import plan
    from blend.match.settings import MatchSettings

    told = yaml.safe_load((ROOT / "conf" / "match" / f"{name}.yaml").read_text(encoding="utf-8"))
    start = time.process_time()
    matching = plan(frames, own, MatchSettings(**{key: tuple(value) for key, value in told.items()}), seed=SEED)
    chosen = time.process_time()
    matched = [matching.of(frame, scratch) for frame in frames]
    written = sum(frame is not after for frame, after in zip(frames, matched, strict=True))
    cost = (time.process_time() - chosen) / max(written, 1)
    print(f"match={name}: {chosen - start:.1f} CPU-s to choose, {cost:.3f} CPU-s a picture, {written} written")
    return matching, matched


def _features(pictures):
    """Return features of pictures, `whole` (n, 1280) and `texture` (n, 224)."""
    from blend.picture import decode_rgb
    from eval import encoder

    whole, dense, rows = encoder.load("whole"), encoder.load("dense"), defaultdict(list)
    for picture in pictures:
        rgb = decode_rgb(picture.path)
        rows["whole"].append(whole.run(rgb)["pooled"])
        middle = dense.run(_centre(rgb))["middle"]
        rows["texture"].append(np.concatenate([middle.mean(axis=(1, 2)), middle.std(axis=(1, 2))]))
    return {kind: np.array(values) for kind, values in rows.items()}


def _centre(rgb):
    """Cut the middle of the encoder's size, so that nothing is resized which would hide noise and sharpness."""
    from eval.encoder import INPUT_WH

    width, height = INPUT_WH["dense"]
    top, left = max(0, rgb.shape[0] - height) // 2, max(0, rgb.shape[1] - width) // 2
    return rgb[top : top + height, left : left + width]


def _tell(one: str, choice, seen, pictures, light) -> None:
    rows = {
        side: [place for place, p in enumerate(those) if _light(p, light) == one] for side, those in pictures.items()
    }
    counts = {side: len(place) for side, place in rows.items()}
    recipe = choice.record()["recipe"]
    used = {key: value for key, value in recipe.items() if value and (key != "colour" or recipe["strength"])}
    print(f"  {one}: {counts['before']} frames, {counts['held']} real; {used or 'left alone'} ({choice.why})")
    if choice.before is not None:
        print(
            f"    score {choice.before:.3f} -> {choice.after:.3f}, floor {choice.floor:.3f}; lost {choice.damage:.3f}"
        )
    if min(counts.values()) < FEWEST:
        print("    not measured: too few pictures")
        return
    for kind in ("whole", "texture"):
        told = [
            _auc(*((seen[side][kind][rows[side]], [pictures[side][row].group for row in rows[side]]) for side in pair))
            for pair in (("before", "held"), ("after", "held"), ("own", "held"))
        ]
        print(f"    AUC {kind:8} unmatched {told[0]:.3f}, matched {told[1]:.3f}, real from real {told[2]:.3f}")


def _light(picture, light) -> str:
    """Return the light of a picture, or of the frame that it was made of."""
    return light[picture.parents[0] if picture.parents else picture.name]


def _auc(one, other) -> float:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, label = np.vstack([one[0], other[0]]), np.repeat([0, 1], [len(one[0]), len(other[0])])
    groups = [f"{side}/{group}" for side, (_, names) in enumerate((one, other)) for group in names]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, class_weight="balanced", max_iter=2000))
    scores = []
    for repeat in range(3):
        folds = StratifiedGroupKFold(n_splits=4, shuffle=True, random_state=repeat)
        told = cross_val_predict(model, rows, label, groups=groups, cv=folds, method="decision_function")
        scores.append(roc_auc_score(label, told))
    return float(np.mean(scores))


def _sheets(stem: Path, both, held, light) -> None:
    """Write four rows a condition: a frame before, after, and a real picture."""
    from blend.match.condition import CONDITIONS
    from blend.picture import decode_rgb

    stem.parent.mkdir(parents=True, exist_ok=True)
    both = list(both)
    for one in CONDITIONS:
        pairs = [pair for pair in both if light[pair[0].name] == one]
        theirs = [picture for picture in held if light[picture.name] == one]
        count = min(4, len(pairs), len(theirs))
        if count:
            picked = [int(place) for place in np.linspace(0, len(pairs) - 1, count)]
            tiles = [[decode_rgb(p.path) for p in (*pairs[place], theirs[row])] for row, place in enumerate(picked)]
            sheet = np.vstack([np.hstack([cv2.resize(tile, (640, 384)) for tile in row]) for row in tiles])
            cv2.imwrite(f"{stem}_{one}.jpg", sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])


if __name__ == "__main__":
    main()
