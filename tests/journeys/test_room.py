"""A session run from the console: one key a move, with the wall beside it, and without scripts at all."""

import re

import pytest
from playwright.sync_api import Page, expect

from sigforum.ballots.models import Poll
from sigforum.extensions import db
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import STATEMENTS, Scene, vote
from tests.serving import Site

pytestmark = pytest.mark.journey

CONSOLE = "/meetings/{slug}/sessions/1B/console"


def write_poll(page: Page, slug: str, title: str) -> int:
    """Write a rating poll in 1B by its form, and open the console with it; its id."""
    page.goto(f"/meetings/{slug}/sessions/1B/polls/new?kind=rating")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Statements").fill("\n".join(STATEMENTS))
    page.locator("input[name=rule][value=percent_agreement]").check()
    page.get_by_role("button", name="Save the draft").click()
    page.goto(CONSOLE.format(slug=slug))
    page.get_by_role("link", name=title).click()
    return int(re.findall(r"poll=(\d+)", page.url)[0])


def live(page: Page) -> None:
    """Wait until the page hears of changes, and rest on nothing that takes letters."""
    expect(page.locator("#connection")).to_have_text("Live")
    page.locator("h1").first.click()


def test_keys_run_a_round_and_the_wall_follows(browsers: Browsers, scene: Scene, site: Site) -> None:
    console = browsers.of(scene.links["gus"])
    wall = browsers.of(scene.links["ada"], size=(1920, 1080))
    poll = write_poll(console, scene.slug, "Which way to go")
    wall.goto(f"/meetings/{scene.slug}/sessions/1B/projector")
    expect(wall.locator(".wall-question")).to_have_text("How should cells be kept?")
    live(console)
    console.keyboard.press("o")
    expect(console.locator(".desk-count")).to_contain_text("0 of 2 have voted")
    expect(wall.locator(".wall-title")).to_have_text("Which way to go")
    console.keyboard.press("u")
    expect(console.get_by_role("button", name="Open round 1")).to_be_visible()
    expect(wall.locator(".wall-question")).to_be_visible()
    console.keyboard.press("o")
    expect(wall.locator(".wall-count")).to_contain_text("0")
    with site.application():
        asked = db.session.get_one(Poll, poll)
        vote(scene.cast, "ben", asked, {"ratings": {f"o{option.id}": 7 for option in asked.options}})
    expect(console.locator(".desk-count")).to_contain_text("1 of 2 have voted")
    expect(wall.locator(".wall-count")).to_contain_text("of 2 have voted")
    expect(wall.locator(".wall-count strong")).to_have_text("1")
    expect(console.get_by_role("button", name="Undo the opening")).to_have_count(0)
    console.keyboard.press("c")
    expect(console.locator("#toasts")).to_contain_text("Press C again")
    expect(console.locator(".desk .pulse")).to_be_visible()
    console.keyboard.press("c")
    expect(wall.locator(".wall-said")).to_contain_text("1 of 2 voted")
    expect(console.locator(".desk").get_by_role("button", name="Reveal")).to_be_visible()
    for _ in range(2):
        console.keyboard.press("r")
    # One vote of two would be told with its result.
    expect(wall.locator(".wall-main")).to_contain_text("So few ballots are shown to nobody")
    expect(wall.locator(".wall-main")).not_to_contain_text("Ben Participant")
    console.keyboard.press("q")
    expect(wall.locator(".wall-question")).to_be_visible()
    console.keyboard.press("p")
    expect(wall.locator(".wall-main")).to_contain_text("So few ballots are shown to nobody")


def test_keys_rest_for_those_who_do_not_lead_and_when_switched_off(browsers: Browsers, scene: Scene) -> None:
    gus, ada = browsers.of(scene.links["gus"]), browsers.of(scene.links["ada"])
    poll = write_poll(gus, scene.slug, "Who may press")
    ada.goto(f"{CONSOLE.format(slug=scene.slug)}?poll={poll}")
    for page in (gus, ada):
        live(page)
    gus.keyboard.press("l")
    expect(ada.locator(".stage")).to_contain_text("Gus Facilitator leads")
    ada.keyboard.press("o")
    expect(ada.locator("#toasts")).to_contain_text("Gus Facilitator leads, so your keys rest")
    expect(ada.get_by_role("button", name="Open round 1")).to_be_visible()
    gus.get_by_label("One key, one move").uncheck()
    gus.locator("h1").first.click()
    gus.keyboard.press("o")
    gus.reload()
    expect(gus.get_by_label("One key, one move")).not_to_be_checked()
    expect(gus.get_by_role("button", name="Open round 1")).to_be_visible()
    ada.get_by_role("button", name="Open round 1").click()
    expect(gus.locator(".desk-count")).to_contain_text("0 of 2 have voted")
    ada.keyboard.press("l")
    expect(gus.locator(".stage")).to_contain_text("Ada Organizer leads")


def test_wall_turns_over_what_does_not_fit(browsers: Browsers, scene: Scene) -> None:
    gus = browsers.of(scene.links["gus"], size=(1024, 768))
    write_poll(gus, scene.slug, "Many")
    gus.goto(gus.url)
    gus.get_by_role("link", name="Edit").click()
    gus.get_by_label("Statements").fill("\n".join(f"Statement number {n} is a whole sentence." for n in range(1, 13)))
    gus.get_by_role("button", name=re.compile("Save")).click()
    gus.goto(CONSOLE.format(slug=scene.slug))
    gus.get_by_role("link", name="Many").click()
    gus.get_by_role("button", name="Open round 1").click()
    expect(gus.locator(".desk-count")).to_be_visible()
    gus.goto(f"/meetings/{scene.slug}/sessions/1B/projector")
    seen = []
    expect(gus.locator("[data-place]")).to_contain_text("1 of")
    count = int(gus.locator("[data-place]").inner_text().split()[-1])
    for number in range(1, count + 1):
        expect(gus.locator("[data-place]")).to_have_text(f"{number} of {count}")
        region = gus.locator("[data-paged]")
        assert region.evaluate("one => one.scrollHeight <= one.clientHeight + 1"), "nothing is cut off"
        seen += [item.inner_text() for item in region.locator("li").all() if item.is_visible()]
        gus.keyboard.press("ArrowRight")
    assert seen == [f"Statement number {n} is a whole sentence." for n in range(1, 13)]
    assert count > 1


def test_console_works_without_scripts_on_a_phone(browsers: Browsers, scene: Scene) -> None:
    page = browsers.of(scene.links["ada"], size=PHONE, has_scripts=False)
    write_poll(page, scene.slug, "Plain forms")
    page.get_by_role("button", name="Open round 1").click()
    expect(page.locator(".desk-count")).to_contain_text("0 of 2 have voted")
    page.get_by_role("button", name="2 min", exact=True).click()
    expect(page.locator("[data-ends-at]")).to_be_visible()
    page.get_by_role("button", name="Remind them").click()
    page.get_by_role("button", name="Close round 1").click()
    expect(page.locator(".desk-count")).to_contain_text("0 of 2 voted")
    page.get_by_role("button", name="Take the lead").click()
    expect(page.locator(".stage")).to_contain_text("Ada Organizer leads")
