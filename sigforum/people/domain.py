"""Who somebody is in a meeting, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sigforum.kernel import text

# What somebody is told whose browser is not signed in any more.
SIGNED_OUT = "You are signed out. Open the page again to sign in."
# What somebody is told whom a card signed in, on other days than the meeting's.
CARD_OVER = ("A card signed this browser in, and a card opens its meeting on the meeting's days only. Sign in fully, "
             "with a link sent to your mailbox.")


class Role(StrEnum):
    """What a person is in a meeting."""

    ORGANIZER = "organizer"
    FACILITATOR = "facilitator"
    PARTICIPANT = "participant"
    OBSERVER = "observer"


class MembershipStatus(StrEnum):
    """How far an invitation has come. Accepting is done by signing in with its link, or on one's own page."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


# Who has no place in the meeting (any more).
GONE = frozenset({MembershipStatus.DECLINED, MembershipStatus.REVOKED})


# How the log and the table of sign-ins name what a card for the door opened.
BY_CARD = "card"


class MailKind(StrEnum):
    """The mails an organizer sends, each in words of the organizer's own."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    CHANGE = "change"


class MailState(StrEnum):
    """How far a mail has come. docs/inviting.md says what a crash does to each."""

    QUEUED = "queued"
    # A worker has it; the mail server has not got its last line, so it can safely be begun again.
    SENDING = "sending"
    # The last line may be out. Whoever finds a mail so after a crash cannot know whether it arrived.
    HANDED = "handed"
    SENT = "sent"
    UNSURE = "unsure"
    BOUNCED = "bounced"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


# The template of a mail with news of a meeting, whose text another feature writes.
DIGEST = "digest"


@dataclass(frozen=True, kw_only=True)
class MailParts:
    """What a higher feature puts into a mail of its own; `headers` are those beside who, whom and when."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


class Progress(StrEnum):
    """How far somebody's invitation has come, as the organizer reads it."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    UNSURE = "unsure"
    BOUNCED = "bounced"
    OPENED = "opened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    ERASED = "erased"


_BY_MAIL = {
    MailState.QUEUED: Progress.QUEUED, MailState.SENDING: Progress.QUEUED, MailState.HANDED: Progress.QUEUED,
    MailState.SENT: Progress.SENT, MailState.UNSURE: Progress.UNSURE, MailState.BOUNCED: Progress.BOUNCED,
    MailState.FAILED: Progress.BOUNCED, MailState.WITHDRAWN: Progress.DRAFT,
}


def invitation_progress(status: str, *, mail: str | None, is_opened: bool, is_erased: bool = False) -> Progress:
    """How far an invitation has come, from its answer and the state of its newest mail."""
    if is_erased:
        return Progress.ERASED
    answer = MembershipStatus(status)
    if answer is not MembershipStatus.INVITED:
        return Progress(answer.value)
    if is_opened:
        return Progress.OPENED
    return Progress.DRAFT if mail is None else _BY_MAIL[MailState(mail)]


class Audience(StrEnum):
    """The groups for which a live fragment is rendered; everyone in one group sees the same."""

    CHAIR = "chair"
    SPEAKER = "speaker"
    WATCHER = "watcher"
    # Asked for by the page on the wall: whoever opened it, the wall is told what a watcher is, and no names.
    PROJECTOR = "projector"


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A signed-in person in one meeting, read afresh for every request and every socket event.

    `assigned` holds ids of forum sessions: those a facilitator facilitates, or those a participant takes
    part in. Empty means all of them.
    """

    person_id: int
    name: str
    membership_id: int
    meeting_id: int
    role: Role
    assigned: frozenset[int] = frozenset()

    @property
    def is_organizer(self) -> bool:
        """Whether the person runs the whole meeting."""
        return self.role is Role.ORGANIZER

    def facilitates(self, forum_session_id: int) -> bool:
        """Whether the person chairs this forum session; organizers chair all."""
        return self.is_organizer or (self.role is Role.FACILITATOR and self._has(forum_session_id))

    def speaks_in(self, forum_session_id: int) -> bool:
        """Whether the person may post here: its participants, and those who chair it."""
        return self.facilitates(forum_session_id) or self.votes_in(forum_session_id)

    def votes_in(self, forum_session_id: int) -> bool:
        """Whether the person is entitled to vote here. Chairs and observers are not: they are neutral."""
        return self.role is Role.PARTICIPANT and self._has(forum_session_id)

    def audience(self, forum_session_id: int) -> Audience:
        """The group whose rendering of this forum session the person gets."""
        if self.facilitates(forum_session_id):
            return Audience.CHAIR
        return Audience.SPEAKER if self.speaks_in(forum_session_id) else Audience.WATCHER

    def _has(self, forum_session_id: int) -> bool:
        return not self.assigned or forum_session_id in self.assigned


