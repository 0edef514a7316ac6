"""How long visitors wait until their connection is encrypted."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import pause
from readiness.targets.target import Target
from readiness.targets.wire import Handshake

PROTOCOLS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
OF_EACH = 20
PACE = 0.05


@dataclass(frozen=True, kw_only=True)
class Handshakes(Observation):
    """Full handshakes, one after the other. Examined: handshakes."""

    shakes: tuple[Handshake, ...]

    @property
    def slowest_but_few(self) -> float:
        """The time in seconds within which 95 of 100 handshakes are done."""
        ordered = sorted(each.seconds for each in self.shakes)
        return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def shake_hands(target: Target) -> Handshakes:
    """Shake hands with the door, by each protocol of today. CannotLook when a handshake fails."""
    shakes = []
    for protocol in PROTOCOLS:
        for _ in range(OF_EACH):
            shakes.append(target.wire.shake(protocol))
            pause(PACE)
    failed = {each.error for each in shakes if each.error}
    if failed:
        raise CannotLook(f"not every handshake came about: {'; '.join(sorted(failed))}")
    return Handshakes(examined=len(shakes), shakes=tuple(shakes))
