"""What the sessions say together: themes, priorities, contradictions, and groups that no table gives away."""

from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.ballots import actions as ballots
from sigforum.disclosure_control.across_tables import Invited
from sigforum.summaries import assemble
from sigforum.summaries.contradicting import contradictions
from sigforum.summaries.document.polls import PriorityItem, VerdictSummary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.heat import heat_chart
from sigforum.summaries.participation import POOLED, Attendee, large_enough
from sigforum.summaries.presence import meeting_groups
from sigforum.summaries.registry import all_formats
from sigforum.summaries.synthesis import meeting_priorities, theme_cells
from tests.summaries.panel import STATEMENTS, Panel, readable


@pytest.fixture
def document(panel: Panel) -> SummaryDocument:
    """1A after a revealed poll."""
    panel.rate()
    return assemble.session_summary(panel.forum_session)


def judged(document: SummaryDocument, code: str, *lines: tuple[str, str], kind: str = "rating") -> SummaryDocument:
    """A session of another code whose one poll judged these statements so."""
    made = tuple(replace(
        document.polls[0].lines[0], key=f"o{place}", text=text, verdict=VerdictSummary(
            word=word, label=word.replace("_", " "), because="So it is.", is_fragile=False, fragility=""))
        for place, (text, word) in enumerate(lines))
    poll = replace(document.polls[0], kind=kind, lines=made)
    return replace(document, forum_session=replace(document.forum_session, code=code), polls=(poll,))


def test_theme_cells_count_sessions_and_verdicts(document: SummaryDocument) -> None:
    other = judged(document, "2A", ("Yes.", "consensus_for"), ("No.", "consensus_against"), ("Hm.", "disagreement"))
    other = replace(other, forum_session=replace(
        other.forum_session, modalities=("autologous", "in vivo"), theme="Manufacturing"))
    cells = theme_cells([document, other])
    assert [(cell.theme, cell.modality, cell.sessions, cell.judged, cell.consensus) for cell in cells] == [
        ("Manufacturing", "autologous", ("1A", "2A"), 5, 3), ("Manufacturing", "in vivo", ("2A",), 3, 2)]


def test_theme_cells_name_what_has_no_theme(document: SummaryDocument) -> None:
    bare = replace(document, forum_session=replace(
        document.forum_session, theme=None, modality=None, modalities=()))
    assert [(cell.theme, cell.modality) for cell in theme_cells([bare])] == [("No theme", "No modality")]


def test_heat_map_prints_the_numbers_it_draws(panel: Panel) -> None:
    panel.rate()
    found = assemble.meeting_summary(panel.forum_session.meeting).synthesis
    assert found is not None
    chart = heat_chart(found)
    assert 'role="img"' in chart.svg
    assert "Manufacturing, autologous: 1 session, consensus on 1 of 2 statements" in chart.svg
    assert ">1 of 2</text>" in chart.svg
    assert "1 for, 0 against · 1A" in chart.svg
    assert ("Manufacturing", "autologous", "1A", "2", "1", "0", "50.0 %") in chart.numbers.rows
    assert ("Storage", "allogeneic", "1B", "0", "0", "0", "–") in chart.numbers.rows


def test_meeting_priorities_are_ranked_within_each_session(document: SummaryDocument) -> None:
    laid = document.priorities
    assert laid is not None
    items = tuple(PriorityItem(rank=place + 1, key=f"r{place}", text=f"Text {place}", points=points, voters=2,
                               largest_single=3) for place, points in enumerate((6, 3, 0)))
    small = replace(document, priorities=replace(laid, items=items, turnout=replace(laid.turnout, answered=3)))
    large = replace(document, forum_session=replace(document.forum_session, code="2B"), priorities=replace(
        laid, items=(replace(items[0], points=12),), turnout=replace(laid.turnout, answered=12)))
    found = meeting_priorities([small, large])
    # A larger share of fewer points is no higher place: nothing is ranked over sessions.
    assert [(item.rank, item.code, item.points, item.available, item.percent) for item in found] == [
        (1, "1A", 6, 15, 40.0), (2, "1A", 3, 15, 20.0), (1, "2B", 12, 60, 20.0)]


def test_meeting_priorities_equal_a_recount(panel: Panel) -> None:
    found = assemble.meeting_summary(panel.forum_session.meeting).synthesis
    assert found is not None
    # Points laid by panel.py, of three voters with five points each.
    assert [Fraction(item.points, item.available) for item in found.priorities] == [
        Fraction(6, 15), Fraction(3, 15), Fraction(2, 15)]


def test_contradictions_find_the_same_words_judged_in_opposite_ways(document: SummaryDocument) -> None:
    first = judged(document, "1A", ("Release at the  bedside is safe.", "consensus_for"), ("Alone.", "consensus_for"))
    second = judged(document, "2A", ("release at the bedside IS safe", "consensus_against"),
                    ("Alone.", "consensus_for"), kind="agree")
    (pair,) = contradictions([first, second])
    assert pair.is_same_wording
    assert [(side.code, side.verdict) for side in (pair.first, pair.second)] == [
        ("1A", "consensus_for"), ("2A", "consensus_against")]


