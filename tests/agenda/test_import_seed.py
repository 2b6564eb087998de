"""The agenda of the first meeting, as a person copies it from its page, in every format."""

import json
from dataclasses import replace
from datetime import date
from html import escape
from importlib.resources import files

import pytest

from sigforum.agenda.domain import AgendaPlan, ForumSessionPlan
from sigforum.agenda.importing.reading import formats, read_agenda

SAMPLE = files("sigforum.samples").joinpath("car-t-agenda.txt")


@pytest.fixture(scope="module")
def plan() -> AgendaPlan:
    return read_agenda(SAMPLE.read_bytes(), filename="car-t-agenda.txt")


def in_markdown(plan: AgendaPlan) -> str:
    lines = [f"# {plan.title}", "", "16–17 June, 2026", "", plan.intro or "", "", "## Agenda outline", ""]
    for day in plan.days:
        lines += [f"## {day.label}", ""]
        for slot in day.slots:
            lines += [f"### Slot {slot.number}: {slot.title}", ""]
            for each in slot.forum_sessions:
                lines += [
                    f"#### {each.code}. {each.title}",
                    "",
                    f"**Theme:** {each.theme} | **Modality:** {each.modality}",
                ]
                lines += ["", f"**Central question:** {each.central_question}", ""]
                lines += [*(f"- {question}" for question in each.questions), ""]
    lines += ["## FAQs", "", *(f"### {faq.question}\n" for faq in plan.faqs)]
    return "\n".join(lines)


def in_html(plan: AgendaPlan) -> str:
    days = "".join(
        f"<h2>{day.label}</h2>"
        + "".join(
            f"<section><h3>Slot {slot.number}: {escape(slot.title)}</h3>"
            f"{''.join(map(html_session, slot.forum_sessions))}</section>"
            for slot in day.slots
        )
        for day in plan.days
    )
    faqs = "".join(f"<details><summary>{escape(faq.question)}</summary></details>" for faq in plan.faqs)
    return f"""<!doctype html><html><head><title>Discussion Topics</title>
<style>p {{ color: red }}</style></head>
<body><nav><ul><li>1Z. A menu entry</li><li>Day 9</li></ul></nav><h1>Discussion Topics</h1>
<img alt="CGTI SIG Logo" src="x.png">
<h2>{escape(plan.title)}</h2><p>16&ndash;17 June, 2026</p><p>{escape(plan.intro or "")}</p>
<h2>Agenda outline</h2>
{days}<h2>FAQs</h2>{faqs}<script>document.write("<h4>9Z. Not a session</h4>")</script>
<footer>Privacy notice</footer></body></html>"""


def html_session(each: ForumSessionPlan) -> str:
    questions = "".join(f"<li>{escape(question)}</li>" for question in each.questions)
    return (
        f"<details><summary><h4>{each.code}. {escape(each.title)}</h4></summary>"
        f"<p>Theme: {escape(each.theme or '')} | Modality: {escape(each.modality or '')}</p><button>"
        f"+</button>"
        f"<p><strong>Central question:</strong> {escape(each.central_question or '')}</p><ul>"
        f"{questions}</ul></details>"
    )


def test_seed_gives_its_numbers_without_a_warning(plan: AgendaPlan) -> None:
    sessions = [placed.forum_session for placed in plan.forum_sessions]
    assert len(plan.days) == 2
    assert [len(day.slots) for day in plan.days] == [2, 2]
    assert [each.code for each in sessions] == [
        "1A",
        "1B",
        "1C",
        "2A",
        "2B",
        "2C",
        "3A",
        "3B",
        "3C",
        "4A",
        "4B",
        "4C",
    ]
    assert sum(bool(each.central_question) for each in sessions) == 12
    assert [len(each.questions) for each in sessions] == [3] * 12
    assert plan.warnings == ()


def test_seed_gives_title_dates_and_introduction_as_printed(plan: AgendaPlan) -> None:
    assert plan.title == "What is the future of CAR-T cell therapy?"
    assert (plan.start, plan.end) == (date(2026, 6, 16), date(2026, 6, 17))
    assert [(day.label, day.date) for day in plan.days] == [
        ("DAY 1, June 16", date(2026, 6, 16)),
        ("DAY 2, June 17", date(2026, 6, 17)),
    ]
    assert plan.intro is not None
    assert plan.intro.startswith(
        "The Cell & Gene Therapy Insights Special Interest Group (SIG) brings together"
    )
    assert plan.intro.endswith(
        "building consensus, defining priorities, and driving meaningful progress for the field."
    )


