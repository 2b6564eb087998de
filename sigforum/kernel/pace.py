"""How fast somebody may do something: a bucket that fills at a steady rate, from which each act takes a part."""

from collections.abc import Hashable
from dataclasses import dataclass, field

# Past this many, buckets that are full again are forgotten: they say nothing.
MOST_KEPT = 5_000


@dataclass
class Pace:
    """`burst` acts at once, and `rate` a second from then on, for each key. Moments are seconds of any steady clock."""

    rate: float
    burst: float
    _full_at: dict[Hashable, float] = field(default_factory=dict)

    def take(self, key: Hashable, *, now: float, cost: float = 1.0) -> float:
        """Take an act out of a bucket. 0 where there was enough; else nothing is taken, and the answer is the seconds
        after which there will be. An act that costs more than a whole bucket takes all of it."""
        seconds, cost = self.burst / self.rate, min(cost, self.burst)
        full_at = max(self._full_at.get(key, now), now) + cost / self.rate
        if full_at - now > seconds + 1e-9:
            return full_at - now - seconds
        if len(self._full_at) >= MOST_KEPT:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}
        self._full_at[key] = full_at
        return 0.0

    def owe(self, key: Hashable, *, now: float, cost: float = 1.0) -> float:
        """The same for what has been done already: it is taken in any case, and the answer is how long to pause."""
        if wait := self.take(key, now=now, cost=cost):
            self._full_at[key] = now + wait + self.burst / self.rate
        return wait
