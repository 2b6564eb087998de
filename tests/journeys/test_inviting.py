"""Inviting with real browsers and real mail: a workbook, words of one's own, waves, answers, a reminder, cards."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.transaction import transaction
from tests.journeys import steps
from tests.journeys.conftest import DESKTOP, PHONE, Browsers
from tests.journeys.scene import Scene
from tests.journeys.test_accessible import violations
from tests.serving import Site, link_in, text_of

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("worker"), pytest.mark.timeout(240)]

PEOPLE = [("Full name", "E-Mail", "Company", "Group", "Role", "Sessions"),
          ("O'Brien, Siobhán \"Shiv\"", "o'brien+sig@example.org", "Works & Sons", "Industry", "", "1A"),
          ("李 小龍", "li@example.org", "香港", "Clinical", "", ""),
          ("مريم علي", "maryam@example.org", "", "Patients", "", ""),
          ("X" * 120, "long@example.org", "Y" * 100, "Payers", "observer", "")]


def workbook(folder: Path) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in PEOPLE:
        book.active.append(list(row))
    written = io.BytesIO()
    book.save(written)
    path = folder / "people.xlsx"
    path.write_bytes(written.getvalue())
    return path


def row_of(page: Page, words: str):
    return page.get_by_role("row").filter(has_text=words)


def test_workbook_becomes_waves_of_mail_and_answers(
        browsers: Browsers, site: Site, scene: Scene, tmp_path: Path) -> None:
    browsers.expect("status of 4(01|10|22)")
    with site.application(), transaction():
        db.session.get_one(Meeting, scene.cast.meeting_id).start_on = date.today() + timedelta(days=9)
        db.session.get_one(Meeting, scene.cast.meeting_id).end_on = date.today() + timedelta(days=10)
    ada = browsers.of(scene.links["ada"])
    _put_on_the_list(ada, scene.slug, tmp_path)
    _word_and_test(ada, site, scene.slug)
    _send_first_wave(ada)

    brien = _link(site, "o'brien+sig@example.org")
    _declined_without_signing_in(browsers, _link(site, "li@example.org"))
    accepted = browsers.open(size=PHONE)
    steps.sign_in(accepted, brien)
    expect(accepted).to_have_url(f"{site.url}/meetings/{scene.slug}")
    assert row_state(ada, scene.slug, "Siobhán") == "Accepted"
    assert row_state(ada, scene.slug, "李 小龍") == "Declined"
    # Whoever only looks is seen to have looked once a hand moves, and stays signed out.
    looking = browsers.open()
    looking.goto(_link(site, "maryam@example.org"))
    assert row_state(ada, scene.slug, "مريم علي").startswith("Sent")
    with looking.expect_response(re.compile("/opened$")):
        looking.mouse.move(200, 200)
    assert row_state(ada, scene.slug, "مريم علي") == "Opened"
    _remind(ada, site, scene.slug)


def _put_on_the_list(ada: Page, slug: str, folder: Path) -> None:
    ada.goto(f"/meetings/{slug}/people/invite")
    ada.get_by_label("CSV or Excel file").set_input_files(workbook(folder))
    ada.get_by_role("button", name="Preview").click()
    expect(ada.get_by_role("heading", name="4 people")).to_be_visible()
    ada.get_by_role("button", name="Put on the list, send later").click()
    expect(ada.get_by_text("4 people are on the list. Nothing has been sent.")).to_be_visible()


def _word_and_test(ada: Page, site: Site, slug: str) -> None:
    ada.get_by_text("Change the words").click()
    ada.get_by_label("Subject").fill("Join us, {nmae}")
    ada.get_by_role("button", name="Keep these words").click()
    expect(ada.get_by_role("alert")).to_contain_text("Unknown placeholder {nmae}")
    ada.get_by_label("Subject").fill("Join us, {name}")
    ada.get_by_role("button", name="Keep these words").click()
    ada.get_by_label("As read by").select_option(label="李 小龍")
    expect(ada.locator(".mail-subject strong")).to_have_text("Join us, 李 小龍")
    ada.get_by_role("button", name="Send a test to myself").click()
    test = site.mailbox.newest_to("ada@example.org")
    assert test["Subject"] == "[Test] Join us, Ada Organizer"
    assert "/sign-in/" not in text_of(test)


def _send_first_wave(ada: Page) -> None:
    for name in ("O'Brien", "李 小龍", "مريم علي"):
        ada.locator(".choose-people label").filter(has_text=name).locator("input").check()
    ada.get_by_role("button", name="Send to those chosen").click()
    expect(ada.get_by_text("3 mails on the way.")).to_be_visible()


def _link(site: Site, address: str) -> str:
    mail = site.mailbox.newest_to(address)
    assert str(mail["Subject"]).startswith("Join us, ")
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["text/calendar"]
    return link_in(mail)


def _declined_without_signing_in(browsers: Browsers, link: str) -> None:
    page = browsers.open(has_scripts=False)
    page.goto(link)
    page.get_by_role("button", name="Decline the invitation").click()
    expect(page.get_by_role("heading", name="You have declined")).to_be_visible()
    page.goto("/account")
    expect(page.locator(".app-header")).to_have_count(0)


def row_state(ada: Page, slug: str, words: str) -> str:
    ada.goto(f"/meetings/{slug}/people")
    return row_of(ada, words).locator(".badge").inner_text().strip()


def _remind(ada: Page, site: Site, slug: str) -> None:
    """Only maryam has a mail and no answer; long@ has no invitation yet."""
    ada.goto(f"/meetings/{slug}/people/outbox/reminder")
    expect(ada.locator(".choose-people label")).to_have_count(1)
    ada.get_by_role("button", name="Send to all 1").click()
    ada.locator("dialog").get_by_role("button", name=re.compile("Send")).click()
    expect(ada.get_by_text("1 mail on the way.")).to_be_visible()
    reminder = site.mailbox.newest_to("maryam@example.org", count=2)
    assert reminder["Subject"] == "Reminder: Cells that stay"
    assert site.mailbox.to("long@example.org") == []


def test_card_from_the_door_signs_in_without_mail(browsers: Browsers, site: Site, scene: Scene) -> None:
    """The sheet fits on A4, ten a page; a card's link works as any other: by the button."""
    with site.application(), transaction():
        meeting = db.session.get_one(Meeting, scene.cast.meeting_id)
        meeting.start_on, meeting.end_on = date.today(), date.today() + timedelta(days=1)
    ada = browsers.of(scene.links["ada"])
    ada.goto(f"/meetings/{scene.slug}/people/cards")
    ada.get_by_role("button", name=re.compile("for all")).click()
    cards = ada.locator(".door-card")
    count = cards.count()
    assert count >= 7
    expect(ada.get_by_role("button", name="Print")).to_be_visible()
    assert ada.locator(".door-card .qr").count() == count
    ada.emulate_media(media="print")
    sizes = cards.evaluate_all("found => found.map(one => [one.offsetWidth, one.offsetHeight, one.scrollHeight])")
    # 95 by 55 mm at 96 dots an inch, and nothing runs over a card's edge.
    assert {(round(width / 96 * 25.4), round(height / 96 * 25.4)) for width, height, _ in sizes} == {(95, 55)}
    assert all(inner <= height for _, height, inner in sizes)
    assert ada.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == -(-count // 10)


@pytest.mark.parametrize("path", ["/people", "/people/invite", "/people/outbox/invitation", "/people/outbox/reminder",
                                  "/people/hours", "/people/cards"])
def test_pages_of_inviting_have_no_violation_and_no_overflow(browsers: Browsers, scene: Scene, path: str) -> None:
    page = browsers.of(scene.links["ada"])
    page.goto(f"/meetings/{scene.slug}{path}")
    for details in page.locator("main details").all():
        details.evaluate("one => { one.open = true; }")
    assert violations(page, path, sizes=(DESKTOP, PHONE)) == []
