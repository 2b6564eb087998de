"""What people do about trust, in browsers and with real mail: the rules of a room read on a phone, an interest, a
recusal, a flag, browsers signed out from afar, one's own data taken along and erased, and the log of it all."""

import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sigforum.disclosures.entering import set_entry
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import SAID, Scene
from tests.journeys.steps import open_ballot, open_forum, post, response
from tests.serving import Site, link_in

pytestmark = pytest.mark.journey
SAID_BEFORE = SAID.replace("*", "")


def fits(page: Page) -> bool:
    """Whether nothing on a page is wider than the screen."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.usefixtures("worker")
def test_rules_are_read_and_interests_declared_on_a_phone(browsers: Browsers, site: Site, scene: Scene) -> None:
    with site.application():
        set_entry(scene.cast.viewer("ada"), is_on=True, text="Nobody speaks of **prices**.")
    phone = browsers.open(size=PHONE)
    phone.goto("/sign-in")
    phone.get_by_label("E-mail address").fill("ben@example.org")
    phone.get_by_role("button", name="Send me a sign-in link").click()
    phone.goto(link_in(site.mailbox.newest_to("ben@example.org")))
    phone.get_by_role("button", name="Continue").click()
    phone.goto(f"/meetings/{scene.slug}/sessions/1A")
    expect(phone.get_by_role("heading", name="Before you take part")).to_be_visible()
    expect(phone.locator(".prose strong", has_text="prices")).to_be_visible()
    assert fits(phone)
    phone.get_by_role("link", name="Declare interests").click()
    phone.get_by_label("I have interests to declare").check()
    phone.get_by_role("textbox", name=re.compile("^Financial interests")).first.fill("Shares of the canary company")
    assert fits(phone)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("You declared interests")).to_be_visible()
    phone.get_by_label("My name may be listed under it").check()
    phone.get_by_role("button", name="I have read this").click()
    expect(phone.locator("#connection")).to_have_attribute("data-state", "live")
    assert fits(phone)
    post(phone, "Said after reading the rules")
    # The others are told nothing of it; those who chair read the words.
    cyn, finn = browsers.of(scene.links["cyn"]), browsers.of(scene.links["finn"])
    for page, is_told in ((cyn, False), (finn, True)):
        answer = page.request.get(f"/meetings/{scene.slug}/sessions/1A/interests")
        assert ("canary company" in answer.text()) == is_told
    cyn.goto(f"/meetings/{scene.slug}/sessions/1A")
    cyn.get_by_role("button", name="Only read for now").click()
    expect(response(cyn, "Said after reading the rules")).to_be_visible()
    assert site.rows("SELECT may_be_listed, may_be_quoted FROM acknowledgements") == [(1, 0)]
    with site.application():
        set_entry(scene.cast.viewer("ada"), is_on=False, text="Nobody speaks of **prices**.")


def test_recusal_takes_the_ballot_away_and_gives_it_back(browsers: Browsers, scene: Scene) -> None:
    cyn = browsers.of(scene.links["cyn"])
    open_forum(cyn, scene.slug)
    expect(open_ballot(cyn)).to_have_count(1)
    open_ballot(cyn).get_by_role("link", name="Recuse yourself").click()
    cyn.get_by_label("Why").fill("A friend makes it")
    cyn.get_by_role("button", name="Recuse me").click()
    open_forum(cyn, scene.slug)
    expect(open_ballot(cyn)).to_have_count(0)
    expect(cyn.get_by_text("You are recused from this poll").first).to_be_visible()
    cyn.get_by_role("link", name="See why, or take it back").first.click()
    expect(cyn.get_by_text("A friend makes it")).to_be_visible()
    cyn.get_by_role("button", name="Take back").click()
    open_forum(cyn, scene.slug)
    expect(open_ballot(cyn)).to_have_count(1)


def test_flag_hides_at_once_everywhere_until_the_chair_decides(browsers: Browsers, scene: Scene) -> None:
    ben, cyn, finn = (browsers.of(scene.links[name]) for name in ("ben", "cyn", "finn"))
    for page in (ben, cyn):
        open_forum(page, scene.slug)
    finn.goto(f"/meetings/{scene.slug}/sessions/1A/console")
    expect(finn.get_by_text("Nothing waits for you.")).to_be_visible()
    said = response(cyn, SAID_BEFORE)
    said.get_by_role("link", name="Flag").first.click()
    cyn.get_by_label("Why").fill("It names a canary price")
    cyn.get_by_role("button", name="Flag it").click()
    for page in (cyn, ben):
        expect(page.get_by_text("Hidden while the chair looks at it")).to_be_visible()
        # Its author still reads it, and nobody but the chair the reason.
        assert (SAID_BEFORE in page.locator(".thread.is-central").inner_text()) == (page is ben)
        assert "canary price" not in page.content()
    flagged = finn.locator(".side-part", has=finn.get_by_role("heading", name="Flagged"))
    expect(flagged).to_contain_text("It names a canary price")
    assert "Cyn" not in flagged.inner_text()
    flagged.get_by_role("link", name="Show it again").click()
    finn.get_by_role("dialog").get_by_role("button").filter(has_text="Show").click()
    expect(response(ben, SAID_BEFORE)).to_be_visible()
    expect(flagged).to_contain_text("Nothing waits for you.")


def test_signing_out_everywhere_ends_other_browsers_and_their_connections(browsers: Browsers, scene: Scene) -> None:
    browsers.expect("401|websocket|403")
    left_open, phone = browsers.of(scene.links["olu"]), browsers.of(scene.links["olu"], size=PHONE)
    open_forum(left_open, scene.slug)
    phone.goto("/account")
    expect(phone.get_by_role("row")).to_have_count(3)
    phone.get_by_role("button", name="Sign out everywhere").click()
    expect(phone).to_have_url(re.compile("/sign-in"))
    # The page that was left open loses its connection at once, and with it what it showed.
    expect(left_open.get_by_role("heading", name="This site is by invitation")).to_be_visible()
    assert SAID_BEFORE not in left_open.content()
    assert left_open.request.get(f"/meetings/{scene.slug}/sessions/1A").status == 401


def test_own_data_are_taken_along_and_erased_and_the_log_says_so(
        browsers: Browsers, site: Site, scene: Scene, tmp_path: Path) -> None:
    browsers.expect("401|websocket")
    ada, gus = browsers.of(scene.links["ada"]), browsers.of(scene.links["gus"])
    open_forum(gus, scene.slug, code="1B")
    post(gus, "Said by gus about storage")
    gus.goto("/account")
    with gus.expect_download() as taken:
        gus.get_by_role("link", name="Download my data").click()
    with zipfile.ZipFile(taken.value.path()) as archive:
        data = json.loads(archive.read("my-data.json"))
    assert [one["text"] for one in data["responses"]] == ["Said by gus about storage"]
    gus.get_by_role("link", name="Erase my data").click()
    gus.get_by_label("Withdraw my texts").check()
    gus.get_by_label("I know that this cannot be undone").check()
    gus.get_by_role("button", name="Erase my data").click()
    expect(gus.get_by_text("Your data was erased")).to_be_visible()
    ada.goto(f"/meetings/{scene.slug}/sessions/1B")
    assert "Said by gus" not in ada.content()
    assert "Gus Facilitator" not in ada.content()

    ada.goto(f"/meetings/{scene.slug}/audit")
    ada.get_by_label("What was done").select_option(label="erased a person's data")
    ada.get_by_label("Day").fill(date.today().isoformat())
    ada.get_by_role("button", name="Filter").click()
    rows = ada.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Name removed")
    with ada.expect_download() as kept:
        ada.get_by_role("link", name="As CSV").click()
    file = tmp_path / "audit.csv"
    kept.value.save_as(file)
    assert "Gus" not in file.read_text()
    assert "The audit log holds." in site.command("audit", "verify", "--against", str(file))
