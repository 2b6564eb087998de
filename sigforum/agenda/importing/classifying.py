"""Says what one source line is, looking at nothing but that line."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from sigforum.agenda.importing.dates import read_dates
from sigforum.agenda.importing.lines import SourceLine

LONGEST_TITLE = 300
_LONGEST_LINE = 5_000

# A point or colon after a code may touch the title; a hyphen needs room, so that "3D-printing" stays a word.
_MARK = r"(?:[.:)|]\s*|\s+[-–—|]\s+|[–—]\s*)"
_DAY = re.compile(r"day\s+(?:\d{1,2}|one|two|three|four|five|six|seven)\b\s*(?:$|[,:.(|–—-])", re.IGNORECASE)
_SLOT = re.compile(
    rf"(?:slot|block|part|track|stream)\s+(\d{{1,3}}|[IVX]{{1,5}}|[A-H])\s*(?:$|{_MARK})(.*)$", re.IGNORECASE
)
_NAMED_SESSION = re.compile(
    rf"(?:forum\s+)?(?:session|panel|workshop|breakout|roundtable)\s+"
    rf"([A-Z]{{0,3}}-?\d{{1,3}}(?:\.\d{{1,2}})?[A-Z]?|[A-Z])\s*(?:$|{_MARK})(.*)$",
    re.IGNORECASE,
)
_UNNUMBERED_SESSION = re.compile(r"(?:forum\s+)?session\s*[:–—]\s*(\S.*)$", re.IGNORECASE)
_CODED_SESSIONS = (
    re.compile(rf"(\d{{1,2}}[A-Za-z]){_MARK}(?!m\b)(\S.*)$"),
    re.compile(rf"((?!Q\d)[A-Z]{{1,3}}-?\d{{1,3}}[a-z]?){_MARK}(\S.*)$"),
    re.compile(rf"(\d{{1,2}}\.(?!(?:00|15|30|45)\b)\d{{1,2}})(?:{_MARK}|\s+)([A-Z\"“'‘].*)$"),
)
_CODED_HEADING = re.compile(r"(\d{1,2}[A-Z]|[A-Z]{1,2}\d{1,2})\s+(\S.*)$")
_NUMBERED = re.compile(r"(\d{1,3})[.):]\s+(\S.*)$")
_LABELS = re.compile(r"(?:themes?|modalit(?:y|ies))\s*:", re.IGNORECASE)
_CENTRAL = re.compile(r"(?:central|key|core|main)\s+question\s*(?:$|[:.–—-]\s*)(.*)$", re.IGNORECASE)
_QUESTIONS_LABEL = re.compile(r"(?:sub-?\s?|discussion |key |supporting )?questions\s*:?$", re.IGNORECASE)
_FAQS = re.compile(
    r"(?:faqs?|frequently asked questions|questions and answers|q\s?(?:&|and)\s?a)\s*:?$", re.IGNORECASE
)
_PAGE_NAMES = re.compile(
    r"(?:discussion topics|overview|home|sessions|(?:the |draft |preliminary |tentative |meeting |workshop )*"
    r"(?:agenda|programme|program|schedule)(?: outline| overview)?)\s*:?$",
    re.IGNORECASE,
)
_LOGO = re.compile(r"\S+(?: \S+){0,5} logo$", re.IGNORECASE)
_ACCORDION = {
    "+",
    "-",
    "−",
    "–",
    "—",
    "▼",
    "▾",
    "▸",
    "›",
    "»",
    "×",
    "✕",
    "|",
    "expand",
    "collapse",
    "read more",
    "show more",
    "show less",
    "learn more",
    "back to top",
    "expand all",
    "collapse all",
}


class Kind(Enum):
    """What a line is."""

    ACCORDION = auto()
    LOGO = auto()
    PAGE_NAME = auto()
    QUESTIONS_LABEL = auto()
    DAY = auto()
    SLOT = auto()
    FORUM_SESSION = auto()
    LABELS = auto()
    CENTRAL = auto()
    BULLET = auto()
    NUMBERED = auto()
    FAQS = auto()
    DATES = auto()
    HEADING = auto()
    TEXT = auto()


FURNITURE = frozenset({Kind.ACCORDION, Kind.LOGO, Kind.PAGE_NAME, Kind.QUESTIONS_LABEL})
LABELLED = frozenset({Kind.LABELS, Kind.CENTRAL})
STRUCTURE = frozenset({Kind.DAY, Kind.SLOT, Kind.FORUM_SESSION, Kind.FAQS})


@dataclass(frozen=True, slots=True)
class Token:
    """A line and what it is; `title` is what follows a code, a number or a label."""

    kind: Kind
    line: SourceLine
    title: str = ""
    code: str | None = None
    is_before_accordion: bool = False

    @property
    def text(self) -> str:
        """The whole line without its list mark."""
        return self.line.text

    @property
    def number(self) -> int:
        """The line number in the source."""
        return self.line.number


def classify(line: SourceLine) -> Token:
    """The token of one line; what fits no pattern is a HEADING, BULLET or TEXT."""
    text = line.text
    if len(text) <= _LONGEST_LINE:
        found = _furniture(line) or _label(line) or _structure(line)
        if found is not None:
            return found
    if line.heading is not None:
        return Token(Kind.HEADING, line, text)
    return Token(Kind.BULLET if line.is_bullet else Kind.TEXT, line, text)


def _furniture(line: SourceLine) -> Token | None:
    if line.text.lower() in _ACCORDION:
        return Token(Kind.ACCORDION, line)
    if _LOGO.match(line.text):
        return Token(Kind.LOGO, line)
    if _PAGE_NAMES.match(line.text):
        return Token(Kind.PAGE_NAME, line)
    if _QUESTIONS_LABEL.match(line.text):
        return Token(Kind.QUESTIONS_LABEL, line)
    return None


def _label(line: SourceLine) -> Token | None:
    if _LABELS.match(line.text):
        return Token(Kind.LABELS, line)
    central = _CENTRAL.match(line.text)
    if central:
        return Token(Kind.CENTRAL, line, central.group(1))
    if _FAQS.match(line.text):
        return Token(Kind.FAQS, line)
    if not line.is_bullet and read_dates(line.text):
        return Token(Kind.DATES, line)
    return None


def _structure(line: SourceLine) -> Token | None:
    text = line.text
    if len(text) > LONGEST_TITLE:
        return None
    if not line.is_bullet:
        if _DAY.match(text) and not (line.heading is None and text.endswith(".")):
            return Token(Kind.DAY, line, text)
        slot = _SLOT.match(text)
        if slot:
            return Token(Kind.SLOT, line, slot.group(2).strip(), slot.group(1))
        unnumbered = _UNNUMBERED_SESSION.match(text)
        if unnumbered:
            return Token(Kind.FORUM_SESSION, line, unnumbered.group(1))
    coded = _code_and_title(line)
    if coded:
        return Token(Kind.BULLET if line.is_bullet else Kind.FORUM_SESSION, line, coded[1], coded[0])
    numbered = _NUMBERED.match(text)
    if numbered:
        return Token(Kind.NUMBERED, line, numbered.group(2), numbered.group(1))
    return None


def _code_and_title(line: SourceLine) -> tuple[str, str] | None:
    patterns = (_NAMED_SESSION, *_CODED_SESSIONS, *((_CODED_HEADING,) if line.heading is not None else ()))
    for pattern in patterns:
        found = pattern.match(line.text)
        if found:
            return found.group(1), found.group(2).strip()
    return None
