"""The audit log as its organizers see it: names, plain words, pages, filters, a CSV, and the verifier."""

import csv
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.audit import queries as audit
from sigforum.audit.actions import record
from sigforum.audit.domain import head_in
from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.oversight.audit_log import COLUMNS, MOST_SHOWN, log_csv
from sigforum.oversight.cli import audit as command
from sigforum.oversight.domain import VERB_WORDS, verb_words
from sigforum.people.actions import revoke_membership
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction
from tests.architecture.source import program
from tests.ballots.polling import make_poll, move, rating_answer, vote
from tests.casting import Cast


def shown(answer) -> list[int]:
    """The numbers of the entries on a page."""
    page = answer.get_data(as_text=True)
    return [int(number) for number in re.findall(r'data-label="No.">(\d+)<', page)]


def fill(cast: Cast, count: int) -> None:
    with transaction():
        for turn in range(count):
            record("tested", meeting_id=cast.meeting_id, actor_id=cast.ids["ada"], subject="a test", turn=turn)


def test_entries_stand_newest_first_and_page_by_page(cast: Cast, sign_in) -> None:
    fill(cast, 2 * MOST_SHOWN)
    browser, address, found = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/audit", []
    while address:
        answer = browser.get(address)
        assert len(shown(answer)) <= MOST_SHOWN
        found += shown(answer)
        older = re.search(r'href="([^"]+before=[^"]+)"', answer.get_data(as_text=True))
        address = older[1].replace("&amp;", "&") if older else ""
    assert found == list(range(audit.head(cast.meeting_id).number, 0, -1))
    assert len(found) > 2 * MOST_SHOWN


def test_filters_by_person_verb_and_day(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="reveal")
    browser, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/audit"
    entries = list(audit.whole_chain(cast.meeting_id))
    by_finn = [entry.number for entry in entries if entry.actor_id == cast.ids["finn"]][::-1]
    assert 0 < len(by_finn) < len(entries)
    assert shown(browser.get(f"{address}?person={cast.viewer('finn').membership_id}")) == by_finn
    opened = browser.get(f"{address}?verb=poll_open")
    assert shown(opened) == [entry.number for entry in entries if entry.verb == "poll_open"]
    text = opened.get_data(as_text=True)
    assert f"poll “{poll.title}”" in text
    assert "opened a round" in text
    assert "Finn Facilitator" in text
    today = entries[-1].happened_at.date()
    assert len(shown(browser.get(f"{address}?day={today}"))) > 3
    assert shown(browser.get(f"{address}?day=2001-01-01")) == []
    for odd in ("?person=x&verb=&day=soon&before=-1", "?before=99999999999999999999", "?verb=" + "v" * 500):
        assert browser.get(address + odd).status_code == 200


def test_entry_says_before_and_after(cast: Cast, sign_in) -> None:
    make_poll(cast, upto="close")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "poll_close")).one()
    assert (entry.detail["before"], entry.detail["after"]) == ("open", "closed")
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit?verb=poll_close").get_data(as_text=True)
    assert "before: open; after: closed" in page


def test_log_says_nothing_of_a_vote(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    before = log_csv(cast.meeting_id)
    receipt = vote(cast, "ben", poll, rating_answer(poll, 7, 8))
    assert log_csv(cast.meeting_id) == before
    move(cast, poll, "close")
    after = log_csv(cast.meeting_id).decode()
    assert receipt.code not in after
    assert "Ben Participant" not in after.rpartition("people_invited")[2]


def test_removed_member_is_still_named_and_a_stranger_is_not(cast: Cast, sign_in) -> None:
    with transaction():
        record("tested", meeting_id=cast.meeting_id, actor_id=cast.ids["mal"], subject="a test")
    revoke_membership(cast.viewer("ada"), cast.viewer("cyn").membership_id)
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit").get_data(as_text=True)
    assert "Cyn Participant" in page
    assert "Mal Other" not in page
    assert "Name removed" in page


@pytest.mark.parametrize(("rule", "is_named"), [("named", True), ("role", False), ("chatham", False)])
def test_log_names_who_said_what_only_where_the_session_does(cast: Cast, sign_in, rule: str, is_named: bool) -> None:
    with transaction():
        cast.forum_session().attribution = rule
    said = post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="the-canary", text="Said under a rule"))
    browser, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/audit"
    number = audit.head(cast.meeting_id).number
    assert shown(browser.get(f"{address}?verb=response_posted")) == [number]
    row = browser.get(f"{address}?verb=response_posted").get_data(as_text=True).partition('data-label="No."')[2]
    assert f"response {said.id}" in row
    assert ("Ben Participant" in row, "A participant" in row) == (is_named, not is_named)
    # The filter and the file must not tell what the page keeps back.
    assert (number in shown(browser.get(f"{address}?person={cast.viewer('ben').membership_id}"))) == is_named
    *rows, _ = csv.reader(io.StringIO(log_csv(cast.meeting_id).decode("utf-8-sig")))
    [told] = [line for line in rows if line[0] == str(number)]
    assert ("Ben Participant" in told, str(cast.viewer("ben").membership_id) == told[3]) == (is_named, is_named)


