"""The token of a link that stops one member's mails: it says nothing to whoever reads it, and fits nothing else."""

import base64
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import current_app

from sigforum.settings import Settings

# Mixed into the encryption: a token made for another purpose is none here.
_PURPOSE = [b"stop digests"]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def token_for(membership_id: int) -> str:
    """The token of a membership, which is a person's place in one meeting. It is the same in every mail, and works
    as long as the site keeps its key."""
    # SIV (RFC 5297): encrypts and authenticates without a nonce, so that nothing has to be stored.
    return base64.urlsafe_b64encode(_cipher().encrypt(membership_id.to_bytes(8), _PURPOSE)).decode()


def membership_of(token: str) -> int | None:
    """Whose token this is; None for everything that was not made here."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        return int.from_bytes(_cipher().decrypt(base64.urlsafe_b64decode(token), _PURPOSE))
    except InvalidTag:
        return None


def _cipher() -> AESSIV:
    settings: Settings = current_app.config["SETTINGS"]
    return AESSIV(hmac.new(settings.secret_key.encode(), b"sigforum digest links", hashlib.sha512).digest())
