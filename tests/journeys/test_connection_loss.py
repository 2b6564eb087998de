"""When the connection goes: what was written is kept, goes out once, and what was missed is caught up with."""

import re

import pytest
from playwright.sync_api import Page, expect

from sigforum.extensions import db
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.line import BACK_MS, NO_NETWORK
from tests.journeys.scene import STATEMENTS, Scene
from tests.serving import Site

pytestmark = pytest.mark.journey


@pytest.fixture
def pair(browsers: Browsers, scene: Scene) -> tuple[Page, Page]:
    """ben on a phone and cyn at a desk, both in 1A."""
    browsers.expect(NO_NETWORK)
    ben, cyn = browsers.of(scene.links["ben"], size=PHONE), browsers.of(scene.links["cyn"])
    for page in (ben, cyn):
        steps.open_forum(page, scene.slug)
    return ben, cyn


def test_response_posted_offline_is_kept_and_delivered_once(pair: tuple[Page, Page], site: Site) -> None:
    ben, cyn = pair
    text = "Written in a lift."
    ben.context.set_offline(True)
    steps.composer(ben).get_by_label("Your response").fill(text)
    steps.composer(ben).get_by_role("button", name="Post").click()
    expect(steps.composer(ben).locator("[data-note]")).to_contain_text("You are offline. Your words are kept")
    missed = steps.post(cyn, "Said while ben was away.")
    expect(steps.response(ben, "Said while ben was away.")).to_have_count(0)

    ben.context.set_offline(False)
    for page in (ben, cyn):
        expect(steps.response(page, text)).to_be_visible(timeout=BACK_MS)
    expect(ben.locator(f"#response-{steps.response_id(missed)}")).to_be_visible(timeout=BACK_MS)
    expect(ben.locator("#connection")).to_have_attribute("data-state", "live", timeout=BACK_MS)
    # The retry timer and the return of the network both sent it; one key, one response, on every page.
    ben.wait_for_timeout(500)
    for page in (ben, cyn):
        expect(steps.response(page, text)).to_have_count(1)
        expect(steps.response(page, "Said while ben was away.")).to_have_count(1)
    assert site.rows("SELECT count(*) FROM responses WHERE text = ?", text) == [(1,)]
    expect(steps.composer(ben).get_by_label("Your response")).to_have_value("")


def test_vote_cast_offline_is_marked_and_counted_once(pair: tuple[Page, Page], site: Site, scene: Scene) -> None:
    ben, _ = pair
    ben.context.set_offline(True)
    steps.rate(ben, {STATEMENTS[0]: "9", STATEMENTS[1]: "1"})
    steps.open_ballot(ben).get_by_role("button", name="my vote").click()
    state = steps.open_ballot(ben).locator(".save-state")
    expect(state).to_have_attribute("data-state", "waiting", timeout=BACK_MS)
    expect(state).to_contain_text("Not saved yet")
    expect(state).to_contain_text("kept on this device")
    assert _votes(site, scene) == []
    ben.context.set_offline(False)
    expect(state).to_have_attribute("data-state", "saved", timeout=BACK_MS)
    expect(state).to_contain_text(re.compile(r"Saved \d"))
    assert _votes(site, scene) == [(1,)]


def test_killed_server_loses_and_doubles_nothing(pair: tuple[Page, Page], site: Site, scene: Scene) -> None:
    ben, cyn = pair
    text = "Posted at nobody."
    site.kill_web()
    expect(cyn.locator("#connection")).not_to_have_attribute("data-state", "live")
    steps.composer(ben).get_by_label("Your response").fill(text)
    steps.composer(ben).get_by_role("button", name="Post").click()
    expect(steps.composer(ben).locator("[data-note]")).to_contain_text("The server cannot be reached.")
    steps.rate(cyn, {STATEMENTS[0]: "4", STATEMENTS[1]: "x"})
    steps.open_ballot(cyn).get_by_role("button", name="my vote").click()
    expect(steps.open_ballot(cyn).locator(".save-state")).to_have_attribute("data-state", "waiting", timeout=BACK_MS)

    site.start_web()
    expect(steps.open_ballot(cyn).locator(".save-state")).to_have_attribute("data-state", "saved", timeout=BACK_MS)
    for page in (ben, cyn):
        expect(steps.response(page, text)).to_be_visible(timeout=BACK_MS)
        expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=BACK_MS)
        expect(steps.response(page, text)).to_have_count(1)
    assert site.rows("SELECT count(*) FROM responses WHERE text = ?", text) == [(1,)]
    assert site.rows(
        "SELECT count(*) FROM vote_changes v JOIN rounds r ON r.id = v.round_id WHERE r.poll_id = ? "
        "AND v.person_id = ?", scene.open_poll, scene.cast.ids["cyn"]) == [(1,)]


