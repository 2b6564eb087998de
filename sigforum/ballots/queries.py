"""Reads of polls, and the one tally: page, live push, exports and commands all count here."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from sigforum.agenda.models import ForumSession
from sigforum.ballots.domain import Headcount, Paper, PaperOption, PollState, Result
from sigforum.ballots.models import Poll, Round, Vote
from sigforum.ballots.policy import may_see_poll
from sigforum.ballots.registry import kind_named
from sigforum.extensions import db
from sigforum.kernel.errors import NotFound
from sigforum.people import queries as people
from sigforum.people.domain import Audience
from sigforum.threads.queries import standing_texts


def poll(meeting_id: int, poll_id: int) -> Poll:
    """A poll of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Poll).join(Poll.forum_session).where(Poll.id == poll_id, ForumSession.meeting_id == meeting_id))
    if found is None:
        raise NotFound("There is no such poll in this meeting.")
    return found


def visible_poll(meeting_id: int, poll_id: int, *, audience: Audience) -> Poll:
    """A poll that this audience may know of. Raises NotFound for a draft before strangers to it."""
    found = poll(meeting_id, poll_id)
    if not may_see_poll(audience, state=found.state):
        raise NotFound("There is no such poll in this meeting.")
    return found


def polls(forum_session_id: int, *, audience: Audience) -> list[Poll]:
    """The polls of a forum session that an audience may know of, priorities first."""
    found = db.session.scalars(
        select(Poll).where(Poll.forum_session_id == forum_session_id)
        .order_by(Poll.is_standing.desc(), Poll.id))
    return [one for one in found if may_see_poll(audience, state=one.state)]


def open_polls(meeting_id: int) -> Mapping[int, int]:
    """How many polls beside the priorities are open in each forum session."""
    rows = db.session.execute(
        select(Poll.forum_session_id, func.count()).join(Poll.forum_session)
        .where(ForumSession.meeting_id == meeting_id, Poll.state == PollState.OPEN, Poll.is_standing.is_(False))
        .group_by(Poll.forum_session_id))
    return dict(rows.all())


def paper(found: Poll) -> Paper:
    """What is voted on: the poll's own statements, or the standing responses of its forum session."""
    if kind_named(found.kind).options_are_responses:
        options = [PaperOption(key=f"r{identifier}", text=text)
                   for identifier, text in standing_texts(found.forum_session_id)]
    else:
        options = [PaperOption(key=f"o{option.id}", text=option.text) for option in found.options]
    return Paper(options=tuple(options), settings=found.settings)


def vote(round_id: int, person_id: int) -> Vote | None:
    """A person's own ballot in a round."""
    return db.session.get(Vote, (round_id, person_id))


def voted(round_id: int) -> int:
    """How many ballots lie in a round."""
    return db.session.scalar(select(func.count()).select_from(Vote).where(Vote.round_id == round_id)) or 0


def headcount(found: Poll, asked: Round) -> Headcount:
    """Who could have answered. After the close it is what stood then; a person removed after voting still
    counts, because the vote does."""
    if asked.invited is not None and asked.entitled is not None:
        return Headcount(invited=asked.invited, entitled=asked.entitled)
    found_voters = people.voters(found.forum_session.meeting_id, found.forum_session_id)
    with_votes = set(db.session.scalars(select(Vote.person_id).where(Vote.round_id == asked.id)))
    invited = {voter.person_id for voter in found_voters} | with_votes
    entitled = {voter.person_id for voter in found_voters if voter.has_accepted} | with_votes
    return Headcount(invited=len(invited), entitled=len(entitled))


def result(found: Poll, asked: Round) -> Result:
    """Count a round from its rows."""
    answers = db.session.scalars(
        select(Vote.answer).where(Vote.round_id == asked.id).order_by(Vote.person_id))
    return kind_named(found.kind).tally(
        list(answers), paper(found), headcount=headcount(found, asked), rule=found.rule)


@dataclass(frozen=True, kw_only=True)
class RoundVersion:
    """What the ticker compares to know that a tally has changed."""

    poll_id: int
    forum_session_id: int
    version: int


def round_versions(forum_session_ids: list[int]) -> list[RoundVersion]:
    """The versions of the open rounds of some forum sessions, in one query."""
    if not forum_session_ids:
        return []
    rows = db.session.execute(
        select(Poll.id, Poll.forum_session_id, Round.version).join(Round, Round.poll_id == Poll.id)
        .where(Poll.forum_session_id.in_(forum_session_ids), Poll.state == PollState.OPEN,
               Round.closed_at.is_(None)))
    return [RoundVersion(poll_id=poll_id, forum_session_id=forum_session_id, version=version)
            for poll_id, forum_session_id, version in rows]
