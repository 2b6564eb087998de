"""Who could answer a round and who did, by the rows of the table of participants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sigforum.ballots import vote_queries
from sigforum.ballots.models import Poll, Round
from sigforum.disclosure_control.joining import POOLED, participant_rows
from sigforum.people import place_queries
from sigforum.people.domain import Invitee


@dataclass(frozen=True, kw_only=True)
class Answering:
    """The row of the table of participants in which each stakeholder group stands, empty where none stands apart, and
    by group how many people could answer and how many of them did."""

    row_of: Mapping[str, str]
    counts: Mapping[str, tuple[int, int]]

    def by_row(self) -> dict[str, tuple[int, int]]:
        """(could answer, answered) of each row."""
        rows = dict.fromkeys(sorted(self.row_of.values(), key=lambda row: (row == POOLED, row)), (0, 0))
        for group, (could, did) in self.counts.items():
            if group in self.row_of:
                before = rows[self.row_of[group]]
                rows[self.row_of[group]] = (before[0] + could, before[1] + did)
        return rows


def answering(people: Sequence[Invitee], asked: Round, voters: Collection[int]) -> Answering:
    """Whoever left before the round opened could not answer it; whoever left later stays counted, so that the numbers
    are the same before and after."""
    accepted = dict.fromkeys((one.stakeholder_group for one in people), 0)
    counts = dict.fromkeys(accepted, (0, 0))
    for one in people:
        group, has_voted = one.stakeholder_group, one.person_id in voters
        accepted[group] += one.has_accepted
        before = counts[group]
        counts[group] = (before[0] + (has_voted or _was_there(one, asked)), before[1] + has_voted)
    return Answering(row_of=participant_rows(accepted), counts=counts)


def silent_by_group(poll: Poll, asked: Round) -> dict[str, int]:
    """How many of each stakeholder group could have answered a round, as things are now, and did not."""
    people = place_queries.invitees(poll.forum_session.meeting_id, poll.forum_session.id)
    found = answering(people, asked, vote_queries.voter_ids(asked))
    return {group: could - did for group, (could, did) in found.counts.items()}


def _was_there(one: Invitee, asked: Round) -> bool:
    return one.has_accepted and (one.left_at is None or one.left_at >= asked.opened_at)
