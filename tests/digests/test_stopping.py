"""Stopping mails by their own link: without signing in, by one click of a mail program, and by nobody's looking."""

from dataclasses import replace

import pytest
from flask import Flask

from sigforum.app import create_app
from sigforum.digests.domain import Pace
from sigforum.digests.planning import plan_digests
from sigforum.digests.tokens import membership_of, token_for
from sigforum.extensions import csrf, db
from sigforum.kernel.clock import now
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people.models import OutgoingMail
from tests.casting import Cast
from tests.digests.posting import LATER, addresses, begin, choice, everything, part, say, send, use
from tests.serving import Mailbox

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link_of(mailbox: Mailbox, name: str) -> str:
    """The path of the link in somebody's newest mail."""
    header = str(mailbox.newest_to(f"{name}@example.org")["List-Unsubscribe"]).strip()
    assert header.startswith("<")
    assert header.endswith(">")
    return header[1:-1].removeprefix("http://localhost").removeprefix("https://forum.example.org")


@pytest.fixture
def told(cast: Cast, mailbox: Mailbox) -> Mailbox:
    """Everybody has got a mail."""
    begin(cast)
    say(cast, "ben", "Something new")
    assert send() == 4
    return mailbox


def test_mail_programs_are_offered_one_click_over_tls_alone(cast: Cast, app: Flask, told: Mailbox) -> None:
    plain = told.newest_to("cyn@example.org")
    assert plain["List-Unsubscribe-Post"] is None
    use(app, told, base_url="https://forum.example.org")
    say(cast, "ben", "Something newer")
    send(now() + 2 * LATER)
    mail = told.newest_to("cyn@example.org", count=2)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # A long header is folded, as RFC 5322 has it.
    assert str(mail["List-Unsubscribe"]).strip().startswith("<https://forum.example.org/unsubscribe/")
    assert link_of(told, "cyn") in part(mail, "plain")
    assert link_of(told, "cyn") in part(mail, "html")


def test_one_click_needs_neither_cookie_nor_form(cast: Cast, app: Flask, told: Mailbox) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post(link_of(told, "cyn"), data=ONE_CLICK)
    assert answer.status_code == 200
    assert (choice(cast, "cyn").pace, choice(cast, "cyn").pace_before) == (Pace.NEVER, Pace.DAILY)
    say(cast, "ben", "Something newer")
    send(now() + 2 * LATER)
    assert addresses(told).count("cyn@example.org") == 1
    assert addresses(told).count("olu@example.org") == 2, "others' mails go on"


def test_looking_at_the_page_changes_nothing(cast: Cast, app: Flask, told: Mailbox, whole_database) -> None:
    before, browser = whole_database(), app.test_client()
    for method in ("GET", "HEAD", "GET"):
        answer = browser.open(link_of(told, "cyn"), method=method)
        assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "Stop these mails?" in page
    assert whole_database() == before
    for name in ("Cyn", "cyn@", "Ben"):
        assert name not in page, "whoever holds a forwarded mail learns of nobody"


def test_what_was_stopped_can_be_undone_with_the_same_link(cast: Cast, app: Flask, told: Mailbox) -> None:
    begin(cast, paces={"cyn": Pace.AT_ONCE})
    browser, link = app.test_client(), link_of(told, "cyn")
    for _ in range(2):
        page = browser.post(link).get_data(as_text=True)
        assert "You get no more of these mails" in page
        assert f'action="{link}/undo"' in page
    say(cast, "ben", "Said meanwhile")
    for _ in range(2):
        assert "Stop these mails?" in browser.post(f"{link}/undo").get_data(as_text=True)
        assert (choice(cast, "cyn").pace, choice(cast, "cyn").pace_before) == (Pace.AT_ONCE, None)
    assert addresses(told).count("cyn@example.org") == 1
    send(now() + 2 * LATER)
    assert addresses(told).count("cyn@example.org") == 1, "nobody is told what happened while they wanted no mail"


def test_link_turns_nothing_on_that_its_person_turned_off(cast: Cast, app: Flask, told: Mailbox) -> None:
    begin(cast, paces={"cyn": Pace.NEVER})
    browser, link = app.test_client(), link_of(told, "cyn")
    assert "/undo" not in browser.get(link).get_data(as_text=True)
    browser.post(f"{link}/undo")
    assert choice(cast, "cyn").pace == Pace.NEVER


def test_mail_that_waits_is_taken_back(cast: Cast, app: Flask, told: Mailbox) -> None:
    say(cast, "ben", "Something newer")
    assert plan_digests(now() + 2 * LATER) == 4
    app.test_client().post(link_of(told, "cyn"))
    db.session.rollback()
    newest = db.session.scalars(
        db.select(OutgoingMail).where(OutgoingMail.person_id == cast.ids["cyn"])
        .order_by(OutgoingMail.id.desc())).first()
    assert newest is not None
    assert newest.state == "withdrawn"


def test_tokens_that_are_none_get_one_answer(cast: Cast, app: Flask, told: Mailbox, whole_database) -> None:
    good = link_of(told, "cyn").rpartition("/")[2]
    erase_member(cast.viewer("ada"), cast.viewer("olu").membership_id, texts=Texts.KEEP)
    before = whole_database()
    wrong = [good[:-1], good + "A", good[::-1], "A" * 32, "x", good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
             token_for(10**6), link_of(told, "olu").rpartition("/")[2], "%F0%9F%A7%AA", good.swapcase()]
    answers = set()
    for token in wrong:
        for method, end in (("GET", ""), ("POST", ""), ("POST", "/undo")):
            answer = app.test_client().open(f"/unsubscribe/{token}{end}", method=method, data=ONE_CLICK)
            lines = [line for line in answer.get_data(as_text=True).splitlines()
                     if "nonce=" not in line and "csrf_token" not in line]
            answers.add((answer.status_code, "\n".join(lines)))
    assert len(answers) == 1
    status, page = answers.pop()
    assert status == 404
    assert "This link is not known" in page
    assert "Cells that stay" not in page
    assert whole_database() == before


def test_token_says_nothing_and_is_bound_to_one_place(cast: Cast, app: Flask) -> None:
    tokens = {name: token_for(cast.viewer(name).membership_id) for name in ("ben", "cyn", "olu")}
    assert len(set(tokens.values())) == 3
    for name, token in tokens.items():
        assert membership_of(token) == cast.viewer(name).membership_id
        assert (len(token), token) == (32, token_for(cast.viewer(name).membership_id))
    assert len({token[:4] for token in tokens.values()}) == 3, "not even a beginning is shared"
    other = create_app(replace(app.config["SETTINGS"], secret_key="another key"))
    with other.app_context():
        assert membership_of(tokens["cyn"]) is None, "with the site's key the links are forgotten"


def test_mails_hold_no_key_to_an_account(cast: Cast, told: Mailbox) -> None:
    for mail in told.messages:
        assert "/sign-in/" not in everything(mail)
        assert str(mail["To"]).partition("@")[0] not in part(mail, "html").lower()


def test_one_click_links_alone_need_no_form_of_ours(app: Flask) -> None:
    assert csrf._exempt_views == {"sigforum.digests.routes.stop", "sigforum.digests.routes.undo"}
    assert not csrf._exempt_blueprints
