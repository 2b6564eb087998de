"""The one cleaner of what people type, upload or send: the same words, without what no reader can see."""

import re
import unicodedata
from typing import Any

# Word's soft returns and page ends, and the line ends of other systems; all of them are breaks to whoever typed them.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What turns the direction of everything behind it and can so make one name look like another.
_TURNING = "\u202a-\u202e"
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}"
                                           for plane in range(0, 0x110000, 0x10000))
_GONE = re.compile(f"[\x01-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff{_TURNING}{_NO_CHARACTERS}]")
_BLANKS = re.compile(r"[ \t\n]+")
_OPENS, _CLOSES = "\u2066\u2067\u2068", "\u2069"
# Letters that are drawn as nothing: fillers of Korean syllables, the empty pattern of Braille, and their like.
_EMPTY_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\U0001d159")
_UNSEEN_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"))
# Two letters of Persian and of Indian scripts, and the parts of one picture, are held together or apart by these.
_JOINERS = "\u200c\u200d"
_XML_CANNOT_HOLD = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet runs a cell that begins like this, also behind blanks and signs that cannot be seen. Behind apostrophes
# it does not; there it would read as a text that got one here.
_FORMULA = re.compile("'*(?:[\\s\x00-\x20\x7f-\xa0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*"
                      "[=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]|[\t\r\n])")


def typed(text: str) -> str:
    """What every field gets before it is read: one kind of line end, no control characters, halves of characters and
    code points that are none, and letters in one spelling (NFC). NUL stays, so that a form can refuse it."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _GONE.sub("", _BREAKS.sub("\n", text)))


def typed_values(value: Any) -> Any:
    """The same for every text in a JSON value; names of fields stay."""
    if isinstance(value, str):
        return typed(value)
    if isinstance(value, dict):
        return {name: typed_values(one) for name, one in value.items()}
    return [typed_values(one) for one in value] if isinstance(value, list) else value


def paragraphs(raw: str) -> str:
    """A text with its line breaks; empty where nothing in it can be seen. Isolates of direction end with their line."""
    text = typed(raw).replace("\0", "").strip()
    return "\n".join(map(_balanced, text.split("\n"))) if is_visible(text) else ""


def one_line(raw: str) -> str:
    """A title, a label or an option: breaks and tabs are blanks; empty where nothing in it can be seen."""
    text = _BLANKS.sub(" ", typed(raw).replace("\0", "")).strip()
    return re.sub(f"[{_OPENS}{_CLOSES}]", "", text).strip() if is_visible(text) else ""


def lines(raw: str) -> list[str]:
    """The entries of a field that takes one a line; lines with nothing to see are left out."""
    return [line for line in map(one_line, typed(raw).split("\n")) if line]


def name(raw: str) -> str:
    """The name of a person, a house or a group: two that look alike are alike."""
    return one_line(_without_formats(one_line(raw), kept=_JOINERS))


def code(raw: str) -> str:
    """A code that people read to each other and type again."""
    return one_line(_without_formats(one_line(raw)))


def address(raw: str) -> str:
    """A mail address as it is stored and compared: nothing invisible, small letters, no dot behind the host's name."""
    # Not casefold(): it would turn the letter ß into ss, which is another person's address.
    text = _without_formats(typed(raw).strip()).strip().lower()
    return text[:-1] if text.endswith(".") and not text[-2:-1].isspace() and not text.endswith("..") else text


def is_visible(text: str) -> bool:
    """Whether a reader sees anything of the text at all."""
    return any(one not in _EMPTY_LETTERS and unicodedata.category(one) not in _UNSEEN_CATEGORIES for one in text)


def drawn(text: str) -> str:
    """A text as a file can hold it, whatever was stored before texts were cleaned on their way in. What XML and with
    it every office file has no place for stands as a replacement character, so that the reader sees the gap."""
    return _XML_CANNOT_HOLD.sub("\ufffd", text)


def cell(text: str) -> str:
    """A text for a cell of a table file, which no program runs as a formula or stumbles over. Without the first of the
    apostrophes that stand before a formula it is the text again."""
    clean = _CONTROLS.sub("\ufffd", text)
    return f"'{clean}" if is_formula(text) else clean


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text of a cell for a formula, now or without its apostrophes."""
    return _FORMULA.match(text) is not None


def _balanced(line: str) -> str:
    """Isolates that end where they should: one left open would turn what stands behind the text."""
    found, depth = [], 0
    for one in line:
        if one in _OPENS:
            depth += 1
        elif one == _CLOSES:
            if not depth:
                continue
            depth -= 1
        found.append(one)
    return "".join(found) + _CLOSES * depth


def _without_formats(text: str, *, kept: str = "") -> str:
    return "".join(one for one in text if one in kept or unicodedata.category(one) != "Cf")
