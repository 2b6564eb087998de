"""Agendas of other shapes, and the warnings that say what was not understood and where."""

import os
from datetime import date
from pathlib import Path

import pytest

from sigforum.agenda.domain import AgendaPlan, ForumSessionPlan
from sigforum.agenda.importing.dates import read_dates
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.modalities import modality_tags
from sigforum.agenda.importing.reading import read_agenda

WHOLE = "1A. Opening\nTheme: Access\nCentral question: Who pays?\n- Who else?\n"


def read(text: str, **choice: str) -> AgendaPlan:
    return read_agenda(text.encode(), **choice)  # type: ignore[arg-type]


def sessions_of(plan: AgendaPlan) -> list[ForumSessionPlan]:
    return [placed.forum_session for placed in plan.forum_sessions]


def warned(plan: AgendaPlan) -> list[tuple[int, str]]:
    return [(warning.line, warning.message) for warning in plan.warnings]


@pytest.mark.parametrize(
    ("printed", "start", "end"),
    [
        ("16–17 June, 2026", date(2026, 6, 16), date(2026, 6, 17)),
        ("June 16-17, 2026", date(2026, 6, 16), date(2026, 6, 17)),
        ("30 June – 1 July 2026", date(2026, 6, 30), date(2026, 7, 1)),
        ("June 30 to July 1, 2026", date(2026, 6, 30), date(2026, 7, 1)),
        ("30 December 2026 - 2 January 2027", date(2026, 12, 30), date(2027, 1, 2)),
        ("30 Dec – 2 Jan 2027", date(2026, 12, 30), date(2027, 1, 2)),
        ("Tuesday 16th – Wednesday 17th of June 2026", date(2026, 6, 16), date(2026, 6, 17)),
        ("Dates: 16 and 17 June 2026", date(2026, 6, 16), date(2026, 6, 17)),
        ("2026-06-16", date(2026, 6, 16), date(2026, 6, 16)),
        ("2026-06-16 – 2026-06-17", date(2026, 6, 16), date(2026, 6, 17)),
        ("16.06.2026 – 17.06.2026", date(2026, 6, 16), date(2026, 6, 17)),
    ],
)
def test_meeting_dates_are_read_in_many_forms(printed: str, start: date, end: date) -> None:
    plan = read(f"A meeting\n\n{printed}\n\n{WHOLE}")
    assert (plan.title, plan.start, plan.end, plan.warnings) == ("A meeting", start, end, ())


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2026",
        "16",
        "June",
        "2026",
        "16 June 2026 was the day on which we all first met",
        "99 bottles",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "",
    ],
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert read_dates(text) is None


def test_day_without_a_known_year_stays_without_a_date() -> None:
    plan = read(f"A meeting\n\nDAY 1, June 16\n\n{WHOLE}")
    assert [(day.label, day.date) for day in plan.days] == [("DAY 1, June 16", None)]
    assert (plan.start, plan.end) == (None, None)
    assert warned(plan) == [
        (1, "No meeting dates were found."),
        (3, "The date of 'DAY 1, June 16' has no year, so it stays unknown."),
    ]


def test_day_outside_the_meeting_is_pointed_out() -> None:
    plan = read(f"A meeting\n\n16–17 June 2026\n\nDay 1, 20 June\n\n{WHOLE}")
    assert plan.days[0].date is None
    assert warned(plan) == [
        (5, "The date of 'Day 1, 20 June' lies outside the meeting's dates, so it stays unknown.")
    ]


@pytest.mark.parametrize(
    ("line", "code", "title"),
    [
        ("S1: Opening", "S1", "Opening"),
        ("3.2 Opening", "3.2", "Opening"),
        ("Session 4: Opening", "4", "Opening"),
        ("2b) Opening", "2b", "Opening"),
        ("WG-3 – Opening", "WG-3", "Opening"),
        ("Panel B. Opening", "B", "Opening"),
        ("Session 12", "12", "Opening"),
        ("7. Opening", "7", "Opening"),
    ],
)
def test_codes_of_many_shapes_are_kept_as_printed(line: str, code: str, title: str) -> None:
    below = f"\n{title}" if title not in line else ""
    plan = read(
        f"A meeting\n\n16 June 2026\n\n{line}{below}\nTheme: Access\nCentral question: Who pays?\n"
        f"- Who else?\n"
    )
    assert [(each.code, each.title) for each in sessions_of(plan)] == [(code, title)]
    assert plan.warnings == ()


