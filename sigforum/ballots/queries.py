"""Reads of polls, and the one tally: page, live push, exports and commands all count here."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from sigforum.agenda.models import ForumSession
from sigforum.ballots import vote_queries
from sigforum.ballots.domain import Paper, PaperOption, PollState, Result, Secrecy, Terms, text_voted_on
from sigforum.ballots.models import Option, Poll, Round, Vote
from sigforum.ballots.policy import Sight, is_withheld, sight
from sigforum.ballots.registry import kind_named
from sigforum.ballots.watched import is_stepped, shown_ballots
from sigforum.extensions import db
from sigforum.kernel.errors import NotFound
from sigforum.people.domain import Audience
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
    return None if is_kept_back(asked) else result(found, asked, on=on, is_watched=is_stepped(asked))


def is_kept_back(asked: Round) -> bool:
    """Whether so few ballots count in a round that its result is told to nobody. Whoever took all points back has a
    ballot that says nothing, and hides nobody."""
    terms, is_watched = asked.frozen, is_stepped(asked)
    is_counted = is_watched or asked.closed_at is not None or terms.secrecy == Secrecy.SECRET
    return terms.secrecy != Secrecy.OPEN and is_counted and is_withheld(
        secrecy=terms.secrecy, answered=result(asked.poll, asked, is_watched=is_watched).answered,
        least_told=terms.least_told)


def paper(found: Poll, asked: Round | None = None) -> Paper:
    """What is voted on: the terms' own options, or the standing responses of the forum session."""
    terms = asked.frozen if asked else found.terms
    return Paper(options=_options(found, asked, terms), settings=terms.settings)


def _options(found: Poll, asked: Round | None, terms: Terms) -> tuple[PaperOption, ...]:
    if not kind_named(terms.kind).options_are_responses:
        return terms.options
    if asked is not None and asked.options_at_close is not None:
        return tuple(PaperOption(key=option["key"], text=option["text"]) for option in asked.options_at_close)
    return tuple(PaperOption(key=f"r{identifier}", text=text_voted_on(text, is_edited=is_edited))
                 for identifier, text, is_edited in standing_texts(found.forum_session_id))


def result(found: Poll, asked: Round, *, on: Paper | None = None, is_watched: bool = False) -> Result:
    """Count a round from its rows, by its own terms; for those who watch it while it is open, as of its step.

    Kept until a vote, the paper or the room changes: a round's version grows with every vote, in its transaction.
    While it is open, what nobody can act on yet is left for the close, where a kind says that it takes long.
    """
    terms, on, room = asked.frozen, on or paper(found, asked), vote_queries.headcount(found, asked)
    kept: OrderedDict[Any, Result] = current_app.extensions.setdefault("tallies", OrderedDict())
    as_of = ("step", asked.shown_change_id) if is_watched else ("all", asked.version, asked.closed_at)
    key = (asked.id, as_of, asked.terms_hash, on.options, room)
    if key not in kept:
        found_ballots = shown_ballots(asked) if is_watched else vote_queries.ballots(asked)
        kind = kind_named(terms.kind)
        tally = kind.tally if asked.closed_at is not None else getattr(kind, "tally_while_open", kind.tally)
        kept[key] = tally(
            [answer for _, answer in found_ballots], on, headcount=room, rule=rule_with_groups(asked))
    kept.move_to_end(key)
    counted = kept[key]
    while len(kept) > MOST_TALLIES:
        kept.popitem(last=False)
    return counted


def rule_with_groups(asked: Round) -> dict[str, Any] | None:
    """A round's rule, with the ratings by group that were kept at the close where it asks each group."""
    rule = asked.frozen.rule
    if not rule:
        return None
    return {**rule, "groups": asked.groups_at_close} if asked.groups_at_close else dict(rule)


def is_voted_in(forum_session: ForumSession) -> str:
    """That a poll was opened, or somebody voted, under a forum session's rule of attribution; else empty. The
    priorities are open from the start, and count once somebody votes."""
    opened = select(Round.id).join(Poll).where(Poll.forum_session_id == forum_session.id)
    voted = opened.where(select(Vote.round_id).where(Vote.round_id == Round.id).exists())
    found = db.session.scalar(opened.where(Poll.is_standing.is_(False)).union_all(voted).limit(1))
    return "A poll was opened or voted in under it." if found is not None else ""
