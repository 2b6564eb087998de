"""Puts classified lines together into an agenda: the one reader behind plain text, Markdown and HTML."""

import re
from collections.abc import Callable, Iterable

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.classifying import FURNITURE, STRUCTURE, Kind, Token, classify
from sigforum.agenda.importing.dates import read_dates
from sigforum.agenda.importing.drafts import DayDraft, ForumSessionDraft, Passage, SlotDraft
from sigforum.agenda.importing.finishing import finish
from sigforum.agenda.importing.frequent_questions import FaqReader
from sigforum.agenda.importing.lines import QUESTION_MARKS, SourceLine
from sigforum.agenda.importing.preamble import Preamble, read_preamble
from sigforum.agenda.importing.resolving import resolve
from sigforum.agenda.importing.warning_list import WarningList, shortened

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_LABEL = re.compile(r"\b(theme|modalit)(?:s|y|ies)?\s*:", re.IGNORECASE)


def assemble(lines: Iterable[SourceLine], *, fallback_title: str | None = None) -> AgendaPlan:
    """The agenda that the lines describe; raises AgendaUnreadable where they hold no forum session."""
    tokens = resolve([classify(line) for line in lines])
    begin = _end_of_preamble(tokens)
    warnings = WarningList()
    opening = read_preamble(tokens[:begin], fallback_title=fallback_title, warnings=warnings)
    reader = _BodyReader(opening, warnings)
    for token in tokens[begin:]:
        reader.read(token)
    reader.close_left_out()
    return finish(opening, days=reader.days, faqs=reader.faqs.found, warnings=warnings)


def _end_of_preamble(tokens: list[Token]) -> int:
    """The index of the first structural line, or of a date that heads a day."""
    dates_seen = 0
    for index, token in enumerate(tokens):
        if token.kind in STRUCTURE:
            return index
        if token.kind is Kind.DATES:
            dates_seen += 1
            span = read_dates(token.text)
            is_day_heading = (token.line.heading or 0) > 1 and span is not None and not span.is_range
            if dates_seen > 1 or is_day_heading:
                return index
    return len(tokens)


