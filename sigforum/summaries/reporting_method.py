"""From the record to what the summary says of its method: invitations, facilitators, answers by stakeholder group."""

from collections.abc import Collection, Mapping, Sequence

from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries as ballots
from sigforum.ballots import vote_queries
from sigforum.ballots.domain import Secrecy
from sigforum.disclosure_control.parts import shown_answers
from sigforum.groups.queries import answers_by_row
from sigforum.people import invited_queries, place_queries
from sigforum.people.domain import Invitee
from sigforum.summaries.document.method import GroupAnswers, Method, RoundAnswers
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
            groups = _by_group(answers_by_row(invited, asked, voters), is_open=(
                asked.frozen.secrecy == Secrecy.OPEN and asked.revealed_at is not None)) if is_told else ()
            found.append(RoundAnswers(poll=f"p{poll.id}", round=asked.number, groups=groups))
    return found


def _by_group(rows: Mapping[str, tuple[int, int]], *, is_open: bool) -> tuple[GroupAnswers, ...]:
    """The groups are those of the table of participants. Who answered an open ballot stands with its result."""
    shown = [did for _, did in rows.values()] if is_open else shown_answers(list(rows.values()))
    return tuple(GroupAnswers(label=label, accepted=could, answered=answered)
                 for (label, (could, _)), answered in zip(rows.items(), shown, strict=True))
