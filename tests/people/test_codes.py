"""The six digits in a sign-in mail: they work once, in the browser that asked, and cannot be guessed."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sigforum.extensions import db, limiter
from sigforum.kernel.clock import now
from sigforum.kernel.ids import token_hash
from sigforum.people import queries
from sigforum.people.codes import TRIES_A_CODE, WRONG_TRIES_A_DAY
from sigforum.people.models import SignIn
from sigforum.people.signing import forget_old_tries
from sigforum.people.signing_models import SignInCode
from tests.casting import Cast
from tests.people.waiting import Waiting, ask, mailed, other_than


@pytest.fixture(autouse=True)
def _fresh_limits(app) -> None:
    limiter.reset()


def newest() -> SignInCode:
    found = db.session.scalars(db.select(SignInCode).order_by(SignInCode.id.desc())).first()
    assert found is not None
    return found


@pytest.mark.both_databases
def test_code_signs_in_where_the_address_was_given_and_ends_the_link(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    link, code = mailed()
    assert app.test_client().get(link).status_code == 200
    answer = waiting.type(f" {code[:3]} {code[3:]} ")
    assert (answer.status_code, answer.location) == (302, "/")
    assert waiting.browser.get("/account").status_code == 200
    for method in ("GET", "POST"):
        assert app.test_client().open(link, method=method).status_code == 410


@pytest.mark.both_databases
def test_link_ends_the_code(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    link, code = mailed()
    phone = app.test_client()
    assert phone.post(link).status_code == 302
    answer = waiting.type(code)
    assert answer.status_code == 422
    assert "is over" in answer.get_data(as_text=True)
    assert waiting.browser.get("/account").status_code == 401
    assert phone.get("/account").status_code == 200


def test_code_is_worth_nothing_in_another_browser(cast: Cast, app) -> None:
    waiting, thief, stranger = ask(app, "ben@example.org"), ask(app, "nobody@example.org"), app.test_client()
    _, code = mailed()
    assert thief.type(code).status_code == 422
    assert stranger.post("/sign-in/code", data={"code": code}).status_code == 410
    assert [one.get("/account").status_code for one in (thief.browser, stranger)] == [401, 401]
    assert waiting.type(code).status_code == 302


def test_code_and_secret_are_nowhere_in_the_database(cast: Cast, app, whole_database) -> None:
    waiting = ask(app, "ben@example.org")
    with waiting.browser.session_transaction() as kept:
        secret = kept["asked"]["secret"]
    _, code = mailed()
    rows = str(whole_database())
    assert secret not in rows
    assert f"'{code}'" not in rows
    assert newest().asked_hash == token_hash(secret)
    # A plain hash of six digits is found by trying a million; this one needs the site's key.
    assert newest().code_hash not in {token_hash(code), token_hash(f"{newest().id} {code}"), ""}


@pytest.mark.both_databases
def test_five_wrong_tries_end_a_code(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    link, code = mailed()
    answers = [waiting.type(other_than(code)).get_data(as_text=True) for _ in range(TRIES_A_CODE)]
    assert [re.findall(r"try (\d+) time", page) for page in answers] == [["4"], ["3"], ["2"], ["1"], []]
    assert "is over" in answers[-1]
    assert waiting.type(code).status_code == 422
    assert waiting.browser.get("/account").status_code == 401
    # Whoever can read the mail is not locked out by others' guesses.
    assert waiting.browser.post(link).status_code == 302


def test_code_is_over_after_a_quarter_of_an_hour(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    _, code = mailed()
    row = newest()
    assert timedelta(minutes=14) < row.expires_at - now() <= timedelta(minutes=15)
    row.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    assert waiting.type(code).status_code == 422
    assert "is over" in waiting.browser.get("/sign-in/code").get_data(as_text=True)
    assert waiting.browser.get("/account").status_code == 401


@pytest.mark.parametrize("email", ["nobody@example.org", "rex@example.org", "eve@example.org"])
def test_unknown_address_is_asked_for_a_code_with_the_same_words(cast: Cast, app, email: str) -> None:
    def story(address: str) -> list[tuple[int, str]]:
        waiting = ask(app, address)
        answers = [waiting.browser.get("/sign-in/code"), *(waiting.type("000000") for _ in range(6)),
                   waiting.browser.get("/sign-in/code")]
        return [(answer.status_code, re.sub(r'nonce="[^"]*"|value="[^"]*"', "", answer.get_data(as_text=True))
                 .replace(address, "?")) for answer in answers]
    known = story("ben@example.org")
    assert known == story(email)
    assert [status for status, _ in known] == [200, 422, 422, 422, 422, 422, 422, 200]
    assert len({page for _, page in known}) > 4


def test_new_mail_ends_the_code_of_no_other_browser(cast: Cast, app) -> None:
    first = ask(app, "ben@example.org")
    _, early = mailed()
    second = ask(app, "ben@example.org")
    _, late = mailed()
    assert first.type(early).status_code == 302
    assert second.type(late).status_code == 302


def test_thousand_guesses_from_a_thousand_places_are_not_judged(cast: Cast, app) -> None:
    judged, asked = 0, 0
    for number in range(40):
        # So often nobody is mailed at once: half an hour lies between two mails, and all of them within a day.
        for one in db.session.scalars(db.select(SignInCode)):
            one.created_at -= timedelta(minutes=31)
        db.session.commit()
        waiting = ask(app, "ben@example.org", address=f"10.0.{number}.1")
        _, code = mailed()
        asked += 1
        for place in range(25):
            waiting.address = f"10.1.{number}.{place}"
            answer = waiting.type(other_than(code))
            assert answer.status_code == 422
            judged += "That is not the code" in answer.get_data(as_text=True)
        # The right one is no use to whoever has used up the tries.
        assert waiting.type(code).status_code == 422
    tries = db.session.scalar(db.select(db.func.sum(SignInCode.tries)))
    assert (asked, tries) == (40, WRONG_TRIES_A_DAY)
    assert judged < WRONG_TRIES_A_DAY
    assert db.session.scalar(db.select(db.func.count()).select_from(SignIn).where(
        SignIn.person_id == cast.ids["ben"])) == 0
    # Nobody else pays for it, and the link in ben's own mail works.
    other = ask(app, "cyn@example.org")
    assert other.type(mailed()[1]).status_code == 302
    link, _ = mailed()
    assert app.test_client().post(link).status_code == 302


def test_eleventh_guess_from_one_place_waits_and_the_room_does_not(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    assert [waiting.type("12").status_code for _ in range(11)] == [422] * 10 + [429]
    other = ask(app, "cyn@example.org")
    assert other.type(mailed()[1]).status_code == 302


@pytest.mark.parametrize("code", ["", "x", "１２３４５６", "\ud83d\ude00", "9" * 5000, "12\r\n3456"])
def test_what_is_no_code_is_only_wrong(cast: Cast, app, code: str) -> None:
    waiting = ask(app, "ben@example.org")
    mailed()
    assert waiting.type(code.encode("utf-8", "surrogatepass").decode("utf-8", "replace")).status_code == 422


def test_mail_that_is_made_again_holds_the_code_that_works(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    _, lost = mailed()
    _, arrived = mailed()
    if lost != arrived:
        assert waiting.type(lost).status_code == 422
    assert waiting.type(arrived).status_code == 302


def test_old_tries_are_forgotten_and_young_ones_are_not(cast: Cast, app) -> None:
    ask(app, "ben@example.org")
    old = newest().id
    newest().created_at = now() - timedelta(days=3)
    db.session.commit()
    ask(app, "cyn@example.org")
    forget_old_tries()
    assert [row.id for row in db.session.scalars(db.select(SignInCode))] == [newest().id]
    assert newest().id != old


def at_once(waiting: Waiting, codes: list[str]) -> list[int]:
    """Type all these codes at the same moment, each in a copy of the browser."""
    cookie = waiting.browser.get_cookie("sigforum")
    assert cookie is not None
    copies = [Waiting(waiting.browser.application.test_client()) for _ in codes]
    for copy in copies:
        copy.browser.set_cookie("sigforum", cookie.value)
    start = threading.Barrier(len(codes))

    def run(copy: Waiting, code: str) -> int:
        start.wait()
        return copy.type(code).status_code
    with ThreadPoolExecutor(len(codes)) as pool:
        statuses = list(pool.map(run, copies, codes))
    # What this thread reads next is what they have stored.
    db.session.rollback()
    return statuses


@pytest.mark.both_databases
def test_code_used_at_the_same_moment_signs_in_once(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    _, code = mailed()
    assert sorted(at_once(waiting, [code] * 8)) == [302] + [422] * 7
    assert len(queries.sign_ins(cast.ids["ben"])) == 1


@pytest.mark.both_databases
def test_guesses_at_the_same_moment_are_all_counted(cast: Cast, app) -> None:
    waiting = ask(app, "ben@example.org")
    _, code = mailed()
    assert at_once(waiting, [other_than(code)] * 8) == [422] * 8
    assert newest().tries == TRIES_A_CODE
    assert waiting.type(code).status_code == 422
