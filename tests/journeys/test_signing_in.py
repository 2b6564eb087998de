"""Signing in as people do it, with real mail, real devices' keys and a real identity provider; and as scanners do."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from sigforum.people.links import make_link
from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import Scene, set_scene
from tests.journeys.steps import open_forum, sign_in
from tests.people.identity_provider import CLIENT, SECRET
from tests.people.providing import identity_provider
from tests.serving import Site

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("worker")]


@dataclass
class NamedSite(Site):
    """An installation with a host name, which passkeys need, and with an identity provider."""

    issuer: str = ""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {
            "SIGFORUM_OIDC_ISSUER": self.issuer, "SIGFORUM_OIDC_CLIENT_ID": CLIENT,
            "SIGFORUM_OIDC_CLIENT_SECRET": SECRET, "SIGFORUM_OIDC_NAME": "Example"}


@pytest.fixture(scope="module")
def site(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NamedSite]:
    with identity_provider() as issuer:
        running = NamedSite(tmp_path_factory.mktemp("site"), issuer=issuer)
        shutil.copy(migrated, running.folder)
        try:
            running.start_web()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="module")
def scene(site: NamedSite) -> Scene:
    return set_scene(site, is_busy=False)


def device(page: Page) -> tuple[CDPSession, str]:
    """Give a browser a device that keeps passkeys and knows its owner's finger."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})
    return tools, made["authenticatorId"]


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.goto("/sign-in")


def state(site: Site, person_id: int) -> tuple[object, ...]:
    """All that a scanner must not change: links, sign-ins, places in meetings, half sign-ins, codes."""
    return tuple(tuple(site.rows(sql, person_id)) for sql in (
        "SELECT id, used_at, expires_at FROM sign_in_links WHERE person_id = ?",
        "SELECT id FROM sign_ins WHERE person_id = ?",
        "SELECT id, status, accepted_at, declined_at, opened_at FROM memberships WHERE person_id = ?",
        "SELECT id FROM second_steps WHERE person_id = ?", "SELECT id, tries FROM sign_in_codes WHERE person_id = ?"))


@pytest.mark.parametrize("size", [PHONE, (1280, 900)], ids=["phone", "desktop"])
def test_scanner_that_runs_scripts_and_follows_links_burns_nothing(site: Site, scene: Scene, browsers: Browsers,
                                                                   size: tuple[int, int]) -> None:
    # Scanners follow what is over and what asks for an account, too.
    browsers.expect("status of 4")
    with site.application():
        link = make_link(scene.cast.person("dov"), lifetime=timedelta(hours=1), meeting_id=scene.cast.meeting_id)
    before = state(site, scene.cast.ids["dov"])
    scanner = browsers.open(size=size)
    scanner.goto(link, wait_until="networkidle")
    assert scanner.get_by_role("button", name="Continue").is_visible()
    addresses = scanner.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    assert len(addresses) >= 2
    for address in addresses:
        follower = scanner.context.new_page()
        follower.goto(address, wait_until="networkidle")
        follower.close()
    for number in range(len(addresses)):
        scanner.goto(link, wait_until="networkidle")
        # By script, as scanners do: also what no eye sees.
        with scanner.expect_event("framenavigated"):
            scanner.locator("a[href]").nth(number).evaluate("one => one.click()")
        scanner.wait_for_load_state("networkidle")
    # And what stands in forms is asked for as if it were a link.
    scanner.goto(link, wait_until="networkidle")
    for address in scanner.eval_on_selector_all("form[action]", "all => all.map(one => one.action)"):
        scanner.request.get(address)
        scanner.request.head(address)
    scanner.goto("/account")
    expect(scanner.locator(".app-header")).to_have_count(0)
    assert state(site, scene.cast.ids["dov"]) == before
    person = browsers.open()
    sign_in(person, link)
    after = state(site, scene.cast.ids["dov"])
    assert after != before


def test_code_from_the_phone_signs_the_laptop_in(site: Site, scene: Scene, browsers: Browsers) -> None:
    browsers.expect("422")
    laptop = browsers.open()
    laptop.goto("/sign-in")
    laptop.get_by_label("E-mail address").fill("ben@example.org")
    laptop.get_by_role("button", name="Send me a sign-in link").click()
    expect(laptop.get_by_role("heading", name="Check your mail")).to_be_visible()
    text = site.mailbox.newest_to("ben@example.org").get_content()
    found = re.search(r"\b(\d{3} \d{3})\b", text)
    assert found is not None
    # Coming back from the mail loads the page again; no second mail is sent.
    laptop.reload()
    laptop.get_by_label("Code from the mail").fill("1")
    laptop.get_by_role("button", name="Sign in here").click()
    expect(laptop.locator(".field-error")).to_contain_text("You can try 4 times more")
    laptop.get_by_label("Code from the mail").fill(found[1])
    laptop.get_by_label("Code from the mail").press("Enter")
    expect(laptop.locator(".app-header")).to_be_visible()
    open_forum(laptop, scene.slug)
    assert len(site.mailbox.to("ben@example.org")) == 1


