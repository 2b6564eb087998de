"""By keyboard alone: posting, rating and laying points; what has the focus is always seen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Browsers
from tests.journeys.scene import STATEMENTS, Scene
from tests.serving import Site

pytestmark = pytest.mark.journey

MOST_TABS = 80
# An outline or a shadow of the focused element, or of the label that stands for a hidden input.
IS_SEEN = """() => { const one = document.activeElement;
  const shown = [one, one.nextElementSibling, one.closest('label'), one.parentElement].filter(Boolean);
  return shown.some(e => { const style = getComputedStyle(e);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; }); }"""


def test_response_rating_and_points_by_keyboard_alone(browsers: Browsers, site: Site, scene: Scene) -> None:
    ben = browsers.of(scene.links["ben"])
    steps.open_forum(ben, scene.slug)
    ben.keyboard.press("Tab")
    expect(ben.get_by_role("link", name="Skip to the content")).to_be_focused()

    ballot = steps.open_ballot(ben)
    for statement, step in zip(STATEMENTS, ("7", "3"), strict=True):
        asked = ballot.locator("fieldset").filter(has_text=statement)
        _tab_to(ben, asked.locator("input").first)
        for _ in range(int(step) - 1):
            ben.keyboard.press("ArrowRight")
        if step == "1":
            ben.keyboard.press("Space")
        expect(asked.get_by_role("radio", name=step, exact=True)).to_be_checked()
    _tab_to(ben, ballot.get_by_role("button", name="my vote"))
    ben.keyboard.press("Enter")
    expect(ballot.locator(".save-state")).to_have_attribute("data-state", "saved")

    _tab_to(ben, steps.composer(ben).get_by_label("Your response"))
    ben.keyboard.type("Typed, not clicked.")
    _tab_to(ben, steps.composer(ben).get_by_role("button", name="Post"))
    ben.keyboard.press("Enter")
    expect(steps.response(ben, "Typed, not clicked.")).to_be_visible()

    more = ben.locator("#priorities .stepper").first.get_by_role("button", name="One point more")
    _tab_to(ben, more)
    ben.keyboard.press("Space")
    expect(ben.locator("#priorities .save-state")).to_have_attribute("data-state", "saved")
    expect(more).to_be_focused()
    assert site.rows("SELECT count(*) FROM votes WHERE person_id = ?", scene.cast.ids["ben"]) == [(3,)]


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus; each stop on the way must be seen to have it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(IS_SEEN), page.evaluate("() => document.activeElement.outerHTML.slice(0, 300)")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{wanted} cannot be reached by Tab")
