"""What happens to people."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, person_room


@dataclass(frozen=True, kw_only=True)
class MembershipRevoked(Event):
    """Somebody is no longer a member; their open pages must stop hearing of the meeting."""

    kind: ClassVar[str] = "membership_revoked"
    person_id: int

    @property
    def room(self) -> str:
        """Only the person's own pages are told."""
        return person_room(self.meeting_id, self.person_id)


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(Event):
    """Somebody's role or sessions changed; their open pages must hear what the new role hears, and no more."""

    kind: ClassVar[str] = "membership_changed"
    person_id: int

    @property
    def room(self) -> str:
        """Only the person's own pages are told."""
        return person_room(self.meeting_id, self.person_id)


@dataclass(frozen=True, kw_only=True)
class SignedOut(Event):
    """Some or all of a person's browsers were signed out; their sockets must close."""

    kind: ClassVar[str] = "signed_out"
    person_id: int

    @property
    def room(self) -> str:
        """Only the person's own pages are told."""
        return person_room(self.meeting_id, self.person_id)
