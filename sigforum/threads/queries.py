"""Reads of threads. A forum session's page costs the same number of queries however much was said."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from sigforum.agenda.models import ForumSession, Question
from sigforum.extensions import db
from sigforum.kernel.errors import NotFound
from sigforum.people import invited_queries
from sigforum.people import queries as people
from sigforum.people.domain import ShownPerson
from sigforum.threads.domain import Attribution, Byline, Promise, byline, promise
from sigforum.threads.models import ReadingMark, Response, ResponseFlag


@dataclass(frozen=True, kw_only=True)
class ShownResponse:
    """A response as one audience may see it; `group` is set for the thread's order only."""

    response: Response
    byline: Byline
    # Whether the question has other words now than when this was written.
    is_reworded: bool
    is_unread: bool = False
    replies: tuple["ShownResponse", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A question with what was said to it, oldest first."""

    question: Question
    responses: tuple[ShownResponse, ...]

    @cached_property
    def said(self) -> tuple[int, int]:
        """How many standing responses and replies it holds."""
        return (sum(shown.response.is_standing for shown in self.responses),
                sum(shown.response.is_standing for top in self.responses for shown in top.replies))

    @property
    def count(self) -> int:
        """Both together."""
        return sum(self.said)


def byline_of(response: Response, forum_session: ForumSession,
              authors: Mapping[int, ShownPerson] | None = None) -> Byline:
    """What may be said of the author of a response that stands in this forum session. `authors` are those of many
    responses, read at once."""
    found = authors if authors is not None else authors_of([response], forum_session.meeting_id)
    author = found[response.author_id]
    return byline(name=author.name, affiliation=author.affiliation, promised=response.promised,
                  attribution=forum_session.attribution)


def authors_of(found: Iterable[Response], meeting_id: int) -> Mapping[int, ShownPerson]:
    """The authors of some responses of a meeting, as it shows them."""
    return people.shown_people(meeting_id, {one.author_id for one in found})


def promise_to(person_id: int, forum_session: ForumSession) -> Promise:
    """What is promised to somebody who writes in a forum session now."""
    if forum_session.attribution != Attribution.ROLE:
        return promise(attribution=forum_session.attribution, group="", accepted_in_group=0)
    group = invited_queries.group_of(forum_session.meeting_id, person_id)
    accepted = invited_queries.speakers_of_group(forum_session.meeting_id, forum_session.id, group) if group else 0
    return promise(attribution=forum_session.attribution, group=group, accepted_in_group=accepted)


def responses(forum_session_id: int) -> list[Response]:
    """Everything said in a forum session, oldest first."""
    return list(db.session.scalars(
        select(Response).where(Response.forum_session_id == forum_session_id).order_by(Response.id)))


def threads(forum_session: ForumSession, *, person_id: int, also: int | None = None) -> list[Thread]:
    """The threads of a forum session as one person sees them. Retired questions stay while they hold words; `also` is
    one that somebody has just written to."""
    read_to = last_read(person_id, forum_session.id)
    wordings = {question.id: question.wording.id for question in forum_session.questions}
    said = responses(forum_session.id)
    authors = authors_of(said, forum_session.meeting_id)

    def shown(response: Response, replies: Iterable[ShownResponse] = ()) -> ShownResponse:
        return ShownResponse(
            response=response, byline=byline_of(response, forum_session, authors), replies=tuple(replies),
            is_reworded=response.wording_id != wordings[response.question_id],
            is_unread=response.id > read_to and response.author_id != person_id)
    tops: dict[int, list[Response]] = defaultdict(list)
    replies: dict[int, list[ShownResponse]] = defaultdict(list)
    for response in said:
        if response.parent_id is None:
            tops[response.question_id].append(response)
        else:
            replies[response.parent_id].append(shown(response))
    return [
        Thread(question=question, responses=tuple(
            [shown(response, replies[response.id]) for response in tops[question.id]]))
        for question in forum_session.questions
        if question.retired_at is None or tops[question.id] or question.id == also]


def shown_responses(forum_sessions: Mapping[int, ForumSession], response_ids: Collection[int]) -> list[ShownResponse]:
    """Some responses of these forum sessions of one meeting, newest first, each with its byline."""
    found = db.session.scalars(
        select(Response).where(Response.id.in_(response_ids), Response.forum_session_id.in_(forum_sessions.keys()))
        .order_by(Response.id.desc())).all()
    if not found:
        return []
    authors = authors_of(found, forum_sessions[found[0].forum_session_id].meeting_id)
    return [ShownResponse(response=one, byline=byline_of(one, forum_sessions[one.forum_session_id], authors),
                          is_reworded=False) for one in found]


def standing_counts(forum_session_id: int) -> dict[int, tuple[int, int]]:
    """How many standing responses and replies each question of a forum session has."""
    rows = db.session.execute(
        select(Response.question_id, *_said()).where(
            Response.forum_session_id == forum_session_id, Response.withdrawn_at.is_(None),
            Response.hidden_at.is_(None)).group_by(Response.question_id))
    return {question_id: (responses, replies) for question_id, responses, replies in rows}


def standing_texts(forum_session_id: int) -> list[tuple[int, str, bool]]:
    """The ids and texts of a forum session's standing responses, replies left out, oldest first; and whether a text is
    another than the one that was posted."""
    rows = db.session.execute(
        select(Response.id, Response.text, Response.edited_at.is_not(None)).where(
            Response.forum_session_id == forum_session_id, Response.parent_id.is_(None),
            Response.withdrawn_at.is_(None), Response.hidden_at.is_(None)).order_by(Response.id))
    return [(identifier, text, bool(is_edited)) for identifier, text, is_edited in rows]


def response(meeting_id: int, response_id: int) -> Response:
    """One response of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Response).join(Response.question).join(Question.forum_session)
        .where(Response.id == response_id, ForumSession.meeting_id == meeting_id))
    if found is None:
        raise NotFound("There is no such response here.")
    return found


