"""Names, affiliations and addresses are corrected after acceptance: here by an organizer, everywhere by oneself."""

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people import queries
from sigforum.people.mail import send_queued_mail
from sigforum.people.models import SignInLink
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.casting import Cast
from tests.people.test_mail import use
from tests.serving import Mailbox, text_of


@pytest.fixture
def mailbox(app: Flask):
    """A real mail server, and the application told of it."""
    box = Mailbox()
    use(app, box.url)
    yield box
    box.stop()


def place(cast: Cast, name: str = "ben"):
    db.session.rollback()
    return queries.membership(cast.ids[name], meeting_id=cast.meeting_id)


def newest(cast: Cast, verb: str, name: str = "ben") -> AuditEntry:
    db.session.rollback()
    entry = db.session.scalars(select(AuditEntry).where(
        AuditEntry.verb == verb, AuditEntry.subject == f"person {cast.ids[name]}").order_by(
        AuditEntry.id.desc())).first()
    assert entry is not None
    return entry


def test_organizer_corrects_a_name_for_this_meeting_alone(cast: Cast, sign_in) -> None:
    post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[1].id, parent_id=None, key="a-response", text="Near the patient"))
    ada, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people/{place(cast).id}/name"
    assert 'value="Ben Participant"' in ada.get(address).get_data(as_text=True)
    assert ada.post(address, data={"name": "Dr. Ben Right", "affiliation": "Right Works"}).status_code == 302
    assert (place(cast).shown_name, place(cast).shown_affiliation) == ("Dr. Ben Right", "Right Works")
    assert cast.person("ben").name == "Ben Participant"
    page = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert "Dr. Ben Right" in page
    assert "Ben Participant" not in page
    entry = newest(cast, "person_renamed")
    assert (entry.actor_id, entry.detail["before"]["name"], entry.detail["after"]["name"]) == (
        cast.ids["ada"], "Ben Participant", "Dr. Ben Right")


def test_wrong_name_is_refused_at_its_field_and_kept(cast: Cast, sign_in, whole_database) -> None:
    ada, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people/{place(cast).id}/name"
    before = whole_database()
    for name, message in (("\u200b", "A name is needed."), ("N" * 201, "At most 200 characters.")):
        answer = ada.post(address, data={"name": name, "affiliation": "Typed Works"})
        page = html.unescape(answer.get_data(as_text=True))
        assert (answer.status_code, message in page, "Typed Works" in page) == (422, True, True)
    assert whole_database() == before


def test_person_corrects_the_own_name_in_every_meeting_and_over_an_organizers(cast: Cast, sign_in) -> None:
    sign_in(cast.person("ada")).post(
        f"/meetings/{cast.slug}/people/{place(cast).id}/name", data={"name": "Wrong", "affiliation": ""})
    ben = sign_in(cast.person("ben"))
    assert ben.post("/account/name", data={"name": "Ben O'Right", "affiliation": "Own Works"}).status_code == 302
    assert (place(cast).shown_name, place(cast).shown_affiliation) == ("Ben O'Right", "Own Works")
    assert newest(cast, "person_renamed").detail["before"]["name"] == "Wrong"


def test_erasure_strikes_the_names_out_of_the_log(cast: Cast, sign_in) -> None:
    sign_in(cast.person("ada")).post(
        f"/meetings/{cast.slug}/people/{place(cast).id}/name", data={"name": "Ben Right", "affiliation": ""})
    assert "Ben Right" in str(newest(cast, "person_renamed").detail)
    erase_member(cast.viewer("ada"), place(cast).id, texts=Texts.KEEP)
    assert newest(cast, "person_renamed").detail == {}
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit").get_data(as_text=True)
    assert "Ben Right" not in page


def link_to(mailbox: Mailbox, address: str) -> str:
    found = re.search(r"http://localhost(/account/address/\S+)", text_of(mailbox.newest_to(address)))
    assert found is not None
    return found[1]


def test_address_changes_once_the_new_mailbox_has_confirmed_it(cast: Cast, sign_in, mailbox: Mailbox) -> None:
    ben = sign_in(cast.person("ben"))
    assert ben.post("/account/address", data={"email": "New.Ben@Example.ORG "}).status_code == 302
    send_queued_mail()
    link = link_to(mailbox, "new.ben@example.org")
    assert ben.get(link).status_code == 200
    assert queries.person_by_email("ben@example.org") is not None, "looking at the page changes nothing"
    assert sign_in(cast.person("cyn")).post(link).status_code == 409
    assert ben.post(link).status_code == 302
    person = queries.person_by_email("new.ben@example.org")
    assert person is not None
    assert person.id == cast.ids["ben"]
    assert ben.post(link).status_code == 409
    send_queued_mail()
    assert "Your address was changed" in mailbox.newest_to("ben@example.org")["Subject"]
    assert newest(cast, "address_changed").detail["after"] == {"address": "new.ben@example.org"}


def test_links_in_the_old_mailbox_end_and_somebody_elses_address_is_not_taken(
        cast: Cast, sign_in, mailbox: Mailbox, app: Flask) -> None:
    ben = sign_in(cast.person("ben"))
    app.test_client().post("/sign-in", data={"email": "ben@example.org"})
    for address in ("cyn@example.org", "new.ben@example.org"):
        ben.post("/account/address", data={"email": address})
    send_queued_mail()
    assert ben.post(link_to(mailbox, "cyn@example.org")).status_code == 409
    old = re.search(r"http://localhost(/sign-in/\S+)", text_of(mailbox.newest_to("ben@example.org")))
    assert old is not None
    assert app.test_client().get(old[1]).status_code == 200
    assert ben.post(link_to(mailbox, "new.ben@example.org")).status_code == 302
    assert app.test_client().get(old[1]).status_code == 410
    assert db.session.scalars(select(SignInLink)).first() is not None


@pytest.mark.parametrize("typed", ["", "ben", "ben@example.org", "a,b@example.org"])
def test_what_is_no_new_address_is_refused_and_kept(cast: Cast, sign_in, whole_database, typed: str) -> None:
    ben = sign_in(cast.person("ben"))
    before = whole_database()
    answer = ben.post("/account/address", data={"email": typed})
    assert (answer.status_code, whole_database()) == (422, before)
    assert f'value="{typed}"' in answer.get_data(as_text=True)
