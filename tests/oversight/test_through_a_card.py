"""What was done in a browser that a door card had signed in says so: in the log, where that names nobody who was not
named before, and in the person's own copy."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.oversight.audit_log import log_csv
from sigforum.people import door_sheet, queries
from sigforum.people.door_sheet import print_cards
from sigforum.transaction import transaction
from tests.casting import Cast


@pytest.fixture
def by_card(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], FlaskClient]:
    """Signs a browser in with somebody's door card."""
    made: list[str] = []
    original = door_sheet.new_token

    def noted() -> str:
        made.append(original())
        return made[-1]
    monkeypatch.setattr(door_sheet, "new_token", noted)

    def come_in(name: str) -> FlaskClient:
        with transaction():
            meeting = db.session.get_one(Meeting, cast.meeting_id)
            meeting.start_on = meeting.end_on = date.today()
        print_cards(cast.viewer("ada"), db.session.get_one(Meeting, cast.meeting_id),
                    membership_ids={queries.membership(cast.ids[name], meeting_id=cast.meeting_id).id})
        browser = app.test_client()
        assert browser.post(f"/sign-in/{made[-1]}").status_code == 302
        return browser
    return come_in


def say(browser: FlaskClient, cast: Cast, key: str, code: str = "1A") -> None:
    question = cast.forum_session(code).asked[0]
    assert browser.post(f"/meetings/{cast.slug}/sessions/{code}/responses", data={
        "question_id": question.id, "text": "What I say", "key": key,
        "shown": "named"}).status_code == 302


def logged(cast: Cast) -> list[tuple[str, str]]:
    """Who did what, in the words of the log's file."""
    rows = csv.DictReader(io.StringIO(log_csv(cast.meeting_id).decode("utf-8-sig")))
    return [(row["person"], row["did"]) for row in rows if row["did"]]


def as_named(cast: Cast, rule: str) -> None:
    with transaction():
        for code in ("1A", "1B"):
            cast.forum_session(code).attribution = "named"
        cast.forum_session("1B").attribution = rule


def test_log_says_what_was_done_through_a_card(cast: Cast, sign_in, by_card) -> None:
    as_named(cast, "named")
    say(by_card("ben"), cast, "ben-by-his-card")
    say(sign_in(cast.person("cyn")), cast, "cyn-by-her-mail")
    log = logged(cast)
    assert ("Ben Participant", "posted, through a card") in log
    assert ("Ben Participant", "signed in, through a card") in log
    assert ("Cyn Participant", "posted") in log
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit").get_data(as_text=True)
    assert page.count("through a card") == len([did for _, did in log if did.endswith("through a card")])


def test_own_copy_says_it_too(cast: Cast, sign_in, by_card) -> None:
    say(by_card("ben"), cast, "ben-by-his-card")
    say(sign_in(cast.person("ben")), cast, "ben-by-his-mail")
    archive = sign_in(cast.person("ben")).get("/account/data.zip").get_data()
    copy = json.loads(zipfile.ZipFile(io.BytesIO(archive)).read("my-data.json"))
    posted = [row.get("through", "") for row in copy["audit_entries"] if row["verb"] == "response_posted"]
    assert posted == ["a card", ""]
    assert [row.get("through", "") for row in copy["sign_ins"]].count("a card") == 1
    assert any(row["did"] == "signed in, through a card" for row in copy["audit_entries_about_you"])


def test_account_says_which_browser_a_card_signed_in(cast: Cast, sign_in, by_card) -> None:
    by_card("ben")
    page = sign_in(cast.person("ben")).get("/account").get_data(as_text=True)
    assert page.count("through a card, for one meeting only") == 1


@pytest.mark.parametrize("rule", ["role", "chatham"])
def test_log_names_nobody_by_a_card_where_a_session_names_nobody(cast: Cast, sign_in, by_card, rule: str) -> None:
    """Only ben uses a card: an entry of his that said so would name the ones without a name."""
    as_named(cast, rule)
    ben = by_card("ben")
    say(ben, cast, "ben-under-his-name", "1A")
    say(ben, cast, "ben-under-no-name", "1B")
    entries = log_csv(cast.meeting_id).decode()
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit").get_data(as_text=True)
    assert ("Ben Participant", "posted") in logged(cast)
    assert ("A participant", "posted") in logged(cast)
    assert "through a card" not in entries + page


def test_organizers_hands_hold_nothing_to_try_out(cast: Cast, by_card) -> None:
    """The hashes of the file do not cover it, so that nobody can try whether an entry was made through a card."""
    as_named(cast, "chatham")
    say(by_card("ben"), cast, "ben-under-his-name", "1A")
    entry = next(row for row in csv.DictReader(io.StringIO(log_csv(cast.meeting_id).decode("utf-8-sig")))
                 if row["verb"] == "response_posted")
    assert "through" not in json.loads(entry["detail"])
