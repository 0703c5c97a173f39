"""The camera of a round that is fitted to the user's own pictures: once, then kept beside its frames."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

import cv2
from pydantic import TypeAdapter, ValidationError

from render import durable
from render.develop.camera import SensorSettings
from render.develop.match import pictures
from render.develop.match.distance import FEWEST, Sample
from render.develop.match.fit import Fitted, fit, has_nights
from render.develop.match.negatives import Negative, negative
from render.develop.match.offers import chosen, offers
from render.develop.preset import LookSettings
from render.develop.traced import read_source, read_view
from scenes.errors import InputError

FITTED = "fitted"
"""Name of a sensor that is fitted before it is used."""
_FRAMES, _LEAST_SHARE = 48, 0.25
_RENDER = "run: rareblend render"


def camera_of(
    out: Path, real: Path | None, *, looks: LookSettings, sensor: SensorSettings, seed: int
) -> SensorSettings:
    """Return the camera to develop with: as it is told, or fitted to real pictures if it is named `fitted`.

    A fitted camera stands in `<out>/sensor.json`; a second call reads it, so that a round has one camera.

    Args:
        out: the round's folder, with traced views.
        real: folder of the user's pictures.
        looks: presets by family.
        sensor: the camera to begin with.
        seed: the run's seed.

    Raises:
        InputError: no folder was given, it cannot be used, or nothing has been traced.
    """
    if sensor.name != FITTED:
        return sensor
    path = out / "sensor.json"
    if path.is_file():
        kept = _read(path)
        print(f"sensor: {kept.name}, as it was in {path}; delete that file to fit anew")
        return kept
    if real is None:
        raise InputError("real", "sensor=fitted needs a folder of real pictures", fix="add real=DIR")
    found = pictures.read(real)
    for name, why in found.left_out.items():
        print(f"left out: {name}: {why}")
    night_share = _night_share(found.pictures)
    if not night_share:
        print(f"sensor: {real.name} has fewer than {FEWEST} nights; ours keep this camera's own colours and detail")
    fitted = fit(found.pictures, _negatives(out, looks, sensor, seed, night_share=night_share), sensor, seed=seed)
    camera = replace(fitted.camera, name=f"fitted to {real.name}", source=_told(fitted, real), finish=fitted.finish)
    durable.write_json(path, asdict(camera))
    print(f"sensor: {camera.source}")
    return camera


def _night_share(real: Sequence[Sample]) -> float:
    """Return the share of nights to fit with: that of the pictures, but enough of both to tell; 0 without nights."""
    share = sum(picture.level == "night" for picture in real) / len(real)
    return min(max(share, _LEAST_SHARE), 1 - _LEAST_SHARE) if has_nights(real) else 0.0


def _told(fitted: Fitted, real: Path) -> str:
    before, after = fitted.before, fitted.after
    return (
        f"fitted to {fitted.pictures} pictures of {real.name} ({fitted.resolution_wh[0]}x{fitted.resolution_wh[1]}); "
        f"low-level distance {before.mean:.2f} -> {after.mean:.2f}, separability {before.separability:.2f} -> "
        f"{after.separability:.2f}, on the pictures it was fitted to"
    )


def _read(path: Path) -> SensorSettings:
    try:
        return TypeAdapter(SensorSettings).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, ValueError) as broken:
        raise InputError(path, "must hold a camera", got=str(broken).splitlines()[0], fix="delete it") from broken


def _negatives(
    out: Path, looks: LookSettings, sensor: SensorSettings, seed: int, *, night_share: float
) -> list[Negative]:
    cv2.setNumThreads(1)
    views = sorted(path for path in (out / "scenes").glob("*/*.exr") if path.with_suffix(".json").is_file())
    if not views:
        raise InputError(out / "scenes", "must hold traced views", got="none", fix=_RENDER)
    wanted = chosen(offers(views, looks, count=_FRAMES, seed=seed), _FRAMES, night_share=night_share)
    made: list[Negative] = []
    for path, of_view in groupby(wanted, key=lambda offer: offer.path):
        scene, view = path.parent.name, path.stem
        with suppress(InputError):  # a view that cannot be developed is left out with its reason when frames are made
            prepared = read_view(out, scene, view, read_source(out, scene, view))
            made += [negative(prepared, offer.look, sensor, scene=scene) for offer in of_view]
    if not made:
        rule = "must hold a view that can be developed" if night_share else "must hold days, as the real pictures do"
        raise InputError(out / "scenes", rule, got="none", fix=_RENDER if night_share else "add real nights, or no fit")
    return made