def test_seed_gives_slots_and_a_session_word_for_word(plan: AgendaPlan) -> None:
    assert [(slot.number, slot.title) for day in plan.days for slot in day.slots] == [
        (1, "Manufacturing"),
        (2, "Science and indications"),
        (3, "Conditions for commercial success"),
        (4, "Execution and synthesis"),
    ]
    last = list(plan.forum_sessions)[-1].forum_session
    assert last.title == "Comparing modalities: which approach is the future of CAR-T, and for whom?"
    assert last.theme == "Strategy and synthesis"
    assert last.central_question is not None
    assert last.central_question.endswith(
        "can they realistically coexist, or will one or two come to dominate?"
    )
    assert "does the market’s current view align" in last.questions[1]


def test_seed_gives_modalities_as_printed_and_as_tags(plan: AgendaPlan) -> None:
    sessions = {placed.forum_session.code: placed.forum_session for placed in plan.forum_sessions}
    assert sessions["2A"].modality == "primarily in vivo, with broader engineering perspectives"
    assert {code: sessions[code].modalities for code in ("1A", "2A", "2C", "3A", "4C")} == {
        "1A": ("autologous",),
        "2A": ("in vivo",),
        "2C": ("cross-cutting", "autologous"),
        "3A": ("cross-cutting",),
        "4C": ("autologous", "allogeneic", "in vivo"),
    }


def test_seed_gives_frequent_questions_without_answers(plan: AgendaPlan) -> None:
    assert [(faq.question, faq.answer) for faq in plan.faqs] == [
        ("Who can participate in the SIG?", None),
        ("When and where will the SIG take place?", None),
        ("What happens after the meeting?", None),
    ]


def test_seed_json_has_exactly_the_documented_names(plan: AgendaPlan) -> None:
    content = json.loads(json.dumps(plan.to_json()))
    assert list(content) == ["title", "start", "end", "intro", "days", "faqs", "warnings"]
    assert list(content["days"][0]) == ["label", "date", "slots"]
    assert list(content["days"][0]["slots"][0]) == ["number", "title", "sessions"]
    first = content["days"][0]["slots"][0]["sessions"][0]
    assert list(first) == [
        "code",
        "title",
        "theme",
        "modality",
        "modalities",
        "central_question",
        "questions",
    ]
    assert (content["start"], content["days"][1]["date"], first["modalities"]) == (
        "2026-06-16",
        "2026-06-17",
        ["autologous"],
    )
    assert content["faqs"][0] == {"question": "Who can participate in the SIG?", "answer": None}


@pytest.mark.parametrize(
    ("write", "filename"),
    [(in_markdown, "agenda.md"), (in_html, "agenda.html"), (in_markdown, None), (in_html, None)],
)
def test_seed_reads_the_same_from_markdown_and_html(plan: AgendaPlan, write, filename: str | None) -> None:  # type: ignore[no-untyped-def]
    again = read_agenda(write(plan).encode(), filename=filename)
    assert again == plan
    assert again.warnings == ()


def test_seed_reads_the_same_from_yaml(plan: AgendaPlan) -> None:
    write = formats()["yaml"].write
    assert write is not None
    assert read_agenda(write(plan).encode(), filename="agenda.yaml") == plan
    assert read_agenda(write(plan).encode()) == plan
    assert read_agenda(write(replace(plan, title="Another")).encode()) != plan


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n\n", "\n").encode(),
        lambda text: text.replace(" ", "\u00a0").encode(),
        lambda text: text.replace("  •", "–").encode(),
        lambda text: text.replace("  •", "\t*").encode(),
    ],
)
def test_seed_reads_the_same_in_other_encodings_and_spacings(plan: AgendaPlan, encode) -> None:  # type: ignore[no-untyped-def]
    again = read_agenda(encode(SAMPLE.read_text(encoding="utf-8")))
    assert again == plan
    assert again.warnings == ()
