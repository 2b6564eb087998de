"""The page that opens anywhere: alone, without a script, and whole for those who hear it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from sigforum.summaries import assemble
from sigforum.summaries.document.summary import MeetingSummary
from sigforum.summaries.formats.html import FORMAT as HTML
from tests.journeys.conftest import browser_path
from tests.summaries.panel import Panel


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_html_loads_and_runs_nothing(panel: Panel) -> None:
    panel.say("p3", "<script>alert(1)</script> <img src=x onerror=alert(1)> ![x](https://x.example/x.png)")
    page = Page(HTML.write(assemble.session_summary(panel.forum_session)).decode())
    assert {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "base"} == set()
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; font-src data:"
    addresses = re.findall(r"url\([\"']?([^)\"']{0,10})", HTML.write(assemble.meeting_summary(
        panel.forum_session.meeting)).decode())
    assert set(addresses) == {"data:font/"}


def test_html_is_structured_and_described(panel: Panel) -> None:
    panel.rate()
    for summary in (assemble.session_summary(panel.forum_session),
                    assemble.meeting_summary(panel.forum_session.meeting)):
        page = Page(HTML.write(summary).decode())
        assert page.all("html") == [{"lang": "en"}]
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert all(lower <= higher + 1 for higher, lower in pairwise(levels))
        assert all(one.get("aria-label") for one in page.all("svg"))
        # A histogram and an interval for each statement; the way of the participants; the map of a meeting.
        assert len(page.all("svg")) == 4 + len(summary.documents) + isinstance(summary, MeetingSummary)
        assert len(page.all("main")) == 1
        assert all(one.get("scope") for one in page.all("th"))
        ids = [one["id"] for _, one in page.tags if "id" in one]
        assert len(ids) == len(set(ids))
        assert {str(one["href"])[1:] for one in page.all("a") if str(one["href"]).startswith("#")} <= set(ids)


def test_html_opens_from_disk_and_passes_axe(panel: Panel, tmp_path: Path) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    sample = replace(document, meeting=replace(document.meeting, is_sample=True))
    path = tmp_path / "summary.html"
    path.write_bytes(HTML.write(sample))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        context = chromium.new_context(offline=True)
        for width in (390, 1280):
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate("[...document.fonts].filter(one => one.status == 'loaded').length") == 3
            assert said == []
            assert [one["id"] for one in Axe().run(page).response["violations"]] == []
        chromium.close()
