"""The short code: it shows the way to those who are invited, and tells nobody else anything."""

from datetime import timedelta

import pytest
from flask import Flask

from sigforum.extensions import limiter
from sigforum.facilitation.queries import stage
from sigforum.people.links import make_link
from tests.ballots.polling import make_poll, move
from tests.casting import Cast

SESSION = "/meetings/cells-that-stay/sessions/1A"


@pytest.fixture(autouse=True)
def _unlimited_before(app: Flask) -> None:
    limiter.reset()


def code(cast: Cast) -> str:
    return stage(cast.forum_session().id).join_code


@pytest.mark.parametrize("name", ["ada", "finn", "ben", "olu"])
def test_code_leads_members_to_the_session(cast: Cast, sign_in, name: str) -> None:
    browser = sign_in(cast.person(name))
    for typed in (code(cast), code(cast).lower(), f" {code(cast)[:2]}-{code(cast)[2:]}"):
        answer = browser.get(f"/j/{typed}")
        assert (answer.status_code, answer.location) == (302, SESSION)


def test_code_leads_to_the_poll_that_is_asked_on_the_wall(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    address, browser = f"/j/{code(cast)}", sign_in(cast.person("ben"))
    assert browser.get(address).location == f"{SESSION}#poll-{poll.id}"
    move(cast, poll, "close")
    assert browser.get(address).location == SESSION


@pytest.mark.parametrize("name", ["eve", "mal", "rex"])
def test_code_is_no_way_in_for_others(cast: Cast, sign_in, name: str) -> None:
    browser = sign_in(cast.person(name))
    real, made_up = browser.get(f"/j/{code(cast)}"), browser.get("/j/22222")
    assert (real.status_code, made_up.status_code) == (404, 404)
    assert "Making cells" not in real.get_data(as_text=True)


def test_known_and_unknown_codes_look_alike_before_signing_in(cast: Cast, app: Flask) -> None:
    answers = [app.test_client().get(f"/j/{typed}") for typed in (code(cast), "22222", "nonsense")]
    assert {(answer.status_code, answer.location, answer.get_data()) for answer in answers} == {
        (302, "/sign-in", answers[0].get_data())}


@pytest.mark.both_databases
def test_signing_in_goes_on_to_where_the_code_leads(cast: Cast, app: Flask) -> None:
    browser = app.test_client()
    browser.get(f"/j/{code(cast).lower()}")
    assert "goes on to the session" in browser.get("/sign-in").get_data(as_text=True)
    link = make_link(cast.person("ben"), lifetime=timedelta(hours=1)).removeprefix("http://localhost")
    signed_in = browser.post(link)
    assert signed_in.location == f"/j/{code(cast)}"
    assert browser.get(signed_in.location).location == SESSION
    link = make_link(cast.person("ben"), lifetime=timedelta(hours=1)).removeprefix("http://localhost")
    assert "/j/" not in browser.post(link).location, "it is followed once"


def test_code_can_be_typed_into_a_form(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("ben"))
    assert 'name="code"' in browser.get("/j").get_data(as_text=True)
    answer = browser.get("/j", query_string={"code": f" {code(cast).lower()} "})
    assert answer.location == f"/j/{code(cast)}"
    assert browser.get("/j?code=%20").status_code == 200


def test_address_never_leads_to_another_site(app: Flask, cast: Cast) -> None:
    for typed in ("//evil.example", "https:%2F%2Fevil.example", "..%2F..%2Fx"):
        answer = app.test_client().get("/j", query_string={"code": typed})
        assert "evil.example" not in answer.location
        assert answer.location.startswith("/j/")


def test_venue_with_one_address_is_let_through_and_a_guesser_is_not(cast: Cast, app: Flask, sign_in) -> None:
    for _ in range(100):
        assert app.test_client().get(f"/j/{code(cast)}").status_code == 302
    statuses = [app.test_client().get(f"/j/{number:05}").status_code for number in range(1000)]
    assert statuses.count(302) == 200
    assert statuses.count(429) == 800
    people = [sign_in(cast.person(name)) for name in ("ben", "cyn")]
    assert people[0].get(f"/j/{code(cast)}").status_code == 302, "who is signed in has a limit of their own"
    guesses = [people[0].get(f"/j/{number:05}").status_code for number in range(1000)]
    assert guesses.count(404) == 29
    assert guesses.count(429) == 971
    assert people[1].get(f"/j/{code(cast)}").status_code == 302
