"""Reads of polls, and the one tally: page, live push, exports and commands all count here."""

import json
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, Text, bindparam, cast, func, select
from sqlalchemy.orm import joinedload, selectinload

from sigforum.agenda.models import ForumSession
from sigforum.ballots.domain import Answer, Headcount, Paper, PaperOption, PollState, Result, Secrecy, Terms
from sigforum.ballots.models import LateVote, Option, Participation, Poll, Round, SecretBallot, Vote
from sigforum.ballots.policy import Sight, is_withheld, sight
from sigforum.ballots.recused import place, recused_from_secret, recused_now, recused_of
from sigforum.ballots.registry import kind_named
from sigforum.ballots.watched import is_stepped, shown_ballots
from sigforum.extensions import db
from sigforum.kernel.errors import NotFound
from sigforum.kernel.places import fills
from sigforum.people import queries as people
from sigforum.people.domain import Audience, MembershipStatus
from sigforum.threads.queries import standing_texts

MOST_TALLIES = 200


def poll(meeting_id: int, poll_id: int) -> Poll:
    """A poll of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Poll).join(Poll.forum_session).where(Poll.id == poll_id, ForumSession.meeting_id == meeting_id))
    if found is None:
        raise NotFound("There is no such poll in this meeting.")
    return found


def poll_to_show(poll_id: int) -> Poll | None:
    """A poll with all that showing it takes, read afresh in two statements."""
    found: Poll | None = db.session.get(Poll, poll_id, populate_existing=True, options=[
        joinedload(Poll.forum_session).joinedload(ForumSession.meeting), selectinload(Poll.rounds)])
    return found


def visible_poll(meeting_id: int, poll_id: int, *, audience: Audience) -> Poll:
    """A poll that this audience may know of. Raises NotFound for a draft before strangers to it."""
    found = poll(meeting_id, poll_id)
    if not seen(found, audience=audience).poll:
        raise NotFound("There is no such poll in this meeting.")
    return found


_POLLS = (select(Poll).where(Poll.forum_session_id == bindparam("forum_session"))
          .order_by(Poll.is_standing.desc(), Poll.id).options(selectinload(Poll.rounds)))


def polls(forum_session_id: int, *, audience: Audience) -> list[Poll]:
    """The polls of a forum session that an audience may know of, priorities first."""
    found = db.session.scalars(_POLLS, {"forum_session": forum_session_id})
    return [one for one in found if seen(one, audience=audience).poll]


def open_polls(meeting_id: int) -> Mapping[int, int]:
    """How many polls beside the priorities are open in each forum session."""
    rows = db.session.execute(
        select(Poll.forum_session_id, func.count()).join(Poll.forum_session)
        .where(ForumSession.meeting_id == meeting_id, Poll.state == PollState.OPEN, Poll.is_standing.is_(False))
        .group_by(Poll.forum_session_id))
    return dict(rows.all())


def polls_with(forum_session_ids: Collection[int], *, poll_ids: Collection[int],
               option_ids: Collection[int]) -> list[Poll]:
    """The polls of these forum sessions that are named, or of which an option is, newest first. Whoever shows them
    asks `seen` first."""
    holds_option = select(Option.poll_id).where(Option.id.in_(option_ids))
    return list(db.session.scalars(
        select(Poll).where(Poll.forum_session_id.in_(forum_session_ids),
                           Poll.id.in_(poll_ids) | Poll.id.in_(holds_option))
        .order_by(Poll.id.desc()).options(selectinload(Poll.rounds), selectinload(Poll.options))))


def round_numbered(found: Poll, number: int) -> Round:
    """One round of a poll. Raises NotFound."""
    asked = next((one for one in found.rounds if one.number == number), None)
    if asked is None:
        raise NotFound(f"This poll has no round {number}.")
    return asked


def state_of(found: Poll, asked: Round | None) -> str:
    """Where a round stands. An earlier one is revealed, or sealed for good unless a decision opens it."""
    if asked is None or asked is found.round:
        return found.state
    return PollState.REVEALED if asked.revealed_at else PollState.CLOSED


def seen(found: Poll, asked: Round | None = None, *, audience: Audience) -> Sight:
    """What an audience may see of a round, the newest unless another is named; judged by the round's own terms."""
    asked = asked or found.round
    terms = asked.frozen if asked else found.terms
    return sight(audience, state=state_of(found, asked), secrecy=terms.secrecy, visibility=terms.visibility)


def visible_result(found: Poll, asked: Round, *, audience: Audience, on: Paper | None = None) -> Result | None:
    """A round's result, if this audience may see it now. `on` is the paper, where the caller has read it."""
    if not seen(found, asked, audience=audience).result:
        return None
    if asked.frozen.secrecy == Secrecy.SECRET and is_withheld(secrecy=Secrecy.SECRET, answered=voted(asked)):
        return None
    return result(found, asked, on=on, is_watched=is_stepped(asked))


def paper(found: Poll, asked: Round | None = None) -> Paper:
    """What is voted on: the terms' own options, or the standing responses of the forum session."""
    terms = asked.frozen if asked else found.terms
    return Paper(options=_options(found, asked, terms), settings=terms.settings)