def test_contradictions_ask_to_check_similar_words(document: SummaryDocument) -> None:
    text = "Release testing by a potency matrix should be the default"
    first = judged(document, "1A", (text, "consensus_for"))
    for other, verdict, is_found in (
            (f"{text} everywhere", "consensus_against", True), (f"{text} everywhere", "consensus_for", False),
            (text.replace("should", "should not"), "consensus_for", True),
            (text.replace("should", "should not"), "consensus_against", False),
            ("Hospitals lack staff", "consensus_against", False), (f"{text} everywhere", "no_consensus", False)):
        found = contradictions([first, judged(document, "2A", (other, verdict))])
        assert [pair.is_same_wording for pair in found] == [False] * is_found, (other, verdict)
    assert contradictions([first, judged(document, "2A", (f"{text} everywhere", "consensus_against"),
                                         kind="motion")]) == ()


def test_contradictions_stay_out_while_a_result_is_not_revealed(panel: Panel) -> None:
    poll = panel.rate(until="close")
    found = assemble.meeting_summary(panel.forum_session.meeting).synthesis
    assert found is not None
    assert (found.unrevealed, [cell.judged for cell in found.cells]) == (1, [0, 0])
    ballots.move_poll(panel.cast.viewer("finn"), poll.id, verb="reveal")
    found = assemble.meeting_summary(panel.forum_session.meeting).synthesis
    assert found is not None
    assert (found.unrevealed, [cell.judged for cell in found.cells]) == (0, [len(STATEMENTS), 0])


SESSIONS = ("1A", "1B", "1C")
people = st.lists(st.builds(
    Invited, group=st.sampled_from(["", "A", "B", "C", "D"]), has_accepted=st.booleans() | st.just(True),
    sessions=st.sets(st.sampled_from(SESSIONS), min_size=1).map(frozenset) | st.just(frozenset(SESSIONS))), max_size=40)


def subsets(rows: list[frozenset[str]]):
    return chain.from_iterable(combinations(rows, size) for size in range(1, len(rows) + 1))


def attendee(one: Invited) -> Attendee:
    """The same person as a session's table counts them."""
    return Attendee(group=one.group, is_invited=True, has_accepted=one.has_accepted, responses=0, replies=0)


@settings(max_examples=400, deadline=None)
@given(people)
def test_meeting_groups_hold_against_subtracting_any_session(invited: list[Invited]) -> None:
    every = {one.group for one in invited}
    found = meeting_groups(invited, SESSIONS)
    if not found:
        return
    assert sum(row.invited for row in found) == len(invited)
    assert all(row.accepted >= 3 for row in found)
    named = {row.label for row in found if row.label != POOLED}
    own = [frozenset({label}) for label in named] + [frozenset(every - named)] * (every - named != set())
    for code in SESSIONS:
        there = [one for one in invited if code in one.sessions]
        table = {label for label in large_enough([attendee(one) for one in there]) if label != POOLED}
        if not table:
            continue
        rows = [frozenset({label}) for label in table] + [frozenset(every - table)] * (every - table != set())
        sums = {frozenset().union(*some) for some in subsets(rows)}
        for some in subsets(own):
            groups = frozenset().union(*some)
            if groups in sums and groups != every:
                for accepted in (False, True):
                    left = sum(one.group in groups and (one.has_accepted or not accepted) for one in invited) - sum(
                        one.group in groups and (one.has_accepted or not accepted) for one in there)
                    assert left == 0 or left >= 3, (code, groups)


def test_meeting_groups_join_what_one_session_would_give_away() -> None:
    everywhere = frozenset(SESSIONS)
    invited = [Invited(group=group, has_accepted=True, sessions=everywhere) for group in "AAAABBBBCCCC"]
    assert [row.label for row in meeting_groups(invited, SESSIONS)] == ["A", "B", "C"]
    # One more of C who is not invited to 1A: 5 less 4 would speak of that one person.
    extra = Invited(group="C", has_accepted=True, sessions=frozenset({"1B"}))
    found = meeting_groups([*invited, extra], SESSIONS)
    assert [(row.label, row.accepted) for row in found] == []


def test_meeting_page_shows_the_synthesis_and_leads_to_the_sessions(panel: Panel, sign_in) -> None:
    panel.rate()
    browser = sign_in(panel.cast.person("cyn"))
    page = browser.get(f"/meetings/{panel.cast.slug}/summary").get_data(as_text=True)
    for words in ("Consensus by theme and modality", "First priorities of each session", "6 of 15", "1 of 2",
                  "Where sessions contradict each other", "Reporting checklist (ACCORD)",
                  f'href="/meetings/{panel.cast.slug}/sessions/1A/summary"', 'aria-current="page">Summary'):
        assert words in page
    agenda = browser.get(f"/meetings/{panel.cast.slug}").get_data(as_text=True)
    assert f'href="/meetings/{panel.cast.slug}/summary"' in agenda


@pytest.mark.parametrize("name", all_formats())
def test_every_format_tells_the_synthesis(panel: Panel, document: SummaryDocument, name: str) -> None:
    opposite = judged(document, "1B", (STATEMENTS[0], "consensus_against"))
    meeting = assemble.gathered(panel.forum_session.meeting, [document, opposite])
    assert meeting.synthesis is not None
    assert len(meeting.synthesis.contradictions) == 1
    made = all_formats()[name]
    text = readable(made.write(meeting), made.extension)
    numbers = ["1", "15", "40"] if name in ("json", "csv", "xlsx") else ["6 of 15", "40.0 %"]
    for words in ("Manufacturing", "autologous", *numbers, STATEMENTS[0].rstrip("."), meeting.title):
        assert words in text
    assert made.write(meeting) == made.write(meeting)
