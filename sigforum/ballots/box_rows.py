"""The rows of the ballot box: its statements, made once and used for every batch.

Plain statements and not the session's objects: a room that votes at once passes here hundreds of times a second.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, Text, bindparam, func, insert, select, tuple_, update

from sigforum.agenda.models import ForumSession, Meeting
from sigforum.ballots.models import LateVote, Participation, Poll, Recusal, Round, SecretBallot, Vote, VoteChange
from sigforum.transaction import MeetingCounter

_polls, _rounds, _votes, _changes, _late, _participations, _secret, _sessions, _meetings, _counters, _recusals = (
    cast(Table, model.__table__)
    for model in (Poll, Round, Vote, VoteChange, LateVote, Participation, SecretBallot, ForumSession, Meeting,
                  MeetingCounter, Recusal))


def _any(name: str) -> Any:
    return bindparam(name, expanding=True)


# Locked in the order of their ids, so that two processes never wait for each other: a close waits for the votes
# before it, and votes behind it see the close.
_LOCKED_POLLS = (
    select(_polls.c.id, _polls.c.state, _sessions.c.id.label("forum_session_id"), _sessions.c.meeting_id,
           _meetings.c.slug)
    .join(_sessions, _sessions.c.id == _polls.c.forum_session_id)
    .join(_meetings, _meetings.c.id == _sessions.c.meeting_id)
    .where(_polls.c.id.in_(_any("polls"))).order_by(_polls.c.id).with_for_update(of=_polls))
_newest = (select(_rounds.c.poll_id, func.max(_rounds.c.number).label("number"))
           .where(_rounds.c.poll_id.in_(_any("polls"))).group_by(_rounds.c.poll_id).subquery())
_NEWEST_ROUNDS = select(
    _rounds.c.id, _rounds.c.poll_id, _rounds.c.number, _rounds.c.ends_at, _rounds.c.grace_seconds,
    _rounds.c.opened_at).join(_newest, (_newest.c.poll_id == _rounds.c.poll_id)
                              & (_newest.c.number == _rounds.c.number))
_OWN_VOTES = select(_votes.c.round_id, _votes.c.person_id, _votes.c.revision, _votes.c.code).where(
    _votes.c.round_id.in_(_any("rounds")), _votes.c.person_id.in_(_any("people")))
_KNOWN_CHANGES = select(_changes).where(_changes.c.key.in_(_any("keys")))
_TAKEN_PART = select(_participations).where(
    _participations.c.round_id.in_(_any("rounds")), _participations.c.person_id.in_(_any("people")))
_ROUND_NUMBERED = select(_rounds.c.id).where(
    _rounds.c.poll_id == bindparam("poll"), _rounds.c.number == bindparam("number"))
_STORED_CHANGE = select(_changes.c.revision, _changes.c.cast_at, _changes.c.answer, _votes.c.code).join(
    _votes, (_votes.c.round_id == _changes.c.round_id) & (_votes.c.person_id == _changes.c.person_id)).where(
    _changes.c.round_id == bindparam("round"), _changes.c.person_id == bindparam("person"),
    _changes.c.key == bindparam("key"))
_SECRET_ANSWER = select(_secret.c.answer).where(
    _secret.c.round_id == bindparam("round"), _secret.c.code == bindparam("code"))
_RECUSED = select(_recusals.c.forum_session_id, _recusals.c.poll_id, _recusals.c.person_id).join(
    _sessions, _sessions.c.id == _recusals.c.forum_session_id).where(
    _sessions.c.meeting_id == bindparam("meeting"), _recusals.c.taken_back_at.is_(None))
_NEWEST_EVENTS = select(_counters.c.meeting_id, _counters.c.last_number).where(
    _counters.c.meeting_id.in_(_any("meetings")))
# A ballot is written twice, as it stands and as a change. It is made into JSON once, before; both databases take
# the text for their JSON columns.
_ANSWER = bindparam("answer", type_=Text)
_CHANGE_VOTE = update(_votes).where(
    _votes.c.round_id == bindparam("of_round"), _votes.c.person_id == bindparam("of_person")).values(
    revision=bindparam("revision"), answer=_ANSWER, cast_at=bindparam("cast_at"))
_GROW_VERSION = update(_rounds).where(_rounds.c.id == bindparam("of_round")).values(
    version=_rounds.c.version + bindparam("count"))
_INSERTS = {_votes: insert(_votes).values(answer=_ANSWER), _changes: insert(_changes).values(answer=_ANSWER),
            _secret: insert(_secret).values(answer=_ANSWER), _late: insert(_late),
            _participations: insert(_participations)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A poll and its newest round, as they are behind the lock. Number 0: no round was opened yet."""

    poll_id: int
    state: str
    forum_session_id: int
    meeting_id: int
    slug: str
    round_id: int = 0
    number: int = 0
    last_moment: datetime | None = None
    opened_at: datetime | None = None


