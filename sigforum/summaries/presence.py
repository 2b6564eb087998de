"""The table of stakeholder groups over the whole meeting."""

from collections.abc import Iterable, Sequence

from sigforum.disclosure_control.across_tables import Invited, accepted_of, groups_of_meeting
from sigforum.disclosure_control.joining import POOLED
from sigforum.summaries.document.synthesis import GroupPresence


def meeting_groups(people: Sequence[Invited], sessions: Iterable[str]) -> tuple[GroupPresence, ...]:
    """The groups that may be shown, the rest as one; empty where nothing can be shown apart."""
    alone = groups_of_meeting(people, sessions)
    if not alone:
        return ()
    rows = [(group, frozenset({group})) for group in sorted(alone)]
    if rest := frozenset({one.group for one in people} - alone):
        rows.append((POOLED, rest))
    return tuple(GroupPresence(label=label, accepted=accepted_of(people, groups),
                               invited=sum(one.group in groups for one in people)) for label, groups in rows)
