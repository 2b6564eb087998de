"""Completes an agenda by what is stored already: what a newer agenda does not mention stays as it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from sigforum.agenda.domain import AgendaPlan, DayPlan, Faq, ForumSessionPlan
from sigforum.agenda.importing.matching import normalised
from sigforum.agenda.importing.pairing import pair_days, pair_faqs
from sigforum.agenda.importing.placing import place_sessions

T = TypeVar("T", str, str | None)
# A stored forum session as a plan, by the code that the newer agenda gives it.
Stored = Mapping[str, ForumSessionPlan]


def complete(plan: AgendaPlan, *, stored: AgendaPlan, matched: Stored, wordings: Iterable[str]) -> AgendaPlan:
    """The whole agenda that the meeting will have when `plan` is imported over `stored`, whose questions are worded
    as in `wordings`, those that are off the agenda included.

    A title, dates, an introduction, frequently asked questions, days, slots, and of each forum session the theme, the
    modality, the central question and the questions: each of these stays where the newer agenda says nothing of it.
    Words that differ from the stored ones only in what nobody can see stay as they are stored, too.
    """
    start, end = _dates(plan, stored)
    asked = {normalised(words) for placed in plan.forum_sessions for words in _words(placed.forum_session)}
    kept = {normalised(words): words for words in wordings}
    codes_before = {code: found.code for code, found in matched.items()}
    days = place_sessions(plan, stored=stored, codes_before=codes_before)
    pairs = pair_days(stored.days, days, codes_before=codes_before)
    return AgendaPlan(
        title=_text(plan.title, stored.title), start=start, end=end, intro=_text(plan.intro, stored.intro),
        days=tuple(_day(day, stored.days[pairs[index]] if index in pairs else None, start=start, end=end,
                        complete_session=lambda one: _forum_session(one, matched.get(one.code), asked=asked, kept=kept))
                   for index, day in enumerate(days)),
        faqs=_faqs(plan.faqs, stored.faqs), warnings=plan.warnings)


def _words(forum_session: ForumSessionPlan) -> Iterable[str]:
    return (*((forum_session.central_question,) if forum_session.central_question else ()), *forum_session.questions)


def _text(new: T, old: T) -> T:
    """The newer text, unless it says nothing, or nothing else than the stored one."""
    return old if not new or (old and normalised(new) == normalised(old)) else new


def _dates(plan: AgendaPlan, stored: AgendaPlan) -> tuple[date | None, date | None]:
    start, end = plan.start or stored.start, plan.end or stored.end
    if start and end and end < start:
        # Only one end of them is mentioned, and the other cannot stay.
        return (start, start) if plan.start else (end, end)
    return start, end


def _day(day: DayPlan, old: DayPlan | None, *, start: date | None, end: date | None,
         complete_session: Callable[[ForumSessionPlan], ForumSessionPlan]) -> DayPlan:
    slots = tuple(replace(slot, forum_sessions=tuple(complete_session(one) for one in slot.forum_sessions))
                  for slot in day.slots)
    label = _text(day.label, old.label) if old else day.label
    return DayPlan(label, day.date or _date_of(day, old, start=start, end=end), slots)


def _date_of(day: DayPlan, old: DayPlan | None, *, start: date | None, end: date | None) -> date | None:
    """A date that the newer agenda prints without its year, or does not print at all."""
    stays = old.date if old else None
    if day.printed is None or (stays and (stays.month, stays.day) == day.printed):
        return stays
    candidates = []
    for year in sorted({one.year for one in (start, end, stays) if one}):
        try:
            candidates.append(date(year, *day.printed))
        except ValueError:
            continue
    within = [one for one in candidates if start and end and start <= one <= end]
    return next(iter(within or candidates), None)


def _forum_session(new: ForumSessionPlan, old: ForumSessionPlan | None, *, asked: set[str],
                   kept: Mapping[str, str]) -> ForumSessionPlan:
    central = kept.get(normalised(new.central_question), new.central_question) if new.central_question else None
    questions = tuple(kept.get(normalised(words), words) for words in new.questions)
    if old is None:
        return replace(new, central_question=central, questions=questions)
    if central is None and old.central_question and normalised(old.central_question) not in asked:
        central = old.central_question
    if not questions:
        # What is asked elsewhere now has moved there.
        questions = tuple(words for words in old.questions if normalised(words) not in asked)
    modality = _text(new.modality, old.modality)
    says_modality = bool(new.modality) and modality != old.modality
    return replace(
        new, title=_text(new.title, old.title), theme=_text(new.theme, old.theme), modality=modality,
        modalities=new.modalities if says_modality or new.modalities else old.modalities,
        central_question=central, questions=questions)


def _faqs(new: Sequence[Faq], old: Sequence[Faq]) -> tuple[Faq, ...]:
    if not new:
        return tuple(old)
    pairs = pair_faqs(old, new)
    return tuple(
        Faq(_text(faq.question, old[pairs[index]].question), _text(faq.answer, old[pairs[index]].answer))
        if index in pairs else faq for index, faq in enumerate(new))

