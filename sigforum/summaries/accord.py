"""The ACCORD checklist for reports of consensus methods, filled from the record as far as the record goes.

Items by number and topic as in Gattrell and others, "ACCORD (ACcurate COnsensus Reporting Document): A reporting
guideline for consensus methods in biomedicine developed via a modified Delphi", PLOS Medicine 21 (2024) e1004326;
every word here is our own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sigforum.summaries import accord_texts as texts
from sigforum.summaries.blocks import Block, Heading, Paragraph, Slide, Table
from sigforum.summaries.columns import SESSION, DataTable, words
from sigforum.summaries.document.method import ChecklistItem
from sigforum.summaries.document.summary import Summary

STATUS_WORDS: Mapping[str, str] = {"record": "From the record", "session": "In each session’s summary",
                                   "draft": "Draft to edit", "authors": "Authors only"}
_SECTIONS = {"T": "Title", "I": "Introduction", "M": "Methods", "R": "Results", "D": "Discussion",
             "O": "Other information"}


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item, and the words for it. `write` gives nothing where the record is silent; then it is the authors'."""

    number: str
    topic: str
    status: str
    write: Callable[[Summary], str]
    ask: str = ""


def _silent(_summary: Summary) -> str:
    return ""


def _authors(number: str, topic: str, ask: str) -> Item:
    return Item(number=number, topic=topic, status="authors", write=_silent, ask=ask)


ITEMS: tuple[Item, ...] = (
    Item(number="T1", topic="Title names the consensus method", status="draft", write=texts.title),
    _authors("I1", "Why a consensus method", "Say why agreement among experts was sought rather than other evidence."),
    Item(number="I2", topic="Aim, audience and reach", status="draft", write=texts.aim),
    _authors("I3", "Update of an earlier document", "If this updates an earlier consensus, cite it and say why."),
    _authors("M1", "Registration", "Name the registry and give the link, or say that nothing was registered."),
    Item(number="M2", topic="Who directed the exercise", status="draft", write=texts.directors),
    _authors("M3", "Criteria and number of panellists", "Say who chose them, by which criteria, and why so many."),
    Item(number="M4", topic="Recruitment", status="record", write=texts.recruitment),
    Item(number="M5", topic="Public, patients and carers", status="draft", write=texts.public,
         ask="Say what part patients, carers and the public had."),
    Item(number="M6", topic="Where the questions came from", status="draft", write=texts.questions,
         ask="Say how the questions were prepared."),
    _authors("M7", "Literature search", "Describe the search with its dates, cite it, or say that there was none."),
    _authors("M8", "Evidence given to the panel", "Say what evidence was summarised and whether the panel saw it."),
    Item(number="M9", topic="Method of reaching consensus", status="record", write=texts.steps,
         ask="Nothing was written and nobody voted; say how consensus was to be reached."),
    Item(number="M10", topic="How statements were put, and the answers", status="record", write=texts.ballots,
         ask="No poll was opened; say how statements were put."),
    Item(number="M11", topic="Objective of each step", status="draft", write=texts.objectives,
         ask=texts.ASK_STEPS),
    Item(number="M12", topic="Definition of consensus", status="record", write=texts.rules,
         ask="No rule of consensus was declared; define consensus and say why so."),
    Item(number="M13", topic="Items that had reached consensus in later rounds", status="record", write=texts.repeated,
         ask="No poll was opened."),
    Item(number="M14", topic="How answers were collected", status="draft", write=texts.collection,
         ask="Say whether people were in one room then."),
    Item(number="M15", topic="How answers were processed", status="record", write=texts.processing,
         ask="Nothing was written and nobody voted; there was nothing to process."),
    _authors("M16", "Piloting", "Say whether material or ballots were tried out beforehand."),
    Item(number="M17", topic="Feedback between rounds", status="record", write=texts.feedback),
    Item(number="M18", topic="Anonymity", status="record", write=texts.anonymity,
         ask="Nothing was written and no poll was opened; say what would have been known of whom."),
    Item(number="M19", topic="Part of the organizers in decisions", status="record", write=texts.neutrality),
    _authors("M20", "Incentives", "Name incentives or payments for taking part, or say that there were none."),
    _authors("M21", "Accessibility", "Say what was done so that everybody could take part."),
    Item(number="R1", topic="When it took place", status="record", write=texts.dates),
    Item(number="R2", topic="Deviations from the plan", status="record", write=texts.deviations),
    Item(number="R3", topic="Who took part in each step", status="record", write=texts.participants),
    Item(number="R4", topic="Outcome", status="record", write=texts.outcome,
         ask="No verdict by a declared rule is revealed; report the outcome."),
    Item(number="R5", topic="Items changed or removed", status="record", write=texts.changes),
    _authors("D1", "Strengths and limitations", "Discuss them, the response rates and the size of the panel included."),
    _authors("D2", "Agreement with the literature", "Compare the findings with what is published."),
    _authors("O1", "Endorsing organisations", "Name them and their part, or say that there were none."),
    Item(number="O2", topic="Conflicts of interest", status="draft", write=texts.interests,
         ask="Declare the interests of all who took part or directed, and how they were managed."),
    _authors("O3", "Funding", "Name the funders and their part, or say that there was no funding."),
)


