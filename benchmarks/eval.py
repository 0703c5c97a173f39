"""What do the measures cost, and beside whom? Processor seconds and peak memory, each part in a process of its own.

Aims: 75 pictures a second and core embedded; with 20,000 pictures a side in 1280 dimensions the Fréchet distance
(extrapolated), KID over all pairs with its jackknife, MMD with 500 permutations, Vendi, density and coverage, and
nearest neighbours in 100 s and 1.1 GB together; with 50,000 in 2 GB. Beside torch-fidelity (Fréchet distance) twice as
fast, beside vendi-score's kernel 100 times, beside prdc twice, beside permuting indices of a kernel matrix 100 times:
of a matrix that is there, and from features on with so many permutations that the matrix, which both need, is not most
of our work. Peers run at the size that is told, where they fit; vendi-score's dual, the same method as ours, is told
too. Fréchet distances and permutations take turns with their peers, and the median of three turns counts.

    OMP_NUM_THREADS=1 python benchmarks/eval.py [--count 20000] [--large 50000] [--parts embed measures large peers]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import resource
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # before this folder, in which `eval` is this file

DIMENSION, K, PERMUTATIONS, NULL_DRAWS, TURNS = 1280, 5, 500, 50, 3
PEERS = {"frechet": 20_000, "vendi": 10_000, "prdc": 5_000, "permutation": 2_000}
PARTS = ("embed", "measures", "large", *PEERS)


def main() -> None:
    """Run each part in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="pictures a side of `measures`")
    parser.add_argument("--large", type=int, default=50_000, help="pictures a side of `large`")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        _part(options.here, options.count, options.large)
        return
    sizes = ["--count", str(options.count), "--large", str(options.large)]
    for part in options.parts:
        subprocess.run([sys.executable, __file__, "--here", part, *sizes], check=True)


def _part(part: str, count: int, large: int) -> None:
    print(f"== {part}", flush=True)
    if part == "embed":
        _embed()
    elif part in PEERS:
        {"frechet": _frechet, "vendi": _vendi, "prdc": _prdc, "permutation": _permutation}[part](PEERS[part])
    else:
        _measures(count if part == "measures" else large)
    print(f"   peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB", flush=True)


def _timed(what, work, say=None):
    start = time.process_time()
    result = work()
    seconds = time.process_time() - start
    print(f"   {what:<58}{seconds:9.2f} CPU-s  {say(result) if say else ''}", flush=True)
    return seconds, result


def _in_turns(works, say=None):
    """Return the median seconds and the result of each work."""
    seconds, results = {what: [] for what in works}, {}
    for _ in range(TURNS):
        for what, work in works.items():
            start = time.process_time()
            results[what] = work()
            seconds[what].append(time.process_time() - start)
    told = [(statistics.median(seconds[what]), result) for what, result in results.items()]
    for what, (median, result) in zip(works, told, strict=True):
        print(f"   {what:<58}{median:9.2f} CPU-s  {say(result) if say else ''}", flush=True)
    return told


def _features(count: int) -> np.ndarray:
    """Return rows of two sides, positive and with a falling spectrum, as of networks; the second a little off."""
    rng = np.random.default_rng(0)
    rows = np.empty((2 * count, DIMENSION), dtype=np.float32)
    spread = np.arange(1, DIMENSION + 1, dtype=np.float32) ** -0.35
    for low in range(0, len(rows), 2000):
        part = rng.standard_normal((2000, DIMENSION), dtype=np.float32)[: len(rows) - low] * spread + np.float32(0.1)
        rows[low : low + len(part)] = np.maximum(part * (1.05 if low >= count else 1.0), 0)
    return rows


def _embed() -> None:
    import torch

    from eval import encoder

    torch.set_num_threads(1)
    network, module = encoder.load("whole"), encoder.network("whole")
    pictures = np.random.default_rng(0).integers(0, 255, (128, 224, 224, 3), dtype=np.uint8)
    network.run(pictures[0])
    ours, _ = _timed("ONNX Runtime, lite0, 128 pictures", lambda: [network.run(picture) for picture in pictures])
    theirs = {}
    with torch.inference_mode():
        for batch in (1, 8, 32):
            parts = torch.from_numpy(pictures).split(batch)
            module(parts[0])
            theirs[batch], _ = _timed(
                f"torch eager, batches of {batch}", lambda parts=parts: [module(part) for part in parts]
            )
    print(f"   {128 / ours:.0f} a second and core; {min(theirs.values()) / ours:.1f} times torch eager at its best")


def _measures(count: int) -> None:
    from eval import diversity, fidelity, frechet, neighbours
    from eval.choices import choose
    from eval.kernel import Cubic, median_gaussian

    both = _features(count)
    first, second = both[:count], both[count:]
    synthetic, groups = np.arange(2 * count) < count, np.arange(2 * count)
    start = time.process_time()
    _timed("Fréchet distance, extrapolated", lambda: frechet.extrapolated(first, second), "{:.3f}".format)
    _timed("Vendi", lambda: diversity.vendi(first), "{:.2f}".format)
    _, radii = _timed("radii of the real side", lambda: neighbours.radii(second, k=K))
    _timed(
        "density and coverage",
        lambda: neighbours.within(second, first, radii),
        lambda hits: f"{hits.sum() / (K * count):.3f}, {np.mean(hits > 0):.3f}",
    )
    _timed("nearest real picture of each", lambda: neighbours.most_similar(first, second))

    def kernels():
        rng = np.random.default_rng(1)
        kid, mmd = (
            choose(synthetic, groups, rng=rng, null_draws=NULL_DRAWS, permutations=count) for count in (0, PERMUTATIONS)
        )
        values = fidelity.mmds(both, [(Cubic(dimension=DIMENSION), kid), (median_gaussian(both), mmd)])
        return [choices.conclude(value) for choices, value in zip((kid, mmd), values, strict=True)]

    _timed(
        f"KID with jackknife, MMD with {PERMUTATIONS} permutations",
        kernels,
        lambda told: f"{told[0].value:.2e}, {told[1].value:.2e} (p {told[1].p:.4f})",
    )
    print(f"   {count} a side, {DIMENSION} dimensions: {time.process_time() - start:.0f} CPU-s together")


