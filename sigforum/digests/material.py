"""Everything that the digests of some readers of one meeting are made of, read in a number of queries that depends
neither on how many they are nor on how much has happened."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.ballots.models import Participation, Poll, Recusal, Round, Vote
from sigforum.digests.domain import Reader
from sigforum.digests.happenings import POLLS, SAID, SUMMARIES, Happening, happenings, things
from sigforum.disclosures import queries as disclosures
from sigforum.extensions import db
from sigforum.people import viewer_queries
from sigforum.people.domain import ShownPerson, Viewer
from sigforum.summaries.models import SessionSummary, SignOff
from sigforum.threads.models import ReadingMark, Response
from sigforum.threads.queries import authors_of


@dataclass(frozen=True, kw_only=True)
class Material:
    """What was read. People who are no live members of the meeting have no viewer here, and so get no mail."""

    forum_sessions: Sequence[ForumSession]
    happened: Sequence[Happening]
    viewers: Mapping[int, Viewer]
    # Standing responses by id.
    responses: Mapping[int, Response]
    # Who wrote the responses that these reply to.
    parent_authors: Mapping[int, int]
    # By person and forum session.
    marks: Mapping[tuple[int, int], ReadingMark]
    polls: Mapping[int, Poll]
    # (round, person)
    voted: Collection[tuple[int, int]]
    # By person.
    recusals: Mapping[int, Sequence[Recusal]]
    summaries: Mapping[int, SessionSummary]
    # (summary, person, revision)
    signed: Collection[tuple[int, int, int]]
    is_entry_asked: bool
    # (forum session, person)
    entered: Collection[tuple[int, int]]

    @cached_property
    def authors(self) -> Mapping[int, ShownPerson]:
        """Who wrote the responses, as the meeting shows them."""
        meeting_id = self.forum_sessions[0].meeting_id if self.forum_sessions else 0
        return authors_of(self.responses.values(), meeting_id)

    @cached_property
    def own_words_at(self) -> Mapping[tuple[int, int], datetime]:
        """When each person last wrote in each forum session, as far as it was read here: they were on its page."""
        found: dict[tuple[int, int], datetime] = {}
        for one in self.responses.values():
            found[one.author_id, one.forum_session_id] = one.posted_at
        return found

    def is_seen(self, person_id: int, forum_session_id: int, at: datetime) -> bool:
        """Whether somebody had a forum session's page before their eyes after a moment."""
        mark = self.marks.get((person_id, forum_session_id))
        looked_at = [mark.read_at if mark else None, self.own_words_at.get((person_id, forum_session_id))]
        return any(one is not None and one >= at for one in looked_at)

    def is_recused(self, person_id: int, asked: Round) -> bool:
        """Whether somebody is recused from a round, or was when it closed, or is from now on."""
        return any(
            one.poll_id in (None, asked.poll_id) and one.forum_session_id == asked.poll.forum_session_id
            and (one.taken_back_at is None or (asked.closed_at is not None and one.taken_back_at > asked.closed_at))
            for one in self.recusals.get(person_id, ()))

    def is_gated(self, viewer: Viewer, forum_session_id: int) -> bool:
        """Whether somebody has yet to acknowledge the rules of a forum session."""
        return (self.is_entry_asked and viewer.speaks_in(forum_session_id)
                and (forum_session_id, viewer.person_id) not in self.entered)


def read_material(meeting_id: int, readers: Collection[Reader]) -> Material | None:
    """Read what has happened in the readers' stretches of the log, as it stands now; None where nothing has."""
    happened = happenings(meeting_id, after=min(one.after for one in readers), up_to=max(one.up_to for one in readers))
    if not happened:
        return None
    forum_sessions = agenda.forum_sessions(meeting_id)
    places, person_ids = [one.id for one in forum_sessions], [one.person_id for one in readers]
    connection = db.session.connection()
    responses = _responses(places, things(happened, SAID))
    polls = _polls(places, things(happened, POLLS))
    summaries = _summaries(places, things(happened, SUMMARIES))
    return Material(
        forum_sessions=forum_sessions, happened=happened, responses=responses,
        viewers={person_id: viewer for (_, person_id), viewer in viewer_queries.viewers(
            connection, [meeting_id], person_ids).items()},
        parent_authors=_authors({one.parent_id for one in responses.values() if one.parent_id}),
        marks={(one.person_id, one.forum_session_id): one for one in _all(select(ReadingMark).where(
            ReadingMark.forum_session_id.in_(places), ReadingMark.person_id.in_(person_ids)))},
        polls=polls, voted=_voted([one.round for one in polls.values() if one.round], person_ids),
        recusals=_recusals(places, person_ids) if polls else {}, summaries=summaries,
        signed=_signed(list(summaries), person_ids) if summaries else (),
        is_entry_asked=disclosures.asks_entry(connection, meeting_id),
        entered=disclosures.entered(connection, places, person_ids))


def _all(statement: Any) -> Sequence[Any]:
    # Read afresh: what was hidden or read a moment ago is in no mail.
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _responses(places: Sequence[int], ids: Collection[int]) -> dict[int, Response]:
    if not ids:
        return {}
    # By their range and not one by one: a database takes a limited number of values in one statement.
    found = _all(select(Response).where(
        Response.forum_session_id.in_(places), Response.id >= min(ids), Response.id <= max(ids),
        Response.withdrawn_at.is_(None), Response.hidden_at.is_(None)).order_by(Response.id))
    return {one.id: one for one in found if one.id in ids}


def _authors(ids: Collection[int]) -> dict[int, int]:
    if not ids:
        return {}
    rows = db.session.execute(select(Response.id, Response.author_id).where(
        Response.id >= min(ids), Response.id <= max(ids)))
    return {identifier: author_id for identifier, author_id in rows if identifier in ids}


def _polls(places: Sequence[int], ids: Collection[int]) -> dict[int, Poll]:
    if not ids:
        return {}
    return {one.id: one for one in _all(select(Poll).where(
        Poll.forum_session_id.in_(places), Poll.id.in_(ids)).order_by(Poll.id).options(selectinload(Poll.rounds)))}


def _voted(rounds: Sequence[Round], person_ids: Sequence[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for box in (Vote, Participation) if rounds else ():
        rows = db.session.execute(select(box.round_id, box.person_id).where(
            box.round_id.in_([one.id for one in rounds]), box.person_id.in_(person_ids)))
        found |= {(round_id, person_id) for round_id, person_id in rows}
    return found


def _recusals(places: Sequence[int], person_ids: Sequence[int]) -> dict[int, list[Recusal]]:
    found: dict[int, list[Recusal]] = defaultdict(list)
    for one in _all(select(Recusal).where(
            Recusal.forum_session_id.in_(places), Recusal.person_id.in_(person_ids))):
        found[one.person_id].append(one)
    return found


def _summaries(places: Sequence[int], ids: Collection[int]) -> dict[int, SessionSummary]:
    if not ids:
        return {}
    return {one.id: one for one in _all(select(SessionSummary).where(
        SessionSummary.forum_session_id.in_(places), SessionSummary.id.in_(ids)))}


def _signed(summary_ids: Sequence[int], person_ids: Sequence[int]) -> set[tuple[int, int, int]]:
    rows = db.session.execute(select(SignOff.summary_id, SignOff.person_id, SignOff.revision).where(
        SignOff.summary_id.in_(summary_ids), SignOff.person_id.in_(person_ids)))
    return {(summary_id, person_id, revision) for summary_id, person_id, revision in rows}
