"""A name, an address and a vote as canaries on the wire and in the log: others' sockets and the server's own words."""

import logging
from collections.abc import Iterator

import pytest

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.transaction import transaction
from tests.live.stage import Stage, until

# Who Ben is, by anything that names him.
BEN = ("Ben Participant", "ben@example.org", "Ben's Works", "Ben&#39;s Works")
SAID, WRITTEN = "The canary that was said", "The canary on a ballot"


@pytest.fixture
def chatham(stage: Stage) -> Iterator[Stage]:
    """The stage while 1A names nobody."""
    def attribute(rule: str) -> None:
        with transaction():
            stage.cast.forum_session().attribution = rule
    before = stage.cast.forum_session().attribution
    db.session.rollback()
    attribute("chatham")
    yield stage
    attribute(before)


def open_poll(stage: Stage) -> Poll:
    finn = stage.cast.viewer("finn")
    poll = create_poll(finn, stage.cast.forum_session().id, parse_poll({
        "kind": "text", "title": "What is missing", "statements": "In your words", "secrecy": "confidential"}))
    return move_poll(finn, poll.id, verb="open")


def test_nobody_hears_who_is_there_writes_speaks_or_votes(chatham: Stage) -> None:
    poll, question = open_poll(chatham), chatham.question()
    poll_id, key, forum = poll.id, f"o{poll.options[0].id}", poll.forum_session_id
    db.session.rollback()
    cyn, olu, finn = (chatham.visitor(name).listen() for name in ("cyn", "olu", "finn"))
    ben = chatham.visitor("ben").listen()
    assert ben.call("typing", {"meeting": chatham.cast.slug, "forum": forum, "question": question})["ok"]
    until(lambda: "typing" in cyn.text() or "writing" in cyn.text(), what="somebody writing")
    chatham.visitor("ben").say(SAID, question=question)
    assert ben.call("cast", {"meeting": chatham.cast.slug, "poll": poll_id, "round": 1, "key": "key-of-a-canary",
                             "answer": {"texts": {key: WRITTEN}}})["ok"]
    for socket in (cyn, olu, finn):
        until(lambda socket=socket: SAID in socket.text(), what="the response")
    # Those who chair are told how many are there, as everybody is: whoever is here when a response comes wrote it.
    until(lambda: "4 here" in finn.text(), what="the chair's count of those present")
    for socket in (cyn, olu, finn):
        assert [one for one in (*BEN, WRITTEN) if one in socket.text()] == []
    for path in ("sessions/1A", f"polls/{poll_id}"):
        page = chatham.visitor("cyn").get(path).text
        assert [one for one in (*BEN, WRITTEN) if one in page] == []


def test_servers_own_words_name_nobody_and_quote_nothing(chatham: Stage) -> None:
    visitor = chatham.fresh("ben")
    visitor.say("A canary for the log", question=chatham.question())
    visitor.get("sessions/1A")
    visitor.get("sessions/nowhere")
    ben = visitor.socket()
    ben.call("join", {"meeting": chatham.cast.slug, "forum": "odd", "after": 0})
    ben.close()
    log = chatham.site.log_tail("web", lines=100_000)
    secrets = [cookie.value for cookie in visitor.http.cookies if len(cookie.value or "") > 20]
    assert secrets
    assert [one for one in (*BEN, "canary", *secrets) if one and one in log] == []


def test_log_at_its_most_talkative_quotes_nothing_either(app, cast, sign_in, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        browser = sign_in(cast.person("ben"))
        forum_session = cast.forum_session()
        answer = browser.post(f"/meetings/{cast.slug}/sessions/1A/responses", data={
            "question_id": forum_session.asked[0].id, "parent_id": "", "key": "key-of-a-canary", "shown": "named",
            "text": SAID})
        assert answer.status_code in (200, 302)
        assert SAID in browser.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert [one for one in (*BEN, SAID) if one in caplog.text] == []
