"""One word as different people write it: what a search takes for the same, and how else an index may hold it."""

import re
import unicodedata
from collections.abc import Callable, Sequence

# Letters that printers join, as they come out of a PDF.
JOINED = {"\ufb03": "ffi", "\ufb04": "ffl", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl",
          "\ufb05": "st", "\ufb06": "st"}
APART = str.maketrans(JOINED)
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISE: dict[int, str] = dict(zip(map(ord, "0123456789"), RAISED, strict=True))
_LOWER: dict[int, str] = dict(zip(map(ord, "0123456789"), "₀₁₂₃₄₅₆₇₈₉", strict=True))
# The signs of a keyboard in the width of a Chinese one.
_WIDE = {ord(chr(code)): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_ACCENTS = re.compile("[\u0300-\u036f]")
# Vowels and other points of Hebrew and Arabic, which most people leave out; letters that they write for each other.
POINTS = "".join(chr(code) for code in (*range(0x591, 0x5C8), *range(0x610, 0x61B), 0x640, *range(0x64B, 0x660), 0x670,
                                        *range(0x6D6, 0x6EE)) if unicodedata.category(chr(code)) in ("Mn", "Lm"))
ALIKE, AS = "ٱىةکی", "ايهكي"
_POINTS = re.compile(f"[{POINTS}]")
_ALIKE = str.maketrans(ALIKE, AS)
_POINTED = re.compile("[\u0590-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_STRESSED = dict(zip("αεηιουω", "άέήίόύώ", strict=True))
_DOTLESS = str.maketrans("ı", "i")


def fold(word: str) -> str:
    """A word without case, accents and points, as it is compared."""
    if word.isascii():
        return word.lower()
    plain = bare(without_accents(unicodedata.normalize("NFKC", word)))
    return unicodedata.normalize("NFC", plain).casefold().translate(_DOTLESS)


def without_accents(word: str) -> str:
    """A word with the accents taken off its letters."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def bare(text: str | None) -> str:
    """A text of Hebrew or Arabic without its points, and with one letter for those that are written for each other."""
    return _POINTS.sub("", unicodedata.normalize("NFD", text or "")).translate(_ALIKE)


def is_pointed(word: str) -> bool:
    """Whether a word is written in letters that may carry points, so that no index knows it in all its spellings."""
    return _POINTED.search(word) is not None


def spellings(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Words that follow each other, as they were typed and as a printer, a keyboard or a country may write them."""
    found = [tuple(words), *(tuple(map(way, words)) for way in _WAYS), _with_powers(words)]
    if len(words) == 1:
        found += [(word,) for word in _stressed(words[0])]
    return tuple(dict.fromkeys(found))


def _joined(*letters: str) -> Callable[[str], str]:
    def write(word: str) -> str:
        # Two letters alone are looked for as they are.
        for letter in letters if len(word) > 2 else ():
            word = word.replace(JOINED[letter], letter)
        return word
    return write


def _sharp(word: str) -> str:
    return word.lower().replace("ss", "ß") if "ss" in word.lower() else word


def _dotless(word: str) -> str:
    return word.lower().replace("i", "ı") if "i" in word.lower() else word


def _sigma(word: str) -> str:
    lower = word.lower()
    return f"{lower[:-1]}{'σ' if word[-1] == 'ς' else 'ς'}" if lower[-1] in "σς" else word


def _stressed(word: str) -> list[str]:
    """A Greek word with its accent on each of its vowels: indexes of SQLite know them as other letters."""
    plain = without_accents(word.lower())
    return [plain[:at] + stressed + plain[at + 1:] for at, letter in enumerate(plain)
            if (stressed := _STRESSED.get(letter))]


def _digits(table: dict[int, str]) -> Callable[[str], str]:
    # A number alone is no formula.
    return lambda word: word if word.isdecimal() else word.translate(table)


_WAYS: tuple[Callable[[str], str], ...] = (
    _joined(*JOINED), _joined("\ufb01", "\ufb02"), _joined("\ufb00"), _digits(_LOWER), _digits(_RAISE),
    lambda word: unicodedata.normalize("NFKC", word), lambda word: word.translate(_WIDE), _sharp,
    lambda word: word.replace("ß", "ss"), _dotless, lambda word: word.translate(_DOTLESS), _sigma)


def _with_powers(words: Sequence[str]) -> tuple[str, ...]:
    """10^6 as 10⁶, which an index takes for one word."""
    found: list[str] = []
    for word in words:
        is_power = found and found[-1] == "10" and word.isdigit() and len(word) <= 2
        if is_power or (found and found[-1][-1].isdecimal() and all(one in RAISED for one in word)):
            found[-1] += word.translate(_RAISE)
        else:
            found.append(word)
    return tuple(found)
