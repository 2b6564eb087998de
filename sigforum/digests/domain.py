"""What a digest is: how often somebody wants one, when it is due, and what it tells; plain values."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Pace(StrEnum):
    """How often somebody wants mail about what is new in a meeting."""

    NEVER = "never"
    DAILY = "daily"
    AT_ONCE = "at_once"


DEFAULT_PACE = Pace.DAILY
# When daily mails go out where no organizer has chosen, by the meeting's own clock.
DEFAULT_HOUR = 7
# "At once" waits so long after the first news, so that ten responses are one mail; and so long after each mail.
GATHERED_FOR = timedelta(minutes=5)
APART = timedelta(minutes=15)
# A mailbox that refused a mail for good is left alone for so long: who goes on knocking is taken for a spammer.
REFUSED_FOR = timedelta(days=7)
# A long mail is not read: beyond these a session's responses are counted, and an excerpt is cut.
MOST_SAID = 6
EXCERPT_WORDS = 40


def last_daily_moment(at: datetime, *, hour: int, zone: str) -> datetime:
    """The newest moment, not after `at`, at which daily mails were due. Without a zone it is UTC's hour."""
    place = ZoneInfo(zone or "UTC")
    today = at.astimezone(place).date()
    moment = datetime.combine(today, time(hour), tzinfo=place)
    if moment > at:
        # By the calendar and not by 24 hours: clocks are put back and forward.
        moment = datetime.combine(today - timedelta(days=1), time(hour), tzinfo=place)
    return moment.astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody a digest is for, and the stretch of the meeting's log that it is about: after one entry, up to
    another."""

    person_id: int
    after: int
    up_to: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """A response or reply; `who` is all that the session's rule lets a reader know of its author."""

    response_id: int
    who: str
    text: str
    is_reply: bool = False


@dataclass(frozen=True, kw_only=True)
class PollNews:
    """A poll that was opened, revealed or decided; never what came out of it."""

    poll_id: int
    title: str
    state: str
    # Whether it waits for the reader's own vote.
    is_waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class SummaryNews:
    """That a summary can be reviewed, or was published."""

    state: str
    # Whether it is for the reader to review.
    is_waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class SessionNews:
    """What is new in one forum session for one reader."""

    code: str
    title: str
    # Whether the reader has not acknowledged the session's rules yet: then the mail counts and repeats no words.
    is_gated: bool = False
    to_me: tuple[Said, ...] = ()
    said: tuple[Said, ...] = ()
    polls: tuple[PollNews, ...] = ()
    summary: SummaryNews | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.to_me or self.said or self.polls or self.summary)


@dataclass(frozen=True, kw_only=True)
class Digest:
    """All that one mail tells."""

    meeting_title: str
    slug: str
    forum_sessions: tuple[SessionNews, ...]

    @property
    def replies(self) -> int:
        """How many replies to the reader there are."""
        return sum(len(one.to_me) for one in self.forum_sessions)

    @property
    def responses(self) -> int:
        """How many other responses and replies there are."""
        return sum(len(one.said) for one in self.forum_sessions)

    @property
    def waiting_polls(self) -> int:
        """How many polls wait for the reader's vote."""
        return sum(poll.is_waiting for one in self.forum_sessions for poll in one.polls)

    @property
    def other_polls(self) -> int:
        """How many other polls were opened, revealed or decided."""
        return sum(not poll.is_waiting for one in self.forum_sessions for poll in one.polls)

    @property
    def summaries(self) -> int:
        """How many summaries have something new."""
        return sum(one.summary is not None for one in self.forum_sessions)
