"""The second step: an organizer's app is asked at every sign-in by mail, takes no code twice, and cannot be guessed."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient

from sigforum.extensions import db, limiter
from sigforum.kernel.clock import now
from sigforum.people import authenticators, queries
from sigforum.people.cli import people
from sigforum.people.links import make_link
from sigforum.people.models import OutgoingMail, SignInLink
from sigforum.people.sealing import unseal
from sigforum.people.signing_models import Authenticator, RecoveryCode, SecondStep
from tests.casting import Cast
from tests.people.waiting import ask, mailed, other_than


@pytest.fixture(autouse=True)
def _fresh_limits(app) -> None:
    limiter.reset()


def app_code(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or some half minutes away."""
    return pyotp.TOTP(secret).at(datetime.now(UTC), counter_offset=steps)


def with_app(cast: Cast, name: str = "ada") -> tuple[str, list[str]]:
    """(secret, recovery codes) of somebody who has set an app up half a minute ago."""
    person, secret = cast.person(name), authenticators.new_secret()
    codes = authenticators.set_up_app(person, secret, code=app_code(secret, steps=-1))
    return secret, codes


def half_way(cast: Cast, app: Flask, name: str = "ada") -> FlaskClient:
    """A browser whose first step is done."""
    browser = app.test_client()
    answer = browser.post(make_link(cast.person(name), lifetime=timedelta(hours=1)).removeprefix("http://localhost"))
    assert (answer.status_code, answer.location) == (302, "/sign-in/second-step")
    assert browser.get("/account").status_code == 401
    return browser


def give(browser: FlaskClient, code: str) -> int:
    return browser.post("/sign-in/second-step", data={"code": code}).status_code


def test_setting_up_shows_a_code_to_scan_and_recovery_codes_once(cast: Cast, app, sign_in) -> None:
    browser = sign_in(cast.person("ada"))
    page = browser.get("/account/authenticator").get_data(as_text=True)
    assert "<svg" in page
    assert "style=" not in page
    secret = "".join(re.search(r'app-key">([A-Z2-7 ]+)<', page)[1].split())
    assert secret in "".join(browser.get("/account/authenticator").get_data(as_text=True).split())
    assert browser.post("/account/authenticator", data={"code": other_than(app_code(secret))}).status_code == 422
    assert db.session.query(Authenticator).count() == 0
    page = browser.post("/account/authenticator", data={"code": app_code(secret)}).get_data(as_text=True)
    codes = re.findall(r"<code>([a-z2-9-]+)</code>", page)
    assert len(set(codes)) == 10
    assert codes[0] not in browser.get("/account").get_data(as_text=True)
    assert "10 recovery codes left" in browser.get("/account").get_data(as_text=True)
    # Whoever set it up from a browser left open would be told on by mail.
    assert [mail.template for mail in db.session.scalars(db.select(OutgoingMail))] == ["keys_changed"]


@pytest.mark.both_databases
def test_sign_in_by_link_asks_for_the_code_and_then_signs_in(cast: Cast, app) -> None:
    secret, _ = with_app(cast)
    browser = half_way(cast, app)
    assert "authenticator app" in browser.get("/sign-in/second-step").get_data(as_text=True)
    assert give(browser, other_than(app_code(secret))) == 422
    assert browser.get("/account").status_code == 401
    assert give(browser, app_code(secret)) == 302
    assert browser.get(f"/meetings/{cast.slug}/people").status_code == 200


def test_sign_in_by_mailed_code_asks_for_it_too(cast: Cast, app) -> None:
    secret, _ = with_app(cast)
    waiting = ask(app, "ada@example.org")
    answer = waiting.type(mailed()[1])
    assert answer.location == "/sign-in/second-step"
    assert waiting.browser.get("/account").status_code == 401
    assert give(waiting.browser, app_code(secret)) == 302
    assert waiting.browser.get("/account").status_code == 200


def test_nobody_else_is_asked(cast: Cast, sign_in) -> None:
    with_app(cast)
    assert sign_in(cast.person("ben")).get("/account").status_code == 200


def test_invitation_is_accepted_by_the_second_step_and_not_by_the_first(cast: Cast, app) -> None:
    secret, _ = with_app(cast, "mal")
    membership = queries.memberships_of(cast.ids["dov"])[0]
    membership.person_id = cast.ids["mal"]
    db.session.commit()
    browser = app.test_client()
    link = make_link(cast.person("mal"), lifetime=timedelta(hours=1), meeting_id=cast.meeting_id)
    browser.post(link.removeprefix("http://localhost"))
    assert queries.membership(cast.ids["mal"], meeting_id=cast.meeting_id).status == "invited"
    assert give(browser, app_code(secret)) == 302
    assert queries.membership(cast.ids["mal"], meeting_id=cast.meeting_id).status == "accepted"


