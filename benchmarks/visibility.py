"""How far do objects stand out that annotators draw a box around? From what contrast to noise on should ours be kept?

Boxes laid at random on the same pictures are the control: much of the empty road that they hold has no contrast.

    OMP_NUM_THREADS=1 python benchmarks/visibility.py --real DIR [DIR ...] [--ours out/round]
"""

from __future__ import annotations

import argparse
import collections
import json
from pathlib import Path

import cv2
import numpy as np

SHARES = (0.001, 0.005, 0.01, 0.05, 0.5)


def main() -> None:
    """Print quantiles for each set of real pictures, and what the limit leaves out of ours."""
    from render.visibility import LEAST_CONTRAST_TO_NOISE as LEAST

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, nargs="+", required=True, help="folders with images and annotations.json")
    parser.add_argument("--ours", type=Path, help="a round with developed frames")
    options = parser.parse_args()
    for folder in options.real:
        drawn, laid = _measured(folder)
        told = "  ".join(
            f"{share:.1%} {value:.2f}" for share, value in zip(SHARES, np.quantile(drawn, SHARES), strict=True)
        )
        print(f"{folder.name}: {len(drawn)} boxes drawn by hand; quantiles {told}")
        least, random = f"{np.sum(drawn < LEAST)} drawn ({np.mean(drawn < LEAST):.2%})", f"{np.mean(laid < LEAST):.0%}"
        print(f"  below {LEAST}: {least}, {random} of boxes laid at random")
    if options.ours:
        _ours(options.ours)


def _measured(folder: Path):
    from render.visibility import contrast_to_noise, lightness

    document = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    boxes = collections.defaultdict(list)
    for entry in document["annotations"]:
        boxes[entry["image_id"]].append(entry["bbox"])
    drawn, laid, rng = [], [], np.random.default_rng(0)
    for image in document["images"]:
        bgr = cv2.imread(str(folder / "images" / Path(image["file_name"]).name))
        light = lightness(bgr[..., ::-1])
        rows, columns = light.shape
        for x, y, width, height in boxes[image["id"]]:
            drawn.append(contrast_to_noise(light, (x, y, x + width, y + height)))
            if width < columns and height < rows:
                left, top = rng.uniform(0, columns - width), rng.uniform(0, rows - height)
                laid.append(contrast_to_noise(light, (left, top, left + width, top + height)))
    return np.array(drawn), np.array(laid)


def _ours(out: Path) -> None:
    kept = collections.defaultdict(list)
    for path in sorted((out / "frames").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        for labelled in record["objects"]:
            kept[record["look"]["name"]].append(not labelled["visibility"]["ignore"])
    for look, seen in sorted(kept.items()):
        print(f"  ours, {look}: {len(seen) - sum(seen)} of {len(seen)} to be ignored")


if __name__ == "__main__":
    main()
