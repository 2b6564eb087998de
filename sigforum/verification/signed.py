"""Who signed a bundle: the manifest's signature, and whether the reader knows the key from elsewhere."""

import base64
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sigforum.verification.ed25519 import KEY_BYTES, SIGNATURE_BYTES, is_key, is_signed
from sigforum.verification.findings import Difference, Finding, Status, check
from sigforum.verification.json_text import read_json
from sigforum.verification.shapes import TEXT, check_fields, object_of
from sigforum.verification.sheet import Damaged

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
SCHEMA, ALGORITHM = "sigforum-signature/1", "Ed25519"
_SHAPE = object_of(schema=TEXT, algorithm=TEXT, public_key=TEXT, signature=TEXT)
# What stands before the 32 bytes of a key in the form that other programs write (RFC 8410).
_DER = bytes.fromhex("302a300506032b6570032100")
_HEX_KEY = re.compile(r"\b[0-9a-fA-F]{64}\b")


def keys_from(text: str) -> frozenset[bytes]:
    """The public keys in what a reader gives: hexadecimal, the published list, or PEM. Raises Damaged where there
    are none."""
    if "-----BEGIN PUBLIC KEY-----" in text:
        try:
            content = base64.b64decode("".join(text.split("-----")[2].split()), validate=True)
        except ValueError:
            content = b""
        found = {content[len(_DER):]} if content.startswith(_DER) else set()
    else:
        found = {bytes.fromhex(one) for one in _hex_keys(text)}
    usable = frozenset(key for key in found if is_key(key))
    if not usable:
        raise Damaged("There is no Ed25519 public key in what --key names: 64 hexadecimal digits, or a file with them.")
    return usable


def _hex_keys(text: str) -> list[str]:
    """From a published list the public parts alone, whatever else stands in it."""
    try:
        return [str(one["public_key"]) for one in json.loads(text)["keys"]]
    except (ValueError, LookupError, TypeError):
        return _HEX_KEY.findall(text)


def check_signature(files: Mapping[str, bytes], manifest: Any, *, keys: Collection[bytes]) -> Iterator[Finding]:
    """What the signature says, where there is one; `keys` are those that the reader took from the publisher."""
    if SIGNATURE not in files:
        yield from _check_unsigned(is_newer=_is_signed_form(manifest), keys=keys)
        return
    signature = _signature(files[SIGNATURE])
    if isinstance(signature, Difference) or not is_signed(files[MANIFEST], signature[1], public_key=signature[0]):
        wrong = signature if isinstance(signature, Difference) else Difference(
            where="signature", said=signature[1].hex(), counted="one of this manifest by the key beside it")
        yield check(SIGNATURE, "", [wrong], otherwise="the manifest is not the one that was signed")
        return
    # The signature does not cover its own file.
    yield check_fields(read_json(files[SIGNATURE]), _SHAPE, file=SIGNATURE)
    key = signature[0]
    if keys:
        yield check(SIGNATURE, "signed by the key that you gave", [] if key in keys else [Difference(
            where="key", said=key.hex(), counted=" or ".join(sorted(one.hex() for one in keys)))],
            otherwise="signed by another key than the one that you gave")
    else:
        yield Finding(file=SIGNATURE, status=Status.UNCONFIRMED, what=(
            f"signed by a key you have not confirmed, {key.hex()}; compare it with the one that the publisher shows "
            "at /keys, and give that one with --key"))


def _check_unsigned(*, is_newer: bool, keys: Collection[bytes]) -> Iterator[Finding]:
    if is_newer or keys:
        wanted = "a signature, which every bundle of this form has" if is_newer else "one by the key that you gave"
        yield check(SIGNATURE, "", [Difference(where="signature", said="(missing)", counted=wanted)],
                    otherwise="not signed: the signature is missing")
    else:
        yield Finding(file=MANIFEST, status=Status.NOT_SIGNED, what=(
            "not signed: it has the form from before bundles were signed, so that whoever changed it could make "
            "every hash anew"))


def _is_signed_form(manifest: Any) -> bool:
    """Whether anything stands in the manifest that came with signing, whatever it says of its own version."""
    return not isinstance(manifest, Mapping) or bool({"manifest_version", "contents"} & manifest.keys())


def check_unsigned_sheets(file: str, *, keys: Collection[bytes]) -> Iterator[Finding]:
    """Sheets without their bundle: what signs them lies in the manifest."""
    if keys:
        yield check(file, "", [Difference(where="signature", said="(missing)", counted="one by the key that you gave")],
                    otherwise="not signed: sheets without the manifest of their bundle")
    else:
        yield Finding(file=file, status=Status.NOT_SIGNED, what=(
            "not signed: without the manifest of the bundle nothing says who published these ballots"))


def _signature(text: bytes) -> tuple[bytes, bytes] | Difference:
    """Key and signature of the file, or what is wrong with it."""
    try:
        found = read_json(text)
        key, signature = bytes.fromhex(found["public_key"]), bytes.fromhex(found["signature"])
        is_known = found["schema"] == SCHEMA and found["algorithm"] == ALGORITHM
    except (ValueError, LookupError, TypeError, RecursionError):
        is_known, key, signature = False, b"", b""
    if not is_known or len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return Difference(where="signature", said=text.decode("utf-8", "replace")[:200],
                          counted=f"a signature of the form {SCHEMA} with {ALGORITHM}")
    return key, signature
