"""What every agenda is brought to, whichever format it was read from: titles in one line, codes that can be typed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sigforum.agenda.domain import AgendaPlan, DayPlan, Faq, ForumSessionPlan, SlotPlan
from sigforum.kernel.text import code, one_line, paragraphs


def clean_code(raw: str) -> str:
    """A session's code as people read it to each other and as it stands in addresses; empty where nothing is seen."""
    return one_line(code(raw))


def clean_plan(plan: AgendaPlan) -> AgendaPlan:
    """The agenda with every text as the rest of the product takes it for one line, or for paragraphs."""
    return replace(plan, title=one_line(plan.title), intro=_or_none(plan.intro, paragraphs),
                   days=tuple(map(_day, plan.days)), faqs=tuple(map(_faq, plan.faqs)))


def _day(day: DayPlan) -> DayPlan:
    return replace(day, label=one_line(day.label), slots=tuple(map(_slot, day.slots)))


def _slot(slot: SlotPlan) -> SlotPlan:
    return replace(slot, title=one_line(slot.title), forum_sessions=tuple(map(_forum_session, slot.forum_sessions)))


def _forum_session(found: ForumSessionPlan) -> ForumSessionPlan:
    line = partial(_or_none, clean=one_line)
    return replace(
        found, code=clean_code(found.code), title=one_line(found.title), theme=line(found.theme),
        modality=line(found.modality), modalities=tuple(filter(None, map(one_line, found.modalities))),
        central_question=line(found.central_question), questions=tuple(map(one_line, found.questions)))


def _faq(faq: Faq) -> Faq:
    return replace(faq, question=one_line(faq.question), answer=_or_none(faq.answer, paragraphs))


def _or_none(text: str | None, clean: Callable[[str], str]) -> str | None:
    return None if text is None else clean(text)
