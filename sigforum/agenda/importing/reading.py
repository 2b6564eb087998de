"""From the bytes of a file to an agenda: decoding, choosing the format, parsing."""

import codecs
from pathlib import PurePath

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.cleaning import clean_plan
from sigforum.agenda.importing.contract import AgendaFormat
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.kernel.registry import load_plugins
from sigforum.kernel.text import typed

MAX_BYTES = 5 * 1024 * 1024
_PACKAGE = "sigforum.agenda.importing"
_BINARY_KINDS = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a Word, Excel or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x7fELF", "a program"),
)
_ADVICE = "Save or copy the agenda as plain text in UTF-8."
_CONTROL = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v")


def formats() -> dict[str, AgendaFormat]:
    """Every agenda format by name."""
    return load_plugins(_PACKAGE, "FORMAT")


def read_agenda(data: bytes, *, filename: str | None = None, format_name: str | None = None) -> AgendaPlan:
    """The agenda in a file's bytes; the format is the named one, else the one its name or its content tells.

    Raises AgendaUnreadable with a message for the person who gave the file.
    """
    if len(data) > MAX_BYTES:
        size, most = len(data) / 1024 / 1024, MAX_BYTES // 1024 // 1024
        raise AgendaUnreadable(f"The file has {size:.0f} MB; an agenda may have at most {most} MB.")
    text = decode(data)
    return clean_plan(_choose(text, filename=filename, format_name=format_name).parse(text))


def decode(data: bytes) -> str:
    """The text of UTF-8 or, with its byte-order mark, UTF-16; line ends become plain newlines."""
    for magic, kind in _BINARY_KINDS:
        if data.startswith(magic):
            raise AgendaUnreadable(f"This is {kind}, not a text. {_ADVICE}")
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if encoding == "utf-16" or b"\0" in data:
            raise AgendaUnreadable(f"This is not a text in UTF-8 or UTF-16. {_ADVICE}") from error
        wrong = data[error.start]
        raise AgendaUnreadable(
            f"Byte 0x{wrong:02X} is not UTF-8; the file may be in Latin-1 or Windows-1252. {_ADVICE}", line
        ) from error
    if not text.strip():
        raise AgendaUnreadable("The file is empty.")
    if "\0" in text or _has_many_controls(text):
        raise AgendaUnreadable(f"The file holds control characters, so it is not a text. {_ADVICE}")
    return typed(text)


def _has_many_controls(text: str) -> bool:
    sample = text[:20_000]
    return sum(character in _CONTROL for character in sample) * 100 > len(sample)


def _choose(text: str, *, filename: str | None, format_name: str | None) -> AgendaFormat:
    known = formats()
    if format_name is not None:
        if format_name not in known:
            raise AgendaUnreadable(
                f"There is no agenda format '{format_name}'; there are: {', '.join(known)}."
            )
        return known[format_name]
    extension = PurePath(filename or "").suffix.lower()
    exact = [each for each in known.values() if not each.is_fallback]
    for each in exact:
        if extension and extension in each.extensions:
            return each
    recognised = [each for each in exact if each.recognises(text)]
    fallbacks = [each for each in known.values() if each.is_fallback]
    return (recognised + fallbacks)[0]
