"""Reading the dates of an agenda in the many ways people print them."""

import re
from dataclasses import dataclass
from datetime import date

from sigforum.kernel.clock import FIRST_YEAR, LAST_YEAR, is_in_reach

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {name[:3]: number for name, number in _MONTH_NUMBERS.items()} | {"sept": 9}
_WEEKDAYS = {
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
}
_SILENT = {"of", "the", "from", "date", "dates", "when", ","}
_JOINERS = {"-", "–", "—", "−", "to", "&", "and", "/", "until"}
_TOKEN = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d+(?:st|nd|rd|th)?|[^\W\d_]+|[^\w\s]")
_LONGEST_DATE_LINE = 120
_MOST_DATE_WORDS = 9
_MOST_WORDS_BESIDE_A_DATE = 6


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day and month, and the year where it was printed."""

    month: int
    day: int
    year: int | None = None

    def in_year(self, year: int) -> date | None:
        """The date in a year, None where that year has no such day."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def full(self) -> date | None:
        """The date, None where the year was not printed."""
        return self.in_year(self.year) if self.year else None


@dataclass(frozen=True, slots=True)
class DateSpan:
    """One printed date or range, and what else stood on the line."""

    first: PartialDate
    last: PartialDate
    is_range: bool
    beside: str = ""


_Shape = tuple[str, tuple[str, ...]]


def read_dates(text: str) -> DateSpan | None:
    """The date or range that a line consists of, with at most a few words after it."""
    if len(text) > _LONGEST_DATE_LINE or not any(character.isdigit() for character in text):
        return None
    shapes, end = _leading_shapes(text)
    if shapes is None:
        return None
    beside = text[end:].strip(" ,;:|·()–—-")
    span = _span_of(shapes)
    if span is None or len(beside.split()) > _MOST_WORDS_BESIDE_A_DATE:
        return None
    if beside and span.last.year is None:
        return None
    return DateSpan(span.first, span.last, span.is_range, beside)


def wrong_weekday(text: str, day: date) -> str | None:
    """The day of the week that a line gives for a date, where that is not the date's own. A line that names several
    days of the week speaks of a range, whose first one counts."""
    found = next((word for word in re.findall(r"[^\W\d_]+", text.lower()) if word in _WEEKDAYS), None)
    own = f"{day:%A}"
    return None if found is None or own.lower().startswith(found[:3]) else found.capitalize()


def find_dates(text: str) -> DateSpan | None:
    """A date with its year anywhere in a short text, such as a title that ends in the date."""
    if len(text) > _LONGEST_DATE_LINE * 2:
        return None
    for match in _TOKEN.finditer(text):
        span = read_dates(text[match.start() :])
        if span is not None and span.last.year is not None:
            return span
    return None


def _leading_shapes(text: str) -> tuple[list[tuple[str, int | date]] | None, int]:
    """The date words that open a text as (letter, value), up to the first word that belongs to no date."""
    shapes: list[tuple[str, int | date]] = []
    end = 0
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if (
            word in _SILENT
            or word in _WEEKDAYS
            or (word in ":.()" and not shapes)
            or (word == "." and shapes)
        ):
            continue
        shape = _shape(word)
        if shape is None:
            break
        shapes.append(shape)
        if len(shapes) > _MOST_DATE_WORDS:
            return None, 0
        end = match.end()
    while shapes and shapes[-1][0] == "-":
        shapes.pop()
    return (shapes or None), end


def _shape(word: str) -> tuple[str, int | date] | None:
    if word in _JOINERS:
        return ("-", 0)
    if word in _MONTH_NUMBERS:
        return ("M", _MONTH_NUMBERS[word])
    if len(word) == 10 and word[4] == "-":
        return _whole(word[:4], word[5:7], word[8:])
    if "." in word:
        day, month, year = word.split(".")
        return _whole(year, month, day)
    digits = word.rstrip("stndrh")
    if not digits.isdigit():
        return None
    number = int(digits[:5])
    if len(digits) == 4 and digits == word:
        return ("Y", number) if FIRST_YEAR <= number <= LAST_YEAR else None
    return ("D", number) if 1 <= number <= 31 and len(digits) <= 2 else None


def _whole(year: str, month: str, day: str) -> tuple[str, int | date] | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return ("I", found) if is_in_reach(found) else None


def _span_of(shapes: list[tuple[str, int | date]]) -> DateSpan | None:
    """Put month and year where only one end of a range carries them."""
    pattern = "".join(letter for letter, _ in shapes)
    before, dash, after = pattern.partition("-")
    first = _one(before, shapes[: len(before)])
    if not dash:
        partial = _partial(first) if first else None
        return DateSpan(partial, partial, False) if partial else None
    last = _one(after, shapes[len(before) + 1 :])
    if first is None or last is None:
        return None
    filled_last = {**last, "M": last.get("M", first.get("M")), "Y": last.get("Y", first.get("Y"))}
    filled_first = {**first, "M": first.get("M", last.get("M")), "Y": first.get("Y", last.get("Y"))}
    start, end = _partial(filled_first), _partial(filled_last)
    if start is None or end is None:
        return None
    if "Y" not in first and end.year is not None and (start.month, start.day) > (end.month, end.day):
        start = PartialDate(start.month, start.day, end.year - 1)
    return DateSpan(start, end, True)


def _one(pattern: str, shapes: list[tuple[str, int | date]]) -> dict[str, int | None] | None:
    if pattern == "I" and isinstance(shapes[0][1], date):
        whole = shapes[0][1]
        return {"Y": whole.year, "M": whole.month, "D": whole.day}
    if pattern not in {"D", "DM", "MD", "DMY", "MDY", "DY", "YMD"}:
        return None
    return {letter: value for letter, value in shapes if isinstance(value, int)}


def _partial(parts: dict[str, int | None]) -> PartialDate | None:
    day, month, year = parts.get("D"), parts.get("M"), parts.get("Y")
    if day is None or month is None:
        return None
    found = PartialDate(month, day, year)
    return found if found.in_year(year or 2000) else None