def asked_polls(connection: Connection, poll_ids: Iterable[int]) -> dict[int, Asked]:
    """The polls of a batch, locked, with their newest rounds."""
    found = connection.execute(_LOCKED_POLLS, {"polls": sorted(poll_ids)}).all()
    # Read behind the locks, in a statement of its own: a round opened while we waited is seen.
    rounds = {row.poll_id: row for row in connection.execute(
        _NEWEST_ROUNDS, {"polls": [row.id for row in found]})}
    return {row.id: _asked(row, rounds.get(row.id)) for row in found}


def _asked(poll: Any, asked: Any) -> Asked:
    known = {"poll_id": poll.id, "state": poll.state, "forum_session_id": poll.forum_session_id,
             "meeting_id": poll.meeting_id, "slug": poll.slug}
    if asked is None:
        return Asked(**known)
    return Asked(**known, round_id=asked.id, number=asked.number, opened_at=asked.opened_at,
                 last_moment=asked.ends_at + timedelta(seconds=asked.grace_seconds) if asked.ends_at else None)


def own_votes(connection: Connection, round_ids: Sequence[int], person_ids: Sequence[int]) -> Iterable[Row[Any]]:
    """The ballots that these people have in these rounds: round_id, person_id, revision, code."""
    return connection.execute(_OWN_VOTES, {"rounds": round_ids, "people": person_ids}) if round_ids else ()


def known_changes(connection: Connection, keys: Sequence[str]) -> Iterable[Row[Any]]:
    """What is stored already under these keys, whoever sent it."""
    return connection.execute(_KNOWN_CHANGES, {"keys": keys})


def taken_part(connection: Connection, round_ids: Sequence[int], person_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Who of these people has voted in these secret rounds: (round, person)."""
    if not round_ids:
        return set()
    return {(row.round_id, row.person_id)
            for row in connection.execute(_TAKEN_PART, {"rounds": round_ids, "people": person_ids})}


def round_numbered(connection: Connection, poll_id: int, number: int) -> int | None:
    """The id of a poll's round."""
    found: int | None = connection.scalar(_ROUND_NUMBERED, {"poll": poll_id, "number": number})
    return found


def stored_change(connection: Connection, round_id: int, person_id: int, key: str) -> Any:
    """What is stored of one vote of any round: revision, cast_at, answer, code; None where nothing is."""
    return connection.execute(_STORED_CHANGE, {"round": round_id, "person": person_id, "key": key}).first()


def secret_answer(connection: Connection, round_id: int, code: str) -> dict[str, Any] | None:
    """The secret ballot under a code."""
    answer: dict[str, Any] | None = connection.scalar(_SECRET_ANSWER, {"round": round_id, "code": code})
    return answer


def recused_people(connection: Connection, meeting_id: int) -> set[tuple[int, int | None, int]]:
    """Who is recused now from what: (forum session, poll or None for all, person)."""
    return {(row.forum_session_id, row.poll_id, row.person_id)
            for row in connection.execute(_RECUSED, {"meeting": meeting_id})}


def newest_events(connection: Connection, meeting_ids: Iterable[int]) -> dict[int, int]:
    """The number of each meeting's newest event; meetings without any are missing."""
    return {row.meeting_id: row.last_number
            for row in connection.execute(_NEWEST_EVENTS, {"meetings": sorted(meeting_ids)})}


def add_votes(connection: Connection, votes: Sequence[Mapping[str, Any]],
              changes: Sequence[Mapping[str, Any]]) -> None:
    """Insert the ballots that `is_new`, change the others, and log every change. Answers are JSON already."""
    _insert(connection, _votes, [{name: value for name, value in vote.items() if name != "is_new"}
                                 for vote in votes if vote["is_new"]])
    changed = [{"of_round": vote["round_id"], "of_person": vote["person_id"], "revision": vote["revision"],
                "answer": vote["answer"], "cast_at": vote["cast_at"]} for vote in votes if not vote["is_new"]]
    if changed:
        connection.execute(_CHANGE_VOTE, changed)
    _insert(connection, _changes, changes)


def add_secret(connection: Connection, participations: Sequence[tuple[int, int]],
               ballots: Sequence[Mapping[str, Any]]) -> None:
    """That these people voted; and, without a tie to them, what was voted, as JSON."""
    _insert(connection, _participations,
            [{"round_id": round_id, "person_id": person_id} for round_id, person_id in participations])
    _insert(connection, _secret, ballots)


def add_late(connection: Connection, places: set[tuple[int, int]]) -> None:
    """That these people's votes came too late, once for each (round, person)."""
    if not places:
        return
    known = {(row.round_id, row.person_id) for row in connection.execute(
        select(_late).where(tuple_(_late.c.round_id, _late.c.person_id).in_(places)))}
    _insert(connection, _late, [{"round_id": round_id, "person_id": person_id}
                                for round_id, person_id in sorted(places - known)])


def grow_versions(connection: Connection, added: Mapping[int, int]) -> None:
    """Let each round's version grow by its new votes."""
    if added:
        connection.execute(_GROW_VERSION, [{"of_round": round_id, "count": count}
                                           for round_id, count in sorted(added.items())])


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(_INSERTS[table], rows)
