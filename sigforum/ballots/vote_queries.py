"""Reads of votes: which count, whose they are, and of how many people."""

import json
from collections.abc import Mapping
from functools import cache

from sqlalchemy import Select, Text, bindparam, cast, func, select

from sigforum.ballots.domain import Answer, Headcount, Secrecy
from sigforum.ballots.models import LateVote, Participation, Poll, Round, SecretBallot, Vote
from sigforum.ballots.recused import place, recused_from_secret, recused_now, recused_of
from sigforum.extensions import db
from sigforum.people import invited_queries
from sigforum.people import queries as people
from sigforum.people.domain import MembershipStatus


def vote(round_id: int, person_id: int) -> Vote | None:
    """A person's own ballot in a round; None in a secret round, where nobody's can be told."""
    return db.session.get(Vote, (round_id, person_id))


def has_voted(asked: Round, person_id: int) -> bool:
    """Whether a person has voted in a round, secret or not."""
    box = Participation if asked.frozen.secrecy == Secrecy.SECRET else Vote
    return db.session.get(box, (asked.id, person_id)) is not None


def voter_ids(asked: Round) -> set[int]:
    """Whose ballots count in a round."""
    if asked.frozen.secrecy == Secrecy.SECRET:
        return set(db.session.scalars(select(Participation.person_id).where(Participation.round_id == asked.id)))
    return set(db.session.scalars(select(Vote.person_id).where(*_COUNTS), place(asked)))


def voted(asked: Round) -> int:
    """How many ballots count in a round."""
    if asked.frozen.secrecy == Secrecy.SECRET:
        return stored(asked)
    return db.session.scalar(select(func.count()).select_from(Vote).where(*_COUNTS), place(asked)) or 0


def stored(asked: Round) -> int:
    """How many ballots lie in a round, those of recused people included."""
    box = Participation if asked.frozen.secrecy == Secrecy.SECRET else Vote
    return db.session.scalar(select(func.count()).select_from(box).where(box.round_id == asked.id)) or 0


# Which ballots of a round count: those of people who are not recused from it. A secret ballot names nobody; whoever
# voted in secret is not recused any more, and whoever is recused cannot vote.
_COUNTS = (Vote.round_id == bindparam("round"), Vote.person_id.not_in(recused_of()))


def late(asked: Round) -> int:
    """How many people's votes came too late."""
    return db.session.scalar(
        select(func.count()).select_from(LateVote).where(LateVote.round_id == asked.id)) or 0


def ballots(asked: Round) -> list[tuple[str, Answer]]:
    """The ballots that count in a round under their codes, in the order of these, which says nothing about people."""
    rows = db.session.connection().execute(
        _ballots(asked.frozen.secrecy == Secrecy.SECRET), place(asked)).all()
    # Read as one text: a room's ballots are counted several times a second.
    answers = json.loads(f"[{','.join(text for _, text in rows)}]")
    return [(code, answer) for (code, _), answer in zip(rows, answers, strict=True)]


@cache
def _ballots(is_secret: bool) -> Select[str, str]:
    if is_secret:
        return select(SecretBallot.code, cast(SecretBallot.answer, Text)).where(
            SecretBallot.round_id == bindparam("round")).order_by(SecretBallot.code)
    return select(Vote.code, cast(Vote.answer, Text)).where(*_COUNTS).order_by(Vote.code)


def answers_by_person(asked: Round) -> Mapping[int, Answer]:
    """Who answered what, recused people left out. Empty for a secret round."""
    rows = db.session.execute(
        select(Vote.person_id, Vote.answer).where(*_COUNTS).order_by(Vote.person_id), place(asked))
    return dict(rows.all())


def names_by_code(asked: Round) -> Mapping[str, str]:
    """Whose ballot stands under which code. Only ever asked for an open round."""
    rows = db.session.execute(select(Vote.person_id, Vote.code).where(*_COUNTS), place(asked))
    codes: Mapping[int, str] = dict(rows.all())
    return {codes[person_id]: name for person_id, name in people.names_by_id(
        codes, meeting_id=asked.poll.forum_session.meeting_id).items()}


def headcount(found: Poll, asked: Round) -> Headcount:
    """Who could have answered. After the close it is what stood then; a person removed after voting still
    counts, because the vote does. Invited is everybody ever invited, whoever declined or left included; a recused
    person was invited, and is not entitled. Rounds that version 0.1.0 closed keep the count it closed them with."""
    if asked.invited is not None and asked.entitled is not None:
        return Headcount(invited=asked.invited, entitled=asked.entitled, recused=asked.recused or 0)
    counted = db.session.connection().execute(_headcount(asked.frozen.secrecy == Secrecy.SECRET), {
        "meeting": found.forum_session.meeting_id, "forum_session": found.forum_session_id, **place(asked)}).one()
    return Headcount(invited=counted.invited + counted.strangers, entitled=counted.accepted + counted.unaccepted,
                     recused=counted.recused)


@cache
def _headcount(is_secret: bool) -> Select[int, int, int, int, int]:
    """Five counts in one statement, made once: everything that is open asks it several times a second."""
    voters, box = invited_queries.voters_of().cte("voters"), Participation if is_secret else Vote
    invited = invited_queries.ever_invited().cte("invited")
    out = (recused_from_secret() if is_secret else recused_of()).cte("out")
    accepted, is_out = voters.c.status == MembershipStatus.ACCEPTED, voters.c.person_id.in_(select(out.c.person_id))
    with_votes = select(func.count()).select_from(box).where(
        box.round_id == bindparam("round"), box.person_id.not_in(select(out.c.person_id)))
    return select(
        select(func.count()).select_from(invited).scalar_subquery().label("invited"),
        select(func.count()).select_from(voters).where(accepted, ~is_out).scalar_subquery().label("accepted"),
        # Those who voted and of whom it is not kept that they were invited: their place changed before that was stored.
        with_votes.where(box.person_id.not_in(select(invited.c.person_id))).scalar_subquery().label("strangers"),
        with_votes.where(box.person_id.not_in(select(voters.c.person_id).where(accepted)))
        .scalar_subquery().label("unaccepted"),
        select(func.count()).select_from(invited).where(
            invited.c.person_id.in_(select(out.c.person_id))).scalar_subquery().label("recused"))


def missing_names(found: Poll, asked: Round) -> tuple[str, ...]:
    """Who is entitled and has not voted yet, by name; never how anybody voted."""
    with_votes = voter_ids(asked) | recused_now(asked)
    absent = [voter.person_id for voter in invited_queries.voters(
        found.forum_session.meeting_id, found.forum_session_id)
              if voter.has_accepted and voter.person_id not in with_votes]
    return tuple(people.names_by_id(absent, meeting_id=found.forum_session.meeting_id).values())
