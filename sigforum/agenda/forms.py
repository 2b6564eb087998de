"""Reading an agenda from an upload or a pasted text."""

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.reading import read_agenda
from sigforum.kernel.errors import Invalid


def parse_agenda(data: bytes, *, filename: str | None) -> AgendaPlan:
    """The agenda in some bytes. Raises Invalid, by field `text`, with the line where one is known."""
    try:
        return read_agenda(data, filename=filename)
    except AgendaUnreadable as problem:
        raise Invalid({"text": problem.message}) from None
