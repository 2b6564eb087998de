"""Every socket event is tried by everybody; who is removed or signed out hears nothing more."""

import pytest
import socketio.exceptions
from flask import Flask

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db
from sigforum.live.guards import MEMBER_EVENTS, RAW_EVENTS
from sigforum.people.actions import invite_people, revoke_membership, sign_out
from sigforum.people.forms import parse_invitations
from sigforum.people.queries import sign_ins
from tests.live.stage import Socket, Stage, until

CANARY = "the canary of 1A"
# The status of each person's answer to each event; no status is success.
EXPECTED = {
    "join": {"ada": None, "finn": None, "gus": None, "ben": None, "cyn": None, "olu": None,
             "rex": 404, "eve": 404, "mal": 404},
    "cast": {"ada": 403, "finn": 403, "gus": 403, "ben": None, "cyn": None, "olu": 403,
             "rex": 404, "eve": 404, "mal": 404},
    "typing": {"ada": None, "finn": None, "gus": 403, "ben": None, "cyn": None, "olu": 403,
               "rex": 404, "eve": 404, "mal": 404},
}


@pytest.fixture
def payloads(stage: Stage) -> dict[str, dict]:
    """A payload of each event that a participant may send."""
    db.session.rollback()
    cast = stage.cast
    stage.visitor("ben").say(CANARY, question=stage.question())
    poll = create_poll(cast.viewer("finn"), cast.forum_session().id, parse_poll({
        "kind": "rating", "title": "Where", "statements": "Here", "rule": "percent_agreement"}))
    move_poll(cast.viewer("finn"), poll.id, verb="open")
    return {"join": {"meeting": cast.slug, "forum": cast.forum_session().id, "after": 0},
            "cast": {"meeting": cast.slug, "poll": poll.id, "round": 1, "key": "of-the-matrix",
                     "answer": {"ratings": {f"o{poll.options[0].id}": 7}}},
            "typing": {"meeting": cast.slug, "forum": cast.forum_session().id, "question": stage.question()}}



def test_every_socket_event_has_a_row(app: Flask) -> None:
    assert set(EXPECTED) == {*MEMBER_EVENTS, *RAW_EVENTS}, "say in EXPECTED who may send the new event"


@pytest.mark.parametrize("event", EXPECTED)
def test_each_gets_what_they_may_have_and_nothing_else(stage: Stage, payloads, event: str) -> None:
    answers = {name: stage.visitor(name).socket().call(event, payloads[event]) for name in EXPECTED[event]}
    assert {name: answer.get("status") for name, answer in answers.items()} == EXPECTED[event]
    for name, answer in answers.items():
        if EXPECTED[event][name] is not None:
            assert answer["ok"] is False
            assert set(answer) == {"ok", "status", "error"}
    if event == "join":
        assert all(CANARY in str(answers[name]) for name in ("ada", "ben", "olu"))
    assert not any(CANARY in str(answers[name]) for name in ("rex", "eve", "mal"))


@pytest.mark.parametrize("event", EXPECTED)
def test_organizer_of_another_meeting_reaches_nothing_through_the_own_one(stage: Stage, payloads, event) -> None:
    answer = stage.visitor("mal").socket().call(event, payloads[event] | {"meeting": stage.cast.other_slug})
    assert (answer["ok"], answer["status"]) == (False, 404)
    assert CANARY not in str(answer)


@pytest.mark.parametrize("name", ["rex", "eve", "mal"])
def test_outsider_who_was_refused_hears_nothing(stage: Stage, payloads, name: str) -> None:
    socket, listening = stage.visitor(name).socket(), stage.visitor("cyn").listen()
    for event in ("join", "cast"):
        assert socket.call(event, payloads[event])["ok"] is False
    stage.visitor("ben").say("Not for outsiders", question=stage.question())
    until(lambda: "Not for outsiders" in listening.text())
    assert socket.changes == []


