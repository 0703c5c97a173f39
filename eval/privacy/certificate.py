"""A certificate: what a privacy run has shown, what it has not, and what may not be claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from eval.privacy.audit import Findings, PrivacySettings

_NEVER = (
    "An attack that fails shows that this attack fails, and not that none succeeds.",
    "A guarantee protects one picture. Somebody who is in many pictures of a take is protected less.",
    "How pictures were drawn and near-duplicates left out is not covered, and their number is taken as public.",
    "The attacks' own figures are computed from the real pictures without noise and are not charged to the ledger.",
    "Noise is drawn in floating point by Opacus without its secure mode; who sees its last bits is not covered.",
)


def content(found: Findings, settings: PrivacySettings) -> dict[str, Any]:
    """Return the certificate as data: lists of sentences, and the mechanisms behind them."""
    return {
        "shown": _shown(found, settings),
        "not_shown": [*_open(found), *_NEVER],
        "refused": [f"Any ε for the blend itself: {found.real_pixels}."],
        "pictures": found.pictures,
        "mechanism": None if found.head.mechanism is None else asdict(found.head.mechanism),
        "statistics": [asdict(table) for table in found.released],
    }


def markdown(name: str, told: dict[str, Any], lines: Sequence[str]) -> str:
    """Return the certificate for people."""
    parts = [f"# Privacy of the real pictures in {name}", "", "## Measured", "", *_bullets(lines)]
    for heading, key in {"Shown": "shown", "Not shown": "not_shown", "Refused": "refused"}.items():
        parts += ["", f"## {heading}", "", *_bullets(told[key])]
    for table in told["statistics"]:
        parts += ["", f"## {table['name'].replace('_', ' ').capitalize()}, with noise", ""]
        parts += [f"ε = {table['epsilon']:.3g}; 95 % of counts are off by at most {table['error']}.", ""]
        parts += ["| | count |", "|---|---|", *(f"| {row} | {count} |" for row, count in table["counts"].items())]
    return "\n".join([*parts, ""])


def _shown(found: Findings, settings: PrivacySettings) -> list[str]:
    told = []
    noise, chosen = found.head.mechanism, settings.training
    if noise is not None:
        told.append(
            f"The head's weights in head.npz are (ε = {chosen.epsilon:g}, δ = {chosen.delta:g})-private for one picture"
            f" more or less: DP-SGD, {noise.steps} steps, sampling rate {noise.sampling_rate:g}, noise multiplier"
            f" {noise.noise_multiplier:.4g}, clipping norm {chosen.clip:g}."
        )
    if found.released:
        total = sum(table.epsilon for table in found.released)
        told.append(
            f"The tables in statistics.json are ε = {total:.4g} private together for one picture more or less:"
            f" discrete Laplace noise, at most {settings.release.max_boxes} boxes of a picture counted."
        )
    if found.spent is not None:
        budget = settings.ledger
        told.append(
            f"All releases in the ledger together have spent ε = {found.spent:.3g} at δ = {budget.delta:g}, of a budget"
            f" of {budget.epsilon:g}."
        )
    audited, asked = found.head.audited, settings.canary
    if not isinstance(audited, str) and audited.epsilon > 0:
        told.append(
            f"The head's training is not (ε, {asked.delta:g})-private for any ε below {audited.epsilon:.2f}, at"
            f" {100 * asked.confidence:g} % confidence."
        )
        if noise is not None and chosen.epsilon is not None and audited.epsilon > chosen.epsilon:
            told.append(f"THE AUDIT REFUTES THE GUARANTEE of ε = {chosen.epsilon:g}: do not give the head out.")
    return told or ["Nothing: no training and no release was made with noise."]


def _open(found: Findings) -> list[str]:
    told = []
    if isinstance(found.head.attacked, str):
        told.append(f"Whether a head tells which pictures it was trained on: {found.head.attacked}.")
    if isinstance(found.detector, str):
        told.append(f"Whether a detector tells which pictures it was trained on: {found.detector}.")
    if found.detector is None:
        told.append("What a detector tells: train and attack one with privacy.membership.detector_steps=500.")
    if found.given is None:
        told.append("Your own model: give its losses with privacy.membership.losses=FILE.")
    if found.head.mechanism is None:
        told.append(
            "Any guarantee for the head: it was trained without noise. privacy=private_head trains it with noise."
        )
    return told


def _bullets(sentences: Sequence[str]) -> list[str]:
    return [f"- {sentence}" for sentence in sentences]
