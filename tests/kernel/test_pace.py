"""Buckets let through what people do, and no more than their rate of what does not stop."""

from hypothesis import given
from hypothesis import strategies as st

from sigforum.kernel.pace import MOST_KEPT, Pace


def test_burst_passes_and_then_the_rate() -> None:
    pace = Pace(rate=2, burst=5)
    assert [pace.take("ben", now=10.0) for _ in range(5)] == [0.0] * 5
    assert pace.take("ben", now=10.0) == 0.5
    assert pace.take("cyn", now=10.0) == 0.0, "nobody pays for somebody else"
    assert pace.take("ben", now=10.5) == 0.0


@given(st.lists(st.floats(0, 3), max_size=200))
def test_never_more_than_burst_and_rate_allow(gaps: list[float]) -> None:
    pace, now, taken = Pace(rate=3, burst=4), 100.0, 0
    for gap in gaps:
        now += gap
        taken += pace.take("ben", now=now) == 0.0
    assert taken <= 4 + 3 * (now - 100.0) + 1e-6


def test_who_waits_as_long_as_told_is_let_through() -> None:
    pace, now = Pace(rate=0.7, burst=3), 0.0
    for _ in range(50):
        now += pace.take("ben", now=now)
        assert pace.take("ben", now=now + 1e-6) == 0.0 or pace.take("ben", now=now + 2) == 0.0
        now += 2


def test_full_buckets_are_forgotten() -> None:
    pace = Pace(rate=1, burst=1)
    for person in range(3 * MOST_KEPT):
        pace.take(person, now=float(person))
    assert len(pace._full_at) <= MOST_KEPT


def test_debt_is_paid_by_waiting() -> None:
    pace = Pace(rate=10, burst=10)
    assert pace.owe("ben", now=0.0, cost=10) == 0.0
    assert pace.owe("ben", now=0.0, cost=5) == 0.5
    assert pace.owe("ben", now=0.0, cost=5) == 1.0
    assert pace.owe("ben", now=1.0, cost=1) > 0.0
