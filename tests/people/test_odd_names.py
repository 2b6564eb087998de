"""Odd names and addresses all the way: from a list into mail, calendars, cards, pages and every export, unchanged."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from email.utils import parseaddr
from html import unescape

from flask import Flask
from icalendar import Calendar

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.oversight.own_data import archive
from sigforum.people import queries
from sigforum.people.door_sheet import print_cards
from sigforum.people.forms import parse_invitations
from sigforum.people.mail import send_queued_mail
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.registry import all_formats
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction
from tests.casting import Cast
from tests.people.test_mail import use
from tests.previewing import post_seen
from tests.serving import Mailbox, link_in, text_of
from tests.summaries.panel import readable

LONG = "Wolfeschlegelsteinhausenbergerdorff-" * 4 + "Senior"
# Each with the sign that made it odd; names and addresses that other software has broken.
CORPUS = {
    "quotes": ('Shivaun "Shiv" O\'Brien', "o'brien@example.org"),
    "plus": ("Ana-María de la Cruz, PhD", "ana+sig+2026@example.org"),
    "markup": ("<b>Bo & Co</b> {name} %s", "bo&co@example.org"),
    "formula": ("=HYPERLINK(1)", "=cmd@example.org"),
    "chinese": ("李 小龍", "xiaolong@example.org"),
    "right-to-left": ("مريم العلي", "maryam@example.org"),
    "hebrew beside latin": ("Noa נועה Levi", "noa.levi@example.org"),
    "emoji": ("Zoë 🧬 👩🏽‍🔬", "zoe@example.org"),
    "combining": ("Nguyễn Thị", "nguyen@example.org"),
    "turkish": ("İbrahim IŞIK", "ibrahim@example.org"),
    "long": (LONG, f"{'l' * 64}@{'long.' * 30}example.org"),
    "one letter": ("O", "o@example.org"),
    "domain in another script": ("Jürgen Müller", "jm@bücher.example"),
    "domain in its ascii form": ("Łukasz Żółć", "lz@xn--bcher-kva.example"),
    "address in another script": ("Дмитрий Ёлкин", "дмитрий@example.org"),
}


def listed() -> str:
    """The corpus as a CSV list, as a spreadsheet writes it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["name", "email", "affiliation", "stakeholder group"])
    for name, email in CORPUS.values():
        writer.writerow([name, email, f"{name[:40]} & Söhne", "Industry"])
    return out.getvalue()


def test_corpus_is_taken_in_as_it_is() -> None:
    found = parse_invitations(listed(), codes={})
    assert found.wrong_rows == ()
    assert [(one.name, one.email) for one in found.people] == [
        (name, email.lower()) for name, email in CORPUS.values()]


def test_odd_people_go_from_the_list_to_the_export_unchanged(cast: Cast, app: Flask, sign_in) -> None:
    organizer, people = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people"
    with transaction():
        meeting = db.session.get_one(Meeting, cast.meeting_id)
        meeting.start_on = meeting.end_on = date.today() + timedelta(days=2)
    box = Mailbox()
    try:
        use(app, box.url)
        assert post_seen(organizer, f"{people}/invite", {"step": "send", "text": listed()}).status_code == 302
        assert send_queued_mail() == len(CORPUS)
        mails = {parseaddr(str(mail["To"]))[1]: mail for mail in box.messages}
    finally:
        box.stop()
    assert mails.keys() == {on_the_wire(email) for _, email in CORPUS.values()}
    shown = unescape(organizer.get(people).get_data(as_text=True))
    cards = {card.name for card in print_cards(cast.viewer("ada"), cast.forum_session().meeting, membership_ids=None)}
    names = [name for name, _ in CORPUS.values()]
    for name, email in CORPUS.values():
        mail = mails[on_the_wire(email)]
        assert name in text_of(mail), "the words of the mail"
        part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
        event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
        assert event["ATTENDEE"].params["CN"] == name.replace('"', "'"), "the calendar"
        assert (name in shown, email.lower() in shown) == (True, True), "the list of people"
        assert name in cards, "the sheet of cards"
        assert accepts_and_speaks(app, cast, link_in(mail), email) == 200
    page = unescape(organizer.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True))
    assert [name for name in names if name not in page] == [], "the discussion"
    document = session_summary(cast.forum_session())
    for name in ("json", "html", "docx"):
        found = all_formats()[name]
        text = readable(found.write(document), found.extension)
        told = text.replace('\\"', '"') if name == "json" else unescape(text)
        assert [one for one in names if " ".join(one.split()) not in told] == [], f"the {name} file"


def on_the_wire(email: str) -> str:
    """The address in the mail's header, where a domain in another script is written in its ASCII form."""
    return email.lower().replace("@bücher.example", "@xn--bcher-kva.example")


def accepts_and_speaks(app: Flask, cast: Cast, link: str, email: str) -> int:
    """Use the link of a mail, post, and take one's own data along; the status of the session's page."""
    browser = app.test_client()
    assert browser.post(link.removeprefix("http://localhost")).status_code == 302
    person = queries.person_by_email(email)
    assert person is not None
    viewer = queries.membership(person.id, meeting_id=cast.meeting_id).viewer()
    post_response(viewer, NewResponse(question_id=cast.forum_session().asked[0].id, parent_id=None,
                                      key=f"key-of-{person.id}", text=f"Said by number {person.id}"))
    with zipfile.ZipFile(io.BytesIO(archive(person))) as file:
        assert json.loads(file.read("my-data.json"))["person"][0]["name"] == person.name
    return browser.get(f"/meetings/{cast.slug}/sessions/1A").status_code
