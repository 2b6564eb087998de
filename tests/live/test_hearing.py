"""Who hears what, how soon and how often."""

import pytest
import socketio.exceptions
from sqlalchemy import func, select

from sigforum.extensions import db
from sigforum.live.catchup import MOST_MISSED
from sigforum.threads.events import ResponseChanged
from sigforum.threads.models import Response
from sigforum.transaction import transaction
from tests.live.stage import Socket, Stage, until


def heard(socket: Socket, identifier: str) -> list[dict]:
    """The fragments with this id that a socket got."""
    return [fragment for fragment in socket.fragments() if fragment["id"] == identifier]


def test_response_arrives_within_a_second_and_exactly_once(stage: Stage) -> None:
    ben, cyn = stage.visitor("ben"), stage.visitor("cyn")
    socket = cyn.listen()
    identifier = ben.say("Said **once**", question=stage.question())
    until(lambda: heard(socket, f"response-{identifier}"), seconds=1, what="the response")
    ben.say("Something after it", question=stage.question())
    until(lambda: "Something after it" in socket.text())
    fragments = heard(socket, f"response-{identifier}")
    assert len(fragments) == 1
    assert "Said <strong>once</strong>" in fragments[0]["html"]
    assert fragments[0]["into"] == f"responses-{stage.question()}"


def test_repeated_post_is_one_response_and_told_once(stage: Stage) -> None:
    ben, socket = stage.visitor("ben"), stage.visitor("cyn").listen()
    form = {"question_id": stage.question(), "key": "one-key-many-posts", "shown": "named",
            "text": "Repeated in good faith"}
    answers = [ben.post("sessions/1A/responses", **form).json() for _ in range(4)]
    assert len({answer["fragments"][0]["id"] for answer in answers}) == 1
    ben.say("The end of repetition", question=stage.question())
    until(lambda: "The end of repetition" in socket.text())
    assert len(heard(socket, answers[0]["fragments"][0]["id"])) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Response.text == form["text"])) == 1


def test_what_was_written_by_another_process_is_told_too(stage: Stage) -> None:
    socket = stage.visitor("cyn").listen()
    from_here = stage.visitor("ben").say("To be changed elsewhere", question=stage.question())
    until(lambda: heard(socket, f"response-{from_here}"))
    db.session.rollback()
    response = db.session.get_one(Response, from_here)
    with transaction() as tx:
        tx.publish(ResponseChanged(
            meeting_id=stage.cast.meeting_id, forum_session_id=response.forum_session_id,
            response_id=from_here, person_id=stage.cast.ids["ben"]))
    until(lambda: len(heard(socket, f"response-{from_here}")) == 2)


def test_numbers_grow_and_a_change_in_flight_loses_nothing(stage: Stage) -> None:
    socket = stage.visitor("cyn").listen()
    ids = [stage.visitor("ben").say(f"Number {number}", question=stage.question()) for number in range(10)]
    until(lambda: heard(socket, f"response-{ids[-1]}"))
    assert [heard(socket, f"response-{one}")[0]["id"] for one in ids] == [f"response-{one}" for one in ids]
    numbers = [change["number"] for change in socket.changes if change["number"]]
    assert numbers == sorted(set(numbers))


def test_catch_up_gives_all_that_was_missed_and_no_more(stage: Stage) -> None:
    ben, cyn = stage.visitor("ben"), stage.visitor("cyn")
    before = ben.say("Before the page was opened", question=stage.question())
    page = cyn.page()
    missed = [ben.say(f"Missed {number}", question=stage.question()) for number in range(3)]
    ben.post(f"responses/{missed[0]}/withdraw")
    elsewhere = ben.say("Missed in another session", code="1B", question=stage.question("1B"))
    answer = cyn.socket().call("join", {"meeting": cyn.slug, "forum": page.forum, "after": page.after})
    ids = [fragment["id"] for fragment in answer["fragments"]]
    assert [one for one in ids if one.startswith("response-")] == [f"response-{one}" for one in missed]
    assert len(ids) == len(set(ids))
    assert f"response-{before}" not in ids
    assert f"response-{elsewhere}" not in ids
    withdrawn = next(one for one in answer["fragments"] if one["id"] == f"response-{missed[0]}")
    assert "Withdrawn by its author" in withdrawn["html"]
    assert "Missed 0" not in withdrawn["html"]
    again = cyn.socket().call("join", {"meeting": cyn.slug, "forum": page.forum, "after": answer["number"]})
    assert [one["id"] for one in again["fragments"]] == [f"presence-{page.forum}"]


def test_own_catch_up_shows_what_only_the_author_may_do(stage: Stage) -> None:
    ben = stage.visitor("ben")
    page = ben.page()
    identifier = ben.say("My own words", question=stage.question())
    for name, has_edit in (("ben", True), ("cyn", False), ("finn", False)):
        visitor = stage.visitor(name)
        answer = visitor.socket().call("join", {"meeting": visitor.slug, "forum": page.forum, "after": page.after})
        mine = next(one for one in answer["fragments"] if one["id"] == f"response-{identifier}")
        assert (f"/responses/{identifier}/edit" in mine["html"]) is has_edit


def test_page_from_before_too_many_events_is_told_to_reload(stage: Stage) -> None:
    cyn, page = stage.visitor("cyn"), stage.visitor("cyn").page()
    identifier = stage.visitor("ben").say("Changed very often", question=stage.question())
    with transaction() as tx:
        for _ in range(MOST_MISSED - 1):
            tx.publish(ResponseChanged(
                meeting_id=stage.cast.meeting_id, forum_session_id=page.forum, response_id=identifier,
                person_id=stage.cast.ids["ben"]))
    join = {"meeting": cyn.slug, "forum": page.forum, "after": page.after}
    caught_up = [one["id"] for one in cyn.socket().call("join", join)["fragments"]]
    assert caught_up.count(f"response-{identifier}") == 1
    stage.visitor("ben").say("One more than can be caught up", question=stage.question())
    answer = cyn.socket().call("join", join)
    assert answer["reload"] is True
    assert "fragments" not in answer
    future = cyn.socket().call("join", join | {"after": answer["number"] + 1})
    assert future["reload"] is True


