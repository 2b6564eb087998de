"""The number of an account tells whether it was there before; organizers and holders of cards get it nowhere."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from sigforum.audit.domain import detail_sha256
from sigforum.extensions import db
from sigforum.people.actions import invite_people
from sigforum.people.domain import MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.people.models import Membership, Person
from sigforum.people.queries import person_by_email, usable_link
from sigforum.transaction import transaction
from tests.casting import Cast, meets_today

LISTED = """name,email,affiliation,stakeholder group,role,sessions
Lou Leading,lou@example.org,Here,Industry,facilitator,1A
Pat Taking,pat@example.org,Here,Industry,participant,
Dee Drafted,dee@example.org,Here,Industry,participant,
"""
NUMBERS = {"lou": 86100017, "pat": 86100018, "dee": 86100019}


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Three people whose accounts have numbers that are found nowhere else; two come, and one leads the session."""
    with transaction():
        for name, number in NUMBERS.items():
            db.session.add(Person(id=number, email=f"{name}@example.org", name=f"{name.title()} Themselves"))
    invite_people(cast.viewer("ada"), parse_invitations(LISTED, codes={"1A": cast.forum_session().id}).people,
                  send_mail=False)
    with transaction():
        db.session.execute(update(Membership).where(
            Membership.person_id.in_([NUMBERS["lou"], NUMBERS["pat"]])).values(status=MembershipStatus.ACCEPTED))
    return cast


def pages_of(browser: FlaskClient, cast: Cast) -> dict[str, str]:
    """What a browser gets at the addresses at which people are listed, chosen or logged."""
    base = f"/meetings/{cast.slug}"
    dee = next(place.id for place in db.session.query(Membership).filter_by(person_id=NUMBERS["dee"]))
    paths = ("", "/people", "/people/invite", f"/people/{dee}/erase", "/people/cards", "/people/outbox/invitation",
             "/audit", "/audit.csv", "/audit?verb=people_invited", "/sessions/1A", "/sessions/1A/console",
             "/sessions/1A/recusals", "/sessions/1A/interests", "/sessions/1A/projector", "/sessions/1A/enter",
             "/sessions/1A/summary", "/interests", "/summary", "/exports", "/search?q=lou", "/retention")
    answers = {path: browser.get(base + path) for path in paths}
    return {path: answer.get_data(as_text=True) for path, answer in answers.items() if answer.status_code == 200}


def test_organizer_gets_the_number_of_no_account(known: Cast, sign_in) -> None:
    lou, ada = sign_in(known.person("lou")), sign_in(known.person("ada"))
    base = f"/meetings/{known.slug}"
    assert lou.post(f"{base}/sessions/1A/lead").status_code == 302
    places = {place.person_id: place.id for place in db.session.query(Membership)}
    for chosen in (places[NUMBERS["pat"]], NUMBERS["pat"]):
        ada.post(f"{base}/sessions/1A/recusals", data={"person": chosen, "reason": "A share in it"})
    ada.post(f"{base}/people/{places[NUMBERS['dee']]}/name", data={"name": "Dee Corrected", "affiliation": ""})
    ada.post(f"{base}/people/{places[NUMBERS['dee']]}/erase", data={"texts": "keep", "confirm": "yes"})
    pages = pages_of(ada, known)
    assert len(pages) > 15
    assert sum("Lou Themselves" in text for text in pages.values()) > 5, "the search is blind"
    assert [path for path, text in pages.items() if re.search(r"861000\d\d", text)] == []


def test_holder_of_a_card_reads_the_number_of_no_account(known: Cast, sign_in) -> None:
    link = make_link(person_by_email("dee@example.org"), lifetime=timedelta(hours=1), meeting_id=known.meeting_id)
    found = usable_link(link.rpartition("/")[2])
    found.is_for_door = True
    meets_today(known.meeting_id)
    db.session.commit()
    browser = sign_in(None)
    assert browser.post(link.removeprefix("http://localhost")).status_code == 302
    pages = pages_of(browser, known) | {"/": browser.get("/").get_data(as_text=True)}
    assert "Dee Drafted" in pages["/sessions/1A"]
    assert [path for path, text in pages.items() if re.search(r"861000\d\d", text)] == []
    assert not re.search(r"861000\d\d", "".join(str(one) for one in browser._cookies.values()))


def test_people_of_one_name_stand_in_the_order_in_which_they_were_invited(known: Cast, sign_in) -> None:
    """Not in that of their accounts: an address that was known before would stand before one that was not."""
    twice = "name,email\nSame Name,fresh@example.org\nSame Name,mal@example.org\n"
    invite_people(known.viewer("ada"), parse_invitations(twice, codes={}).people, send_mail=False)
    page = sign_in(known.person("ada")).get(f"/meetings/{known.slug}/people").get_data(as_text=True)
    assert page.index("fresh@example.org") < page.index("mal@example.org")


def test_hashes_of_the_file_let_no_number_be_tried_out(known: Cast, sign_in) -> None:
    """Whoever knows all of an entry but the number of an account could count up until the hash fits."""
    file = sign_in(known.person("ada")).get(f"/meetings/{known.slug}/audit.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
    invited = [row for row in rows if row["verb"] == "people_invited"]
    assert len(invited) > 1
    tried = detail_sha256({"people": list(NUMBERS.values())})
    assert tried not in [row["detail sha256"] for row in invited]
    assert "salt" not in file


def test_erased_looks_the_same_whether_other_meetings_know_the_person_or_not(known: Cast, sign_in) -> None:
    listed = "name,email\nOnly Here,fresh@example.org\nAlso There,mal@example.org\n"
    invite_people(known.viewer("ada"), parse_invitations(listed, codes={}).people, send_mail=False)
    ada, base = sign_in(known.person("ada")), f"/meetings/{known.slug}"
    for address in ("fresh@example.org", "mal@example.org"):
        place = db.session.query(Membership).filter_by(
            meeting_id=known.meeting_id, person_id=person_by_email(address).id).one()
        assert ada.post(f"{base}/people/{place.id}/erase", data={"texts": "keep", "confirm": "yes"}).status_code == 302
    file = ada.get(f"{base}/audit.csv").get_data(as_text=True)
    rows = [row for row in csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))) if row["verb"] == "data_erased"]
    assert len(rows) == 2
    told = [{name: row[name] for name in ("person", "person number", "what", "what in words", "detail in words")}
            for row in rows]
    assert told[0] == told[1]
    invited = [row for row in csv.DictReader(io.StringIO(file.removeprefix("\ufeff")))
               if row["verb"] == "people_invited"][-1]
    assert re.findall(r"\d+", invited["detail"]) == []
