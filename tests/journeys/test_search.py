"""Searching in a browser: from any page by one key, to the very place; on a phone; and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import STATEMENTS, Scene
from tests.serving import Site

pytestmark = pytest.mark.journey
WORD = STATEMENTS[0].split()[0]


def test_one_key_and_a_word_lead_to_the_place(browsers: Browsers, site: Site, scene: Scene) -> None:
    ben = browsers.of(scene.links["ben"])
    steps.open_forum(ben, scene.slug)
    # Whoever types a response types a slash.
    steps.composer(ben).get_by_label("Your response").press("/")
    expect(ben.get_by_role("searchbox", name="Search this meeting")).not_to_be_focused()
    ben.get_by_role("heading", level=1).click()
    ben.keyboard.press("/")
    expect(ben.get_by_role("searchbox", name="Search this meeting")).to_be_focused()
    ben.keyboard.type(WORD.lower()[:-1])
    ben.keyboard.press("Enter")
    hit = ben.locator(".hit").filter(has_text=STATEMENTS[0]).first
    expect(hit.locator("mark").first).to_have_text(WORD)
    # The whole card leads there: a link lies over its words.
    hit.locator(".hit-text").click(force=True)
    ben.wait_for_url("**#poll-*")
    expect(ben.locator("article.poll:target")).to_contain_text(STATEMENTS[0])


def test_phone_without_scripts_searches_too(browsers: Browsers, site: Site, scene: Scene) -> None:
    cyn = browsers.of(scene.links["cyn"], size=PHONE, has_scripts=False)
    cyn.goto(f"/meetings/{scene.slug}/sessions/1A")
    cyn.get_by_role("link", name="Search this meeting").click()
    cyn.get_by_role("searchbox").fill(f'"{STATEMENTS[0]}"')
    cyn.get_by_role("button", name="Search").click()
    expect(cyn.locator(".hit mark").first).to_have_text(STATEMENTS[0].rstrip("."))
    assert cyn.evaluate("document.documentElement.scrollWidth <= innerWidth")
