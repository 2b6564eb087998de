"""Counting groups: declared ones in the transaction that reveals a round, opinion groups by the worker afterwards."""

from sigforum.ballots import queries as ballots
from sigforum.ballots import vote_queries
from sigforum.ballots.domain import Secrecy
from sigforum.ballots.models import Poll, Round
from sigforum.extensions import db
from sigforum.groups import queries
from sigforum.groups.answering import answering
from sigforum.groups.counting import declared_groups
from sigforum.groups.domain import DeclaredGroups
from sigforum.groups.finding import found_groups
from sigforum.groups.models import GroupReport
from sigforum.groups.policy import has_declared, looks_for_groups, shows_dots
from sigforum.kernel.clock import now
from sigforum.people import invited_queries, place_queries
from sigforum.transaction import transaction

REGROUPED = ("Somebody who voted was put into another group since an earlier round was counted by group, so that "
             "nothing is told by group.")


def count_revealed(poll: Poll) -> bool:
    """Count declared groups in every revealed round of a poll that was not counted yet, inside a transaction.

    Whether the worker has to look for groups in the votes of one of them.
    """
    uncounted = [asked for asked in poll.rounds
                 if asked.revealed_at is not None and db.session.get(GroupReport, asked.id) is None]
    reports = [_counted(poll, asked) for asked in uncounted]
    db.session.add_all(reports)
    db.session.flush()
    return any(report.is_waiting for report in reports)


def find_waiting() -> int:
    """Look for groups in the votes of every round that waits; how many there were. Safe to repeat."""
    waiting = queries.waiting_round_ids()
    for round_id in waiting:
        _find(round_id)
    return len(waiting)


def count_earlier() -> None:
    """Count the rounds that were revealed before there was anything to count them."""
    for poll_id in queries.uncounted_poll_ids():
        with transaction():
            count_revealed(db.session.get_one(Poll, poll_id))


def _counted(poll: Poll, asked: Round) -> GroupReport:
    terms, forum_session = asked.frozen, poll.forum_session
    voted = vote_queries.voted(asked)
    declared = None
    if has_declared(secrecy=terms.secrecy):
        people = place_queries.invitees(forum_session.meeting_id, forum_session.id)
        declared = declared_groups(
            vote_queries.answers_by_person(asked), terms, ballots.paper(poll, asked),
            groups=queries.groups_by_person(forum_session.meeting_id), attribution=forum_session.attribution,
            answering=answering(people, asked, vote_queries.voter_ids(asked)))
        if declared is not None and _is_regrouped(poll, asked):
            # The difference between the two tables would be the vote of whoever changed groups between them.
            declared = DeclaredGroups(refused=REGROUPED)
    is_waiting = not ballots.is_kept_back(asked) and looks_for_groups(
        kind=terms.kind, settings=terms.settings, voted=voted)
    return GroupReport(round_id=asked.id, round_version=asked.version, is_waiting=is_waiting,
                       declared=declared.to_json() if declared else None)


def _is_regrouped(poll: Poll, asked: Round) -> bool:
    """Whether a voter was put into another group since an earlier round of the poll was counted by group."""
    reports = [(one, db.session.get(GroupReport, one.id)) for one in poll.rounds if one.number < asked.number]
    counted = [(one, report) for one, report in reports if report is not None and report.declared]
    voters = vote_queries.voter_ids(asked).union(*(vote_queries.voter_ids(one) for one, _ in counted))
    return any(invited_queries.regrouped_since(poll.forum_session.meeting_id, report.made_at) & voters
               for _, report in counted)


def _find(round_id: int) -> None:
    asked = db.session.get_one(Round, round_id)
    poll, terms = asked.poll, asked.frozen
    answers = [answer for _, answer in vote_queries.ballots(asked)]
    paper = ballots.paper(poll, asked)
    has_dots = shows_dots(secrecy=Secrecy(terms.secrecy), attribution=poll.forum_session.attribution)
    # Counted outside any transaction: it may take a minute, and votes are not to wait for it.
    db.session.rollback()
    found = found_groups(answers, paper, has_dots=has_dots)
    with transaction():
        report = db.session.get(GroupReport, round_id, populate_existing=True)
        if report is not None and report.is_waiting:
            report.found, report.found_at, report.is_waiting = found, now(), False
