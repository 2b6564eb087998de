"""Names, votes, sealed results and hidden words are planted, and looked for in the mails as a server received them."""

import re

import pytest
from flask import Flask

from sigforum.ballots.recusing import recuse, take_back
from sigforum.disclosures.entering import choose_attribution
from sigforum.kernel.clock import now
from sigforum.people.models import Person
from sigforum.threads.actions import edit_response, hide_response
from sigforum.threads.flagging import flag_response
from sigforum.transaction import transaction
from tests.ballots.polling import add_voters, make_poll, move, vote
from tests.casting import Cast
from tests.digests.posting import LATER, addresses, begin, everything, part, say, send
from tests.serving import Mailbox

# Of the person who writes and votes: nothing of it may reach others where nobody is named.
TRACES = ("Zebranek", "Vantorix", "ben@example.org")
RESULT = "SEALEDRESULT"


@pytest.fixture
def quill(cast: Cast) -> None:
    """Ben has a name and an affiliation that nothing else here says."""
    with transaction():
        person: Person = cast.person("ben")
        person.name, person.affiliation = "Quill Zebranek", "Vantorix"


def to_others(mailbox: Mailbox) -> list[str]:
    """All that the others were sent, headers and every part, decoded and raw."""
    found = [everything(mail) for mail in mailbox.messages if mail["To"] != "ben@example.org"]
    assert found, "no mail went out, so nothing could leak"
    return found


@pytest.mark.usefixtures("quill")
def test_names_stand_in_mails_of_sessions_that_name(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    say(cast, "ben", "Said aloud")
    send()
    assert all("Quill Zebranek" in mail and "Vantorix" in mail for mail in to_others(mailbox))


@pytest.mark.usefixtures("quill")
@pytest.mark.parametrize("attribution", ["chatham", "role"])
def test_no_name_stands_in_any_mail_where_nobody_is_named(cast: Cast, mailbox: Mailbox, attribution: str) -> None:
    choose_attribution(cast.viewer("finn"), cast.forum_session().id, attribution=attribution)
    begin(cast)
    mine = say(cast, "cyn", "A claim to reply to")
    say(cast, "ben", "Said under the rule")
    say(cast, "ben", "A reply under the rule", parent_id=mine)
    send()
    for mail in to_others(mailbox):
        assert [trace for trace in TRACES if trace in mail] == []
    text = part(mailbox.newest_to("cyn@example.org"), "plain")
    assert "A participant replied to you:\n  A reply under the rule" in text
    # Alone in Industry: the group would name him.
    assert "Industry" not in "".join(to_others(mailbox))


@pytest.mark.usefixtures("quill")
def test_groups_are_told_where_three_share_them(cast: Cast, mailbox: Mailbox) -> None:
    add_voters(cast, 2)
    choose_attribution(cast.viewer("finn"), cast.forum_session().id, attribution="role")
    begin(cast)
    say(cast, "ben", "Said under the rule")
    send()
    assert "Stakeholder group: Industry:\n  Said under the rule" in part(mailbox.newest_to("cyn@example.org"), "plain")
    for mail in to_others(mailbox):
        assert [trace for trace in TRACES if trace in mail] == []


@pytest.mark.usefixtures("quill")
@pytest.mark.parametrize("secrecy", ["confidential", "secret"])
def test_sealed_results_and_votes_are_in_no_mail(cast: Cast, mailbox: Mailbox, secrecy: str) -> None:
    begin(cast)
    fields = {"kind": "text", "title": "In one word", "rule": "", "statements": "What is it?"}
    sealed, told = (make_poll(cast, upto="open", secrecy=secrecy, **fields) for _ in range(2))
    for poll in (sealed, told):
        for name in ("ben", "cyn"):
            vote(cast, name, poll, {"texts": {f"o{poll.options[0].id}": f"{RESULT} of {name}"}})
    for verb in ("close", "reveal"):
        move(cast, told, verb)
    move(cast, sealed, "close")
    say(cast, "ben", "Said aloud")
    send()
    assert "A result was revealed: In one word" in part(mailbox.newest_to("cyn@example.org"), "plain")
    for mail in mailbox.messages:
        assert RESULT not in everything(mail)
        assert f"#poll-{sealed.id}\n" not in everything(mail)
        assert "have voted" not in everything(mail)


@pytest.mark.usefixtures("quill")
def test_hidden_flagged_and_reworded_words_are_in_no_mail(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    hidden, flagged, edited = (say(cast, "ben", f"CANARY {number}: seventeen euros a dose") for number in range(3))
    hide_response(cast.viewer("finn"), hidden, reason="CANARY: seventeen is a price")
    flag_response(cast.viewer("cyn"), flagged, reason="CANARY of a flag")
    edit_response(cast.viewer("ben"), edited, text="Better words", revision=1)
    send()
    for mail in to_others(mailbox):
        assert "CANARY" not in mail
        assert "seventeen" not in mail
        assert "Better words" in mail


def test_recused_people_hear_nothing_of_the_poll(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    poll = make_poll(cast, upto="open", title="About shares")
    made = recuse(cast.viewer("cyn"), poll.forum_session_id, person_id=cast.ids["cyn"], poll_id=poll.id,
                  reason="I hold shares")
    say(cast, "ben", "Said aloud")
    send()
    assert "About shares" not in everything(mailbox.newest_to("cyn@example.org"))
    assert "About shares" in everything(mailbox.newest_to("olu@example.org"))
    move(cast, poll, "close")
    take_back(cast.viewer("cyn"), made.id)
    move(cast, poll, "reveal")
    say(cast, "ben", "Said later")
    send(now() + 2 * LATER)
    assert "About shares" not in everything(mailbox.newest_to("cyn@example.org", count=2)), "recused as it closed"
    assert "About shares" in everything(mailbox.newest_to("olu@example.org", count=2))


@pytest.mark.usefixtures("quill")
def test_headers_and_numbers_tell_of_nobody(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    choose_attribution(cast.viewer("finn"), cast.forum_session().id, attribution="chatham")
    begin(cast)
    say(cast, "ben", "Said under the rule")
    send()
    assert addresses(mailbox) == ["ada@example.org", "cyn@example.org", "finn@example.org", "olu@example.org"]
    for mail in mailbox.messages:
        assert set(mail.keys()) == {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
                                    "Content-Type", "List-Unsubscribe"}
        assert not re.search(rf"(person|author|member)\D{{0,3}}{cast.ids['ben']}\b", everything(mail))
    bodies = {re.sub(r"/unsubscribe/[\w-]+", "", part(mail, "html")) for mail in mailbox.messages}
    assert len(bodies) == 1, "everybody who may see the same is told the same"


def test_markup_in_words_is_shown_as_words(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    with transaction():
        cast.person("ben").name = "Ben <b>Bold</b>"
    say(cast, "ben", '<img src=x onerror=alert(1)> [a link](https://evil.example/) <script>alert(2)</script>')
    send()
    html = part(mailbox.newest_to("cyn@example.org"), "html")
    assert "<img" not in html
    assert "<script" not in html
    assert "<b>" not in html
    assert "evil.example" not in html, "a mail carries no links but ours"
    assert "Ben &lt;b&gt;Bold&lt;/b&gt;" in html
