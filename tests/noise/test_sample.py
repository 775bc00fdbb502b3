"""The edge to OpenDP: counts, types and the ends of 64 bits. Laws are in tests/distribution."""

from __future__ import annotations

import pytest

from gateway.edges import Entropy
from gateway.errors import Code, Refusal
from gateway.noise.sample import LARGEST_SCALE, OpenDPEntropy, unsaturated
from gateway.noise.tails import log_tail
from gateway.privacy.plan import Mechanism, Noise

entropy: Entropy = OpenDPEntropy()


@pytest.mark.parametrize("noise", Noise)
@pytest.mark.parametrize("count", [0, 1, 1000])
def test_as_many_integers_as_asked(noise: Noise, count: int) -> None:
    draws = entropy.draw(Mechanism(noise=noise, scale=5.0), count)
    assert len(draws) == count
    assert all(type(value) is int for value in draws)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        entropy.draw(Mechanism(noise=Noise.DISCRETE_LAPLACE, scale=5.0), -1)


def test_tiny_noise_is_zero() -> None:
    """False alarms: exp(-1000)."""
    assert set(entropy.draw(Mechanism(noise=Noise.DISCRETE_LAPLACE, scale=1e-3), 100)) == {0}


@pytest.mark.parametrize("noise", Noise)
def test_saturation_is_out_of_reach(noise: Noise) -> None:
    """As the module claims: below 2⁻¹⁴⁷⁰ at the largest scale."""
    assert log_tail(Mechanism(noise=noise, scale=LARGEST_SCALE), 2**63 - 1) < -1470 * 0.6931


@pytest.mark.parametrize("end", [-(2**63), 2**63 - 1])
def test_a_saturated_draw_releases_nothing(end: int) -> None:
    with pytest.raises(Refusal) as refused:
        unsaturated([0, end, 5])
    assert refused.value.code is Code.INTERNAL
    assert unsaturated([0, end - (1 if end > 0 else -1), 5])[2] == 5
