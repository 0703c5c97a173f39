"""Does training on what a model has made collapse, and does adding up with a cap by weights stop it?

A model is fitted to real pairs, makes pairs of its own, and the next is fitted to those: replaced (only the newest),
accumulated (all of them), or accumulated with the synthetic share kept by the blend's own plan. Linear regression is
used as its error is known in closed form: replacing grows it linearly with the generation, accumulating keeps it below
π²/6 of the first (Gerstgrasser et al., Is Model Collapse Inevitable?, arXiv 2404.01413, 2024, theorem 1).

    python benchmarks/collapse.py [--generations 20] [--repeats 200]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))  # before this folder, whose blend.py is no package

from blend.plan import Target, choose, weigh
from blend.pool import Pool

Floats = NDArray[np.float64]
PAIRS, DIMENSIONS, NOISE = 200, 30, 1.0
RATIO = 0.3


def main() -> None:
    """Print the excess error of each generation, relative to that of the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generations", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=200)
    told = parser.parse_args()
    curves = {how: np.zeros(told.generations) for how in ("replace", "accumulate", f"blend, share {RATIO:g}")}
    for repeat in range(told.repeats):
        for how in curves:
            curves[how] += _errors(how, told.generations, np.random.default_rng(repeat)) / told.repeats
    first = NOISE**2 * DIMENSIONS / (PAIRS - DIMENSIONS - 1)
    print(f"excess squared error over {first:.4f}, its expectation in generation 1 ({told.repeats} repeats)")
    print("generation  " + "  ".join(f"{how:>16}" for how in curves) + "   theory: replace, accumulate")
    for row in sorted({0, 1, 2, 4, 9, told.generations - 1}):
        if row < told.generations:
            sums = (row + 1, float(np.sum(1 / np.arange(1, row + 2) ** 2)))
            told_row = "  ".join(f"{curve[row] / first:16.2f}" for curve in curves.values())
            print(f"{row + 1:10d}  {told_row}   {sums[0]:15.2f}, {sums[1]:.2f}")


def _errors(how: str, generations: int, rng: np.random.Generator) -> Floats:
    truth = rng.standard_normal(DIMENSIONS)
    inputs, outputs = _pairs(truth, rng)
    made_at = np.zeros(PAIRS, np.int64)
    weights = np.ones(PAIRS)
    errors = np.zeros(generations)
    for generation in range(generations):
        root = np.sqrt(weights)[:, None]
        model = np.linalg.lstsq(inputs * root, outputs * root[:, 0], rcond=None)[0]
        errors[generation] = float(np.sum((model - truth) ** 2))
        new_inputs, new_outputs = _pairs(model, rng)
        if how == "replace":
            inputs, outputs, weights = new_inputs, new_outputs, np.ones(PAIRS)
            continue
        inputs, outputs = np.vstack([inputs, new_inputs]), np.append(outputs, new_outputs)
        made_at = np.append(made_at, np.full(PAIRS, generation + 1))
        weights = np.ones(len(outputs))
        if how != "accumulate":
            inputs, outputs, made_at, weights = _blended(inputs, outputs, made_at, generation + 1)
    return errors


def _pairs(model: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    inputs = rng.standard_normal((PAIRS, DIMENSIONS))
    return inputs, inputs @ model + NOISE * rng.standard_normal(PAIRS)


def _blended(
    inputs: Floats, outputs: Floats, made_at: NDArray[np.int64], newest: int
) -> tuple[Floats, Floats, NDArray[np.int64], Floats]:
    """Let the blend choose new pairs and weigh all."""
    synthetic, held = made_at > 0, made_at < newest
    rows = np.arange(len(outputs))
    none = np.zeros_like(held)
    pool = Pool(synthetic=synthetic, composite=none, held=held, unit=rows, order=rows, tags={})
    target = Target(ratio=RATIO)
    taken = choose(pool, target)
    return inputs[taken], outputs[taken], made_at[taken], weigh(pool[taken], target)


if __name__ == "__main__":
    main()
