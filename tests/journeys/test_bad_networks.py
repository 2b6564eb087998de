"""Bad networks: what was chosen or written is kept and counts once, and every page comes back to what it missed."""

import json
import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from sigforum.ballots.actions import create_poll, move_poll, set_timer
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.ballots.queries import poll as poll_of
from sigforum.live.catchup import MOST_MISSED
from sigforum.threads.events import ResponseChanged
from sigforum.transaction import transaction
from tests.journeys import steps
from tests.journeys.conftest import DESKTOP, Browsers
from tests.journeys.line import BACK_MS, People, assert_as_fresh, live
from tests.journeys.scene import STATEMENTS, Scene, vote
from tests.serving import Site

pytestmark = pytest.mark.journey

HOUR_MS, PING_MS = 3_600_000, 30_000


@pytest.fixture(scope="module")
def cookies() -> dict[str, list]:
    """Who is signed in already."""
    return {}


@pytest.fixture
def people(browsers: Browsers, scene: Scene, cookies: dict[str, list]) -> People:
    """Pages of the cast."""
    return People(browsers, scene, cookies)


def ask(site: Site, scene: Scene, title: str, **form: str) -> int:
    """A rating poll of its own for one story, open; its id."""
    with site.application():
        chair = scene.cast.viewer("finn")
        poll = create_poll(chair, scene.cast.forum_session().id, parse_poll({
            "kind": "rating", "title": title, "statements": "\n".join(STATEMENTS), "rule": "percent_agreement",
            **form}))
        return move_poll(chair, poll.id, verb="open").id


def move(site: Site, scene: Scene, poll: int, verb: str) -> None:
    """Finn moves a poll on, from another place."""
    with site.application():
        move_poll(scene.cast.viewer("finn"), poll, verb=verb)


def cast_elsewhere(site: Site, scene: Scene, name: str, poll: int, step: int) -> None:
    """Somebody votes on another device: the same step for every statement."""
    with site.application():
        asked: Poll = poll_of(scene.cast.meeting_id, poll)
        vote(scene.cast, name, asked, {"ratings": {f"o{option.id}": step for option in asked.options}})


def choose(page: Page, poll: int, chosen: Sequence[str]) -> Locator:
    """Fill a ballot: a step for each statement; the ballot."""
    ballot = page.locator(f"form[data-vote='{poll}']")
    for statement, step in zip(STATEMENTS, chosen, strict=False):
        ballot.locator("fieldset").filter(has_text=statement).locator(".scale-step").filter(has_text=step).click()
    return ballot


def cast(page: Page, poll: int, chosen: Sequence[str]) -> Locator:
    """Fill a ballot and press its button; the line that says whether it is saved."""
    ballot = choose(page, poll, chosen)
    ballot.get_by_role("button", name="my vote").click()
    if ballot.get_attribute("data-secrecy") == "secret":
        page.get_by_role("dialog").get_by_role("button", name="Cast my vote").click()
    return ballot.locator(".save-state")


def chosen(page: Page, poll: int) -> list[str]:
    """What is chosen on a ballot now."""
    return [str(one.get_attribute("value")) for one in page.locator(f"form[data-vote='{poll}'] input:checked").all()]


def stored(site: Site, poll: int, person: int) -> list[list[int]]:
    """Every answer that a person gave in a poll, oldest first."""
    return [list(json.loads(answer)["ratings"].values()) for answer, in site.rows(
        "SELECT c.answer FROM vote_changes c JOIN rounds r ON r.id = c.round_id WHERE r.poll_id = ? "
        "AND c.person_id = ? ORDER BY c.revision", poll, person)]


