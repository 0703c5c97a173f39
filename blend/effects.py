"""Pixel transforms that Albumentations lacks or draws as a cartoon: haze, rain and snow, glare, nightfall, vignetting.

Display-referred variety, not physics: the develop stage has fog, rain and glare in linear light. Each draws its
parameters as Albumentations' own do, stands in serialised pipelines under its name, and leaves labels alone.
"""

from __future__ import annotations

import os
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it asks the network for a newer version at import otherwise
import albumentations as alb

Rgb = NDArray[np.uint8]
Range = tuple[float, float]


def _bytes(rgb: NDArray[np.float32]) -> Rgb:
    return np.asarray(np.clip(rgb + 0.5, 0, 255), np.uint8)


class Haze(alb.ImageOnlyTransform):  # type: ignore[misc]  # the library ships no types
    """Thin out contrast towards the horizon, as mist does, to the colour of the sky's lower part.

    Args:
        density_range: share of the picture's light that is lost at the horizon, [0, 1).
        horizon_range: row of the horizon as a share of the height.
        p: probability.
    """

    def __init__(self, density_range: Range = (0.2, 0.5), horizon_range: Range = (0.4, 0.5), p: float = 0.5) -> None:
        super().__init__(p=p)
        self.density_range, self.horizon_range = _checked(density_range), _checked(horizon_range)

    def get_params(self) -> dict[str, Any]:
        """Draw density and horizon."""
        draw = self.py_random.uniform
        return {"density": draw(*self.density_range), "horizon": draw(*self.horizon_range)}

    def apply(self, img: Rgb, density: float, horizon: float, **_: Any) -> Rgb:
        """Mix the picture with its own air light, row by row."""
        height = img.shape[0]
        row = np.arange(height, dtype=np.float32)[:, None, None] / height
        below = np.clip((row - horizon) / (1 - horizon), 0, 1)
        above = np.clip((horizon - row) / horizon, 0, 1)
        lost = density * np.where(row >= horizon, (1 - below) ** 2.2, 1 - 0.5 * above)
        band = img[int(height * horizon * 0.4) : int(height * horizon) + 1].reshape(-1, 3)
        light = np.percentile(band, 75, axis=0).astype(np.float32)
        light = 0.4 * light + 0.6 * light.mean()
        return _bytes(img * (1 - lost) + light * lost)


