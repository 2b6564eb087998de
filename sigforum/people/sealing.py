"""Secrets the database alone cannot give away: short codes hashed, app secrets encrypted, with the site's key."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from sigforum.settings import Settings


def keyed_hash(purpose: str, value: str) -> str:
    """A hash that only this site can compute. A plain one of six digits would be reversed in a second."""
    return hmac.new(_key(purpose), value.encode(), hashlib.sha256).hexdigest()


def seal(secret: str) -> str:
    """A secret that is needed again, made unreadable."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None where the site's key is another one since then."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("authenticator secrets")))


def _key(purpose: str) -> bytes:
    settings: Settings = current_app.config["SETTINGS"]
    # A key of its own for each purpose: what signs cookies encrypts nothing.
    return hmac.new(settings.secret_key.encode(), f"sigforum {purpose}".encode(), hashlib.sha256).digest()
