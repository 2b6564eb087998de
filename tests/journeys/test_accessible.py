"""Every page for everybody: axe finds nothing in both themes at both widths, nothing runs off a phone's edge."""

from collections.abc import Callable, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import DESKTOP, PHONE, Browsers
from tests.journeys.scene import Scene

pytestmark = pytest.mark.journey

# Preloading would fetch style sheets again; axe reads those of the page.
EVERY_RULE = {"resultTypes": ["violations"], "preload": False}
# The theme changes colours and nothing else.
COLOURS = EVERY_RULE | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

# Colours fade from one theme to the other, level after level of a deep page; resolves when all have.
FADED = """async () => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const fading = () => document.getAnimations().filter(
    one => one.effect.getComputedTiming().iterations !== Infinity);
  do {
    for (let count = 0; count < 2; count += 1) await frame();
    await Promise.allSettled(fading().map(one => one.finished));
    await frame();
  } while (fading().length);
}"""


def _go(path: str) -> Callable[[Page, str], None]:
    def open_page(page: Page, slug: str) -> None:
        page.goto(path.format(slug=slug))
    return open_page


def _poll_form_with_errors(page: Page, slug: str) -> None:
    page.goto(f"/meetings/{slug}/sessions/1A/polls/new")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _invite_preview_with_errors(page: Page, slug: str) -> None:
    page.goto(f"/meetings/{slug}/people/invite")
    page.get_by_label("Or paste the list").fill(
        "name,email,role\nA Person,nowhere,boss\n"
        "Bee,bee.with.a.long.name@department-of-a-university-hospital.example.org,participant")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _agenda_preview(page: Page, slug: str) -> None:
    page.goto(f"/meetings/{slug}/agenda")
    page.get_by_label("Or paste the agenda").fill(
        "Cells that stay\n\n1A. Making cells anew\nCentral question: How should cells be made today?\n"
        "  • Where should cells be made?\n\n1D. Moving cells\nCentral question: How do cells travel?\n")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What this import would change")).to_be_visible()


def _sign_in_with_error(page: Page, _slug: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("nowhere")
    page.get_by_role("button", name="Send me a sign-in link").click()
    expect(page.locator(".field-error")).to_be_visible()


def _code_refused(page: Page, _slug: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("somebody@example.org")
    page.get_by_role("button", name="Send me a sign-in link").click()
    page.get_by_label("Code from the mail").fill("000000")
    page.get_by_role("button", name="Sign in here").click()
    expect(page.locator(".field-error")).to_be_visible()


def _reply_dialog(page: Page, slug: str) -> None:
    steps.open_forum(page, slug)
    page.locator("a[data-dialog]").filter(has_text="Edit").first.click()
    expect(page.locator("dialog")).to_be_visible()


def _go_to_discussion(page: Page, slug: str) -> None:
    page.goto(f"/meetings/{slug}/sessions/1A/console")
    page.get_by_role("button", name="Show the questions").click()
    expect(page.get_by_text("The questions and priorities")).to_be_visible()
    page.goto(f"/meetings/{slug}/sessions/1A/projector")


def _record(page: Page, slug: str) -> None:
    page.goto(f"/meetings/{slug}/sessions/1A")
    page.get_by_role("link", name="Rules").first.click()
    expect(page.get_by_role("heading", name="Agreed before the first vote")).to_be_visible()


PAGES: list[tuple[str, str, Callable[[Page, str], None]]] = [
    ("nobody", "sign-in", _go("/sign-in")), ("nobody", "sign-in refused", _sign_in_with_error),
    ("nobody", "mailed code refused", _code_refused), ("ada", "authenticator app", _go("/account/authenticator")),
    ("nobody", "a used link", _go("/sign-in/not-a-link-of-ours")), ("nobody", "by invitation", _go("/")),
    ("ada", "home", _go("/")), ("ada", "meeting", _go("/meetings/{slug}")),
    ("ada", "new meeting", _go("/meetings/new")), ("ada", "agenda preview", _agenda_preview),
    ("ada", "people", _go("/meetings/{slug}/people")), ("ada", "invite preview", _invite_preview_with_errors),
    ("ada", "account", _go("/account")), ("ada", "exports", _go("/meetings/{slug}/exports")),
    ("ada", "summary", _go("/meetings/{slug}/sessions/1A/summary")),
    ("ada", "meeting summary", _go("/meetings/{slug}/summary")),
    ("finn", "session of a facilitator", _go("/meetings/{slug}/sessions/1A")),
    ("finn", "poll form with errors", _poll_form_with_errors),
    ("finn", "console", _go("/meetings/{slug}/sessions/1A/console")),
    ("finn", "projector with a poll", _go("/meetings/{slug}/sessions/1A/projector")),
    ("finn", "projector with the discussion", _go_to_discussion),
    ("nobody", "code", _go("/j")),
    ("ben", "record of a poll", _record),
    ("ben", "session of a participant", _go("/meetings/{slug}/sessions/1A")),
    ("ben", "session without responses", _go("/meetings/{slug}/sessions/1B")),
    ("ben", "dialog", _reply_dialog), ("ben", "edit", _go("/meetings/{slug}/responses/1/edit")),
    ("olu", "session of an observer", _go("/meetings/{slug}/sessions/1A")),
    ("ben", "refused", _go("/meetings/{slug}/people")), ("ben", "not found", _go("/meetings/{slug}/sessions/9Z")),
]


@pytest.mark.parametrize("name", sorted({name for name, _, _ in PAGES}))
def test_pages_have_no_violation_and_no_overflow(browsers: Browsers, scene: Scene, name: str) -> None:
    browsers.expect("status of 4(01|03|04|10|22)")
    page = browsers.open() if name == "nobody" else browsers.of(scene.links[name])
    found = []
    for about, show in [(about, show) for whose, about, show in PAGES if whose == name]:
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.emulate_media(color_scheme="light")
        show(page, scene.slug)
        found += violations(page, about)
    assert found == []


def violations(page: Page, about: str, *, sizes: Sequence[tuple[int, int]] = (DESKTOP, PHONE)) -> list[str]:
    found = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        for theme, rules in (("light", EVERY_RULE), ("dark", COLOURS)):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            page.evaluate(FADED)
            broken = Axe().run(page, options=rules).response["violations"]
            found += [f"{about}, {width}, {theme}: {rule['id']} at {node['target']} {node['failureSummary'][:200]}"
                      for rule in broken for node in rule["nodes"]]
    over = page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
    return found + ([f"{about}: {over} px run off the edge"] if over > 0 else [])
