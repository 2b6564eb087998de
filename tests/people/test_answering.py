"""Answering an invitation: accepting one and no other, declining without signing in, and what an organizer sees."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sigforum.extensions import db
from sigforum.people import invited_queries, queries
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.domain import MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.people.mail import send_queued_mail
from sigforum.people.models import Membership, OutgoingMail
from tests.casting import Cast
from tests.previewing import post_seen

pytestmark = pytest.mark.usefixtures("cast")


def link_of(cast: Cast, name: str, *, meeting_id: int | None) -> str:
    return make_link(cast.person(name), lifetime=timedelta(hours=1), meeting_id=meeting_id).removeprefix(
        "http://localhost")


def other_meeting(cast: Cast) -> int:
    return queries.memberships_of(cast.ids["mal"])[0].meeting_id


def invite_elsewhere(cast: Cast, text: str) -> None:
    """Invite as mal, who organizes another meeting."""
    viewer = queries.membership(cast.ids["mal"], slug=cast.other_slug).viewer()
    invite_people(viewer, parse_invitations(text, codes={}).people, send_mail=False)


def status(cast: Cast, name: str, meeting_id: int) -> str:
    db.session.rollback()
    return db.session.scalars(db.select(Membership).where(
        Membership.person_id == cast.ids[name], Membership.meeting_id == meeting_id)).unique().one().status


def people_page(sign_in, cast: Cast, *, name: str = "ada", slug: str | None = None) -> str:
    return sign_in(cast.person(name)).get(f"/meetings/{slug or cast.slug}/people").get_data(as_text=True)


@pytest.mark.both_databases
def test_link_accepts_the_invitation_it_was_sent_for_and_no_other(cast: Cast, app: Flask) -> None:
    invite_elsewhere(cast, "name,email\nDov Elsewhere,dov@example.org\n")
    app.test_client().post(link_of(cast, "dov", meeting_id=cast.meeting_id))
    assert status(cast, "dov", cast.meeting_id) == MembershipStatus.ACCEPTED
    assert status(cast, "dov", other_meeting(cast)) == MembershipStatus.INVITED


def test_signing_in_accepts_nothing_and_the_home_page_asks(cast: Cast, app: Flask) -> None:
    browser = app.test_client()
    assert browser.post(link_of(cast, "dov", meeting_id=None)).status_code == 302
    assert status(cast, "dov", cast.meeting_id) == MembershipStatus.INVITED
    page = browser.get("/?meeting=None", follow_redirects=True).get_data(as_text=True)
    assert "You are invited" in page
    assert "Cells that stay" in page
    refused = browser.get(f"/meetings/{cast.slug}")
    assert refused.status_code == 403
    assert "Accept the invitation" in refused.get_data(as_text=True)
    answer = browser.post(f"/meetings/{cast.slug}/invitation/accept")
    assert answer.location == f"/meetings/{cast.slug}"
    assert browser.get(answer.location).status_code == 200
    assert browser.post(f"/meetings/{cast.slug}/invitation/decline").status_code == 409


def test_declining_needs_no_signing_in_and_opening_changes_nothing(cast: Cast, app: Flask, whole_database) -> None:
    path = link_of(cast, "dov", meeting_id=cast.meeting_id)
    before = whole_database()
    browser = app.test_client()
    page = browser.get(path).get_data(as_text=True)
    assert "Decline the invitation" in page
    assert "Cells that stay" in page
    for method in ("GET", "HEAD", "OPTIONS"):
        browser.open(f"{path}/decline", method=method)
        browser.open(f"{path}/opened", method=method)
    assert whole_database() == before
    assert "You have declined" in browser.post(f"{path}/decline").get_data(as_text=True)
    assert status(cast, "dov", cast.meeting_id) == MembershipStatus.DECLINED
    assert browser.get("/account").status_code == 401
    after = whole_database()
    assert browser.post(f"{path}/decline").status_code == 200
    assert whole_database() == after, "repeating does no harm"


def test_who_declined_can_think_better_of_it_with_the_same_link(cast: Cast, app: Flask) -> None:
    path = link_of(cast, "dov", meeting_id=cast.meeting_id)
    browser = app.test_client()
    browser.post(f"{path}/decline")
    assert "after all" in browser.get(path).get_data(as_text=True)
    browser.post(path)
    assert status(cast, "dov", cast.meeting_id) == MembershipStatus.ACCEPTED
    assert browser.get(f"/meetings/{cast.slug}").status_code == 200


def test_declined_member_has_no_place_and_gets_no_mail(cast: Cast, app: Flask) -> None:
    path = link_of(cast, "dov", meeting_id=cast.meeting_id)
    db.session.add(OutgoingMail(person_id=cast.ids["dov"], meeting_id=cast.meeting_id, template="reminder"))
    db.session.commit()
    app.test_client().post(f"{path}/decline")
    assert db.session.scalars(db.select(OutgoingMail)).one().state == "withdrawn"
    assert send_queued_mail() == 0
    browser = app.test_client()
    browser.post(link_of(cast, "dov", meeting_id=None))
    assert browser.get(f"/meetings/{cast.slug}").status_code == 404
    assert cast.ids["dov"] not in {one.person_id for one in invited_queries.voters(
        cast.meeting_id, cast.forum_session().id)}


@pytest.mark.parametrize("meeting", [False, True])
def test_removed_person_neither_declines_nor_comes_back_by_an_old_link(
        cast: Cast, app: Flask, whole_database, meeting: bool) -> None:
    path = link_of(cast, "dov", meeting_id=cast.meeting_id if meeting else None)
    revoke_membership(cast.viewer("ada"), cast.viewer("dov").membership_id)
    before = whole_database()
    # The meeting's own link ended with the place; the one to the account leads to no invitation.
    for what, over in (("decline", 410), ("opened", 400)):
        assert app.test_client().post(f"{path}/{what}").status_code == (over if meeting else 404)
    assert whole_database() == before
    browser = app.test_client()
    browser.post(path)
    assert browser.get(f"/meetings/{cast.slug}").status_code == (401 if meeting else 404)
    assert status(cast, "dov", cast.meeting_id) == MembershipStatus.REVOKED


def test_used_expired_and_made_up_links_answer_nothing(cast: Cast, app: Flask, whole_database) -> None:
    used = link_of(cast, "dov", meeting_id=cast.meeting_id)
    app.test_client().post(used)
    before = whole_database()
    for path in (used, "/sign-in/made-up"):
        assert app.test_client().post(f"{path}/decline").status_code == 410
        assert app.test_client().post(f"{path}/opened").status_code == 400
    assert whole_database() == before


def test_opened_is_noted_once_and_shown_to_the_organizer(cast: Cast, app: Flask, sign_in, whole_database) -> None:
    path = link_of(cast, "dov", meeting_id=cast.meeting_id)
    assert "No mail yet" in people_page(sign_in, cast)
    assert app.test_client().post(f"{path}/opened", headers={"Accept": "application/json"}).json == {"ok": True}
    after = whole_database()
    app.test_client().post(f"{path}/opened")
    assert whole_database() == after
    assert "Opened" in people_page(sign_in, cast)


def test_inviting_a_known_address_does_not_tell_the_name_that_another_meeting_keeps(
        cast: Cast, app: Flask, sign_in) -> None:
    """Until somebody accepts, an organizer reads what they themselves wrote, on every page and in the mail."""
    sent = "name,email,affiliation\nB. P.,ben@example.org,Somewhere\nNew One,new@example.org,Here\n"
    browser: FlaskClient = sign_in(cast.person("mal"))
    address = f"/meetings/{cast.other_slug}/people"
    pages = [browser.post(f"{address}/invite", data={"text": sent, "step": "preview"}).get_data(as_text=True)]
    post_seen(browser, f"{address}/invite", {"text": sent, "step": "draft"})
    pages += [browser.get(f"{address}{more}").get_data(as_text=True)
              for more in ("", "/outbox/invitation", "/cards")]
    for page in pages:
        assert "B. P." in page
        assert "Ben Participant" not in page
        assert "Ben&#39;s" not in page
        # Nor does anything else tell the known address from the new one.
        assert "already" not in page
    names = [one.name for one in invited_queries.roster(other_meeting(cast), 0)]
    assert "B. P." in names
    assert cast.person("ben").name == "Ben Participant"
    app.test_client().post(link_of(cast, "ben", meeting_id=other_meeting(cast)))
    # The link is this meeting's own: it goes on showing what its organizer wrote.
    assert "Ben Participant" not in people_page(sign_in, cast, name="mal", slug=cast.other_slug)


def test_first_acceptance_shows_somebody_new_as_this_meeting_wrote_and_names_no_account(cast: Cast, app: Flask) -> None:
    invite_elsewhere(cast, "name,email,affiliation\nD. Misspelt,dov2@example.org,Old\n")
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,affiliation\nDov Second,dov2@example.org,Dov's Lab\n", codes={}).people, send_mail=False)
    person = queries.person_by_email("dov2@example.org")
    assert person is not None
    assert person.name == "D. Misspelt"
    app.test_client().post(make_link(person, lifetime=timedelta(hours=1), meeting_id=cast.meeting_id))
    person = queries.person_by_email("dov2@example.org")
    assert person is not None
    assert (person.name, person.own_name) == ("D. Misspelt", "dov2@example.org")
    place = queries.membership(person.id, meeting_id=cast.meeting_id)
    assert (place.shown_name, place.shown_affiliation) == ("Dov Second", "Dov's Lab")
