"""A mark by which pages and browsers tell people apart, that tells nothing of anybody.

The number of an account says how old it is: whoever prints a card and opens it would read there whether its owner was
known to this installation before.
"""

import hashlib
import hmac

from flask import current_app


def person_mark(person_id: int) -> str:
    """Sixteen letters and digits for a person, the same on every page, in no order of age (HMAC-SHA256)."""
    secret: str = current_app.config["SETTINGS"].secret_key
    return hmac.new(secret.encode(), f"person-mark|{person_id}".encode(), hashlib.sha256).hexdigest()[:16]
