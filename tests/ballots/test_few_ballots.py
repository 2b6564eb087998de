"""A hidden vote of which one or two ballots count gives no result, however it came to be so few."""

import json
import re
from collections.abc import Callable

import pytest

from sigforum.ballots.models import Poll
from sigforum.ballots.recusing import recuse
from sigforum.extensions import db
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people.actions import revoke_membership
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction
from sigforum.verification.findings import Status
from sigforum.verification.sheet import check_sheet
from tests.ballots.polling import add_voters, make_poll, move, priorities, rating_answer, vote
from tests.casting import Cast

SAID = "Fewer than three ballots count"
# What a page or a file says of one ballot that rates 3 and 8, and of how often it was counted.
OF_ONE = re.compile(r"[Mm]edian:? (<[^>]+>)*[38]\b|1 rated|\"median\": [38]")


@pytest.fixture
def said(cast: Cast) -> str:
    """The key of a response on which points can be laid."""
    found = post_response(cast.viewer("cyn"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="a-response", text="Near the patient"))
    return f"r{found.id}"


def fresh(poll: Poll) -> Poll:
    db.session.rollback()
    return db.session.get(Poll, poll.id, populate_existing=True)


def pages(cast: Cast, sign_in, poll: Poll) -> dict[str, str]:
    """Everything on which the result of a poll stands, for those who chair and for who voted."""
    base = f"/meetings/{cast.slug}"
    found = {}
    for name in ("ada", "finn", "cyn", "olu"):
        browser = sign_in(cast.person(name))
        for path in (f"/polls/{poll.id}", "/sessions/1A", "/sessions/1A/console", "/sessions/1A/projector",
                     f"/polls/{poll.id}/rounds/1/sheet.json", "/sessions/1A/summary"):
            answer = browser.get(base + path)
            if answer.status_code == 200:
                found[f"{name} {path}"] = answer.get_data(as_text=True)
    return found


def by_recusal(cast: Cast, others: list[str]) -> None:
    """Before anybody votes, so that no rule about ballots that lie there stands in the way."""
    for name in others:
        recuse(cast.viewer("finn"), cast.forum_session().id, person_id=cast.person(name).id, poll_id=None, reason="x")


def by_removal(cast: Cast, others: list[str]) -> None:
    for name in others:
        revoke_membership(cast.viewer("ada"), cast.viewer(name).membership_id)


def by_erasure(cast: Cast, others: list[str]) -> None:
    for name in others:
        erase_member(cast.viewer("ada"), cast.viewer(name).membership_id, texts=Texts.KEEP)


def by_silence(cast: Cast, others: list[str]) -> None:
    """Nobody but one votes."""


ROUTES = pytest.mark.parametrize("route", [by_recusal, by_removal, by_erasure, by_silence])


@ROUTES
@pytest.mark.parametrize("secrecy", ["confidential", "secret"])
def test_one_ballot_is_told_to_nobody(
        cast: Cast, sign_in, route: Callable[[Cast, list[str]], None], secrecy: str) -> None:
    others = [*add_voters(cast, 3), "cyn"]
    poll = make_poll(cast, upto="open", secrecy=secrecy)
    route(cast, others if route is not by_removal and route is not by_erasure else others[:3])
    vote(cast, "ben", poll, rating_answer(poll, 3, 8))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
        found = pages(cast, sign_in, fresh(poll))
        assert [where for where, text in found.items() if OF_ONE.search(text)] == []
        assert SAID in found[f"finn /polls/{poll.id}"]
    assert SAID in found[f"cyn /polls/{poll.id}"]
    sheet = json.loads(found[f"finn /polls/{poll.id}/rounds/1/sheet.json"])
    assert (sheet["ballots"], sheet["result"], sheet["withheld"]) == (None, None, 1)
    assert {one.status for one in check_sheet(sheet, file="sheet")} == {Status.HOLDS, Status.WITHHELD}


def test_three_ballots_are_told_and_two_are_not(cast: Cast, sign_in) -> None:
    names = ["ben", "cyn", *add_voters(cast, 1)]
    for count in (2, 3):
        poll = make_poll(cast, upto="open", title=f"By {count}")
        for name in names[:count]:
            vote(cast, name, poll, rating_answer(poll, 3, 8))
        for verb in ("close", "reveal"):
            move(cast, poll, verb)
        page = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
        assert (SAID in page, "Median" in page or "median" in page) == (count == 2, count == 3)


def test_ballots_that_say_nothing_hide_nobody(cast: Cast, sign_in, said) -> None:
    """Points that were laid and taken back are a ballot in the box, and no vote."""
    poll = priorities(cast)
    with transaction():
        # The cast's meeting, with its priorities, may have been made under the terms of earlier rounds.
        asked = poll.rounds[0]
        asked.terms = asked.terms | {"least_told": 3}
        asked.terms_hash = asked.frozen.sha256
    names = ["ben", *add_voters(cast, 2)]
    for name in names:
        vote(cast, name, poll, {"points": {said: 3}})
    for name in names[1:]:
        vote(cast, name, poll, {"points": {}})
    vote(cast, "ben", poll, {"points": {said: 2}})
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    page = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
    assert SAID in page
    sheet = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}/polls/{poll.id}/rounds/1/sheet.json").get_json()
    assert (sheet["ballots"], sheet["withheld"], sheet["countable"]) == (None, 3, 1)
    assert {one.status for one in check_sheet(sheet, file="sheet")} == {Status.HOLDS, Status.WITHHELD}


def test_difference_of_two_rounds_is_no_vote(cast: Cast, sign_in) -> None:
    """One of five is recused between the rounds: who stayed and who moved, taken from both counts, would be theirs."""
    names = ["ben", "cyn", *add_voters(cast, 3)]
    poll = make_poll(cast, upto="open")
    for number in (1, 2):
        for name in names[number - 1:]:
            vote(cast, name, poll, rating_answer(poll, 2 if name == "ben" else 8, 8), round_number=number)
        for verb in ("close", "reveal"):
            move(cast, poll, verb)
        if number == 1:
            by_recusal(cast, ["ben"])
            move(cast, poll, "open")
    page = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
    assert "4 of 4 answered" in page or "4" in page
    assert "moved" not in page.partition('id="main"')[2]


def test_shown_ballots_that_are_too_few_differ(cast: Cast, sign_in) -> None:
    """Whoever writes two ballots into a sheet of today's terms is found out; one of earlier terms stays as it was."""
    names = ["ben", "cyn", *add_voters(cast, 1)]
    poll = make_poll(cast, upto="open")
    for name in names:
        vote(cast, name, poll, rating_answer(poll, 3, 8))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    sheet = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}/polls/{poll.id}/rounds/1/sheet.json").get_json()
    assert {one.status for one in check_sheet(sheet, file="sheet")} == {Status.HOLDS}
    assert sheet["terms"]["least_told"] == 3
    sheet["ballots"].pop()
    said = [one.what for one in check_sheet(sheet, file="sheet") if one.status is Status.DIFFERS]
    assert "ballots are shown of which so few count that they are to be kept back" in said
