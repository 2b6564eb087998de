"""The outbox shows the words that are being typed, brings the standard ones back, and leaves nothing empty standing."""

import html
import re

import pytest
from flask import Flask

from sigforum.people import queries
from sigforum.people.actions import invite_people
from sigforum.people.composing import wording_in_force
from sigforum.people.domain import MailKind
from sigforum.people.forms import parse_invitations
from sigforum.people.inviting_models import CalendarEntry
from sigforum.people.mail import send_queued_mail
from sigforum.people.outbox import send_wave
from sigforum.people.wording import DEFAULTS
from tests.casting import Cast
from tests.people.test_mail import use
from tests.previewing import seen_on
from tests.serving import Mailbox, text_of


@pytest.fixture
def mailbox(app: Flask):
    """A real mail server, and the application told of it."""
    box = Mailbox()
    use(app, box.url)
    yield box
    box.stop()


@pytest.fixture
def words(cast: Cast, sign_in):
    """Sends the form of the words as ada."""
    browser = sign_in(cast.person("ada"))

    def post(subject: str, text: str, *, step: str):
        answer = browser.post(f"/meetings/{cast.slug}/people/outbox/invitation/words", data={
            "subject": subject, "text": text, "step": step})
        return answer, html.unescape(answer.get_data(as_text=True))
    return post


def test_words_that_are_typed_are_shown_as_they_read_before_they_are_kept(cast: Cast, words, whole_database) -> None:
    before = whole_database()
    answer, page = words("Come, {name}", "You, {name}, and {link}", step="preview")
    assert answer.status_code == 200
    assert "Come, Ada Organizer" in page
    assert "You, {name}, and {link}" in page
    assert whole_database() == before


def test_words_with_a_mistake_are_shown_as_they_are_typed(words) -> None:
    answer, page = words("Come, {nmae}", "{name}: {link}", step="keep")
    assert answer.status_code == 422
    assert "<strong>Come, {nmae}</strong>" in page
    assert "Unknown placeholder {nmae}." in page
    assert "{link_days}, {sign_in_page}" not in page, "the table of placeholders says it once"


def test_standard_words_come_back(cast: Cast, words) -> None:
    words("Mine", "Mine: {link}", step="keep")
    assert wording_in_force(cast.meeting_id, MailKind.INVITATION)[1].subject == "Mine"
    assert words("whatever", "was typed", step="standard")[0].status_code == 302
    assert wording_in_force(cast.meeting_id, MailKind.INVITATION)[1] == DEFAULTS[MailKind.INVITATION]


def test_nothing_empty_is_left_standing_in_a_mail(cast: Cast, words, mailbox: Mailbox) -> None:
    ada = cast.viewer("ada")
    invite_people(ada, parse_invitations("name,email\nNew Person,new@example.org\n", codes={}).people, send_mail=False)
    words("For {name} ({affiliation})", "Dear {name} ({affiliation}),\n\nas a {group} expert of {affiliation}, come: "
          "{link}\n\n{name}, {affiliation}\n[{group}]", step="keep")
    page = words("For {name} ({affiliation})", "{group} {link}", step="preview")[1]
    send_wave(ada, MailKind.INVITATION, None)
    send_queued_mail()
    mail = mailbox.newest_to("new@example.org")
    assert mail["Subject"] == "For New Person"
    lines = text_of(mail).splitlines()
    assert lines[0] == "Dear New Person,"
    assert lines[2].startswith("as a expert of, come: http")
    assert lines[4] == "New Person"
    assert "stands for nothing for 1 person" in page
    whole = text_of(mailbox.newest_to("dov@example.org"))
    assert "Dear Dov Invited (Dov's Lab),\n\nas a Academia expert of Dov's Lab, come:" in whole


def test_test_mail_carries_the_calendar_that_the_preview_promises(
        cast: Cast, sign_in, mailbox: Mailbox, whole_database) -> None:
    browser = sign_in(cast.person("ada"))
    assert "Calendar entries go with it" in browser.get(
        f"/meetings/{cast.slug}/people/outbox/invitation").get_data(as_text=True)
    browser.post(f"/meetings/{cast.slug}/people/outbox/invitation/test")
    send_queued_mail()
    parts = list(mailbox.newest_to("ada@example.org").iter_attachments())
    assert [part.get_content_type() for part in parts] == ["text/calendar"]
    assert "UID:test-meeting-" in parts[0].get_content().replace("\r\n ", "")
    assert whole_database()[CalendarEntry.__tablename__] == []


def test_choosing_a_reader_or_a_group_keeps_what_is_typed_and_ticked(cast: Cast, sign_in, whole_database) -> None:
    browser, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people/outbox/invitation"
    dov = queries.membership(cast.ids["dov"], meeting_id=cast.meeting_id)
    page = re.search("<main.*</main>", browser.get(address).get_data(as_text=True), re.DOTALL)[0]
    # Each choice on the page belongs to the form that holds the words; nothing else reloads the page.
    assert 'method="get"' not in page
    for name in ("recipient", "group", "chosen"):
        assert re.search(rf'name="{name}" form="words"', page), name
    before = whole_database()
    answer = browser.post(f"{address}/words", data={
        "step": "preview", "subject": "Come, {name}", "text": "Typed, {name}: {link}", "recipient": str(dov.id),
        "group": "Nobody's group", "chosen": [str(dov.id)]})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "Typed, {name}: {link}" in page
    assert "Typed, Dov Invited" in page
    assert f'value="{dov.id}" checked' in page
    assert whole_database() == before


@pytest.mark.parametrize(("place", "more"), [
    ("words", {"step": "go-reminder"}), ("test", {}), ("send", {"whom": "all"})])
def test_words_that_are_not_kept_are_neither_left_nor_passed_over(
        cast: Cast, sign_in, whole_database, place: str, more: dict[str, str]) -> None:
    browser, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people/outbox/invitation"
    before = whole_database()
    kept = {"subject": DEFAULTS[MailKind.INVITATION].subject,
            "text": DEFAULTS[MailKind.INVITATION].text.replace("\n", "\r\n")}
    refused = browser.post(f"{address}/{place}", data=kept | {"text": "My own words: {link}"} | more)
    page = html.unescape(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "My own words: {link}</textarea>" in page
    assert "You changed the words and have not kept them." in page
    assert whole_database() == before
    assert browser.post(f"{address}/{place}", data=kept | more | {"seen": seen_on(page)}).status_code == 302
