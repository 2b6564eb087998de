"""Ed25519 signatures checked with whole numbers alone, as RFC 8032 has them."""

import hashlib

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, PRIME) % PRIME
_ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
KEY_BYTES, SIGNATURE_BYTES = 32, 64

# Extended coordinates: x = X/Z, y = Y/Z, x y = T/Z (RFC 8032, 5.1.4).
Point = tuple[int, int, int, int]
_NEUTRAL: Point = (0, 1, 1, 0)


def is_signed(message: bytes, signature: bytes, *, public_key: bytes) -> bool:
    """Whether the signature of a message was made with the private part of this key.

    Only the one canonical form of a signature and a key counts: an S below the group's order, coordinates below the
    prime, and no key of small order, under which one signature could fit many messages.
    """
    if len(signature) != SIGNATURE_BYTES or not is_key(public_key):
        return False
    first, s = signature[:KEY_BYTES], int.from_bytes(signature[KEY_BYTES:], "little")
    key = _decoded(public_key)
    if s >= ORDER or key is None or _decoded(first) is None:
        return False
    k = int.from_bytes(hashlib.sha512(first + public_key + message).digest(), "little") % ORDER
    x, y, z, t = key
    # S B = R + k A, compared as R = S B - k A in its encoded form.
    return _encoded(_sum(_times(s, _BASE), _times(k, (PRIME - x, y, z, PRIME - t)))) == first


def is_key(public_key: bytes) -> bool:
    """Whether these bytes are a public key under which a signature says anything."""
    key = _decoded(public_key)
    return key is not None and _encoded(_times(8, key)) != _encoded(_NEUTRAL)


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % PRIME
    b = (one[1] + one[0]) * (other[1] + other[0]) % PRIME
    c = 2 * one[3] * other[3] * _D % PRIME
    d = 2 * one[2] * other[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(number: int, point: Point) -> Point:
    found = _NEUTRAL
    while number:
        if number & 1:
            found = _sum(found, point)
        point, number = _sum(point, point), number >> 1
    return found


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(KEY_BYTES, "little")


def _decoded(text: bytes) -> Point | None:
    """The point of an encoding, or None where it is no point or not written the canonical way (RFC 8032, 5.1.3)."""
    if len(text) != KEY_BYTES:
        return None
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= PRIME:
        return None
    x = _root((y * y - 1) * pow(_D * y * y + 1, -1, PRIME) % PRIME)
    if x is None or (x == 0 and sign):
        return None
    x = PRIME - x if x & 1 != sign else x
    return x, y, 1, x * y % PRIME


def _root(square: int) -> int | None:
    found = pow(square, (PRIME + 3) // 8, PRIME)
    for one in (found, found * _ROOT_OF_MINUS_ONE % PRIME):
        if one * one % PRIME == square:
            return one
    return None


_BASE_Y = 4 * pow(5, -1, PRIME) % PRIME
_BASE = _decoded(_BASE_Y.to_bytes(KEY_BYTES, "little")) or _NEUTRAL
