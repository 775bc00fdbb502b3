"""Redrawing the known noise around released values, for the intervals of derived numbers.

The released values are safe to show, and the noise's distribution is public, so this is
post-processing: it costs nothing and need not be exact. The draws are reproducible: the same
released numbers always get the same intervals.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from gateway.privacy.plan import Mechanism, Noise, Release

DRAWS = 400
"""How many times the noise is redrawn: the 95% quantile is then itself known within about 1%."""


def redrawn(release: Release, column: int, count: int, draws: int) -> NDArray[np.float64]:
    """Rounded noise of one measure, of shape (draws, count), in the integers of the statement."""
    mechanism = release.measures[column].mechanism
    seed = hashlib.sha256(f"{release.fingerprint} {column}".encode()).digest()
    generator = np.random.default_rng(int.from_bytes(seed[:8], "big"))
    return np.rint(_draw(mechanism, generator, (draws, count)))


def _draw(
    mechanism: Mechanism, generator: np.random.Generator, shape: tuple[int, int]
) -> NDArray[np.float64]:
    if mechanism.noise is Noise.DISCRETE_GAUSSIAN:
        return generator.normal(0.0, mechanism.scale, shape)
    return generator.laplace(0.0, mechanism.scale, shape)