_LETTERS = f"{', '.join(f'{letter}: {name.lower()}' for letter, name in _SECTIONS.items())}."
# By item, what its text ends with where authors have something to add.
_ASKED = {item.number: item.ask for item in ITEMS} | {
    "I2": texts.ASK_AUDIENCE, "M2": texts.ASK_DIRECTORS}


def checklist(summary: Summary) -> tuple[ChecklistItem, ...]:
    """All 35 items for one forum session or for a meeting."""
    return tuple(_filled(item, summary) for item in ITEMS)


def _filled(item: Item, summary: Summary) -> ChecklistItem:
    text = item.write(summary)
    asked = f"{text} {item.ask}".strip() if item.status == "draft" else text or item.ask
    return ChecklistItem(number=item.number, section=_SECTIONS[item.number[0]], topic=item.topic,
                         status=_status(item, text), text=asked)


def _status(item: Item, text: str) -> str:
    if item.status == "record" and texts.POINTER in text:
        return "session"
    return item.status if text else "authors"


def reported(summary: Summary) -> Iterator[Block]:
    """The items that the record answers, as a section of every file and of what is published: whoever reads it cannot
    write what is left."""
    found = _answered(summary)
    if not found:
        return
    pointers = [item.number for item in summary.checklist if item.status == "session"]
    elsewhere = f"Each session’s own summary has {texts.listed(pointers)}." if pointers else ""
    yield Heading(level=2, text="Reporting checklist (ACCORD)")
    yield Paragraph(look="fine", text=(
        f"What the record says to {len(found)} of the {len(summary.checklist)} items of ACCORD (Gattrell and others, "
        f"PLOS Medicine 2024), in our own words.{f' {elsewhere}' if elsewhere else ''}"))
    yield Table(caption=_LETTERS, columns=("Item", "Topic", "Text"), words=frozenset(range(3)),
                rows=tuple((item.number, item.topic, text) for item, text in found))


def _answered(summary: Summary) -> list[tuple[ChecklistItem, str]]:
    """Items with the words that the record has for them, without what is asked of authors beside them. Versions that
    were published earlier have these questions in their stored text, where they stay."""
    told = []
    for item in summary.checklist:
        text = item.text.removesuffix(_ASKED.get(item.number, "")).strip()
        # A pointer to where the answer stands is none.
        if item.status not in ("authors", "session") and text:
            told.append((item, text))
    return told


def accord(summary: Summary) -> Iterator[Block]:
    """The whole checklist, with what is asked of the authors: for the page of a draft alone. Nothing for a summary that
    was published before it was kept."""
    if not summary.checklist:
        return
    yield Heading(level=2, text="Reporting checklist (ACCORD)")
    counts = {status: sum(item.status == status for item in summary.checklist) for status in STATUS_WORDS}
    apart = f"{counts['session']} stand in each session’s own summary, " if counts["session"] else ""
    yield Paragraph(look="fine", text=(
        f"The {len(summary.checklist)} items of ACCORD (Gattrell and others, PLOS Medicine 2024), in our own words. "
        f"{counts['record']} are filled from the record, {apart}{counts['draft']} are drafts that authors must edit, "
        f"and {counts['authors']} only the authors can write."))
    yield Table(
        caption=_LETTERS,
        columns=("Item", "Topic", "Status", "Text"), words=frozenset(range(4)),
        rows=tuple((item.number, item.topic, STATUS_WORDS[item.status], item.text) for item in summary.checklist))


def slides(summary: Summary) -> Iterator[Slide]:
    """The items that the record answers, with what it says in the notes."""
    found = _answered(summary)
    if found:
        table = Table(caption="What the record says to the ACCORD checklist.", columns=("Item", "Topic"),
                      rows=tuple((item.number, item.topic) for item, _ in found), words=frozenset(range(2)))
        yield Slide(title="Reporting checklist", blocks=(table,), notes="\n".join(
            f"{item.number} {item.topic}: {text}" for item, text in found))


def _rows(summary: Summary) -> Iterator[tuple[Any, ...]]:
    code = summary.documents[0].forum_session.code if len(summary.documents) == 1 else ""
    for item in summary.checklist:
        yield code, item.number, item.section, item.topic, item.status, item.text


CHECKLIST: DataTable[Summary] = DataTable(name="ACCORD", section="checklist", rows=_rows, columns=(
    SESSION, words("item", "Number of the item", 8), words("part", "Part of the article", 18),
    words("topic", "What the item is about", 36),
    words("status", "record: filled from the record; session: in each session's summary; draft: authors must edit; "
                    "authors: only they can write it", 10),
    words("text", "The text for the article", 100)))
