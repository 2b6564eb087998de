"""Tokens nobody can guess, and the hashes under which they are kept."""

import hashlib
import re
import secrets
import unicodedata


def new_token() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored instead of a token: a reader of the database can sign in as nobody."""
    return hashlib.sha256(token.encode()).hexdigest()


def slug(text: str, *, fallback: str = "meeting") -> str:
    """A lower-case ASCII name for an address bar, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-") or fallback
