"""What somebody looks for, and where it stands in a text: words, phrases, and the places to mark."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sigforum.search.spellings import APART, RAISED, bare, fold, is_pointed, spellings

LONGEST_QUERY = 200
MOST_PHRASES = 20
# One letter begins half of all words; it is looked for as a word of its own.
SHORTEST_BEGINNING = 2
# About three lines on a phone.
SNIPPET = 240

# These are written without blanks between words, or with them where a reader breathes: Thai and Lao, Burmese, Khmer and
# their neighbours, Chinese and Japanese. There every sign is a word, and words are phrases of them.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf" \
           "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f" \
           "\U00020000-\U0003ffff"
# Accents, vowels and points, which belong to the letter before them. None has a place behind these.
_MARKS = "".join(chr(code) for code in range(0x300, 0xAC00) if unicodedata.category(chr(code)) in ("Mn", "Mc", "Me"))
# Letters and digits of any script, each with its marks. The database's index cuts texts the same way, or into smaller
# pieces. The power in 10⁶ is a word of its own, as in 10^6.
_LETTER = f"(?![{UNSPACED}])[^\\W_][{_MARKS}]*"
_WORD = re.compile(f"[{UNSPACED}]|{_LETTER}(?:(?!(?<=\\d)[{RAISED}]){_LETTER})*")
_IS_PLAIN = re.compile("(?:[^\\W_]|[\u0300-\u036f])+")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]+")
_PARTS = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))


class Kind(StrEnum):
    """What was found, in the order in which it is shown."""

    SESSION = "session"
    QUESTION = "question"
    SUMMARY = "summary"
    POLL = "poll"
    RESPONSE = "response"


KIND_WORDS: Mapping[Kind, str] = MappingProxyType({
    Kind.SESSION: "Sessions", Kind.QUESTION: "Questions", Kind.SUMMARY: "Summaries", Kind.POLL: "Polls",
    Kind.RESPONSE: "Responses and replies"})


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Words that have to follow each other; the last may be the beginning of one."""

    words: tuple[str, ...]
    is_beginning: bool = False

    @property
    def unspaced(self) -> tuple[str, ...]:
        """The runs of signs that stand without blanks in a text, as they stand there."""
        marked = "".join(word if _IS_UNSPACED.fullmatch(word) else " " for word in self.words)
        return tuple(marked.split())

    @property
    def pointed(self) -> tuple[str, ...]:
        """The words that may stand in a text with other points than were typed, as they are without any."""
        return tuple(bare(word) for word in self.words if is_pointed(word))

    @property
    def is_coarse(self) -> bool:
        """Whether an index may take other words for these: it knows no points, no vowels beside their letter, and not
        always the small digits of a formula."""
        return any(is_pointed(word) or not _IS_PLAIN.fullmatch(word) or (
            not word.isdigit() and any(map(str.isdigit, word))) for word in self.words)

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The words as else they may be written."""
        return spellings(self.words)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for: every phrase has to be there, in any order. `text` is what stands in the search box."""

    text: str = ""
    phrases: tuple[Phrase, ...] = ()
    # Whether the end of what was typed is left out, because it was too long.
    is_cut: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of a snippet; a marked one is what was looked for."""

    text: str
    is_marked: bool = False


def parse_wanted(raw: str) -> Wanted:
    """Read what somebody typed. No sign has a meaning but the quotes around a phrase, so nothing can be typed wrong."""
    clean = " ".join("".join(" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in raw).split())
    text = clean[:LONGEST_QUERY].strip()
    found: list[Phrase] = []
    for quoted, single in _PARTS.findall(unicodedata.normalize("NFC", text).translate(_QUOTES).translate(APART)):
        words = tuple(_WORD.findall(quoted or single))
        if words:
            found.append(Phrase(words=words))
    # Whoever closes a quote has typed the whole word.
    if found and not text.translate(_QUOTES).endswith('"') and len(found[-1].words[-1]) >= SHORTEST_BEGINNING:
        found[-1] = Phrase(words=found[-1].words, is_beginning=True)
    phrases = tuple(dict.fromkeys(found))
    return Wanted(text=text, phrases=phrases[-MOST_PHRASES:],
                  is_cut=len(clean) > LONGEST_QUERY or len(phrases) > MOST_PHRASES)


def places(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Where the wanted words stand in a text, as (start, end) without overlaps; empty where one phrase is missing."""
    tokens = [(fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
    spans: list[tuple[int, int]] = []
    for phrase in wanted.phrases:
        here = list(_places_of(phrase, tokens))
        if not here:
            return []
        spans += here
    return _merged(spans)


def snippet(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """The part of a text around the first marked place, in one line, with its marks."""
    start = max(0, spans[0][0] - SNIPPET // 4) if spans and len(text) > SNIPPET else 0
    end = min(len(text), start + SNIPPET)
    start = max(0, min(start, end - SNIPPET))
    # Not in the middle of a word.
    if start:
        start = next((n + 1 for n in range(start, spans[0][0]) if text[n].isspace()), start)
    if end < len(text):
        end = next((n for n in range(end, max(end - 40, start), -1) if text[n].isspace()), end)
    pieces, at = [Piece("… ")] if start else [], start
    for left, right in spans:
        if left >= at and right <= end:
            pieces += [Piece(text[at:left]), Piece(text[left:right], is_marked=True)]
            at = right
    pieces += [Piece(text[at:end]), Piece(" …" if end < len(text) else "")]
    return [piece for piece in pieces if piece.text]


def _places_of(phrase: Phrase, tokens: Sequence[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    words = [fold(word) for word in phrase.words]
    for at in range(len(tokens) - len(words) + 1):
        # Most words are not the first one that is looked for.
        if not tokens[at][0].startswith(words[0]):
            continue
        here = [token for token, _, _ in tokens[at:at + len(words)]]
        is_end = here[-1].startswith(words[-1]) if phrase.is_beginning else here[-1] == words[-1]
        if is_end and here[:-1] == words[:-1]:
            yield tokens[at][1], tokens[at + len(words) - 1][2]


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
