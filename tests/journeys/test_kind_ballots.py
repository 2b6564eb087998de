"""Every poll kind in a browser: its ballot and its result are accessible, fit a phone, and are big enough to touch."""

import pytest
from playwright.sync_api import Page

from sigforum.ballots.actions import move_poll
from sigforum.ballots.registry import all_kinds
from tests.ballots.earlier import earlier_terms
from tests.ballots.polling import vote
from tests.ballots.test_kind_contract import EXAMPLES, on_paper, poll_of
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import Scene
from tests.journeys.test_accessible import violations
from tests.serving import Site

pytestmark = pytest.mark.journey

KINDS = [kind for kind in all_kinds().values() if not kind.options_are_responses]
TARGET = 44
# What a finger has to meet on a ballot; an input is met through its label, which may be the card around it.
TOO_SMALL = """target => [...document.querySelectorAll('form.ballot :is(a, button, select, textarea, input)')]
    .filter(one => one.type !== 'hidden' && one.offsetParent)
    .map(one => [one.name || one.textContent.trim(), (one.closest('label') || one).getBoundingClientRect()])
    .filter(([name, box]) => box.height < target || box.width < target && !name.startsWith('rating-'))
    .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


@pytest.fixture(scope="module")
def polls(site: Site, scene: Scene) -> dict[str, tuple[int, int]]:
    """By kind the numbers of an open poll in 1A, in which ben has voted, and of a revealed one."""
    made = {}
    with site.application(), earlier_terms():
        for kind in KINDS:
            asked, done = poll_of(kind, scene.cast), poll_of(kind, scene.cast)
            ballots = [answer for _, answer in EXAMPLES[kind.name].ballots[:2]]
            vote(scene.cast, "ben", asked, on_paper(ballots[0], asked))
            for name, answer in zip(("ben", "cyn"), ballots, strict=True):
                vote(scene.cast, name, done, on_paper(answer, done))
            for verb in ("close", "reveal"):
                move_poll(scene.cast.viewer("finn"), done.id, verb=verb)
            made[kind.name] = (asked.id, done.id)
    return made


@pytest.fixture
def ben(browsers: Browsers, scene: Scene) -> Page:
    """ben's browser."""
    return browsers.of(scene.links["ben"])


def test_ballots_of_every_kind_are_accessible_and_fit_a_phone(
        ben: Page, scene: Scene, polls: dict[str, tuple[int, int]]) -> None:
    found = []
    for name, (asked, _) in polls.items():
        ben.goto(f"/meetings/{scene.slug}/polls/{asked}/ballot")
        found += violations(ben, name, sizes=(PHONE,))
        found += [f"{name}: {small}" for small in ben.evaluate(TOO_SMALL, TARGET)]
    assert found == []


def test_results_of_every_kind_are_accessible_and_have_a_table_or_a_list(
        ben: Page, scene: Scene, polls: dict[str, tuple[int, int]]) -> None:
    ben.goto(f"/meetings/{scene.slug}/sessions/1A")
    for folded in ben.locator(".poll-result details").all():
        folded.evaluate("one => { one.open = true }")
    found = violations(ben, "results")
    assert "\n".join(found) == ""
    for name, (_, done) in polls.items():
        shown = ben.locator(f"#poll-{done} .poll-result").first
        tables = shown.locator("table, ul.written, dl.figures").count()
        assert tables or "nothing is shown of fewer than 3" in shown.inner_text(), name
