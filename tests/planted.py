"""Near-duplicates planted among pictures that have nothing to do with each other: six kinds, some torn over splits."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

WIDTH, HEIGHT = 320, 192
NEAR, LEAKS = 100, 60


def street(seed):
    """Paint house fronts with windows, a road with marks and a few boxes on it, uint8 RGB (192, 320, 3)."""
    rng = np.random.default_rng(seed)
    horizon = int(rng.integers(70, 120))
    rgb = np.empty((HEIGHT, WIDTH, 3), np.float32)
    rgb[:horizon] = np.linspace(rng.integers(120, 230, 3), rng.integers(120, 230, 3), horizon)[:, None]
    rgb[horizon:] = np.linspace(rng.integers(50, 120, 3), rng.integers(50, 120, 3), HEIGHT - horizon)[:, None]
    x = int(rng.integers(-40, 0))
    while x < WIDTH:
        wide, top = int(rng.integers(25, 90)), int(rng.integers(5, horizon - 20))
        rgb[top : horizon + 8, max(x, 0) : max(x + wide, 0)] = rng.integers(30, 220, 3)
        step, side = (int(n) for n in rng.integers((9, 3), (18, 8)))
        for left in range(x + 4, x + wide - side, step):
            for up in range(top + 4, horizon - side, step):
                rgb[up : up + side, max(left, 0) : max(left + side, 0)] = rng.integers(10, 250, 3)
        x += wide + int(rng.integers(0, 30))
    for _ in range(rng.integers(3, 9)):
        rgb = _with_vehicle(rgb, horizon, rng)
    rgb += cv2.GaussianBlur(rng.normal(0, 14, rgb.shape).astype(np.float32), (3, 3), 0)
    return rgb.clip(0, 255).astype(np.uint8)


def _with_vehicle(rgb, horizon, rng):
    foot, left = int(rng.integers(horizon + 10, HEIGHT)), int(rng.integers(0, WIDTH - 20))
    high = int((foot - horizon) * rng.uniform(0.5, 0.9)) + 6
    wide = int(high * rng.uniform(0.8, 2.2))
    rgb[foot - high : foot, left : left + wide] = rng.integers(10, 245, 3)
    rgb[foot - high + 2 : foot - high // 2, left + 3 : left + wide - 3] = rng.integers(10, 120, 3)
    return rgb


def flipped(rgb, _stranger, _rng):
    return np.ascontiguousarray(rgb[:, ::-1])


def cropped(rgb, _stranger, rng):
    """Keep 90 % of each side, anywhere, at the old size."""
    height, width = rgb.shape[:2]
    high, wide = round(0.9 * height), round(0.9 * width)
    y, x = rng.integers(0, height - high + 1), rng.integers(0, width - wide + 1)
    return cv2.resize(rgb[y : y + high, x : x + wide], (width, height), interpolation=cv2.INTER_LINEAR)


def brighter(rgb, _stranger, rng):
    return (rgb * rng.choice([0.55, 0.7, 1.3, 1.5])).clip(0, 255).astype(np.uint8)


def halved(rgb, _stranger, _rng):
    return cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def pasted(rgb, stranger, rng):
    """Put a piece of another picture, 6 to 16 % of the area, anywhere."""
    height, width = rgb.shape[:2]
    high, wide = (int(side * rng.uniform(0.25, 0.4)) for side in (height, width))
    piece = cv2.resize(stranger, (width, height))[height // 2 :, :][:high, :wide]
    y, x = rng.integers(0, height - piece.shape[0] + 1), rng.integers(0, width - piece.shape[1] + 1)
    out = rgb.copy()
    out[y : y + piece.shape[0], x : x + piece.shape[1]] = piece
    return out


def reencoded(rgb, _stranger, _rng):
    return cv2.imdecode(cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, 30])[1], cv2.IMREAD_COLOR)


KINDS = {
    "flip": flipped,
    "crop 90 %": cropped,
    "brightness": brighter,
    "half resolution": halved,
    "pasted object": pasted,
    "re-encode": reencoded,
}


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Pictures, and which were planted.

    Args:
        pictures: originals, then copies, uint8 RGB.
        kinds: kind of each copy by the places of its original and of itself.
        test: places of pictures in the test set: half of the originals, and copies of others as leaks.
    """

    pictures: Sequence
    kinds: dict[tuple[int, int], str]
    test: frozenset[int]

    @property
    def leaks(self):
        """The planted pairs that are torn over train and test."""
        return {pair for pair in self.kinds if (pair[0] in self.test) != (pair[1] in self.test)}


def plant(originals, seed):
    """Add 160 copies to originals that are all different; 60 of them are on the other side of train and test."""
    rng = np.random.default_rng(seed)
    count = len(originals)
    test = set(range(0, count, 2))
    pictures, kinds = list(originals), {}
    for number, place in enumerate(rng.permutation(count)[: NEAR + LEAKS].tolist()):
        kind = list(KINDS)[number % len(KINDS)]
        stranger = originals[(place + count // 2) % count]
        if (place in test) != (number < LEAKS):
            test.add(len(pictures))
        kinds[place, len(pictures)] = kind
        pictures.append(KINDS[kind](originals[place], stranger, rng))
    return Planted(pictures=pictures, kinds=kinds, test=frozenset(test))
