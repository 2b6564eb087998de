"""What a list changes about the people who are on it; the preview and the storing ask the same function."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from sigforum.people.domain import GONE, MembershipStatus, Role
from sigforum.people.forms import InvitedPerson
from sigforum.people.models import Membership

# Who may do more stands first. Whoever goes down this row loses a right, and that must not be overlooked.
_RANKS = (Role.ORGANIZER, Role.FACILITATOR, Role.PARTICIPANT, Role.OBSERVER)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a list can say about a person's place in a meeting."""

    status: str
    name: str
    affiliation: str
    stakeholder_group: str
    role: str
    forum_session_ids: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class PlaceChange:
    """One thing about a place, before and after, in words. A demotion takes a right away."""

    field: str
    before: str
    after: str
    is_demotion: bool = False


def place_now(membership: Membership) -> Place:
    """A place as the meeting has it."""
    return Place(
        status=membership.status, name=membership.shown_name, affiliation=membership.shown_affiliation,
        stakeholder_group=membership.stakeholder_group, role=membership.role,
        forum_session_ids=frozenset(one.forum_session_id for one in membership.assignments))


def place_after(before: Place | None, row: InvitedPerson) -> Place:
    """The place as it is with the row taken in. What the list does not mention stays as it is."""
    if before is None:
        return Place(
            status=MembershipStatus.INVITED, name=row.name, affiliation=row.affiliation or "",
            stakeholder_group=row.stakeholder_group or "", role=row.role or Role.PARTICIPANT,
            forum_session_ids=row.forum_session_ids or frozenset())
    return replace(
        before, status=MembershipStatus.INVITED if before.status in GONE else before.status,
        name=row.name or before.name, affiliation=row.affiliation or before.affiliation,
        stakeholder_group=row.stakeholder_group or before.stakeholder_group, role=row.role or before.role,
        forum_session_ids=before.forum_session_ids if row.forum_session_ids is None else row.forum_session_ids)


def place_changes(before: Place, after: Place, *, codes: Mapping[int, str]) -> tuple[PlaceChange, ...]:
    """Everything that differs; `codes` names the forum sessions that are on the agenda."""
    words = {field: (str(getattr(before, field)), str(getattr(after, field)))
             for field in ("status", "name", "affiliation", "stakeholder_group", "role")}
    words["sessions"] = (session_words(before.forum_session_ids, codes), session_words(after.forum_session_ids, codes))
    if before.forum_session_ids == after.forum_session_ids:
        del words["sessions"]
    return tuple(
        PlaceChange(field=field.replace("_", " "), before=old, after=new, is_demotion=field == "role" and (
            _RANKS.index(Role(new)) > _RANKS.index(Role(old))))
        for field, (old, new) in words.items() if old != new or field == "sessions")


def fingerprint(rows: Iterable[InvitedPerson], *, known: Mapping[str, Membership]) -> str:
    """A short name of exactly what a list would do, given who is known by which address. What it leaves as it is, such
    as an answer that comes in meanwhile, makes no other one of it."""
    told = []
    for row in rows:
        before = place_now(known[row.email]) if row.email in known else None
        after, old = asdict(place_after(before, row)), asdict(before) if before else {}
        told.append((row.email, before is None, [(field, _in_order(old.get(field)), _in_order(new))
                                                 for field, new in after.items() if old.get(field) != new]))
    return hashlib.sha256(repr(sorted(told)).encode()).hexdigest()[:16]


def _in_order(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def session_words(identifiers: frozenset[int], codes: Mapping[int, str]) -> str:
    """Forum sessions by their codes; nobody who has none is kept out of any."""
    return ", ".join(sorted(codes.get(one, "removed") for one in identifiers)) or "all"
