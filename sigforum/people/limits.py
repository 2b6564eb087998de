"""How often somebody may try: counted so that a room full of people behind one network address is never in the way."""

from flask import request
from limits import RateLimitItem, parse

from sigforum.extensions import limiter
from sigforum.kernel.errors import Refusal
from sigforum.people.domain import normal_email

# Links that nobody ever made. A link that exists is answered however many wrong ones came from the same address.
WRONG_LINKS = parse("30 per minute")
# One address's tries for one person. Beside them the database counts the tries of each code and of each person's
# day, wherever they come from, see codes.py and authenticators.py.
CODES = parse("10 per 5 minutes")
FIRST_APP_CODES = parse("10 per 5 minutes")
# Each sends a mail to an address that somebody typed.
NEW_ADDRESSES = parse("10 per hour")


class TooManyTries(Refusal):
    """The same was tried too often from the same place."""

    status = 429

    def __init__(self) -> None:
        super().__init__("Too many tries. Wait a few minutes, then try again.")


def count_try(limit: RateLimitItem, *whom: str) -> None:
    """Count a try of this network address for somebody. Raises TooManyTries beyond the limit."""
    if limiter.enabled and not limiter.limiter.hit(limit, request.remote_addr or "", *whom):
        raise TooManyTries()


def person_and_address() -> str:
    """What is limited is one address's tries for one person: a whole venue shares one network address."""
    return f"{request.remote_addr} {normal_email(request.form.get('email', ''))}"
