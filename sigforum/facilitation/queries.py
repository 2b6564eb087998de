"""Reads for the room: its stage, its queue of polls, how far the questions have come, and its log."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from sigforum.agenda.models import ForumSession, Question
from sigforum.audit.models import AuditEntry
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.facilitation.domain import LOGGED, LogEntry, log_words, who_else
from sigforum.facilitation.models import Stage
from sigforum.kernel.errors import NotFound
from sigforum.people import queries as people
from sigforum.people.domain import MembershipStatus
from sigforum.people.models import Membership, Person
from sigforum.threads.domain import Attribution
from sigforum.threads.models import Response

# How many entries of the log the console shows.
MOST_LOGGED = 8
# The order of the queue: what runs, what comes next, what waits to be shown, and what is done.
GROUPS = ((PollState.OPEN, "Open now"), (PollState.DRAFT, "Prepared"), (PollState.CLOSED, "Closed, not revealed"),
          (PollState.REVEALED, "Revealed"), (PollState.DECIDED, "Decided"))


def stage(forum_session_id: int) -> Stage:
    """The stage of a forum session. Raises NotFound."""
    found = db.session.get(Stage, forum_session_id)
    if found is None:
        raise NotFound("There is no such session in this meeting.")
    return found


def stage_by_code(code: str) -> Stage:
    """The stage that a short code leads to. Raises NotFound."""
    found = db.session.scalar(select(Stage).where(Stage.join_code == code))
    if found is None:
        raise NotFound()
    return found


def queue(forum_session_id: int) -> list[tuple[str, list[Poll]]]:
    """The polls by what is to be done with them, prepared ones in the order they were written; the priorities,
    which run beside everything, last."""
    # Whoever runs the room sees every poll, drafts too.
    polls = db.session.scalars(select(Poll).where(Poll.forum_session_id == forum_session_id).order_by(Poll.id)
                               .options(selectinload(Poll.rounds))).all()
    groups = [(words, [poll for poll in polls if poll.state == state and not poll.is_standing])
              for state, words in GROUPS]
    groups.append(("All the time", [poll for poll in polls if poll.is_standing]))
    return [(words, found) for words, found in groups if found]


def poll_in_focus(forum_session_id: int, *, wanted: int | None, on_wall: int | None) -> Poll | None:
    """The poll to work on: the one asked for, else what is open, else what hangs on the wall undecided, else what
    comes next in the queue."""
    polls = [poll for _, found in queue(forum_session_id) for poll in found]
    if wanted is not None:
        return next((poll for poll in polls if poll.id == wanted), None)
    hanging = [poll for poll in polls if poll.id == on_wall and poll.state != PollState.DECIDED]
    if polls and polls[0].state == PollState.OPEN and not polls[0].is_standing:
        return polls[0]
    return next(iter(hanging or polls), None)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How far a question has come: standing responses and replies, and how many people they are from; None where that
    would tie responses without names to each other."""

    question: Question
    responses: int
    replies: int
    people: int | None


def coverage(forum_session: ForumSession) -> list[Coverage]:
    """The coverage of every question on the agenda, in one query however much was said."""
    rows = db.session.execute(
        select(Response.question_id, func.count().filter(Response.parent_id.is_(None)),
               func.count().filter(Response.parent_id.is_not(None)), func.count(Response.author_id.distinct()),
               func.count().filter(Response.attribution != Attribution.NAMED)).where(
            Response.forum_session_id == forum_session.id, Response.withdrawn_at.is_(None),
            Response.hidden_at.is_(None)).group_by(Response.question_id))
    is_named = forum_session.attribution == Attribution.NAMED
    said = {question_id: (responses, replies, speakers if is_named and not unnamed else None)
            for question_id, responses, replies, speakers, unnamed in rows}
    return [Coverage(question=question, responses=responses, replies=replies, people=speakers)
            for question in forum_session.asked
            for responses, replies, speakers in (said.get(question.id, (0, 0, 0)),)]


def facilitators(forum_session: ForumSession) -> list[Membership]:
    """Who can run this forum session's room, by name."""
    return [found for found in people.members(forum_session.meeting_id)
            if found.status == MembershipStatus.ACCEPTED and found.viewer().facilitates(forum_session.id)]


def lead_name(stage: Stage) -> str:
    """Who leads, as the meeting shows them; empty where nobody does."""
    if stage.lead_id is None:
        return ""
    return people.names_by_id([stage.lead_id], meeting_id=stage.forum_session.meeting_id).get(stage.lead_id, "")


def log(forum_session: ForumSession) -> list[LogEntry]:
    """The last things that facilitators did here, newest first."""
    titles = {f"poll {poll_id}": title for poll_id, title in db.session.execute(
        select(Poll.id, Poll.title).where(Poll.forum_session_id == forum_session.id))}
    # What was done with a deleted draft whose number the database gave to another poll.
    gone: dict[str, int] = dict(db.session.execute(
        select(AuditEntry.subject, func.max(AuditEntry.id)).where(
            AuditEntry.meeting_id == forum_session.meeting_id, AuditEntry.verb == "poll_deleted",
            AuditEntry.subject.in_(titles)).group_by(AuditEntry.subject)).all())
    subjects = [*titles, f"stage {forum_session.id}", f"forum session {forum_session.id}"]
    rows = db.session.execute(
        # Members alone are named: whoever was erased here may go on under the same number in another meeting.
        select(AuditEntry, people.SHOWN_NAME)
        .outerjoin(Membership, (Membership.person_id == AuditEntry.actor_id)
                   & (Membership.meeting_id == forum_session.meeting_id))
        .outerjoin(Person, Person.id == Membership.person_id).where(
            AuditEntry.meeting_id == forum_session.meeting_id, AuditEntry.subject.in_(subjects),
            AuditEntry.verb.in_(LOGGED)).order_by(AuditEntry.id.desc()).limit(MOST_LOGGED))

    def title(entry: AuditEntry) -> str:
        subject = f"poll {entry.detail['poll']}" if entry.detail.get("poll") else entry.subject
        return titles.get(subject, "a poll") if entry.id > gone.get(subject, 0) else "a draft that is deleted"
    return [LogEntry(who=name or who_else(entry.actor_id, entry.detail), at=entry.happened_at,
                     words=log_words(entry.verb, entry.detail, title=title(entry))) for entry, name in rows]
