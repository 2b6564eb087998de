"""Signing in with an account elsewhere: only a verified address that is invited, and no token that lies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sigforum.app import create_app
from sigforum.extensions import db, limiter
from sigforum.kernel.errors import Invalid
from sigforum.people import authenticators
from sigforum.people.models import SignIn
from sigforum.settings import Settings
from tests.browser import Browser
from tests.casting import Cast
from tests.people.identity_provider import CLIENT, SECRET
from tests.people.providing import identity_provider
from tests.serving import free_port


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with identity_provider() as address:
        yield address


@pytest.fixture
def settings(settings: Settings, issuer: str) -> Settings:
    return replace(settings, oidc_issuer=issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET, oidc_name="Example")


@pytest.fixture(autouse=True)
def _fresh_limits(app) -> None:
    limiter.reset()


def come_back(browser: FlaskClient, email: str, *, lie: str = "none") -> TestResponse:
    """Go to the provider, log in there, and come back."""
    away = browser.get("/sign-in/provider")
    assert away.status_code == 302
    there = requests.post(away.location, data={"email": email, "lie": lie}, allow_redirects=False, timeout=10)
    assert there.status_code == 303
    back = there.headers["Location"]
    assert back.startswith("http://localhost/sign-in/provider/back?")
    return browser.get(back.removeprefix("http://localhost"))


def test_sign_in_page_offers_the_provider_by_name(cast: Cast, app) -> None:
    page = app.test_client().get("/sign-in").get_data(as_text=True)
    assert "Sign in with Example" in page
    assert 'href="/sign-in/provider"' in page


def test_invited_account_sees_a_button_that_signs_in(cast: Cast, app, whole_database) -> None:
    browser, before = app.test_client(), whole_database()
    page = come_back(browser, " Ben@Example.org ")
    assert (page.status_code, "Continue as Ben Participant" in page.get_data(as_text=True)) == (200, True)
    # Arriving changes nothing yet.
    assert whole_database() == before
    assert browser.get("/account").status_code == 401
    assert browser.post("/sign-in/provider").location == "/account", "the page that was refused before"
    assert browser.get(f"/meetings/{cast.slug}").status_code == 200


@pytest.mark.parametrize("email", ["nobody@example.org", "rex@example.org", "eve@example.org", ""])
def test_account_that_is_not_invited_is_refused(cast: Cast, app, email: str) -> None:
    browser = app.test_client()
    page = come_back(browser, email or "x")
    assert page.status_code == 403
    assert "was not invited" in page.get_data(as_text=True)
    assert browser.post("/sign-in/provider").status_code == 410
    assert db.session.query(SignIn).count() == 0


@pytest.mark.parametrize("lie", ["unverified", "verified in words"])
def test_address_that_is_not_verified_is_refused(cast: Cast, app, lie: str) -> None:
    browser = app.test_client()
    assert come_back(browser, "ada@example.org", lie=lie).status_code == 403
    assert browser.post("/sign-in/provider").status_code == 410


def test_address_may_come_from_the_account_itself(cast: Cast, app) -> None:
    browser = app.test_client()
    assert come_back(browser, "ben@example.org", lie="no email").status_code == 200
    assert browser.post("/sign-in/provider").status_code == 302


@pytest.mark.parametrize("lie", ["issuer", "audience", "nonce", "expired", "key", "no signature", "state"])
def test_token_that_lies_lets_nobody_in(cast: Cast, app, lie: str) -> None:
    browser = app.test_client()
    page = come_back(browser, "ada@example.org", lie=lie)
    assert page.status_code == 502
    assert "did not work" in page.get_data(as_text=True)
    assert browser.post("/sign-in/provider").status_code == 410
    assert db.session.query(SignIn).count() == 0


def test_address_of_another_account_is_not_taken(cast: Cast, app) -> None:
    browser = app.test_client()
    assert come_back(browser, "nobody@example.org", lie="email of another").status_code == 403
    assert browser.post("/sign-in/provider").status_code == 410


def test_answer_meant_for_another_browser_lets_nobody_in(cast: Cast, app) -> None:
    mine, theirs = app.test_client(), app.test_client()
    away = mine.get("/sign-in/provider")
    theirs.get("/sign-in/provider")
    there = requests.post(away.location, data={"email": "ben@example.org"}, allow_redirects=False, timeout=10)
    back = there.headers["Location"].removeprefix("http://localhost")
    assert theirs.get(back).status_code == 502
    assert app.test_client().get(back).status_code == 502
    assert theirs.post("/sign-in/provider").status_code == 410
    assert mine.get(back).status_code == 200


def test_button_works_once_and_for_five_minutes(cast: Cast, app) -> None:
    browser, copy = app.test_client(), app.test_client()
    come_back(browser, "ben@example.org")
    cookie = browser.get_cookie("sigforum")
    assert browser.post("/sign-in/provider").status_code == 302
    copy.set_cookie("sigforum", cookie.value)
    assert copy.post("/sign-in/provider").status_code == 400
    late = app.test_client()
    come_back(late, "ben@example.org")
    with late.session_transaction() as kept:
        kept["vouched"]["at"] -= 301
        kept.modified = True
    assert late.post("/sign-in/provider").status_code == 400
    assert [one.get("/account").status_code for one in (copy, late)] == [401, 401]


def test_person_removed_meanwhile_is_not_let_in(cast: Cast, app) -> None:
    browser = app.test_client()
    come_back(browser, "mal@example.org")
    cast.person("mal").is_host = False
    for place in cast.person("mal").memberships:
        place.status = "revoked"
    db.session.commit()
    assert browser.post("/sign-in/provider").status_code == 400


def test_organizer_with_an_app_is_asked_for_its_code_here_too(cast: Cast, app) -> None:
    secret = authenticators.new_secret()
    moment = datetime.now(UTC)
    authenticators.set_up_app(cast.person("ada"), secret, code=pyotp.TOTP(secret).at(moment - timedelta(seconds=30)))
    browser = app.test_client()
    come_back(browser, "ada@example.org")
    assert browser.post("/sign-in/provider").location == "/sign-in/second-step"
    assert browser.get("/account").status_code == 401
    code = pyotp.TOTP(secret).now()
    assert browser.post("/sign-in/second-step", data={"code": code}).status_code == 302
    assert browser.get("/account").status_code == 200


def test_provider_that_is_away_is_said_in_words(settings: Settings, tmp_path) -> None:
    away = create_app(replace(settings, oidc_issuer=f"http://127.0.0.1:{free_port()}", instance=tmp_path / "away"))
    away.test_client_class = Browser
    for path in ("/sign-in/provider", "/sign-in/provider/back?code=x&state=y", "/sign-in/provider/back?error=denied"):
        answer = away.test_client().get(path)
        assert answer.status_code == 502
        assert "Signing in there did not work" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("values", "missing"), [
    ({"ISSUER": "http://login.example.org", "CLIENT_ID": "x", "CLIENT_SECRET": "y"}, {"ISSUER"}),
    ({"ISSUER": "login.example.org", "CLIENT_ID": "x", "CLIENT_SECRET": "y"}, {"ISSUER"}),
    ({"ISSUER": "https://login.example.org"}, {"CLIENT_ID", "CLIENT_SECRET"}),
])
def test_half_a_configuration_is_refused_at_the_start(values: dict[str, str], missing: set[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        Settings.from_environ({"SIGFORUM_SECRET_KEY": "x"} | {f"SIGFORUM_OIDC_{name}": value
                                                             for name, value in values.items()})
    assert set(refusal.value.errors) == {f"SIGFORUM_OIDC_{name}" for name in missing}