def _options(found: Poll, asked: Round | None, terms: Terms) -> tuple[PaperOption, ...]:
    if not kind_named(terms.kind).options_are_responses:
        return terms.options
    if asked is not None and asked.options_at_close is not None:
        return tuple(PaperOption(key=option["key"], text=option["text"]) for option in asked.options_at_close)
    return tuple(PaperOption(key=f"r{identifier}", text=text)
                 for identifier, text in standing_texts(found.forum_session_id))


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
    voters, box = people.voters_of().cte("voters"), Participation if is_secret else Vote
    invited = people.invited_to().cte("invited")
    out = (recused_from_secret() if is_secret else recused_of()).cte("out")
    accepted, is_out = voters.c.status == MembershipStatus.ACCEPTED, voters.c.person_id.in_(select(out.c.person_id))
    with_votes = select(func.count()).select_from(box).where(
        box.round_id == bindparam("round"), box.person_id.not_in(select(out.c.person_id)))
    return select(
        select(func.count()).select_from(invited).scalar_subquery().label("invited"),
        select(func.count()).select_from(voters).where(accepted, ~is_out).scalar_subquery().label("accepted"),
        # Those who voted and take part in other sessions now, or in another role.
        with_votes.where(box.person_id.not_in(select(invited.c.person_id))).scalar_subquery().label("strangers"),
        with_votes.where(box.person_id.not_in(select(voters.c.person_id).where(accepted)))
        .scalar_subquery().label("unaccepted"),
        select(func.count()).select_from(invited).where(
            invited.c.person_id.in_(select(out.c.person_id))).scalar_subquery().label("recused"))


def missing_names(found: Poll, asked: Round) -> tuple[str, ...]:
    """Who is entitled and has not voted yet, by name; never how anybody voted."""
    with_votes = voter_ids(asked) | recused_now(asked)
    absent = [voter.person_id for voter in people.voters(found.forum_session.meeting_id, found.forum_session_id)
              if voter.has_accepted and voter.person_id not in with_votes]
    return tuple(people.names_by_id(absent, meeting_id=found.forum_session.meeting_id).values())


def result(found: Poll, asked: Round, *, on: Paper | None = None, is_watched: bool = False) -> Result:
    """Count a round from its rows, by its own terms; for those who watch it while it is open, as of its step.

    Kept until a vote, the paper or the room changes: a round's version grows with every vote, in its transaction.
    """
    terms, on, room = asked.frozen, on or paper(found, asked), headcount(found, asked)
    kept: OrderedDict[Any, Result] = current_app.extensions.setdefault("tallies", OrderedDict())
    as_of = ("step", asked.shown_change_id) if is_watched else ("all", asked.version, asked.closed_at)
    key = (asked.id, as_of, asked.terms_hash, on.options, room)
    if key not in kept:
        found_ballots = shown_ballots(asked) if is_watched else ballots(asked)
        kept[key] = kind_named(terms.kind).tally(
            [answer for _, answer in found_ballots], on, headcount=room, rule=rule_with_groups(asked))
    kept.move_to_end(key)
    while len(kept) > MOST_TALLIES:
        kept.popitem(last=False)
    return kept[key]


def rule_with_groups(asked: Round) -> dict[str, Any] | None:
    """A round's rule, with the ratings by group that were kept at the close where it asks each group."""
    rule = asked.frozen.rule
    if not rule:
        return None
    return {**rule, "groups": asked.groups_at_close} if asked.groups_at_close else dict(rule)


def due_poll_ids(*, at: datetime) -> list[int]:
    """The open polls whose timer and grace have run out."""
    ended = db.session.scalars(
        select(Round).join(Poll, Round.poll_id == Poll.id)
        .where(Poll.state == PollState.OPEN, Round.closed_at.is_(None), Round.ends_at < at))
    return [asked.poll_id for asked in ended if asked.last_moment is not None and asked.last_moment < at]


@dataclass(frozen=True, kw_only=True)
class RoundVersion:
    """What the ticker compares to know that a tally has changed."""

    poll_id: int
    forum_session_id: int
    version: int
    ends_at: datetime | None


# Made once: the live loop asks it up to twenty times a second.
_OPEN_ROUNDS = (
    select(Poll.id, Poll.forum_session_id, Round.version, Round.ends_at).join(Round, Round.poll_id == Poll.id)
    .where(Poll.forum_session_id.in_(bindparam("forum_sessions", expanding=True)), Poll.state == PollState.OPEN,
           Round.closed_at.is_(None)))


def round_versions(forum_session_ids: list[int]) -> list[RoundVersion]:
    """The versions of the open rounds of some forum sessions, in one query."""
    if not forum_session_ids:
        return []
    rows = db.session.connection().execute(_OPEN_ROUNDS, {"forum_sessions": forum_session_ids})
    return [RoundVersion(poll_id=poll_id, forum_session_id=forum_session_id, version=version, ends_at=ends_at)
            for poll_id, forum_session_id, version, ends_at in rows]


@fills("relies_on_attribution")
def is_voted_in(*, forum_session: ForumSession) -> str:
    """That a poll was opened, or somebody voted, under a forum session's rule of attribution; else empty. The
    priorities are open from the start, and count once somebody votes."""
    opened = select(Round.id).join(Poll).where(Poll.forum_session_id == forum_session.id)
    voted = opened.where(select(Vote.round_id).where(Vote.round_id == Round.id).exists())
    found = db.session.scalar(opened.where(Poll.is_standing.is_(False)).union_all(voted).limit(1))
    return "A poll was opened or voted in under it." if found is not None else ""
