"""Do matched synthetic pictures pass for real ones more often? AUCs of a two-sample classifier, by condition.

The classifier is ridge logistic regression on EfficientNet features, tested on scenes and takes that it has not seen;
the ridge of short features is chosen by grouped folds inside. Kinds of features: `whole` pictures (mostly of what they
show); `patch`, six small pieces of the lower part (more of the camera); and of the same pieces the mean and spread of
the maps of the network's first three blocks, which see edges, grain, colour and compression within 7, 19 and 67 px.

Pictures are matched to one half of the real ones, by takes, and told from the other; what tells the two real halves
apart is the floor. 0.5 is a coin, 1 is certainty. Black bars of real pictures are cut off. Intervals of 95 % are by a
bootstrap over scenes and takes; that of the fall draws the same ones on both sides.

    OMP_NUM_THREADS=1 python benchmarks/matching.py --ours ROUND [ROUND ...] --real DIR [DIR ...]
        [--match auto] [--pictures 400] [--sheets FOLDER]

The fitted camera too, with the same scenes and looks in both rounds:

    python benchmarks/matching.py --real DIR --half out/half          # links to the half that is matched to
    rareblend develop out=FITTED sensor=fitted real=out/half          # and out=PLAIN without
    python benchmarks/matching.py --unmatched PLAIN --ours FITTED --real DIR

or with `--matched-to` the real training pictures of a blend, told from those of its val and test takes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # before this folder, which has a blend.py too
SEED = 7
FEWEST = 6
PATCH_PX = 112
BLOCKS = 3
RIDGES, MOST_CHOSEN, LONG_RIDGE = (1e-3, 1e-2, 1e-1), 256, 1e-3
DRAWS = 300
LEVELS = ("day", "dim", "night")
KINDS = (*(f"block {number}" for number in range(1, BLOCKS + 1)), "patch", "whole")
THICK = ("fog", "haze", "dust", "rain", "snow", "smoke", "mist", "sand", "hail", "blizzard", "wet")


def main() -> None:
    """Print both AUCs of every condition and real set."""
    options = _options()
    cv2.setNumThreads(1)
    from blend import synthetic

    def frames_of(rounds):
        return [frame for out in rounds for frame in synthetic.read(out)[0] if _wanted(frame, clear=options.clear)]

    if options.half:
        for folder in options.real:
            _link(folder, options)
        return
    frames = frames_of(options.ours)
    unmatched = frames_of(options.unmatched) if options.unmatched else frames
    print(f"{len(frames)} frames of {len({frame.group for frame in frames})} scenes")
    for folder in options.real:
        _compare(folder, unmatched, frames, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", type=Path, nargs="+", default=[], help="rounds with developed frames")
    parser.add_argument("--unmatched", type=Path, nargs="+", help="the same frames under a camera that was not fitted")
    parser.add_argument("--half", type=Path, help="only link the real pictures that are matched to into this folder")
    parser.add_argument("--matched-to", type=Path, help="a folder with the real pictures that were matched to; no half")
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


def _read(folder: Path, options):
    from blend import real

    told = {"images": str(folder / "images"), "annotations": str(folder / "annotations.json")}
    pictures = real.read(real.RealSettings(kind="coco", count=options.pictures, **told), seed=SEED).pictures
    if not options.matched_to:
        return _halves(pictures)
    names = {path.name for path in options.matched_to.iterdir()}
    own = [picture for picture in pictures if picture.path.name in names]
    takes = {picture.group for picture in own}
    return own, [picture for picture in pictures if picture.group not in takes]


def _link(folder: Path, options) -> None:
    own, _ = _read(folder, options)
    options.half.mkdir(parents=True)
    for picture in own:
        (options.half / picture.path.name).symlink_to(picture.path.resolve())
    print(f"{folder.name}: {len(own)} pictures linked into {options.half}")


def _compare(folder: Path, unmatched, frames, options) -> None:
    own, held = _read(folder, options)
    light = {picture.name: _light(picture) for picture in [*held, *own, *frames, *unmatched]}  # the last word counts
    print(f"\n{folder.name}: matched to {len(own)} pictures, told from {len(held)} others")
    seen = {"held": _features(held), "own": _features(own), "before": _features(unmatched)}
    for name in options.match:
        with tempfile.TemporaryDirectory() as scratch:
            matching, matched = _matched(frames, own, name, Path(scratch))
            seen["after"] = _features(matched)
            for one, choice in matching.choices.items():
                _tell_choice(one, choice)
            for level in LEVELS:
                _tell(level, seen, {"before": unmatched, "after": matched, "held": held, "own": own}, light)
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
    settings = MatchSettings(**{key: tuple(value) if isinstance(value, list) else value for key, value in told.items()})
    matching = plan(frames, own, settings, seed=SEED)
    chosen = time.process_time()
    matched = [matching.of(frame, scratch) for frame in frames]
    written = sum(frame is not after for frame, after in zip(frames, matched, strict=True))
    cost = (time.process_time() - chosen) / max(written, 1)
    print(f"match={name}: {chosen - start:.1f} CPU-s to choose, {cost:.3f} CPU-s a picture, {written} written")
    return matching, matched


def _features(pictures):
    """Return features of pictures by kind, (n, pieces, length)."""
    rows = [_looked_at(_rgb(picture)) for picture in pictures]
    return {kind: np.stack([row[kind] for row in rows]) for kind in KINDS} if rows else {}


def _looked_at(rgb):
    squeezed = cv2.resize(rgb, (224, 224), interpolation=cv2.INTER_AREA)
    return {**_depths(np.stack(_patches(rgb))), "whole": _depths(squeezed[None])["patch"]}


def _depths(rgb):
    """Return what the network makes of uint8 (n, H, W, 3) by depth."""
    import torch

    with torch.inference_mode():
        body, found = _body(), {}
        x = body.bn1(body.conv_stem((torch.from_numpy(rgb).permute(0, 3, 1, 2).float() - 127) / 128))
        for number, block in enumerate(body.blocks, 1):
            x = block(x)
            if number <= BLOCKS:
                found[f"block {number}"] = torch.cat([x.mean((2, 3)), x.flatten(2).std(2)], dim=1).numpy()
        return {**found, "patch": body.bn2(body.conv_head(x)).mean((2, 3)).numpy()}


@lru_cache(1)
def _body():
    import torch

    from eval.encoder import pretrained

    torch.set_num_threads(1)
    return pretrained().eval()


def _patches(rgb):
    """Cut three by two patches out of the lower two thirds, at their own scale."""
    tops, lefts = (
        np.linspace(low, side - PATCH_PX, count).astype(int)
        for low, side, count in ((rgb.shape[0] // 3, rgb.shape[0], 2), (0, rgb.shape[1], 3))
    )
    return [rgb[top : top + PATCH_PX, left : left + PATCH_PX] for top in tops for left in lefts]


def _light(picture) -> str:
    """Return the light of a frame by what was rendered, where it is a night, and of others by the picture."""
    from render.develop.match.statistics import light_level

    conditions = picture.facts.get("conditions")
    return light_level(_rgb(picture), night=conditions and conditions["light"] == "night")


def _rgb(picture):
    """Read a frame, or a real picture without the black bars that no camera took."""
    from blend.picture import decode_rgb
    from render.develop.match.pictures import unbarred

    rgb = decode_rgb(picture.path)
    return rgb if "conditions" in picture.facts else np.ascontiguousarray(unbarred(rgb))


def _tell_choice(one: str, choice) -> None:
    recipe = choice.record()["recipe"]
    used = {key: value for key, value in recipe.items() if value and (key != "colour" or recipe["strength"])}
    scores = (
        "" if choice.before is None else f"; score {choice.before:.3f} -> {choice.after:.3f}, floor {choice.floor:.3f}"
    )
    print(f"  {one}: {used or 'left alone'} ({choice.why}){scores}; lost {choice.damage:.3f}")


def _tell(level: str, seen, pictures, light) -> None:
    rows = {
        side: [place for place, p in enumerate(those) if light[p.parents[0] if p.parents else p.name] == level]
        for side, those in pictures.items()
    }
    counts = {side: len(place) for side, place in rows.items()}
    scenes = len({pictures["before"][row].group for row in rows["before"]})
    print(f"  {level}: {counts['before']} frames of {scenes} scenes, {counts['held']} real pictures")
    if min(counts.values()) < FEWEST:
        print("    not measured: too few pictures")
        return
    for kind in KINDS:
        sides = {
            side: (seen[side][kind][rows[side]], np.array([pictures[side][row].group for row in rows[side]]))
            for side in pictures
        }
        before, after, floor = (_told(sides[side], sides["held"]) for side in ("before", "after", "own"))
        falls = _draws(before) - _draws(after)
        print(
            f"    AUC {kind:7} unmatched {_with_interval(before)}, matched {_with_interval(after)}, "
            f"fall {_auc(*before[:2]) - _auc(*after[:2]):+.3f} [{_bounds(falls)}]; "
            f"real from real {_auc(*floor[:2]):.3f}"
        )


def _told(one, other):
    """Return scores of pieces by a classifier that has not seen their groups, their labels and their groups."""
    from sklearn.model_selection import StratifiedGroupKFold

    pieces = one[0].shape[1]
    rows = np.concatenate([side[0].reshape(-1, side[0].shape[2]) for side in (one, other)])
    label = np.repeat([0, 1], [len(side[0]) * pieces for side in (one, other)])
    groups = np.repeat([f"{side}/{group}" for side, (_, told) in enumerate((one, other)) for group in told], pieces)
    scores = np.zeros(len(rows))
    for train, test in StratifiedGroupKFold(4, shuffle=True, random_state=0).split(rows, label, groups):
        model = _fitted(rows[train], label[train], groups[train])
        scores[test] = model.decision_function(rows[test])
    return scores, label, groups


def _fitted(rows, label, groups):
    """Fit with the ridge that tells best by grouped folds inside; long features, which cost minutes, by a fixed one."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def model(ridge):
        return make_pipeline(StandardScaler(), LogisticRegression(C=ridge, class_weight="balanced", max_iter=300))

    def auc(ridge):
        folds = StratifiedGroupKFold(3, shuffle=True, random_state=1)
        told = cross_val_predict(model(ridge), rows, label, groups=groups, cv=folds, method="decision_function")
        return _auc(told, label)

    ridge = max(RIDGES, key=auc) if rows.shape[1] <= MOST_CHOSEN else LONG_RIDGE
    return model(ridge).fit(rows, label)


