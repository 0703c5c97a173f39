"""The blend: all real pictures, synthetic scenes as the target asks for them, no leak between splits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from blend import accumulate, export, plan, sheet, synthetic
from blend import real as real_sets
from blend.augment import AugmentSettings, drawn, fits, vary
from blend.composite.batch import Outcome, composites, wanted_of
from blend.composite.settings import CompositeSettings
from blend.draft import Draft, Embed
from blend.formats import registry
from blend.formats.blended import Blended
from blend.match.match import Matching
from blend.match.match import plan as plan_match
from blend.match.settings import NO_MATCH, MatchSettings
from blend.paste import offers
from blend.picture import LeftOut, Picture
from blend.plan_report import Line, copies, lines
from blend.pool import Bools, Pool, pool_of
from blend.real import RealSettings
from blend.record import BlendReport, record_of
from blend.settings import BlendSettings
from blend.split import assign, held_out, joined_groups, test_shares_by_group


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is going to be in a blend.

    Args:
        pictures: synthetic pictures that come in.
        vary: names of those that get a variety.
        why: what became of the ratio.
        lines: what is going to become of the targets, before varieties are looked at for near-duplicates.
        offered: all that could be trained on.
    """

    pictures: list[Picture]
    vary: set[str]
    why: str
    lines: list[Line]
    offered: Pool


def build(
    out: Path,
    *,
    real: RealSettings,
    blend: BlendSettings,
    augment: AugmentSettings,
    seed: int,
    match: MatchSettings = NO_MATCH,
    composite: CompositeSettings | None = None,
    embed: Embed | None = None,
) -> BlendReport:
    """Blend a round with the real set into `out/blend`, whole or not at all; same inputs, same bytes.

    Near-duplicates are looked for by hash, and by embedding too where `embed` is given.

    Raises:
        InputError: the round, the real set or an earlier round cannot be used, or the target names what there is not.
        OSError: the folder cannot be written; an earlier blend is still there then.
    """
    draft, planned = _planned(out, real=real, blend=blend, augment=augment, seed=seed, embed=embed)
    for line in planned.lines:
        print(f"plan: {line}")
    matching = plan_match(planned.pictures, _training(draft), match, seed=seed)
    with _folder(out / "blend") as folder:
        _add_synthetic(draft, _matched(planned, matching, folder / "images"), folder, augment, seed)
        _add_composites(draft, out, folder, composite or CompositeSettings(), seed)
        became, schedule = _weigh(draft, planned)
        record = record_of(draft, why=planned.why, lines=became, schedule=schedule) | {"match": matching.record()}
        for picture in draft.pictures:
            export.place(picture.path, folder / picture.file_name, blend.link)
        pictures, splits = tuple(draft.pictures), tuple(draft.splits())
        blended = Blended(folder=folder, pictures=pictures, splits=splits, round_folder=out, link=blend.link)
        written = registry.write(blended, ("coco", *blend.formats))
        sheet.write(folder / "sheet.jpg", [picture for picture in draft.pictures if draft.split(picture) == "train"])
        export.write_json(folder / "blend.json", record)
    return BlendReport(folder=out / "blend", why=planned.why, record=record, written=tuple(written))


def preview(
    out: Path,
    *,
    real: RealSettings,
    blend: BlendSettings,
    augment: AugmentSettings,
    seed: int,
    embed: Embed | None = None,
) -> tuple[str, list[Line]]:
    """Plan a blend and write nothing: what becomes of the ratio, and of each target."""
    _, planned = _planned(out, real=real, blend=blend, augment=augment, seed=seed, embed=embed)
    return planned.why, planned.lines


