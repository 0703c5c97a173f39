"""What a privacy run does with a round: attacks a small head, audits its training, trains and releases with noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import ConfigDict

from eval import resample, samples
from eval.privacy import canary, detector, head, ledger, losses, pictures, release, training
from eval.privacy.accounting import Mechanism, SampledGaussian
from eval.privacy.pictures import Pictures
from eval.resample import Bools, Floats, Ints
from scenes.errors import InputError
from scenes.seeds import generator


@dataclass(frozen=True, kw_only=True)
class MembershipSettings:
    """How membership is attacked.

    Args:
        held_out: "split" takes the training pictures as members and those of the other splits as non-members; "half"
            draws half of all takes as members, for sets whose other splits are too small.
        pairs: pairs of reference models.
        detector_steps: trains detectors of `rareblend eval parity` with so many steps, one on the members and the
            references on halves of the others, and attacks it too; null does not.
        losses: a file of your own model's losses, see `losses.read`; null attacks none of your own.
    """

    held_out: pictures.HeldOut = "split"
    pairs: int = 4
    detector_steps: int | None = None
    losses: Path | None = None
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.pairs < 1:
            raise InputError("privacy.membership.pairs", "must be at least 1", got=self.pairs)
        if self.detector_steps is not None and self.detector_steps < 1:
            raise InputError("privacy.membership.detector_steps", "must be at least 1", got=self.detector_steps)


@dataclass(frozen=True, kw_only=True)
class PrivacySettings:
    """The `privacy` section of the config.

    Args:
        claim_epsilon: an ε that somebody wants to claim for the blend itself; refused, as real pixels are in it.
    """

    head: head.HeadSettings = field(default_factory=head.HeadSettings)
    membership: MembershipSettings = field(default_factory=MembershipSettings)
    canary: canary.CanarySettings = field(default_factory=canary.CanarySettings)
    training: training.TrainingSettings = field(default_factory=training.TrainingSettings)
    release: release.ReleaseSettings = field(default_factory=release.ReleaseSettings)
    ledger: ledger.LedgerSettings = field(default_factory=ledger.LedgerSettings)
    claim_epsilon: float | None = None
    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class HeadFindings:
    """What was found of the head; a string says why there is nothing.

    Args:
        attacked: its losses.
        audited: canary audit of its training.
        mechanism: of a training with privacy, else None.
        weights: of a head trained with privacy, (1281, classes), as they may be given out.
    """

    attacked: losses.Losses | str
    audited: canary.Audit | str
    mechanism: SampledGaussian | None = None
    weights: Floats | None = None


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a run found.

    Args:
        head: see `HeadFindings`.
        detector: losses of a detector, why there are none, or None where it was not asked for.
        given: losses of the user's own model, None where none were given.
        released: tables with noise.
        spent: ε of the ledger after the run; None where there is no ledger.
        pictures: all real pictures, members, non-members and takes.
        real_pixels: why the blend can be under no ε.
    """

    head: HeadFindings
    detector: losses.Losses | str | None
    given: losses.Losses | None
    released: Sequence[release.Released]
    spent: float | None
    pictures: dict[str, int]
    real_pixels: str


def run(out: Path, settings: PrivacySettings, *, seed: int, workers: int) -> Findings:
    """Audit the privacy of a round's real pictures.

    Raises:
        InputError: the round cannot be read, a claim is refused, a budget would be passed, or a file is at fault.
    """
    round_ = samples.read(out)
    pixels = pictures.real_pixels(round_)
    if settings.claim_epsilon is not None:
        fix = "claim it for a head trained with privacy.training.epsilon, or for tables of privacy.release.epsilon"
        raise InputError("privacy.claim_epsilon", "is refused", got=pixels, fix=fix)
    given = losses.read(settings.membership.losses) if settings.membership.losses else None
    real = pictures.of_round(round_, workers=workers)
    labelled = real.labelled()
    member = _members([s.split for s in labelled.samples], labelled.groups, settings.membership, seed)
    path = settings.ledger.path(out)
    ledger.read(path)  # one that cannot be used is told before the work
    found = _head(labelled, member, settings, path, seed)
    released = _released(path, settings, real)
    known = ledger.read(path)
    return Findings(
        head=found,
        detector=_detector(out, settings.membership, seed),
        given=given,
        released=released,
        spent=None if known is None else known.spent(),
        pictures={
            "real": len(real.samples),
            "members": int(member.sum()),
            "non_members": int((~member).sum()),
            "real_groups": len(set(real.groups.tolist())),
        },
        real_pixels=pixels,
    )


