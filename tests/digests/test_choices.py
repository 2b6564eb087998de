"""The page of one's choices, and the hour that an organizer chooses."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.digests.domain import Pace, last_daily_moment
from sigforum.digests.models import DigestChoice
from sigforum.digests.planning import plan_digests
from sigforum.extensions import db
from sigforum.oversight.actions import erase_own_data
from sigforum.oversight.domain import Texts, told_detail
from sigforum.people.inviting_models import MeetingCalendar
from tests.casting import Cast
from tests.digests.posting import begin, choice, say


def chosen(page: str) -> list[str]:
    """The paces that are ticked on the page."""
    return re.findall(r'name="pace" value="(\w+)" checked', page)


def test_page_shows_and_keeps_a_choice_for_each_meeting(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("cyn"))
    assert chosen(browser.get("/account/mail").get_data(as_text=True)) == ["daily"]
    answer = browser.post(f"/meetings/{cast.slug}/mail", data={"pace": "at_once"})
    assert answer.location == f"/account/mail#{cast.slug}"
    page = browser.get("/account/mail").get_data(as_text=True)
    assert chosen(page) == ["at_once"]
    assert "Saved for Cells that stay." in page
    assert choice(cast, "cyn").pace == Pace.AT_ONCE
    assert 'name="hour"' not in page


@pytest.mark.parametrize("pace", ["", "weekly", "NEVER"])
def test_other_paces_are_refused(cast: Cast, sign_in, pace: str) -> None:
    answer = sign_in(cast.person("cyn")).post(f"/meetings/{cast.slug}/mail", data={"pace": pace})
    assert answer.status_code == 422
    assert db.session.scalars(select(DigestChoice)).all() == []


def test_page_is_found_from_account_and_meeting(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("cyn"))
    assert 'href="/account/mail"' in browser.get("/account").get_data(as_text=True)
    assert f'href="/account/mail#{cast.slug}"' in browser.get(f"/meetings/{cast.slug}").get_data(as_text=True)


def test_organizer_chooses_the_hour_for_everybody(cast: Cast, sign_in) -> None:
    db.session.add(MeetingCalendar(meeting_id=cast.meeting_id, time_zone="America/New_York", hours={}))
    db.session.commit()
    begin(cast)
    say(cast, "ben", "Something new")
    browser = sign_in(cast.person("ada"))
    assert browser.post(f"/meetings/{cast.slug}/mail/hour", data={"hour": "18"}).status_code == 302
    assert '<option value="18" selected>18:00' in browser.get("/account/mail").get_data(as_text=True)
    assert "18:00 (America/New_York)" in sign_in(cast.person("cyn")).get("/account/mail").get_data(as_text=True)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "digest_hour_set")).one()
    assert (entry.actor_id, told_detail(entry.detail)) == (cast.ids["ada"], {"before": 7, "after": 18})
    # 18:00 in New York is 23:00 UTC in winter.
    assert plan_digests(datetime(2099, 1, 10, 22, 59, tzinfo=UTC)) == 4
    assert plan_digests(datetime(2099, 1, 10, 23, 0, tzinfo=UTC)) == 0


@pytest.mark.parametrize("hour", ["", "24", "-1", "7.5", "٧", "007"])
def test_other_hours_are_refused(cast: Cast, sign_in, hour: str) -> None:
    assert sign_in(cast.person("ada")).post(f"/meetings/{cast.slug}/mail/hour", data={"hour": hour}).status_code == 422


@pytest.mark.parametrize(("at", "zone", "hour", "expected"), [
    ("2026-06-16 07:00", "UTC", 7, "2026-06-16 07:00"), ("2026-06-16 06:59", "UTC", 7, "2026-06-15 07:00"),
    ("2026-06-16 06:59", "", 7, "2026-06-15 07:00"), ("2026-06-16 05:00", "Europe/Berlin", 7, "2026-06-16 05:00"),
    # Clocks go forward on 29 March and back on 25 October: from 07:00 to 07:00 it is 23 and 25 hours.
    ("2026-03-29 06:00", "Europe/Berlin", 7, "2026-03-29 05:00"),
    ("2026-03-29 04:59", "Europe/Berlin", 7, "2026-03-28 06:00"),
    ("2026-10-25 05:59", "Europe/Berlin", 7, "2026-10-24 05:00"),
    # 02:00 is left out on that day; it is 03:00 then.
    ("2026-03-29 12:00", "Europe/Berlin", 2, "2026-03-29 01:00"),
    # Here the day is a day ahead of UTC's.
    ("2026-06-15 19:30", "Pacific/Auckland", 7, "2026-06-15 19:00")])
def test_daily_moment_follows_the_meetings_clock(at: str, zone: str, hour: int, expected: str) -> None:
    given, wanted = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, expected))
    assert last_daily_moment(given, hour=hour, zone=zone) == wanted


def test_copy_of_ones_own_data_holds_the_choice_and_an_erasure_removes_it(cast: Cast, sign_in, app: Flask) -> None:
    begin(cast, paces={"cyn": Pace.AT_ONCE})
    archive = sign_in(cast.person("cyn")).get("/account/data.zip").get_data()
    data = json.loads(zipfile.ZipFile(io.BytesIO(archive)).read("my-data.json"))
    assert [row["pace"] for row in data["digest_choices"]] == ["at_once"]
    membership_id = cast.viewer("cyn").membership_id
    erase_own_data(cast.ids["cyn"], texts=Texts.KEEP)
    assert db.session.get(DigestChoice, membership_id) is None
    say(cast, "ben", "Something new")
    plan_digests(datetime(2099, 1, 10, 12, 0, tzinfo=UTC))
    assert db.session.get(DigestChoice, membership_id) is None
