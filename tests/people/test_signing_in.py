"""Signing in by link: opening it changes nothing, its button signs in once, and a sign-in can be ended."""

import re
from datetime import timedelta

import pytest

from sigforum.extensions import db, limiter
from sigforum.kernel.clock import now
from sigforum.people import queries
from sigforum.people.actions import revoke_membership, sign_out
from sigforum.people.domain import MembershipStatus
from sigforum.people.links import make_link
from sigforum.people.models import OutgoingMail, SignInLink
from tests.casting import Cast


@pytest.fixture(autouse=True)
def _fresh_limits(app) -> None:
    limiter.reset()


def link_for(cast: Cast, name: str, *, minutes: int = 60, meeting_id: int | None = None) -> str:
    """A link's path."""
    return make_link(cast.person(name), lifetime=timedelta(minutes=minutes), meeting_id=meeting_id).removeprefix("http://localhost")


@pytest.mark.both_databases
def test_opening_a_link_changes_nothing_however_often(cast: Cast, app, whole_database) -> None:
    path = link_for(cast, "dov")
    before = whole_database()
    for _ in range(3):
        browser = app.test_client()
        for method in ("GET", "HEAD", "OPTIONS"):
            assert browser.open(path, method=method).status_code == 200
        # A scanner may even follow what the page links to; it has no cookie that would let it in.
        assert browser.get("/account").status_code == 401
    assert whole_database() == before
    # A link to the account names what is the person's own, and dov has said no name yet.
    assert "Continue as dov@example.org" in app.test_client().get(path).get_data(as_text=True)


@pytest.mark.both_databases
def test_button_signs_in_accepts_and_works_once(cast: Cast, app) -> None:
    path = link_for(cast, "dov", meeting_id=cast.meeting_id)
    browser = app.test_client()
    answer = browser.post(path)
    assert (answer.status_code, answer.location) == (302, f"/?meeting={cast.meeting_id}")
    assert browser.get(f"/meetings/{cast.slug}").status_code == 200
    assert queries.membership(cast.ids["dov"], meeting_id=cast.meeting_id).status == MembershipStatus.ACCEPTED
    for method in ("GET", "POST"):
        # Its owner is led where it led; anybody else is told what to do.
        answer = browser.open(path, method=method)
        assert (answer.status_code, answer.location) == (302, f"/?meeting={cast.meeting_id}")
    for again in (app.test_client(),):
        for method in ("GET", "POST"):
            answer = again.open(path, method=method)
            assert answer.status_code == 410
            assert "This link has done its work" in answer.get_data(as_text=True)
    assert app.test_client().get("/account").status_code == 401


def test_link_is_over_when_its_time_has_passed(cast: Cast, app, whole_database) -> None:
    path = link_for(cast, "ben")
    link = db.session.scalars(db.select(SignInLink).order_by(SignInLink.id.desc())).first()
    assert app.test_client().get(path).status_code == 200
    link.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    before = whole_database()
    for method in ("GET", "POST"):
        assert app.test_client().open(path, method=method).status_code == 410
    assert whole_database() == before


@pytest.mark.parametrize("token", ["made-up", "x" * 5000, "%00", "%F0%9F%98%80", "../account"])
def test_unknown_link_is_over_too(cast: Cast, app, whole_database, token: str) -> None:
    before = whole_database()
    for method in ("GET", "POST"):
        assert app.test_client().open(f"/sign-in/{token}", method=method).status_code in (404, 410, 405)
    assert whole_database() == before


def test_token_is_nowhere_in_the_database(cast: Cast, app, whole_database) -> None:
    token = link_for(cast, "ben").rpartition("/")[2]
    browser = app.test_client()
    browser.post(f"/sign-in/{token}")
    cookie = browser.get_cookie("sigforum")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert token not in str(whole_database())


@pytest.mark.parametrize("email", ["eve@example.org", "nobody@example.org", "rex@example.org", "ben+x@example.org"])
def test_known_and_unknown_addresses_get_the_same_answer(cast: Cast, app, email: str) -> None:
    def ask(address: str) -> tuple[int, str, str]:
        answer = app.test_client().post("/sign-in", data={"email": address}, follow_redirects=True)
        page = answer.get_data(as_text=True).replace(address.replace("+", "&#43;"), "?").replace(address, "?")
        page = re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", page)
        return answer.status_code, page, answer.headers["Content-Type"]
    known = ask("ben@example.org")
    assert known == ask(email)
    assert "a link is on its way" in known[1]
    # Only the known one is written to: rex was removed, and eve is in no meeting.
    mails = db.session.scalars(db.select(OutgoingMail)).all()
    assert [mail.person.email for mail in mails] == ["ben@example.org"]


@pytest.mark.parametrize("email", ["", "ben", "ben@", "@example.org", "ben@example.org,eve@example.org",
                                   "ben@example.org\r\nBcc: eve@example.org", "<script>@x"])
