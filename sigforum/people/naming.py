"""Correcting how people are named: by an organizer for one meeting, by themselves everywhere."""

from sigforum.audit.actions import record
from sigforum.people.models import Membership


def show_as(actor_id: int, membership: Membership, *, name: str, affiliation: str) -> bool:
    """Show somebody under another name or affiliation in this meeting, in a running transaction; whether it differs.

    Other meetings see nothing of it. What was published keeps the name that was printed, so that earlier names are
    kept beside the place: an erasure must find them there.
    """
    before = {"name": membership.shown_name, "affiliation": membership.shown_affiliation}
    after = {"name": name, "affiliation": affiliation}
    if before == after:
        return False
    if membership.is_known:
        membership.name_here, membership.affiliation_here = name, affiliation
    else:
        membership.invited_name, membership.invited_affiliation = name, affiliation
    note_renamed(actor_id, membership, before=before, after=after)
    return True


def note_renamed(actor_id: int, membership: Membership, *, before: dict[str, str], after: dict[str, str]) -> None:
    """Note old and new names, in a running transaction. An erasure strikes them out of the log."""
    if before["name"] and before["name"] != after["name"] and before["name"] not in membership.earlier_names:
        membership.earlier_names = [*membership.earlier_names, before["name"]]
    changed = [field for field in before if before[field] != after[field]]
    record("person_renamed", meeting_id=membership.meeting_id, actor_id=actor_id,
           subject=f"person {membership.person_id}", before={field: before[field] for field in changed},
           after={field: after[field] for field in changed})
