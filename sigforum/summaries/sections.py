"""The sections of a report in their order; every format walks these lists, so that a section is written once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic

from sigforum.summaries import accord, groups_outline, lines_outline, method_outline, outline, synthesis_outline
from sigforum.summaries.blocks import Block, Heading, Slide
from sigforum.summaries.columns import DataTable, Read
from sigforum.summaries.document.summary import MeetingSummary, Summary, SummaryDocument
from sigforum.summaries.domain import SESSION_KEY
from sigforum.summaries.line_tables import LINE_TABLES


def _no_slides(_summary: Summary) -> Iterator[Slide]:
    yield from ()


@dataclass(frozen=True, kw_only=True)
class Section(Generic[Read]):
    """One section. `blocks` are its words in every format; it begins with a heading of level 2, and a section without
    blocks is left out. `template` is an HTML fragment of its own for what blocks would say less well."""

    name: str
    blocks: Callable[[Read], Iterator[Block]]
    template: str = ""
    tables: tuple[DataTable[Read], ...] = ()
    slides: Callable[[Read], Iterator[Slide]] = _no_slides


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section about to be printed; its blocks are made when they are asked for."""

    section: Section[Any]
    about: Summary

    @property
    def template(self) -> str:
        """The HTML fragment of its own, if it has one."""
        return self.section.template

    @property
    def blocks(self) -> list[Block]:
        """Its blocks; none where there is nothing to say."""
        return list(self.section.blocks(self.about))


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """What stands under one heading of level 1: a forum session, or something about the whole meeting."""

    title: str
    key: str
    parts: tuple[Part, ...]
    document: SummaryDocument | None = None

    @property
    def blocks(self) -> Iterator[Block]:
        """Everything in reading order."""
        if self.document is not None:
            yield from outline.head(self.document, key=self.key)
        else:
            yield Heading(level=1, text=self.title, key=self.key)
        for part in self.parts:
            yield from part.blocks


# What is said of each forum session.
SECTIONS: tuple[Section[SummaryDocument], ...] = (
    Section(name="findings", blocks=lines_outline.findings, tables=LINE_TABLES, slides=lines_outline.slides),
    Section(name="polls", blocks=outline.polls, template="summaries/_polls.html"),
    Section(name="groups", blocks=groups_outline.groups, tables=(groups_outline.GROUP_TABLE,)),
    Section(name="priorities", blocks=outline.priorities, template="summaries/_priorities.html"),
    Section(name="questions", blocks=outline.questions, template="summaries/_discussion.html"),
    Section(name="participation", blocks=outline.participation, template="summaries/_participation.html"),
    Section(name="method", blocks=method_outline.method, tables=(method_outline.ANSWERS,),
            slides=method_outline.slides),
    Section(name="provenance", blocks=outline.provenance, template="summaries/_provenance.html"),
)
# What a report of the whole meeting begins with.
MEETING_SECTIONS: tuple[Section[MeetingSummary], ...] = (
    Section(name="themes", blocks=synthesis_outline.themes, tables=(synthesis_outline.THEMES,),
            slides=synthesis_outline.theme_slides),
    Section(name="priorities", blocks=synthesis_outline.priorities, tables=(synthesis_outline.PRIORITIES,),
            slides=synthesis_outline.priority_slides),
    Section(name="contradictions", blocks=synthesis_outline.contradictions, tables=(synthesis_outline.PAIRS,),
            slides=synthesis_outline.contradiction_slides),
    Section(name="participation", blocks=synthesis_outline.participation, tables=(synthesis_outline.PRESENCE,),
            slides=synthesis_outline.participation_slides),
)
# What every report ends with, once, whether it is of one forum session or of all.
CLOSING_SECTIONS: tuple[Section[Summary], ...] = (
    Section(name="checklist", blocks=accord.reported, tables=(accord.CHECKLIST,), slides=accord.slides),
)
# The same on the page of a draft, which asks its authors for what is missing.
ASKING_SECTIONS: tuple[Section[Summary], ...] = (Section(name="checklist", blocks=accord.accord),)


def chapters(summary: Summary, *, is_page: bool = False) -> list[Chapter]:
    """The report from its first chapter to its last; chapters without a word are left out. The page of what is not
    published yet (`is_page`) asks its authors for what is missing; no file does, and nothing that is published."""
    is_asking = is_page and not all(document.is_frozen for document in summary.documents)
    closing = ASKING_SECTIONS if is_asking else CLOSING_SECTIONS
    if isinstance(summary, SummaryDocument):
        return [_session_chapter(summary, closing=closing)]
    found = [
        Chapter(title="Across all sessions", key="meeting", parts=_parts(MEETING_SECTIONS, summary)),
        *(_session_chapter(document, key=f"{SESSION_KEY}-{place}")
          for place, document in enumerate(summary.documents, start=1)),
        Chapter(title="Reporting", key="reporting", parts=_parts(closing, summary))]
    return [chapter for chapter in found if chapter.document or any(part.blocks for part in chapter.parts)]


def data_tables(summary: Summary) -> Iterator[tuple[DataTable[Any], list[tuple[Any, ...]]]]:
    """Every table for programs that a section brings, with its rows."""
    for section in SECTIONS:
        for table in section.tables:
            yield table, [row for document in summary.documents for row in table.rows(document)]
    for closing in CLOSING_SECTIONS:
        for last in closing.tables:
            yield last, list(last.rows(summary))
    if isinstance(summary, MeetingSummary):
        for whole in MEETING_SECTIONS:
            for first in whole.tables:
                yield first, list(first.rows(summary))


def _session_chapter(document: SummaryDocument, *, key: str = SESSION_KEY,
                     closing: tuple[Section[Summary], ...] = ()) -> Chapter:
    return Chapter(title=document.title, key=key, document=document,
                   parts=_parts(SECTIONS, document) + _parts(closing, document))


def _parts(sections: tuple[Section[Any], ...], about: Summary) -> tuple[Part, ...]:
    return tuple(Part(section=section, about=about) for section in sections)