def test_kept_vote_survives_a_reload_and_yields_to_a_newer_one(people: People, site: Site, scene: Scene) -> None:
    ben = scene.cast.ids["ben"]
    page, line = people.page("ben")
    poll = ask(site, scene, "Over a reload")
    line.cut()
    page.reload()
    state = cast(page, poll, "71")
    expect(state).to_contain_text("Not saved yet: The server cannot be reached. Your vote is kept on this device")
    page.reload()
    expect(state).to_have_attribute("data-state", "waiting")
    assert chosen(page, poll) == ["7", "1"]
    assert stored(site, poll, ben) == []
    line.mend()
    expect(state).to_contain_text(re.compile(r"^Saved \d"), timeout=BACK_MS)
    live(page)
    assert stored(site, poll, ben) == [[7, 1]]

    line.cut()
    expect(cast(page, poll, "22")).to_have_attribute("data-state", "waiting", timeout=BACK_MS)
    cast_elsewhere(site, scene, "ben", poll, 9)
    line.mend()
    expect(state).to_contain_text("Changed on another device", timeout=BACK_MS)
    assert chosen(page, poll) == ["9", "9"]
    note = page.locator(".vote-outcome")
    expect(note).to_contain_text("You changed this vote on another device meanwhile, and that newer one counts.")
    assert note.locator("dd").all_inner_texts() == ["2", "2"]
    note.get_by_role("button", name="I have read this").click()
    expect(note).to_have_count(0)
    assert stored(site, poll, ben) == [[7, 1], [9, 9]]


def test_vote_that_comes_too_late_says_so_and_keeps_its_choices(people: People, site: Site, scene: Scene) -> None:
    people.browsers.expect("status of 409")
    page, line = people.page("ben")
    poll = ask(site, scene, "Too late")
    expect(page.locator(f"form[data-vote='{poll}']")).to_be_visible()
    line.cut()
    expect(cast(page, poll, "64")).to_have_attribute("data-state", "waiting", timeout=BACK_MS)
    move(site, scene, poll, "close")
    line.mend()
    note = page.locator(f"#poll-{poll} .vote-outcome")
    for _ in range(2):
        expect(note).to_contain_text("This round is closed. Your vote came too late and was not counted.",
                                     timeout=BACK_MS)
        assert note.locator("dt").all_inner_texts() == list(STATEMENTS)
        assert note.locator("dd").all_inner_texts() == ["6", "4"]
        page.reload()
    expect(page.locator(f"#poll-{poll}")).to_contain_text("1 vote came after the end and was not counted.")
    assert stored(site, poll, scene.cast.ids["ben"]) == []


def test_secret_votes_whose_answers_were_lost_count_once(people: People, site: Site, scene: Scene) -> None:
    poll = ask(site, scene, "Behind a curtain", secrecy="secret")
    (ben, to_ben), (cyn, to_cyn) = people.page("ben"), people.page("cyn", size=DESKTOP)
    for page, line, step in ((ben, to_ben, "83"), (cyn, to_cyn, "29")):
        line.swallow()
        expect(cast(page, poll, step)).to_contain_text("Not saved yet")
    # The server has stored both, and told nobody. Ben's page waits; cyn, who sees nothing happen, loads hers again.
    site.kill_web()
    codes = [code for code, in site.rows(
        "SELECT s.code FROM secret_ballots s JOIN rounds r ON r.id = s.round_id WHERE r.poll_id = ?", poll)]
    assert len(codes) == 2
    site.start_web()
    # Cyn's line goes on swallowing until her page is fresh: the old one would tell her the receipt by itself.
    cyn.reload()
    to_cyn.mend()
    to_ben.mend()
    ballot = ben.locator(f"form[data-vote='{poll}']")
    expect(ballot.locator("[data-receipt]")).to_contain_text("Write it down", timeout=BACK_MS)
    note = cyn.locator(f"#poll-{poll} .vote-outcome")
    expect(note).to_contain_text("was saved. Your receipt:", timeout=BACK_MS)
    shown = [ballot.locator("[data-receipt] code").inner_text(), note.inner_text().split("receipt: ")[1][:19]]
    assert sorted(shown) == sorted(codes)
    expect(ballot.get_by_role("button")).to_be_hidden()
    for table in ("secret_ballots", "participations"):
        assert site.rows(f"SELECT count(*) FROM {table} b JOIN rounds r ON r.id = b.round_id WHERE r.poll_id = ?",
                         poll) == [(2,)]


