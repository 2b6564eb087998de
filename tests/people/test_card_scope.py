"""A card, or the link of an invitation, is made by one meeting and opens that meeting only."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sigforum.agenda.models import Meeting
from sigforum.extensions import db, limiter
from sigforum.people import door_sheet, queries
from sigforum.people.actions import invite_people
from sigforum.people.domain import Role
from sigforum.people.door_sheet import print_cards
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.people.models import Membership
from sigforum.people.signing_models import Authenticator
from sigforum.transaction import transaction
from tests.casting import Cast

ACCOUNT_PAGES = ("/account", "/account/mail", "/account/data.zip", "/account/erase", "/account/passkeys/options",
                 "/account/authenticator")
ACCOUNT_ACTS = {"/account/sign-outs": {}, "/account/erase": {"texts": "keep", "confirm": "yes"},
                "/account/passkeys": {"credential": "{}"}, "/account/passkeys/1/remove": {},
                "/account/authenticator": {"code": "123456"}, "/account/authenticator/remove": {},
                "/account/recovery-codes": {}}


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets of the cards in their order, as whoever decodes the printed pictures has them."""
    made: list[str] = []
    original = door_sheet.new_token

    def noted() -> str:
        made.append(original())
        return made[-1]
    monkeypatch.setattr(door_sheet, "new_token", noted)
    return made


@pytest.fixture
def taken_over(cast: Cast, app: Flask, tokens: list[str]) -> Callable[[str], FlaskClient]:
    """What mal, who organizes another meeting, makes of an address: the person is put on the own list without mail, a
    card is printed, and its code opened."""
    limiter.reset()

    def take_over(name: str) -> FlaskClient:
        place = queries.membership(cast.ids["mal"], slug=cast.other_slug)
        with transaction():
            theirs = db.session.get_one(Meeting, place.meeting_id)
            theirs.start_on = theirs.end_on = date.today()
        mal = place.viewer()
        invite_people(mal, parse_invitations(
            f"name,email\nWhoever This Is,{name}@example.org", codes={}).people, send_mail=False)
        victim = queries.membership(cast.ids[name], slug=cast.other_slug)
        print_cards(mal, db.session.get_one(Meeting, mal.meeting_id), membership_ids={victim.id})
        browser = app.test_client()
        assert browser.post(f"/sign-in/{tokens[-1]}").status_code == 302
        return browser
    return take_over


@pytest.mark.parametrize("name", ["ada", "ben", "finn"])
def test_card_of_another_meeting_opens_no_account(cast: Cast, taken_over, whole_database, name: str) -> None:
    browser = taken_over(name)
    assert browser.get(f"/meetings/{cast.other_slug}").status_code == 200, "the card opens nothing at all"
    before = whole_database()
    for page in ACCOUNT_PAGES:
        assert browser.get(page).status_code in (403, 404), page
    for page, form in ACCOUNT_ACTS.items():
        assert browser.post(page, data=form).status_code in (403, 404), page
    for page in ("", "/people", "/audit", "/sessions/1A", "/summary", "/exports", "/search?q=cells"):
        assert browser.get(f"/meetings/{cast.slug}{page}").status_code == 404, page
    assert browser.post(f"/meetings/{cast.slug}/people/invite", data={"text": "x", "step": "send"}).status_code == 404
    assert browser.get("/meetings/new").status_code in (403, 404)
    home = browser.get("/").get_data(as_text=True)
    assert "Another meeting" in home
    assert "Cells that stay" not in home
    assert whole_database() == before


def test_code_on_the_wall_of_another_meeting_is_not_followed(cast: Cast, taken_over, sign_in) -> None:
    page = sign_in(cast.person("finn")).get(f"/meetings/{cast.slug}/sessions/1A/projector").get_data(as_text=True)
    code = re.findall(r"/j/([\w-]+)", page)[0]
    assert sign_in(cast.person("ben")).get(f"/j/{code}").status_code == 302
    assert taken_over("ben").get(f"/j/{code}").status_code == 404


@pytest.mark.parametrize("name", ["ada", "ben"])
def test_link_of_an_invitation_opens_its_meeting_only(cast: Cast, app: Flask, name: str) -> None:
    """The words around it are an organizer's, and may lead its token astray."""
    place = queries.membership(cast.ids["mal"], slug=cast.other_slug)
    invite_people(place.viewer(), parse_invitations(f"name,email\nX,{name}@example.org", codes={}).people,
                  send_mail=False)

    link = make_link(cast.person(name), meeting_id=place.meeting_id, lifetime=timedelta(days=1))
    browser = app.test_client()
    assert browser.post(link.removeprefix("http://localhost")).status_code == 302
    assert browser.get(f"/meetings/{cast.other_slug}").status_code == 200
    assert browser.get("/account").status_code == 403
    assert browser.get(f"/meetings/{cast.slug}").status_code == 404


def test_card_of_somebody_made_an_organizer_later_organizes_nothing(cast: Cast, taken_over) -> None:
    browser = taken_over("eve")
    assert browser.get(f"/meetings/{cast.other_slug}").status_code == 200
    with transaction():
        place = queries.membership(cast.ids["eve"], slug=cast.other_slug)
        db.session.get_one(Membership, place.id).role = Role.ORGANIZER
    for page in ("", "/people", "/audit", "/people/cards"):
        assert browser.get(f"/meetings/{cast.other_slug}{page}").status_code == 403, page


def test_every_page_says_how_one_is_signed_in_and_leads_to_more(cast: Cast, taken_over, app: Flask) -> None:
    browser = taken_over("ben")
    for page in ("/", f"/meetings/{cast.other_slug}", f"/meetings/{cast.other_slug}/sessions/1A"):
        text = browser.get(page).get_data(as_text=True)
        assert "Signed in by a card, for this meeting only" in text, page
        assert 'href="/sign-in"' in text, page
    refused = browser.get("/account").get_data(as_text=True)
    assert "signed in for one meeting only" in refused
    assert "Sign in fully" in refused
    # A full sign-in leads on to the page that was refused, and everything is open.

    link = make_link(cast.person("ben"), lifetime=timedelta(hours=1)).removeprefix("http://localhost")
    assert browser.post(link).location == "/account"
    text = browser.get(f"/meetings/{cast.slug}").get_data(as_text=True)
    assert "for this meeting only" not in text


def test_authenticator_app_is_not_told_by_a_card(cast: Cast, taken_over, app: Flask) -> None:
    """Being asked for a code would tell whoever printed the card that its owner organizes elsewhere."""

    with transaction():
        db.session.add(Authenticator(person_id=cast.ids["ada"], sealed_secret="sealed"))
    assert taken_over("ada").get(f"/meetings/{cast.other_slug}").status_code == 200
