"""Whoever writes a poll or a mail and chooses again on the way finds every word again, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import Scene

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("has_scripts", [True, False])
def test_poll_goes_from_kind_to_kind_and_back(browsers: Browsers, scene: Scene, has_scripts: bool) -> None:
    page = browsers.of(scene.links["gus"], size=PHONE, has_scripts=has_scripts)
    page.goto(f"/meetings/{scene.slug}/sessions/1B/polls/new")
    page.locator("#title").fill("Which way to go")
    page.get_by_label("Statements to rate").fill("The first way\nThe second way")
    page.get_by_label("The low end means").fill("Never")
    page.get_by_role("radio", name="RAND").check()
    kinds = page.get_by_role("group", name="Kinds of polls")
    for kind in ("Motion", "Ranking", "Rating"):
        kinds.get_by_role("button", name=kind, exact=True).click()
        expect(kinds.locator("[aria-current]")).to_have_text(kind)
        expect(page.locator("#title")).to_have_value("Which way to go")
        expect(page.locator("#statements")).to_have_value("The first way\nThe second way")
    expect(page.get_by_label("The low end means")).to_have_value("Never")
    expect(page.get_by_role("radio", name="RAND")).to_be_checked()
    page.locator("#title").press("Enter")
    expect(page.get_by_text("The poll is prepared.")).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_mail_that_is_worded_is_read_as_another(browsers: Browsers, scene: Scene, has_scripts: bool) -> None:
    page = browsers.of(scene.links["ada"], has_scripts=has_scripts)
    page.goto(f"/meetings/{scene.slug}/people/outbox/invitation")
    page.get_by_text("Change the words").click()
    page.get_by_label("Subject").fill("Come, {name}")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("As read by").select_option(index=1)
    if not has_scripts:
        page.get_by_role("button", name="Show", exact=True).first.click()
    expect(page.get_by_text("They are not kept yet.")).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value("Come, {name}")
    expect(page.get_by_role("checkbox").first).to_be_checked()
