"""What a summary must not tell, in any format: unrevealed results, names, what was taken back, small groups."""

import pytest
from flask import Flask

from sigforum.ballots import actions as ballots
from sigforum.ballots import queries as ballot_queries
from sigforum.ballots.forms import parse_poll
from sigforum.exports.bundle import write_bundle
from sigforum.summaries import assemble
from sigforum.summaries.document.summary import SCHEMA_VERSION, MeetingSummary
from sigforum.summaries.participation import POOLED, Attendee, count_participation
from sigforum.summaries.registry import all_formats
from sigforum.threads import actions as threads
from tests.summaries.panel import NAMES, Panel, readable

FORMATS = [*all_formats(), "zip", "page"]


def text_of(panel: Panel, format_name: str, sign_in) -> str:
    """1A's summary as a participant gets it in a format."""
    document = assemble.session_summary(panel.forum_session)
    if format_name == "page":
        browser = sign_in(panel.cast.person("ben"))
        return browser.get(f"/meetings/{panel.cast.slug}/sessions/1A/summary").get_data(as_text=True)
    if format_name == "zip":
        return readable(write_bundle(MeetingSummary(
            schema_version=SCHEMA_VERSION, meeting=document.meeting, documents=(document,)),
            software="x", sheets=[assemble.tally_sheets(panel.forum_session.id)]), "zip")
    chosen = all_formats()[format_name]
    return readable(chosen.write(document), chosen.extension)


@pytest.mark.parametrize("format_name", FORMATS)
def test_unrevealed_result_is_in_no_format(panel: Panel, format_name: str, sign_in) -> None:
    poll = panel.rate(until="close")
    result = ballot_queries.result(poll, poll.rounds[-1])
    secrets = [line.verdict.because.split("(")[0].strip() for line in result.lines if line.verdict]
    assert len(set(secrets)) == 2
    text = text_of(panel, format_name, sign_in)
    assert [secret for secret in secrets if secret in text] == []
    assert "Where to go" in text
    if format_name not in ("csv", "json"):
        assert "not revealed" in text
    ballots.move_poll(panel.cast.viewer("finn"), poll.id, verb="reveal")
    text = text_of(panel, format_name, sign_in)
    assert [secret for secret in secrets if secret not in text] == []


def test_unrevealed_result_leaves_only_the_turnout(panel: Panel) -> None:
    panel.rate(until="close")
    found = assemble.session_summary(panel.forum_session).polls[0]
    assert (found.is_revealed, found.lines, found.text) == (False, (), "")
    assert (found.turnout.answered, found.turnout.abstained) == (9, None)


def test_draft_poll_is_not_in_the_summary(panel: Panel) -> None:
    panel.rate()
    draft = ballots.create_poll(panel.cast.viewer("finn"), panel.forum_session.id, parse_poll({
        "kind": "rating", "title": "CANARYDRAFT", "statements": "One.", "rule": "percent_agreement"}))
    assert [poll.title for poll in assemble.session_summary(panel.forum_session).polls] == ["Where to go"]
    ballots.move_poll(panel.cast.viewer("finn"), draft.id, verb="open")
    assert [poll.title for poll in assemble.session_summary(panel.forum_session).polls] == [
        "Where to go", "CANARYDRAFT"]


@pytest.mark.parametrize("format_name", FORMATS)
def test_chatham_session_names_nobody_in_any_format(panel: Panel, format_name: str, sign_in) -> None:
    named = text_of(panel, format_name, sign_in)
    assert [name for name in NAMES if name not in named] == []
    panel.attribute("chatham")
    text = text_of(panel, format_name, sign_in)
    assert "bottleneck" in text
    assert [name for name in NAMES if name in text] == []


@pytest.mark.parametrize("format_name", FORMATS)
def test_role_session_names_groups_of_three_only(panel: Panel, format_name: str, sign_in) -> None:
    panel.say("p6", "We speak for two patients.")
    panel.attribute("role")
    text = text_of(panel, format_name, sign_in)
    assert "Industry" in text
    assert [name for name in (*NAMES, "Lovelock", "Lantern") if name in text] == []
    assert "Patient" not in text


@pytest.mark.parametrize("format_name", FORMATS)
def test_withdrawn_and_hidden_words_are_in_no_format(panel: Panel, format_name: str, sign_in) -> None:
    text = text_of(panel, format_name, sign_in)
    assert "CANARY" not in text
    assert "It names a patient." in text


def test_reply_to_a_withdrawn_response_keeps_its_place(panel: Panel, app: Flask) -> None:
    top = panel.say("p3", "CANARYTOP goes away.", question=2)
    panel.say("p4", "A reply that stays.", question=2, parent=top)
    panel.attribute("chatham")
    threads.withdraw_response(panel.cast.viewer("p3"), top.id)
    said = assemble.session_summary(panel.forum_session).questions[2].said
    assert [(one.state, one.text, one.name) for one in said] == [("withdrawn", "", "")]
    assert [reply.text for reply in said[0].replies] == ["A reply that stays."]


def attendees(**groups: int) -> list[Attendee]:
    """So many accepted people in each group, each with one response."""
    return [Attendee(group=group, is_invited=True, has_accepted=True, responses=1, replies=0)
            for group, size in groups.items() for _ in range(size)]


@pytest.mark.parametrize(("groups", "rows"), [
    ({"A": 5, "B": 4}, {"A": 5, "B": 4}),
    ({"A": 5, "B": 4, "C": 2, "D": 1}, {"A": 5, "B": 4, POOLED: 3}),
    # Two people are left over: with them alone, total minus rows would give them away.
    ({"A": 5, "B": 4, "C": 2}, {"A": 5, POOLED: 6}),
    ({"A": 5, "C": 1}, {}),
    ({"C": 2, "D": 2}, {}),
    ({}, {}),
])
def test_small_groups_cannot_be_found_by_subtraction(groups: dict[str, int], rows: dict[str, int]) -> None:
    found = count_participation(attendees(**groups), attribution="named", withdrawn=0, hidden=0)
    assert {row.label: row.accepted for row in found.groups} == rows
    assert all(row.accepted >= 3 for row in found.groups)
    if rows:
        assert sum(row.accepted for row in found.groups) == found.accepted


@pytest.mark.parametrize(("attribution", "shown"), [
    ("named", (5, 5, 0)), ("role", (None, 5, 0)), ("chatham", (None, None, None))])
def test_group_activity_follows_the_attribution_rule(attribution: str, shown: tuple[int | None, ...]) -> None:
    found = count_participation(attendees(A=5, B=4), attribution=attribution, withdrawn=0, hidden=0)
    assert (found.groups[0].posted, found.groups[0].responses, found.groups[0].replies) == shown


def test_few_authors_are_not_counted_where_nobody_is_named() -> None:
    two = attendees(A=2) + [Attendee(group="A", is_invited=True, has_accepted=True, responses=0, replies=0)] * 3
    assert count_participation(two, attribution="named", withdrawn=0, hidden=0).posted == 2
    assert count_participation(two, attribution="chatham", withdrawn=0, hidden=0).posted is None