def test_sessions_without_codes_are_called_after_their_place() -> None:
    plan = read(
        "A meeting\n\n16 June 2026\n\nSlot 3: Money\n\nWho pays\nTheme: Cost\n"
        "Central question: Who pays?\n- Who else?\n\n"
        "Who earns\nTheme: Cost\nCentral question: Who earns?\n- Who does not?\n"
    )
    assert [(each.code, each.title) for each in sessions_of(plan)] == [
        ("3A", "Who pays"),
        ("3B", "Who earns"),
    ]
    assert warned(plan) == [
        (7, "The session 'Who pays' has no code; it is called 3A after its place."),
        (12, "The session 'Who earns' has no code; it is called 3B after its place."),
    ]


def test_derived_codes_avoid_printed_ones() -> None:
    plan = read(
        "# A meeting\n16 June 2026\n## Slot 1\n### Free\n- Why?\n### 1A. Printed\n- What?\n"
        "### Also free\n- How?\n",
        format_name="markdown",
    )
    assert [each.code for each in sessions_of(plan)] == ["1B", "1A", "1C"]


def test_sessions_outside_day_and_slot_get_unnamed_ones() -> None:
    plan = read(f"A meeting\n\n16 June 2026\n\n{WHOLE}")
    assert [
        (day.label, day.date, [(slot.number, slot.title) for slot in day.slots]) for day in plan.days
    ] == [("", None, [(None, "")])]


def test_missing_parts_and_foreign_lines_are_warnings_with_their_lines() -> None:
    plan = read(
        "A meeting\nBy invitation\n16 June 2026\n\n1A. One\nTheme: Access | Track: B\n- No question mark\n\n"
        "Coffee break\n\n1B. Two\nCentral question: Why?\nCentral question: Why not?\n- Why?\n"
    )
    assert [line for line, _ in warned(plan)] == [2, 5, 6, 7, 9, 11, 13, 14]
    messages = dict(warned(plan))
    assert messages[5] == "Session 1A has no central question."
    assert "Track: B" in messages[6]
    assert "no question mark" in messages[7]
    assert messages[9] == "'Coffee break' was not understood and is left out."
    assert messages[11] == "Session 1B has no theme."
    assert "stands already on line 12" in messages[14]
    assert sessions_of(plan)[1].questions == ("Why not?", "Why?")


def test_wrapped_lines_are_put_together() -> None:
    plan = read(
        "A meeting\n\n16 June 2026\n\n1A. One\nTheme: Access | Modality: primarily in vivo,\nwith others\n"
        "Central question: What will it take\nto make this work?\n\n"
        "  • What is the first thing that\n    we need? And then?\n"
        "  • What else?\n"
    )
    (forum_session,) = sessions_of(plan)
    assert forum_session.modality == "primarily in vivo, with others"
    assert forum_session.central_question == "What will it take to make this work?"
    assert forum_session.questions == ("What is the first thing that we need? And then?", "What else?")
    assert plan.warnings == ()


def test_questions_without_bullets_are_kept() -> None:
    plan = read(
        "A meeting\n\n16 June 2026\n\n1A. One\nTheme: Access\nCentral question: Why?\nWhat first?\n"
        "\nWhat then?\n"
    )
    assert sessions_of(plan)[0].questions == ("What first?", "What then?")


def test_answers_of_frequent_questions_are_kept() -> None:
    plan = read(
        f"A meeting\n\n16 June 2026\n\n{WHOLE}\nFAQs\n\nWho may come?\n+\nThose who are invited.\n"
        f"Nobody else.\n\nAsk us.\n\n"
        "Where it is\n+\nIn Lisbon.\n\nWhy?\n"
    )
    assert [(faq.question, faq.answer) for faq in plan.faqs] == [
        ("Who may come?", "Those who are invited. Nobody else.\n\nAsk us."),
        ("Where it is", "In Lisbon."),
        ("Why?", None),
    ]


