"""The summary tells its method: who was asked, how many answered, on which terms, and the reporting checklist."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigforum.disclosure_control.parts import shown_answers
from sigforum.extensions import db
from sigforum.people.models import Membership
from sigforum.summaries import assemble
from sigforum.summaries.accord import ITEMS, STATUS_WORDS, accord, reported
from sigforum.summaries.blocks import Table
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.flow import flow_chart
from sigforum.summaries.method_outline import answers_table, method
from sigforum.summaries.registry import all_formats
from tests.summaries.panel import Panel, readable


@pytest.fixture
def document(panel: Panel) -> SummaryDocument:
    """1A after a revealed poll."""
    panel.rate()
    return assemble.session_summary(panel.forum_session)


def words_of(document: SummaryDocument) -> str:
    return " ".join(" ".join(str(value) for value in vars(block).values()) for block in method(document))


def test_method_counts_invitations_and_answers_by_group(document: SummaryDocument) -> None:
    found = document.method
    assert found is not None
    assert (found.facilitators, found.facilitator_names) == (1, ("Finn Facilitator",))
    # Midnight may have passed while people were invited.
    assert found.invited_from is not None
    assert found.invited_until is not None
    assert timedelta(0) <= found.invited_until - found.invited_from <= timedelta(days=1)
    by_round = {(one.poll, one.round): [(group.label, group.accepted, group.answered) for group in one.groups]
                for one in found.answers}
    assert by_round[document.polls[0].key, 1] == [("Industry", 4, 4), ("Other groups", 5, 5)]
    assert document.priorities is not None
    # While a round is open, a group's number would tell of which group the one is who has just voted.
    assert by_round[document.priorities.key, 1] == []
    table = answers_table(document)
    assert table is not None
    assert ("Where to go, round 1", "4 of 4", "5 of 5") in table.rows
    assert not [row for row in table.rows if row[0].startswith("Priorities") and "of" in "".join(row[1:])]


@pytest.mark.parametrize("rule", ["role", "chatham"])
def test_method_names_facilitators_only_where_people_are_named(panel: Panel, rule: str) -> None:
    assert "Finn Facilitator" in words_of(assemble.session_summary(panel.forum_session))
    panel.attribute(rule)
    document = assemble.session_summary(panel.forum_session)
    assert "Finn Facilitator" not in words_of(document)
    assert "Finn Facilitator" not in " ".join(item.text for item in document.checklist)
    assert "1 facilitator ran the session." in words_of(document)


def test_method_counts_the_same_when_a_voter_has_left(panel: Panel) -> None:
    panel.rate()
    before = assemble.session_summary(panel.forum_session).method
    member = db.session.query(Membership).filter(Membership.person.has(email="p1@example.org")).one()
    member.status = "revoked"
    db.session.commit()
    found = assemble.session_summary(panel.forum_session).method
    assert found is not None
    assert before is not None
    assert found.answers == before.answers
    assert any(one.groups for one in found.answers)


counts = st.lists(st.integers(3, 12).flatmap(lambda accepted: st.tuples(
    st.just(accepted), st.integers(0, accepted))), min_size=1, max_size=6)


@given(counts)
def test_answers_by_group_cannot_be_found_by_subtraction(blocks: list[tuple[int, int]]) -> None:
    shown = shown_answers(blocks)
    hidden = [block for block, answered in zip(blocks, shown, strict=True) if answered is None]
    for (accepted, answered), value in zip(blocks, shown, strict=True):
        if value is not None:
            assert value == answered >= 3
            assert accepted - answered == 0 or accepted - answered >= 3
    # One group kept back would be the total minus the others.
    assert len(hidden) != 1 or len(blocks) == 1
    if hidden and len(hidden) < len(blocks):
        left, silent = sum(one[1] for one in hidden), sum(one[0] - one[1] for one in hidden)
        assert left >= 3
        assert silent == 0 or silent >= 3


def test_shown_answers_hide_one_more_where_one_alone_is_hidden() -> None:
    assert shown_answers([(6, 6), (8, 8), (5, 1)]) == (None, 8, None)
    # The one person who did not answer would be looked for among fewer and fewer.
    assert shown_answers([(6, 6), (8, 8), (5, 4)]) == (None, None, None)
    assert shown_answers([(6, 6), (8, 5)]) == (6, 5)
    assert shown_answers([(6, 2), (8, 5)]) == (None, None)


def test_flow_chart_draws_the_numbers_of_its_table(document: SummaryDocument) -> None:
    chart = flow_chart(document)
    assert 'role="img"' in chart.svg
    assert ('aria-label="Flow of participants: 11 invited; 10 accepted; 1 not answered; Where to go, round 1: '
            '9 of 9 entitled answered"') in chart.svg
    for words in (">11</text>", ">10</text>", ">9 of 9</text>", ">1 not answered</text>"):
        assert words in chart.svg
    assert chart.numbers.rows == (
        ("Invited to the session", "11", "", "", "", "", ""), ("Accepted", "10", "", "", "", "", ""),
        ("Not answered", "1", "", "", "", "", ""),
        ("Where to go, round 1", "", "9", "9", "0", "0", "–"))


def test_flow_chart_has_a_box_for_each_round(document: SummaryDocument) -> None:
    asked = document.polls[0].rounds[0]
    rounds = tuple(replace(asked, number=number, answered=9 - number, late=number) for number in range(1, 6))
    poll = replace(document.polls[0], rounds=rounds, turnout=replace(document.polls[0].turnout, recused=2))
    chart = flow_chart(replace(document, polls=(poll, document.polls[0])))
    assert [f">{9 - number} of 9</text>" in chart.svg for number in range(1, 6)] == [True] * 5
    assert ">5 too late, 2 recused</text>" in chart.svg
    assert len(chart.numbers.rows) == 9


def test_checklist_has_the_published_items(document: SummaryDocument) -> None:
    numbers = ["T1", "I1", "I2", "I3", *(f"M{number}" for number in range(1, 22)),
               *(f"R{number}" for number in range(1, 6)), "D1", "D2", "O1", "O2", "O3"]
    assert [item.number for item in ITEMS] == [item.number for item in document.checklist] == numbers
    assert len(numbers) == 35
    assert all(item.text and item.topic and item.status in STATUS_WORDS for item in document.checklist)
    statuses = {item.number: item.status for item in document.checklist}
    for number, status in {"M4": "record", "M12": "record", "R3": "record", "R4": "record", "T1": "draft",
                           "I1": "authors", "M1": "authors", "O3": "authors"}.items():
        assert statuses[number] == status


def test_checklist_says_what_the_record_holds(document: SummaryDocument) -> None:
    texts = {item.number: item.text for item in document.checklist}
    assert document.polls[0].rule.rstrip(".") in texts["M12"]
    assert "11 people were invited" in texts["M4"]
    assert "9 of 9 entitled people answered" in texts["R3"]
    verdict = document.polls[0].lines[0].verdict
    assert verdict is not None
    assert f"{verdict.label} ({verdict.because.rstrip('.')})" in texts["R4"]
    assert texts["R2"] == "Nothing that was frozen when a poll opened was changed afterwards."


def test_checklist_without_polls_leaves_their_items_to_the_authors(panel: Panel) -> None:
    found = {item.number: item for item in assemble.session_summary(panel.cast.forum_session("1B")).checklist}
    assert {number: found[number].status for number in ("M10", "M12", "M13", "R4")} == dict.fromkeys(
        ("M10", "M12", "M13", "R4"), "authors")
    assert found["M9"].status == "record"


def test_checklist_of_a_meeting_speaks_of_each_session(panel: Panel) -> None:
    panel.rate()
    meeting = assemble.meeting_summary(panel.forum_session.meeting)
    texts = {item.number: item.text for item in meeting.checklist}
    assert "1A: " in texts["M4"]
    assert "1B: " in texts["M4"]
    assert texts["I2"].count("How should cells be") == 2


@pytest.mark.parametrize("name", all_formats())
def test_every_format_tells_method_and_checklist(document: SummaryDocument, name: str) -> None:
    text = readable(all_formats()[name].write(document), all_formats()[name].extension)
    answered = [row for block in reported(document) if isinstance(block, Table) for row in block.rows]
    assert len(answered) > 15
    for _, _, words in answered:
        assert " ".join(words.split())[:40].replace('"', "") in text.replace('"', "").replace("\\", "")
    assert document.polls[0].frozen_sha256 in text.replace(" ", "")


def test_older_summary_without_method_prints_nothing_of_it(document: SummaryDocument) -> None:
    older = replace(document, method=None, checklist=())
    assert list(method(older)) == []
    assert list(accord(older)) == list(reported(older)) == []
    for made in all_formats().values():
        assert "ACCORD (" not in readable(made.write(older), made.extension)
