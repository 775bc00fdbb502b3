"""The laws that the noise claims, written down a second time, apart from the product's code."""

from __future__ import annotations

import numpy as np
from scipy import stats

from gateway.noise.sample import OpenDPEntropy
from gateway.privacy.plan import Mechanism, Noise

FALSE_ALARM = 1e-7
"""The nominal level of each statistical test; approximations may cost a factor of ten."""

SUMMED_UP_TO = 300.0
QUANTILES = np.concatenate([[0.002, 0.01], np.arange(1, 40) / 40, [0.99, 0.998]])


def mechanism(noise: Noise, scale: float) -> Mechanism:
    return Mechanism(noise=noise, scale=scale)


def draw(law: Mechanism, count: int) -> np.ndarray:
    """Draws as floats, exact below 2**53."""
    return np.array(OpenDPEntropy().draw(law, count), dtype=float)


def pmf(law: Mechanism) -> tuple[np.ndarray, np.ndarray]:
    """All integers that matter, and their probabilities, by plain summation. For small scales."""
    assert law.scale <= SUMMED_UP_TO
    values = np.arange(-int(60 * law.scale) - 60, int(60 * law.scale) + 61)
    if law.noise is Noise.DISCRETE_LAPLACE:
        weights = np.exp(-np.abs(values) / law.scale)
    else:
        weights = np.exp(-((values / law.scale) ** 2) / 2)
    return values, weights / weights.sum()


def below(law: Mechanism, edges: np.ndarray) -> np.ndarray:
    """P(Z < edge); for large scales that of the continuous law at edge - ½, off by 1/scale²."""
    if law.scale <= SUMMED_UP_TO:
        values, weights = pmf(law)
        return np.array([weights[values < edge].sum() for edge in edges])
    continuous = stats.laplace if law.noise is Noise.DISCRETE_LAPLACE else stats.norm
    return continuous.cdf((edges - 0.5) / law.scale)


def variance(law: Mechanism) -> float:
    if law.scale <= SUMMED_UP_TO:
        values, weights = pmf(law)
        return float((values**2 * weights).sum())
    return law.scale**2 * (2 if law.noise is Noise.DISCRETE_LAPLACE else 1)


def fit(draws: np.ndarray, law: Mechanism) -> float:
    """The p-value of the chi-square test of draws against a law."""
    continuous = stats.laplace if law.noise is Noise.DISCRETE_LAPLACE else stats.norm
    edges = np.unique(np.ceil(continuous.ppf(QUANTILES) * law.scale))
    parts = np.diff(np.concatenate([[0.0], below(law, edges), [1.0]]))
    edges, expected = _merged(edges, parts * len(draws))
    bins = np.searchsorted(edges, draws, side="right")
    observed = np.bincount(bins, minlength=len(expected))
    statistic = ((observed - expected) ** 2 / expected).sum()
    return float(stats.chi2.sf(statistic, len(expected) - 1))


def _merged(edges: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbouring bins joined until each expects 40 draws."""
    kept: list[float] = []
    sizes: list[float] = []
    gathered = 0.0
    for upper, size in zip([*edges, np.inf], expected, strict=True):
        gathered += size
        if gathered >= 40:
            kept.append(upper)
            sizes.append(gathered)
            gathered = 0.0
    assert len(sizes) >= 2
    sizes[-1] += gathered
    return np.array(kept[:-1]), np.array(sizes)