class _BodyReader:
    """Reads days, slots, forum sessions and questions from the first structural line on."""

    def __init__(self, opening: Preamble, warnings: WarningList) -> None:
        self.days: list[DayDraft] = []
        self.faqs = FaqReader(warnings)
        self._opening = opening
        self._warnings = warnings
        self._forum_session: ForumSessionDraft | None = None
        self._is_in_faqs = False
        self._open: Passage | None = None
        self._open_end = 0
        self._left_out: Token | None = None
        self._left_out_lines = 0
        self._handlers: dict[Kind, Callable[[Token], None]] = {
            Kind.DAY: self._read_day,
            Kind.SLOT: self._read_slot,
            Kind.FORUM_SESSION: self._read_forum_session,
            Kind.LABELS: self._read_labels,
            Kind.CENTRAL: self._read_central,
            Kind.BULLET: self._read_question,
            Kind.FAQS: self._read_faqs_heading,
            Kind.DATES: self._read_dates,
            Kind.HEADING: self._read_heading,
            Kind.TEXT: self._read_text,
        }

    def read(self, token: Token) -> None:
        if token.kind in FURNITURE:
            return
        if self._is_in_faqs and token.kind not in STRUCTURE and self.faqs.read(token):
            return
        if (
            self._left_out is not None
            and token.kind not in STRUCTURE
            and token.kind not in {Kind.HEADING, Kind.DATES}
        ):
            self._left_out_lines += 1
            return
        self._handlers[token.kind](token)

    def close_left_out(self) -> None:
        """Say once how much an unknown heading took with it."""
        if self._left_out is not None:
            under = f"; {self._left_out_lines} lines under it are left out" if self._left_out_lines else ""
            heading = shortened(self._left_out.text)
            self._warnings.add(self._left_out.number, f"Heading '{heading}' was not understood{under}.")
        self._left_out, self._left_out_lines = None, 0

    def _begin_structure(self) -> None:
        self.close_left_out()
        self._is_in_faqs = False
        self._forum_session = None
        self._open = None

    def _read_day(self, token: Token) -> None:
        self._begin_structure()
        _, _, rest = token.text.partition(_separator_of_day(token.text))
        span = read_dates(rest)
        day = DayDraft(token.text, token.number, printed=span.first if span else None)
        self.days.append(day)

    def _read_dates(self, token: Token) -> None:
        span = read_dates(token.text)
        day = self.days[-1] if self.days else None
        if span is None or (span.is_range and span == self._opening.dates):
            return
        if span.is_range:
            self._warn_unknown(token)
        elif day is not None and not day.slots and day.printed is None:
            day.printed, day.printed_text = span.first, token.text
        else:
            self._begin_structure()
            self.days.append(DayDraft(token.text, token.number, printed=span.first))

    def _read_slot(self, token: Token) -> None:
        self._begin_structure()
        code = (token.code or "").upper()
        number = int(code) if code.isdigit() else _ROMAN.get(code)
        title = token.title if number is not None else token.text
        self._day(token.number).slots.append(SlotDraft(number, title, token.number))

    def _read_forum_session(self, token: Token) -> None:
        self._begin_structure()
        title = token.title if token.title or token.code else token.text
        day = self._day(token.number)
        if not day.slots:
            day.slots.append(SlotDraft(None, "", token.number))
        self._forum_session = ForumSessionDraft(token.code, Passage([title], token.number))
        day.slots[-1].forum_sessions.append(self._forum_session)
        self._keep_open(self._forum_session.title, token)

    def _read_labels(self, token: Token) -> None:
        forum_session = self._forum_session
        if forum_session is None:
            self._warn_unknown(token)
            return
        if token.line.is_bullet and forum_session.questions and token.text.endswith(QUESTION_MARKS):
            self._add_question(forum_session, token.text, token)
            return
        found = list(_LABEL.finditer(token.text))
        for index, label in enumerate(found):
            is_last = index + 1 == len(found)
            printed = token.text[label.end() : None if is_last else found[index + 1].start()]
            value, _, extra = printed.strip(" |·" if is_last else " |·;,•–—").partition("|")
            if extra:
                self._warnings.add(token.number, f"'{shortened(extra.strip())}' was not understood.")
            passage = Passage([value.strip()], token.number)
            is_theme = label.group(1).lower() == "theme"
            if (forum_session.theme if is_theme else forum_session.modality) is not None:
                self._warnings.add(
                    token.number, f"'{shortened(label.group())}' stands here a second time; the first counts."
                )
                continue
            if is_theme:
                forum_session.theme = passage
            else:
                forum_session.modality = passage
            self._keep_open(passage, token)

    def _read_central(self, token: Token) -> None:
        forum_session = self._forum_session
        if forum_session is None:
            self._warn_unknown(token)
        elif forum_session.central is not None:
            self._warnings.add(token.number, "A second central question; it is kept as a question.")
            self._add_question(forum_session, token.text if token.line.is_bullet else token.title, token)
        else:
            forum_session.central = Passage([token.title], token.number)
            self._keep_open(forum_session.central, token)

    def _read_question(self, token: Token) -> None:
        forum_session = self._forum_session
        if forum_session is None:
            self._warn_unknown(token)
        elif forum_session.central is not None and not forum_session.central.text:
            forum_session.central.parts.append(token.title)
            self._keep_open(forum_session.central, token)
        else:
            self._add_question(forum_session, token.title, token)

    def _read_text(self, token: Token) -> None:
        forum_session = self._forum_session
        if self._goes_on(token) and self._open is not None:
            self._open.parts.append(token.text)
            self._open_end = token.number
        elif forum_session is not None and not forum_session.title.text:
            forum_session.title.parts.append(token.text)
        elif (
            forum_session is not None and forum_session.central is not None and not forum_session.central.text
        ):
            forum_session.central.parts.append(token.text)
            self._keep_open(forum_session.central, token)
        elif forum_session is not None and forum_session.is_begun and token.text.endswith(QUESTION_MARKS):
            self._add_question(forum_session, token.text, token)
        else:
            self._warn_unknown(token)

    def _read_faqs_heading(self, token: Token) -> None:
        self._begin_structure()
        self._is_in_faqs = True
        self.faqs.begin(token)

    def _read_heading(self, token: Token) -> None:
        if token.text == self._opening.title:
            return
        self._begin_structure()
        self._left_out = token

    def _add_question(self, forum_session: ForumSessionDraft, text: str, token: Token) -> None:
        question = Passage([text], token.number)
        forum_session.questions.append(question)
        self._keep_open(question, token)

    def _keep_open(self, passage: Passage, token: Token) -> None:
        self._open, self._open_end = passage, token.number

    def _goes_on(self, token: Token) -> bool:
        """Whether a line carries on the passage above it, as in a text whose lines were wrapped."""
        if self._open is None or token.line.follows_blank or token.number != self._open_end + 1:
            return False
        forum_session = self._forum_session
        is_question = forum_session is not None and (
            self._open is forum_session.central
            or any(self._open is each for each in forum_session.questions[-1:])
        )
        if is_question:
            return token.line.is_indented or not self._open.text.endswith(QUESTION_MARKS)
        return token.text[:1].islower()

    def _day(self, line: int) -> DayDraft:
        if not self.days:
            self.days.append(DayDraft("", line))
        return self.days[-1]

    def _warn_unknown(self, token: Token) -> None:
        self._warnings.add(token.number, f"'{shortened(token.text)}' was not understood and is left out.")


def _separator_of_day(label: str) -> str:
    found = re.search(r"[,:.(|–—-]", label)
    return found.group() if found else "\0"