def test_words_survive_a_reload_without_a_network_and_go_out_once(people: People, site: Site) -> None:
    page, line = people.page("ben")
    first = page.locator(".response").filter(has_text="In regional centres").first
    first.get_by_role("link", name="Reply").first.click()
    reply = page.locator("form.is-reply")
    expect(reply).to_be_visible()
    line.cut()
    reply.get_by_label("Your reply").fill("From under the sea.")
    steps.composer(page).get_by_label("Your response").fill("From under the ground.")
    for form in (reply, steps.composer(page)):
        form.get_by_role("button", name="Post").click()
        expect(form.locator("[data-note]")).to_contain_text("Your words are kept and go out")
    page.reload()
    expect(steps.composer(page).get_by_role("textbox")).to_have_value("From under the ground.")
    expect(steps.composer(page).locator("[data-note]")).to_contain_text("Your words are kept and go out")
    assert site.rows("SELECT count(*) FROM responses WHERE text LIKE 'From under%'") == [(0,)]
    line.mend()
    for words in ("From under the sea.", "From under the ground."):
        expect(steps.response(page, words)).to_have_count(1, timeout=BACK_MS)
    live(page)
    assert site.rows("SELECT count(*) FROM responses WHERE text LIKE 'From under%'") == [(2,)]
    expect(steps.composer(page).get_by_role("textbox")).to_have_value("")


def test_pages_come_back_after_a_kill_in_the_middle_of_a_round(people: People, site: Site, scene: Scene) -> None:
    poll = ask(site, scene, "While the power goes")
    (ben, _), (cyn, _), (finn, _) = (people.page(name, size=DESKTOP) for name in ("ben", "cyn", "finn"))
    expect(cast(ben, poll, "55")).to_contain_text("Saved")
    site.kill_web()
    for page in (ben, cyn, finn):
        expect(page.locator("#connection")).not_to_have_attribute("data-state", "live")
    cast(cyn, poll, "37")
    steps.composer(ben).get_by_role("textbox").fill("Said in the dark.")
    steps.composer(ben).get_by_role("button", name="Post").click()
    site.start_web()
    for page in (ben, cyn, finn):
        live(page)
        expect(page.locator(f"#poll-{poll} .turnout")).to_contain_text("2 of 2 have voted", timeout=BACK_MS)
        expect(steps.response(page, "Said in the dark.")).to_have_count(1, timeout=BACK_MS)
    for page in (cyn, finn):
        assert_as_fresh(page)
    assert stored(site, poll, scene.cast.ids["ben"]) == [[5, 5]]
    assert stored(site, poll, scene.cast.ids["cyn"]) == [[3, 7]]


@pytest.mark.parametrize("missed", [3, MOST_MISSED + 1], ids=["a few", "too many"])
def test_tab_that_slept_an_hour_comes_back_right(people: People, site: Site, scene: Scene, missed: int) -> None:
    poll = ask(site, scene, f"Slept through {missed}")
    page, line = people.page("ben")
    finn, _ = people.page("finn", size=DESKTOP)
    page.clock.install()
    page.reload()
    live(page)
    choose(page, poll, "4")
    steps.composer(page).get_by_role("textbox").fill("Half a thought, and")
    expect(steps.composer(page).locator("[data-note]")).to_contain_text("Draft saved")
    page.evaluate("() => { window.isOld = true; }")
    line.cut()
    with site.application():
        set_timer(scene.cast.viewer("finn"), poll, seconds=5400)
        said = site.rows("SELECT id FROM responses LIMIT 1")[0][0]
        with transaction() as tx:
            for _ in range(missed):
                tx.publish(ResponseChanged(
                    meeting_id=scene.cast.meeting_id, forum_session_id=scene.cast.forum_session().id,
                    response_id=said, person_id=scene.cast.ids["ben"]))
    cast_elsewhere(site, scene, "cyn", poll, 6)
    # A page that is back before the server has told the others is told with them, and has missed nothing.
    expect(finn.locator(f"#poll-{poll} .turnout")).to_contain_text("1 of 2 have voted", timeout=BACK_MS)
    line.mend()
    page.clock.fast_forward(HOUR_MS)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    live(page)
    expect(page.locator(f"#poll-{poll} .turnout")).to_contain_text("1 of 2 have voted", timeout=2 * BACK_MS)
    assert page.evaluate("() => window.isOld === true") == (missed < MOST_MISSED)
    # The device's clock says an hour later; what counts is the server's.
    expect(page.locator(f"#poll-{poll} [data-ends-at]")).to_have_text(re.compile(r"^(89:[3-5]\d|90:00)$"))
    assert chosen(page, poll) == ["4"]
    expect(steps.composer(page).get_by_role("textbox")).to_have_value("Half a thought, and")
    if missed > MOST_MISSED:
        expect(page.locator(f"form[data-vote='{poll}'] .save-state")).to_contain_text("Your choices are back")
    assert_as_fresh(page)


