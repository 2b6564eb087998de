"""The time, from one place, always aware and in UTC."""

from datetime import UTC, date, datetime

# No meeting is held outside these years, and every calendar can count a few days on from them.
FIRST_YEAR, LAST_YEAR = 1900, 2200


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """Give a moment read from a store that keeps no zone (SQLite) its UTC zone back."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def is_in_reach(day: date) -> bool:
    """Whether a day can be one of a meeting's: what is computed from it must not fall out of the calendar."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
