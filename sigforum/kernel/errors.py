"""What can be refused, in words that an edge can show; no feature invents its own kind of refusal."""

from collections.abc import Mapping

from sigforum.kernel.words import told_seconds, wait_text


class Refusal(Exception):
    """Something was asked that may not be done; the message is for the person who asked."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Wait(Refusal):
    """The same can be done again after a while: `seconds` says after how long, and the sentence says the same."""

    status = 429

    def __init__(self, message: str, seconds: float) -> None:
        self.seconds = told_seconds(seconds)
        super().__init__(f"{message} Try again in {wait_text(seconds)}.")


class NotFound(Refusal):
    """No such thing, as far as this viewer may know."""

    status = 404

    def __init__(self, message: str = "There is nothing here that you can see.") -> None:
        super().__init__(message)


class NotAllowed(Refusal):
    """The viewer sees the thing, but may not do this to it."""

    status = 403


class Conflict(Refusal):
    """The thing is no longer in a state in which this can be done."""

    status = 409


class Outdated(Conflict):
    """What a form showed, or was loaded with, is not so any more. The message says how it is now; `renewed` are the
    values that the form carries unseen, as they are now: whoever has read the message and sends again means it."""

    def __init__(self, message: str, *, renewed: Mapping[str, str]) -> None:
        super().__init__(message)
        self.renewed = dict(renewed)


class Invalid(Refusal):
    """Input that cannot be taken: errors by field ('' is the whole form), to show beside what was typed."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)