@contextmanager
def _folder(target: Path) -> Iterator[Path]:
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "images").mkdir(parents=True)
    try:
        yield partial
        export.swap(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _planned(
    out: Path, *, real: RealSettings, blend: BlendSettings, augment: AugmentSettings, seed: int, embed: Embed | None
) -> tuple[Draft, Planned]:
    frames, left_out = synthetic.read(out)
    earlier = accumulate.read(blend.accumulate)
    real_set = real_sets.read(real, seed=seed)
    inside = earlier.pictures.keys() | {name for picture in earlier.synthetic() for name in picture.parents}
    draft = Draft(
        real_set=real_set,
        frames=[frame for frame in frames if frame.name not in inside],
        earlier=earlier,
        left_out=[*real_set.left_out, *left_out],
        settings=blend,
        embed=embed,
    )
    _add_held(draft)
    return draft, _plan(draft, augment, seed)


def _add_held(draft: Draft) -> None:
    """Thin the real pictures among themselves, join groups that share a near-duplicate, split; add what is held."""
    earlier = draft.earlier
    fresh = {picture.name: picture for picture in draft.real_set.pictures}
    everything = [_mended(picture, fresh.pop(picture.name, None)) for picture in earlier.real()] + list(fresh.values())
    settled = {picture.group: earlier.splits[picture.name] for picture in earlier.real()}
    kept, linked = draft.thin(everything)
    groups = dict(zip((p.name for p in everything), joined_groups(everything, linked, settled), strict=True))
    real = [replace(picture, group=groups[picture.name]) for picture in kept]
    draft.split_of = assign(
        [picture.group for picture in real],
        val_share=draft.settings.val_share,
        test_share=draft.settings.test_share,
        test_shares=test_shares_by_group(real, draft.settings.test_shares),
        settled=settled,
    )
    draft.origins = {name: draft.split_of[group] for name, group in groups.items() if group in draft.split_of}
    shut = {p.name for p in real if settled.get(p.group) == "test" and p.name not in earlier.pictures}
    reason = "belongs to a take of the test set, which earlier rounds have closed"
    draft.left_out += [
        LeftOut(file=str(p.facts.get("original", p.name)), reason=reason) for p in real if p.name in shut
    ]
    draft.pictures = [picture for picture in real if picture.name not in shut] + earlier.synthetic()


def _mended(before: Picture, now: Picture | None) -> Picture:
    """Take the boxes that a real picture has now."""
    return before if now is None else replace(now, group=before.group)


def _plan(draft: Draft, augment: AugmentSettings, seed: int) -> Planned:
    """Choose scenes, each whole and with the varieties of its frames, for the target."""
    target = draft.settings.target
    usable = [p for p in draft.thin([*draft.pictures, *_admitted(draft)])[0] if p.name not in _names(draft.pictures)]
    varied = {p.name for p in usable if fits(p, augment) and drawn(p.name, augment, seed=seed)}
    held = [picture for picture in draft.pictures if draft.split(picture) == "train"]
    offered = [*usable, *(picture for picture in usable if picture.name in varied)]
    kinds = {picture.group: str(picture.facts.get("scenario")) for picture in usable}
    turn = {scene: place for place, scene in enumerate(synthetic.turns(kinds, seed=seed))}
    pool = pool_of([*held, *offered], [True] * len(held) + [False] * len(offered), turn)
    plan.check(pool, target)
    taken = plan.choose(pool, target)
    inside = pool[taken]
    chosen = [picture for picture, come in zip(usable, taken[len(held) :], strict=False) if come]
    return Planned(
        pictures=chosen,
        vary=varied & _names(chosen),
        why=_why(pool, taken, draft),
        lines=lines(inside, plan.weigh(inside, target), target, pool),
        offered=pool,
    )


def _admitted(draft: Draft) -> list[Picture]:
    """Return the round's frames but for those that were made from what is held out, which are listed."""
    refused = held_out([*draft.earlier.synthetic(), *draft.frames], draft.origins)
    draft.left_out += [LeftOut(file=f.name, reason=refused[f.name]) for f in draft.frames if f.name in refused]
    return [frame for frame in draft.frames if frame.name not in refused]


def _names(pictures: Sequence[Picture]) -> set[str]:
    return {picture.name for picture in pictures}


def _why(pool: Pool, taken: Bools, draft: Draft) -> str:
    target = draft.settings.target
    new = taken & ~pool.held
    count, scenes, of = int(new.sum()), len(set(pool.unit[new].tolist())), len(set(pool.unit[~pool.held].tolist()))
    wanted = plan.wanted_synthetic(pool, target.ratio)
    if target.strategy == "ratio" and target.ratio == 0:
        return "no synthetic pictures were asked for"
    if not of:
        return f"{wanted:.1f} synthetic pictures were wanted, but the round has no new frame that can be used"
    if target.strategy == "fill_gaps":
        return f"{scenes} of {of} whole scenes with {count} pictures fill gaps; at most {wanted:.1f} were allowed"
    if target.strategy != "ratio":
        return f"all {of} scenes with {count} pictures are in, and weights keep the share"
    told = f"{wanted:.1f} synthetic pictures were wanted"
    if scenes == of and count < wanted:
        return f"{told}, but all {of} scenes together give {count}; render more scenes"
    return f"{told}, and {scenes} of {of} whole scenes come nearest with {count}"


def _training(draft: Draft) -> list[Picture]:
    """Return the real pictures that may be looked at: those for training."""
    return [picture for picture in draft.pictures if picture.source == "real" and draft.split(picture) == "train"]


def _matched(planned: Planned, matching: Matching, folder: Path) -> Planned:
    """Write the planned pictures matched into a folder, each in place of its frame."""
    pictures = [matching.of(picture, folder) for picture in planned.pictures]
    pairs = zip(planned.pictures, pictures, strict=True)
    return replace(planned, pictures=pictures, vary={made.name for frame, made in pairs if frame.name in planned.vary})


def _add_synthetic(draft: Draft, planned: Planned, folder: Path, augment: AugmentSettings, seed: int) -> None:
    """Write varieties of what was planned, and add all that is no near-duplicate."""
    to_vary = [picture for picture in planned.pictures if picture.name in planned.vary]
    donors = offers(planned.pictures) if augment.pasted_most else {}
    varieties = [
        vary(picture, folder / "images", augment, seed=seed, donors=donors)
        for picture in track(to_vary, description="varieties")
    ]
    draft.pictures = draft.thin([*draft.pictures, *planned.pictures, *varieties])[0]
    for lost in _names([*planned.pictures, *varieties]) - _names(draft.pictures):
        (folder / "images" / f"{lost}.jpg").unlink(missing_ok=True)  # frames as they were are not there
    draft.mended = accumulate.check_kept(draft.earlier, draft.pictures)


def _add_composites(draft: Draft, out: Path, folder: Path, settings: CompositeSettings, seed: int) -> None:
    """Add composites of real training pictures; they are near-duplicates of their backgrounds by intent."""
    backgrounds = _training(draft)
    if draft.settings.ratio == 0:
        wanted = wanted_of(backgrounds, settings)
        draft.composites = Outcome(wanted=wanted, why="no synthetic pictures were asked for" if wanted else "")
        return
    made, draft.composites = composites(
        backgrounds,
        settings.library or out / "cutouts",
        folder / "images",
        settings,
        held=_names(draft.pictures),
        seed=seed,
    )
    draft.pictures = [*draft.pictures, *made]


def _weigh(draft: Draft, planned: Planned) -> tuple[list[Line], list[dict[str, Any]]]:
    """Give every training picture its weight and its copies; return what became of the targets, and a curriculum."""
    target = draft.settings.target
    rows = [row for row, picture in enumerate(draft.pictures) if draft.split(picture) == "train"]
    train = [draft.pictures[row] for row in rows]
    beyond = [p.name in draft.earlier.pictures or p.kind == "composite" for p in train]
    pool = pool_of(train, beyond, {})
    stages = [(stage.epochs, plan.weigh(pool, target, stage.ratio).round(6)) for stage in target.stages]
    ends = np.cumsum([epochs for epochs, _ in stages]).round(6).tolist()
    mean = np.sum([epochs * each for epochs, each in stages], axis=0)
    weights = mean if stages else plan.weigh(pool, target)
    for place, row in enumerate(rows):
        series = tuple((end, float(each[place])) for end, (_, each) in zip(ends, stages, strict=True))
        draft.pictures[row] = replace(draft.pictures[row], weight=round(float(weights[place]), 6), stages=series)
    for row, number in zip(rows, copies(pool, weights).tolist(), strict=True):
        draft.pictures[row] = replace(draft.pictures[row], copies=number)
    schedule = [{"epochs": stage.epochs, "ratio": stage.ratio} for stage in target.stages]
    return lines(pool, weights, target, planned.offered), schedule
