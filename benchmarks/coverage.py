"""How fast is a pairwise cover, how small against the lower bound, and how does a library do on the same factors?

The lower bound is what the richest two factors ask for: every possible pair of theirs needs a case of its own. The peer
is covertable (Apache-2.0), in the same run; allpairspy 2.5.1 was looked at too, whose filter drops valid pairs (its
issue 2). All pairs are counted again here by sets of names, not by our arrays.

    OMP_NUM_THREADS=1 python benchmarks/coverage.py [--fill]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from math import ceil

from scenes.coverage import Case, Factor, Impossible, Space, ledger, lower_bound

ATLAS = {"light": 20, "weather": 15, "place": 11, "pre_crash": 30, "phase": 6, "camera": 11}
"""As many values as issue 6 asks of each factor."""


def main() -> None:
    """Print a line for each set of factors and each way to cover them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--fill", action="store_true", help="draw the scenes of a whole cover of what is registered too"
    )
    options = parser.parse_args()
    for name, space in {"registered": _registered(), "atlas": _atlas(()), "atlas with rules": _atlas(_rules())}.items():
        print(f"{name}: {' x '.join(map(str, space.shape))}, {len(space.rules)} rules, at least {lower_bound(space)}")
        _compare(space)
    if options.fill:
        _fill()


def _compare(space: Space) -> None:
    from scenes.cover import cover

    _told("ours", space, lambda: list(cover(space)))
    try:
        import covertable
    except ModuleNotFoundError:
        print("  covertable: not measured: it is missing; get it with: pip install covertable==3.2.0")
        return
    factors = {factor.name: list(factor.values) for factor in space.factors}
    rules = [_as_condition(rule) for rule in space.rules]
    _told("covertable", space, lambda: covertable.make(factors, constraints=rules))


def _told(name: str, space: Space, build: Callable[[], Sequence[Case]]) -> None:
    start = time.process_time()
    rows = build()
    spent = time.process_time() - start
    least = lower_bound(space)
    missing = len(_possible(space) - _met(rows))
    broken = sum(rule.forbids(row) for rule in space.rules for row in rows)
    size = f"{len(rows)} cases = {len(rows) / least:.3f} of the bound"
    print(f"  {name:10} {spent:6.2f} CPU-s, {size}, {missing} possible pairs missing, {broken} rules broken")


def _met(rows: Sequence[Case]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair) for row in rows for pair in combinations(row.items(), 2)}


def _possible(space: Space) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair) for pair in ledger(space, []).gaps()}


def _as_condition(rule: Impossible) -> dict[str, object]:
    """Return a rule as covertable writes it: not when, or only."""
    when = [{"operator": "in", "left": name, "values": list(values)} for name, values in rule.when.items()]
    never = {"operator": "not", "condition": {"operator": "and", "conditions": when}}
    if not rule.only:
        return never
    only = [{"operator": "in", "left": name, "values": list(values)} for name, values in rule.only.items()]
    return {"operator": "or", "conditions": [never, {"operator": "and", "conditions": only}]}


def _registered() -> Space:
    from render.ledger import all_cameras, families
    from scenes.cells import CoverageSettings, scene_space
    from scenes.scenario import SCENARIOS
    from scenes.settings import compose, validated

    rules = validated("coverage", CoverageSettings, compose("render", ())["coverage"]).impossible
    return scene_space(SCENARIOS, all_cameras(), families(), rules)


def _atlas(rules: Sequence[Impossible]) -> Space:
    factors = (Factor(name=name, values=tuple(f"{name}{i}" for i in range(size))) for name, size in ATLAS.items())
    return Space(tuple(factors), tuple(rules))


def _rules() -> tuple[Impossible, ...]:
    """Return rules like ours: no drone in a tunnel, no snow at noon, phases of crashes alone."""
    calm = tuple(f"pre_crash{i}" for i in range(4))
    crossing = tuple(f"pre_crash{i}" for i in range(10, 18))
    return (
        Impossible(reason="room", when={"camera": ("camera10",), "place": ("place6",)}),
        Impossible(
            reason="heat", when={"weather": ("weather13", "weather14"), "light": ("light0", "light1", "light2")}
        ),
        Impossible(reason="no crash", when={"pre_crash": calm}, only={"phase": ("phase0",)}),
        Impossible(reason="crossings", when={"pre_crash": crossing}, only={"place": ("place1", "place2", "place3")}),
        Impossible(reason="covered", when={"place": ("place6",)}, only={"weather": ("weather0", "weather1")}),
    )


def _fill() -> None:
    from scenes.camera import CameraSettings
    from scenes.cells import CoverageSettings, scene_case
    from scenes.filling import fill
    from scenes.settings import compose, validated

    config = compose("render", ("coverage=pairwise",))
    cameras = validated("camera", CameraSettings, config["camera"])
    tries = validated("coverage", CoverageSettings, config["coverage"]).tries
    space, start = _registered(), time.process_time()
    done = fill(space, (), cameras=cameras, seed=7, most=ceil(1.5 * lower_bound(space)), tries=tries)
    met, possible = ledger(space, [scene_case(spec, space) for spec in done.specs]).covered(2)
    spent = time.process_time() - start
    print(f"filled: {len(done.specs)} scenes drawn in {spent:.1f} CPU-s meet {met} of {possible} possible pairs")


if __name__ == "__main__":
    main()