def _frechet(count: int) -> None:
    import torch
    from torch_fidelity import metric_fid

    from eval import frechet

    both = _features(count)
    sides = both[:count], both[count:]

    def peer():
        told = [metric_fid.fid_features_to_statistics(torch.from_numpy(side)) for side in sides]
        return metric_fid.fid_statistics_to_metric(*told, verbose=False)[metric_fid.KEY_METRIC_FID]

    (ours, value), (theirs, expected) = _in_turns(
        {f"ours, {count} a side": lambda: frechet.distance(*sides), "torch-fidelity": peer}, "{:.9f}".format
    )
    print(f"   {theirs / ours:.1f} times as fast; values apart by {abs(value - expected) / expected:.0e}")


def _vendi(count: int) -> None:
    from vendi_score import vendi

    from eval import diversity

    warnings.simplefilter("ignore", DeprecationWarning)
    rows = _features(count)[:count]
    ours, value = _timed(f"ours, {count} pictures", lambda: diversity.vendi(rows), "{:.6f}".format)
    dual, _ = _timed("vendi-score, dual", lambda: vendi.score_dual(rows), "{:.6f}".format)
    theirs, expected = _timed("vendi-score, kernel", lambda: vendi.score_X(rows), "{:.6f}".format)
    print(f"   {theirs / ours:.0f} times as fast as the kernel, {dual / ours:.1f} times as the dual", end="; ")
    print(f"values apart by {abs(value - expected) / expected:.0e}")


def _prdc(count: int) -> None:
    from prdc import compute_prdc

    from eval import neighbours

    both = _features(count)
    real, frames = both[:count], both[count:]

    def mine():
        hits = neighbours.within(real, frames, neighbours.radii(real, k=K))
        return hits.sum() / (K * count), np.mean(hits > 0)

    def peer():
        with contextlib.redirect_stdout(io.StringIO()):
            told = compute_prdc(real, frames, nearest_k=K)
        return told["density"], told["coverage"]

    say = "{0[0]:.6f}, {0[1]:.6f}".format
    ours, _ = _timed(f"ours, {count} a side", mine, say)
    theirs, _ = _timed("prdc (which gives precision and recall too)", peer, say)
    print(f"   {theirs / ours:.1f} times as fast")


def _permutation(count: int) -> None:
    from eval import fidelity
    from eval.choices import Choices, choose
    from eval.kernel import median_gaussian

    both, few, many, none = _features(count), 20, (PERMUTATIONS, 4 * PERMUTATIONS, 10 * PERMUTATIONS), slice(0)
    choices = choose(
        np.arange(2 * count) < count, np.arange(2 * count), rng=np.random.default_rng(0), null_draws=1,
        permutations=max(many),
    )  # fmt: skip
    left = choices.left[choices.permuted]
    kernel = fidelity.gaussian_kernel(both)
    np.fill_diagonal(kernel, 0)

    def mine(permutations):
        some = left[:permutations]
        told = Choices(left=some, right=~some, left_out=(none, none), null=none, permuted=slice(None))
        return fidelity.mmds(both, [(median_gaussian(both), told)])[0]

    def alone():
        return fidelity.mmd_unbiased(kernel, left[:PERMUTATIONS], ~left[:PERMUTATIONS])

    def peer():
        found = []
        for row in left[:few]:
            x, y = np.flatnonzero(row), np.flatnonzero(~row)
            within = sum(kernel[np.ix_(side, side)].sum(dtype=np.float64) for side in (x, y)) / (count * (count - 1))
            found.append(within - 2 * kernel[np.ix_(x, y)].sum(dtype=np.float64) / count**2)
        return np.array(found)

    print(f"   {count} a side")
    (theirs, expected), (built, _), (matrix, _), *whole = _in_turns({
        f"indices of a kernel matrix, {few} permutations": peer,
        "the kernel matrix, which they need": lambda: fidelity.gaussian_kernel(both),
        f"ours, {PERMUTATIONS} permutations, from the kernel matrix": alone,
        **{f"ours, {p} permutations, from features": lambda p=p: mine(p) for p in many},
    })  # fmt: skip
    each, values = theirs / few, whole[0][1]
    ratios = [(built + each * p) / seconds for p, (seconds, _) in zip(many, whole, strict=True)]
    told = ", ".join(f"{ratio:.0f} ({p})" for p, ratio in zip(many, ratios, strict=True))
    print(
        f"   {each * PERMUTATIONS / matrix:.0f} times as fast a permutation; from features (permutations): {told}",
        end="; ",
    )
    print(f"values apart by {np.abs(values[:few] - expected).max() / expected.std():.0e} of their spread")


if __name__ == "__main__":
    main()