@pytest.mark.both_databases
def test_code_of_the_app_works_once(cast: Cast, app) -> None:
    secret, _ = with_app(cast)
    code = app_code(secret)
    first, second = half_way(cast, app), half_way(cast, app)
    assert give(first, code) == 302
    assert give(second, code) == 422
    # Nor does an earlier one that is still within the minute.
    assert give(second, app_code(secret, steps=-1)) == 422
    assert give(second, app_code(secret, steps=1)) == 302


def test_codes_of_other_minutes_are_wrong(cast: Cast, app) -> None:
    secret, _ = with_app(cast)
    browser = half_way(cast, app)
    assert [give(browser, app_code(secret, steps=steps)) for steps in (-3, 3, 100)] == [422] * 3
    assert give(browser, app_code(secret)) == 302


@pytest.mark.both_databases
def test_recovery_code_works_once_however_it_is_typed(cast: Cast, app) -> None:
    _, codes = with_app(cast)
    assert give(half_way(cast, app), f" {codes[3].upper().replace('-', ' ')} ") == 302
    assert give(half_way(cast, app), codes[3]) == 422
    assert give(half_way(cast, app), codes[4]) == 302


def test_new_recovery_codes_end_the_earlier_ones(cast: Cast, app) -> None:
    _, codes = with_app(cast)
    fresh = authenticators.renew_recovery_codes(cast.person("ada"))
    assert give(half_way(cast, app), codes[0]) == 422
    assert give(half_way(cast, app), fresh[0]) == 302


def test_five_wrong_codes_end_the_sign_in(cast: Cast, app) -> None:
    secret, _ = with_app(cast)
    browser = half_way(cast, app)
    assert [give(browser, other_than(app_code(secret))) for _ in range(5)] == [422] * 4 + [410]
    assert give(browser, app_code(secret)) == 410
    assert browser.get("/account").status_code == 401


def test_second_step_is_over_after_ten_minutes(cast: Cast, app) -> None:
    secret, _ = with_app(cast)
    browser = half_way(cast, app)
    step = db.session.scalars(db.select(SecondStep)).one()
    step.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    assert give(browser, app_code(secret)) == 410
    assert browser.get("/sign-in/second-step").location == "/sign-in"


@pytest.mark.both_databases
def test_thousand_guesses_are_not_judged_even_by_who_reads_the_mail(cast: Cast, app) -> None:
    secret, codes = with_app(cast)
    statuses = []
    for _ in range(50):
        browser = half_way(cast, app)
        statuses += [give(browser, other_than(app_code(secret))) for _ in range(20)]
    assert len(statuses) == 1000
    assert set(statuses) == {410, 422}
    assert statuses.count(422) < 20
    # The day's tries are used up: now the right code is no use either, and a recovery code, which no one guesses, is.
    assert give(half_way(cast, app), app_code(secret)) == 410
    assert give(half_way(cast, app), codes[0]) == 302


def test_secret_and_recovery_codes_are_unreadable_in_the_database(cast: Cast, app, whole_database) -> None:
    secret, codes = with_app(cast)
    rows = str(whole_database())
    assert secret not in rows
    assert not [code for code in codes if code in rows or code.replace("-", "") in rows]
    kept = db.session.scalars(db.select(Authenticator)).one()
    assert unseal(kept.sealed_secret) == secret
    assert unseal(kept.sealed_secret[:-8] + "AAAAAAA=") is None


def test_participants_and_facilitators_are_not_offered_it(cast: Cast, sign_in) -> None:
    for name, statuses in {"ada": (200, 422), "mal": (200, 422), "finn": (404, 404), "ben": (404, 404)}.items():
        browser = sign_in(cast.person(name))
        assert ("Authenticator app" in browser.get("/account").get_data(as_text=True)) is (statuses[0] == 200)
        assert (browser.get("/account/authenticator").status_code,
                browser.post("/account/authenticator", data={"code": "1"}).status_code) == statuses


def test_removed_app_is_not_asked_for(cast: Cast, app, sign_in) -> None:
    with_app(cast)
    open_step = half_way(cast, app)
    authenticators.remove_app(cast.person("ada"))
    assert sign_in(cast.person("ada")).get("/account").status_code == 200
    # What was half way stays out.
    assert give(open_step, "123456") == 410
    assert db.session.query(RecoveryCode).count() == 0


def test_operator_takes_keys_off_an_account(cast: Cast, app, sign_in) -> None:
    with_app(cast)
    with_app(cast, "mal")
    done = CliRunner().invoke(people, ["forget-keys", "ada@example.org"], obj=ScriptInfo(create_app=lambda: app))
    assert done.output == "Ada Organizer signs in by mail alone now.\n"
    assert db.session.scalars(db.select(Authenticator.person_id)).all() == [cast.ids["mal"]]
    assert sign_in(cast.person("ada")).get("/account").status_code == 200


def test_link_of_a_sign_in_that_was_not_finished_is_used_up(cast: Cast, app) -> None:
    with_app(cast)
    half_way(cast, app)
    link = db.session.scalars(db.select(SignInLink).order_by(SignInLink.id.desc())).first()
    assert link is not None
    assert link.used_at is not None
