"""Closing a forum session closes what can be voted in it, and says so before; reopening it lets further rounds open."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.agenda.actions import move_forum_session
from sigforum.agenda.models import ForumSession
from sigforum.audit.models import AuditEntry
from sigforum.ballots import actions
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.transaction import MeetingEvent
from tests.ballots.polling import make_poll, move, priorities, rating_answer, vote
from tests.casting import Cast


def move_session(cast: Cast, *verbs: str, name: str = "finn", code: str = "1A") -> ForumSession:
    for verb in verbs:
        moved = move_forum_session(cast.viewer(name), cast.forum_session(code).id, verb=verb)
    return moved


def states(cast: Cast, code: str = "1A") -> dict[str, str]:
    db.session.rollback()
    return {poll.title: poll.state for poll in db.session.scalars(
        select(Poll).where(Poll.forum_session_id == cast.forum_session(code).id))}


@pytest.mark.both_databases
def test_closing_a_session_closes_its_open_rounds_and_no_others(cast: Cast) -> None:
    for title, upto in (("Open", "open"), ("Secret", "open"), ("Draft", ""), ("Revealed", "reveal")):
        make_poll(cast, title=title, upto=upto, secrecy="secret" if title == "Secret" else "confidential")
    polls = {poll.title: poll for poll in db.session.scalars(
        select(Poll).where(Poll.forum_session_id == cast.forum_session().id))}
    for title in ("Open", "Secret"):
        vote(cast, "ben", polls[title], rating_answer(polls[title], 9, 9))
    vote(cast, "ben", priorities(cast), {"points": {}})
    before = db.session.scalar(db.select(db.func.max(MeetingEvent.number)))
    move_session(cast, "go_live", "close")
    assert states(cast) == {
        "Open": "closed", "Secret": "closed", "Draft": "draft", "Revealed": "revealed", "Priorities": "closed"}
    assert states(cast, "1B") == {"Priorities": "open"}
    for poll in (polls["Open"], polls["Secret"], priorities(cast)):
        answer = {"points": {}} if poll.is_standing else rating_answer(poll, 1, 1)
        with pytest.raises(Conflict, match=r"came too late|cannot be changed"):
            vote(cast, "cyn" if poll.title == "Open" else "ben", poll, answer)
    # Counted as at any close, told to open pages, and on the record.
    assert polls["Open"].rounds[-1].entitled == 2
    told = db.session.scalars(select(MeetingEvent.payload).where(
        MeetingEvent.kind == "poll_changed", MeetingEvent.number > before)).all()
    assert {one["poll_id"] for one in told} == {polls["Open"].id, polls["Secret"].id, priorities(cast).id}
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "poll_close")).all()
    assert [(one.actor_id, one.detail["by"]) for one in entries if "by" in one.detail] == [(None, "session")] * 3


def test_page_says_before_what_closing_closes_and_log_says_why(cast: Cast, sign_in) -> None:
    poll, finn = make_poll(cast, upto="open"), sign_in(cast.person("finn"))
    move_session(cast, "go_live")
    page = finn.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert "the polls that are open are closed, and the priorities" in page
    assert finn.post(f"/meetings/{cast.slug}/sessions/1A/close").status_code == 302
    console = finn.get(f"/meetings/{cast.slug}/sessions/1A/console?poll={poll.id}").get_data(as_text=True)
    assert "The close of the session" in console
    log = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit?verb=poll_close").get_data(as_text=True)
    assert "Automatically, because the session closed" in log
    ballot = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert f'data-vote="{poll.id}"' not in ballot


@pytest.mark.parametrize("upto", ["", "close", "reveal"])
def test_no_round_opens_in_a_closed_session_until_it_is_reopened(cast: Cast, sign_in, upto: str) -> None:
    poll, finn = make_poll(cast, upto=upto), sign_in(cast.person("finn"))
    pages = (f"/meetings/{cast.slug}/sessions/1A", f"/meetings/{cast.slug}/sessions/1A/console?poll={poll.id}")
    opening = (f"/polls/{poll.id}/open", f"/polls/{poll.id}/run/open")

    def offers() -> list[bool]:
        return [any(words in finn.get(page).get_data(as_text=True) for words in opening) for page in pages]
    assert offers() == [True, True]
    move_session(cast, "go_live", "close")
    assert offers() == [False, False]
    for page in pages:
        assert "This session is closed. Reopen it to open a round." in finn.get(page).get_data(as_text=True)
    for standing in (poll, priorities(cast)):
        with pytest.raises(Conflict, match="This session is closed, so nothing more is voted in it"):
            move(cast, standing, "open")
    refused = finn.post(f"/meetings/{cast.slug}/polls/{poll.id}/open", headers={"Accept": "application/json"})
    assert refused.status_code == 409
    assert len(db.session.get_one(Poll, poll.id).rounds) == (1 if upto else 0)
    # What was closed can still be shown and decided.
    if upto == "close":
        move(cast, poll, "reveal")
    for name in ("ben", "gus"):
        with pytest.raises(NotAllowed):
            move_session(cast, "reopen", name=name)
    assert finn.post(f"/meetings/{cast.slug}/sessions/1A/reopen").status_code == 302
    assert cast.forum_session().closed_at is None
    assert offers() == [True, True]
    move(cast, poll, "open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    assert states(cast)["Priorities"] == "closed", "what was closed stays closed"
    move(cast, priorities(cast), "open")
    reopened = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "forum_session_reopen")).one()
    assert (reopened.detail["before"], reopened.detail["after"]) == ("closed", "live")
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit").get_data(as_text=True)
    assert "reopened a session" in page


@pytest.mark.both_databases
def test_poll_opened_while_the_session_closes_is_refused_or_closed(cast: Cast, app: Flask) -> None:
    """Whichever comes first, nothing is open afterwards."""
    polls = [make_poll(cast, title=f"Poll {number}").id for number in range(6)]
    move_session(cast, "go_live")
    chair, session_id = cast.viewer("finn"), cast.forum_session().id
    db.session.rollback()
    start, problems = threading.Barrier(len(polls) + 1), []

    def act(work) -> None:
        with app.app_context():
            start.wait()
            try:
                work()
            except Conflict:
                pass
            except Exception as problem:
                problems.append(problem)
    works = [lambda poll_id=poll_id: actions.move_poll(chair, poll_id, verb="open") for poll_id in polls]
    works.append(lambda: move_forum_session(chair, session_id, verb="close"))
    threads = [threading.Thread(target=act, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert set(states(cast).values()) <= {"draft", "closed"}
