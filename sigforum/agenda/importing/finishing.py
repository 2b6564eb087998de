"""Completes an agenda whose lines are all read: dates, codes, and what an organizer should look at."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import count

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.dates import PartialDate, wrong_weekday
from sigforum.agenda.importing.drafts import DayDraft, FaqDraft, ForumSessionDraft, SlotDraft
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.lines import QUESTION_MARKS
from sigforum.agenda.importing.preamble import Preamble
from sigforum.agenda.importing.warning_list import WarningList, shortened

NO_SESSION = (
    "No forum session was found. A session begins with a line such as '1A. Title', with its theme, "
    "its central question and its questions below."
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def finish(
    opening: Preamble, *, days: list[DayDraft], faqs: list[FaqDraft], warnings: WarningList
) -> AgendaPlan:
    """The finished plan; raises AgendaUnreadable without a forum session and for a code used twice."""
    forum_sessions = [each for day in days for slot in day.slots for each in slot.forum_sessions]
    if not forum_sessions:
        raise AgendaUnreadable(NO_SESSION)
    refuse_repeated_codes((each.code, each.line) for each in forum_sessions)
    _derive_codes(days, warnings=warnings)
    start, end = _meeting_dates(opening, warnings=warnings)
    for day in days:
        _date_day(day, start=start, end=end, warnings=warnings)
    _review_slots([slot for day in days for slot in day.slots], warnings=warnings)
    _review_sessions(forum_sessions, warnings=warnings)
    if not opening.title:
        warnings.add(1, "The agenda has no title.")
    return AgendaPlan(
        title=opening.title,
        start=start,
        end=end,
        intro=opening.intro,
        days=tuple(day.plan() for day in days),
        faqs=tuple(faq.plan() for faq in faqs),
        warnings=warnings.as_tuple(),
    )


def refuse_repeated_codes(codes: Iterator[tuple[str | None, int]]) -> None:
    """Two forum sessions under one code could not be told apart; letter case does not count."""
    first_lines: dict[str, int] = {}
    for code, line in codes:
        if code is None:
            continue
        if code.casefold() in first_lines:
            first = first_lines[code.casefold()]
            raise AgendaUnreadable(
                f"The session code {code} is already used on line {first}; "
                "every session needs a code of its own.",
                line,
            )
        first_lines[code.casefold()] = line


def warn_repeated_questions(questions: Iterator[tuple[str, int]], *, warnings: WarningList) -> None:
    """Say where a question repeats an earlier one; both are kept."""
    first_lines: dict[str, int] = {}
    for wording, line in questions:
        key = " ".join(wording.split()).casefold()
        first = first_lines.setdefault(key, line)
        if first != line:
            warnings.add(
                line, f"The question '{shortened(wording)}' stands already on line {first}; both are kept."
            )


def _derive_codes(days: list[DayDraft], *, warnings: WarningList) -> None:
    """Give every session without a printed code the one its place suggests: slot number and letter."""
    slots = [slot for day in days for slot in day.slots]
    taken = {each.code.casefold() for slot in slots for each in slot.forum_sessions if each.code}
    for place, slot in enumerate(slots, 1):
        number = slot.number if slot.number is not None else place
        for index, forum_session in enumerate(slot.forum_sessions):
            if forum_session.code is not None:
                continue
            code = next(each for each in _codes_from(number, index) if each.casefold() not in taken)
            forum_session.code = code
            taken.add(code.casefold())
            title = shortened(forum_session.title.text)
            message = f"The session '{title}' has no code; it is called {code} after its place."
            warnings.add(forum_session.line, message)


def _codes_from(number: int, index: int) -> Iterator[str]:
    """The codes of a slot from one place on: letters first, then numbers without end."""
    yield from (f"{number}{letter}" for letter in _LETTERS[index:])
    yield from (f"{number}-{beyond}" for beyond in count(max(index, len(_LETTERS)) + 1))


def _meeting_dates(opening: Preamble, *, warnings: WarningList) -> tuple[date | None, date | None]:
    span = opening.dates
    if span is None:
        warnings.add(opening.title_line, "No meeting dates were found.")
        return None, None
    start, end = span.first.full(), span.last.full()
    if start is None or end is None:
        warnings.add(opening.title_line, "The meeting dates have no year, so they stay unknown.")
        return None, None
    if end < start:
        warnings.add(opening.title_line, "The meeting ends before it starts; its dates stay unknown.")
        return None, None
    _review_weekday(opening.dates_text, start, line=opening.dates_line, warnings=warnings)
    return start, end


def _date_day(day: DayDraft, *, start: date | None, end: date | None, warnings: WarningList) -> None:
    if day.printed is None:
        return
    day.date = day.printed.full() or _within(day.printed, start=start, end=end)
    if day.date is None:
        reason = "lies outside the meeting's dates" if start else "has no year"
        warnings.add(day.line, f"The date of '{shortened(day.label)}' {reason}, so it stays unknown.")
    elif start and end and not start <= day.date <= end:
        warnings.add(day.line, f"'{shortened(day.label)}' lies outside the meeting's dates.")
    if day.date is not None:
        _review_weekday(day.printed_text or day.label, day.date, line=day.line, warnings=warnings)


def _review_weekday(text: str, day: date, *, line: int, warnings: WarningList) -> None:
    """Say where a date and the day of the week beside it contradict each other: one of them is wrong."""
    wrong = wrong_weekday(text, day)
    if wrong:
        warnings.add(line, f"{day.day} {day:%B %Y} is a {day:%A}, but '{shortened(text)}' says {wrong}. "
                           "The date counts; mend the one that is wrong.")


def _within(printed: PartialDate, *, start: date | None, end: date | None) -> date | None:
    if start is None or end is None:
        return None
    for year in {start.year, end.year}:
        candidate = printed.in_year(year)
        if candidate is not None and start <= candidate <= end:
            return candidate
    return None


def _review_slots(slots: list[SlotDraft], *, warnings: WarningList) -> None:
    numbers = Counter(slot.number for slot in slots if slot.number is not None)
    for slot in slots:
        name = shortened(slot.title) or f"number {slot.number}"
        if not slot.forum_sessions:
            warnings.add(slot.line, f"The slot '{name}' has no session.")
        if slot.number is not None and numbers[slot.number] > 1:
            warnings.add(slot.line, f"The slot number {slot.number} is used more than once.")


def _review_sessions(forum_sessions: list[ForumSessionDraft], *, warnings: WarningList) -> None:
    some_have_themes = any(each.theme for each in forum_sessions)
    for each in forum_sessions:
        if not each.title.text:
            warnings.add(each.line, f"Session {each.code} has no title.")
        if some_have_themes and not each.theme:
            warnings.add(each.line, f"Session {each.code} has no theme.")
        if not (each.central and each.central.text):
            warnings.add(each.line, f"Session {each.code} has no central question.")
        if not each.questions:
            warnings.add(each.line, f"Session {each.code} has no questions besides the central one.")
        for question in each.questions:
            if not question.text.endswith(QUESTION_MARKS):
                warnings.add(
                    question.line,
                    f"'{shortened(question.text)}' is read as a question of session {each.code} "
                    "although it has no question mark.",
                )
    wordings = [
        (passage.text, passage.line)
        for each in forum_sessions
        for passage in ([each.central] if each.central and each.central.text else []) + each.questions
    ]
    warn_repeated_questions(iter(wordings), warnings=warnings)
