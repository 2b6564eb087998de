"""A second round, a secret ballot, a timer and a reminder for a participant: by finger, by keys, without scripts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from sigforum.ballots.actions import change_poll, create_poll, move_poll, nudge_voters, undo_open
from sigforum.ballots.forms import parse_poll
from tests.ballots.earlier import earlier_terms
from tests.journeys import steps
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.line import BACK_MS, NO_NETWORK
from tests.journeys.scene import STATEMENTS, Scene, vote
from tests.journeys.test_accessible import violations
from tests.serving import Site

pytestmark = pytest.mark.journey

FINGER = 44
# Nine steps share the width of a phone; each is as high as a finger all the same.
NARROWEST_STEP = 30


@pytest.fixture(scope="module")
def again(site: Site, scene: Scene) -> int:
    """A rating in its second round, after which ben and cyn were asked for their votes; a timer runs."""
    with site.application(), earlier_terms():
        chair = scene.cast.viewer("finn")
        poll = create_poll(chair, scene.cast.forum_session().id, parse_poll({
            "kind": "rating", "title": "Asked again", "statements": "\n".join(STATEMENTS),
            "rule": "percent_agreement"}))
        move_poll(chair, poll.id, verb="open")
        for name, step in (("ben", 8), ("cyn", 2)):
            vote(scene.cast, name, poll, {"ratings": {f"o{option.id}": step for option in poll.options}})
        for verb in ("close", "reveal"):
            move_poll(chair, poll.id, verb=verb)
        move_poll(chair, poll.id, verb="open", seconds=600)
        return nudge_voters(chair, poll.id).id


@pytest.fixture(scope="module")
def secret(site: Site, scene: Scene) -> int:
    """An open secret poll of two choices."""
    with site.application():
        chair = scene.cast.viewer("finn")
        poll = create_poll(chair, scene.cast.forum_session().id, parse_poll({
            "kind": "single", "title": "Unseen", "statements": "Here\nThere", "secrecy": "secret"}))
        return move_poll(chair, poll.id, verb="open").id


def too_small(piece: Locator) -> list[str]:
    """What is to be touched in a piece of the page, and is smaller than a finger."""
    found = []
    for target in piece.locator("label.choice, label.scale-step, button, summary, input[type=number]").all():
        box = target.bounding_box()
        if box is not None:
            width = NARROWEST_STEP if "scale-step" in (target.get_attribute("class") or "") else FINGER
            if box["height"] < FINGER or box["width"] < width:
                found.append(f"{target.inner_text()!r}: {box['width']:.0f} x {box['height']:.0f}")
    return found


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{wanted} cannot be reached by Tab")


def test_second_round_shows_the_group_and_ones_own_answer_and_fits_a_finger(
        browsers: Browsers, scene: Scene, site: Site, again: int, secret: int) -> None:
    page = browsers.of(scene.links["ben"], size=PHONE)
    steps.open_forum(page, scene.slug)
    card = page.locator(f"#poll-{again}")
    expect(card).to_contain_text("Open, round 2")
    expect(card.locator(".feedback-own dd")).to_have_text(["8", "8"])
    expect(card.locator(".feedback > details")).to_contain_text("What the group said in round 1: 2 of 2 answered")
    expect(card.locator("[data-ends-at]")).to_have_text(re.compile(r"^0?9:[0-5]\d$"))
    expect(card.locator(".nudge")).to_contain_text("The facilitator asks for your vote.")
    for place in (f"#poll-{again}", f"#poll-{secret}", "#priorities"):
        assert too_small(page.locator(place)) == []

    ballot = card.locator("form.ballot")
    for statement in STATEMENTS:
        ballot.locator("fieldset").filter(has_text=statement).locator(".scale-step").filter(has_text="7").tap()
    ballot.get_by_role("button", name="Cast my vote").tap()
    expect(ballot.locator(".save-state")).to_contain_text("Saved")
    expect(card.locator(".nudge")).to_be_hidden()
    code = ballot.locator("[data-receipt] code").inner_text()
    assert site.rows("SELECT v.code FROM votes v JOIN rounds r ON r.id = v.round_id WHERE r.poll_id = ? "
                     "AND r.number = 2", again) == [(code,)]
    page.reload()
    expect(ballot.locator("[data-receipt] code")).to_have_text(code)
    expect(ballot.get_by_role("button", name="Change my vote")).to_be_visible()


def test_second_round_has_no_violation_at_any_width_in_any_theme(
        browsers: Browsers, scene: Scene, again: int, secret: int) -> None:
    page = browsers.of(scene.links["ben"])
    steps.open_forum(page, scene.slug)
    for poll in (again, secret):
        expect(page.locator(f"#poll-{poll} .ballot")).to_be_visible()
    assert violations(page, "second round, timer and secret ballot") == []


def test_secret_ballot_is_cast_by_keyboard_alone(browsers: Browsers, scene: Scene, site: Site, secret: int) -> None:
    page = browsers.of(scene.links["ben"])
    steps.open_forum(page, scene.slug)
    ballot = page.locator(f"form[data-vote='{secret}']")
    tab_to(page, ballot.get_by_role("radio").first)
    page.keyboard.press("Space")
    button = ballot.get_by_role("button", name="Cast my vote")
    tab_to(page, button)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="A secret ballot cannot be changed once it is cast.")
    expect(dialog).to_be_visible()
    assert violations(page, "the question before a secret vote", sizes=[(1280, 900)]) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    assert site.rows("SELECT count(*) FROM secret_ballots") == [(0,)]
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_role("button", name="Cast my vote"))
    page.keyboard.press("Enter")
    receipt = ballot.locator("[data-receipt]")
    expect(receipt).to_contain_text("Write it down: it is shown only now")
    # What had the focus is gone; the next key must not begin at the top of the page.
    expect(receipt).to_be_focused()
    assert site.rows("SELECT code FROM secret_ballots") == [(receipt.locator("code").inner_text(),)]
    expect(ballot.get_by_role("radio").first).to_be_disabled()
    assert violations(page, "after a secret vote", sizes=[(1280, 900)]) == []


def test_second_round_and_secret_ballot_are_cast_without_scripts(
        browsers: Browsers, scene: Scene, site: Site, again: int, secret: int) -> None:
    page = browsers.of(scene.links["cyn"], size=PHONE, has_scripts=False)
    page.goto(f"/meetings/{scene.slug}/sessions/1A")
    card = page.locator(f"#poll-{again}")
    expect(card.locator(".feedback-own dd")).to_have_text(["2", "2"])
    expect(card.locator("[data-ends-at]")).to_contain_text("until")
    expect(card.locator(".nudge")).to_be_visible()
    for statement in STATEMENTS:
        card.locator("form fieldset").filter(has_text=statement).locator(".scale-step").filter(has_text="3").tap()
    card.get_by_role("button", name="Cast my vote").tap()
    expect(page.locator(".flash")).to_contain_text(re.compile("Your vote is saved. Your receipt is [A-Z2-7-]{19}"))
    expect(card.locator(".nudge")).to_be_hidden()
    ballot = page.locator(f"form[data-vote='{secret}']")
    expect(ballot).to_contain_text("This ballot is secret: it is stored without your name or the time")
    ballot.get_by_role("radio").last.check()
    ballot.get_by_role("button", name="Cast my vote").tap()
    expect(page.locator(f"#poll-{secret}")).to_contain_text("You have voted. This ballot is secret")
    said = page.locator(".flash").inner_text()
    assert any(code in said for code, in site.rows("SELECT code FROM secret_ballots"))


def test_choice_kept_on_a_device_is_not_cast_for_what_was_changed_meanwhile(
        browsers: Browsers, scene: Scene, site: Site) -> None:
    for problem in (NO_NETWORK, "409"):
        browsers.expect(problem)
    fields = {"kind": "single", "title": "Taken back", "secrecy": "confidential"}
    with site.application():
        chair = scene.cast.viewer("finn")
        poll_id = create_poll(chair, scene.cast.forum_session().id,
                              parse_poll(fields | {"statements": "Near\nFar"})).id
        move_poll(chair, poll_id, verb="open")
    page = browsers.of(scene.links["ben"])
    steps.open_forum(page, scene.slug)
    card = page.locator(f"#poll-{poll_id}")
    card.get_by_label("Near").check()
    page.context.set_offline(True)
    card.get_by_role("button", name="Cast my vote").click()
    expect(card.locator(".save-state")).to_contain_text("kept on this device")
    with site.application():
        undo_open(chair, poll_id)
        change_poll(chair, poll_id, parse_poll(fields | {"statements": "Far\nNear", "title": "Which is too far?"}))
        move_poll(chair, poll_id, verb="open")
    page.context.set_offline(False)
    expect(page.get_by_text("What is asked was changed after this ballot was shown").first).to_be_visible(
        timeout=BACK_MS)
    expect(card.get_by_text("Which is too far?").first).to_be_visible(timeout=BACK_MS)
    expect(card.locator("input:checked")).to_have_count(0)
    assert site.rows("SELECT count(*) FROM vote_changes JOIN rounds ON rounds.id = round_id WHERE poll_id = ?",
                     poll_id) == [(0,)]
    card.get_by_label("Near").check()
    card.get_by_role("button", name="Cast my vote").click()
    expect(card.locator(".save-state")).to_contain_text("Saved")
