"""An organizer who knows an address learns no name by it that another meeting stored, nor that one did."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sigforum.agenda.models import Meeting
from sigforum.extensions import db, limiter
from sigforum.people import door_sheet, queries
from sigforum.people.actions import invite_people
from sigforum.people.door_sheet import print_cards
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.transaction import transaction
from tests.casting import Cast

LISTED = "name,email,affiliation,role\nWhoever This Is,{address},Somewhere,{role}"


@pytest.fixture
def in_by_card(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch):
    """mal puts an address on the list of the own meeting, prints its card and opens it: the browser, and the page."""
    limiter.reset()
    made: list[str] = []
    original = door_sheet.new_token
    monkeypatch.setattr(door_sheet, "new_token", lambda: made.append(original()) or made[-1])

    def come_in(address: str, role: str = "participant") -> tuple[FlaskClient, str]:
        mal = queries.membership(cast.ids["mal"], slug=cast.other_slug).viewer()
        with transaction():
            meeting = db.session.get_one(Meeting, mal.meeting_id)
            meeting.start_on = meeting.end_on = date.today()
        place, = invite_people(mal, parse_invitations(LISTED.format(address=address, role=role), codes={}).people,
                               send_mail=False)
        print_cards(mal, meeting, membership_ids={place.id})
        browser = app.test_client()
        page = browser.get(f"/sign-in/{made[-1]}").get_data(as_text=True)
        assert browser.post(f"/sign-in/{made[-1]}").status_code == 302
        return browser, page
    return come_in


@pytest.mark.parametrize("name", ["cyn", "ada"])
def test_card_tells_no_name_of_another_meeting(cast: Cast, sign_in, in_by_card, name: str) -> None:
    full = cast.person(name).name
    browser, page = in_by_card(f"{name}@example.org")
    place = queries.membership(cast.ids[name], slug=cast.other_slug)
    meeting = f"/meetings/{cast.other_slug}"
    question = place.meeting.forum_sessions[0].asked[0].id
    browser.post(f"{meeting}/sessions/1A/enter", data={"notice": "1", "attribution": "named", "stance": "nothing"})
    browser.post(f"{meeting}/sessions/1A/responses",
                 data={"question_id": question, "key": "by-a-card-here", "shown": "named",
                       "text": "Said by a card"})
    organizer = sign_in(cast.person("mal"))
    pages = {"behind the card": page}
    pages |= {f"{who} {path}": one.get(f"{meeting}{path}").get_data(as_text=True)
              for who, one in (("card", browser), ("organizer", organizer))
              for path in ("", "/people", "/audit", "/audit.csv", f"/people/{place.id}/erase", "/sessions/1A",
                           "/people/cards", "/people/outbox/change", "/search?q=card", "/sessions/1A/console")}
    pages["home"] = browser.get("/").get_data(as_text=True)
    assert [where for where, text in pages.items() if full in text] == []
    assert sum("Whoever This Is" in text for text in pages.values()) > 6, "the search is blind"


def test_console_tells_no_name_of_another_meeting(cast: Cast, sign_in, in_by_card) -> None:
    """Not as somebody who could lead the room, and not as who leads it."""
    browser, _ = in_by_card("cyn@example.org", role="facilitator")
    session, organizer = f"/meetings/{cast.other_slug}/sessions/1A", sign_in(cast.person("mal"))
    pages = [organizer.get(f"{session}/console").get_data(as_text=True)]
    assert browser.post(f"{session}/lead").status_code == 302
    pages += [one.get(f"{session}/console").get_data(as_text=True) for one in (organizer, browser)]
    assert ["Cyn Participant" in page for page in pages] == [False] * 3
    assert "Hand over to" in pages[0]
    assert ["<b>Whoever This Is</b> leads" in page for page in pages] == [False, True, True]


def test_known_and_unknown_addresses_look_the_same_to_an_organizer(cast: Cast, sign_in, in_by_card) -> None:
    """Whether an address was here before shows neither behind the card nor on the organizer's pages."""
    seen = {}
    for address in ("cyn@example.org", "ada@example.org", "new-here@example.org"):
        browser, page = in_by_card(address)
        person = queries.person_by_email(address)
        assert person is not None
        organizer = sign_in(cast.person("mal"))
        texts = [page, *(one.get(f"/meetings/{cast.other_slug}{path}").get_data(as_text=True)
                         for one, path in ((browser, ""), (organizer, "/people")))]
        place = queries.membership(person.id, slug=cast.other_slug)
        row = organizer.get(f"/meetings/{cast.other_slug}/people").get_data(as_text=True)
        assert "Whoever This Is" in row
        seen[address] = ("Continue as Whoever This Is" in texts[0], place.status, place.shown_name,
                         place.shown_affiliation)
    assert set(seen.values()) == {(True, "accepted", "Whoever This Is", "Somewhere")}


def test_accepting_with_a_full_sign_in_shows_the_own_name_and_says_so(cast: Cast, sign_in) -> None:
    mal = queries.membership(cast.ids["mal"], slug=cast.other_slug).viewer()
    listed = LISTED.format(address="cyn@example.org", role="")
    invite_people(mal, parse_invitations(listed, codes={}).people, send_mail=False)
    browser = sign_in(None)
    browser.post(make_link(cast.person("cyn"), lifetime=timedelta(hours=1)).removeprefix("http://localhost"))
    assert "its members see your own name and affiliation: Cyn Participant" in browser.get("/").get_data(as_text=True)
    assert browser.post(f"/meetings/{cast.other_slug}/invitation/accept").status_code == 302
    assert queries.membership(cast.ids["cyn"], slug=cast.other_slug).shown_name == "Cyn Participant"
