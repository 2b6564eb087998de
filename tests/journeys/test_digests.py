"""Mail about what is new, from the page that was seen to the link that stops it."""

import re
import time
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from sigforum.digests.planning import plan_digests
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.mail import send_queued_mail
from tests.digests.posting import LATER, part
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import Scene, open_rating
from tests.journeys.steps import open_forum
from tests.serving import Site

pytestmark = pytest.mark.journey

# Without the delay that spares a room which begins to vote.
AT_ONCE = "Math.random = () => 0"


def marked_at(site: Site, scene: Scene, name: str) -> str:
    """When somebody last had a session's page before their eyes, as the database says it; empty for never."""
    rows = site.rows("SELECT max(read_at) FROM reading_marks WHERE person_id = ?", scene.cast.ids[name])
    return rows[0][0] or ""


def stop(page: Page, mail: EmailMessage) -> None:
    """Follow the mail's link as its reader does."""
    link = re.search(r"Stop these mails: (\S+)", part(mail, "plain"))
    assert link is not None
    page.goto(link[1])
    page.get_by_role("button", name="Stop them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no more of these mails")


def test_poll_on_the_screen_is_in_no_mail_and_one_button_stops_them(
        site: Site, scene: Scene, browsers: Browsers) -> None:
    with site.application():
        plan_digests(now())
    page = browsers.of(scene.links["cyn"])
    page.add_init_script(AT_ONCE)
    open_forum(page, scene.slug)
    with site.application():
        poll_id = open_rating(scene.cast, "Who pays first").id
        opened_at = str(db.session.scalar(db.text("SELECT max(happened_at) FROM audit_entries")))
    expect(page.locator(f"#poll-{poll_id}")).to_contain_text("Who pays first")
    deadline = time.monotonic() + 15
    while marked_at(site, scene, "cyn") < opened_at:
        assert time.monotonic() < deadline, "the page did not say that the poll was seen"
        time.sleep(0.1)
    with site.application():
        plan_digests(now() + LATER)
        send_queued_mail()
    mail = site.mailbox.newest_to("ben@example.org")
    assert "Please vote: Who pays first" in part(mail, "plain")
    assert site.mailbox.to("cyn@example.org") == []
    reader = browsers.open(size=PHONE, has_scripts=False)
    stop(reader, mail)
    reader.get_by_role("button", name="Undo").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Stop these mails?")


def test_choice_is_made_without_scripts(scene: Scene, browsers: Browsers) -> None:
    page = browsers.of(scene.links["olu"], size=PHONE, has_scripts=False)
    page.goto("/account")
    page.get_by_role("link", name="Choose how often").click()
    page.get_by_role("radio", name="Never").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".flash")).to_contain_text("Saved for Cells that stay.")
    expect(page.get_by_role("radio", name="Never")).to_be_checked()
