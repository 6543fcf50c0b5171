"""How long to wait before the next try. Seats that lost their server together must not come back together."""

from __future__ import annotations

from random import Random

SHORTEST = 0.5
LONGEST = 30.0
SPREAD = 10.0
"""Seconds over which seats come back after an outage."""
OUTAGE = 20.0
"""Being cut off for so many seconds was an outage, not a hiccup."""


class Backoff:
    """Full jitter between half a second and half a minute, growing with each try that failed."""

    def __init__(self, random: Random) -> None:
        """Nothing has failed yet."""
        self._random = random
        self.failures = 0

    def failed(self, asked: float = 0.0) -> float:
        """Seconds to wait after another failure; never fewer than the server asked for."""
        top = min(LONGEST, SHORTEST * 2 ** min(self.failures + 1, 10))
        self.failures += 1
        return max(asked, self._random.uniform(SHORTEST, top))

    def worked(self) -> None:
        """It worked: the next failure waits as little as the first."""
        self.failures = 0

    def spread(self, cut_off: float) -> float:
        """Seconds to wait when the link is back after `cut_off` seconds."""
        return self._random.uniform(0.0, SPREAD) if cut_off >= OUTAGE else 0.0