def test_long_polling_alone_is_enough(people: People, site: Site, scene: Scene) -> None:
    poll = ask(site, scene, "By long polling")
    ben, line = people.page("ben", has_sockets=False)
    cyn, _ = people.page("cyn", size=DESKTOP)
    expect(cast(ben, poll, "18")).to_contain_text("Saved", timeout=BACK_MS)
    expect(cyn.locator(f"#poll-{poll} .turnout")).to_contain_text("1 of 2 have voted")
    steps.post(cyn, "Heard by long polling.")
    expect(steps.response(ben, "Heard by long polling.")).to_be_visible()
    line.cut()
    # The poll that is under way ends with the next thing that the server sends, at the latest with its ping.
    expect(ben.locator("#connection")).not_to_have_attribute("data-state", "live", timeout=PING_MS)
    steps.post(cyn, "Said in between.")
    line.mend()
    expect(steps.response(ben, "Said in between.")).to_be_visible(timeout=BACK_MS)
    live(ben)
    assert_as_fresh(ben)


def test_two_windows_of_one_person_agree(people: People, site: Site, scene: Scene) -> None:
    poll = ask(site, scene, "Two windows")
    one, _ = people.page("ben", size=DESKTOP)
    other = one.context.new_page()
    other.goto(one.url)
    live(other)
    expect(cast(one, poll, "39")).to_contain_text("Saved")
    state = other.locator(f"form[data-vote='{poll}'] .save-state")
    expect(state).to_contain_text(re.compile(r"^Changed in another window \d"))
    assert chosen(other, poll) == ["3", "9"]
    # Choices that were begun stay; what they would replace is said.
    choose(one, poll, "5")
    expect(cast(other, poll, "66")).to_contain_text("Saved")
    expect(one.locator(f"form[data-vote='{poll}'] .save-state")).to_contain_text("What you choose here replaces it")
    assert chosen(one, poll) == ["5", "9"]
    # Another device is heard of when this window is looked at again.
    cast_elsewhere(site, scene, "ben", poll, 1)
    other.clock.install()
    other.clock.fast_forward(60_000)
    other.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(state).to_contain_text("Changed on another device")
    assert chosen(other, poll) == ["1", "1"]
    assert stored(site, poll, scene.cast.ids["ben"]) == [[3, 9], [6, 6], [1, 1]]


def test_network_that_comes_back_in_the_middle_of_an_attempt_leaves_no_page_behind(people: People) -> None:
    page, line = people.page("ben")
    line.slow_down()
    expect(page.locator("#connection")).not_to_have_attribute("data-state", "live")
    # The phone goes from one network to the next, and says each time that it is online.
    page.evaluate("""() => new Promise(done => {
        const ringing = setInterval(() => window.dispatchEvent(new Event("online")), 300);
        setTimeout(() => done(clearInterval(ringing)), 4000);
    })""")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=BACK_MS)
