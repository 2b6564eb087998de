"""Everything works by plain forms where scripts are switched off."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import STATEMENTS, Scene
from tests.serving import Site

pytestmark = pytest.mark.journey


@pytest.fixture
def ben(browsers: Browsers, scene: Scene) -> Page:
    """ben's phone, without scripts, in 1A."""
    page = browsers.of(scene.links["ben"], size=PHONE, has_scripts=False)
    page.goto(f"/meetings/{scene.slug}/sessions/1A")
    return page


def test_response_is_posted_replied_to_edited_and_withdrawn(ben: Page, browsers: Browsers) -> None:
    browsers.expect("status of 422")
    steps.composer(ben).get_by_role("button", name="Post").click()
    expect(ben.locator(".field-error")).to_contain_text("Write something first.")

    posted = steps.post(ben, "By form alone.")
    expect(ben.get_by_text("Posted.", exact=True)).to_be_visible()
    number = steps.response_id(posted)
    ben.locator(f"#response-{number}").get_by_role("link", name="Reply").click()
    ben.get_by_label("Your reply").fill("A reply by form.")
    ben.get_by_role("button", name="Post").click()
    expect(ben.locator(f"#replies-{number} .response")).to_have_count(1)

    ben.locator(f"#response-{number} > .response-actions").get_by_role("link", name="Edit").click()
    ben.get_by_label("Your response").fill("By form alone, edited.")
    ben.get_by_role("button", name="Save").click()
    expect(steps.response(ben, "By form alone, edited.")).to_have_count(1)

    ben.locator(f"#response-{number} > .response-actions").get_by_role("link", name="Withdraw").click()
    ben.get_by_role("button", name="Withdraw it").click()
    expect(ben.locator(f"#response-{number}")).to_contain_text("Withdrawn by its author.")
    expect(steps.response(ben, "By form alone")).to_have_count(0)


def test_points_and_ratings_are_cast(ben: Page, browsers: Browsers, site: Site, scene: Scene) -> None:
    browsers.expect("status of 422")
    fields = ben.locator("#priorities input[type=number]")
    fields.first.fill("3")
    ben.locator("#priorities").get_by_role("button", name="my vote").click()
    expect(ben.get_by_text("Your vote is saved.")).to_be_visible()
    expect(ben.locator("#priorities input[type=number]").first).to_have_value("3")

    # Half a ballot is refused by statement, and keeps the half that was filled.
    steps.rate(ben, {STATEMENTS[0]: "7"})
    steps.open_ballot(ben).get_by_role("button", name="my vote").click()
    ballot = ben.locator("form.ballot")
    expect(ballot.locator("fieldset").nth(1)).to_contain_text("Choose a rating")
    expect(ballot.locator("fieldset").nth(0).get_by_role("radio", name="7", exact=True)).to_be_checked()
    ballot.locator("fieldset").nth(1).locator("input[value=x]").check()
    ballot.get_by_role("button", name="my vote").click()
    expect(ben.get_by_text("Your vote is saved.")).to_be_visible()
    stored = site.rows(
        "SELECT v.answer FROM votes v JOIN rounds r ON r.id = v.round_id WHERE r.poll_id = ? AND v.person_id = ?",
        scene.open_poll, scene.cast.ids["ben"])
    assert list(json.loads(stored[0][0])["ratings"].values()) == [7, "x"]


def test_agenda_is_filtered(ben: Page, scene: Scene) -> None:
    ben.goto(f"/meetings/{scene.slug}")
    expect(ben.locator(".session-card")).to_have_count(2)
    ben.get_by_label("Theme", exact=True).select_option("Storage")
    ben.get_by_role("button", name="Filter").click()
    expect(ben).to_have_url(re.compile("theme=Storage"))
    expect(ben.locator(".session-card")).to_have_count(1)
    expect(ben.locator(".session-card")).to_contain_text("Keeping cells")
    ben.get_by_role("link", name="Clear").click()
    expect(ben.locator(".session-card")).to_have_count(2)