def test_each_audience_gets_its_own_rendering(stage: Stage) -> None:
    sockets = {name: stage.visitor(name).listen() for name in ("ada", "finn", "gus", "ben", "cyn", "olu")}
    identifier = stage.visitor("ben").say("Different to each", question=stage.question())
    buttons = {}
    for name, socket in sockets.items():
        html = until(lambda socket=socket: heard(socket, f"response-{identifier}"))[0]["html"]
        buttons[name] = {verb for verb in ("reply", "edit", "withdraw", "hide")
                         if f"/responses/{identifier}/{verb}" in html}
    assert buttons == {
        "ada": {"reply", "hide"}, "finn": {"reply", "hide"}, "gus": set(), "olu": set(),
        "ben": {"reply", "edit", "withdraw"}, "cyn": {"reply"}}


def test_words_of_a_hidden_response_go_to_the_chair_and_its_author_only(stage: Stage) -> None:
    secret = "The price is 350,000"
    identifier = stage.visitor("ben").say(secret, question=stage.question())
    sockets = {name: stage.visitor(name).listen() for name in ("ada", "finn", "gus", "ben", "cyn", "olu")}
    assert stage.visitor("finn").post(f"responses/{identifier}/hide", reason="Names a price").status_code == 200
    told = {name: until(lambda socket=socket: heard(socket, f"response-{identifier}"))[0]["html"]
            for name, socket in sockets.items()}
    assert {name for name, html in told.items() if secret in html} == {"ada", "finn", "ben"}
    assert all("Names a price" in html for html in told.values())
    pages = {name: stage.visitor(name).page().html for name in sockets}
    assert {name for name, html in pages.items() if secret in html} == {"ada", "finn", "ben"}


def test_drafts_of_polls_go_to_the_chair_only(stage: Stage) -> None:
    sockets = {name: stage.visitor(name).listen() for name in ("ada", "finn", "gus", "ben", "olu")}
    answer = stage.visitor("finn").post("sessions/1A/polls/new", kind="rating", title="Still a secret",
                                        statements="One", rule="percent_agreement")
    assert answer.status_code == 200
    stage.visitor("ben").say("After the draft", question=stage.question())
    for socket in sockets.values():
        until(lambda socket=socket: "After the draft" in socket.text())
    assert {name for name, socket in sockets.items() if "Still a secret" in socket.text()} == {"ada", "finn"}


def test_nobody_hears_another_session_or_another_meeting(stage: Stage) -> None:
    here, meeting_page = stage.visitor("cyn").listen("1B"), stage.visitor("olu").socket()
    assert meeting_page.call("join", {"meeting": stage.cast.slug, "forum": None, "after": 0})["ok"]
    mal = stage.visitor("mal").socket()
    assert mal.call("join", {"meeting": stage.cast.other_slug, "forum": None, "after": 0})["ok"]
    listening = stage.visitor("cyn").listen("1A")
    stage.visitor("ben").say("Only for 1A", question=stage.question())
    until(lambda: "Only for 1A" in listening.text())
    stage.visitor("ben").say("Only for 1B", code="1B", question=stage.question("1B"))
    until(lambda: "Only for 1B" in here.text())
    assert "Only for 1A" not in here.text()
    assert "Only for 1B" not in listening.text()
    assert meeting_page.changes == mal.changes == []


def test_joining_another_page_leaves_the_first(stage: Stage) -> None:
    cyn = stage.visitor("cyn")
    socket = cyn.listen("1A")
    page = cyn.page("1B")
    assert socket.call("join", {"meeting": cyn.slug, "forum": page.forum, "after": page.after})["ok"]
    stage.visitor("ben").say("For the page that was left", question=stage.question())
    stage.visitor("ben").say("For the page that is open", code="1B", question=stage.question("1B"))
    until(lambda: "For the page that is open" in socket.text())
    assert "For the page that was left" not in socket.text()


def test_long_polling_hears_the_same(stage: Stage) -> None:
    cyn = stage.visitor("cyn")
    page, socket = cyn.page(), Socket(cyn.url, cyn.cookie)
    socket.client.on("change", socket.changes.append)
    socket.client.connect(cyn.url, headers={"Cookie": cyn.cookie}, transports=["polling"])
    try:
        assert socket.call("join", {"meeting": cyn.slug, "forum": page.forum, "after": page.after})["ok"]
        identifier = stage.visitor("ben").say("Heard by polling", question=stage.question())
        until(lambda: heard(socket, f"response-{identifier}"))
    finally:
        socket.close()


@pytest.mark.parametrize("cookie", ["", "sigforum=made-up", "sigforum=.eJwLCQl1BAAC5gE0.aaaaaa.bbbb"])
def test_nobody_connects_without_a_sign_in(stage: Stage, cookie: str) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        Socket(stage.site.url, cookie).connect()


def test_page_of_another_site_cannot_connect_with_our_cookie(stage: Stage) -> None:
    socket = Socket(stage.site.url, stage.visitor("ben").cookie)
    with pytest.raises(socketio.exceptions.ConnectionError):
        socket.client.connect(socket.url, transports=["websocket"], wait_timeout=3, headers={
            "Cookie": socket.cookie, "Origin": "https://evil.example"})
