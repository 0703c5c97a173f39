"""What a privacy run says as scores, and the files that it leaves in `<out>/privacy`."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from eval import encoder, resample
from eval.gate import Verdict
from eval.privacy import canary, certificate, losses, membership
from eval.privacy.audit import Findings, PrivacySettings
from eval.scores import Null, Score, read_file, write_json
from render.durable import write_bytes
from scenes.ontology import CATEGORIES

PRIVACY_VERSION = 1
FOLDER = Path("privacy")
PRIVACY_FILE = FOLDER / "privacy.json"
_ATTACK = "share of training pictures that an attack by likelihood ratios tells, at {rate} of others taken for such"
_CANARY = "smallest ε that the training can have at 95 % confidence, from canaries that were in or out by coin"
_SPENT = "ε of all that was released of the real pictures, composed by privacy loss distributions"
_BLEND = "ε of the blend itself"
_RMIA = "https://arxiv.org/abs/2312.03262"
_ONE_RUN = "https://arxiv.org/abs/2305.08846"
_PLD = "https://arxiv.org/abs/2207.04380"
_NO_RUN = "no privacy run was made yet; rareblend eval privacy out=DIR does"


def scores(found: Findings, settings: PrivacySettings) -> list[Score]:
    """Return the scores of a run.

    Condition "all" of an attack is the model that matters most of those that were attacked: the user's own, else the
    detector, else the head.
    """
    label = encoder.load("whole").label
    told = {"head": (found.head.attacked, label), "detector": (found.detector, None), "own": (found.given, None)}
    shown = [(name, attack, network) for name, (attack, network) in told.items() if attack is not None]
    rows = []
    for name, attack, network in shown:
        rows += _attack(attack, "all" if name == shown[-1][0] else name, found.pictures, network)
    rows.append(_audit(found.head.audited, found.pictures, label))
    spent = found.spent
    why = None if spent is not None else "nothing was released with noise, so there is no ledger"
    note = f"at δ = {settings.ledger.delta:g}, of a budget of {settings.ledger.epsilon:g}"
    rows.append(
        Score(name="epsilon_spent", definition=_SPENT, value=spent, not_measured=why, better="lower", source=_PLD,
              note=note if why is None else None)
    )  # fmt: skip
    return [*rows, Score(name="epsilon", definition=_BLEND, not_measured=found.real_pixels)]


def lines(rows: Sequence[Score]) -> list[str]:
    """Say each score in a line."""
    told = []
    for row in rows:
        what = row.name.replace("_", " ") + ("" if row.condition == "all" else f" ({row.condition})")
        if row.value is None:
            told.append(f"{what}: not measured: {row.not_measured}")
        else:
            interval = f" [{row.interval[0]:.3g}, {row.interval[1]:.3g}]" if row.interval else ""
            null = f"; {row.null.value:.3g} without training on them" if row.null else ""
            told.append(f"{what}: {row.value:.3g}{interval}{null}" + (f"; {row.note}" if row.note else ""))
    return told


def write(
    out: Path, rows: Sequence[Score], verdicts: Sequence[Verdict], found: Findings, settings: PrivacySettings
) -> Path:
    """Write scores, certificate, and what was released with noise; return the certificate's path."""
    folder = out / FOLDER
    listed, told = [asdict(row) for row in rows], [asdict(verdict) for verdict in verdicts]
    content = certificate.content(found, settings)
    write_json(out / PRIVACY_FILE, {"schema": PRIVACY_VERSION, "scores": listed, "verdicts": told})
    write_json(folder / "certificate.json", {"schema": PRIVACY_VERSION, **content})
    path = folder / "certificate.md"
    write_bytes(path, certificate.markdown(out.resolve().name, content, lines(rows)).encode())
    if found.released:
        tables = {"schema": PRIVACY_VERSION, "tables": [asdict(table) for table in found.released]}
        write_json(folder / "statistics.json", tables)
    if found.head.weights is not None:
        buffer = io.BytesIO()
        np.savez(buffer, weights=found.head.weights, classes=np.array(list(CATEGORIES)))
        write_bytes(folder / "head.npz", buffer.getvalue())
    return path


def of_round(out: Path) -> list[Score]:
    """Return what was last found of the privacy of a round, or why nothing was.

    Raises:
        InputError: `<out>/privacy/privacy.json` does not follow the schema.
    """
    path = out / PRIVACY_FILE
    if not path.exists():
        attack = _ATTACK.format(rate="1 %")
        return [
            Score(name="membership_tpr_at_1pct_fpr", definition=attack, not_measured=_NO_RUN),
            Score(name="epsilon", definition=_BLEND, not_measured="a blend that holds real pixels is under no ε"),
        ]
    return read_file(path, made_by="rareblend eval privacy")


def _attack(found: losses.Losses | str, condition: str, pictures: Mapping[str, int], label: str | None) -> list[Score]:
    rows = []
    for name, rate in membership.RATES.items():
        told = found if isinstance(found, str) else _rate(found, rate)
        row = partial(
            Score,
            name=f"membership_tpr_at_{name}_fpr",
            condition=condition,
            definition=_ATTACK.format(rate=f"{100 * rate:g} %"),
            encoder=label,
            source=_RMIA,
        )
        if isinstance(told, str):
            rows.append(row(not_measured=told, n=pictures))
            continue
        assert not isinstance(found, str)
        n = {"members": told.members, "non_members": told.non_members}
        inside, outside = (float(found.loss[side].mean()) for side in (found.member, ~found.member))
        note = (
            f"mean loss {inside:.2f} of members, {outside:.2f} of others; pictures of a take are no independent cases"
        )
        null = _null(found, rate)
        rows.append(row(value=told.value, interval=told.interval, n=n, null=null, better="lower", note=note))
    return rows


def _null(found: losses.Losses, rate: float) -> Null | None:
    rates = np.array(membership.null_rates(found, rate))
    return Null(value=float(rates.mean()), interval=resample.middle(rates)) if len(rates) > 1 else None


def _rate(found: losses.Losses, rate: float) -> membership.Rate | str:
    return membership.rate_at(membership.likelihood_ratios(found), found.member, rate)


def _audit(found: canary.Audit | str, pictures: Mapping[str, int], label: str) -> Score:
    row = partial(Score, name="canary_epsilon_lower_bound", definition=_CANARY, encoder=label, source=_ONE_RUN)
    if isinstance(found, str):
        return row(not_measured=found, n=pictures)
    most = f"with {found.count} canaries no more than {found.ceiling:.1f} can be shown"
    note = f"{found.right} of {found.guesses} guesses right; {most}"
    return row(value=found.epsilon, n={"canaries": found.count}, better="lower", note=note)
