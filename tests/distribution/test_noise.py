"""The noise follows the law that answers claim, as OpenDP draws it.

False alarms: 10⁻⁷ nominal for each case, by the chi-square law or at six and a half standard
deviations; below 10⁻⁵ for the file.
"""

from __future__ import annotations

import threading

import numpy as np
import pytest

from gateway.noise.sample import OpenDPEntropy
from gateway.privacy.plan import Mechanism, Noise
from tests.distribution.law import FALSE_ALARM, draw, fit, mechanism, variance

DRAWS = 30_000
SCALES = (0.6, 1.0, 3.7, 41.0, 1e6, 1e12)
DEVIATIONS = 6.5

Sampled = tuple[Mechanism, np.ndarray]


@pytest.fixture(scope="module", params=[(n, s) for n in Noise for s in SCALES], ids=str)
def sampled(request: pytest.FixtureRequest) -> Sampled:
    noise, scale = request.param
    law = mechanism(noise, scale)
    return law, draw(law, DRAWS)


def test_the_draws_follow_the_claimed_law(sampled: Sampled) -> None:
    law, draws = sampled
    assert fit(draws, law) > FALSE_ALARM


def test_other_noise_is_caught(sampled: Sampled) -> None:
    """Half or 1.1 times the scale, noise without a sign, noise that is shifted or all zero."""
    law, draws = sampled
    assert fit(draw(mechanism(law.noise, law.scale / 2), DRAWS), law) < FALSE_ALARM
    assert fit(draw(mechanism(law.noise, law.scale * 1.1), DRAWS), law) < FALSE_ALARM
    assert fit(np.abs(draws), law) < FALSE_ALARM
    assert fit(draws + np.ceil(law.scale / 10), law) < FALSE_ALARM
    assert fit(draws * 0, law) < FALSE_ALARM


def test_the_two_kinds_are_told_apart(sampled: Sampled) -> None:
    """Noise of the other kind with the same variance is caught."""
    law, _ = sampled
    (other,) = set(Noise) - {law.noise}
    scale = law.scale * (2**0.5 if other is Noise.DISCRETE_GAUSSIAN else 2**-0.5)
    assert fit(draw(mechanism(other, scale), DRAWS), law) < FALSE_ALARM


def spread_off(draws: np.ndarray, expected: float) -> float:
    """How many standard errors the mean square lies from the variance, with kurtosis from data."""
    squares = draws**2
    return abs(float(squares.mean()) - expected) / (float(squares.std()) / len(draws) ** 0.5)


def test_the_variance_is_the_claimed_one(sampled: Sampled) -> None:
    law, draws = sampled
    assert spread_off(draws, variance(law)) < DEVIATIONS
    assert spread_off(draws, variance(law) / 1.3) > DEVIATIONS
    assert spread_off(draws, variance(law) * 1.3) > DEVIATIONS


def correlation(left: np.ndarray, right: np.ndarray) -> float:
    """Standard errors of the correlation of two equally long series from zero."""
    return abs(float(np.corrcoef(left, right)[0, 1])) * len(left) ** 0.5


def test_draws_are_independent(sampled: Sampled) -> None:
    """Of their neighbours in one vector, in value and in size; reused noise is caught."""
    _, draws = sampled
    assert correlation(draws[1:], draws[:-1]) < DEVIATIONS
    assert correlation(np.abs(draws[1:]), np.abs(draws[:-1])) < DEVIATIONS
    assert correlation(draws[::2].repeat(2)[1:], draws[::2].repeat(2)[:-1]) > DEVIATIONS


def test_threads_share_no_noise() -> None:
    """Eight threads, one entropy: no draw of 10⁻¹² chance comes twice. False alarms: 10⁻⁸."""
    entropy = OpenDPEntropy()
    law = mechanism(Noise.DISCRETE_GAUSSIAN, 2.0**52)
    vectors: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: vectors.append(list(entropy.draw(law, 1000))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    values = [value for vector in vectors for value in vector]
    assert len(values) == 8000
    assert len(set(values)) == 8000
