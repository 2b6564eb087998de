"""A workbook's cell as its program shows it: a code 007 is the number 7 under the format 000."""

import math
import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

# The parts of a format for numbers: words in quotes or behind a backslash, and the digits between them.
_WORDS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"(?P<before>[^#0?.,%]*)(?P<whole>[#0?,]*)(?:\.(?P<part>[0#?]*))?(?P<percent>\s*%)?(?P<behind>.*)")
# Numbers have no more digits than that in any spreadsheet.
_DIGITS_KEPT = 15
_MOST_ZEROS = 30


def shown(value: Any, number_format: str = "General") -> str:
    """What the cell shows. Dates are written as 2027-01-31, which reads the same everywhere."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _number(value: float, number_format: str) -> str:
    plain = f"{value:.{_DIGITS_KEPT}g}" if isinstance(value, float) else str(value)
    if isinstance(value, float) and "e" in plain and value.is_integer():
        plain = str(int(value))
    words: list[str] = []

    def keep(found: re.Match[str]) -> str:
        words.append(found[1] or found[2] or "")
        return "\ue000"
    # The first of several parts is that for numbers above zero; others are shown as plain numbers.
    pattern = _WORDS.sub(keep, number_format).split(";")[0]
    found = _DIGITS.fullmatch(pattern)
    if found is None or value < 0 or not math.isfinite(value) or abs(value) >= 10**_DIGITS_KEPT or not (
            re.search("[0#]", found["whole"] + (found["part"] or ""))):
        return plain
    if re.search("[^\ue000 +()/-]", found["before"] + found["behind"]) or len(pattern) > _MOST_ZEROS:
        return plain
    decimals, fewest = len(found["part"] or ""), (found["part"] or "").count("0")
    # Halves are rounded up, as spreadsheets do.
    exact = Decimal(repr(value)) * (100 if found["percent"] else 1)
    text = f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP):f}"
    whole, _, part = text.partition(".")
    part = part[:fewest] + part[fewest:].rstrip("0")
    text = whole.zfill(found["whole"].count("0"))
    if found["whole"].count("0") == 0:
        text = text.removeprefix("0") if part else text
    if "," in found["whole"].rstrip(","):
        text = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", text)
    text += f".{part}" if part else ""
    text = f"{found['before']}{text}{found['percent'] or ''}{found['behind']}"
    for word in words:
        text = text.replace("\ue000", word, 1)
    return text.strip()
