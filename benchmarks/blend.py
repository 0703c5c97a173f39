"""What does a blend cost, and does it find what it must?

    OMP_NUM_THREADS=1 python benchmarks/blend.py [QUESTION ...] [--pictures 20000] [--vectors 200000] [--real FOLDER]

One function answers one question; without a name all are asked.

- `duplicates`: CPU-s of the search over so many pictures, after fingerprints and embeddings, which are told apart. Aim:
  20,000 in 60 CPU-s. Pictures are painted streets, 1 in 100 planted; embeddings are drawn so that as many pairs reach
  the threshold as among real street pictures (27 in 10,000).
- `vectors`: CPU-s and memory of the cosine search over so many embeddings of 1280 in a mapped file, and the share of
  planted neighbours that it finds; a million is told by extrapolation.
- `planted`: recall by kind of 160 planted copies, 60 of them leaks, and wrong pairs; aims: 95 % and 1 in 10,000.
  FOLDER holds real pictures to plant into; painted streets without it.
- `loader`: rate of `blend.loader` over that of torchvision's bare JPEG decoding, by the least CPU time of each picture
  over rounds, the median of several processes: pictures as uint8, and as float32 where the bare side converts too.
  Aim: 0.9. FOLDER holds the pictures.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
LENGTH = 1280
PROCESSES = 7
COMMON = 0.48
"""Share of an embedding that all street pictures have in common: the squared length of the mean of 800 real ones."""


def main() -> None:
    """Answer the questions that are asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=", ".join(QUESTIONS))
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--vectors", type=int, default=200_000)
    parser.add_argument("--real", type=Path)
    options = parser.parse_args()
    for unknown in set(options.questions) - QUESTIONS.keys():
        parser.error(f"{unknown} is none of {', '.join(QUESTIONS)}")
    for name in options.questions or QUESTIONS:
        QUESTIONS[name](options)


