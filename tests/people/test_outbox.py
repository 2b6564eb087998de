"""The outbox: words are reviewed and then sent as reviewed, to a selection now and to the rest later."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sigforum.extensions import db
from sigforum.kernel.errors import Invalid, NotAllowed, NotFound
from sigforum.people import queries
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.answering import answer_invitation
from sigforum.people.composing import wording_in_force
from sigforum.people.domain import MailKind, MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.mail import send_queued_mail
from sigforum.people.models import Membership, OutgoingMail
from sigforum.people.outbox import preview, recipients, save_wording, send_test, send_wave
from sigforum.people.wording import DEFAULTS
from tests.casting import Cast
from tests.people.test_mail import use
from tests.serving import Mailbox, text_of

LIST = ("name,email,affiliation,stakeholder group,role,sessions\n"
        "Pia First,pia@example.org,P's,Payers,participant,1A\nQuo Second,quo@example.org,Q's,Patients,observer,\n")


@pytest.fixture
def mailbox(app: Flask):
    """A real mail server, and the application told of it."""
    box = Mailbox()
    use(app, box.url)
    yield box
    box.stop()


@pytest.fixture
def listed(cast: Cast) -> Cast:
    """pia and quo on the list beside dov, nobody written to."""
    invite_people(cast.viewer("ada"), parse_invitations(
        LIST, codes={"1A": cast.forum_session().id}).people, send_mail=False)
    return cast


def names(cast: Cast, kind: MailKind) -> list[str]:
    db.session.rollback()
    return [one.membership.shown_name.split()[0] for one in recipients(cast.meeting_id, kind)]


def place(cast: Cast, name: str) -> Membership:
    return queries.membership(cast.person(name).id, meeting_id=cast.meeting_id)


def sent_to(mailbox: Mailbox) -> list[str]:
    return sorted(str(mail["To"]).split("@")[0] for mail in mailbox.messages)


def test_drafts_are_sent_in_waves_and_nobody_twice(listed: Cast, mailbox: Mailbox) -> None:
    ada = listed.viewer("ada")
    assert names(listed, MailKind.INVITATION) == ["Dov", "Pia", "Quo"]
    assert send_wave(ada, MailKind.INVITATION, {place(listed, "pia").id}) == 1
    assert names(listed, MailKind.INVITATION) == ["Dov", "Quo"]
    with pytest.raises(Invalid, match="Nobody is chosen"):
        send_wave(ada, MailKind.INVITATION, {place(listed, "pia").id})
    assert send_queued_mail() == 1
    assert send_wave(ada, MailKind.INVITATION, None) == 2
    send_queued_mail()
    assert sent_to(mailbox) == ["dov", "pia", "quo"]
    assert names(listed, MailKind.INVITATION) == []


def test_reminders_go_to_those_only_who_were_invited_and_have_not_answered(listed: Cast, mailbox: Mailbox) -> None:
    ada = listed.viewer("ada")
    assert names(listed, MailKind.REMINDER) == []
    send_wave(ada, MailKind.INVITATION, {place(listed, name).id for name in ("pia", "quo")})
    assert names(listed, MailKind.REMINDER) == [], "what has not gone out cannot be reminded of"
    send_queued_mail()
    assert names(listed, MailKind.REMINDER) == ["Pia", "Quo"]
    send_wave(ada, MailKind.REMINDER, None)
    # An answer that comes between the click and the worker still counts.
    answer_invitation(listed.person("pia"), slug=listed.slug, verb="accept")
    mailbox.messages.clear()
    assert send_queued_mail() == 1
    assert sent_to(mailbox) == ["quo"]
    assert names(listed, MailKind.REMINDER) == ["Quo"]
    answer_invitation(listed.person("quo"), slug=listed.slug, verb="decline")
    assert names(listed, MailKind.REMINDER) == []


def test_news_of_a_change_goes_to_those_who_may_come(listed: Cast, mailbox: Mailbox) -> None:
    send_wave(listed.viewer("ada"), MailKind.INVITATION, {place(listed, "pia").id})
    send_queued_mail()
    # dov and quo were told nothing yet, rex is gone.
    assert names(listed, MailKind.CHANGE) == ["Ada", "Ben", "Cyn", "Finn", "Gus", "Olu", "Pia"]
    answer_invitation(listed.person("pia"), slug=listed.slug, verb="decline")
    assert "Pia" not in names(listed, MailKind.CHANGE)


def test_words_are_sent_as_they_were_when_the_mail_was_queued(listed: Cast, mailbox: Mailbox) -> None:
    ada = listed.viewer("ada")
    save_wording(ada, MailKind.INVITATION, subject="First words for {name}",
                 text="{role}|{group}|{affiliation}|{sessions}|{meeting}|{dates}|{organizer}|{link_days}\n{link}")
    send_wave(ada, MailKind.INVITATION, {place(listed, name).id for name in ("pia", "quo")})
    save_wording(ada, MailKind.INVITATION, subject="Second words", text="Other: {link}")
    send_queued_mail()
    mail = mailbox.newest_to("pia@example.org")
    assert mail["Subject"] == "First words for Pia First"
    assert text_of(mail).splitlines()[0] == (
        "participant|Payers|P's|1A|Cells that stay|16–17 June 2026|Ada Organizer|30")
    assert "|Patients|Q's|all sessions|" in text_of(mailbox.newest_to("quo@example.org"))
    send_wave(ada, MailKind.INVITATION, None)
    send_queued_mail()
    assert mailbox.newest_to("dov@example.org")["Subject"] == "Second words"


def test_words_belong_to_one_meeting_and_the_same_words_make_no_new_version(listed: Cast, whole_database) -> None:
    save_wording(listed.viewer("ada"), MailKind.REMINDER, subject="Ours", text="{link}")
    mal = queries.membership(listed.ids["mal"], slug=listed.other_slug).viewer()
    assert wording_in_force(mal.meeting_id, MailKind.REMINDER)[0] is None
    before = whole_database()
    save_wording(listed.viewer("ada"), MailKind.REMINDER, subject=" Ours ", text="{link}\r\n")
    assert whole_database() == before


def test_test_mail_goes_to_oneself_and_holds_no_way_in(listed: Cast, mailbox: Mailbox, app: Flask) -> None:
    send_test(listed.viewer("ada"), MailKind.INVITATION)
    assert send_queued_mail() == 1
    mail = mailbox.newest_to("ada@example.org")
    assert mail["Subject"] == "[Test] Invitation: Cells that stay"
    assert "/sign-in/" not in text_of(mail)
    assert "http://localhost/sign-in\n" in text_of(mail)
    assert names(listed, MailKind.INVITATION) == ["Dov", "Pia", "Quo"]
    assert queries.mail_states(listed.meeting_id) == {}


def test_preview_is_as_the_chosen_person_will_read_it(listed: Cast, sign_in) -> None:
    browser: FlaskClient = sign_in(listed.person("ada"))
    address = f"/meetings/{listed.slug}/people/outbox/invitation"
    page = html.unescape(browser.get(f"{address}?recipient={place(listed, 'pia').id}").get_data(as_text=True))
    assert "Dear Pia First," in page
    assert "Your sessions: 1A." in page
    assert "(each person's own link)" in page
    assert "Dear Ada Organizer," in html.unescape(browser.get(address).get_data(as_text=True))
    theirs = queries.membership(listed.ids["mal"], slug=listed.other_slug).id
    assert browser.get(f"{address}?recipient={theirs}").status_code == 404
    assert browser.get(f"/meetings/{listed.slug}/people/outbox/nothing").status_code == 404


def test_wrong_words_are_shown_with_what_is_wrong_and_nothing_is_lost(listed: Cast, sign_in, whole_database) -> None:
    browser: FlaskClient = sign_in(listed.person("ada"))
    before = whole_database()
    answer = browser.post(f"/meetings/{listed.slug}/people/outbox/invitation/words",
                          data={"subject": "Come {naem}", "text": "Typed with <care> {link}"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Unknown placeholder {naem}." in page
    assert "Typed with <care> {link}" in page
    assert "<care>" not in answer.get_data(as_text=True)
    assert whole_database() == before


def test_form_sends_to_those_ticked_and_to_nobody_of_another_meeting(listed: Cast, sign_in, whole_database) -> None:
    browser: FlaskClient = sign_in(listed.person("ada"))
    address = f"/meetings/{listed.slug}/people/outbox/invitation/send"
    theirs = queries.membership(listed.ids["mal"], slug=listed.other_slug).id
    before, words = whole_database(), {"subject": DEFAULTS[MailKind.INVITATION].subject,
                                       "text": DEFAULTS[MailKind.INVITATION].text}
    for chosen in ([], [str(theirs)], ["99999"], [str(place(listed, "ben").id)]):
        assert browser.post(address, data=words | {"whom": "chosen", "chosen": chosen}).status_code == 422
    assert browser.post(address, data=words | {"whom": "chosen", "chosen": ["²"]}).status_code == 409
    assert whole_database() == before
    browser.post(address, data=words | {"whom": "chosen", "chosen": [str(place(listed, "quo").id), str(theirs)]})
    assert [mail.person.email for mail in db.session.scalars(db.select(OutgoingMail))] == ["quo@example.org"]


def test_only_organizers_send_and_word(listed: Cast) -> None:
    finn = listed.viewer("finn")
    for act in (lambda: send_wave(finn, MailKind.INVITATION, None), lambda: send_test(finn, MailKind.REMINDER),
                lambda: save_wording(finn, MailKind.CHANGE, subject="A", text="B")):
        with pytest.raises(NotAllowed):
            act()


def test_list_given_again_writes_to_the_new_ones_only(listed: Cast, mailbox: Mailbox) -> None:
    ada = listed.viewer("ada")
    for more in ("", "New One,new@example.org,,,,\n"):
        invite_people(ada, parse_invitations(LIST + more, codes={"1A": listed.forum_session().id}).people)
    assert send_queued_mail() == 3
    assert sent_to(mailbox) == ["new", "pia", "quo"]


@pytest.mark.parametrize("count", [3, 300])
def test_outbox_costs_the_same_queries_for_few_and_many(cast: Cast, sign_in, counted_queries, count: int) -> None:
    rows = "".join(f"Person {number},p{number}@example.org\n" for number in range(count))
    invite_people(cast.viewer("ada"), parse_invitations("name,email\n" + rows, codes={}).people, send_mail=False)
    browser: FlaskClient = sign_in(cast.person("ada"))
    with counted_queries() as statements:
        page = browser.get(f"/meetings/{cast.slug}/people/outbox/invitation").get_data(as_text=True)
    assert page.count('name="chosen"') == count + 1
    assert len(statements) <= 22, "\n".join(statements)


def test_person_removed_between_queue_and_worker_is_not_written_to(listed: Cast, mailbox: Mailbox) -> None:
    ada = listed.viewer("ada")
    send_wave(ada, MailKind.INVITATION, None)
    revoke_membership(ada, place(listed, "pia").id)
    send_queued_mail()
    assert sent_to(mailbox) == ["dov", "quo"]
    with pytest.raises(NotFound):
        preview(ada, wording_in_force(listed.meeting_id, MailKind.CHANGE)[1], membership_id=999_999)
    assert queries.members(listed.meeting_id)[0].status in set(MembershipStatus)
