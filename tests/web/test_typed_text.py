"""What people type arrives as they see it, by whichever way it comes."""

import json

import pytest
from sqlalchemy import select

from sigforum.agenda.importing.reading import read_agenda
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.ballots.registry import all_kinds
from sigforum.disclosures.forms import parse_notice
from sigforum.extensions import db
from sigforum.kernel.errors import Invalid
from sigforum.people.domain import is_email, normal_email
from sigforum.people.forms import parse_invitations
from sigforum.summaries.forms import parse_minority
from sigforum.threads.forms import clean_text, parse_reason
from tests.casting import Cast

SOFT_RETURN = "Line one ends here\x0bLine two\x0cthree\u2028four\u2029five\x85six"
LINES = "Line one ends here\nLine two\nthree\nfour\nfive\nsix"


@pytest.mark.parametrize("read", [clean_text, parse_notice, parse_reason, lambda raw: parse_minority({"text": raw})])
def test_soft_returns_are_breaks(read) -> None:
    assert read(SOFT_RETURN) == LINES


@pytest.mark.parametrize("read", [clean_text, parse_notice, parse_reason, lambda raw: parse_minority({"text": raw})])
@pytest.mark.parametrize("nothing", ["\u200b\u2060 \n\u3164", "\u2800", "\ufeff\u00ad"])
def test_a_text_in_which_nothing_can_be_seen_is_no_text(read, nothing: str) -> None:
    with pytest.raises(Invalid):
        read(nothing)


def test_one_spelling_of_letters() -> None:
    assert clean_text("Zu\u0308rich") == "Z\u00fcrich"


def test_options_and_labels_hold_no_control_characters() -> None:
    dirty = "Clo\x07sed\x1b first\x00"
    for kind in all_kinds().values():
        fields = {"kind": kind.name, "title": dirty, "statements": f"{dirty}\nOpen\x9f last\nThird", "unit": dirty,
                  "low_label": dirty, "high_label": dirty, "yes_label": dirty, "no_label": "N\x08o",
                  "criteria": f"{dirty}\nCo\x02st", "rule": "two_thirds" if kind.name == "motion" else
                  "percent_agreement", "visibility": "after_reveal"}
        if kind.name == "points":
            continue
        poll = parse_poll(fields)
        stored = [poll.title, *poll.statements, json.dumps(poll.settings, ensure_ascii=False)]
        assert not [text for text in stored if any(ord(one) < 32 or 127 <= ord(one) < 160 for one in text)]
        assert "\\u0" not in "".join(stored)
        assert poll.title == "Closed first"


def test_posted_fields_are_cleaned_whatever_the_form(cast: Cast, sign_in) -> None:
    finn = sign_in(cast.person("finn"))
    answer = finn.post(f"/meetings/{cast.slug}/sessions/1A/polls/new", data={
        "kind": "rating", "title": "Where\x07 cells\x0bgrow", "statements": "One\x1b\x0bTwo", "low_label": "N\x01o",
        "high_label": "Yes", "rule": "percent_agreement"})
    assert answer.status_code == 302
    poll = db.session.scalars(select(Poll).where(Poll.title.like("Where%"))).one()
    assert (poll.title, [one.text for one in poll.options], poll.settings["low_label"]) == (
        "Where cells grow", ["One", "Two"], "No")


def test_list_of_people_takes_no_invisible_characters() -> None:
    found = parse_invitations(
        "name,email\nZoe\u200b Zero\u202e,zoe.zero@example.org\u200b\nDot End,dot.end@example.org.\n"
        "Lro Mark,\u202alro.mark@example.org\u202c\n\u3164,ghost@example.org\n", codes={})
    assert [(one.name, one.email) for row in found.rows if (one := row.person)] == [
        ("Zoe Zero", "zoe.zero@example.org"), ("Dot End", "dot.end@example.org"), ("Lro Mark", "lro.mark@example.org")]
    assert [row.line for row in found.wrong_rows] == [5]


def test_sign_in_page_knows_an_address_with_an_invisible_sign(cast: Cast) -> None:
    email = cast.person("ben").email
    for typed in (f"{email}\u200b", f"\u202a{email}\u202c", f"{email}.", f"{email[:3]}\u00ad{email[3:]}"):
        assert (normal_email(typed), is_email(typed)) == (email, True)


@pytest.mark.parametrize("sign", ["\x0b", "\u2028", "\u2029", "\x85", "\x0c"])
def test_agenda_with_soft_returns_is_read_line_by_line(sign: str) -> None:
    text = ("CAR-T consensus meeting\n\n16–17 June 2026\n\nDay 1, June 16\n\n1A. Small scanners§Theme: Access§"
            "Central question: What would help?\n• Which parts cost most?§• Who would pay?\n").replace("§", sign)
    plan = read_agenda(text.encode())
    found = next(iter(plan.forum_sessions)).forum_session
    assert (found.title, found.theme, found.central_question) == ("Small scanners", "Access", "What would help?")
    assert list(found.questions) == ["Which parts cost most?", "Who would pay?"]
