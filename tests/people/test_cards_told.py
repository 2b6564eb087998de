"""Cards are told of: to their owner, in the log, and to whoever prints them again; and mails are never locked away."""

from datetime import date, timedelta

import pytest
from flask import Flask

from sigforum.agenda.models import Meeting
from sigforum.extensions import db, limiter
from sigforum.people import door_sheet
from sigforum.people.actions import revoke_membership
from sigforum.people.inviting_models import MeetingCalendar
from sigforum.people.models import OutgoingMail, SignInLink
from tests.casting import Cast


@pytest.fixture
def tokens(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    limiter.reset()
    meeting = db.session.get_one(Meeting, cast.meeting_id)
    meeting.start_on = meeting.end_on = date.today() + timedelta(days=2)
    db.session.add(MeetingCalendar(meeting_id=meeting.id, time_zone="Pacific/Auckland", hours={}))
    db.session.commit()
    made: list[str] = []
    original = door_sheet.new_token
    monkeypatch.setattr(door_sheet, "new_token", lambda: made.append(original()) or made[-1])
    return made


def told(cast: Cast, name: str) -> list[str]:
    return list(db.session.scalars(db.select(OutgoingMail.template).where(
        OutgoingMail.person_id == cast.ids[name], OutgoingMail.state == "queued").order_by(OutgoingMail.id)))


def test_owner_is_mailed_at_printing_and_first_use_whatever_an_organizer_does(
        cast: Cast, app: Flask, sign_in, tokens: list[str]) -> None:
    ada = sign_in(cast.person("ada"))
    ada.post(f"/meetings/{cast.slug}/people/cards", data={
        "whom": "chosen", "chosen": str(cast.viewer("cyn").membership_id)})
    assert told(cast, "cyn") == ["card_printed"]
    for _ in range(2):
        link = db.session.scalars(db.select(SignInLink).where(SignInLink.is_for_door.is_(True))).one()
        link.starts_at = None
        db.session.commit()
        app.test_client().post(f"/sign-in/{tokens[-1]}")
    assert told(cast, "cyn") == ["card_printed", "card_used"]
    log = ada.get(f"/meetings/{cast.slug}/audit").get_data(as_text=True)
    assert "came in by a card for the first time" in log
    assert "means: card" in log
    revoke_membership(cast.viewer("ada"), cast.viewer("cyn").membership_id)
    assert told(cast, "cyn")[:2] == ["card_printed", "card_used"]


def test_organizers_have_no_card_and_the_page_says_why(cast: Cast, sign_in, tokens: list[str]) -> None:
    ada = sign_in(cast.person("ada"))
    sheet = ada.post(f"/meetings/{cast.slug}/people/cards", data={"whom": "all"}).get_data(as_text=True)
    assert 'class="door-name">Ada Organizer' not in sheet
    assert 'class="door-name">Cyn Participant' in sheet
    page = ada.get(f"/meetings/{cast.slug}/people/cards").get_data(as_text=True)
    assert "No card for Ada Organizer: organizers sign in by mail" in page


def test_cards_say_their_times_in_the_zone_of_the_meeting(cast: Cast, sign_in, tokens: list[str]) -> None:
    ada, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people/cards"
    for page in (ada.get(address), ada.post(address, data={"whom": "all"})):
        assert "00:00 (Pacific/Auckland)" in page.get_data(as_text=True)


def test_sheet_loaded_again_asks_before_it_ends_printed_cards(cast: Cast, sign_in, tokens: list[str]) -> None:
    ada, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people/cards"
    ada.post(address, data={"whom": "all"})
    made = len(tokens)
    again = ada.post(address, data={"whom": "all"}).get_data(as_text=True)
    assert len(tokens) == made, "the printed cards ended without a question"
    assert f"{made} printed cards would end" in again
    ends = str(max(db.session.scalars(db.select(SignInLink.id).where(SignInLink.is_for_door.is_(True)))))
    for _ in range(2):
        # The second is the new sheet loaded again.
        ada.post(address, data={"whom": "all", "ends": ends})
    assert len(tokens) == 2 * made


def test_strangers_cannot_lock_a_mailbox_away(cast: Cast, app: Flask) -> None:
    limiter.reset()

    def ask(number: int):
        return app.test_client().post("/sign-in", data={"email": "ben@example.org"},
                                      environ_base={"REMOTE_ADDR": f"10.0.0.{number}"})
    refused = [answer for answer in (ask(number % 9) for number in range(41)) if answer.status_code == 429]
    # An hour later, and with all those tries behind, the owner is mailed again.
    db.session.execute(db.text("UPDATE sign_in_codes SET created_at = datetime(created_at, '-1 hour')"))
    db.session.commit()
    assert ask(99).status_code == 302, "strangers have locked it for its owner"
    assert refused, "nobody's mailbox is filled"
    assert "can be sent in" in refused[0].get_data(as_text=True)
    assert 0 < int(refused[-1].headers["Retry-After"]) <= 30 * 60


def test_page_names_the_cards_that_were_printed_for_other_days(cast: Cast, sign_in, tokens: list[str]) -> None:
    ada, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people/cards"

    def told() -> str:
        return ada.get(address).get_data(as_text=True)
    for name in ("cyn", "ben"):
        ada.post(address, data={"whom": "chosen", "chosen": str(cast.viewer(name).membership_id)})
    assert "other days" not in told()
    meeting = db.session.get_one(Meeting, cast.meeting_id)
    meeting.start_on = meeting.end_on = date.today() + timedelta(days=9)
    db.session.commit()
    assert "ended since: the card of Ben Participant, Cyn Participant. A card works on the days that it says" in told()
    # Asked about, since it ends the card that is in somebody's hands.
    newest = max(db.session.scalars(db.select(SignInLink.id).where(SignInLink.is_for_door.is_(True))))
    assert ada.post(address, data={"whom": "chosen", "chosen": str(cast.viewer("ben").membership_id),
                                   "ends": str(newest)}).status_code == 200
    assert "ended since: the card of Cyn Participant. A card" in told()