def test_what_is_no_address_is_refused_and_kept_in_the_form(cast: Cast, app, whole_database, email: str) -> None:
    before = whole_database()
    answer = app.test_client().post("/sign-in", data={"email": email})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Write your whole address" in page
    assert email.split("@")[0].split("<")[0] in page
    assert "<script>@" not in page
    assert whole_database() == before


@pytest.mark.both_databases
def test_revoked_sign_in_is_signed_out_at_the_next_request(cast: Cast, sign_in) -> None:
    phone, desk, other = sign_in(cast.person("ben")), sign_in(cast.person("ben")), sign_in(cast.person("cyn"))
    assert [browser.get("/account").status_code for browser in (phone, desk, other)] == [200, 200, 200]
    sign_out(cast.ids["ben"], sign_in_id=queries.sign_ins(cast.ids["ben"])[-1].id)
    assert [browser.get("/account").status_code for browser in (phone, desk, other)] == [401, 200, 200]


def test_sign_out_ends_this_browser_alone(cast: Cast, sign_in) -> None:
    phone, desk = sign_in(cast.person("ben")), sign_in(cast.person("ben"))
    cookie = phone.get_cookie("sigforum")
    assert phone.post("/sign-out").location == "/sign-in"
    assert [browser.get("/account").status_code for browser in (phone, desk)] == [401, 200]
    # A cookie that somebody copied before is worth nothing either.
    phone.set_cookie("sigforum", cookie.value)
    assert phone.get("/account").status_code == 401


def test_sign_out_everywhere_ends_all_browsers_of_this_person_alone(cast: Cast, sign_in) -> None:
    phone, desk, other = sign_in(cast.person("ben")), sign_in(cast.person("ben")), sign_in(cast.person("cyn"))
    phone.post("/account/sign-outs")
    assert [browser.get("/account").status_code for browser in (phone, desk, other)] == [401, 401, 200]


def test_one_cannot_sign_somebody_else_out(cast: Cast, sign_in) -> None:
    ben, cyn = sign_in(cast.person("ben")), sign_in(cast.person("cyn"))
    theirs = queries.sign_ins(cast.ids["cyn"])[0].id
    for chosen in (str(theirs), "999999999999999999999", "²"):
        assert ben.post("/account/sign-outs", data={"sign_in_id": chosen}).status_code in (302, 422)
        assert cyn.get("/account").status_code == 200


def test_removed_member_loses_the_meeting_at_the_next_request(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("ben"))
    assert browser.get(f"/meetings/{cast.slug}").status_code == 200
    revoke_membership(cast.viewer("ada"), cast.viewer("ben").membership_id)
    assert browser.get(f"/meetings/{cast.slug}").status_code == 404
    assert browser.get("/account").status_code == 200


def test_refused_page_is_where_signing_in_leads(cast: Cast, app) -> None:
    browser, page = app.test_client(), f"/meetings/{cast.slug}/sessions/1A?by=points"
    assert browser.get(page).status_code == 401
    # A part of a page that a script asks for is no place to go to.
    assert browser.get(f"/meetings/{cast.slug}/people", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
    assert browser.post(link_for(cast, "ben")).location == page
    assert browser.get(page).status_code == 200
    assert browser.post(link_for(cast, "ben")).location != page, "it is followed once"


@pytest.mark.parametrize("page", ["//example.org/meetings", "/\\example.org", "/https://example.org"])
def test_no_page_leads_away_after_signing_in(cast: Cast, app, page: str) -> None:
    browser = app.test_client()
    browser.get(page)
    assert "example.org" not in browser.post(link_for(cast, "ben")).location


def test_signing_in_again_as_somebody_else_leaves_nothing_behind(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("ada"))
    browser.post(link_for(cast, "ben"))
    assert browser.get(f"/meetings/{cast.slug}/people").status_code == 403


def test_sixty_people_behind_one_address_can_all_ask_for_a_link(cast: Cast, app) -> None:
    statuses = [app.test_client().post("/sign-in", data={"email": f"p{number}@example.org"}).status_code
                for number in range(60)]
    assert statuses == [302] * 60


def test_sixth_try_for_one_person_within_a_minute_waits_and_others_do_not(cast: Cast, app) -> None:
    def ask(email: str, address: str = "10.0.0.1") -> int:
        return app.test_client().post(
            "/sign-in", data={"email": email}, environ_base={"REMOTE_ADDR": address}).status_code
    assert [ask("ben@example.org") for _ in range(6)] == [302] * 5 + [429]
    assert ask(" BEN@example.org ") == 429
    assert ask("cyn@example.org") == 302
    assert ask("ben@example.org", "10.0.0.2") == 302
    assert db.session.query(OutgoingMail).count() == 7
