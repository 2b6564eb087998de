"""Withdrawing what a person wrote: the words go, the places and the points stay counted."""

from typing import Any

from sqlalchemy import select, update

from sigforum.agenda.models import ForumSession
from sigforum.ballots.models import Poll, Round, Vote, VoteChange
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.oversight.domain import TEXT_REMOVED
from sigforum.summaries.models import Line, LineReview, MinorityPosition, SessionSummary, SignOff
from sigforum.threads.domain import Attribution, strictest
from sigforum.threads.events import ResponseChanged
from sigforum.threads.models import Response, ResponseRevision
from sigforum.transaction import running_transaction


def withdraw_texts(person_id: int, *, meeting_id: int) -> int:
    """Withdraw everything a person wrote in a meeting, earlier versions included; how many texts. Part of an erasure.

    A withdrawn response stays where replies hang on it and where a closed round asked about it, without its words.
    """
    responses = _responses(person_id, meeting_id)
    for response in responses:
        response.text, response.withdrawn_at = "", response.withdrawn_at or now()
    db.session.execute(update(ResponseRevision).where(
        ResponseRevision.response_id.in_([response.id for response in responses])).values(text=""))
    _forget_options({f"r{response.id}" for response in responses}, meeting_id)
    _forget_written_answers(person_id, meeting_id)
    summaries = select(SessionSummary.id).join(SessionSummary.forum_session).where(
        ForumSession.meeting_id == meeting_id)
    db.session.execute(update(MinorityPosition).where(
        MinorityPosition.written_by_id == person_id, MinorityPosition.summary_id.in_(summaries)).values(
            text="", withdrawn_at=now()))
    db.session.execute(update(LineReview).where(
        LineReview.person_id == person_id,
        LineReview.line_id.in_(select(Line.id).where(Line.summary_id.in_(summaries)))).values(text=""))
    db.session.execute(update(SignOff).where(
        SignOff.person_id == person_id, SignOff.summary_id.in_(summaries), SignOff.reservations != "").values(
            reservations=TEXT_REMOVED))
    return len(responses)


def tell_bylines(person_id: int, *, meeting_id: int, are_withdrawn: bool) -> None:
    """Let open pages show a person's responses anew: under another name, or without their words. Those that carry no
    name and keep their words look as before; to tell of them would tell whose they are."""
    for response in _responses(person_id, meeting_id):
        place = db.session.get_one(ForumSession, response.forum_session_id)
        if not are_withdrawn and strictest(response.attribution, place.attribution) is not Attribution.NAMED:
            continue
        running_transaction().publish(ResponseChanged(
            meeting_id=meeting_id, forum_session_id=response.forum_session_id, response_id=response.id,
            person_id=response.author_id))


def _responses(person_id: int, meeting_id: int) -> list[Response]:
    return list(db.session.scalars(
        select(Response).join(ForumSession, ForumSession.id == Response.forum_session_id)
        .where(Response.author_id == person_id, ForumSession.meeting_id == meeting_id).order_by(Response.id)))


def _forget_written_answers(person_id: int, meeting_id: int) -> None:
    """The words on ballots in open text; that something was written there stays counted."""
    tables: tuple[Any, ...] = (Vote, VoteChange)
    for table in tables:
        for vote in db.session.scalars(
                select(table).join(Round, Round.id == table.round_id).join(Poll, Poll.id == Round.poll_id)
                .join(ForumSession, ForumSession.id == Poll.forum_session_id)
                .where(table.person_id == person_id, ForumSession.meeting_id == meeting_id)):
            if vote.answer.get("texts"):
                vote.answer = vote.answer | {"texts": dict.fromkeys(vote.answer["texts"], TEXT_REMOVED)}
                # Tallies are kept until a round's version grows.
                db.session.execute(update(Round).where(Round.id == vote.round_id).values(version=Round.version + 1))


def _forget_options(keys: set[str], meeting_id: int) -> None:
    """The words under which closed rounds asked about these responses; the points on them stay."""
    rounds = db.session.scalars(
        select(Round).join(Poll, Poll.id == Round.poll_id)
        .join(ForumSession, ForumSession.id == Poll.forum_session_id).where(ForumSession.meeting_id == meeting_id))
    for asked in rounds:
        if asked.options_at_close and any(option["key"] in keys for option in asked.options_at_close):
            asked.options_at_close = [
                option | {"text": TEXT_REMOVED} if option["key"] in keys else option
                for option in asked.options_at_close]
