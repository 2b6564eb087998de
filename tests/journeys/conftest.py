"""Real browsers for whole stories: every page is watched for errors of its console and its scripts."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.journeys.scene import Scene, set_scene
from tests.journeys.steps import sign_in
from tests.serving import Site

# The one without windows first: it opens a page in a sixth of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser",
            "chrome")
QUIET = ("--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run",
         "--disable-component-update", "--disable-sync")
PHONE, DESKTOP = (390, 844), (1280, 900)
# Other tests may hold the machine for a while; how fast a page is, is not judged here.
expect.set_options(timeout=15_000)


def browser_path() -> str:
    """An installed Chromium or Chrome. Where the suite must be complete, a missing one is a failure."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing = "no Chromium or Chrome is installed"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser process for all stories; its contexts know nothing of each other."""
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A web process on an empty database."""
    running = Site(tmp_path_factory.mktemp("site"))
    shutil.copy(migrated, running.folder)
    try:
        running.start_web()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def worker(site: Site) -> None:
    """The worker beside it, for stories with mail or files."""
    site.start_worker()


@pytest.fixture(scope="module")
def scene(site: Site) -> Scene:
    """The cast with a discussion, an open poll and a revealed one in 1A."""
    return set_scene(site)


@dataclass
class Browsers:
    """Opens browsers of people who share nothing, and remembers what went wrong in them."""

    chromium: Browser
    site: Site
    contexts: list[BrowserContext] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def of(self, link: str, **options: Any) -> Page:
        """A fresh browser in which the link's owner is signed in."""
        page = self.open(**options)
        sign_in(page, link)
        return page

    def open(self, *, size: tuple[int, int] = DESKTOP, theme: str = "light", has_scripts: bool = True) -> Page:
        """A fresh browser with one page in it."""
        context = self.chromium.new_context(
            base_url=self.site.url, viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light", java_script_enabled=has_scripts,
            has_touch=size == PHONE, is_mobile=size == PHONE, accept_downloads=True)
        self.contexts.append(context)
        context.on("weberror", lambda error: self._note(f"script error: {error.error}"))
        context.on("console", self._listen)
        return context.new_page()

    def expect(self, pattern: str) -> None:
        """Say of a console error that this story brings it about on purpose, such as a refused form."""
        self.expected.append(pattern)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"{message.text} ({message.location.get('url', '')})")

    def _note(self, problem: str) -> None:
        if not any(re.search(pattern, problem) for pattern in self.expected):
            self.problems.append(problem)


@pytest.fixture
def browsers(chromium: Browser, site: Site) -> Iterator[Browsers]:
    """Browsers for one story; any console error or script error in them fails it."""
    opened = Browsers(chromium, site)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.problems == []
