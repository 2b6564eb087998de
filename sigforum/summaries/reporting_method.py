"""From the record to what the summary says of its method: invitations, facilitators, answers by stakeholder group."""

from collections.abc import Collection, Sequence

from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries as ballots
from sigforum.people import queries as people
from sigforum.people.domain import Role, RosterEntry
from sigforum.summaries.document.method import GroupAnswers, Method, RoundAnswers
from sigforum.summaries.participation import Attendee, large_enough, shown_answers
from sigforum.summaries.poll_results import AUDIENCE


def method_of(forum_session: ForumSession, *, quotable: Collection[int] | None) -> Method:
    """The method of a forum session. `quotable`: whose names may be given; None is everybody whom the attribution
    rule names."""
    roster = people.roster(forum_session.meeting_id, forum_session.id)
    invited = [one for one in roster if one.role is Role.PARTICIPANT]
    chairs = [one for one in roster if one.role is Role.FACILITATOR]
    days = sorted(one.invited_on for one in invited)
    names = [one.name for one in chairs if quotable is None or one.person_id in quotable]
    return Method(
        invited_from=days[0] if days else None, invited_until=days[-1] if days else None, facilitators=len(chairs),
        facilitator_names=tuple(names) if forum_session.attribution == "named" else (),
        answers=tuple(_answers(forum_session.id, invited)))


def _answers(forum_session_id: int, invited: Sequence[RosterEntry]) -> list[RoundAnswers]:
    ids = {one.person_id for one in invited}
    found = []
    for poll in ballots.polls(forum_session_id, audience=AUDIENCE):
        for asked in poll.rounds:
            voters = ballots.voter_ids(asked)
            # With one of them gone from the roster, the groups no longer add up to the total.
            # While people vote, the counts would tell of which group the one is who has just voted.
            groups = () if voters - ids or asked.closed_at is None else _by_group(invited, voters)
            found.append(RoundAnswers(poll=f"p{poll.id}", round=asked.number, groups=groups))
    return found


def _by_group(invited: Sequence[RosterEntry], voters: Collection[int]) -> tuple[GroupAnswers, ...]:
    """The groups are as large as those in the table of participants, so that the two cannot be subtracted."""
    blocks = large_enough([
        Attendee(group=one.stakeholder_group, is_invited=True, has_accepted=one.has_accepted,
                 responses=one.person_id in voters, replies=0) for one in invited])
    counts = [(sum(one.has_accepted for one in group), sum(one.has_posted for one in group))
              for group in blocks.values()]
    return tuple(GroupAnswers(label=label, accepted=accepted, answered=answered)
                 for label, (accepted, _), answered in zip(blocks, counts, shown_answers(counts), strict=True))
