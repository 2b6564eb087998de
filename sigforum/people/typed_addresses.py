"""Addresses as people copy them: with a name around them, out of a link, or many in one line from a mail's header."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from sigforum.kernel.text import name, one_line
from sigforum.people.domain import is_email, normal_email

_LINK = re.compile(r"mailto:(?P<address>[^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_QUOTES = "\"'“”„‟‘’‚«»"
# What stands behind a name and is no first name: titles, and what a directory adds in brackets.
_TITLES = re.compile(r"(?:M\.?D|Ph\.?D|Dr|Prof|Jr|Sr|I{2,3}|IV|M\.?Sc|B\.?Sc|M\.?A|MBA|MPH|R\.?N|PharmD|DVM|F[A-Z]{3,4}"
                     r"|[A-Z]\.[A-Z]\.)\.?", re.IGNORECASE)
_ADDED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


def name_and_address(cell: str) -> tuple[str, str]:
    """What a cell for an address holds: the name beside it, empty where there is none, and the address alone."""
    text = one_line(cell)
    said, bracket, inside = text.rstrip(" .,;").rpartition("<")
    if bracket and inside.endswith(">"):
        text = inside[:-1]
    else:
        said = ""
    link = _LINK.fullmatch(text.strip())
    address = (unquote(link["address"]) if link else text).strip().strip(_QUOTES).rstrip(",;").strip()
    said = said.strip(f"{_QUOTES} ")
    # Two addresses are two people. What is no address is shown as it was typed.
    is_one = "<" not in said and (not is_email(said) or normal_email(said) == normal_email(address))
    if not is_email(address) or not is_one:
        return "", one_line(cell)
    return "" if is_email(said) else spoken_name(said), address


def spoken_name(typed: str) -> str:
    """A name as it is spoken: directories write "Last, First", and quote it."""
    text = name(typed).strip(f"{_QUOTES} ")
    added = _ADDED.search(text)
    core = text[:added.start()] if added else text
    last, comma, first = (part.strip() for part in core.partition(","))
    if not comma or not last or not first or "," in first or _TITLES.fullmatch(first.split()[0]):
        return text
    return f"{first} {last}{f' {added[0].strip()}' if added else ''}"


def address_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """A list copied from a mail: each entry's line, name and address; what is none stands in the address's place."""
    for number, line in enumerate(text.split("\n"), start=1):
        for entry in _entries(line):
            # Addresses without names may stand with commas or blanks between them.
            parts = [entry] if entry.endswith(">") else re.split(r"[\s,]+", entry)
            if not all(is_email(name_and_address(part)[1]) for part in parts):
                parts = [entry]
            yield from ((number, *name_and_address(part)) for part in parts)


def _entries(line: str) -> Iterator[str]:
    """A line cut behind each address in brackets and at each semicolon; quotes hold a name together."""
    start, is_quoted = 0, False
    for at, sign in enumerate(line):
        is_quoted ^= sign == '"'
        if (sign in ";>" and not is_quoted) or at + 1 == len(line):
            entry = line[start:at + (sign != ";")].strip(" ,\t\r\u00a0")
            start = at + 1
            if entry:
                yield entry


def is_address_list(text: str) -> bool:
    """Whether a text begins with an address, and not with the names of columns."""
    first = next(iter(address_lines(text.strip().split("\n", 1)[0])), None)
    return first is not None and is_email(first[2])


def same_mailbox(email: str) -> str:
    """The address with its host's name in one spelling: names of hosts may be written in ASCII or in their letters."""
    local, _, host = normal_email(email).rpartition("@")
    try:
        return f"{local}@{host.encode('ascii').decode('idna')}" if "xn--" in host else f"{local}@{host}"
    except UnicodeError:
        return f"{local}@{host}"
