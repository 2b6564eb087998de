"""The one refusal an agenda meets when it cannot be read."""

from sigforum.kernel.errors import Refusal


class AgendaUnreadable(Refusal):
    """The source cannot become an agenda; `line` counts from 1 where one line is to blame."""

    status = 422

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(f"Line {line}: {message}" if line else message)
        self.line = line
