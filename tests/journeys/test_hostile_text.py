"""Hostile words in responses, titles and names run nothing in a real browser, and do not break the page."""

import pytest
from playwright.sync_api import Page, expect

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from tests.journeys import steps
from tests.journeys.conftest import Browsers
from tests.journeys.scene import Scene
from tests.serving import Site

pytestmark = pytest.mark.journey

RUN = "window.canary=1"
CORPUS = (
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>", f"[click](javascript:{RUN})",
    f"[click](JaVaScRiPt:{RUN})", f"[click](&#106;avascript:{RUN})", f"![x](x\"onerror=\"{RUN})",
    f"<a href='javascript:{RUN}'>x</a>", f"[x](data:text/html,<script>{RUN}</script>)",
    f"<details open ontoggle={RUN}>x</details>", f"<body onload={RUN}>",
    f"<math><mi xlink:href='javascript:{RUN}'>x</mi></math>",
    f"\"><script>{RUN}</script>", f"'-{RUN}-'", "{{ 7 * 7 }}", f"<style>@import 'javascript:{RUN}'</style>",
    f"<form action=javascript:{RUN}><button id=act>x</button></form>", f"</textarea><script>{RUN}</script>",
    f"<input autofocus onfocus={RUN}>", f"<noscript><p title='</noscript><img src=x onerror={RUN}>'></noscript>",
)


def test_hostile_text_runs_nothing(browsers: Browsers, site: Site, scene: Scene) -> None:
    ben, cyn = browsers.of(scene.links["ben"]), browsers.of(scene.links["cyn"])
    for page in (ben, cyn):
        steps.open_forum(page, scene.slug)
    before = ben.locator(".thread.is-central > .responses > .response").count()
    for number, text in enumerate(CORPUS, start=1):
        steps.composer(ben).get_by_label("Your response").fill(text)
        steps.composer(ben).get_by_role("button", name="Post").click()
        expect(ben.locator(".thread.is-central > .responses > .response")).to_have_count(before + number)
    with site.application():
        poll = create_poll(scene.cast.viewer("finn"), scene.cast.forum_session().id, parse_poll({
            "kind": "rating", "title": CORPUS[0], "statements": "\n".join(CORPUS[:3]), "rule": "percent_agreement",
            "low_label": "<b>low", "high_label": "\"'>high"}))
        number = move_poll(scene.cast.viewer("finn"), poll.id, verb="open").id
    expect(cyn.locator(f"#poll-{number}")).to_be_visible()
    expect(cyn.locator(".thread.is-central > .responses > .response")).to_have_count(before + len(CORPUS))
    for page in (ben, cyn):
        _expect_nothing_ran(page)
        for path in ("sessions/1A", "sessions/1A/summary", ""):
            page.goto(f"/meetings/{scene.slug}/{path}".rstrip("/"))
            _expect_nothing_ran(page)
    # What was typed is what is stored; it is made safe where it is shown.
    assert {row[0] for row in site.rows("SELECT text FROM responses")} >= set(CORPUS)


def _expect_nothing_ran(page: Page) -> None:
    page.wait_for_timeout(100)
    assert page.evaluate("() => window.canary") is None
    dangerous = ("main script, main iframe, main object, main embed, main [onerror], main [onload], main style, "
                 "main a[href^='javascript' i], main a[href^='data' i], main .response-body form, main .prose form")
    expect(page.locator(dangerous)).to_have_count(0)
