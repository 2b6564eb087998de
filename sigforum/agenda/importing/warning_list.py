"""Collects warnings in the order of the lines, and stops before a hopeless source makes thousands of them."""

from sigforum.agenda.domain import AgendaWarning

MOST_WARNINGS = 200
_LONGEST_QUOTE = 80


class WarningList:
    """Warnings about one source."""

    def __init__(self) -> None:
        self._kept: list[AgendaWarning] = []
        self._beyond = 0

    def add(self, line: int, message: str) -> None:
        """Keep a warning, or only count it once there are too many."""
        if len(self._kept) < MOST_WARNINGS:
            self._kept.append(AgendaWarning(line, message))
        else:
            self._beyond += 1

    def as_tuple(self) -> tuple[AgendaWarning, ...]:
        """All warnings by line; the last one says how many more there were."""
        ordered = sorted(self._kept, key=lambda warning: warning.line)
        if self._beyond:
            last_line = ordered[-1].line
            ordered.append(AgendaWarning(last_line, f"{self._beyond} more lines were not understood."))
        return tuple(ordered)


def shortened(text: str) -> str:
    """The text, cut where it is too long to quote in a message."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "…"
