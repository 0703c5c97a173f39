"""Match the synthetic pictures of a blend to its real training pictures, condition by condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.progress import track

from blend.condition import CONDITIONS, condition
from blend.match.choose import MOST_FRAMES, Choice, Frame, choose, drawn
from blend.match.recipe import applied
from blend.match.reference import MOST_SEEN, chosen
from blend.match.settings import MatchSettings
from blend.match.sharpness import LEAST_PX
from blend.picture import Picture, decode_rgb, sha256_of
from scenes.seeds import child_seed


@dataclass(frozen=True, kw_only=True)
class Matching:
    """What is done to pictures of each condition; empty leaves all as they are.

    Args:
        choices: by condition.
        seed: the run's.
    """

    choices: Mapping[str, Choice]
    seed: int

    def record(self) -> dict[str, Any]:
        """Give the choices as they stand in `blend.json`."""
        return {name: choice.record() for name, choice in self.choices.items()}

    def of(self, frame: Picture, folder: Path) -> Picture:
        """Write a frame matched into a folder and return it as a picture of its own; itself if nothing is to be done.

        Its boxes, masks and all that is known of it stay: no pixel has moved.
        """
        if not self.choices:
            return frame
        rgb = decode_rgb(frame.path)
        light = condition(rgb)
        choice = self.choices[light]
        if choice.recipe.idle or min(rgb.shape[:2]) < LEAST_PX:
            return frame
        own_seed = _seed_of(frame, self.seed)
        reference = drawn(rgb, choice.references, seed=own_seed)
        name = f"{frame.name}-m{own_seed % 16**6:06x}"
        path = folder / f"{name}.jpg"
        path.write_bytes(applied(rgb, reference, choice.recipe, seed=own_seed))
        told = {"condition": light, "reference": reference.name, "reference_hash": reference.hash, "seed": own_seed}
        facts = {**frame.facts, "frame": name, "match": {**asdict(choice.recipe), **told}}
        return replace(frame, name=name, path=path, sha256=sha256_of(path), parents=(frame.name,), facts=facts)


def _seed_of(frame: Picture, seed: int) -> int:
    return child_seed(seed, "match", frame.name)


def plan(frames: Sequence[Picture], real: Sequence[Picture], settings: MatchSettings, *, seed: int) -> Matching:
    """Choose what is to be done.

    Args:
        frames: synthetic pictures.
        real: real pictures for training; pictures of another split may not be given.
        settings: what may be done.
        seed: the run's.
    """
    if settings.idle or not frames:
        return Matching(choices={}, seed=seed)
    references = chosen(real, seed=seed)
    trial = _trial(sorted(frames, key=lambda frame: child_seed(seed, "match-trial", frame.name))[:MOST_SEEN], seed)
    lights = track(CONDITIONS, description="match")
    return Matching(
        choices={light: choose(trial[light], references[light], settings, seed=seed) for light in lights}, seed=seed
    )


def _trial(frames: Sequence[Picture], seed: int) -> dict[str, list[Frame]]:
    """Read the first frames of each condition."""
    trial: dict[str, list[Frame]] = {name: [] for name in CONDITIONS}
    for frame in frames:
        rgb = decode_rgb(frame.path)
        of = trial[condition(rgb)]
        if len(of) < MOST_FRAMES and min(rgb.shape[:2]) >= LEAST_PX:
            of.append(Frame(rgb=rgb, seed=_seed_of(frame, seed)))
    return trial
