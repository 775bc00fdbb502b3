"""Noise that is none."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.privacy.plan import Mechanism


class Silence:
    """The protocol `gateway.edges.Entropy`, drawing zeros."""

    def draw(self, mechanism: Mechanism, count: int) -> Sequence[int]:
        """`count` zeros."""
        return [0] * count
