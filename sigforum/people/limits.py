"""How often somebody may try: counted so that a room full of people behind one network address is never in the way."""

import math
import time
from collections.abc import Sequence

from flask import request
from limits import RateLimitItem, parse

from sigforum.extensions import limiter
from sigforum.kernel.errors import Wait

# Mails that sign in. What is limited is one address's tries for one person: a whole venue shares one network address.
MAILS_OF_A_PERSON, MAILS_OF_AN_ADDRESS = parse("5 per minute"), parse("600 per minute")
# Links that nobody ever made. A link that exists is answered however many wrong ones came from the same address.
WRONG_LINKS = parse("30 per minute")
# One address's tries for one person. Beside them the database counts the tries of each code and of each person's
# day, wherever they come from, see codes.py and authenticators.py.
CODES = parse("10 per 5 minutes")
FIRST_APP_CODES = parse("10 per 5 minutes")
# Each sends a mail to an address that somebody typed.
NEW_ADDRESSES = parse("10 per hour")


class TooManyTries(Wait):
    """The same was tried too often from the same place."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too many tries.", seconds)


def count_try(limit: RateLimitItem, *whom: str) -> None:
    """Count a try of this network address for somebody. Raises TooManyTries beyond the limit."""
    if seconds := seconds_until([(limit, *whom)]):
        raise TooManyTries(seconds)


def seconds_until(tries: Sequence[tuple[RateLimitItem, *tuple[str, ...]]]) -> int:
    """Count tries of this network address, each a limit and for whom. 0 where all may be; else none is counted, and
    so many seconds later all may be."""
    if not limiter.enabled:
        return 0
    asked = [(limit, (request.remote_addr or "", *whom)) for limit, *whom in tries]
    over = [limiter.limiter.get_window_stats(limit, *whom).reset_time
            for limit, whom in asked if not limiter.limiter.test(limit, *whom)]
    if over:
        return max(1, math.ceil(max(over) - time.time()))
    for limit, whom in asked:
        limiter.limiter.hit(limit, *whom)
    return 0