def test_draft_survives_a_reload(pair: tuple[Page, Page], site: Site) -> None:
    ben, _ = pair
    words = "Half a thought, and"
    steps.composer(ben).get_by_label("Your response").fill(words)
    expect(steps.composer(ben).locator("[data-note]")).to_contain_text("Draft saved")
    ben.reload()
    expect(steps.composer(ben).get_by_label("Your response")).to_have_value(words)
    expect(steps.composer(ben).locator("[data-note]")).to_contain_text("Your draft is back.")
    assert site.rows("SELECT count(*) FROM responses WHERE text LIKE 'Half a thought%'") == [(0,)]


def test_draft_written_without_a_name_asks_before_it_goes_out_with_one(
        browsers: Browsers, pair: tuple[Page, Page], site: Site, scene: Scene) -> None:
    browsers.expect("status of 409")
    ben, _ = pair
    words, posted = "Our plant failed inspection twice.", "SELECT attribution FROM responses WHERE text = ?"
    _attribute(site, scene, "chatham")
    ben.reload()
    steps.composer(ben).get_by_label("Your response").fill(words)
    expect(steps.composer(ben).locator("[data-note]")).to_contain_text("Draft saved")
    _attribute(site, scene, "named")
    ben.reload()
    expect(steps.composer(ben).locator("[data-note]")).to_contain_text("Your draft is back.")
    steps.composer(ben).get_by_role("button", name="Post").click()
    expect(steps.composer(ben).locator("[data-error]")).to_contain_text("now stands with your name and affiliation")
    expect(steps.composer(ben).get_by_label("Your response")).to_have_value(words)
    assert site.rows(posted, words) == []
    steps.composer(ben).get_by_role("button", name="Post").click()
    expect(steps.response(ben, words)).to_be_visible()
    assert site.rows(posted, words) == [("named",)]


def _attribute(site: Site, scene: Scene, rule: str) -> None:
    with site.application():
        scene.cast.forum_session().attribution = rule
        db.session.commit()


def test_ballot_being_filled_is_not_redrawn_by_others(pair: tuple[Page, Page], scene: Scene) -> None:
    ben, cyn = pair
    ballot = steps.open_ballot(ben)
    handle = ballot.element_handle()
    steps.rate(ben, {STATEMENTS[0]: "5"})
    steps.rate(cyn, {STATEMENTS[0]: "2", STATEMENTS[1]: "3"})
    steps.cast(cyn)
    steps.post(cyn, "Said while ben fills his ballot.")
    expect(steps.response(ben, "Said while ben fills his ballot.")).to_be_visible()
    expect(ben.locator(".poll.is-open .turnout")).to_contain_text("2 of 2 have voted")
    expect(ballot.locator("fieldset").filter(has_text=STATEMENTS[0]).get_by_role("radio", name="5", exact=True)
           ).to_be_checked()
    assert handle is not None
    assert handle.evaluate("form => form.isConnected"), "the ballot was replaced under the voter's hands"


def _votes(site: Site, scene: Scene) -> list[tuple[int]]:
    return list(site.rows(
        "SELECT v.revision FROM votes v JOIN rounds r ON r.id = v.round_id WHERE r.poll_id = ? AND v.person_id = ?",
        scene.open_poll, scene.cast.ids["ben"]))
