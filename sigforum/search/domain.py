"""What somebody looks for, and where it stands in a text: words, phrases, and the places to mark."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

LONGEST_QUERY = 200
MOST_PHRASES = 20
# One letter begins half of all words; it is looked for as a word of its own.
SHORTEST_BEGINNING = 2
# About three lines on a phone.
SNIPPET = 240

# Letters and digits of any script, each with the accents that follow it. The database's index cuts texts the same way.
# Chinese and Japanese are written without blanks: there every sign is a word, and words are phrases of them.
UNSPACED = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f" \
           "\U00020000-\U0003ffff"
_WORD = re.compile(f"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\\W_][\u0300-\u036f]*)+")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]+")
# Letters that printers join, as they come out of a PDF.
_JOINED = {"\ufb03": "ffi", "\ufb04": "ffl", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl",
           "\ufb05": "st", "\ufb06": "st"}
_APART = str.maketrans(_JOINED)
_ACCENTS = re.compile("[\u0300-\u036f]")
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
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The words as they may be printed: with letters apart, or joined as a printer joins them."""
        ways = (tuple(_JOINED), ("\ufb01", "\ufb02"), ("\ufb00",))
        return tuple(dict.fromkeys((self.words, *(tuple(_joined(word, way) for word in self.words) for way in ways))))


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
    for quoted, bare in _PARTS.findall(unicodedata.normalize("NFC", text).translate(_QUOTES).translate(_APART)):
        words = tuple(_WORD.findall(quoted or bare))
        if words:
            found.append(Phrase(words=words))
    # Whoever closes a quote has typed the whole word.
    if found and not text.translate(_QUOTES).endswith('"') and len(found[-1].words[-1]) >= SHORTEST_BEGINNING:
        found[-1] = Phrase(words=found[-1].words, is_beginning=True)
    phrases = tuple(dict.fromkeys(found))
    return Wanted(text=text, phrases=phrases[-MOST_PHRASES:],
                  is_cut=len(clean) > LONGEST_QUERY or len(phrases) > MOST_PHRASES)


def fold(word: str) -> str:
    """A word without case and accents, as it is compared."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", without_accents(word.translate(_APART))).casefold()


def _joined(word: str, way: Sequence[str]) -> str:
    # Two letters alone are looked for as they are.
    for letter in way if len(word) > 2 else ():
        word = word.replace(_JOINED[letter], letter)
    return word


def without_accents(word: str) -> str:
    """A word with the accents taken off its letters."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


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
