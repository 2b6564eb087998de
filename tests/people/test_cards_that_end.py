"""A card ends for good: with its owner's place in the meeting, and with the card that is made after it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.migrating import downgrade, upgrade
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people import door_sheet, queries
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.domain import MembershipStatus
from sigforum.people.door_sheet import print_cards
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.people.models import Membership, SignIn, SignInLink
from sigforum.people.signing_models import Authenticator, SecondStep
from sigforum.transaction import transaction
from tests.casting import Cast


@pytest.fixture
def tokens(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets of the cards in their order; the meeting is today."""
    with transaction():
        meeting = db.session.get_one(Meeting, cast.meeting_id)
        meeting.start_on = meeting.end_on = date.today()
    made: list[str] = []
    original = door_sheet.new_token

    def noted() -> str:
        made.append(original())
        return made[-1]
    monkeypatch.setattr(door_sheet, "new_token", noted)
    return made


@pytest.fixture
def found(cast: Cast, app: Flask, tokens: list[str]) -> Callable[[str], FlaskClient]:
    """A stranger's browser that has opened a new card of somebody's."""
    def find(name: str) -> FlaskClient:
        print_card(cast, name)
        browser = app.test_client()
        assert browser.post(f"/sign-in/{tokens[-1]}").status_code == 302
        assert browser.get(f"/meetings/{cast.slug}").status_code == 200, "the card opens nothing at all"
        return browser
    return find


def print_card(cast: Cast, name: str) -> None:
    place = queries.membership(cast.ids[name], meeting_id=cast.meeting_id)
    print_cards(cast.viewer("ada"), db.session.get_one(Meeting, cast.meeting_id), membership_ids={place.id})


def invite_again(cast: Cast, name: str) -> None:
    invite_people(cast.viewer("ada"), parse_invitations(
        f"name,email\nCalled Back,{name}@example.org", codes={}).people, send_mail=False)


def status(cast: Cast, name: str) -> str:
    return db.session.scalars(db.select(Membership.status).where(
        Membership.person_id == cast.ids[name], Membership.meeting_id == cast.meeting_id)).one()


def test_removing_somebody_ends_their_card_and_who_came_by_it_for_good(
        cast: Cast, app: Flask, tokens: list[str], found, sign_in) -> None:
    thief, own, bens = found("cyn"), sign_in(cast.person("cyn")), found("ben")
    revoke_membership(cast.viewer("ada"), cast.viewer("cyn").membership_id)
    made = db.session.scalar(db.select(db.func.count(SignIn.id)))
    answers = [app.test_client().get(f"/sign-in/{tokens[0]}"), app.test_client().post(f"/sign-in/{tokens[0]}")]
    invite_again(cast, "cyn")
    answers.append(app.test_client().post(f"/sign-in/{tokens[0]}"))
    assert [one.status_code for one in answers] == [410, 410, 410]
    assert db.session.scalar(db.select(db.func.count(SignIn.id))) == made, "the card still signs in"
    assert status(cast, "cyn") == MembershipStatus.INVITED, "whoever found the card took the place up"
    assert thief.get(f"/meetings/{cast.slug}").status_code == 401
    # Somebody else's card goes on, and so does the owner's own full sign-in.
    assert bens.get(f"/meetings/{cast.slug}").status_code == 200
    assert own.post(f"/meetings/{cast.slug}/invitation/accept").status_code == 302
    assert own.get(f"/meetings/{cast.slug}").status_code == 200
    assert thief.get(f"/meetings/{cast.slug}").status_code == 401


@pytest.mark.parametrize("was_removed", [False, True])
def test_erasing_somebody_ends_their_card_too(
        cast: Cast, app: Flask, tokens: list[str], found, was_removed: bool) -> None:
    """Of somebody who is in another meeting too: the account stays."""
    mal = queries.membership(cast.ids["mal"], slug=cast.other_slug).viewer()
    invite_people(mal, parse_invitations("name,email\nCyn,cyn@example.org", codes={}).people, send_mail=False)
    thief, place = found("cyn"), cast.viewer("cyn").membership_id
    if was_removed:
        with transaction():
            db.session.get_one(Membership, place).end()
    erase_member(cast.viewer("ada"), place, texts=Texts.KEEP)
    invite_again(cast, "cyn")
    assert app.test_client().post(f"/sign-in/{tokens[0]}").status_code == 410
    assert thief.get(f"/meetings/{cast.slug}").status_code == 401


def test_link_of_an_invitation_ends_with_the_place(cast: Cast, app: Flask) -> None:
    """The same for the other key that a meeting makes, where it has still to ask for an app's code."""
    with transaction():
        db.session.add(Authenticator(person_id=cast.ids["cyn"], sealed_secret="sealed"))
    half, fresh = (make_link(cast.person("cyn"), meeting_id=cast.meeting_id, lifetime=timedelta(days=9)).removeprefix(
        "http://localhost") for _ in range(2))
    account = make_link(cast.person("cyn"), lifetime=timedelta(days=9)).removeprefix("http://localhost")
    assert app.test_client().post(half).location == "/sign-in/second-step"
    revoke_membership(cast.viewer("ada"), cast.viewer("cyn").membership_id)
    invite_again(cast, "cyn")
    assert app.test_client().post(fresh).status_code == 410
    assert db.session.scalars(db.select(SecondStep)).all() == []
    assert app.test_client().get(account).status_code == 200


@pytest.mark.both_databases
def test_upgrade_ends_the_cards_of_those_removed_before(cast: Cast, tokens: list[str]) -> None:
    for name in ("ben", "cyn", "dov"):
        print_card(cast, name)
    ids, hour = cast.ids, timedelta(hours=1)
    with transaction():
        db.session.add_all(
            SignIn(person_id=ids[name], token_hash=mark, browser=mark, means=means, meeting_id=where, created_at=moment)
            for mark, name, means, where, moment in (
                ("ben by card", "ben", "card", cast.meeting_id, now() + hour),
                ("ben by an earlier card", "ben", "card", cast.meeting_id, now() - hour),
                ("cyn by card", "cyn", "card", cast.meeting_id, now() - hour),
                ("cyn fully", "cyn", "code", None, now() - hour),
                ("dov by card", "dov", "card", cast.meeting_id, now() - hour)))
        for name in ("cyn", "dov"):
            db.session.scalars(db.select(Membership).where(Membership.person_id == ids[name])).one().end()
    invite_again(cast, "dov")
    db.session.remove()
    db.engine.dispose()
    downgrade(revision="0025")
    db.engine.dispose()
    upgrade()
    with db.engine.connect() as connection:
        live = connection.execute(text(
            "SELECT browser FROM sign_ins WHERE revoked_at IS NULL ORDER BY browser")).scalars().all()
    assert {"ben by card", "cyn fully"} == set(live) & {
        "ben by card", "ben by an earlier card", "cyn by card", "cyn fully", "dov by card"}
    usable = db.session.scalars(db.select(SignInLink.person_id).where(
        SignInLink.is_for_door.is_(True), SignInLink.expires_at > now())).all()
    assert usable == [ids["ben"]]
