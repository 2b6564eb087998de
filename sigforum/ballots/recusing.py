"""Recusing from a vote because of an interest, by oneself or by the chair, and taking it back."""

from collections.abc import Iterable

from sqlalchemy import select

from sigforum.agenda import queries as agenda
from sigforum.agenda.domain import ForumSessionState
from sigforum.audit.actions import record
from sigforum.ballots import queries, recused, vote_queries
from sigforum.ballots.domain import PollState, Secrecy
from sigforum.ballots.events import RecusalChanged
from sigforum.ballots.models import Poll, Recusal
from sigforum.ballots.policy import check_recuses, check_takes_back, leaves_too_few
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.kernel.text import paragraphs
from sigforum.live.queries import names_people
from sigforum.people import invited_queries
from sigforum.people.domain import Viewer
from sigforum.transaction import Transaction, transaction

LONGEST_REASON = 500


def recuse(viewer: Viewer, forum_session_id: int, *, person_id: int, poll_id: int | None, reason: str) -> Recusal:
    """Take somebody out of a forum session's votes, or out of one poll's. A ballot cast before is kept; the
    round that is open does not count it from its close on. Rounds that have closed stay as they are. Repeating it
    changes nothing.

    Raises Conflict for a secret round in which the person has voted: nobody can find that ballot. And where a chair
    would take others' ballots out until those that are left tell whose they are.
    """
    check_recuses(viewer, forum_session_id, person_id=person_id)
    reason = paragraphs(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Say why, in at most {LONGEST_REASON} characters. Only those who chair read it."})
    with transaction() as tx:
        polls = _locked_polls(viewer, forum_session_id)
        if person_id not in {one.person_id for one in invited_queries.voters(viewer.meeting_id, forum_session_id)}:
            raise Invalid({"person": "Only people who vote in this session can be recused from it."})
        is_others, is_named = person_id != viewer.person_id, names_people(forum_session_id)
        # Where nobody is named, a chair does not find out by trying who has recused themselves.
        known = next((one for one in recused.standing(forum_session_id, person_id=person_id)
                      if one.poll_id in (None, poll_id)
                      and (is_named or not is_others or one.made_by_id != person_id)), None)
        if known is not None:
            return known
        poll = None
        if poll_id is not None:
            poll = next((one for one in polls if one.id == poll_id), None)
            _check_poll(viewer, poll, person_id, is_anybody=is_others and not is_named)
        if is_others:
            _check_votes_left([poll] if poll is not None else polls)
        made = Recusal(forum_session_id=forum_session_id, poll_id=poll_id, person_id=person_id, reason=reason,
                       made_by_id=viewer.person_id)
        db.session.add(made)
        _tell(tx, viewer, made, "recused")
    return made


def take_back(viewer: Viewer, recusal_id: int) -> Recusal:
    """Let somebody vote again; a ballot cast before counts in the round that is open. Safe to repeat."""
    with transaction() as tx:
        made = recused.recusal(viewer.meeting_id, recusal_id)
        check_takes_back(viewer, made.forum_session_id, person_id=made.person_id, made_by_id=made.made_by_id)
        _locked_polls(viewer, made.forum_session_id)
        # Another request may have taken it back while this one waited.
        db.session.refresh(made)
        if made.taken_back_at is None:
            made.taken_back_at, made.taken_back_by_id = now(), viewer.person_id
            _tell(tx, viewer, made, "recusal_taken_back")
    return made


def _locked_polls(viewer: Viewer, forum_session_id: int) -> list[Poll]:
    """All polls of a forum session, locked in the order of their ids as votes lock them: who is counted changes for
    all of a round's votes and its close, or for none."""
    forum_session = agenda.forum_session_by_id(viewer.meeting_id, forum_session_id)
    if forum_session.state in (ForumSessionState.CLOSED, ForumSessionState.SUMMARISED):
        raise Conflict("This session is closed. Who was recused from its votes stays as it is.")
    return list(db.session.scalars(
        select(Poll).where(Poll.forum_session_id == forum_session_id).order_by(Poll.id)
        .with_for_update().execution_options(populate_existing=True)))


def _check_poll(viewer: Viewer, poll: Poll | None, person_id: int, *, is_anybody: bool) -> None:
    """`is_anybody`: who has voted is not told, and so whoever it is about gets the answer of those who have."""
    is_seen = poll is not None and queries.seen(poll, audience=viewer.audience(poll.forum_session_id)).poll
    if poll is None or not is_seen:
        raise Invalid({"poll": "There is no such poll in this session."})
    if poll.state == PollState.DECIDED:
        raise Conflict("This poll is decided. Who was recused from it stays as it is.")
    asked = poll.round
    if asked is not None and poll.state == PollState.OPEN and asked.frozen.secrecy == Secrecy.SECRET and (
            is_anybody or vote_queries.has_voted(asked, person_id)):
        if is_anybody:
            raise Conflict("This round is secret and this session names nobody: recusing others from it would tell "
                           "who has voted. It is possible before the round opens, and once it is closed.")
        raise Conflict("This round is secret and the vote is cast: the ballot names nobody, so it cannot be taken "
                       "out. It is possible for the next round, once this one is closed.")


def _check_votes_left(polls: Iterable[Poll]) -> None:
    for poll in polls:
        asked = poll.round
        # Whoever is to be recused: a refusal for voters alone would tell who has voted.
        if asked is not None and poll.state == PollState.OPEN and leaves_too_few(
                secrecy=asked.frozen.secrecy, voted=recused.would_count(asked)):
            raise Conflict(f"Three people have voted in “{poll.title}”. Without one of them its result would tell "
                           "how the others voted. Wait until more have voted, or close the round first.")


def _tell(tx: Transaction, viewer: Viewer, made: Recusal, verb: str) -> None:
    # No tally moves: a round that is open counts the person as before, and without them from its close on.
    db.session.flush()
    states = ("entitled", "recused")
    record(verb, meeting_id=viewer.meeting_id, actor_id=viewer.person_id, subject=f"person {made.person_id}",
           forum_session=made.forum_session_id, poll=made.poll_id,
           by="self" if viewer.person_id == made.person_id else "chair",
           **dict(zip(("before", "after"), states if made.taken_back_at is None else states[::-1], strict=True)))
    tx.publish(RecusalChanged(meeting_id=viewer.meeting_id, forum_session_id=made.forum_session_id,
                              person_id=made.person_id))
