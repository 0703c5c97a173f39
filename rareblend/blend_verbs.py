"""Words after `rareblend blend`: what is done with a real set or a blend besides blending."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.progress import track

from blend import class_suggestion, profile_sheet, stored
from blend import profile as profiles
from blend.augment import AugmentSettings
from blend.class_names import ClassNames
from blend.export import write_json
from blend.mix import preview
from blend.real import RealSettings, list_candidates, read
from blend.settings import BlendSettings
from eval.embed import told_vectors
from eval.privacy import blur as blurring
from eval.privacy import recall, sensitive
from eval.privacy.blur import BlurSettings
from eval.review.lent import database_of
from render.durable import locked
from scenes.errors import InputError
from scenes.settings import compose, validated


def plan(words: Sequence[str]) -> int:
    """Tell what a blend would hold, and write nothing."""
    config = compose("blend", words)
    real = validated("real", RealSettings, config["real"])
    blend, augment = (
        validated("blend", BlendSettings, config["blend"]),
        validated("augment", AugmentSettings, config["augment"]),
    )
    with database_of(real):
        why, lines = preview(
            Path(config["out"]),
            real=real,
            blend=blend,
            augment=augment,
            seed=int(config["seed"]),
            embed=told_vectors(int(config["workers"])) if blend.embed else None,
        )
    print(*(f"plan: {line}" for line in (why, *lines)), sep="\n")
    return 0


def classes(words: Sequence[str]) -> int:
    """Count the class names of a labelled set and write a map to edit."""
    config = compose("blend", words)
    real, names = validated("real", RealSettings, config["real"]), ClassNames()
    if not real.labelled:
        raise InputError("blend classes", "needs a labelled real set", got=f"real={real.kind}")
    with database_of(real):
        list_candidates(real, names)
    suggestions = class_suggestion.suggest(names.counts)
    print(*class_suggestion.table(suggestions), sep="\n")
    path = class_suggestion.write(Path(config["out"]) / "classes_map.yaml", suggestions, real.kind)
    print(f"classes: {len(suggestions)} names; edit {path}, then add real.classes_map={path}")
    return 0


def profile(words: Sequence[str]) -> int:
    """Tell what a real set is like."""
    config = compose("blend", words)
    real = validated("real", RealSettings, config["real"])
    with database_of(real):
        found = read(real, seed=int(config["seed"]))
    seen = profiles.see_all(found.pictures)
    record = profiles.profile(found, seen)
    folder = Path(config["out"]) / "profile"
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "profile.json", record)
    sheet = profile_sheet.draw(folder / "sheet.jpg", found.pictures, seen, record)
    print(*profiles.table(record), sep="\n")
    print(f"profile: {sheet} and profile.json")
    return 0


def export(words: Sequence[str]) -> int:
    """Write a blend in more formats."""
    config = compose("blend_export", words)
    out = Path(config["out"])
    settings = validated("", stored.ExportSettings, {key: config[key] for key in ("formats", "link")})
    if not out.is_dir():
        raise InputError(f"out={out}", "must be the folder of a round", fix="begin one with: rareblend run")
    with locked(out):
        done = stored.export(out, settings)
    print("export:", *(written.line for written in done), sep="\n  ")
    return 0


def blur(words: Sequence[str]) -> int:
    """Write copies of a real set with faces and plates blurred."""
    config = compose("blend_blur", words)
    out, seed = Path(config["out"]), int(config["seed"])
    real, settings = validated("real", RealSettings, config["real"]), validated("blur", BlurSettings, config["blur"])
    labels = None if settings.labels is None else recall.read(settings.labels)
    folder, root = out / "blur" / "images", Path(real.images).expanduser() if real.images else None
    blurring.check(out, root)
    with database_of(real):
        found = read(real, seed=seed)
    with locked(out):
        writing = blurring.copies(found.pictures, folder, settings, root=root, workers=int(config["workers"]))
        done = list(track(writing, description="blur", total=len(found.pictures)))
        hidden = {copy.file: copy.boxes for copy in done}
        recalls = {kind: recall.measured(labels, hidden, kind) for kind in sensitive.CASCADES}
        write_json(out / "blur" / "blur.json", blurring.record(done, settings, recalls))
    for missed in found.left_out:
        print(f"left out: {missed.file}: {missed.reason}")
    told = blurring.counts(done)
    what = f"{told['faces']} faces and {told['plates']} plates hidden in {told['blurred']} of them"
    print(f"blur: {told['pictures']} of {found.found} pictures copied, {what}")
    print(*(f"blur: recall of {kind}s: {recall.said(one)}" for kind, one in recalls.items()), sep="\n")
    if settings.faces_model is None:
        print("blur: cascades miss most faces of traffic and find some where none are; see conf/blur/cascades.yaml")
    print(f"blur: {folder} and blur.json; look at them, as what was missed is still there")
    return 0
