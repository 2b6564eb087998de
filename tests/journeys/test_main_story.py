"""The main story: from a pasted agenda to a summary whose numbers a stranger can recount."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import DESKTOP, PHONE, Browsers
from tests.journeys.recount import check_downloads, check_summary_page
from tests.serving import ROOT, Site, link_in

AGENDA = (ROOT / "sigforum" / "samples" / "car-t-agenda.txt").read_text()
PEOPLE = """name,email,affiliation,stakeholder group,role,sessions
Finn Facilitator,finn@example.org,Office,Organization,facilitator,
Ben Participant,ben@example.org,Ben's Works,Industry,particpant,
Cyn Participant,cyn@example.org,Cyn's Hospital,Clinical,participant,1A 1B
Eli Participant,eli@example.org,Eli's Lab,Academia,participant,
Dov Invited,dov@example.org,Dov's Lab,Academia,participant,
"""
STATEMENTS = ("Regional sites come first.", "One price for all sites.")
SAID_BY_BEN, SAID_BY_CYN = "Release testing in **three days** or less.", "Shared slots in regional centres."

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("worker"), pytest.mark.timeout(400)]


def test_meeting_runs_from_pasted_agenda_to_recounted_summary(browsers: Browsers, site: Site, tmp_path: Path) -> None:
    ada = browsers.open()
    printed = site.command("organizer", "add", "ada@example.org", "--name", "Ada Organizer")
    steps.sign_in(ada, printed.split()[-1])
    slug = _paste_agenda(ada)
    _invite_by_csv(browsers, ada)

    ben, cyn = browsers.open(size=PHONE), browsers.open(size=DESKTOP, theme="dark")
    eli, finn = browsers.open(), browsers.open()
    for page, name in ((ben, "ben"), (cyn, "cyn"), (eli, "eli"), (finn, "finn")):
        steps.sign_in(page, link_in(site.mailbox.newest_to(f"{name}@example.org")))
        expect(page).to_have_url(f"{site.url}/meetings/{slug}")
    for page in (ben, cyn, finn, eli):
        _read_the_rules(page, slug)
    for page in (ben, cyn, finn, eli):
        steps.open_forum(page, slug)

    first, second = _talk(ben, cyn)
    _lay_points(finn, ben, cyn, eli, first, second)
    _run_poll(finn, ben, cyn)

    check_summary_page(ada, site, slug)
    check_downloads(ada, site, slug, tmp_path)


def _paste_agenda(ada: Page) -> str:
    """Paste, preview, create; the meeting's name in the address bar."""
    ada.get_by_role("link", name="New meeting").first.click()
    ada.get_by_label("Or paste the agenda").fill(AGENDA)
    ada.get_by_role("button", name="Preview").click()
    preview = ada.get_by_role("region", name="What is the future of CAR-T cell therapy?")
    expect(preview.locator(".facts > span")).to_have_text(
        ["16–17 June 2026", "2 days", "12 sessions", "48 questions", "3 FAQs"])
    ada.get_by_role("button", name="Create the meeting").click()
    expect(ada.locator(".session-card")).to_have_count(12)
    return ada.url.rpartition("/")[2]


def _invite_by_csv(browsers: Browsers, ada: Page) -> None:
    """One wrong word stores nothing and loses nothing; mended, five people are invited."""
    browsers.expect("status of 422")
    ada.get_by_role("link", name="Invite people").click()
    ada.get_by_label("Or paste the list").fill(PEOPLE)
    ada.get_by_role("button", name="Preview").click()
    expect(ada.get_by_role("alert")).to_contain_text("Line 3, role")
    expect(ada.get_by_label("Or paste the list")).to_have_value(PEOPLE)
    expect(ada.get_by_role("button", name="Invite 5 people")).to_have_count(0)
    assert browsers.site.rows("SELECT count(*) FROM memberships") == [(1,)]

    ada.get_by_label("Or paste the list").fill(PEOPLE.replace("particpant", "participant"))
    ada.get_by_role("button", name="Preview").click()
    ada.get_by_role("button", name="Invite 5 people").click()
    expect(ada.get_by_role("row")).to_have_count(7)


def _read_the_rules(page: Page, slug: str) -> None:
    """Opening a session for the first time leads through its rules, on one screen."""
    page.goto(f"/meetings/{slug}/sessions/1A")
    expect(page.get_by_role("heading", name="Before you take part")).to_be_visible()
    expect(page.get_by_role("heading", name="Competition law")).to_be_visible()
    page.get_by_role("button", name="I have read this").click()
    expect(page).to_have_url(re.compile(r"/sessions/1A$"))