def test_removed_member_is_refused_at_once_and_the_socket_is_closed(stage: Stage, payloads) -> None:
    removed, staying = stage.visitor("cyn").listen(), stage.visitor("ben").listen()
    stage.visitor("ben").say("While both are members", question=stage.question())
    until(lambda: "While both are members" in removed.text())
    revoke_membership(stage.cast.viewer("ada"), stage.cast.viewer("cyn").membership_id)
    stage.visitor("ben").say("After the removal", question=stage.question())
    until(lambda: "After the removal" in staying.text())
    until(lambda: not removed.is_open, what="closing the removed member's socket")
    assert "After the removal" not in removed.text()
    again = stage.visitor("cyn").socket()
    for event in EXPECTED:
        answer = again.call(event, payloads[event])
        assert (answer["ok"], answer["status"]) == (False, 404)
        assert CANARY not in str(answer)
    assert staying.is_open


def test_removed_member_is_refused_on_a_socket_that_is_still_open(stage: Stage, payloads) -> None:
    # This socket has no seat, so nothing closes it; each event is judged on its own.
    socket = stage.visitor("cyn").socket()
    assert socket.call("cast", payloads["cast"])["ok"]
    revoke_membership(stage.cast.viewer("ada"), stage.cast.viewer("cyn").membership_id)
    for event in EXPECTED:
        assert socket.call(event, payloads[event])["status"] == 404
    assert socket.is_open


def test_signing_out_closes_the_sockets_of_that_browser_only(stage: Stage, payloads) -> None:
    phone, desk = stage.fresh("cyn"), stage.fresh("cyn")
    sockets = [phone.listen(), phone.listen("1B"), desk.listen()]
    other = stage.visitor("ben").listen()
    assert phone.post("/sign-out").status_code == 200
    until(lambda: not sockets[0].is_open and not sockets[1].is_open)
    stage.visitor("ben").say("After signing out", question=stage.question())
    until(lambda: "After signing out" in sockets[2].text())
    assert [socket.is_open for socket in (*sockets, other)] == [False, False, True, True]
    assert "After signing out" not in sockets[0].text()
    with pytest.raises(socketio.exceptions.ConnectionError):
        Socket(phone.url, phone.cookie).connect()
    for socket in sockets:
        socket.close()


def test_signed_out_browser_is_refused_on_a_socket_that_is_still_open(stage: Stage, payloads) -> None:
    browser = stage.fresh("cyn")
    socket = browser.socket()
    assert socket.call("cast", payloads["cast"])["ok"]
    sign_out(stage.cast.ids["cyn"], sign_in_id=sign_ins(stage.cast.ids["cyn"])[0].id)
    for event in EXPECTED:
        answer = socket.call(event, payloads[event])
        assert (answer["ok"], answer["status"]) == (False, 403)
        assert CANARY not in str(answer)
    socket.close()


def test_facilitator_who_becomes_an_observer_hears_no_drafts_any_more(stage: Stage) -> None:
    socket = stage.visitor("finn").listen()
    cast = stage.cast

    def draft(title: str) -> None:
        create_poll(cast.viewer("ada"), cast.forum_session().id, parse_poll({
            "kind": "rating", "title": title, "statements": "Here", "rule": "percent_agreement"}))
    draft("A draft while in the chair")
    until(lambda: "A draft while in the chair" in socket.text())
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,role\nFinn,finn@example.org,observer\n", codes={}).people)
    until(lambda: not socket.is_open)
    watching = stage.visitor("finn").listen()
    draft("A draft while watching")
    stage.visitor("ben").say("For all who watch", question=stage.question())
    until(lambda: "For all who watch" in watching.text())
    assert "A draft while watching" not in socket.text() + watching.text()


def test_dead_membership_elsewhere_changes_nothing_here(stage: Stage) -> None:
    socket = stage.visitor("gus").listen()
    revoke_membership(stage.cast.viewer("ada"), stage.cast.viewer("olu").membership_id)
    stage.visitor("ben").say("After somebody else left", question=stage.question())
    until(lambda: "After somebody else left" in socket.text())
    assert socket.is_open
