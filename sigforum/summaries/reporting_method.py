"""From the record to what the summary says of its method: invitations, facilitators, answers by stakeholder group."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries as ballots
from sigforum.ballots import vote_queries
from sigforum.ballots.models import Round
from sigforum.disclosure_control.parts import shown_answers
from sigforum.people import invited_queries, place_queries
from sigforum.people.domain import Invitee
from sigforum.summaries.document.method import GroupAnswers, Method, RoundAnswers
from sigforum.summaries.participation import Attendee, large_enough
from sigforum.summaries.poll_results import AUDIENCE


def method_of(forum_session: ForumSession, *, quotable: Collection[int] | None) -> Method:
    """The method of a forum session. `quotable`: whose names may be given; None is everybody whom the attribution
    rule names."""
    invited = place_queries.invitees(forum_session.meeting_id, forum_session.id)
    chairs = place_queries.chairs(forum_session.meeting_id, forum_session.id)
    days = sorted(one.invited_on for one in invited)
    names = [one.name for one in chairs if one.erased_at is None and (quotable is None or one.person_id in quotable)]
    return Method(
        invited_from=days[0] if days else None, invited_until=days[-1] if days else None, facilitators=len(chairs),
        facilitator_names=tuple(names) if forum_session.attribution == "named" else (),
        answers=tuple(_answers(forum_session.id, invited)))


def _answers(forum_session_id: int, invited: Sequence[Invitee]) -> list[RoundAnswers]:
    ids = {one.person_id for one in invited}
    found = []
    for poll in ballots.polls(forum_session_id, audience=AUDIENCE):
        for asked in poll.rounds:
            voters = vote_queries.voter_ids(asked)
            # With one of them in other sessions now, the groups no longer add up to the total.
            # While people vote, the counts would tell of which group the one is who has just voted.
            # Once somebody is in another group, the counts before and after would tell whether that one voted.
            is_told = not voters - ids and asked.closed_at is not None and not (
                invited_queries.regrouped_since(poll.forum_session.meeting_id, asked.opened_at) & ids)
            groups = _by_group(invited, asked, voters) if is_told else ()
            found.append(RoundAnswers(poll=f"p{poll.id}", round=asked.number, groups=groups))
    return found


@dataclass(frozen=True, kw_only=True)
class _Asked(Attendee):
    could_answer: bool
    has_answered: bool


def _was_there(one: Invitee, asked: Round) -> bool:
    return one.has_accepted and (one.left_at is None or one.left_at >= asked.opened_at)


def _by_group(invited: Sequence[Invitee], asked: Round, voters: Collection[int]) -> tuple[GroupAnswers, ...]:
    """The groups are those of the table of participants. Whoever left before the round opened could not answer it;
    whoever left later stays counted, so that the numbers are the same before and after."""
    blocks = large_enough([
        _Asked(group=one.stakeholder_group, is_invited=True, has_accepted=one.has_accepted, responses=0, replies=0,
               could_answer=one.person_id in voters or _was_there(one, asked), has_answered=one.person_id in voters)
        for one in invited])
    counts = [(sum(one.could_answer for one in group), sum(one.has_answered for one in group))
              for group in blocks.values()]
    return tuple(GroupAnswers(label=label, accepted=accepted, answered=answered)
                 for label, (accepted, _), answered in zip(blocks, counts, shown_answers(counts), strict=True))