def _auc(scores, label, weights=None) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(label, scores, sample_weight=weights))


def _draws(told):
    """Return AUCs with groups drawn anew, by the same draws for the same groups; (DRAWS,)."""
    scores, label, groups = told
    names, inside = np.unique(groups, return_inverse=True)
    ours = np.char.startswith(names, "0/")
    found = []
    for rng in map(np.random.default_rng, range(DRAWS)):
        times = np.zeros(len(names))
        for side in (ours, ~ours):
            times[side] = rng.multinomial(side.sum(), np.full(side.sum(), 1 / side.sum()))
        found.append(_auc(scores, label, times[inside]))
    return np.array(found)


def _with_interval(told) -> str:
    return f"{_auc(*told[:2]):.3f} [{_bounds(_draws(told))}]"


def _bounds(values) -> str:
    return ", ".join(f"{value:.3f}" for value in np.quantile(values, [0.025, 0.975]))


def _sheets(stem: Path, both, held, light) -> None:
    """Write four rows a condition: a frame before, after, and a real picture."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    both = list(both)
    for one in LEVELS:
        pairs = [pair for pair in both if light[pair[0].name] == one]
        theirs = [picture for picture in held if light[picture.name] == one]
        count = min(4, len(pairs), len(theirs))
        if count:
            picked = [int(place) for place in np.linspace(0, len(pairs) - 1, count)]
            tiles = [[_rgb(p) for p in (*pairs[place], theirs[row])] for row, place in enumerate(picked)]
            sheet = np.vstack([np.hstack([cv2.resize(tile, (640, 384)) for tile in row]) for row in tiles])
            cv2.imwrite(f"{stem}_{one}.jpg", sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])


if __name__ == "__main__":
    main()
