"""What is asked of a device for a passkey, and whether its answer holds: WebAuthn in plain values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """The public half of a new key pair; both texts are base64url."""

    credential_id: str
    public_key: str
    sign_count: int


def registration(host: str, *, handle: str, user_name: str, shown_name: str, known: Sequence[str]) -> Mapping[str, Any]:
    """What a device is asked for a new passkey, unless it holds one of those known already."""
    return _plain(webauthn.options_to_json(webauthn.generate_registration_options(
        rp_id=host, rp_name="sigforum", user_id=base64url_to_bytes(handle), user_name=user_name,
        user_display_name=shown_name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            # The device remembers whom the key is for, so that nobody types an address; and it asks for finger, face
            # or PIN, so that a found phone opens nothing.
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED))))


def registered(answer: dict[str, Any], *, challenge: str, host: str, origin: str) -> NewKey:
    """The key in a device's answer. Raises whatever the library stumbles over where it does not fit the challenge."""
    verified = webauthn.verify_registration_response(
        credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=host,
        expected_origin=origin, require_user_verification=True)
    return NewKey(credential_id=bytes_to_base64url(verified.credential_id), sign_count=verified.sign_count,
                  public_key=bytes_to_base64url(verified.credential_public_key))


def sign_in(host: str) -> Mapping[str, Any]:
    """What a device is asked for a sign-in."""
    return _plain(webauthn.options_to_json(webauthn.generate_authentication_options(
        rp_id=host, user_verification=UserVerificationRequirement.REQUIRED)))


def signed(answer: dict[str, Any], *, challenge: str, host: str, origin: str, public_key: str, sign_count: int) -> int:
    """How often the key has signed by now. Raises whatever the library stumbles over where it has not signed this."""
    return webauthn.verify_authentication_response(
        credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=host,
        expected_origin=origin, require_user_verification=True,
        credential_public_key=base64url_to_bytes(public_key),
        credential_current_sign_count=sign_count).new_sign_count


def _plain(text: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(text)
    return found
