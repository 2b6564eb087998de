"""Numbers as people type them anywhere: with a comma or a point, blanks between thousands, powers of ten."""

import re
import unicodedata
from decimal import Decimal

_MINUS = re.compile("^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_PLUS = re.compile("^[+\ufe62\uff0b]")
_SIGNS = str.maketrans({
    "\u066b": ".", "\u066c": " ", "\uff0c": ",", "\uff0e": ".", "\u00d7": "x", "\u2715": "x", "\u22c5": "x",
    "\u00b7": "x", "*": "x", "\uff3e": "^", "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u2019": " ",
    "'": " ", "\u061c": None, "\u200e": None, "\u200f": None})
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile(r"\s*(?:[eE]|x\s*10\s*(?:\^|x{2})?)\s*(?P<power>[-+]?\d{1,2})$")
_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d{1,3}(?:(?P<mark>[.,])\d{3})(?:(?P=mark)\d{3})+|"
                      r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+")
_PLAIN = re.compile(r"\d*[.,]?\d+")
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
LONGEST = 60


class TwoReadings(ValueError):
    """A number that half of the world reads otherwise than the other half."""

    def __init__(self, text: str) -> None:
        whole, part = re.sub(r"[.,]", "", text), re.sub(r"[.,]", ".", text)
        super().__init__(f"A plain number: {text} can be read as {whole} or as {part}. Type {whole}, or {part}0.")


def typed_number(text: str) -> Decimal | None:
    """The number that was meant; None for what is none. Raises TwoReadings for 1,234 and 1.234."""
    if len(text) > LONGEST:
        return None
    plain = text.strip().translate(_SIGNS).strip()
    plain = "".join(one if one.isascii() or unicodedata.decimal(one, None) is None else str(unicodedata.decimal(one))
                    for one in plain)
    plain = _PLUS.sub("", _MINUS.sub("-", plain))
    sign, plain = (-1, plain[1:].lstrip()) if plain.startswith("-") else (1, plain.lstrip())
    raised = re.sub("10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)$", lambda found: "10^" + found[1].translate(_RAISED), plain)
    raised = re.sub("[\u2212\u2010-\u2015](?=\\d{1,2}$)", "-", raised)
    power = _POWER.search(raised)
    digits, exponent = (raised[:power.start()], int(power["power"])) if power else (raised, 0)
    number = _digits(digits, is_alone=power is None)
    return None if number is None else sign * number.scaleb(exponent)


def _digits(text: str, *, is_alone: bool) -> Decimal | None:
    if is_alone and _EITHER.fullmatch(text):
        raise TwoReadings(text)
    if _GROUPED.fullmatch(text):
        # The last sign parts the decimals, unless it is one of many that part thousands.
        marks = re.findall(r"[.,]", text)
        is_decimal = bool(marks) and marks.count(marks[-1]) == 1
        head, _, tail = text.rpartition(marks[-1]) if is_decimal else (text, "", "")
        return Decimal(re.sub(r"[ .,]", "", head) + (f".{tail}" if tail else ""))
    return Decimal(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None