def test_markdown_headings_without_patterns_become_day_slot_and_session() -> None:
    plan = read(
        "Oncology forum\n==============\n\n16 June 2026\n\n## Morning\n\n### Opening the data\n\n"
        "**Central question:** Who *owns* the [data](https://example.org)?\n\n* Who\\_pays?\n\n"
        "## Practical matters\n\nBring a coat.\n",
        filename="a.md",
    )
    assert plan.title == "Oncology forum"
    (placed,) = plan.forum_sessions
    assert (placed.slot.title, placed.forum_session.title) == ("Morning", "Opening the data")
    assert (placed.forum_session.central_question, placed.forum_session.questions) == (
        "Who owns the data?",
        ("Who_pays?",),
    )
    assert warned(plan) == [
        (8, "The session 'Opening the data' has no code; it is called 1A after its place."),
        (14, "Heading 'Practical matters' was not understood; 1 lines under it are left out."),
    ]


def test_html_warnings_point_to_source_lines() -> None:
    plan = read(
        "<html><body>\n<h1>A meeting</h1>\n<p>16 June 2026</p>\n<!-- a\ncomment -->\n<h3 title='a >"
        " b'>1A. One &amp; two</h3>\n"
        "<p>Central question:\n Why?</p><ul><li>How?</li></ul>\n<p>\n\nLunch</p></body></html>",
        filename="a.html",
    )
    assert sessions_of(plan)[0].title == "One & two"
    assert sessions_of(plan)[0].central_question == "Why?"
    assert warned(plan) == [(11, "'Lunch' was not understood and is left out.")]


def test_yaml_warnings_name_unknown_entries() -> None:
    plan = read(
        "title: A\nvenue: Lisbon\ndays:\n- slots:\n  - sessions:\n    - code: 1.10\n"
        "      central_question: Why?\n      room: 5\n",
        filename="a.yml",
    )
    assert sessions_of(plan)[0].code == "1.10"
    assert warned(plan) == [
        (2, "'venue' is unknown and is left out."),
        (8, "'room' is unknown and is left out."),
    ]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("autologous", ("autologous",)),
        ("In-vivo and EX VIVO", ("in vivo", "ex vivo")),
        ("cross-cutting, with autologous emphasis", ("cross-cutting", "autologous")),
        ("primarily in vivo, with broader engineering perspectives", ("in vivo",)),
        ("NK cells, gene editing, autologous", ("NK cells", "gene editing", "autologous")),
        ("whatever the field will agree on", ()),
        ("", ()),
        (None, ()),
        ("in vivo, in vivo", ("in vivo",)),
    ],
)
def test_modality_tags_are_known_words_or_short_items(text: str | None, tags: tuple[str, ...]) -> None:
    assert modality_tags(text) == tags


def agendas_of_others() -> list[Path]:
    here = Path(__file__).resolve()
    roots = (
        [Path(os.environ["SIGFORUM_SHARED"])]
        if "SIGFORUM_SHARED" in os.environ
        else [parent / "shared" for parent in here.parents]
    )
    return sorted(path for root in roots for path in root.glob("data/agendas/*"))


def test_agendas_of_others_give_warnings_or_a_clear_refusal() -> None:
    paths = agendas_of_others()
    if not paths:
        pytest.skip("the folder of real agendas (SIGFORUM_SHARED) is not here")
    refused = []
    for path in paths:
        try:
            plan = read_agenda(path.read_bytes(), filename=path.name)
        except AgendaUnreadable as error:
            refused.append((path.name, error.message))
            continue
        assert plan.warnings, f"{path.name} cannot be fully understood, so it must say what was left out"
        assert list(plan.forum_sessions)
    assert all(len(message) > 20 for _, message in refused), refused


DOCUMENTED = (Path(__file__).resolve().parents[2] / "docs" / "agenda-formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["text", "markdown", "yaml"])
def test_documented_example_reads_without_a_warning(name: str) -> None:
    example = DOCUMENTED.partition(f"```{name}\n")[2].partition("```")[0]
    plan = read(example, format_name=name)
    assert (plan.title, plan.start, plan.warnings) == (
        "What is the future of imaging?",
        date(2026, 6, 16),
        (),
    )
    assert [each.code for each in sessions_of(plan)] == ["1A"]
    assert [faq.question for faq in plan.faqs] == ["Who can take part?"]
