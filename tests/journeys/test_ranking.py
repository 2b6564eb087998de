"""A ranking filled without dragging: by buttons, by the keyboard, and with the places typed in between."""

import pytest
from playwright.sync_api import Page, expect

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from tests.journeys.conftest import DESKTOP, PHONE, Browsers
from tests.journeys.scene import Scene
from tests.serving import Site

pytestmark = pytest.mark.journey

OPTIONS = ("Cost of goods", "Workforce", "Logistics", "Evidence that payers accept", "Time from vein to vein")


@pytest.fixture(scope="module")
def ranking(site: Site, scene: Scene) -> int:
    """The number of an open ranking in 1A."""
    with site.application():
        chair = scene.cast.viewer("finn")
        poll = create_poll(chair, scene.cast.forum_session().id, parse_poll({
            "kind": "ranking", "title": "In which order", "statements": "\n".join(OPTIONS), "top": "4"}))
        return move_poll(chair, poll.id, verb="open").id


def places(page: Page) -> list[tuple[str, str]]:
    """Each option with its place, as they stand on the page."""
    return [(row.locator("label").inner_text(), row.locator("[data-place]").input_value())
            for row in page.locator(".ranking-option").all()]


def press(page: Page, what: str, option: str) -> None:
    """Press one of an option's buttons by the keyboard."""
    page.get_by_role("button", name=f"{what}: {option}").press("Enter")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_ranking_is_filled_by_keyboard_and_says_where_options_stand(
        size: tuple[int, int], browsers: Browsers, scene: Scene, ranking: int) -> None:
    page = browsers.of(scene.links["ben" if size == PHONE else "cyn"], size=size)
    page.goto(f"/meetings/{scene.slug}/polls/{ranking}/ballot")
    said = page.locator("[data-ranking-said]")
    for option in ("Workforce", "Logistics", "Cost of goods"):
        press(page, "Rank next", option)
    expect(said).to_have_text("Cost of goods is now 3 of 5")
    press(page, "Move up", "Cost of goods")
    expect(said).to_have_text("Cost of goods is now 2 of 5")
    # The list was put in order under the button, which still has the focus.
    expect(page.get_by_role("button", name="Move up: Cost of goods")).to_be_focused()
    assert places(page) == [("Workforce", "1"), ("Cost of goods", "2"), ("Logistics", "3"),
                            ("Evidence that payers accept", ""), ("Time from vein to vein", "")]

    page.get_by_label("Logistics", exact=True).select_option("1")
    expect(said).to_have_text("Logistics is now 1 of 5, equal with Workforce")
    press(page, "Move down", "Workforce")
    assert places(page)[:3] == [("Logistics", "1"), ("Workforce", "2"), ("Cost of goods", "3")]
    page.get_by_role("button", name="Undo").click()
    assert places(page)[:3] == [("Workforce", "1"), ("Logistics", "1"), ("Cost of goods", "2")]
    page.get_by_role("button", name="Clear").click()
    assert {place for _, place in places(page)} == {""}
    page.get_by_role("button", name="Undo").click()

    press(page, "Rank next", "Time from vein to vein")
    press(page, "Rank next", "Evidence that payers accept")
    expect(said).to_have_text("At most 4 can be ranked")
    boxes = [button.bounding_box() for button in page.locator("[data-rank-step]").all()]
    assert all(box is not None and min(box["width"], box["height"]) >= 44 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Cast my vote").click()
    expect(page.locator(".save-state")).to_have_attribute("data-state", "saved")
    page.reload()
    assert places(page) == [("Workforce", "1"), ("Logistics", "1"), ("Cost of goods", "2"),
                            ("Time from vein to vein", "3"), ("Evidence that payers accept", "")]


def test_ranking_is_filled_by_its_fields_where_scripts_are_off(
        browsers: Browsers, scene: Scene, ranking: int) -> None:
    page = browsers.of(scene.links["cyn"], size=PHONE, has_scripts=False)
    page.goto(f"/meetings/{scene.slug}/polls/{ranking}/ballot")
    expect(page.locator("[data-rank-step]").first).to_be_hidden()
    for option, place in zip(OPTIONS, ("2", "1", "1", "", ""), strict=True):
        page.get_by_label(option, exact=True).select_option(place)
    page.get_by_role("button", name="my vote").click()
    page.goto(f"/meetings/{scene.slug}/polls/{ranking}/ballot")
    assert dict(places(page)) == dict(zip(OPTIONS, ("2", "1", "1", "", ""), strict=True))