def duplicates(options: argparse.Namespace) -> None:
    """Tell what the search over painted pictures costs."""
    from planted import KINDS, street

    from blend import alignment
    from blend.duplicates import fingerprint, pairs

    count, kinds = options.pictures, list(KINDS)
    copied = {place: place - count // 2 for place in range(count // 2, count, 50)}
    rng = np.random.default_rng(3)
    embeddings = drawn_embeddings(count, rng)
    for place, origin in copied.items():
        embeddings[place] = turned(embeddings[origin], 0.9, rng)

    def picture(place: int):
        if place not in copied:
            return street(place)
        kind = kinds[place // 50 % len(kinds)]
        return KINDS[kind](street(copied[place]), street(place), np.random.default_rng(place))

    prints, spent_s = [], 0.0
    for place in range(count):
        rgb = picture(place)
        start = time.process_time()
        prints.append(fingerprint(rgb))
        spent_s += time.process_time() - start
    painted_s = 0.0

    @lru_cache(4096)
    def look(place: int) -> alignment.Look:
        nonlocal painted_s
        start = time.process_time()
        rgb = picture(place)
        painted_s += time.process_time() - start
        return alignment.look(rgb)

    aligned = 0

    def shared(first: int, second: int, align: alignment.Align) -> float:
        nonlocal aligned
        aligned += 1
        return alignment.shared(look(first), look(second), align)

    start = time.process_time()
    found = pairs(prints, embeddings=embeddings, shared=shared)
    search_s = time.process_time() - start - painted_s
    got = {(pair.first, pair.second) for pair in found}
    planted = {(origin, place) for place, origin in copied.items()}
    print(f"duplicates: {count} pictures, fingerprints {1000 * spent_s / count:.2f} CPU-ms each")
    print(f"duplicates: search {search_s:.1f} CPU-s (aim: 60 for 20,000); {aligned} pairs aligned; {peak_mb():.0f} MB")
    print(f"duplicates: {len(got & planted)} of {len(planted)} planted found, {len(got - planted)} others")


def drawn_embeddings(count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw unit vectors with the mean and about the spectrum of real street pictures, float32 (count, 1280)."""
    spectrum = (1.0 + np.arange(LENGTH - 1)) ** -1.33
    rows = np.empty((count, LENGTH), np.float32)
    rows[:, 0] = np.sqrt(COMMON)
    rows[:, 1:] = rng.normal(size=(count, LENGTH - 1)) * np.sqrt((1 - COMMON) * spectrum / spectrum.sum())
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def turned(rows: np.ndarray, cosine: float, rng: np.random.Generator) -> np.ndarray:
    """Turn unit vectors any way, by the angle of a cosine."""
    away = rng.normal(size=rows.shape)
    away -= (away * rows).sum(axis=-1, keepdims=True) * rows
    away /= np.linalg.norm(away, axis=-1, keepdims=True)
    return (cosine * rows + np.sqrt(1 - cosine**2) * away).astype(np.float32)


def vectors(options: argparse.Namespace) -> None:
    """Tell what the search among mapped embeddings costs, and what it finds."""
    from blend import near

    count, rng = options.vectors, np.random.default_rng(4)
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as folder:
        rows = np.lib.format.open_memmap(Path(folder) / "rows.npy", "w+", np.float16, (count, LENGTH))
        for start in range(0, count, 10_000):
            rows[start : start + 10_000] = drawn_embeddings(min(10_000, count - start), rng)
        origins = np.arange(0, count // 2, 100)
        rows[count - 1 - origins] = turned(rows[origins].astype(np.float32), 0.93, rng)
        start = time.process_time()
        with own_memory() as peak:
            found = near.by_cosine(rows, 0.92)
        spent_s = time.process_time() - start
    got = set(map(tuple, found.tolist()))
    share = np.mean([(origin, count - 1 - origin) in got for origin in origins.tolist()])
    print(f"vectors: {count} x {LENGTH}: {spent_s:.0f} CPU-s, {peak[0]:.0f} MB more than before")
    print(f"vectors: {share:.1%} of planted neighbours found among {len(found)} pairs")
    index_mb = 1e6 * (near.SHADOW_LENGTH + 1) * 2 / 2**20
    million_s = spent_s * (1e6 / count) ** 1.5
    print(f"vectors: a million: index {index_mb:.0f} MB; about {million_s:.0f} CPU-s if by count^1.5")


def planted(options: argparse.Namespace) -> None:
    """Tell the recall by kind and the wrong pairs, by hash alone and with embeddings."""
    from planted import plant, street

    from blend import alignment
    from blend.duplicates import fingerprint, pairs
    from blend.picture import decode_rgb
    from eval import encoder

    files = sorted(options.real.glob("*.jpg")) if options.real else []
    chosen = np.random.default_rng(5).permutation(len(files))[:320]
    originals = [decode_rgb(files[place]) for place in chosen] or [street(seed) for seed in range(320)]
    what = plant(originals, seed=6)
    prints, looks = [fingerprint(rgb) for rgb in what.pictures], [alignment.look(rgb) for rgb in what.pictures]
    network = encoder.load("whole")
    embedded = np.stack([network.run(rgb)["pooled"] for rgb in what.pictures])

    def shared(first: int, second: int, align: alignment.Align) -> float:
        return alignment.shared(looks[first], looks[second], align)

    for name, embeddings in (("hash", None), ("hash and embedding", embedded)):
        got = {(pair.first, pair.second) for pair in pairs(prints, embeddings=embeddings, shared=shared)}
        hits, of = (Counter(kind for pair, kind in what.kinds.items() if pair in some) for some in (got, what.kinds))
        strangers = len(prints) * (len(prints) - 1) // 2 - len(what.kinds)
        print(f"planted, by {name}: {len(got & what.kinds.keys()) / len(what.kinds):.1%} of {len(what.kinds)} pairs, "
              f"{len(got & what.leaks)} of {len(what.leaks)} leaks; "
              f"{len(got - what.kinds.keys())} wrong of {strangers} pairs")  # fmt: skip
        print("  " + ", ".join(f"{kind} {hits[kind]}/{of[kind]}" for kind in of))


def loader(options: argparse.Namespace) -> None:
    """Tell how fast pictures and targets come, in a blend's folder and in its shards."""
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as scratch:
        folder = _labelled(Path(scratch), options.real)
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as fresh:
            spent = fresh.map(_loader_ms, [folder] * PROCESSES, chunksize=1)
    for ours, theirs in (("folder", "bare"), ("shards", "bare"), ("folder_float", "bare_float")):
        rates = sorted(one[theirs] / one[ours] for one in spent)
        took_ms = np.median([one[ours] for one in spent])
        print(f"loader: {ours} {took_ms:.3f} CPU-ms, {np.median(rates):.2f} of the rate of {theirs} "
              f"({rates[0]:.2f} to {rates[-1]:.2f} over {PROCESSES} processes; aim: 0.90)")  # fmt: skip


def _loader_ms(folder: Path) -> dict[str, float]:
    """Return the CPU time of a picture in this process, ms; where memory lies moves it by several per cent."""
    import warnings

    import torch
    from torchvision.io import ImageReadMode, decode_jpeg, read_file
    from torchvision.transforms.v2 import functional

    from blend.loader import BlendDataset

    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # of torchvision's decoder
    data, scaled = BlendDataset(folder, dtype="uint8"), BlendDataset(folder)
    shards = BlendDataset(folder / "webdataset", dtype="uint8")
    paths = [sample.path for sample in data.samples]

    def bare(place: int) -> torch.Tensor:
        return decode_jpeg(read_file(paths[place]), ImageReadMode.RGB)

    return least_ms(
        len(paths), warm=bare, bare=bare,
        bare_float=lambda place: functional.to_dtype(bare(place), torch.float32, scale=True),
        folder=data.__getitem__, shards=shards.__getitem__, folder_float=scaled.__getitem__,
    )  # fmt: skip


def _labelled(scratch: Path, folder: Path | None) -> Path:
    """Blend 200 pictures with 7 drawn boxes each, as COCO and in shards; return the blend's folder."""
    import cv2
    from fake_round import write_round
    from planted import street

    from blend.augment import AugmentSettings
    from blend.mix import BlendSettings, build
    from blend.real import RealSettings

    rng = np.random.default_rng(8)
    (scratch / "images").mkdir()
    files = sorted(folder.glob("*.jpg"))[:200] if folder else [None] * 200
    images, boxes = [], []
    for number, file in enumerate(files):
        bgr = cv2.resize(street(number), (640, 384)) if file is None else cv2.imread(str(file))
        name, (height, width) = f"clip{number}.jpg", bgr.shape[:2]
        cv2.imwrite(str(scratch / "images" / name), bgr)
        images.append({"id": number, "file_name": name, "width": width, "height": height})
        boxes += [{"id": 7 * number + place, "image_id": number, "category_id": 0,
                   "bbox": (rng.random(4) * 150 + 10).tolist()} for place in range(7)]  # fmt: skip
    told = {"images": images, "annotations": boxes, "categories": [{"id": 0, "name": "car"}]}
    (scratch / "coco.json").write_text(json.dumps(told))
    out = write_round(scratch / "round")
    real = RealSettings(kind="coco", images=str(scratch / "images"), annotations=str(scratch / "coco.json"))
    settings = BlendSettings(ratio=0.05, formats=("webdataset",))
    build(out, real=real, blend=settings, augment=AugmentSettings(pipeline="none"), seed=7)
    return out / "blend"


def least_ms(count: int, rounds: int = 5, **jobs: Callable[[int], object]) -> dict[str, float]:
    """Return each job's mean over places of its least CPU time over rounds, ms; jobs take turns round by round."""
    spent = {name: np.full(count, np.inf) for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            for place in range(count):
                start = time.process_time_ns()
                job(place)
                spent[name][place] = min(spent[name][place], time.process_time_ns() - start)
    return {name: float(least.mean()) / 1e6 for name, least in spent.items()}


def peak_mb() -> float:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def own_memory() -> Iterator[list[float]]:
    """Sample how much the process's own memory grows, mapped files apart; the list holds the most in MB at the end."""
    done, most, before_mb = threading.Event(), [0.0], own_mb()

    def watch() -> None:
        while not done.wait(0.05):
            most[0] = max(most[0], own_mb() - before_mb)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def own_mb() -> float:
    """Return the process's memory that is no file, as Linux tells it."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) / 1024


QUESTIONS: Mapping[str, Callable[[argparse.Namespace], None]] = MappingProxyType(
    {"duplicates": duplicates, "vectors": vectors, "planted": planted, "loader": loader}
)

if __name__ == "__main__":
    main()
