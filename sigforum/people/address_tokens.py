"""What proves that a new address is the person's: a signed text that was mailed there, and that ends with its use."""

from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from sigforum.people.models import Person

OVER = "This link is over, or it was sent for somebody else. Ask for a new one on your account's page."
_LIFETIME_SECONDS = 24 * 60 * 60


def address_token(person: Person, address: str) -> str:
    """The token for a mail to `address`. It holds the address that counts now, so that it is over once it was used."""
    return _signer().dumps([person.id, person.email, address])


def confirmed_address(person: Person, token: str) -> str | None:
    """The address that a token of this person confirms; None where it is over, or somebody else's."""
    try:
        found: Any = _signer().loads(token, max_age=_LIFETIME_SECONDS)
    except BadSignature:
        return None
    return found[2] if found[:2] == [person.id, person.email] else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SETTINGS"].secret_key, salt="a new address")