def under_review(forum_session_id: int) -> list[Response]:
    """The flagged responses that the chair has not decided about, oldest flag first."""
    return list(db.session.scalars(
        select(Response).where(Response.forum_session_id == forum_session_id, Response.review_since.is_not(None),
                               Response.withdrawn_at.is_(None)).order_by(Response.review_since)))


def flag_reasons(response_ids: Iterable[int]) -> Mapping[int, list[str]]:
    """Why some responses were flagged; for those who chair, and without who did it."""
    found: dict[int, list[str]] = defaultdict(list)
    for flag in db.session.scalars(select(ResponseFlag).where(
            ResponseFlag.response_id.in_(list(response_ids)), ResponseFlag.decided_at.is_(None))
            .order_by(ResponseFlag.id)):
        found[flag.response_id].append(flag.reason)
    return found


def last_read(person_id: int, forum_session_id: int) -> int:
    """The id of the newest response a person has read in a forum session."""
    mark = db.session.get(ReadingMark, (person_id, forum_session_id))
    return mark.last_response_id if mark else 0


@dataclass(frozen=True)
class Activity:
    """How much was said in a forum session, and how much of it a person has not read."""

    responses: int
    replies: int
    unread: int


def activity(meeting_id: int, person_id: int) -> dict[int, Activity]:
    """The activity of each forum session of a meeting, in one query."""
    standing = Response.withdrawn_at.is_(None) & Response.hidden_at.is_(None)
    is_unread = standing & (Response.author_id != person_id) & (
        Response.id > func.coalesce(ReadingMark.last_response_id, 0))
    rows = db.session.execute(
        select(Response.forum_session_id, *(count.filter(standing) for count in _said()),
               func.count().filter(is_unread))
        .join(ForumSession, ForumSession.id == Response.forum_session_id)
        .outerjoin(ReadingMark, (ReadingMark.person_id == person_id)
                   & (ReadingMark.forum_session_id == Response.forum_session_id))
        .where(ForumSession.meeting_id == meeting_id).group_by(Response.forum_session_id))
    return {identifier: Activity(responses, replies, unread) for identifier, responses, replies, unread in rows}


def _said() -> tuple[Any, Any]:
    """Counts of responses, and of replies."""
    return (func.count().filter(Response.parent_id.is_(None)), func.count().filter(Response.parent_id.is_not(None)))


def response_counts(meeting_id: int) -> dict[int, int]:
    """How many responses and replies each question of a meeting has."""
    rows = db.session.execute(
        select(Response.question_id, func.count()).join(Response.question).join(Question.forum_session)
        .where(ForumSession.meeting_id == meeting_id).group_by(Response.question_id))
    return dict(rows.all())


def is_posted_in(forum_session: ForumSession) -> str:
    """That somebody has posted under a forum session's rule of attribution, in words; else empty."""
    found = db.session.scalar(select(Response.id).where(Response.forum_session_id == forum_session.id).limit(1))
    return "Somebody has posted under it." if found is not None else ""
