"""What a newer agenda changes beside forum sessions and questions: the meeting itself, days, slots, order, FAQs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sigforum.agenda.domain import AgendaPlan, DayPlan, Faq, ForumSessionPlan
from sigforum.agenda.importing.changes import DetailChange, Verb
from sigforum.agenda.importing.pairing import pair_days, pair_faqs


def detail_changes(before: AgendaPlan, after: AgendaPlan, *,
                   codes_before: Mapping[str, str]) -> tuple[DetailChange, ...]:
    """All that differs between two whole agendas beside what is told of forum sessions and questions.

    `codes_before` gives the stored code of each forum session that goes on, by its code in the newer agenda.
    """
    return tuple(chain(
        _values("title", before.title, after.title), _values("introduction", before.intro, after.intro),
        _values("first day", before.start, after.start), _values("last day", before.end, after.end),
        _days(before.days, after.days, codes_before), _slots(before.days, after.days),
        _modalities(before, after, codes_before), _session_order(before, after, codes_before),
        _faqs(before.faqs, after.faqs)))


def _values(what: str, before: object, after: object) -> Iterator[DetailChange]:
    old, new = (str(value) if value else None for value in (before, after))
    if old != new:
        verb: Verb = "changed" if old and new else "added" if new else "removed"
        yield DetailChange(what, verb, old, new)


def _days(before: Sequence[DayPlan], after: Sequence[DayPlan],
          codes_before: Mapping[str, str]) -> Iterator[DetailChange]:
    pairs = pair_days(before, after, codes_before=codes_before)
    for index, day in enumerate(after):
        if index not in pairs:
            yield DetailChange("day", "added", None, day_words(day))
            continue
        old = before[pairs[index]]
        name = old.label or f"day {pairs[index] + 1}"
        yield from _values(f"name of {name}", old.label, day.label)
        yield from _values(f"date of {name}", old.date, day.date)
    for index, day in enumerate(before):
        if index not in pairs.values():
            yield DetailChange("day", "removed", day_words(day), None)
    yield from _order("days", [pairs[index] for index in sorted(pairs)], [day_words(day) for day in before])


def day_words(day: DayPlan) -> str:
    """A day by its name and date."""
    return ", ".join(filter(None, (day.label or "a day without a name", str(day.date) if day.date else "")))


def _slots(before: Sequence[DayPlan], after: Sequence[DayPlan]) -> Iterator[DetailChange]:
    """Slots without a forum session; those with one are told of with their sessions."""
    lists = [[", ".join(filter(None, (day.label, f"slot {slot.number}" if slot.number is not None else "", slot.title)))
              for day in days for slot in day.slots if not slot.forum_sessions] for days in (before, after)]
    for verb, here, there in (("removed", 0, 1), ("added", 1, 0)):
        rest = list(lists[there])
        for name in lists[here]:
            if name in rest:
                rest.remove(name)
            elif verb == "removed":
                yield DetailChange("slot without a session", "removed", name, None)
            else:
                yield DetailChange("slot without a session", "added", None, name)


def _modalities(before: AgendaPlan, after: AgendaPlan, codes_before: Mapping[str, str]) -> Iterator[DetailChange]:
    old = _by_code(before)
    for code, new in _by_code(after).items():
        stood = old.get(codes_before.get(code, ""))
        if stood is not None:
            yield from _values(f"modality tags of session {code}", ", ".join(stood.modalities),
                               ", ".join(new.modalities))


def _by_code(plan: AgendaPlan) -> dict[str, ForumSessionPlan]:
    return {placed.forum_session.code: placed.forum_session for placed in plan.forum_sessions}


def _session_order(before: AgendaPlan, after: AgendaPlan, codes_before: Mapping[str, str]) -> Iterator[DetailChange]:
    codes = list(_by_code(before))
    places = [codes.index(codes_before[code]) for code in _by_code(after) if codes_before.get(code) in codes]
    yield from _order("sessions", places, codes)


def _faqs(before: Sequence[Faq], after: Sequence[Faq]) -> Iterator[DetailChange]:
    pairs = pair_faqs(before, after)
    for index, faq in enumerate(after):
        if index not in pairs:
            yield DetailChange("FAQ", "added", None, faq_words(faq))
            continue
        old = before[pairs[index]]
        yield from _values("FAQ", old.question, faq.question)
        yield from _values(f"answer to “{faq.question}”", old.answer, faq.answer)
    for index, faq in enumerate(before):
        if index not in pairs.values():
            yield DetailChange("FAQ", "removed", faq_words(faq), None)
    yield from _order("FAQs", [pairs[index] for index in sorted(pairs)], [faq.question for faq in before])


def faq_words(faq: Faq) -> str:
    """A frequently asked question with its answer."""
    return f"{faq.question} {faq.answer}" if faq.answer else faq.question


def _order(what: str, places: Sequence[int], names: Sequence[str]) -> Iterator[DetailChange]:
    """Whether what stays stands in another order; `places` are where it stood, in the newer order."""
    if list(places) != sorted(places):
        yield DetailChange(f"order of {what}", "changed", "; ".join(names[place] for place in sorted(places)),
                           "; ".join(names[place] for place in places))
