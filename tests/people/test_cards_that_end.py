"""A card ends for good: with its owner's place in the meeting, and with the card that is made after it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from sigforum.agenda.events import AgendaImported
from sigforum.agenda.models import Meeting
from sigforum.ballots.actions import cast_vote, create_poll, move_poll
from sigforum.ballots.box import Cast as Vote
from sigforum.ballots.box import Receipt, Sender
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import NotAllowed
from sigforum.migrating import downgrade, upgrade
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people import door_sheet, queries
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.domain import MembershipStatus
from sigforum.people.door_sheet import print_cards
from sigforum.people.forms import parse_invitations
from sigforum.people.inviting_models import MeetingCalendar
from sigforum.people.links import make_link
from sigforum.people.models import Membership, SignIn, SignInLink
from sigforum.people.signing_jobs import sweep_cards
from sigforum.people.signing_models import Authenticator, SecondStep
from sigforum.people.viewer_queries import live_browsers, viewer_of_token
from sigforum.transaction import MeetingEvent, transaction
from tests.casting import Cast, meets_today


@pytest.fixture
def tokens(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets of the cards in their order; the meeting is today."""
    with transaction():
        meets_today(cast.meeting_id)
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


def dated(cast: Cast, first: date | None, last: date | None = None, *, zone: str = "") -> None:
    with transaction() as tx:
        meeting = db.session.get_one(Meeting, cast.meeting_id)
        meeting.start_on, meeting.end_on = first, last
        tx.publish(AgendaImported(meeting_id=meeting.id))
        if zone:
            db.session.merge(MeetingCalendar(meeting_id=meeting.id, time_zone=zone, hours={}))


def test_new_card_ends_who_came_by_the_earlier_one(
        cast: Cast, app: Flask, tokens: list[str], found, sign_in) -> None:
    thief, bens, own = found("cyn"), found("ben"), sign_in(cast.person("cyn"))
    by_mail = app.test_client()
    by_mail.post(make_link(cast.person("cyn"), meeting_id=cast.meeting_id, lifetime=timedelta(days=1)).removeprefix(
        "http://localhost"))
    print_card(cast, "cyn")
    assert thief.get(f"/meetings/{cast.slug}").status_code == 401
    told = db.session.scalars(db.select(MeetingEvent.payload).where(MeetingEvent.kind == "signed_out")).all()
    assert [one["person_id"] for one in told] == [cast.ids["cyn"]], "open pages of the earlier card go on hearing"
    for browser in (bens, own, by_mail):
        assert browser.get(f"/meetings/{cast.slug}").status_code == 200
    assert app.test_client().post(f"/sign-in/{tokens[-1]}").status_code == 302


@pytest.mark.parametrize("days_from_now", [-30, -3, 3, 30, None])
def test_browser_that_a_card_signed_in_opens_the_meeting_on_its_days_only(
        cast: Cast, found, sign_in, days_from_now: int | None) -> None:
    browser, own = found("cyn"), sign_in(cast.person("cyn"))
    dated(cast, None if days_from_now is None else date.today() + timedelta(days=days_from_now))
    for page in ("", "/sessions/1A", "/summary", "/search?q=cells"):
        refused = browser.get(f"/meetings/{cast.slug}{page}")
        assert refused.status_code == 403, page
        text = refused.get_data(as_text=True)
        assert "on the meeting&#39;s days only" in text
        assert "Making cells" not in text
        assert 'href="/sign-in"' in text
        assert "Sign in fully" in text
    question = cast.forum_session().asked[0].id
    post = {"question_id": question, "text": "Said a month later", "key": "a-month-later", "shown": "named"}
    address = f"/meetings/{cast.slug}/sessions/1A/responses"
    assert browser.post(address, data=post).status_code == 403
    assert browser.get("/").status_code == 200
    assert own.post(address, data=post).status_code == 302, "others are kept out, too"
    dated(cast, date.today())
    assert browser.get(f"/meetings/{cast.slug}").status_code == 200


@pytest.mark.parametrize(("zone", "is_open"), [("", True), ("Pacific/Kiritimati", False), ("Etc/GMT+12", True)])
def test_day_lasts_as_long_as_it_does_in_the_meetings_zone(cast: Cast, found, zone: str, is_open: bool) -> None:
    """Where it was yesterday fourteen hours ahead of Greenwich, the day is over; anywhere on earth it lasts on."""
    browser = found("cyn")
    dated(cast, (now() - timedelta(hours=12)).date(), zone=zone)
    assert (browser.get(f"/meetings/{cast.slug}").status_code == 200) is is_open


def test_vote_and_events_of_a_card_are_refused_after_the_days(cast: Cast, found) -> None:
    browser = found("cyn")
    sign_in = db.session.scalars(db.select(SignIn).where(SignIn.means == "card")).one()
    poll = create_poll(cast.viewer("finn"), cast.forum_session().id, parse_poll({
        "kind": "rating", "title": "Where", "statements": "Here", "rule": "percent_agreement"}))
    move_poll(cast.viewer("finn"), poll.id, verb="open")
    sender = Sender(person_id=cast.ids["cyn"], slug=cast.slug, sign_in_id=sign_in.id)

    def vote(key: str) -> Receipt:
        return cast_vote(sender, Vote(poll_id=poll.id, round_number=1, key=key,
                                      raw={"ratings": {f"o{poll.options[0].id}": 7}}))
    with browser.session_transaction() as kept:
        token = kept["_user_id"]
    assert vote("on the day").revision == 1
    assert viewer_of_token(token, cast.slug) is not None
    dated(cast, date.today() - timedelta(days=30))
    with pytest.raises(NotAllowed, match="days only"):
        vote("a month later")
    with pytest.raises(NotAllowed, match="days only"):
        viewer_of_token(token, cast.slug)


def test_sockets_of_a_card_are_closed_when_the_days_are_over(cast: Cast, found) -> None:
    found("cyn")
    sign_in = db.session.scalars(db.select(SignIn).where(SignIn.means == "card")).one()
    # Cyn signs in fully, too.
    with transaction():
        own = SignIn(person_id=cast.ids["cyn"], token_hash="own", means="code")
        db.session.add(own)
    heard = {(sign_in.id, cast.meeting_id), (own.id, cast.meeting_id)}
    assert live_browsers(cast.ids["cyn"]) == heard

    def told() -> int:
        sweep_cards()
        return db.session.scalars(db.select(db.func.count()).select_from(MeetingEvent).where(
            MeetingEvent.kind == "signed_out")).one()
    assert told() == 0
    # With a zone in which that day ended an hour ago or so.
    ended = now() - timedelta(hours=1)
    offset = -ended.hour if ended.hour <= 11 else 24 - ended.hour
    dated(cast, (ended + timedelta(hours=offset)).date() - timedelta(days=1), zone=f"Etc/GMT{-offset:+d}")
    assert told() == 1
    assert live_browsers(cast.ids["cyn"]) == heard - {(sign_in.id, cast.meeting_id)}
    dated(cast, date.today() - timedelta(days=30))
    assert told() == 1