_SEPARATORS = frozenset(',;:<>()[]\\"')


@dataclass(frozen=True, kw_only=True)
class Voter:
    """Somebody invited to vote in a forum session."""

    person_id: int
    stakeholder_group: str
    status: MembershipStatus

    @property
    def has_accepted(self) -> bool:
        """Whether the invitation was taken up; only then is the person entitled."""
        return self.status is MembershipStatus.ACCEPTED


class Outcome(StrEnum):
    """What became of an invitation. Nobody leaves the count of those ever invited: each is in one of these."""

    ACCEPTED = "accepted"
    # Accepted, and lost the place later; what they said and voted stays.
    REMOVED_LATER = "removed_later"
    ERASED_LATER = "erased_later"
    DECLINED = "declined"
    # Removed, or erased, before they answered.
    REMOVED = "removed"
    ERASED = "erased"
    UNANSWERED = "unanswered"


EVER_ACCEPTED = frozenset({Outcome.ACCEPTED, Outcome.REMOVED_LATER, Outcome.ERASED_LATER})


def invitation_outcome(status: str, *, accepted_at: datetime | None, declined_at: datetime | None,
                       erased_at: datetime | None) -> Outcome:
    """What became of an invitation, from what is kept of it."""
    if status != MembershipStatus.REVOKED:
        return {MembershipStatus.INVITED: Outcome.UNANSWERED, MembershipStatus.ACCEPTED: Outcome.ACCEPTED,
                MembershipStatus.DECLINED: Outcome.DECLINED}[MembershipStatus(status)]
    if accepted_at is not None:
        return Outcome.ERASED_LATER if erased_at is not None else Outcome.REMOVED_LATER
    if declined_at is not None:
        return Outcome.DECLINED
    return Outcome.ERASED if erased_at is not None else Outcome.REMOVED


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody who was ever invited to take part in a forum session, whatever became of it."""

    person_id: int
    stakeholder_group: str
    outcome: Outcome
    invited_on: date
    # When the place was taken away; None where it was not.
    left_at: datetime | None

    @property
    def has_accepted(self) -> bool:
        """Whether the invitation was ever taken up."""
        return self.outcome in EVER_ACCEPTED


@dataclass(frozen=True, kw_only=True)
class RosterEntry:
    """Somebody who takes part in a forum session or facilitates it."""

    person_id: int
    membership_id: int
    name: str
    role: Role
    stakeholder_group: str
    has_accepted: bool
    invited_on: date


@dataclass(frozen=True, kw_only=True)
class ShownPerson:
    """Somebody as one meeting shows them."""

    name: str
    affiliation: str


def normal_email(raw: str) -> str:
    """The form under which an address is stored and compared."""
    return text.address(raw)


def is_email(raw: str) -> bool:
    """Whether a mail could be sent there: one @, something on both sides, a dot behind, no blanks, no part empty.

    Signs that separate addresses are refused: `a,b@example.org` would be sent to two people.
    """
    address = normal_email(raw)
    local, at, host = address.rpartition("@")
    labels = host.split(".")
    return bool(at and "@" not in local and all(local.split(".")) and len(local) <= 64 and len(labels) > 1
                and all(label and len(label) <= 63 and label.strip("-") == label for label in labels)
                and not any(c.isspace() or ord(c) < 32 or c in _SEPARATORS for c in address)
                and len(address) <= 254)