def test_code_signs_in_without_scripts_too(site: Site, scene: Scene, browsers: Browsers) -> None:
    laptop = browsers.open(has_scripts=False)
    laptop.goto("/sign-in")
    assert laptop.get_by_role("button", name="passkey").count() == 0
    laptop.get_by_label("E-mail address").fill("cyn@example.org")
    laptop.get_by_role("button", name="Send me a sign-in link").click()
    found = re.search(r"\b\d{3} \d{3}\b", site.mailbox.newest_to("cyn@example.org").get_content())
    assert found is not None
    laptop.get_by_label("Code from the mail").fill(found[0])
    laptop.get_by_role("button", name="Sign in here").click()
    expect(laptop.locator(".app-header")).to_be_visible()


def test_facilitator_signs_in_by_passkey_until_it_is_removed(site: Site, scene: Scene, browsers: Browsers) -> None:
    browsers.expect("422|401")
    page = browsers.of(scene.links["finn"])
    tools, authenticator = device(page)
    page.goto("/account")
    page.get_by_label("Name of the new passkey").fill("Finn's laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("row", name="Finn's laptop")).to_contain_text("never")
    assert len(tools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    assert "have changed" in site.mailbox.newest_to("finn@example.org")["Subject"]
    # A second key of the same person on the same device would only confuse.
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("has a passkey for your account already")).to_be_visible()

    for _ in range(2):
        sign_out(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.locator(".app-header")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("row", name="Finn's laptop")).not_to_contain_text("never")

    # Somebody else's finger.
    sign_out(page)
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used")).to_be_visible()
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})

    sign_in(page, scene.links["finn"])
    page.goto("/account")
    page.get_by_role("row", name="Finn's laptop").get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row", name="Finn's laptop")).to_have_count(0)
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not taken")).to_be_visible()
    page.goto("/account")
    expect(page.locator(".app-header")).to_have_count(0)


def test_answer_of_a_device_works_once_and_for_its_own_challenge(site: Site, scene: Scene,
                                                                 browsers: Browsers) -> None:
    page = browsers.of(scene.links["gus"])
    device(page)
    page.goto("/account")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("row", name="Passkey").nth(1)).to_be_visible()
    sign_out(page)
    with page.expect_request(lambda request: request.method == "POST" and "passkey" in request.url) as sent:
        page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".app-header")).to_be_visible()
    answer = re.search(r'name="credential"\r\n\r\n(.*?)\r\n--', sent.value.post_data or "", re.DOTALL)
    cookie = sent.value.all_headers()["cookie"]
    assert answer is not None
    thief = browsers.open()
    # With the very cookie of that moment, and with a challenge of the thief's own.
    for cookies in (cookie, None):
        if cookies:
            thief.context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in (
                one.split("=", 1) for one in cookies.split("; "))])
        thief.goto("/sign-in")
        if not cookies:
            thief.request.get("/sign-in/passkey")
        token = thief.locator("#act [name=csrf_token]").get_attribute("value") or ""
        refused = thief.request.post("/sign-in/passkey", form={"csrf_token": token, "credential": answer[1]})
        assert refused.status == 422
        assert "not taken" in refused.text()
    assert thief.request.get("/account").status == 401


def test_organizer_with_an_app_signs_in_in_two_steps_or_by_passkey(scene: Scene, browsers: Browsers) -> None:
    browsers.expect("422")
    page = browsers.of(scene.links["ada"])
    page.goto("/account")
    page.get_by_role("link", name="Set up an app").click()
    expect(page.locator(".app-code svg")).to_be_visible()
    secret = page.locator(".app-key").inner_text().replace(" ", "")
    early = pyotp.TOTP(secret).at(datetime.now(UTC) - timedelta(seconds=30))
    page.get_by_label("Code from the app").fill(early)
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery = page.locator(".recovery-codes code").first.inner_text()
    device(page)
    page.goto("/account")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("button", name="Remove Passkey")).to_be_visible()

    for code in (pyotp.TOTP(secret).now(), recovery):
        sign_out(page)
        page.goto(scene.links["ada"])
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        page.get_by_label("Code from the app").fill("000")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".field-error")).to_be_visible()
        page.get_by_label("Code from the app").fill(code)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".app-header")).to_be_visible()
    # The device has asked for a finger: nothing more is asked.
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".app-header")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()


def test_account_elsewhere_signs_in_and_a_strangers_does_not(site: NamedSite, scene: Scene, browsers: Browsers) -> None:
    browsers.expect("403|favicon|status of 404")
    page = browsers.open()
    for email in ("eve@example.org", "olu@example.org"):
        page.goto("/sign-in")
        page.get_by_role("link", name="Sign in with Example").click()
        expect(page).to_have_url(re.compile(f"^{re.escape(site.issuer)}/authorize"))
        page.get_by_label("Account").fill(email)
        page.get_by_role("button", name="Log in").click()
        if email.startswith("eve"):
            expect(page.get_by_text("was not invited")).to_be_visible()
    expect(page.get_by_role("heading", name="Continue as Olu Observer")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".app-header")).to_be_visible()
    open_forum(page, scene.slug)
