"""Tables of people: persons, memberships, sign-in links, sign-ins, and mail to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now
from sigforum.people.domain import MailState, MembershipStatus, Outcome, Role, Viewer, invitation_outcome
from sigforum.people.marks import person_mark


class Person(Model):
    """A human being with an address; one row, however many meetings."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    # When the person, or the operator, said this name. Until then it is what the first meeting's organizer wrote, and
    # each meeting shows what it wrote itself.
    named_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the person may make new meetings; given by the operator's command only.
    is_host: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # Set where the person's data was erased: the row keeps votes and texts counted, and nobody signs in as it.
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person")

    @property
    def mark(self) -> str:
        """What pages tell people apart by, instead of a number that says how old an account is."""
        return person_mark(self.id)

    @property
    def has_own_name(self) -> bool:
        """Whether the name is the person's own: said, or shown as theirs where they have been accepted for long."""
        return self.named_at is not None or any(
            place.status == MembershipStatus.ACCEPTED and place.name_here is None for place in self.memberships)

    @property
    def own_name(self) -> str:
        """The name on pages and in mails that belong to no meeting; the address where the person has none."""
        return self.name if self.has_own_name else self.email

    @property
    def own_affiliation(self) -> str:
        """The affiliation that goes with that name."""
        return self.affiliation if self.has_own_name else ""


class Membership(Model):
    """A person's place in a meeting."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    stakeholder_group: Mapped[str] = mapped_column(default="")
    # When the person was last put into another group: tables by group are not told across such a moment.
    regrouped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(default=MembershipStatus.INVITED)
    # What this meeting's organizer wrote; null where nobody wrote anything. The person's own name is another
    # meeting's until they accept, and this one is not the person's own until they say so.
    invited_name: Mapped[str | None]
    invited_affiliation: Mapped[str | None]
    # How this meeting shows somebody who has accepted, where that was corrected here; null is the person's own.
    name_here: Mapped[str | None]
    affiliation_here: Mapped[str | None]
    # The address that this meeting knows, where the person has another one by now and had not accepted, or had lost
    # the place, when it changed; null is the person's own.
    address_here: Mapped[str | None]
    # Names under which the person stood here before. What was published keeps them, and an erasure looks for them.
    earlier_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # When somebody moved about on the invitation's page; loading the page, as mail scanners do, leaves no trace.
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Since when the role, the sessions and the group are what they are; null is since the invitation. What they were
    # before is kept in `earlier_places`.
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="memberships", lazy="joined")
    # Named as text: the meeting belongs to a higher feature, which this one does not import.
    meeting: Mapped[Any] = relationship("Meeting")
    assignments: Mapped[list["Assignment"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", back_populates="membership")

    @property
    def shown_name(self) -> str:
        """The person's name as this meeting may know it."""
        if not self.is_known:
            return self.invited_name or ""
        return self.person.name if self.name_here is None else self.name_here

    @property
    def shown_affiliation(self) -> str:
        """The affiliation that goes with that name."""
        if not self.is_known:
            return self.invited_affiliation or ""
        return self.person.affiliation if self.affiliation_here is None else self.affiliation_here

    @property
    def shown_address(self) -> str:
        """The person's address as this meeting may know it: what it wrote to, until they take the place up."""
        return self.address_here or self.person.email

    @property
    def is_known(self) -> bool:
        """Whether the person has shown themselves to this meeting; until then it knows what its organizer wrote."""
        return bool(self.accepted_at) or self.status == MembershipStatus.ACCEPTED or self.invited_name is None

    @property
    def outcome(self) -> Outcome:
        """What became of the invitation."""
        return invitation_outcome(self.status, accepted_at=self.accepted_at, declined_at=self.declined_at,
                                  erased_at=self.person.erased_at)

    def end(self) -> None:
        """Take the place away. That its invitation was taken up once stays known, so that nobody leaves the counts of
        those who were invited and of those who accepted."""
        moment = now()
        if self.status == MembershipStatus.ACCEPTED and self.accepted_at is None:
            self.accepted_at = moment
        self.status, self.revoked_at = MembershipStatus.REVOKED, moment

    def viewer(self) -> Viewer:
        """The plain value that policies judge."""
        return Viewer(
            person_id=self.person_id, name=self.shown_name, membership_id=self.id,
            meeting_id=self.meeting_id, role=Role(self.role),
            assigned=frozenset(assignment.forum_session_id for assignment in self.assignments))


class Assignment(Model):
    """A forum session that a facilitator facilitates, or that a participant takes part in."""

    __tablename__ = "assignments"
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), primary_key=True)

    membership: Mapped[Membership] = relationship(back_populates="assignments")


class SignInLink(Model):
    """A link that signs in, kept as the hash of its token. Opening it changes nothing; its button signs in.

    `meeting_id` is the meeting that made it, and the only one it opens; null opens the account.
    """

    __tablename__ = "sign_in_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    is_single_use: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # A card for the door works from the meeting's first day on; null is at once.
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_for_door: Mapped[bool] = mapped_column(default=False)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined")


class SignIn(Model):
    """One signed-in browser. Revoking the row signs it out, its sockets included.

    `meeting_id` is its scope: where a meeting made the credential (a card, an invitation's link), the browser is signed
    in for that meeting only. Null is the whole account.
    """

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str] = mapped_column(default="")
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    # A value of signing.Means; empty in rows older than the column.
    means: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined")


class OutgoingMail(Model):
    """A mail to be sent. It names its template, never its text: links get their token when it is sent."""

    __tablename__ = "outgoing_mails"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    template: Mapped[str]
    # Where it goes instead of the person's own address: to one that is to be confirmed, or that was theirs before.
    address: Mapped[str | None]
    # The words that were reviewed; null is the words that come with sigforum.
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("mail_wordings.id", ondelete="SET NULL"))
    # Sent by an organizer to see how it looks; it carries nobody's link and counts for nobody's invitation.
    is_test: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=MailState.QUEUED, index=True)
    # Stored before the mail server is spoken to, and the same in every attempt.
    message_id: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined")
