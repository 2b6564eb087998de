"""What people do on pages, in the words of the house: sign in, post, lay points, vote."""

from playwright.sync_api import Locator, Page, expect

SOON_MS = 1000


def sign_in(page: Page, link: str) -> None:
    """Follow a mailed link, and press its button."""
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".app-header")).to_be_visible()


def open_forum(page: Page, slug: str, code: str = "1A") -> None:
    """Open a forum session's page, and wait until it hears of changes."""
    page.goto(f"/meetings/{slug}/sessions/{code}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")


def composer(page: Page) -> Locator:
    """The form under the central question."""
    return page.locator(".thread.is-central > form[data-composer]")


def post(page: Page, text: str, *, shown: str = "") -> Locator:
    """Answer the central question; the response as its author sees it, by the words `shown`."""
    composer(page).get_by_label("Your response").fill(text)
    composer(page).get_by_role("button", name="Post").click()
    posted = response(page, shown or text)
    expect(posted).to_be_visible()
    return posted


def response(page: Page, text: str) -> Locator:
    """The responses on a page whose own text holds these words."""
    return page.locator(".response").filter(has=page.locator("> .response-body", has_text=text))


def response_id(found: Locator) -> int:
    """The number of a response on a page."""
    return int((found.get_attribute("id") or "").removeprefix("response-"))


def lay_point(page: Page, number: int, *, times: int = 1) -> None:
    """Lay points on a response with its stepper, and wait until they are saved."""
    for _ in range(times):
        page.locator(f"#stepper-r{number}").get_by_role("button", name="One point more").click()
    expect(page.locator("#priorities .save-state")).to_have_attribute("data-state", "saved")


def ranking(page: Page) -> list[tuple[str, str]]:
    """The priorities as shown: (option, points in words), from the top."""
    items = page.locator("ol.priorities > li")
    return [(item.get_attribute("data-option") or "", item.locator(".priority-points strong").inner_text())
            for item in items.all()]


def open_ballot(page: Page) -> Locator:
    """The one rating ballot that is open."""
    return page.locator(".poll form.ballot")


def rate(page: Page, ratings: dict[str, str]) -> None:
    """Fill the open rating ballot: a step of the scale, or "x", by statement."""
    for statement, step in ratings.items():
        asked = open_ballot(page).locator("fieldset").filter(has_text=statement)
        if step == "x":
            asked.get_by_label("Outside my expertise").check()
        else:
            asked.locator(".scale-step").filter(has_text=step).click()


def cast(page: Page) -> None:
    """Cast the rating ballot, and wait for its acknowledgement."""
    ballot = open_ballot(page)
    ballot.get_by_role("button", name="my vote").click()
    expect(ballot.locator(".save-state")).to_have_attribute("data-state", "saved")
    expect(ballot.locator(".save-state")).to_contain_text("Saved")
