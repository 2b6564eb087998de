"""Reads what stands before the first day, slot or session: the title, the dates and the introduction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sigforum.agenda.importing.classifying import FURNITURE, Kind, Token
from sigforum.agenda.importing.dates import DateSpan, find_dates, read_dates
from sigforum.agenda.importing.lines import QUESTION_MARKS
from sigforum.agenda.importing.warning_list import WarningList, shortened

_LONGEST_MEETING_TITLE = 250
_SHORTEST_PROSE = 80
_FEWEST_PROSE_WORDS = 6
_NAMING = frozenset({Kind.TEXT, Kind.HEADING, Kind.NUMBERED})


@dataclass(slots=True)
class Preamble:
    """What the opening of an agenda says."""

    title: str = ""
    title_line: int = 1
    dates: DateSpan | None = None
    dates_line: int = 1
    dates_text: str = ""
    intro: str | None = None


def read_preamble(tokens: Sequence[Token], *, fallback_title: str | None, warnings: WarningList) -> Preamble:
    """The opening's title, dates and introduction; what is left over becomes a warning."""
    opening = Preamble()
    date_token = next((token for token in tokens if token.kind is Kind.DATES), None)
    title_token = _title_token(tokens, date_token=date_token, may_use_page_name=not fallback_title)
    if title_token is not None:
        opening.title, opening.title_line = title_token.text, title_token.number
    elif fallback_title:
        opening.title = fallback_title
    opening.dates = read_dates(date_token.text) if date_token else find_dates(opening.title)
    opening.dates_line = date_token.number if date_token else opening.title_line
    opening.dates_text = date_token.text if date_token else opening.title
    if date_token and opening.dates and opening.dates.beside:
        warnings.add(
            date_token.number, f"Beside the dates, '{shortened(opening.dates.beside)}' was not understood."
        )
    rest = [token for token in tokens if token is not title_token and token is not date_token]
    opening.intro = _intro(rest, title=opening.title, warnings=warnings)
    return opening


def _title_token(
    tokens: Sequence[Token], *, date_token: Token | None, may_use_page_name: bool
) -> Token | None:
    """The line that names the meeting.

    A pasted page repeats its own name in its header, so a line that stands there once is the better title;
    and the title stands before the dates where there are dates.
    """
    seen = Counter(token.text for token in tokens)
    brands = _brands(tokens)
    names = [
        token
        for token in tokens
        if token.kind in _NAMING
        and len(token.text) <= _LONGEST_MEETING_TITLE
        and not _is_brand_line(token, brands)
    ]
    if date_token is not None:
        names = [token for token in names if token.number < date_token.number] or names
    once = [token for token in names if seen[token.text] == 1] or names
    headings = [token for token in once if token.line.heading is not None]
    if headings:
        return min(headings, key=lambda token: token.line.heading or 0)
    if once and not (once[0].text.endswith(".") and len(once[0].text) >= _SHORTEST_PROSE):
        return once[0]
    page_names = [token for token in tokens if token.kind is Kind.PAGE_NAME]
    return page_names[0] if page_names and may_use_page_name else None


def _brands(tokens: Sequence[Token]) -> tuple[str, ...]:
    """What logo lines name: a page shows its brand again and again as the description of a picture."""
    return tuple({token.text[: -len(" logo")].lower() for token in tokens if token.kind is Kind.LOGO})


def _is_brand_line(token: Token, brands: tuple[str, ...]) -> bool:
    is_short = len(token.text) < _SHORTEST_PROSE and not token.text.endswith((".", "!", *QUESTION_MARKS))
    return is_short and token.text.lower().startswith(brands) if brands else False


def _intro(tokens: Sequence[Token], *, title: str, warnings: WarningList) -> str | None:
    brands = _brands(tokens)
    paragraphs: list[list[str]] = []
    previous: Token | None = None
    for token in tokens:
        is_known = token.kind in FURNITURE or token.text == title or _is_brand_line(token, brands)
        if is_known:
            previous = None
            continue
        if token.kind is not Kind.TEXT:
            what = "Heading" if token.kind is Kind.HEADING else "Line"
            warnings.add(
                token.number, f"{what} '{shortened(token.text)}' before the first session was not understood."
            )
            previous = None
            continue
        goes_on = (
            previous is not None and not token.line.follows_blank and token.number == previous.number + 1
        )
        if goes_on:
            paragraphs[-1].append(token.text)
        elif _is_prose(token):
            paragraphs.append([token.text])
        else:
            warnings.add(
                token.number, f"Line '{shortened(token.text)}' before the first session was not understood."
            )
            continue
        previous = token
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs) or None


def _is_prose(token: Token) -> bool:
    ends_a_sentence = (
        token.text.endswith((".", "!", ":", *QUESTION_MARKS)) and len(token.text.split()) >= _FEWEST_PROSE_WORDS
    )
    return len(token.text) >= _SHORTEST_PROSE or ends_a_sentence