def _head(real: Pictures, member: Bools, settings: PrivacySettings, path: Path, seed: int) -> HeadFindings:
    why = pictures.shortage(real, member)
    if why:
        return HeadFindings(attacked=why, audited=why)
    fit: head.Fit = partial(head.fit, settings=settings.head)
    mechanism = None
    if settings.training.epsilon is not None:
        mechanism = settings.training.mechanism()
        fit = partial(training.fit_privately, settings=settings.training, mechanism=mechanism)
        what = f"weights of a head trained on {int(member.sum())} pictures"
        _charge(path, settings, what, real, (mechanism,))
    x, y = head.inputs(real.features), head.labels(real.samples)
    target = fit(x[member], y[member])
    attacked = losses.under_references(
        head.picture_losses(target, x, y),
        lambda rows: head.picture_losses(fit(x[rows], y[rows]), x, y),
        groups=real.groups,
        member=member,
        pairs=settings.membership.pairs,
        rng=generator(seed, "privacy", "references"),
    )
    audited = _audited(x[member], y[member], fit, settings.canary, seed)
    return HeadFindings(
        attacked=attacked, audited=audited, mechanism=mechanism, weights=None if mechanism is None else target
    )


def _members(splits: Sequence[str], groups: Ints, settings: MembershipSettings, seed: int) -> Bools:
    return pictures.members(splits, groups, settings.held_out, generator(seed, "privacy", "members"))


def _detector(out: Path, settings: MembershipSettings, seed: int) -> losses.Losses | str | None:
    if settings.detector_steps is None:
        return None
    real = detector.real_pictures(out)
    groups = resample.codes([picture.group for picture in real])
    member = _members([picture.split for picture in real], groups, settings, seed)
    why = pictures.too_few(member, groups)
    if why is None and not any(picture.boxes for picture in real):
        why = "no box in any real picture"
    if why:
        return why
    with detector.trainer(real, out / "privacy" / "maps", steps=settings.detector_steps, seed=seed) as train:
        return losses.under_references(
            train(member),
            train,
            groups=groups,
            member=member,
            pairs=settings.pairs,
            rng=generator(seed, "privacy", "references"),
        )


def _audited(x: Floats, y: Floats, fit: head.Fit, settings: canary.CanarySettings, seed: int) -> canary.Audit:
    inputs, labels = head.canaries(settings.count, x.shape[1], y.shape[1], generator(seed, "privacy", "canaries"))

    def train(included: Bools) -> Floats:
        weights = fit(np.vstack([x, inputs[included]]), np.vstack([y, labels[included]]))
        return -head.picture_losses(weights, inputs, labels)

    return canary.audit(train, settings, generator(seed, "privacy", "coins"))


def _released(path: Path, settings: PrivacySettings, real: Pictures) -> list[release.Released]:
    epsilon = settings.release.epsilon
    if epsilon is None:
        return []
    release.check()
    tables = release.tables(real.samples, real.mean_luma, settings.release)
    spends = release.mechanisms(len(tables), epsilon)
    _charge(path, settings, f"{len(tables)} tables of counts", real, spends)
    return [release.released(table, spend.epsilon) for table, spend in zip(tables, spends, strict=True)]


def _charge(path: Path, settings: PrivacySettings, what: str, real: Pictures, spends: tuple[Mechanism, ...]) -> None:
    entry = ledger.Release(what=what, pictures=real.digest, mechanisms=spends)
    ledger.charge(path, settings.ledger.budget, entry)
