"""Cards for the door: a person's own way in, on the days of the meeting, and no mail needed."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.people import door_sheet, queries
from sigforum.people.domain import MembershipStatus
from sigforum.people.door_sheet import print_cards, valid_between
from sigforum.people.inviting_models import MeetingCalendar
from sigforum.people.models import SignInLink
from tests.casting import Cast


def meeting_on(cast: Cast, start: date | None, end: date | None = None, *, zone: str = "") -> Meeting:
    meeting = db.session.get_one(Meeting, cast.meeting_id)
    meeting.start_on, meeting.end_on = start, end
    if zone:
        db.session.add(MeetingCalendar(meeting_id=meeting.id, time_zone=zone, hours={}))
    db.session.commit()
    return meeting


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets of the cards, in their order; the sheet itself shows them as pictures only."""
    made: list[str] = []
    original = door_sheet.new_token

    def noted() -> str:
        made.append(original())
        return made[-1]
    monkeypatch.setattr(door_sheet, "new_token", noted)
    return made


def test_meeting_runs_without_mail(cast: Cast, app: Flask, tokens: list[str], sign_in) -> None:
    """dov, who was never written to, comes in by the card; on two devices, and with the button only."""
    meeting = meeting_on(cast, date.today())
    page = sign_in(cast.person("ada")).post(f"/meetings/{cast.slug}/people/cards", data={"whom": "all"})
    text = page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    assert text.count('class="qr"') == len(tokens) == 6
    assert "Dov Invited" in text
    assert "Rex Removed" not in text
    assert not any(token in text for token in tokens)
    at = re.findall(r'class="door-name">([^<]+)<', text).index("Dov Invited")
    for _ in range(2):
        browser = app.test_client()
        browser.get(f"/sign-in/{tokens[at]}")
        assert browser.get("/").status_code == 401
        assert browser.post(f"/sign-in/{tokens[at]}").location == f"/?meeting={meeting.id}"
        assert browser.get(f"/meetings/{cast.slug}").status_code == 200
    assert queries.membership(cast.ids["dov"], meeting_id=meeting.id).status == MembershipStatus.ACCEPTED


def test_card_works_on_the_meetings_days_only(cast: Cast, app: Flask, tokens: list[str]) -> None:
    meeting = meeting_on(cast, date.today() + timedelta(days=3), zone="UTC")
    print_cards(cast.viewer("ada"), meeting, membership_ids={cast.viewer("dov").membership_id})
    link = db.session.scalars(db.select(SignInLink).where(SignInLink.is_for_door.is_(True))).one()
    assert app.test_client().post(f"/sign-in/{tokens[0]}").status_code == 410
    link.starts_at = now() - timedelta(seconds=1)
    db.session.commit()
    assert app.test_client().get(f"/sign-in/{tokens[0]}").status_code == 200
    link.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    assert app.test_client().post(f"/sign-in/{tokens[0]}").status_code == 410


@pytest.mark.parametrize(("zone", "first", "after"), [
    ("Europe/Berlin", datetime(2026, 6, 15, 22, tzinfo=UTC), datetime(2026, 6, 17, 22, tzinfo=UTC)),
    ("Pacific/Auckland", datetime(2026, 6, 15, 12, tzinfo=UTC), datetime(2026, 6, 17, 12, tzinfo=UTC)),
    ("", datetime(2026, 6, 15, 10, tzinfo=UTC), datetime(2026, 6, 18, 12, tzinfo=UTC))])
def test_days_are_those_of_the_meetings_zone(cast: Cast, zone: str, first: datetime, after: datetime) -> None:
    meeting = meeting_on(cast, date(2026, 6, 16), date(2026, 6, 17), zone=zone)
    assert valid_between(meeting) == (first, after)


def test_new_card_ends_the_earlier_one_of_the_same_person_alone(cast: Cast, app: Flask, tokens: list[str]) -> None:
    meeting, ada = meeting_on(cast, date.today()), cast.viewer("ada")
    for name in ("dov", "cyn", "dov"):
        print_cards(ada, meeting, membership_ids={cast.viewer(name).membership_id})
    assert [app.test_client().get(f"/sign-in/{token}").status_code for token in tokens] == [410, 200, 200]


def test_cards_are_refused_without_days_after_them_and_to_others(cast: Cast, whole_database) -> None:
    ada = cast.viewer("ada")
    for start, words in ((None, "gives no dates"), (date(2020, 1, 1), "days are over")):
        meeting = meeting_on(cast, start)
        before = whole_database()
        with pytest.raises(Conflict, match=words):
            print_cards(ada, meeting, membership_ids=None)
        assert whole_database() == before
    meeting = meeting_on(cast, date.today())
    with pytest.raises(Conflict, match="Nobody"):
        print_cards(ada, meeting, membership_ids={queries.membership(cast.ids["mal"], slug=cast.other_slug).id})
    with pytest.raises(NotAllowed):
        print_cards(cast.viewer("finn"), meeting, membership_ids=None)
