"""What the pages of people show: a page of members with how far each has come, and the preview of a list."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sigforum.people import queries
from sigforum.people.domain import Progress, invitation_progress
from sigforum.people.forms import InvitationList, InvitationRow
from sigforum.people.list_changes import PlaceChange, fingerprint, place_after, place_changes, place_now
from sigforum.people.models import Membership, OutgoingMail

MOST_MEMBERS, MOST_ROWS = 500, 200


@dataclass(frozen=True, kw_only=True)
class MemberLine:
    """A member, and how far the invitation has come."""

    membership: Membership
    progress: Progress
    mail: OutgoingMail | None


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """A page of a meeting's people, and how many there are of each progress."""

    lines: tuple[MemberLine, ...]
    counts: Mapping[Progress, int]
    progress: str
    number: int
    pages: int

    @property
    def invited(self) -> int:
        """How many were ever on the list, whatever became of it."""
        return sum(self.counts.values())

    @property
    def outcomes(self) -> str:
        """What became of them, in words."""
        found = {word: self.counts.get(progress, 0) for word, progress in (
            ("accepted", Progress.ACCEPTED), ("declined", Progress.DECLINED), ("removed", Progress.REVOKED),
            ("erased", Progress.ERASED))}
        found["not answered"] = self.invited - sum(found.values())
        return ", ".join(f"{count} {word}" for word, count in found.items() if count)


@dataclass(frozen=True, kw_only=True)
class ListPreview:
    """A list before it is taken in: its rows as far as a page holds them, and who of them is here already."""

    rows: tuple[InvitationRow, ...]
    wrong: tuple[InvitationRow, ...]
    total: int
    # By address, for those who have or had a place here: what taking the list in would change about it.
    changes: Mapping[str, tuple[PlaceChange, ...]]
    # The addresses of new people.
    new: frozenset[str]
    # Names exactly these changes; whoever stores the list says which ones were seen.
    seen: str

    @property
    def demotions(self) -> int:
        """How many people would lose a right."""
        return sum(any(change.is_demotion for change in changes) for changes in self.changes.values())

    @property
    def changed(self) -> int:
        """How many people who are here already would be changed."""
        return sum(bool(changes) for changes in self.changes.values())


def people_page(meeting_id: int, *, progress: str, number: str) -> PeoplePage:
    """The members with one progress, or all, of which the page with this number."""
    mails = queries.mail_states(meeting_id)
    lines = []
    for found in queries.members(meeting_id):
        mail = mails.get(found.person_id)
        lines.append(MemberLine(membership=found, mail=mail, progress=invitation_progress(
            found.status, mail=mail.state if mail else None, is_opened=found.opened_at is not None,
            is_erased=found.person.erased_at is not None)))
    counts = Counter(line.progress for line in lines)
    wanted = progress if progress in set(Progress) else ""
    chosen = [line for line in lines if not wanted or line.progress == wanted]
    pages = max(1, -(-len(chosen) // MOST_MEMBERS))
    asked = int(number) if number.isdecimal() and number.isascii() and len(number) < 6 else 1
    at = min(max(asked, 1), pages)
    return PeoplePage(lines=tuple(chosen[(at - 1) * MOST_MEMBERS:at * MOST_MEMBERS]), counts=counts, progress=wanted,
                      number=at, pages=pages)


def list_preview(meeting_id: int, invitations: InvitationList, *, codes: Mapping[int, str]) -> ListPreview:
    """The rows that must be mended, then those that change people who are here, then the others, as far as a page
    holds them. Who is known from elsewhere is not said: whether an address has been here is no organizer's business
    but the own meeting's."""
    known = queries.members_by_address(meeting_id)
    people = [row.person for row in invitations.rows if row.person is not None]
    changes = {}
    for person in people:
        if person.email in known:
            before = place_now(known[person.email])
            changes[person.email] = place_changes(before, place_after(before, person), codes=codes)
    wrong = invitations.wrong_rows
    right = sorted((row for row in invitations.rows if row.person), key=lambda row: _interest(row, changes))
    shown = sorted([*wrong[:MOST_ROWS], *right[:max(0, MOST_ROWS - len(wrong))]], key=lambda row: row.line)
    return ListPreview(rows=tuple(shown), wrong=wrong, total=len(invitations.rows), changes=changes,
                       new=frozenset(person.email for person in people) - known.keys(),
                       seen=fingerprint(people, known=known))


def _interest(row: InvitationRow, changes: Mapping[str, tuple[PlaceChange, ...]]) -> int:
    """Which rows a page that cannot hold all of them shows first."""
    found = changes.get(row.person.email, ()) if row.person else ()
    return 0 if any(change.is_demotion for change in found) else 1 if found else 2
