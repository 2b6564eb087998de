"""Until somebody accepts, a meeting sees what it wrote itself; and what it wrote becomes nobody's own name."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.actions import invite_people
from sigforum.people.address_tokens import address_token
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.people.models import Membership, Person
from sigforum.transaction import transaction
from tests.casting import Cast

DRAFT = "name,email,affiliation\nWhoever This Is,{address},Somewhere\n"


def draft(cast: Cast, address: str) -> Membership:
    """mal puts an address on the list of the other meeting; nothing is sent, and nobody accepts."""
    mal = queries.membership(cast.ids["mal"], slug=cast.other_slug).viewer()
    place, = invite_people(mal, parse_invitations(DRAFT.format(address=address), codes={}).people, send_mail=False)
    return place


def confirm(browser: FlaskClient, person: Person, address: str) -> None:
    """The person's own way to another address: asked for, and confirmed by the link in the mail to it."""
    assert browser.post("/account/address", data={"email": address}).status_code == 302
    assert browser.post(f"/account/address/{address_token(person, address)}").status_code == 302


def own(app: Flask, cast: Cast, name: str) -> FlaskClient:
    """A browser that is signed in with the whole account; it takes no invitation up."""
    browser = app.test_client()
    link = make_link(cast.person(name), lifetime=timedelta(hours=1))
    assert browser.post(link.removeprefix("http://localhost")).status_code == 302
    return browser


def seen_by_mal(cast: Cast, sign_in, place: Membership) -> dict[str, str]:
    """Every page on which the other meeting's organizer meets this person."""
    browser, base = sign_in(cast.person("mal")), f"/meetings/{cast.other_slug}"
    pages = {path: browser.get(base + path).get_data(as_text=True) for path in (
        "", "/people", f"/people/{place.id}/erase", f"/people/{place.id}/name", "/people/cards", "/audit", "/audit.csv",
        "/people/outbox/invitation", f"/people/outbox/invitation?recipient={place.id}", "/sessions/1A/recusals")}
    pages["list"] = browser.post(f"{base}/people/invite", data={
        "text": DRAFT.format(address="cyn@example.org"), "step": "preview"}).get_data(as_text=True)
    return pages


def test_new_address_does_not_reach_a_meeting_that_only_drafted_the_old_one(
        cast: Cast, app: Flask, sign_in) -> None:
    place = draft(cast, "cyn@example.org")
    confirm(own(app, cast, "cyn"), cast.person("cyn"), "cyn.private@example.net")
    pages = seen_by_mal(cast, sign_in, place)
    assert [path for path, text in pages.items() if "cyn.private" in text] == []
    assert "cyn@example.org" in pages["/people"]
    assert "nothing" in pages["list"].partition("What changes")[2], "on the list as before, not somebody new"
    # The meeting that was accepted goes on with the address that mail reaches.
    here = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/people").get_data(as_text=True)
    assert "cyn.private@example.net" in here


def test_list_with_the_old_address_finds_the_same_place_again(cast: Cast, app: Flask, sign_in) -> None:
    place = draft(cast, "cyn@example.org")
    confirm(own(app, cast, "cyn"), cast.person("cyn"), "cyn.private@example.net")
    assert draft(cast, "cyn@example.org").id == place.id


def test_meeting_that_somebody_left_learns_no_new_name_or_address(cast: Cast, app: Flask, sign_in) -> None:
    browser, ada = sign_in(cast.person("cyn")), sign_in(cast.person("ada"))
    place = cast.viewer("cyn").membership_id
    assert ada.post(f"/meetings/{cast.slug}/people/{place}/revoke").status_code == 302
    confirm(browser, cast.person("cyn"), "cyn.private@example.net")
    assert browser.post("/account/name", data={"name": "Cyn Married", "affiliation": "Elsewhere"}).status_code == 302
    page = ada.get(f"/meetings/{cast.slug}/people").get_data(as_text=True)
    assert ("Cyn Participant" in page, "Cyn Married" in page, "cyn.private" in page) == (True, False, False)


@pytest.mark.parametrize("is_for_door", [False, True])
def test_opening_a_meetings_link_names_no_account(cast: Cast, app: Flask, sign_in, is_for_door: bool) -> None:
    """mal drafts somebody who has accepted nothing, and opens what the own meeting made for them."""
    person = db.session.get_one(Person, cast.ids["dov"])
    place = draft(cast, "dov@example.org")
    link = make_link(person, lifetime=timedelta(hours=1), meeting_id=place.meeting_id)
    with transaction():
        queries.usable_link(link.rpartition("/")[2]).is_for_door = is_for_door
    assert app.test_client().post(link.removeprefix("http://localhost")).status_code == 302
    db.session.expire_all()
    assert "Whoever" not in db.session.get_one(Person, person.id).name
    account = own(app, cast, "dov").get("/account").get_data(as_text=True)
    assert "Whoever This Is" not in account
    # Each meeting goes on with what it wrote itself.
    people = {slug: sign_in(cast.person(who)).get(f"/meetings/{slug}/people").get_data(as_text=True)
              for who, slug in (("mal", cast.other_slug), ("ada", cast.slug))}
    assert "Whoever This Is" in people[cast.other_slug]
    assert ("Dov Invited" in people[cast.slug], "Whoever This Is" in people[cast.slug]) == (True, False)


def test_accepting_without_a_name_of_ones_own_shows_what_each_meeting_wrote(cast: Cast, app: Flask, sign_in) -> None:
    draft(cast, "dov@example.org")
    browser = own(app, cast, "dov")
    for slug in (cast.slug, cast.other_slug):
        assert browser.post(f"/meetings/{slug}/invitation/accept").status_code == 302
    shown = [queries.membership(cast.ids["dov"], slug=slug).shown_name for slug in (cast.slug, cast.other_slug)]
    assert shown == ["Dov Invited", "Whoever This Is"]
    assert browser.post("/account/name", data={"name": "Dov Himself", "affiliation": ""}).status_code == 302
    db.session.expire_all()
    shown = [queries.membership(cast.ids["dov"], slug=slug).shown_name for slug in (cast.slug, cast.other_slug)]
    assert shown == ["Dov Himself"] * 2


def test_account_without_a_name_says_so_and_is_greeted_by_its_address(cast: Cast, app: Flask, sign_in) -> None:
    page = own(app, cast, "dov").get("/account").get_data(as_text=True)
    assert "each meeting shows you as its organizers wrote" in page
    assert re.search(r"Account: dov@example.org", page)