def test_log_keeps_back_who_declined_to_be_listed(cast: Cast, sign_in) -> None:
    with transaction():
        record("summary_signed", meeting_id=cast.meeting_id, actor_id=cast.ids["ben"], subject="summary 1",
               revision=7, listing="not_listed", may_be_quoted=False)
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit").get_data(as_text=True)
    assert "revision: 7" in page
    assert "not listed" not in page
    assert "not_listed" not in log_csv(cast.meeting_id).decode()
    assert audit.problems(cast.meeting_id) == []


def test_csv_holds_everything_the_hashes_cover_and_a_signed_head(cast: Cast) -> None:
    with transaction():
        record("tested", meeting_id=cast.meeting_id, actor_id=cast.ids["ada"], subject="=1+1", words="=HYPERLINK()")
    content = log_csv(cast.meeting_id)
    *rows, last = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert tuple(rows[0]) == COLUMNS
    assert [int(row[0]) for row in rows[1:]] == list(range(1, audit.head(cast.meeting_id).number + 1))
    assert [row[-1] for row in rows[1:]] == [entry.hash for entry in audit.whole_chain(cast.meeting_id)]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert head_in(last[0]) == audit.head(cast.meeting_id)
    assert re.search(r"Signature: [0-9a-f]{64}$", last[0])


def test_csv_of_one_meeting_says_nothing_of_another(cast: Cast) -> None:
    other = next(chain for chain in audit.chains() if chain not in (0, cast.meeting_id))
    hashes = {entry.hash for entry in audit.whole_chain(other)}
    assert hashes
    assert not [one for one in hashes if one in log_csv(cast.meeting_id).decode()]


@pytest.fixture
def exported(cast: Cast, tmp_path: Path) -> Path:
    """The log as somebody kept it."""
    fill(cast, 3)
    file = tmp_path / "audit.csv"
    file.write_bytes(log_csv(cast.meeting_id))
    return file


def test_verifier_accepts_what_was_only_added_to(app: Flask, cast: Cast, exported: Path) -> None:
    fill(cast, 2)
    said = app.test_cli_runner().invoke(command, ["verify", "--against", str(exported)])
    assert said.exit_code == 0, said.output
    assert "The audit log holds." in said.output
    assert "is still what it was" in said.output
    assert f"{cast.slug}: As of entry" in said.output


def test_verifier_names_a_deleted_row_and_an_end_that_was_cut_off(app: Flask, cast: Cast, exported: Path) -> None:
    kept = audit.head(cast.meeting_id)
    with transaction():
        db.session.delete(db.session.scalars(select(AuditEntry).where(
            AuditEntry.chain == cast.meeting_id, AuditEntry.number == 2)).one())
        db.session.delete(db.session.scalars(select(AuditEntry).where(
            AuditEntry.chain == cast.meeting_id, AuditEntry.number == kept.number)).one())
    said = app.test_cli_runner().invoke(command, ["verify", "--against", str(exported)])
    assert said.exit_code == 1
    assert "Entry 2 is missing." in said.output
    assert f"entry {kept.number} is gone or another one" in said.output
    assert "The audit log does not hold" in said.output


def test_verifier_says_when_a_head_is_not_this_servers(app: Flask, exported: Path) -> None:
    text = exported.read_text()
    exported.write_text(re.sub(r"Signature: .{4}", "Signature: 0000", text))
    said = app.test_cli_runner().invoke(command, ["verify", "--against", str(exported)])
    assert "was not signed with this server's secret key" in said.output
    exported.write_text("nothing")
    assert app.test_cli_runner().invoke(command, ["verify", "--against", str(exported)]).exit_code == 1


def test_every_recorded_verb_has_words() -> None:
    verbs = {verb for source in program() for verb in re.findall(r'record\(\s*"([a-z_]+)"', "\n".join(source.lines))}
    assert len(verbs) > 15
    assert {"response_posted", "data_erased", "membership_revoked"} <= verbs
    assert sorted(verbs - VERB_WORDS.keys()) == [], "say these in words in sigforum/oversight/domain.py"
    assert verb_words("poll_open") == "opened a round"
    assert verb_words("never_heard_of") == "never heard of"
