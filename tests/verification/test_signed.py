"""A bundle says who signed it, and a key inside the bundle proves nothing."""

import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sigforum.verification.cli import verify
from tests.verification import forging
from tests.verification.forging import Forger
from tests.verification.meeting import Held

PAST = Path(__file__).parents[1] / "past" / "files"


def own_key(forger: Forger) -> str:
    return str(json.loads(forger.files[forging.SIGNATURE])["public_key"])


def signed_anew(forger: Forger, private: Ed25519PrivateKey) -> bytes:
    forger.sealed()
    forger.files[forging.SIGNATURE] = forging.signature_by(private, forger.contents()["manifest.json"])
    return forger.packed()


def run(tmp_path: Path, content: bytes, *options: str) -> Result:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    return CliRunner().invoke(verify, [str(path), "--differences", *options])


def test_bundle_is_signed_by_a_key_that_the_reader_has_to_confirm(held: Held, tmp_path: Path) -> None:
    key = own_key(Forger(held))
    done = run(tmp_path, held.bundle)
    assert (done.exit_code, f"signed by a key you have not confirmed, {key}" in done.output) == (0, True), done.output
    confirmed = run(tmp_path, held.bundle, "--key", key.upper())
    assert (confirmed.exit_code, "confirmed" in confirmed.output) == (0, False), confirmed.output


def test_published_list_pem_and_a_plain_file_are_keys(held: Held, tmp_path: Path) -> None:
    key = own_key(Forger(held))
    listed = {"schema": "sigforum-signing-keys/1", "keys": [
        {"public_key": Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()}, {"public_key": key}]}
    der = base64.b64encode(bytes.fromhex("302a300506032b6570032100" + key)).decode()
    for text in (json.dumps(listed), f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n", f"Key: {key}\n"):
        (tmp_path / "key").write_text(text)
        done = run(tmp_path, held.bundle, "--key", str(tmp_path / "key"))
        assert done.exit_code == 0, done.output
    for nonsense in ("abc", "0" * 64, str(tmp_path / "bundle.zip")):
        assert run(tmp_path, held.bundle, "--key", nonsense).exit_code == 1


def test_changed_manifest_is_not_the_signed_one(held: Held, tmp_path: Path) -> None:
    forger = Forger(held)
    signature = forger.files[forging.SIGNATURE]
    forger.document["questions"][0]["text"] = "Another question?"
    forger.sealed()
    forger.files[forging.SIGNATURE] = signature
    done = run(tmp_path, forger.packed())
    assert done.exit_code == 1
    assert "DIFFERS      manifest.sig: the manifest is not the one that was signed" in done.output


def test_bundle_that_somebody_else_signed_is_told_from_the_publishers(held: Held, tmp_path: Path) -> None:
    again = run(tmp_path, Forger(held).sealed())
    assert (again.exit_code, "signed by a key you have not confirmed" in again.output) == (0, True), again.output
    forger, private = Forger(held), Ed25519PrivateKey.generate()
    key = own_key(forger)
    content = signed_anew(forger, private)
    done = run(tmp_path, content, "--key", key)
    assert done.exit_code == 1
    assert "signed by another key than the one that you gave" in done.output
    # Without the publisher's key nothing is wrong with it but that nobody knows whose key this is.
    unconfirmed = run(tmp_path, content)
    assert unconfirmed.exit_code == 0
    assert f"not confirmed, {private.public_key().public_bytes_raw().hex()}" in unconfirmed.output


def test_missing_signature_differs(held: Held, tmp_path: Path) -> None:
    forger = Forger(held)
    key = own_key(forger)
    del forger.files[forging.SIGNATURE]
    for options in ((), ("--key", key)):
        done = run(tmp_path, forger.packed(), *options)
        assert (done.exit_code, "the signature is missing" in done.output) == (1, True), done.output


def test_signature_of_another_form_differs(held: Held, tmp_path: Path) -> None:
    for text in (b"", b"[]", b'{"schema": "sigforum-signature/2"}', b"\xff"):
        forger = Forger(held)
        forger.files[forging.SIGNATURE] = text
        done = run(tmp_path, forger.packed())
        assert (done.exit_code, "manifest.sig" in done.output) == (1, True), done.output


@pytest.mark.parametrize("name", ["bundle.zip", "bundle-sample.zip"])
def test_bundle_from_before_signing_is_called_not_signed(held: Held, name: str) -> None:
    done = CliRunner().invoke(verify, [str(PAST / name), "--differences"])
    assert done.exit_code == 0, done.output
    assert "not signed   manifest.json: not signed" in done.output
    asked = CliRunner().invoke(verify, [str(PAST / name), "--differences", "--key", own_key(Forger(held))])
    assert (asked.exit_code, "one by the key that you gave" in asked.output) == (1, True), asked.output


def test_check_that_fails_says_what_was_found(held: Held, tmp_path: Path) -> None:
    forger = Forger(held)
    forger.files["1A/sigforum-1A-summary.md"] += b"\nOne word more.\n"
    done = run(tmp_path, forger.packed())
    assert "DIFFERS      1A/sigforum-1A-summary.md: the file was changed" in done.output
    assert "has the size and the hash" not in done.output
