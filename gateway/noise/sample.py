"""Exact integer noise from OpenDP's samplers, and OpenDP's own word on what it costs.

The measurements are OpenDP's `make_laplace` and `make_gaussian` over vectors of 64-bit integers.
They take the scale as the exact rational number that the float is, sample with exact integer
arithmetic from the system's entropy (Canonne, Kamath, Steinke 2020, section 5), add, and cast back
to 64 bits, saturating.

The gateway asks for noise on zeros and adds the draws to integers of any size itself. x + (0 + Z)
and x + Z are the same random variable, so OpenDP's privacy map holds for the sum, as long as no
draw reached the ends of 64 bits, where saturation sets in. `LARGEST_SCALE` makes that impossible
in practice: P(|Z| ≥ 2⁶³) < 2⁻¹⁴⁷⁰ for a discrete Laplace of scale 2⁵³ and far less for the
Gaussian. If it happens all the same the release is refused: the event depends on no data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

from opendp.core import measurement_invoke, measurement_map
from opendp.domains import atom_domain, vector_domain
from opendp.measurements import make_gaussian, make_laplace
from opendp.metrics import l1_distance, l2_distance
from opendp.mod import enable_features

from gateway.errors import Code, Refusal
from gateway.noise.rounding import float_up
from gateway.privacy.plan import Mechanism, Noise, Norm, Sensitivity

if TYPE_CHECKING:
    from opendp.mod import Measurement

enable_features("contrib")

LARGEST_SCALE = 2.0**53
"""The largest scale that is sampled, in the integers of a release's statement."""

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


def measurement(mechanism: Mechanism) -> Measurement:
    """OpenDP's measurement for a mechanism; distances are floats, ε for Laplace, ρ for Gaussian.

    Raises ValueError for a scale that is not positive, or above `LARGEST_SCALE`.
    """
    if not 0 < mechanism.scale <= LARGEST_SCALE:
        raise ValueError("the scale of a mechanism must be positive and at most 2**53")
    domain = vector_domain(atom_domain(T="i64"))
    if mechanism.noise is Noise.DISCRETE_LAPLACE:
        return make_laplace(domain, l1_distance(T="f64"), scale=mechanism.scale)
    return make_gaussian(domain, l2_distance(T="f64"), scale=mechanism.scale)


_Kept = Callable[[Mechanism], "Measurement"]

_KEPT: ContextVar[_Kept] = ContextVar("measurements")


def _own(mechanism: Mechanism) -> Measurement:
    """A measurement of this thread's own: it keeps those that it used last.

    They are few, as each takes 7 KB and a server has some dozens of threads. Building one takes as
    long as ten draws do. A thread of a pool has a context of its own, and what is kept here in it.
    """
    kept = _KEPT.get(None)
    if kept is None:
        kept = lru_cache(maxsize=8)(measurement)
        _KEPT.set(kept)
    return kept(mechanism)


@lru_cache(maxsize=1024)
def privacy_map(mechanism: Mechanism, sensitivity: Sensitivity) -> float:
    """What OpenDP says that one measure costs: ε for Laplace, ρ for Gaussian, rounded up.

    A sensitivity that is no float is rounded up to one before OpenDP sees it, and OpenDP's map is
    increasing, so the answer is never below the cost. An L1 bound serves as an L2 bound, since
    ‖v‖₂ ≤ ‖v‖₁; the reverse is refused with ValueError.
    """
    if mechanism.noise is Noise.DISCRETE_LAPLACE and sensitivity.norm is not Norm.L1:
        raise ValueError("Laplace noise needs a sensitivity in the L1 norm")
    # the function itself, as the method of the same name has no types
    return float(measurement_map(_own(mechanism), float_up(sensitivity.value)))


class OpenDPEntropy:
    """The `Entropy` of production. It holds no state, so threads may share one."""

    def draw(self, mechanism: Mechanism, count: int) -> Sequence[int]:
        """`count` independent draws of a mechanism's integer noise.

        Raises ValueError for a negative count or a scale out of range, `OpenDPException` when the
        system has no entropy.
        """
        if count < 0:
            raise ValueError("a count of draws is never negative")
        return unsaturated(measurement_invoke(_own(mechanism), [0] * count))


def unsaturated(draws: list[int]) -> list[int]:
    """The same draws; `Refusal(INTERNAL)` if one lies at the ends of 64 bits."""
    if draws and (min(draws) == _LOWEST or max(draws) == _HIGHEST):
        raise Refusal(
            Code.INTERNAL,
            "The noise left the range of 64-bit integers, so nothing was released.",
            "Report this: it has no chance of happening while the sampler works.",
        )
    return draws