class Precipitation(alb.ImageOnlyTransform):  # type: ignore[misc]  # the library ships no types
    """Draw faint, motion-blurred streaks (rain) or soft flakes (snow) at three distances, under a duller light.

    Args:
        kind: `rain` or `snow`.
        amount_range: streaks or flakes a 100 pixels.
        strength_range: brightness that the nearest add, as a share of white.
        p: probability.
    """

    def __init__(
        self,
        kind: Literal["rain", "snow"] = "rain",
        amount_range: Range = (0.1, 0.4),
        strength_range: Range = (0.1, 0.25),
        p: float = 0.5,
    ) -> None:
        super().__init__(p=p)
        if kind not in {"rain", "snow"}:
            raise ValueError("kind must be rain or snow")
        self.kind, self.amount_range, self.strength_range = kind, _checked(amount_range), _checked(strength_range)

    def get_params(self) -> dict[str, Any]:
        """Draw amount, strength, slant, and the seed of the places."""
        draw = self.py_random.uniform
        return {
            "amount": draw(*self.amount_range),
            "strength": draw(*self.strength_range),
            "slant_deg": draw(-14.0, 14.0),
            "places": self.py_random.getrandbits(32),
        }

    def apply(self, img: Rgb, amount: float, strength: float, slant_deg: float, places: int, **_: Any) -> Rgb:
        """Lay the layers, far and fine to near and large, over the picture."""
        height, width = img.shape[:2]
        rng = np.random.Generator(np.random.PCG64(places))
        cover = np.zeros((height, width), np.float32)
        for size, share in ((1.0, 1.0), (1.7, 0.4), (3.0, 0.08)):
            cover = np.maximum(cover, self._layer((height, width), amount * share / 100, size, slant_deg, rng))
        dull = img * np.float32(1 - 0.35 * strength) + np.float32(0.35 * strength * 128)
        lit = np.float32(strength) * cover[..., None]
        return _bytes(dull * (1 - lit) + np.float32(225) * lit)

    def _layer(
        self, shape: tuple[int, int], share: float, size: float, slant_deg: float, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        count = rng.poisson(share * shape[0] * shape[1])
        points = np.zeros(shape, np.float32)
        points[rng.integers(0, shape[0], count), rng.integers(0, shape[1], count)] = rng.uniform(0.3, 1.0, count)
        unit = max(shape[0] / 384, 0.5)
        if self.kind == "rain":
            layer = cv2.filter2D(
                points, -1, _streak(int(13 * unit * size) | 1, slant_deg), borderType=cv2.BORDER_CONSTANT
            )
            layer = cv2.GaussianBlur(layer, (0, 0), 0.45 * size * unit)
            peak = 0.8 / (1.3 * size * unit)
        else:
            layer = cv2.GaussianBlur(points, (0, 0), 0.75 * size * unit)
            peak = min(1 / (2 * np.pi * (0.75 * size * unit) ** 2), 1.0)
        return np.asarray(np.minimum(layer / np.float32(peak), 1), np.float32)


def _streak(length: int, slant_deg: float) -> NDArray[np.float32]:
    """Return a line of this length through the middle of a square, each pixel up to 1 bright, ends faded."""
    middle = (length - 1) / 2
    along = np.linspace(-1, 1, 4 * length, dtype=np.float32) * middle
    kernel = np.zeros((length, length), np.float32)
    columns = np.rint(middle + along * np.sin(np.radians(slant_deg))).astype(int)
    rows = np.rint(middle + along * np.cos(np.radians(slant_deg))).astype(int)
    np.maximum.at(kernel, (rows, columns), 1 - (along / (middle + 1)) ** 2)
    return kernel


class Glare(alb.ImageOnlyTransform):  # type: ignore[misc]  # the library ships no types
    """Let what is brightest bleed into its surroundings, as lamps do at night behind a dirty screen.

    Args:
        strength_range: how much of the bleeding light is added.
        spread_range: its standard deviation as a share of the height.
        threshold: value from which a pixel bleeds, [0, 255).
        p: probability.
    """

    def __init__(
        self,
        strength_range: Range = (0.4, 1.2),
        spread_range: Range = (0.01, 0.04),
        threshold: float = 200,
        p: float = 0.5,
    ) -> None:
        super().__init__(p=p)
        if not 0 <= threshold < 255:
            raise ValueError("threshold must lie in [0, 255)")
        self.strength_range, self.spread_range = _checked(strength_range), _checked(spread_range)
        self.threshold = threshold

    def get_params(self) -> dict[str, Any]:
        """Draw strength and spread."""
        draw = self.py_random.uniform
        return {"strength": draw(*self.strength_range), "spread": draw(*self.spread_range)}

    def apply(self, img: Rgb, strength: float, spread: float, **_: Any) -> Rgb:
        """Add a narrow and a wide blur of the highlights."""
        value = img.max(axis=-1, keepdims=True).astype(np.float32)
        bright = img * np.clip((value - self.threshold) / (255 - self.threshold), 0, 1)
        sigma = spread * img.shape[0]
        halo = cv2.GaussianBlur(bright, (0, 0), sigma) + 0.5 * cv2.GaussianBlur(bright, (0, 0), 3 * sigma)
        return _bytes(255 - (255 - img.astype(np.float32)) * (1 - np.minimum(strength * halo / 255, 1)))


class Nightfall(alb.ImageOnlyTransform):  # type: ignore[misc]  # the library ships no types
    """Darken what is not a lamp, the sky most, and take its colour towards moonlight or sodium lamps.

    Args:
        darkening_range: share of the light that mid-tones lose, [0, 1).
        p: probability.
    """

    def __init__(self, darkening_range: Range = (0.35, 0.75), p: float = 0.5) -> None:
        super().__init__(p=p)
        self.darkening_range = _checked(darkening_range)

    def get_params(self) -> dict[str, Any]:
        """Draw the darkening, and the tint from cool (-1) to sodium (1)."""
        draw = self.py_random.uniform
        return {"darkening": draw(*self.darkening_range), "tint": draw(-1.0, 0.6)}

    def apply(self, img: Rgb, darkening: float, tint: float, **_: Any) -> Rgb:
        """Dim evenly and more towards the top, keep saturated highlights (lamps), drain colour, tint."""
        rgb = img.astype(np.float32) / 255
        value, least = rgb.max(axis=-1, keepdims=True), rgb.min(axis=-1, keepdims=True)
        lamp = np.clip((value - 0.75) / 0.2, 0, 1) * np.clip((value - least - 0.25) / 0.3, 0, 1)
        row = np.linspace(1, 0, img.shape[0], dtype=np.float32)[:, None, None]
        kept = (1 - darkening) * (1 - 0.75 * darkening * np.clip((row - 0.4) / 0.3, 0, 1))
        dim = kept * rgb ** (1 + 0.5 * darkening)
        dim = dim + 0.45 * darkening * (dim.mean(axis=-1, keepdims=True) - dim)
        cast = np.array([1 + 0.16 * tint, 1 - 0.02 * abs(tint), 1 - 0.22 * tint], np.float32)
        return _bytes(255 * ((1 - lamp) * dim * cast + lamp * rgb))


class Vignette(alb.ImageOnlyTransform):  # type: ignore[misc]  # the library ships no types
    """Darken the corners, as the cosine-fourth law and a stopped barrel do.

    Args:
        strength_range: share of the light that the corners lose, [0, 1].
        p: probability.
    """

    def __init__(self, strength_range: Range = (0.1, 0.4), p: float = 0.5) -> None:
        super().__init__(p=p)
        self.strength_range = _checked(strength_range)

    def get_params(self) -> dict[str, Any]:
        """Draw the strength."""
        return {"strength": self.py_random.uniform(*self.strength_range)}

    def apply(self, img: Rgb, strength: float, **_: Any) -> Rgb:
        """Multiply by a factor that falls with the fourth power's leading term of the angle."""
        height, width = img.shape[:2]
        y, x = np.linspace(-1, 1, height, dtype=np.float32), np.linspace(-1, 1, width, dtype=np.float32)
        shape = np.array([height, width], np.float32) / np.hypot(height, width)
        radius2 = (y[:, None] * shape[0]) ** 2 + (x[None] * shape[1]) ** 2
        return _bytes(img * (1 - np.float32(strength) * radius2)[..., None])


def _checked(pair: Any) -> Range:
    low, high = (float(value) for value in pair)
    if not 0 <= low <= high:
        raise ValueError(f"a range must be two numbers, the lesser first, not below 0; got {pair}")
    return low, high


EFFECTS = (Haze, Precipitation, Glare, Nightfall, Vignette)
