"""How fast one person may go on sockets and pages: programs are told to wait, people never meet it."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from tests.casting import Cast
from tests.live.stage import Stage, Visitor
from tests.serving import Site

JOIN = {"meeting": "cells-that-stay", "forum": None, "after": 0}
TOO_FAST = "Too fast. Try again in "


@pytest.fixture(scope="module")
def running(staged: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The web process with the limits that an operator gets."""
    site = Site(tmp_path_factory.mktemp("paced"))
    site.pace = 1
    shutil.copy(staged[0], site.folder / "sigforum.db")
    try:
        site.start_web()
        with site.application() as app:
            yield Stage(site, app, staged[1])
    finally:
        site.stop()


def refused(answers: list) -> list:
    """Those that were too fast."""
    return [answer for answer in answers if answer.get("status") == 429]


def test_connection_that_only_joins_is_told_to_wait(stage: Stage) -> None:
    sockets = [stage.visitor("cyn").socket() for _ in range(4)]
    answers = [sockets[number % 4].call("join", JOIN) for number in range(100)]
    assert len(refused(answers)) > 40
    told = refused(answers)[-1]
    assert told["error"].startswith(TOO_FAST)
    assert stage.visitor("ben").socket().call("join", JOIN)["ok"], "nobody pays for somebody else"
    # What is tried is just this: that the wait that was told is enough.
    time.sleep(told["retry_after"])
    assert sockets[0].call("join", JOIN)["ok"], "who waits as long as told is let in"


def test_casting_and_writing_without_end_are_told_to_wait(stage: Stage) -> None:
    poll = create_poll(stage.cast.viewer("finn"), stage.cast.forum_session().id, parse_poll({
        "kind": "rating", "title": "How fast", "statements": "Here", "rule": "percent_agreement"}))
    move_poll(stage.cast.viewer("finn"), poll.id, verb="open")
    socket, name = stage.visitor("ben").socket(), f"o{poll.options[0].id}"
    casts = [socket.call("cast", {
        "meeting": stage.cast.slug, "poll": poll.id, "round": 1, "key": uuid.uuid4().hex,
        "answer": {"ratings": {name: 1 + number % 9}}}) for number in range(140)]
    assert len(refused(casts)) > 20
    assert [answer for answer in casts[:50] if not answer["ok"]] == [], "nobody clicks as often as that at once"
    typing = {"meeting": stage.cast.slug, "forum": stage.cast.forum_session().id, "question": stage.question()}
    assert refused([socket.call("typing", typing) for _ in range(90)])


def until_told(act: Callable[[], requests.Response], *, most: int) -> list[requests.Response]:
    """The answers to an act done again and again, until one of them is to wait: a bucket fills while it is emptied, so
    how many it takes hangs on how fast the machine is."""
    answers = [act()]
    while answers[-1].status_code != 429 and len(answers) < most:
        answers.append(act())
    return answers


def post(visitor: Visitor, question: int, text: str, *, accept: str) -> requests.Response:
    """A response, posted by a script or by a plain form."""
    if not visitor.token:
        visitor.post("sessions/1A/read", response_id="1")
    return visitor.http.post(
        f"{visitor.url}/meetings/{visitor.slug}/sessions/1A/responses", headers={"Accept": accept}, timeout=10, data={
            "csrf_token": visitor.token, "question_id": question, "key": uuid.uuid4().hex, "shown": "named",
            "text": text})


def test_posting_without_end_is_told_to_wait_and_keeps_the_words(stage: Stage) -> None:
    ada = stage.visitor("ada")
    question = stage.question()
    answers = until_told(lambda: post(ada, question, "Once more", accept="application/json"), most=200)
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert answers[-1].status_code == 429
    assert answers[-1].json()["error"].startswith(TOO_FAST)
    page = until_told(lambda: post(ada, question, "Words that took long to write", accept="text/html"), most=50)[-1]
    assert page.status_code == 429
    assert TOO_FAST in page.text
    assert "Words that took long to write</textarea>" in page.text


def test_searching_and_reading_without_end_are_told_to_wait(stage: Stage) -> None:
    olu = stage.visitor("olu")
    searched = until_told(lambda: olu.get("search?q=word"), most=100)
    assert [answer.status_code for answer in searched[:12]] == [200] * 12
    assert searched[-1].status_code == 429
    assert int(searched[-1].headers["Retry-After"]) >= 1
    read = [answer.status_code for answer in until_told(lambda: olu.get("/account"), most=400)]
    assert read[:40] == [200] * 40
    assert read[-1] == 429


def test_strangers_pay_nobodys_share(stage: Stage) -> None:
    nobody = stage.fresh("nobody")
    assert {nobody.get("sessions/1A").status_code for _ in range(150)} == {401}
    assert stage.visitor("finn").get("sessions/1A").status_code == 200


@pytest.mark.parametrize("value", ["cells\0", "\ud800", "\0"])
def test_meeting_of_an_unstorable_name_is_not_found(stage: Stage, value: str) -> None:
    socket = stage.visitor("finn").socket()
    for event in ("join", "cast", "typing"):
        answer = socket.call(event, {**JOIN, "meeting": value, "poll": 1, "round": 1, "key": "a-good-key",
                                     "answer": {}, "question": 1})
        assert (answer["ok"], answer["status"]) == (False, 404), event
