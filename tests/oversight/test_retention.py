"""Retention: when its time is over a meeting's personal data go, the counts stay, and a certificate says so."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from sigforum.audit import queries as audit
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import NotAllowed
from sigforum.oversight.actions import set_retention
from sigforum.oversight.cli import retention
from sigforum.oversight.domain import told_detail
from sigforum.oversight.models import PurgeCertificate, RetentionRule
from sigforum.oversight.retention import certificates, due_meetings, purge_due
from sigforum.people.models import OutgoingMail, Person, SignIn
from sigforum.people.queries import memberships_of
from sigforum.summaries.models import PublishedVersion
from sigforum.transaction import transaction
from tests.oversight.conftest import TRACES, Published
from tests.oversight.test_erasing import counts, traces

# The cast's meeting ends on 17 June 2026.
END = date(2026, 6, 17)


@pytest.mark.parametrize(("days", "today", "is_due"), [
    (30, END + timedelta(days=30), False), (30, END + timedelta(days=31), True), (1, END + timedelta(days=2), True)])
def test_data_go_on_the_day_after_the_days_are_over(published: Published, days: int, today: date, is_due: bool) -> None:
    set_retention(published.cast.viewer("ada"), days=days)
    assert [one.slug for one in due_meetings(today)] == [published.cast.slug] * is_due


def test_meeting_without_a_rule_keeps_everything(published: Published) -> None:
    assert due_meetings(date(2999, 1, 1)) == []
    set_retention(published.cast.viewer("ada"), days=30)
    set_retention(published.cast.viewer("ada"), days=None)
    assert db.session.scalars(select(RetentionRule)).all() == []
    assert purge_due(date(2999, 1, 1)) == []
    noted = [told_detail(entry.detail) for entry in audit.whole_chain(published.cast.meeting_id)
             if entry.verb == "retention_set"]
    assert noted == [{"before": None, "after": 30}, {"before": 30, "after": None}]


def test_only_organizers_set_it(published: Published) -> None:
    with pytest.raises(NotAllowed):
        set_retention(published.cast.viewer("finn"), days=1)


@pytest.mark.both_databases
def test_purge_takes_names_and_leaves_counts_and_a_certificate(
        published: Published, sign_in, whole_database) -> None:
    cast = published.cast
    browser = sign_in(cast.person("p1"))
    set_retention(cast.viewer("ada"), days=30)
    before = counts(published)
    head = audit.head(cast.meeting_id)
    documents = [one.document for one in db.session.scalars(select(PublishedVersion)).all()]
    [certificate] = purge_due(END + timedelta(days=31))
    assert set(traces(whole_database())) == {"published_versions"}, "whoever is named there agreed to it"
    assert [one.document for one in db.session.scalars(select(PublishedVersion)).all()] == documents
    assert counts(published) == before
    assert browser.get("/account").status_code == 401
    named = db.session.scalars(select(Person.name).where(Person.erased_at.is_(None))).all()
    assert sorted(named) == ["Ada Organizer", "Eve Stranger", "Mal Other"], "organizers keep the minutes"
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0
    document = json.loads(certificate.document)
    assert document["audit_head"] == {"number": head.number, "sha256": head.hash}
    assert document["removed"]["people"] == 14
    assert document["removed"]["votes"] == sum(len(one[4]) for one in before) + 6, "the open priorities too"
    assert (document["ended_on"], document["kept_days"]) == ("2026-06-17", 30)
    assert not [trace for trace in TRACES if trace in certificate.document]
    assert certificate.sha256 == hashlib.sha256(certificate.document.encode()).hexdigest()


def test_chain_holds_after_a_purge_and_binds_the_certificate(published: Published) -> None:
    cast = published.cast
    set_retention(cast.viewer("ada"), days=30)
    [certificate] = purge_due(END + timedelta(days=31))
    entries = list(audit.whole_chain(cast.meeting_id))
    assert entries[-1].verb == "meeting_purged"
    assert told_detail(entries[-1].detail) == {"certificate": certificate.sha256}
    struck = [entry.verb for entry in entries if entry.struck_at is not None]
    assert "response_hidden" in struck, "its reason could have named somebody"
    assert audit.problems(cast.meeting_id) == []


def test_purging_again_finds_nothing(published: Published) -> None:
    set_retention(published.cast.viewer("ada"), days=30)
    assert len(purge_due(END + timedelta(days=31))) == 1
    assert purge_due(END + timedelta(days=32)) == []
    assert len(certificates(published.cast.meeting_id)) == 1


def test_person_with_another_meeting_keeps_the_place_there(in_two_meetings: Published) -> None:
    cast, person_id = in_two_meetings.cast, in_two_meetings.person_id
    set_retention(cast.viewer("ada"), days=30)
    purge_due(END + timedelta(days=31))
    assert db.session.get_one(Person, person_id).name == "Quill Zebranek"
    assert [found.meeting.slug for found in memberships_of(person_id)] == [cast.other_slug]


def test_purge_that_fails_leaves_everything(published: Published, whole_database, monkeypatch) -> None:
    set_retention(published.cast.viewer("ada"), days=30)
    before = whole_database()

    def fail(*_values: object, **_more: object) -> int:
        raise RuntimeError("the disk is full")
    monkeypatch.setattr("sigforum.oversight.retention._strike_words", fail)
    with pytest.raises(RuntimeError, match="full"):
        purge_due(END + timedelta(days=31))
    assert whole_database() == before


def test_page_sets_the_days_and_hands_out_certificates(published: Published, sign_in) -> None:
    cast = published.cast
    browser, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/retention"
    for wrong in ("0", "-1", "soon", "99999999999", "1.5"):
        answer = browser.post(address, data={"days": wrong})
        assert (answer.status_code, wrong in answer.get_data(as_text=True)) == (422, True)
    assert browser.post(address, data={"days": "30"}).status_code == 302
    assert "18 July 2026" in browser.get(address).get_data(as_text=True)
    [certificate] = purge_due(END + timedelta(days=31))
    assert certificate.sha256 in browser.get(address).get_data(as_text=True)
    answer = browser.get(f"/meetings/{cast.slug}/certificates/{certificate.id}.json")
    assert hashlib.sha256(answer.get_data()).hexdigest() == certificate.sha256
    assert browser.get(f"/meetings/{cast.other_slug}/certificates/{certificate.id}.json").status_code == 404


def test_command_says_what_it_would_purge_and_purges(app: Flask, published: Published) -> None:
    runner = app.test_cli_runner()
    set_retention(published.cast.viewer("ada"), days=1)
    with transaction():
        published.panel.forum_session.meeting.end_on = now().date() - timedelta(days=3)
    said = runner.invoke(retention, ["run", "--dry-run"])
    assert (said.exit_code, f"{published.cast.slug}: data of" in said.output) == (0, True)
    assert db.session.scalars(select(PurgeCertificate)).all() == []
    assert "certificate 1, SHA-256" in runner.invoke(retention, ["run"]).output
    assert "Nothing is past its date." in runner.invoke(retention, ["run"]).output
