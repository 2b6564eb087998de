"""The moves of a poll, inside a transaction that somebody else began; and how each is noted and told."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, func, select, union_all

from sigforum.audit.actions import record
from sigforum.ballots import hooks, queries, vote_queries
from sigforum.ballots.by_group import Groups, ratings_by_group
from sigforum.ballots.domain import PollState, Secrecy
from sigforum.ballots.events import PollChanged
from sigforum.ballots.models import LateVote, Participation, Poll, Round, SecretBallot, Vote
from sigforum.ballots.policy import check_secrecy
from sigforum.ballots.registry import asks_groups, kind_named
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.people import invited_queries
from sigforum.people.domain import Viewer
from sigforum.traces.actions import ask_removal
from sigforum.traces.domain import Kind
from sigforum.transaction import Transaction


def open_round(poll: Poll) -> None:
    """Begin the next round, under the terms as they are now."""
    if kind_named(poll.kind).takes_rule and not poll.rule:
        raise Conflict("Declare the rule before opening: nobody may vote without knowing how it is judged.")
    check_secrecy(secrecy=poll.secrecy, visibility=poll.visibility, attribution=poll.forum_session.attribution)
    hooks.round_opens(poll)
    terms = poll.terms
    poll.frozen_hash = poll.frozen_hash or terms.sha256
    # A new round's versions go on where the last one's ended, so that its tallies are not taken for older ones.
    before = poll.rounds[-1] if poll.rounds else None
    poll.rounds.append(Round(
        number=len(poll.rounds) + 1, version=before.version + 1 if before else 0, terms=terms.to_json(),
        terms_hash=terms.sha256, had_feedback=before is not None and before.revealed_at is not None))
    poll.state = PollState.OPEN


def close_round(poll: Poll) -> None:
    """End the round: who could have answered, and what was on the paper, is kept as it stands now."""
    asked = db.session.scalar(
        select(Round).where(Round.poll_id == poll.id).order_by(Round.number.desc()).limit(1)
        .with_for_update())
    assert asked is not None
    # First of all: from its close on, a round counts by the recusals of that moment.
    asked.closed_at = now()
    counted = vote_queries.headcount(poll, asked)
    asked.invited, asked.entitled, asked.recused = counted.invited, counted.entitled, counted.recused
    if kind_named(poll.kind).options_are_responses:
        asked.options_at_close = [{"key": option.key, "text": option.text}
                                  for option in queries.paper(poll, asked).options]
    asked.groups_at_close = _groups(poll, asked)
    _forget_late_voters(asked)
    if asked.frozen.secrecy == Secrecy.SECRET:
        _shuffle(asked)
        # The rows tell nothing any more; the files would still tell which ballot was committed with which voter.
        ask_removal(Kind.SECRET_ROUND)
    poll.state = PollState.CLOSED


def _forget_late_voters(asked: Round) -> None:
    """Whoever came too late, was given more time, and has voted is not late."""
    voted = union_all(*(select(box.person_id).where(box.round_id == asked.id) for box in (Vote, Participation)))
    db.session.execute(delete(LateVote).where(LateVote.round_id == asked.id, LateVote.person_id.in_(voted)))


def _groups(poll: Poll, asked: Round) -> Groups | None:
    """The ratings by group where the rule asks each one; somebody's later change of groups moves no verdict."""
    if not asks_groups(asked.frozen.rule) or asked.frozen.secrecy == Secrecy.SECRET:
        return None
    groups = {voter.person_id: voter.stakeholder_group
              for voter in invited_queries.voters(poll.forum_session.meeting_id, poll.forum_session_id)}
    return ratings_by_group(vote_queries.answers_by_person(asked), queries.paper(poll, asked), kind=asked.frozen.kind,
                            groups=groups)


def _shuffle(asked: Round) -> None:
    """Write a secret round's rows anew, all in one moment and in the order of their keys: a database that keeps
    rows as they came, or numbers the transactions that wrote them, would tell which ballot came with which voter."""
    ballots = vote_queries.ballots(asked)
    voters = sorted(vote_queries.voter_ids(asked))
    db.session.execute(delete(SecretBallot).where(SecretBallot.round_id == asked.id))
    db.session.execute(delete(Participation).where(Participation.round_id == asked.id))
    db.session.add_all(SecretBallot(round_id=asked.id, code=code, answer=answer) for code, answer in ballots)
    db.session.add_all(Participation(round_id=asked.id, person_id=person_id) for person_id in voters)
    db.session.flush()


def reveal_round(poll: Poll) -> None:
    """Show the newest round's result to everyone."""
    poll.rounds[-1].revealed_at = now()
    poll.state = PollState.REVEALED


def decide_poll(poll: Poll) -> None:
    """End the poll for good. Rounds that were never revealed are now, so that the record is whole."""
    for asked in poll.rounds:
        asked.revealed_at = asked.revealed_at or now()
    poll.state = PollState.DECIDED


def undo_opening(poll: Poll) -> None:
    """Go back to before the newest round was opened. Raises Conflict once somebody has voted."""
    asked = poll.rounds[-1]
    late = db.session.scalar(select(func.count()).select_from(LateVote).where(LateVote.round_id == asked.id))
    if vote_queries.stored(asked) or late:
        raise Conflict("Somebody has voted already, so the round stands. You can close it.")
    poll.rounds.remove(asked)
    before = poll.rounds[-1] if poll.rounds else None
    if before is None:
        poll.state, poll.frozen_hash = PollState.DRAFT, ""
    else:
        poll.state = PollState.REVEALED if before.revealed_at else PollState.CLOSED


MOVES_OF: Mapping[str, Callable[[Poll], None]] = {
    "open": open_round, "close": close_round, "reveal": reveal_round, "decide": decide_poll}


def note(tx: Transaction, viewer: Viewer | None, poll: Poll, verb: str, **detail: Any) -> None:
    """Record who did this, the server itself where `viewer` is None, and tell of it."""
    db.session.flush()
    record(f"poll_{verb}", meeting_id=poll.forum_session.meeting_id, actor_id=viewer.person_id if viewer else None,
           subject=f"poll {poll.id}", frozen_hash=poll.frozen_hash, **detail)
    hooks.poll_moved(poll, verb)
    publish(tx, poll, verb)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What differs between two readings of a poll's terms, as the log tells of it."""
    # Either may lack what the other holds: an open ballot promises nothing of few ballots.
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {side: {name: terms.get(name) for name in names} for side, terms in (("before", before), ("after", after))}


def publish(tx: Transaction, poll: Poll, verb: str) -> None:
    """Tell of a poll's move after the commit."""
    tx.publish(PollChanged(
        meeting_id=poll.forum_session.meeting_id, forum_session_id=poll.forum_session_id, poll_id=poll.id,
        verb=verb))
