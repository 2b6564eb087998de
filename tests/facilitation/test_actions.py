"""Running a room: every move safe to repeat, none made by those who may not, all of them recorded."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.facilitation import actions, queries
from sigforum.facilitation.domain import LETTERS, normal_code, seen_mark
from sigforum.facilitation.events import StageChanged
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import MeetingEvent
from tests.ballots.polling import make_poll, move, priorities, rating_answer, vote
from tests.casting import Cast


def on_wall(cast: Cast) -> int | None:
    db.session.rollback()
    return queries.stage(cast.forum_session().id).poll_id


def fresh(poll: Poll) -> Poll:
    db.session.rollback()
    return db.session.get_one(Poll, poll.id, populate_existing=True)


def mark(poll: Poll) -> str:
    found = fresh(poll)
    return seen_mark(state=found.state, rounds=len(found.rounds))


def recorded(*verbs: str) -> list[tuple[str, str]]:
    return [(entry.verb, entry.subject) for entry in db.session.scalars(
        select(AuditEntry).where(AuditEntry.verb.in_(verbs)).order_by(AuditEntry.id))]


def stage_events() -> int:
    return len(list(db.session.scalars(select(MeetingEvent).where(MeetingEvent.kind == StageChanged.kind))))


def test_every_forum_session_has_a_code_of_its_own(cast: Cast) -> None:
    codes = [queries.stage(cast.forum_session(code).id).join_code for code in ("1A", "1B")]
    assert codes[0] != codes[1]
    assert all(len(code) == 5 and set(code) <= set(LETTERS) for code in codes)
    assert not set("0O1IL") & set(LETTERS)


@pytest.mark.parametrize(("typed", "stored"), [
    ("k7qxm", "K7QXM"), (" K7 QXM ", "K7QXM"), ("k7-qxm", "K7QXM"), ("", ""), ("ü?", ""), ("A" * 40, "A" * 12)])
def test_code_is_read_however_it_is_typed(typed: str, stored: str) -> None:
    assert normal_code(typed) == stored


def test_opening_and_revealing_put_a_poll_on_the_wall(cast: Cast) -> None:
    first, second = make_poll(cast), make_poll(cast)
    assert on_wall(cast) is None
    move(cast, first, "open")
    assert on_wall(cast) == first.id
    move(cast, second, "open")
    assert on_wall(cast) == second.id
    move(cast, first, "close")
    assert on_wall(cast) == second.id, "closing shows nothing new, so it takes nothing off the wall"
    move(cast, first, "reveal")
    assert on_wall(cast) == first.id


def test_taking_the_first_opening_back_clears_the_wall(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    actions.run_poll(cast.viewer("finn"), poll.id, verb="undo", seen="open-1")
    assert (fresh(poll).state, on_wall(cast)) == (PollState.DRAFT, None)
    actions.run_poll(cast.viewer("ada"), poll.id, verb="undo", seen="open-1")
    assert len(recorded("poll_undone")) == 1, "undoing twice is undoing once"


def test_priorities_come_to_the_wall_only_as_a_result(cast: Cast) -> None:
    standing = priorities(cast)
    move(cast, standing, "close")
    assert on_wall(cast) is None
    move(cast, standing, "reveal")
    assert on_wall(cast) == standing.id
    move(cast, standing, "open")
    assert on_wall(cast) == standing.id


@pytest.mark.both_databases
def test_stage_and_lead_change_once_and_are_recorded(cast: Cast) -> None:
    poll, forum = make_poll(cast, upto="open"), cast.forum_session().id
    finn, ada = cast.viewer("finn"), cast.viewer("ada")
    for _ in range(2):
        actions.show_on_stage(finn, forum, poll_id=None)
    for _ in range(2):
        actions.show_on_stage(ada, forum, poll_id=poll.id)
    for _ in range(2):
        actions.take_lead(finn, forum)
    for _ in range(2):
        actions.hand_over(finn, forum, person_id=ada.person_id)
    assert on_wall(cast) == poll.id
    assert queries.stage(forum).lead_id == ada.person_id
    stage = f"stage {forum}"
    assert recorded("stage_cleared", "stage_shown", "lead_taken", "lead_handed_over") == [
        ("stage_cleared", stage), ("stage_shown", stage), ("lead_taken", stage), ("lead_handed_over", stage)]
    assert stage_events() == 4
    assert queries.stage(cast.forum_session("1B").id).lead_id is None


def test_drafts_and_polls_of_other_sessions_are_not_shown(cast: Cast) -> None:
    draft, opened = make_poll(cast), make_poll(cast, upto="open")
    finn, ada = cast.viewer("finn"), cast.viewer("ada")
    with pytest.raises(Conflict, match="draft"):
        actions.show_on_stage(finn, cast.forum_session().id, poll_id=draft.id)
    with pytest.raises(Conflict):
        actions.show_on_stage(ada, cast.forum_session("1B").id, poll_id=opened.id)
    with pytest.raises(NotFound):
        actions.show_on_stage(finn, cast.forum_session().id, poll_id=99_999)
    assert on_wall(cast) == opened.id


@pytest.mark.parametrize("name", ["gus", "ben", "olu"])
def test_room_is_run_by_its_facilitators_alone(cast: Cast, name: str) -> None:
    poll, forum, viewer = make_poll(cast, upto="open"), cast.forum_session().id, cast.viewer(name)
    for attempt in (lambda: actions.show_on_stage(viewer, forum, poll_id=None),
                    lambda: actions.take_lead(viewer, forum),
                    lambda: actions.hand_over(viewer, forum, person_id=cast.ids["ada"]),
                    *(lambda verb=verb: actions.run_poll(viewer, poll.id, verb=verb) for verb in actions.MOVES)):
        with pytest.raises(NotAllowed):
            attempt()
    assert (on_wall(cast), queries.stage(forum).lead_id, mark(poll)) == (poll.id, None, "open-1")


@pytest.mark.parametrize("name", ["gus", "ben", "olu"])
def test_lead_goes_only_to_who_can_run_the_room(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid):
        actions.hand_over(cast.viewer("finn"), cast.forum_session().id, person_id=cast.ids[name])
    with pytest.raises(NotFound):
        actions.hand_over(cast.viewer("finn"), cast.forum_session().id, person_id=cast.ids["eve"])
    assert queries.stage(cast.forum_session().id).lead_id is None


def test_button_of_an_old_page_does_not_end_a_new_round(cast: Cast) -> None:
    poll, ada = make_poll(cast, upto="open"), cast.viewer("ada")
    old_page = mark(poll)
    for verb in ("close", "open"):
        actions.run_poll(cast.viewer("finn"), poll.id, verb=verb)
    with pytest.raises(Conflict, match="Somebody else was faster"):
        actions.run_poll(ada, poll.id, verb="close", seen=old_page)
    assert mark(poll) == "open-2"
    actions.run_poll(ada, poll.id, verb="close", seen=mark(poll))
    assert mark(poll) == "closed-2"


@pytest.mark.parametrize(("upto", "verb"), [("", "open"), ("open", "close"), ("close", "reveal"), ("reveal", "decide")])
def test_each_move_twice_from_the_same_page_is_that_move_once(cast: Cast, upto: str, verb: str) -> None:
    poll = make_poll(cast, upto=upto)
    seen = mark(poll)
    for name in ("finn", "ada", "finn"):
        actions.run_poll(cast.viewer(name), poll.id, verb=verb, seen=seen)
    assert len(recorded(f"poll_{verb}")) == 1
    assert mark(poll) != seen


def test_timer_is_set_prolonged_and_taken_away(cast: Cast) -> None:
    poll, finn = make_poll(cast), cast.viewer("finn")

    def left() -> float:
        asked = fresh(poll).rounds[-1]
        return (asked.ends_at - asked.opened_at).total_seconds() if asked.ends_at else 0.0
    actions.run_poll(finn, poll.id, verb="open", seconds=120)
    assert 119 <= left() <= 125
    actions.run_poll(finn, poll.id, verb="more", seconds=60)
    assert 175 <= left() <= 190
    actions.run_poll(finn, poll.id, verb="timer", seconds=0)
    assert left() == 0


def test_opening_stands_once_somebody_voted(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 5, 5))
    with pytest.raises(Conflict, match="voted already"):
        actions.run_poll(cast.viewer("finn"), poll.id, verb="undo", seen="open-1")
    assert mark(poll) == "open-1"


@pytest.mark.both_databases
def test_two_facilitators_at_the_same_moment_open_one_round(app: Flask, cast: Cast) -> None:
    poll = make_poll(cast)
    poll_id, viewers = poll.id, [cast.viewer(name) for name in ("finn", "ada") * 3]
    db.session.rollback()
    start, failures = threading.Barrier(len(viewers)), []

    def open_it(viewer) -> None:
        with app.app_context():
            start.wait(10)
            try:
                actions.run_poll(viewer, poll_id, verb="open", seen="draft-0")
            except Exception as failure:
                failures.append(failure)
            finally:
                db.session.remove()
    threads = [threading.Thread(target=open_it, args=(viewer,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (failures, mark(poll)) == ([], "open-1")
    assert len(recorded("poll_open")) == 1


def test_log_tells_of_facilitators_and_of_nobody_else(cast: Cast) -> None:
    poll = make_poll(cast, upto="close")
    post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="of-the-log", text="In closed systems."))
    assert recorded("response_posted"), "it is in the audit log, and not in the console's"
    actions.show_on_stage(cast.viewer("ada"), cast.forum_session().id, poll_id=None)
    told = [(entry.who, entry.words) for entry in queries.log(cast.forum_session())]
    assert told == [
        ("Ada Organizer", "put the discussion on the projector"),
        ("Finn Facilitator", f"closed round 1 of “{poll.title}”"),
        ("Finn Facilitator", f"opened round 1 of “{poll.title}”"),
        ("Finn Facilitator", f"wrote “{poll.title}”")]
    assert queries.log(cast.forum_session("1B")) == []
