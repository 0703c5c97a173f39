"""What do crashes cost to solve and to sample, and how many draws are valid?

Aims: a crash solved in 20 ms; 10,000 specs of all types mixed in 60 CPU-s; 95 % of 200 draws of each type valid, that
is, a scene found within the 60 tries of `sample`. First-try acceptance and the reasons of refusals are printed beside
it. The peer is the older scenario of one impact, `night_intersection`, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/scenarios.py [--specs 10000] [--draws 200]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
PEER = "night_intersection"


def main() -> None:
    """Print solving time, sampling time, and valid shares by type."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", type=int, default=10_000)
    parser.add_argument("--draws", type=int, default=200)
    options = parser.parse_args()
    _solving(options.draws)
    _sampling(options.specs)
    _validity(options.draws)


def _solving(count: int) -> None:
    """Time the solver alone: all impacts of an event and the way to rest."""
    from scenes.crashes.crash_type import Ground
    from scenes.crashes.registry import CRASH_TYPES
    from scenes.crashes.solver import solve_event
    from scenes.draws import Refused
    from scenes.site.layout import draw_place

    spent = []
    for name, kind in CRASH_TYPES.items():
        rng, times = np.random.default_rng(1), []
        while len(times) < count // 4:
            try:
                event = kind.event(Ground(street=draw_place(rng, kinds=kind.places)), rng)
            except Refused:
                continue
            start = time.process_time()
            solve_event(event, rng)
            times.append(1000 * (time.process_time() - start))
        spent.append((float(np.median(times)), float(np.quantile(times, 0.95)), max(times), name))
    worst = max(spent, key=lambda told: told[1])
    print(f"solving: median {np.median([told[0] for told in spent]):.2f} CPU-ms over all types;")
    print(f"  slowest type {worst[3]}: median {worst[0]:.2f}, 95 % {worst[1]:.2f}, most {worst[2]:.2f}; aim 20")


def _sampling(count: int) -> None:
    from scenes.crashes.registry import CRASH_TYPES
    from scenes.mix import plan

    for label, mix in (("all types, equal shares", dict.fromkeys(CRASH_TYPES, 1.0)), (f"peer {PEER}", {PEER: 1.0})):
        plan(mix, seed=1, count=40)
        start = time.process_time()
        plan(mix, seed=2, count=count)
        spent = time.process_time() - start
        print(f"sampling, {label}: {count} specs in {spent:.1f} CPU-s, {1000 * spent / count:.2f} ms each")


def _validity(count: int) -> None:
    from scenes.checks import breach
    from scenes.crashes.composition import compose
    from scenes.crashes.registry import CRASH_TYPES
    from scenes.draws import Refused
    from scenes.errors import RareblendError
    from scenes.scenario import sample
    from scenes.seeds import child_seed, generator

    print("type                          NHTSA  valid  first try  reasons of first tries")
    for name, kind in CRASH_TYPES.items():
        reasons: Counter[str] = Counter()
        valid = 0
        for index in range(count):
            try:
                sample(name, seed=4, index=index)
                valid += 1
            except RareblendError:
                pass
            try:
                spec = compose(kind, generator(4, "scene", name, index, 0), child_seed(4, "trace", name, index, 0))
                reasons[_kind_of(breach(spec))] += 1
            except Refused as why:
                reasons[str(why)] += 1
        first = reasons.pop("", 0)
        told = ", ".join(f"{why} {many}" for why, many in reasons.most_common(3))
        print(f"{name:30} {kind.nhtsa:4} {valid / count:6.1%} {first / count:9.0%}   {told}")


def _kind_of(broken: str | None) -> str:
    """Return a reason without the numbers of who broke the rule."""
    return " ".join(word for word in (broken or "").split() if not word.isdigit())


if __name__ == "__main__":
    main()
