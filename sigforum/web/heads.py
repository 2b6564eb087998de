"""Which requests are refused by their head alone, before anything of a body is read.

Where a request ends must be plain to everybody on its way: what a proxy takes for a body and the server for a second
request is a request that somebody else has slipped in. And the library reads a chunked body, whose length nobody says,
without an end and without letting others run.
"""

import re
from email import errors
from email.message import Message
from typing import Any

# No file of a thousand gigabytes is sent; the page itself says what it takes.
LENGTH = re.compile("[0-9]{1,12}")
# RFC 9110, 5.6.2: what the name of a field consists of.
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

OF_LINES = (errors.MissingHeaderBodySeparatorDefect, errors.FirstHeaderLineIsContinuationDefect,
            errors.InvalidHeaderDefect, errors.MisplacedEnvelopeHeaderDefect)

LENGTH_REQUIRED = ("411 Length Required", "Say how long the body is (Content-Length); chunked bodies are not taken.\n")
BAD_LENGTH = ("400 Bad Request", "The length of the body is said more than once, or is no number.\n")
BAD_HEAD = ("400 Bad Request", "A line of the request's head is no header.\n")


class Lines:
    """The lines of a head, and whether one holds a lone carriage return: only the parser ends a line there."""

    def __init__(self, lines: Any) -> None:
        self.lines = lines
        self.is_broken = False

    def readline(self, size: int = -1) -> bytes:
        """The next line."""
        line: bytes = self.lines.readline(size)
        self.is_broken = self.is_broken or b"\r" in line.removesuffix(b"\n").removesuffix(b"\r")
        return line


def refusal_of(headers: Message) -> tuple[str, str] | None:
    """The status and the reason with which a request of such headers is refused; None where it is not."""
    # For the parser a line without a colon ends the headers. The library has it look for the parts of a mail too, and
    # miss them.
    if headers.get_unixfrom() or any(isinstance(one, OF_LINES) for one in headers.defects):
        return BAD_HEAD
    # A line that goes on in the next one is none for everybody on the way (RFC 9112, 5.2).
    if any("\r" in value or "\n" in value for value in headers.values()) or (
            not all(map(NAME.fullmatch, headers.keys()))):
        return BAD_HEAD
    lengths = headers.get_all("content-length", [])
    if len(lengths) > 1 or not all(LENGTH.fullmatch(length.strip(" \t")) for length in lengths):
        return BAD_LENGTH
    return LENGTH_REQUIRED if "transfer-encoding" in headers else None
