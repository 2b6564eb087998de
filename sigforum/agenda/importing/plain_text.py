"""Plain text as a person pastes it from a page, with accordion marks, logo lines and any kind of bullets."""

from collections.abc import Iterator

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.assembling import assemble
from sigforum.agenda.importing.contract import AgendaFormat
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.lines import SourceLine, numbered, split_bullet, tidy


def parse(text: str) -> AgendaPlan:
    """The agenda of a pasted text."""
    if text.lstrip().startswith("<?xml"):
        raise AgendaUnreadable("This is XML, which is not an agenda format unless it is an HTML page.")
    return assemble(_lines(text))


def _lines(text: str) -> Iterator[SourceLine]:
    follows_blank = True
    for number, raw in enumerate(numbered(text), 1):
        plain = tidy(raw)
        if not plain:
            follows_blank = True
            continue
        is_bullet, plain = split_bullet(plain)
        yield SourceLine(
            number, plain, is_bullet=is_bullet, is_indented=raw[:1].isspace(), follows_blank=follows_blank
        )
        follows_blank = False


def _recognises(text: str) -> bool:
    return bool(text.strip())


FORMAT = AgendaFormat(
    name="text",
    label="Plain text",
    extensions=(".txt", ".text"),
    recognises=_recognises,
    parse=parse,
    is_fallback=True,
)
