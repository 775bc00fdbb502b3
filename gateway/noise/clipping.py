"""Which bound loses least, read off a noisy histogram of owners. Pure; post-processing, so free.

Symbols: N(u) is the size of owner u (a norm of its row counts, say), h(k) the noisy number of
owners in bucket k, which holds 2^((k-1)/2) < N ≤ 2^(k/2). A bound of C costs each owner beyond it
N(u) - C, and each number the noise of C. With θ the noise that one unit of C brings, in all,

    loss(C) = Σ max(0, N(u) - C) + θ·C

is convex in C and least where about θ owners lie beyond C.

The far tail holds few owners, far fewer than the noise of a bucket, yet it decides. So what is
certain is taken as it is, and the rest is extrapolated: the last bucket s that noise alone would
hardly reach is found, and beyond it the counts go on falling as they fall around it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gateway.noise.tails import least_reaching
from gateway.privacy.plan import Mechanism

BUCKETS = 64
"""Half powers of two: sizes up to 2³¹, and all beyond in the last."""

_FALSE_ALARM = 1e-5
"""The probability, over all buckets, that noise alone makes one look inhabited."""
_WINDOW = 3
"""Over how many buckets the fall of the tail is measured."""
_LEAST_FALL = 0.6
"""The tail's counts fall at least by this factor per bucket, or the mean would have no end: below
2^(-1/2), with room for the noise of what is measured."""


def edge(bucket: int) -> float:
    """The largest size that a bucket holds."""
    return math.pow(2.0, bucket / 2)


def least_loss(counts: Sequence[int], mechanism: Mechanism, theta: float, most: int) -> int:
    """The bucket k, at most `most`, whose edge as the bound C has the least expected loss.

    `counts` are h(0), h(1), … with the noise of `mechanism`; `theta` is θ. 0 where nothing stands
    out of the noise: then the numbers do not either, and the least noise is best.
    Tests: tests/estimates/test_clipping.py.
    """
    expected = tail(counts, mechanism)
    best, least = 0, math.inf
    for candidate in range(min(most, len(counts) - 1) + 1):
        bound = edge(candidate)
        lost = sum(
            owners * max(0.0, _middle(bucket) - bound)
            for bucket, owners in enumerate(expected)
            if bucket > candidate
        )
        if lost + theta * bound < least:
            best, least = candidate, lost + theta * bound
    return best


def tail(counts: Sequence[int], mechanism: Mechanism) -> list[float]:
    """The owners expected in each bucket, from noisy counts."""
    sure = least_reaching(mechanism, math.log(_FALSE_ALARM / len(counts)))
    inhabited = [bucket for bucket, count in enumerate(counts) if count >= sure]
    expected = [0.0] * len(counts)
    if not inhabited:
        return expected
    last = inhabited[-1]
    expected[: last + 1] = [float(max(0, count)) for count in counts[: last + 1]]
    before = sum(counts[last : last + _WINDOW])
    after = sum(counts[last + 1 : last + 1 + _WINDOW])
    fall = min(_LEAST_FALL, max(0, after) / before) if before > 0 else 0.0
    owners = expected[last]
    for bucket in range(last + 1, len(counts)):
        owners *= fall
        if owners < 0.5:
            break
        expected[bucket] = owners
    return expected


def _middle(bucket: int) -> float:
    """The size that stands for the owners of a bucket: the geometric middle of its ends."""
    return 1.0 if bucket == 0 else math.pow(2.0, (bucket - 0.5) / 2)
