"""Receipt codes: what a voter finds the own ballot by, and nobody else's."""

import base64
import hashlib
import hmac

CODE_LENGTH = 16


def receipt_code(secret: str, *parts: int | str) -> str:
    """Sixteen letters and digits (80 bits) that follow from `parts` for whoever has the secret, for others from
    nothing: HMAC-SHA256, RFC 2104. In groups of four, so that it can be compared by eye."""
    message = "|".join(("receipt", *map(str, parts))).encode()
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    code = base64.b32encode(digest).decode()[:CODE_LENGTH]
    return "-".join(code[place:place + 4] for place in range(0, CODE_LENGTH, 4))
