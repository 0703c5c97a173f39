"""What does a composite cost, beside reading and writing the same picture?

Traced actors are put into stills of the sample clips, or into a real set of yours. A refused picture costs less than
one that is made; both are told.

    python benchmarks/composite.py [--real IMAGES ANNOTATIONS] [--library DIR] [--count 60]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # before this folder, whose blend.py is no package

from blend.composite.compositing import Sources, compose, encoded
from blend.composite.cutout import library
from blend.composite.refusal import RefusalError
from blend.composite.settings import CompositeSettings
from blend.picture import decode_rgb
from blend.real import RealSettings, read
from render.cutouts import CutoutSettings, make

LIMIT_S = 0.3


def main() -> None:
    """Print CPU-seconds a picture: made, refused, and read and written alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", nargs=2, metavar=("IMAGES", "ANNOTATIONS"))
    parser.add_argument("--library", type=Path)
    parser.add_argument("--count", type=int, default=60)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = told.library or _traced(Path(scratch))
        settings = RealSettings(kind="sample", count=told.count)
        if told.real:
            settings = RealSettings(kind="coco", images=told.real[0], annotations=told.real[1], count=told.count)
        _measure(settings, folder, Path(scratch))


def _traced(out: Path) -> Path:
    print(make(out, CutoutSettings(count=3, spp=4), seed=7, workers=1, device="auto"))
    return out / "cutouts"


def _measure(real: RealSettings, folder: Path, scratch: Path) -> None:
    sources, settings = Sources(cutouts=library(folder)), CompositeSettings(share=1.0)
    spent = {"made": [0.0, 0], "refused": [0.0, 0], "read and written": [0.0, 0]}
    why: Counter[str] = Counter()
    for picture in read(real, seed=7).pictures:
        before = time.process_time()
        try:
            compose(picture, sources, scratch, settings, seed=7)
            kind = "made"
        except RefusalError as refused:
            kind = "refused"
            why[str(refused)] += 1
        after = time.process_time()
        (scratch / "again.jpg").write_bytes(encoded(decode_rgb(picture.path), picture.path))
        _note(spent[kind], after - before)
        _note(spent["read and written"], time.process_time() - after)
    for kind, (seconds, count) in spent.items():
        print(f"{kind:>17}: {count:4.0f} pictures, {seconds / max(count, 1):.3f} CPU-s each")
    made_s = spent["made"][0] / max(spent["made"][1], 1)
    print(f"{made_s:.3f} of at most {LIMIT_S} CPU-s a composite")
    for reason, count in why.most_common():
        print(f"{count:6d} {reason}")


def _note(total: list[float], seconds: float) -> None:
    total[0] += seconds
    total[1] += 1


if __name__ == "__main__":
    main()
