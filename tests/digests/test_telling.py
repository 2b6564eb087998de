"""What is told, to whom and when: the pace one chose, nothing of one's own, and nothing one has seen."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from sigforum.agenda.models import Meeting
from sigforum.digests.domain import Pace
from sigforum.digests.planning import plan_digests
from sigforum.disclosures.entering import acknowledge_rules, set_entry
from sigforum.disclosures.forms import NewEntry
from sigforum.disclosures.queries import notice
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.actions import revoke_membership
from sigforum.people.answering import accept
from sigforum.people.domain import MembershipStatus
from sigforum.people.models import OutgoingMail
from sigforum.people.queries import members
from sigforum.threads.actions import hide_response, mark_read, withdraw_response
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll, move, rating_answer, vote
from tests.casting import Cast
from tests.digests.posting import LATER, addresses, begin, choice, part, say, send
from tests.serving import Mailbox

# Everybody of 1A who did not say it themselves; dov has not accepted, rex was removed.
OTHERS_OF_BEN = ["ada@example.org", "cyn@example.org", "finn@example.org", "olu@example.org"]


@pytest.mark.both_databases
def test_daily_mail_tells_what_others_said(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    response_id = say(cast, "ben", "Closed systems come *first*.")
    assert send() == 4
    assert addresses(mailbox) == OTHERS_OF_BEN
    mail = mailbox.newest_to("cyn@example.org")
    assert mail["Subject"] == "1 new response in Cells that stay"
    for kind in ("plain", "html"):
        text = part(mail, kind)
        assert "Closed systems come first." in text
        assert "Ben Participant, Ben's Works" in text.replace("&#39;", "'")
        assert f"http://localhost/meetings/{cast.slug}/sessions/1A#response-{response_id}" in text
    assert "1A. Making cells" in part(mail, "plain")


@pytest.mark.both_databases
def test_next_day_tells_only_what_is_new_since(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    say(cast, "ben", "The first thing")
    assert send() == 4
    assert send(now() + 2 * LATER) == 0
    say(cast, "ben", "The second thing")
    assert send(now() + 3 * LATER) == 4
    text = part(mailbox.newest_to("cyn@example.org"), "plain")
    assert "The second thing" in text
    assert "The first thing" not in text


def test_daily_mail_waits_for_the_hour(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    say(cast, "ben", "Something new")
    today = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    morning = today if today > now() else today + timedelta(days=1)
    assert plan_digests(morning - timedelta(seconds=1)) == 0
    assert plan_digests(morning) == 4
    assert plan_digests(morning + timedelta(minutes=1)) == 0


def test_at_once_is_gathered_into_one_mail(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast, paces={"cyn": Pace.AT_ONCE})
    started = now()
    for number in range(10):
        say(cast, "ben", f"Thing number {number}")
    # Somebody who has just chosen is written to a quarter of an hour later at the earliest.
    assert send(started + timedelta(minutes=4)) == 0
    assert send(now() + timedelta(minutes=16)) == 1
    assert send(now() + timedelta(minutes=40)) == 0
    mail = mailbox.newest_to("cyn@example.org")
    assert mail["Subject"] == "10 new responses in Cells that stay"
    assert "Thing number 9" in part(mail, "plain")
    assert "4 earlier new responses" in part(mail, "plain")
    assert "Thing number 3" not in part(mail, "plain")


def test_never_is_never(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast, paces={"cyn": Pace.NEVER, "ada": Pace.NEVER})
    say(cast, "ben", "Something new")
    assert send() == 2
    assert addresses(mailbox) == ["finn@example.org", "olu@example.org"]


def test_whoever_chooses_mail_again_is_not_told_what_happened_meanwhile(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast, paces={"cyn": Pace.NEVER})
    say(cast, "ben", "Said meanwhile")
    begin(cast, paces={"cyn": Pace.DAILY})
    say(cast, "ben", "Said afterwards")
    send()
    text = part(mailbox.newest_to("cyn@example.org"), "plain")
    assert "Said afterwards" in text
    assert "Said meanwhile" not in text


def test_what_was_read_is_left_out_and_no_mail_goes_for_nothing(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    first = say(cast, "ben", "The first thing")
    say(cast, "ben", "The second thing")
    forum_session_id = cast.forum_session().id
    mark_read(cast.viewer("cyn"), forum_session_id, response_id=first)
    mark_read(cast.viewer("olu"), forum_session_id, response_id=first + 1)
    assert send() == 3
    assert "olu@example.org" not in addresses(mailbox)
    text = part(mailbox.newest_to("cyn@example.org"), "plain")
    assert "The second thing" in text
    assert "The first thing" not in text


def test_what_is_read_between_queuing_and_sending_is_left_out(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    response_id = say(cast, "ben", "Read in the last minute")
    assert plan_digests(now() + LATER) == 4
    mark_read(cast.viewer("cyn"), cast.forum_session().id, response_id=response_id)
    assert send() == 3
    assert "cyn@example.org" not in addresses(mailbox)
    db.session.rollback()
    states = {mail.person.email: mail.state for mail in db.session.scalars(db.select(OutgoingMail))}
    assert states["cyn@example.org"] == "withdrawn"


def test_replies_to_oneself_come_first(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    mine = say(cast, "cyn", "A claim of cyn's")
    say(cast, "ben", "Something else altogether")
    say(cast, "ben", "A reply to that claim", parent_id=mine)
    send()
    mail = mailbox.newest_to("cyn@example.org")
    assert mail["Subject"] == "1 reply to you, 1 new response in Cells that stay"
    for kind in ("plain", "html"):
        text = part(mail, kind)
        assert text.index("A reply to that claim") < text.index("Something else altogether")
        assert "A claim of cyn" not in text
    other = mailbox.newest_to("olu@example.org")
    assert other["Subject"] == "3 new responses in Cells that stay"
    assert "replied to you" not in part(other, "plain")


def test_people_of_one_session_hear_of_theirs_alone(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    say(cast, "ben", "Said in the other session", code="1B")
    send()
    assert addresses(mailbox) == ["ada@example.org", "cyn@example.org", "gus@example.org", "olu@example.org"]


def test_open_poll_is_told_until_one_has_voted(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 7, 7))
    send()
    assert addresses(mailbox) == ["ada@example.org", "cyn@example.org", "olu@example.org"]
    mail = mailbox.newest_to("cyn@example.org")
    assert mail["Subject"] == "1 poll to vote in in Cells that stay"
    assert "Please vote: Where cells are made" in part(mail, "plain")
    assert f"/sessions/1A#poll-{poll.id}" in part(mail, "html")
    assert "A poll was opened" in part(mailbox.newest_to("olu@example.org"), "plain")


def test_draft_and_closed_polls_are_told_to_nobody(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    make_poll(cast)
    make_poll(cast, upto="close", title="Another poll")
    assert send() == 0


def test_revealed_poll_is_told_without_its_result(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    poll = make_poll(cast, upto="open")
    for name in ("ben", "cyn"):
        vote(cast, name, poll, rating_answer(poll, 9, 1))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    send()
    mail = mailbox.newest_to("ben@example.org")
    assert mail["Subject"] == "1 poll with news in Cells that stay"
    text = part(mail, "plain")
    assert "A result was revealed: Where cells are made" in text
    assert "consensus" not in text.lower()
    assert "%" not in text


def test_poll_that_was_on_the_screen_is_left_out(cast: Cast, mailbox: Mailbox, sign_in) -> None:
    begin(cast)
    poll = make_poll(cast, upto="open")
    answer = sign_in(cast.person("olu")).post(
        f"/meetings/{cast.slug}/sessions/1A/read", data={"response_id": "0"})
    assert answer.status_code == 302
    send()
    assert "olu@example.org" not in addresses(mailbox)
    assert "cyn@example.org" in addresses(mailbox)
    move(cast, poll, "close")
    move(cast, poll, "reveal")
    send(now() + 2 * LATER)
    assert "olu@example.org" in addresses(mailbox), "what came after it is news again"


def test_removed_people_get_nothing_that_was_queued_before(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    say(cast, "ben", "Something new")
    plan_digests(now() + LATER)
    revoke_membership(cast.viewer("ada"), cast.viewer("cyn").membership_id)
    send()
    assert "cyn@example.org" not in addresses(mailbox)
    say(cast, "ben", "Something newer")
    send(now() + 2 * LATER)
    assert "cyn@example.org" not in addresses(mailbox)


def test_hidden_and_withdrawn_words_are_in_no_mail(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    hidden, withdrawn = say(cast, "ben", "Names a price"), say(cast, "ben", "Better unsaid")
    say(cast, "ben", "All is well")
    plan_digests(now() + LATER)
    hide_response(cast.viewer("finn"), hidden, reason="Names a price of a rival")
    withdraw_response(cast.viewer("ben"), withdrawn)
    send()
    mail = mailbox.newest_to("cyn@example.org")
    assert mail["Subject"] == "1 new response in Cells that stay"
    for kind in ("plain", "html"):
        assert "All is well" in part(mail, kind)
        assert "price" not in part(mail, kind)
        assert "Better unsaid" not in part(mail, kind)


def test_words_wait_behind_rules_that_are_not_acknowledged(cast: Cast, mailbox: Mailbox) -> None:
    set_entry(cast.viewer("ada"), is_on=True, text=notice(cast.meeting_id).text)
    for name in ("ben", "ada", "finn"):
        acknowledge_rules(cast.viewer(name), cast.forum_session().id, NewEntry(
            notice=notice(cast.meeting_id).number, attribution="named", may_be_listed=False, may_be_quoted=False))
    begin(cast)
    for _ in range(8):
        say(cast, "ben", "Behind the rules")
    send()
    mail = mailbox.newest_to("cyn@example.org")
    for kind in ("plain", "html"):
        assert "8 new responses" in part(mail, kind)
        assert "Behind the rules" not in part(mail, kind)
        assert "Ben Participant" not in part(mail, kind)
    assert "Behind the rules" in part(mailbox.newest_to("finn@example.org"), "plain")


def test_invented_people_of_a_sample_get_no_mail(cast: Cast, mailbox: Mailbox) -> None:
    db.session.get_one(Meeting, cast.meeting_id).is_sample = True
    db.session.commit()
    say(cast, "ben", "Something invented")
    assert plan_digests(now() + LATER) == 0
    assert plan_digests(now() + 2 * LATER) == 0


def test_new_members_are_told_what_happens_from_then_on(cast: Cast, mailbox: Mailbox) -> None:
    say(cast, "ben", "Said before anybody wanted mail")
    begin(cast)
    assert choice(cast, "cyn").pace == Pace.DAILY
    assert send() == 0


@pytest.mark.both_databases
def test_whoever_comes_back_is_told_what_happens_from_then_on(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    revoke_membership(cast.viewer("ada"), cast.viewer("cyn").membership_id)
    say(cast, "ben", "Said while cyn was away")
    membership = next(one for one in members(cast.meeting_id) if one.person_id == cast.ids["cyn"])
    with transaction():
        membership = db.session.merge(membership)
        membership.status = MembershipStatus.INVITED
        accept(membership)
    begin(cast)
    say(cast, "ben", "Said once cyn was back")
    send()
    text = part(mailbox.newest_to("cyn@example.org"), "plain")
    assert "Said once cyn was back" in text
    assert "Said while cyn was away" not in text


def test_titles_with_line_breaks_make_no_headers(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    db.session.get_one(Meeting, cast.meeting_id).title = "Cells\r\nBcc: eve@example.org"
    db.session.commit()
    begin(cast)
    say(cast, "ben", "Something new")
    send()
    mail = mailbox.newest_to("cyn@example.org")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "1 new response in Cells Bcc: eve@example.org"
