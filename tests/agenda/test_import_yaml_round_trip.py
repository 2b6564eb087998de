"""Every agenda that can be thought of survives being written as YAML and read back."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.agenda.domain import AgendaPlan, DayPlan, Faq, ForumSessionPlan, SlotPlan
from sigforum.agenda.importing.cleaning import clean_code
from sigforum.agenda.importing.reading import formats, read_agenda
from sigforum.kernel.text import one_line, paragraphs

hard_texts = st.sampled_from(
    [
        "",
        " ",
        "null",
        "~",
        "yes",
        "1.10",
        "2026-06-16",
        "- a",
        "a: b",
        "# a",
        "'",
        '"',
        "a\n\nb\n",
        "\n",
        " a\n b",
        "a\n  b \n",
        "\t",
        "a\tb",
        "\r\n",
        "é – “x” 😀",
        "\u0085\u2028",
        "\x07",
        "\ufeff",
        "|",
        ">",
        "%",
        "@",
        "x" * 300,
        "word " * 60,
        "---",
        "...",
        "{a}",
        "[a]",
        "!a",
        "&a",
        "*a",
        "0x1F",
        "1e3",
        "=",
        "<<",
    ]
)
# An agenda holds texts as the cleaner leaves them.
raw_texts = st.one_of(hard_texts, st.text(max_size=40))
texts = raw_texts.map(one_line)
long_texts = st.none() | raw_texts.map(paragraphs)
maybe_texts = st.none() | texts
maybe_dates = st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31))
sessions = st.builds(
    ForumSessionPlan,
    code=raw_texts.map(clean_code).filter(bool),
    title=texts,
    theme=maybe_texts,
    modality=maybe_texts,
    modalities=st.lists(texts.filter(bool), max_size=2).map(tuple),
    central_question=maybe_texts,
    questions=st.lists(texts, max_size=3).map(tuple),
)
slots = st.builds(
    SlotPlan,
    number=st.none() | st.integers(0, 99),
    title=texts,
    forum_sessions=st.lists(sessions, max_size=2).map(tuple),
)
days = st.builds(DayPlan, label=texts, date=maybe_dates, slots=st.lists(slots, max_size=2).map(tuple))
plans = st.builds(
    AgendaPlan,
    title=texts,
    start=maybe_dates,
    end=maybe_dates,
    intro=long_texts,
    days=st.lists(days, min_size=1, max_size=2).map(tuple),
    faqs=st.lists(st.builds(Faq, question=texts, answer=long_texts), max_size=2).map(tuple),
)


def is_importable(plan: AgendaPlan) -> bool:
    codes = [placed.forum_session.code.casefold() for placed in plan.forum_sessions]
    return bool(codes) and len(set(codes)) == len(codes)


@settings(max_examples=200, deadline=None)
@given(plans.filter(is_importable))
def test_agenda_written_as_yaml_reads_back_equal(plan: AgendaPlan) -> None:
    write = formats()["yaml"].write
    assert write is not None
    data = write(plan).encode()
    assert read_agenda(data, filename="agenda.yaml") == plan
    assert read_agenda(data) == plan
    assert read_agenda(data) != replace(plan, title=plan.title + "!")
