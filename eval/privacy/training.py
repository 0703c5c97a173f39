"""Training of the head with differential privacy: DP-SGD by Opacus, its ε by privacy loss distributions.

Source: Abadi et al. 2016, arXiv 1607.00133. One picture is what is protected: neighbours differ by one picture.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import torch
from pydantic import ConfigDict

from eval.privacy.accounting import SampledGaussian, noise_for
from eval.resample import Floats
from scenes.errors import InputError, MissingPieceError


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """How the head is trained with privacy.

    Args:
        epsilon: what the training may cost; null trains without privacy.
        delta: chance of a breach, (0, 1).
        steps: of gradient descent.
        sampling_rate: chance of a picture to be in a step, (0, 1].
        clip: largest norm of a picture's gradient.
        rate: learning rate.
    """

    epsilon: float | None = None
    delta: float = 1e-5
    steps: int = 100
    sampling_rate: float = 0.25
    clip: float = 1.0
    rate: float = 0.2
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        for key in ("epsilon", "clip", "rate"):
            if (value := getattr(self, key)) is not None and not value > 0:
                raise InputError(f"privacy.training.{key}", "must be above 0", got=value)
        if not 0 < self.delta < 1:
            raise InputError("privacy.training.delta", "must lie in (0, 1)", got=self.delta)
        if not 0 < self.sampling_rate <= 1:
            raise InputError("privacy.training.sampling_rate", "must lie in (0, 1]", got=self.sampling_rate)
        if self.steps < 1:
            raise InputError("privacy.training.steps", "must be at least 1", got=self.steps)

    def mechanism(self) -> SampledGaussian:
        """Return the noise that keeps the training within its ε.

        Raises:
            InputError: no ε is set, or no noise reaches it.
            MissingPieceError: Opacus is not installed.
        """
        _opacus("grad_sample")
        if self.epsilon is None:
            raise InputError("privacy.training.epsilon", "must be set to train with privacy")
        noise = noise_for(self.epsilon, self.delta, sampling_rate=self.sampling_rate, steps=self.steps)
        return SampledGaussian(noise_multiplier=noise, sampling_rate=self.sampling_rate, steps=self.steps)


def fit_privately(x: Floats, y: Floats, settings: TrainingSettings, mechanism: SampledGaussian) -> Floats:
    """Train with DP-SGD and return weights, (d, c).

    Which pictures a step takes and the noise are drawn from the system's entropy and never from the run's seed: noise
    that can be drawn again protects nothing. So two trainings differ. The number of pictures is taken as public.

    Args:
        x: (n, d).
        y: (n, c) of 0 and 1.
        settings: of the training.
        mechanism: its noise, sampling rate and steps.

    Raises:
        MissingPieceError: Opacus is not installed.
    """
    grad_sample, optimizers = _opacus("grad_sample"), _opacus("optimizers")
    chance = torch.Generator().manual_seed(secrets.randbits(63))
    inputs, labels = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    layer = torch.nn.Linear(x.shape[1], y.shape[1], bias=False)
    torch.nn.init.zeros_(layer.weight)
    model = grad_sample.GradSampleModule(layer, loss_reduction="sum")
    expected = mechanism.sampling_rate * len(x)
    optimizer = optimizers.DPOptimizer(
        torch.optim.SGD(model.parameters(), lr=settings.rate / expected),
        noise_multiplier=mechanism.noise_multiplier,
        max_grad_norm=settings.clip,
        expected_batch_size=max(1, round(expected)),
        loss_reduction="sum",
        generator=chance,
    )
    for _ in range(mechanism.steps):
        taken = torch.rand(len(x), generator=chance) < mechanism.sampling_rate
        optimizer.zero_grad()
        logits = model(inputs[taken].requires_grad_())  # Opacus' hooks look for a gradient of the input
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels[taken], reduction="sum")
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return np.asarray(layer.weight.detach().numpy().T, dtype=np.float64)


def _opacus(part: str) -> Any:
    try:
        return import_module(f"opacus.{part}")
    except ModuleNotFoundError as missing:
        raise MissingPieceError(
            "opacus", "the head is trained with privacy", "pip install 'rareblend[privacy]'"
        ) from missing