def _talk(ben: Page, cyn: Page) -> tuple[int, int]:
    """Each posts; the other's open page shows it within a second, and only once. The responses' numbers."""
    mine = steps.post(ben, SAID_BY_BEN, shown="Release testing in three days or less.")
    expect(steps.response(cyn, "Release testing in three days")).to_be_visible(timeout=steps.SOON_MS)
    expect(steps.response(cyn, "Release testing").locator("strong")).to_have_text("three days")
    theirs = steps.post(cyn, SAID_BY_CYN)
    expect(steps.response(ben, SAID_BY_CYN)).to_be_visible(timeout=steps.SOON_MS)
    for page in (ben, cyn):
        expect(page.locator(".thread.is-central .response")).to_have_count(2)
        expect(page.locator(".thread.is-central .eyebrow")).to_contain_text("2 responses")
    return steps.response_id(mine), steps.response_id(theirs)


def _lay_points(finn: Page, ben: Page, cyn: Page, eli: Page, first: int, second: int) -> None:
    """Of three people's points nothing is told before the close; then the ranking moves on both pages."""
    steps.lay_point(ben, first, times=2)
    steps.lay_point(cyn, second, times=3)
    steps.lay_point(cyn, first)
    steps.lay_point(ben, second)
    steps.lay_point(eli, second)
    for page in (ben, cyn, finn):
        expect(page.locator("#priorities .turnout").first).to_contain_text("3 of 3 have voted")
        assert {points for _, points in steps.ranking(page)} == {"0 points"}
    finn.locator("#priorities").get_by_role("button", name="Close round 1").click()
    finn.locator("#priorities").get_by_role("button", name="Reveal the result").click()
    expected = [(f"r{second}", "5 points"), (f"r{first}", "3 points")]
    for page in (ben, cyn):
        _expect_ranking(page, expected)


def _expect_ranking(page: Page, expected: list[tuple[str, str]]) -> None:
    deadline = time.monotonic() + 5
    while steps.ranking(page) != expected:
        assert time.monotonic() < deadline, (steps.ranking(page), expected)
        page.wait_for_timeout(50)


def _run_poll(finn: Page, ben: Page, cyn: Page) -> None:
    """The facilitator writes, opens, closes and reveals; the experts' pages follow without a reload."""
    finn.get_by_role("link", name="Write a poll").click()
    finn.get_by_label("Title").fill("What comes first")
    finn.get_by_label("Statements to rate").fill("\n".join(STATEMENTS))
    finn.locator("input[name=rule][value=percent_agreement]").check()
    # Two of three will vote; where ballots are hidden, nothing would be told of so few.
    finn.locator("input[name=secrecy][value=open]").check()
    finn.get_by_role("button", name="Save the draft").click()
    expect(finn.locator(".poll")).to_contain_text("Draft")
    for page in (ben, cyn):
        expect(page.locator(".poll")).to_have_count(0)
    finn.get_by_role("button", name="Open round 1").click()
    for page in (ben, cyn):
        expect(page.locator(".poll form.ballot")).to_be_visible(timeout=2 * steps.SOON_MS)
        expect(page.locator(".poll .poll-rule")).to_contain_text("Rule:")
    expect(finn.locator(".poll .turnout")).to_contain_text("0 of 3 have voted")

    steps.rate(ben, {STATEMENTS[0]: "8", STATEMENTS[1]: "2"})
    steps.cast(ben)
    expect(finn.locator(".poll .turnout")).to_contain_text("1 of 3 have voted")
    steps.rate(cyn, {STATEMENTS[0]: "9", STATEMENTS[1]: "x"})
    steps.cast(cyn)
    steps.rate(cyn, {STATEMENTS[0]: "7"})
    steps.cast(cyn)
    expect(finn.locator(".poll .turnout")).to_contain_text("2 of 3 have voted")
    for page in (ben, cyn, finn):
        expect(page.locator(".poll .verdict")).to_have_count(0)

    finn.locator(".poll").get_by_role("button", name="Close round 1").click()
    for page in (ben, cyn):
        expect(page.locator(".poll")).to_contain_text("has not revealed the result yet")
        expect(page.locator(".poll .verdict")).to_have_count(0)
    finn.get_by_role("button", name="Reveal the result").click()
    for page in (ben, cyn, finn):
        expect(page.locator(".poll .verdict")).to_have_count(2)
        expect(page.locator(".poll .statement-result").first).to_contain_text(re.compile(r"Rated\s*2/3"))
