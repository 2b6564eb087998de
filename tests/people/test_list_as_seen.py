"""What is stored is what its preview showed: whatever changed in between is shown first."""

import html
import re

import pytest

from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.actions import revoke_membership
from sigforum.people.domain import MailKind
from sigforum.people.list_imports import MOST_AT_ONCE
from sigforum.people.models import Membership, OutgoingMail
from sigforum.people.wording import DEFAULTS
from sigforum.transaction import transaction
from tests.casting import Cast

LIST = "name,email,role\nBen Participant,ben@example.org,participant\nNew One,new@example.org,participant\n"
LONG = LIST + "".join(f"P {number},p{number}@example.org,participant\n" for number in range(MOST_AT_ONCE))


@pytest.fixture
def send(cast: Cast, sign_in):
    """Sends what a page's first form holds, as ada, who organizes."""
    browser = sign_in(cast.person("ada"))

    def post(path: str, page: str = "", **fields: str) -> tuple[int, str]:
        hidden = {name: html.unescape(value) for name, value in re.findall(
            r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page) if name != "csrf_token"}
        answer = browser.post(f"/meetings/{cast.slug}/people/{path}", data=hidden | fields)
        return answer.status_code, answer.get_data(as_text=True)
    return post


def member(cast: Cast, email: str) -> Membership | None:
    """Somebody's place as it is stored."""
    db.session.rollback()
    return next((one for one in queries.members(cast.meeting_id) if one.person.email == email), None)


def add(send, text: str) -> None:
    """Look at a list and store it."""
    assert send("invite", send("invite", step="preview", text=text)[1], step="draft", text=text)[0] == 302


def promote(cast: Cast) -> None:
    """Another organizer makes ben facilitator."""
    with transaction():
        found = next(one for one in queries.members(cast.meeting_id) if one.person.email == "ben@example.org")
        found.role = "facilitator"


def remove(cast: Cast) -> None:
    """Another organizer takes ben's place away."""
    found = member(cast, "ben@example.org")
    assert found is not None
    revoke_membership(cast.viewer("ada"), found.id)


@pytest.mark.parametrize("meanwhile", [promote, remove])
@pytest.mark.parametrize("step", ["draft", "send"])
@pytest.mark.parametrize("text", [LIST, LONG], ids=["short", "long"])
def test_list_does_nothing_that_its_preview_did_not_show(cast: Cast, send, meanwhile, step: str, text: str) -> None:
    status, page = send("invite", step="preview", text=text)
    assert status == 200
    meanwhile(cast)
    before = member(cast, "ben@example.org")
    assert before is not None
    was = (before.role, before.status)
    status, page = send("invite", page, step=step, text=text)
    after = member(cast, "ben@example.org")
    assert after is not None
    assert ((after.role, after.status), member(cast, "new@example.org")) == (was, None)
    assert status == 409
    assert "changed since you saw this preview" in page
    # What it would do by now is shown, and that may be stored.
    assert re.search(r"<del>(facilitator|revoked)</del> <ins>(participant|invited)</ins>", page)
    status, page = send("invite", page, step=step, text=text)
    assert status == 302


def test_answers_that_change_nothing_about_a_list_do_not_hold_it_up(cast: Cast, send) -> None:
    _, page = send("invite", step="preview", text=LIST)
    with transaction():
        for one in queries.members(cast.meeting_id):
            if one.person.email == "olu@example.org":
                one.role = "participant"
    assert send("invite", page, step="draft", text=LIST)[0] == 302


def test_mail_to_all_goes_to_nobody_whom_its_page_did_not_show(cast: Cast, send, sign_in) -> None:
    add(send, "name,email\nFirst One,first@example.org\n")
    outbox = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/people/outbox/invitation").get_data(as_text=True)
    add(send, "name,email\nSecond One,second@example.org\n")
    standard = DEFAULTS[MailKind.INVITATION]
    words = {"whom": "all", "subject": standard.subject, "text": standard.text}
    status, page = send("outbox/invitation/send", outbox, **words)
    db.session.rollback()
    assert db.session.query(OutgoingMail).filter_by(is_test=False, template="invitation").count() == 0
    assert status == 422
    assert "more people to send to than this page showed" in page
    assert send("outbox/invitation/send", page, **words)[0] == 302
