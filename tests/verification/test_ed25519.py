"""Signatures checked with whole numbers agree with RFC 8032 and with another program."""

import os

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sigforum.verification.ed25519 import ORDER, PRIME, is_key, is_signed

# RFC 8032, 7.1: public key, message, signature.
VECTORS = {
    "empty": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
        "55141438e7a100b"),
    "one byte": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00"),
    "two bytes": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a"),
    "hash": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
        "2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
        "d9bef1177331a704"),
}
# Points of small order in their canonical encodings: 1, -1, 0 and the four of order 8 begin like these.
SMALL = ["01" + "00" * 31, "ec" + "ff" * 30 + "7f", "00" * 32,
         "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
         "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"]


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_of_the_standard_hold_and_no_changed_bit_does(name: str) -> None:
    key, message, signature = (bytes.fromhex(one) for one in VECTORS[name])
    assert is_signed(message, signature, public_key=key)
    assert not is_signed(message + b"\0", signature, public_key=key)
    for place in (0, 31, 32, 63):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not is_signed(message, bytes(changed), public_key=key)
    assert not is_signed(message, signature[:-1], public_key=key)
    assert not is_signed(message, signature, public_key=key[:-1])


def test_random_messages_are_judged_as_another_program_judges_them() -> None:
    judged = []
    for place in range(40):
        private = Ed25519PrivateKey.generate()
        key, message = private.public_key().public_bytes_raw(), os.urandom(place * 3)
        signature = bytearray(private.sign(message))
        if place % 2:
            signature[os.urandom(1)[0] % 64] ^= 1 << place % 8
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(bytes(signature), message)
            expected = True
        except InvalidSignature:
            expected = False
        assert is_signed(message, bytes(signature), public_key=key) is expected
        judged.append(expected)
    assert judged.count(True) == 20


def test_signature_in_another_form_is_refused() -> None:
    """With S and S + L, or with y and y + p, one signature would have two forms."""
    key, message, signature = (bytes.fromhex(one) for one in VECTORS["one byte"])
    s = int.from_bytes(signature[32:], "little")
    assert not is_signed(message, signature[:32] + (s + ORDER).to_bytes(32, "little"), public_key=key)
    for y in (PRIME, PRIME + 1, 2**255 - 1):
        assert not is_key(y.to_bytes(32, "little"))
        assert not is_signed(message, y.to_bytes(32, "little") + signature[32:], public_key=key)
    # x = 0 has no sign.
    assert not is_key((1 | 1 << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("key", SMALL)
def test_key_of_small_order_is_none(key: str) -> None:
    """Under the neutral point R = S B fits every message."""
    assert not is_key(bytes.fromhex(key))
    private = Ed25519PrivateKey.generate()
    assert is_key(private.public_key().public_bytes_raw())
